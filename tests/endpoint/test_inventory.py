"""An inventory: scan, processes, comparison, and what is kept."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.homes import Home
from spawngate.endpoint.inventory import Inventory, Request, make_plan
from spawngate.endpoint.state import State
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.errors import UsageError


def request(home: Path, **more: Any) -> Request:
    return Request(homes=(str(home),), system_root=str(home), processes=False, environment={}, **more)


def configure(home: Path, **servers: Any) -> None:
    path = home / ".cursor/mcp.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")


def server(artifacts: tuple[Artifact, ...], name: str) -> Artifact:
    return next(artifact for artifact in artifacts if artifact.kind is Kind.MCP_SERVER and artifact.name == name)


def test_first_second_and_third(tmp_path: Path) -> None:
    home = tmp_path / "home"
    configure(home, a={"command": "npx", "args": ["one"]})
    state = State(tmp_path / "state")
    first = Inventory(state, request(home)).take()
    assert (first.first, first.changes) == (True, ())
    second = Inventory(state, request(home)).take()
    assert (second.first, second.changes) == (False, ())
    assert second.snapshot.artifacts == first.snapshot.artifacts
    configure(home, a={"command": "npx", "args": ["two"]}, b={"url": "https://x.test/"})
    third = Inventory(state, request(home)).take()
    assert [(change.change, change.artifact.name) for change in third.changes] == [("changed", "a"), ("added", "b")]
    assert third.snapshot.homes == (str(home),)
    assert third.snapshot.endpoint == first.snapshot.endpoint


def test_age_of_a_definition_starts_anew_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, state = tmp_path / "home", State(tmp_path / "state")
    moments = iter(["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"])
    monkeypatch.setattr("spawngate.endpoint.inventory.now", lambda: next(moments))
    seen = []
    for args in (["one"], ["one"], ["two"]):
        configure(home, a={"command": "npx", "args": args})
        result = Inventory(state, request(home)).take()
        seen.append(server(result.snapshot.artifacts, "a").detail["since"])
    assert seen == ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"]


def test_running_server_is_matched_and_remembered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    script = tmp_path / "server.py"
    script.write_text("import sys\nsys.stdin.read()\n", encoding="utf-8")
    args = [str(script), "--token", "ghp_" + "k3J4h5G6f7D8" * 3]
    configure(home, live={"command": sys.executable, "args": args}, idle={"command": "npx", "args": ["never"]})
    state = State(tmp_path / "state")
    wanted = Request(homes=(str(home),), system_root=str(home), environment={})
    process = subprocess.Popen([sys.executable, *args], stdin=subprocess.PIPE)
    try:
        time.sleep(0.2)
        result = Inventory(state, wanted).take()
    finally:
        process.communicate(timeout=10)
    live = server(result.snapshot.artifacts, "live").detail["running"]
    assert live == {"state": "running", "pids": [process.pid], "last_seen": result.snapshot.taken_at}
    assert server(result.snapshot.artifacts, "idle").detail["running"] == {"state": "not_seen"}
    later = Inventory(state, wanted).take()
    assert later.changes == ()
    assert server(later.snapshot.artifacts, "live").detail["running"] == {
        "state": "seen_before",
        "pids": [],
        "last_seen": result.snapshot.taken_at,
    } or server(later.snapshot.artifacts, "live").detail["running"] == {
        "state": "seen_before",
        "last_seen": result.snapshot.taken_at,
    }


def test_plan(tmp_path: Path) -> None:
    (tmp_path / "AppData/Roaming").mkdir(parents=True)
    plan = make_plan(Request(homes=(str(tmp_path), f"{tmp_path}/."), roots=(str(tmp_path),), system_root=str(tmp_path)))
    assert plan.homes == (Home(str(tmp_path), tmp_path.name, "windows"),)
    assert plan.roots == (str(tmp_path),)
    assert plan.system_root == str(tmp_path)


@pytest.mark.parametrize("option", ["homes", "roots"])
def test_missing_folder(tmp_path: Path, option: str) -> None:
    places: Any = {option: (str(tmp_path / "none"),)}
    with pytest.raises(UsageError, match="no such folder"):
        make_plan(Request(**places))
