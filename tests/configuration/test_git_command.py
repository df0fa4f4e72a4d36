"""What commands of git make of agents' files, against git itself; and what of it is told."""

import shutil
import subprocess
from pathlib import Path

import pytest

from spawngate.command.calls import understand_call
from spawngate.command.context import CallContext
from spawngate.configuration.outcome import Outcome, outcome_of
from spawngate.model.call import ToolCall, ToolKind
from tests.configuration.repositories import EVIL, ONE, commit, present, repository, run_git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "r")


def told(root: Path, command: str, cwd: str = "") -> Outcome:
    folder = cwd or str(root)
    context = CallContext(home="/home/nobody", cwd=folder, project=str(root))
    call = ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(command,), cwd=folder)
    return outcome_of(call, understand_call(call, context), context, present)


ATTACKS = [
    "git checkout other -- .mcp.json",
    "git checkout other -- .",
    "git checkout v1 -- .mcp.json code.py",
    "git restore --source=other .mcp.json",
    "git restore -s other :/",
    "git checkout other",
    "git switch other",
    "git switch -q v1~0 --detach",
    "git reset --hard other",
    "git show other:.mcp.json > .mcp.json",
    "git show v1:./.mcp.json > .mcp.json",
    "git cat-file -p other:.mcp.json > .mcp.json",
    "git cat-file blob other:.mcp.json > .mcp.json",
]
TWINS = [
    "git checkout same -- .mcp.json",
    "git checkout same -- .",
    "git restore --source=same .mcp.json",
    "git checkout same",
    "git switch same",
    "git reset --hard same",
    "git show same:.mcp.json > .mcp.json",
]


@pytest.mark.parametrize("command", ATTACKS)
def test_another_version_adds_a_server(root: Path, command: str) -> None:
    found = told(root, command)
    added = [one.facts for one in found.differences if one.facts.what == "server"]
    assert ([(one.change, one.name) for one in added], found.unknown) == ([("added", "b")], ())
    subprocess.run(["bash", "-c", command], cwd=root, check=True, capture_output=True, timeout=20)
    assert (root / ".mcp.json").read_text() == EVIL


@pytest.mark.parametrize("command", TWINS)
def test_a_version_that_is_the_same_is_no_change(root: Path, command: str) -> None:
    found = told(root, command)
    assert (found.differences, found.unknown) == ((), ())


@pytest.mark.parametrize("verb", ["pop", "apply"])
def test_what_was_put_aside_comes_back(root: Path, verb: str) -> None:
    (root / ".mcp.json").write_text(EVIL)
    run_git(root, "stash", "-q")
    found = told(root, f"git stash {verb}")
    assert ([one.facts.name for one in found.differences], found.unknown) == (["b"], ())
    run_git(root, "stash", "drop", "-q")
    (root / "code.py").write_text("x = 3\n")
    run_git(root, "stash", "-q")
    assert told(root, f"git stash {verb}") == Outcome()


def test_a_new_file_that_was_put_aside(root: Path) -> None:
    (root / ".cursor").mkdir()
    (root / ".cursor" / "mcp.json").write_text(EVIL)
    run_git(root, "stash", "-q", "-u")
    found = told(root, "git stash pop")
    assert sorted({one.facts.path for one in found.differences}) == [str(root / ".cursor" / "mcp.json")]


def test_a_file_that_was_changed_meanwhile_is_merged_in_a_way_not_known(root: Path) -> None:
    (root / ".mcp.json").write_text(ONE.replace("-y", "--yes"))
    found = told(root, "git checkout other")
    assert [(one.path, one.reason) for one in found.unknown] == [(str(root / ".mcp.json"), "version-control")]


def test_from_a_folder_below(root: Path) -> None:
    (root / "sub").mkdir()
    found = told(root, "git checkout other -- ../.mcp.json", str(root / "sub"))
    assert [one.facts.name for one in found.differences if one.facts.what == "server"] == ["b"]


def test_a_link_is_not_known(root: Path) -> None:
    run_git(root, "checkout", "-q", "-b", "linked")
    (root / ".mcp.json").unlink()
    (root / ".mcp.json").symlink_to("/tmp/x")
    commit(root, "link")
    run_git(root, "checkout", "-q", "main")
    found = told(root, "git checkout linked -- .")
    assert [one.reason for one in found.unknown] == ["version-control"]


@pytest.mark.parametrize(
    "command", ["git checkout other -- .mcp.json", "git stash pop", "git restore --source=other ."]
)
def test_what_lies_in_a_pack_is_told(root: Path, command: str) -> None:
    run_git(root, "gc", "-q")
    assert {one.reason for one in told(root, command).unknown} <= {"version-control", "program"}
    assert told(root, command).unknown


@pytest.mark.parametrize(
    "command", ["git checkout main", "git pull", "git checkout -b new", "git switch -c new", "git stash"]
)
def test_ordinary_commands_say_nothing(root: Path, command: str) -> None:
    assert told(root, command) == Outcome()


@pytest.mark.parametrize(
    "command",
    [
        "GIT_DIR=other.git git checkout same -- .mcp.json",
        "env GIT_OBJECT_DIRECTORY=o git checkout same -- .mcp.json",
        "export GIT_DIR=other.git; git checkout same -- .mcp.json",
        "git -c core.worktree=sub checkout same -- .mcp.json",
        "git fetch -q origin same:same && git checkout same -- .mcp.json",
        "git branch -f same other && git checkout same -- .mcp.json",
        "git update-ref refs/heads/same other; git show same:.mcp.json > .mcp.json",
        "cp .git/refs/heads/other .git/refs/heads/same && git checkout same -- .mcp.json",
        "cat .git/refs/heads/other > .git/refs/heads/same; git checkout same -- .mcp.json",
    ],
)
def test_a_repository_that_is_another_when_it_is_read_is_not_read(root: Path, command: str) -> None:
    found = told(root, command)
    assert "version-control" in {one.reason for one in found.unknown}


def test_what_only_reads_in_front_changes_nothing(root: Path) -> None:
    found = told(root, "git status && git log -3 && git checkout other -- .mcp.json")
    assert ([one.facts.name for one in found.differences], found.unknown) == (["b"], ())


@pytest.mark.parametrize("place", [".gitattributes", ".git/info/attributes"])
def test_a_file_that_git_converts_is_not_what_is_stored(root: Path, place: str) -> None:
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text(".mcp.json working-tree-encoding=ASCII//TRANSLIT\n")
    found = told(root, "git checkout other -- .mcp.json")
    assert {one.reason for one in found.unknown} == {"version-control"}
