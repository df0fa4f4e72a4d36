"""`endpoint.detect`: signs of an agent, found in folders made for the test."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.agents.agent import Agent, Detect, Moved
from spawngate.agents.document import Platform
from spawngate.agents.places import Machine
from spawngate.agents.presence import Evidence
from spawngate.endpoint import detect
from spawngate.endpoint.detect import find_evidence, has_traces
from spawngate.endpoint.files import Mounts
from spawngate.endpoint.homes import Home
from spawngate.endpoint.tree import Tree
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json

AGENT = Agent(
    "tool",
    "Tool",
    "Acme",
    (),
    detect=Detect(
        binaries=("tool",),
        paths=("~/.tool", "~/.tool.json", "{appdata}/Tool/data", "~/.tools/*/mark", "{project}/.tool"),
        apps=(
            "/Applications/Tool.app",
            "~/Applications/Tool.app",
            "%PROGRAMFILES%/Tool/tool.exe",
            "%LOCALAPPDATA%/Tool",
        ),
        extension_ids=("Acme.Tool",),
        sessions=("~/.tool/sessions/*.jsonl", "~/.tool/old/**/*.log"),
    ),
    moved=(Moved("TOOL_HOME", "~/.tool"),),
)


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def look(
    root: Path,
    *,
    agent: Agent = AGENT,
    platform: Platform = "linux",
    environment: dict[str, str] | None = None,
    clis: tuple[Artifact, ...] = (),
    extensions: tuple[Artifact, ...] = (),
    tree: Tree | None = None,
) -> Evidence:
    """Evidence in `root/home`, machine-wide files below `root/system`."""
    home = Home(str(root / "home"), "ana", platform)
    machine = Machine(platform, str(root / "system"))
    return find_evidence(tree or Tree(), agent, home, environment or {}, machine, clis, extensions)


def artifact(kind: Kind, name: str, agent: str = "", **detail: Json) -> Artifact:
    return Artifact(kind, name, "f", agent, Scope.USER, name, f"/bin/{name}", Status.INSTALLED, detail)


def test_nothing(tmp_path: Path) -> None:
    make(tmp_path, "home/", "system/")
    tree = Tree()
    assert look(tmp_path, tree=tree) == Evidence()
    assert look(tmp_path / "missing", tree=tree) == Evidence()
    assert tree.diagnostics == []


def test_files_and_folders_that_only_it_makes(tmp_path: Path) -> None:
    make(tmp_path, "home/.tool/", "home/.tool.json", "home/.config/Tool/data", "home/.tools/a/mark", "home/.tools/b/no")
    home = tmp_path / "home"
    found = look(tmp_path)
    assert found == Evidence(
        paths=(f"{home}/.tool", f"{home}/.tool.json", f"{home}/.config/Tool/data", f"{home}/.tools/a/mark")
    )
    assert (found.installed, found.present) == (False, True)


def test_pattern_matches_folders_and_gives_the_first_few(tmp_path: Path) -> None:
    make(tmp_path, *(f"home/.tools/{number:02}/mark/" for number in range(12)))
    found = look(tmp_path)
    assert found.paths == tuple(f"{tmp_path}/home/.tools/{number:02}/mark" for number in range(8))


@pytest.mark.parametrize(
    ("platform", "names", "apps"),
    [
        ("macos", ["system/Applications/Tool.app/Contents/"], ["system/Applications/Tool.app"]),
        ("macos", ["home/Applications/Tool.app/"], ["home/Applications/Tool.app"]),
        ("windows", ["system/Program Files/Tool/tool.exe"], ["system/Program Files/Tool/tool.exe"]),
        ("windows", ["home/AppData/Local/Tool/"], ["home/AppData/Local/Tool"]),
    ],
)
def test_installed_programs(tmp_path: Path, platform: Platform, names: list[str], apps: list[str]) -> None:
    make(tmp_path, *names)
    found = look(tmp_path, platform=platform)
    assert found == Evidence(apps=tuple(f"{tmp_path}/{name}" for name in apps))
    assert found.installed


def test_command_line_tools(tmp_path: Path) -> None:
    clis = (
        artifact(Kind.CLI, "tool", "tool", version="1.2"),
        artifact(Kind.CLI, "tool", "tool"),
        artifact(Kind.CLI, "other", "another", version="9"),
        artifact(Kind.CLI, "loose", "", version="9"),
    )
    assert look(tmp_path, clis=clis) == Evidence(binaries=(("/bin/tool", "1.2"), ("/bin/tool", "")))


def test_editor_extensions(tmp_path: Path) -> None:
    extensions = (
        artifact(Kind.EXTENSION, "b", id="acme.tool", version="2"),
        artifact(Kind.EXTENSION, "a", id="ACME.TOOL", version="1"),
        artifact(Kind.EXTENSION, "a again", id="ACME.TOOL", version="1"),
        artifact(Kind.EXTENSION, "other", id="acme.toolbox", version="3"),
        artifact(Kind.EXTENSION, "odd", id=7, version=["1"]),
        artifact(Kind.EXTENSION, "none"),
    )
    assert look(tmp_path, extensions=extensions) == Evidence(extensions=(("ACME.TOOL", "1"), ("acme.tool", "2")))
    bare = replace(AGENT, detect=Detect())
    assert look(tmp_path, agent=bare, extensions=extensions) == Evidence()


def test_newest_session_tells_the_last_use(tmp_path: Path) -> None:
    make(tmp_path, "home/.tool/sessions/a.jsonl", "home/.tool/sessions/b.jsonl", "home/.tool/old/x/y/c.log")
    make(tmp_path, "home/.tool/sessions/ignored.txt")
    sessions = tmp_path / "home" / ".tool"
    os.utime(sessions / "sessions" / "a.jsonl", (0, 1_700_000_000))
    os.utime(sessions / "sessions" / "b.jsonl", (0, 1_600_000_000))
    os.utime(sessions / "sessions" / "ignored.txt", (0, 1_800_000_000))
    os.utime(sessions / "old" / "x" / "y" / "c.log", (0, 1_750_000_000))
    assert look(tmp_path).last_used == "2025-06-15T15:06:40Z"
    os.remove(sessions / "old" / "x" / "y" / "c.log")
    assert look(tmp_path).last_used == "2023-11-14T22:13:20Z"


def test_only_so_many_sessions_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, *(f"home/.tool/sessions/{number}.jsonl" for number in range(6)))
    for number in range(6):
        os.utime(tmp_path / "home" / ".tool" / "sessions" / f"{number}.jsonl", (0, 1_600_000_000 + number))
    monkeypatch.setattr(detect, "MAX_SESSIONS", 3)
    assert look(tmp_path).last_used == "2020-09-13T12:26:42Z"


def test_variable_moves_what_is_looked_for(tmp_path: Path) -> None:
    make(tmp_path, "elsewhere/sessions/a.jsonl", "home/")
    os.utime(tmp_path / "elsewhere" / "sessions" / "a.jsonl", (0, 1_700_000_000))
    found = look(tmp_path, environment={"TOOL_HOME": str(tmp_path / "elsewhere")})
    assert found == Evidence(paths=(str(tmp_path / "elsewhere"),), last_used="2023-11-14T22:13:20Z")


def test_network_home_is_not_touched(tmp_path: Path) -> None:
    make(tmp_path, "home/.tool/sessions/a.jsonl", "home/.tool.json")
    tree = Tree(mounts=Mounts((str(tmp_path / "home"),)))
    assert look(tmp_path, tree=tree) == Evidence()
    assert [note.reason for note in tree.diagnostics] == ["network-mount"]


def test_broken_links_and_loops(tmp_path: Path) -> None:
    make(tmp_path, "home/")
    (tmp_path / "home" / ".tool").symlink_to("nowhere")
    (tmp_path / "home" / ".tools").symlink_to(".tools")
    assert look(tmp_path) == Evidence()


@pytest.mark.parametrize(
    ("names", "traces"),
    [
        ([], False),
        (["home/other"], False),
        (["home/.tool/"], True),
        (["home/.tool.json"], True),
        (["home/.tools/a/mark"], True),
        (["home/.tools/a/no"], False),
        # What lies elsewhere on the machine is no trace in this home.
        (["system/Applications/Tool.app/"], False),
    ],
)
def test_traces(tmp_path: Path, names: list[str], traces: bool) -> None:
    make(tmp_path, "home/", *names)
    home = Home(str(tmp_path / "home"), "ana", "linux")
    assert has_traces(Tree(), AGENT, home, {}) is traces


def test_traces_that_a_variable_moved(tmp_path: Path) -> None:
    make(tmp_path, "elsewhere/", "home/")
    home = Home(str(tmp_path / "home"), "ana", "linux")
    assert has_traces(Tree(), AGENT, home, {"TOOL_HOME": str(tmp_path / "elsewhere")})
    assert not has_traces(Tree(), AGENT, home, {"TOOL_HOME": str(tmp_path / "missing")})
