"""Where copies end up: as the target, below it where it is a folder, and both where that is not known."""

import pytest

from spawngate.command.context import CallContext
from spawngate.command.parse import read
from spawngate.configuration.files import MISSING, Content, Files, Present, Unknown
from spawngate.configuration.shell import run_command

FILES: dict[str, Content] = {"/p/f": b"1", "/p/g": b"2", "/p/d": Unknown("not-a-file")}


def left(text: str, present: Present = lambda path: FILES.get(path, MISSING)) -> dict[str, Content]:
    files = Files(CallContext(cwd="/p"), present)
    run_command(read(text), files, (text,))
    return {at.removeprefix("/p/"): states[-1] for at, states in files.written.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp f n", {"n": b"1"}),
        ("cp f d", {"d/f": b"1"}),
        ("cp f g d", {"d/f": b"1", "d/g": b"2"}),
        ("cp -t d f g", {"d/f": b"1", "d/g": b"2"}),
        ("cp f new/", {"new/f": b"1"}),
        ("mv f n", {"n": b"1", "f": MISSING}),
        ("install -m 600 f n", {"n": b"1"}),
        ("ln -s f n", {"n": Unknown("link")}),
        ("cp none n", {"n": Unknown("not-there")}),
        ("cp <(echo x) n", {"n": b"x\n"}),
        ("mkdir m; cp f m", {"m/f": b"1"}),
        ("mkdir m; cp f m/x; mv m d", {"m/x": b"1", "d/m/x": b"1", "m": MISSING}),
        ("rm f", {"f": MISSING}),
        ("touch f n", {"n": b""}),
        ("truncate -s 0 f", {"f": b""}),
        ("truncate -s 5 f", {"f": Unknown("program")}),
        ("dd if=f of=n", {"n": b"1"}),
        ("cp", {}),
    ],
)
def test_what_is_left(text: str, expected: dict[str, Content]) -> None:
    assert left(text) == expected


def test_both_where_it_is_not_known() -> None:
    assert set(left("cp f n", lambda path: Unknown("not-read"))) == {"n", "n/f"}


def test_every_earlier_content_goes_along_where_a_step_may_not_run() -> None:
    files = Files(CallContext(cwd="/p"), lambda path: FILES.get(path, MISSING))
    text = "false && echo 3 > f; cp f n"
    run_command(read(text), files, (text,))
    assert files.written["/p/n"] == [b"1", b"3\n"]
