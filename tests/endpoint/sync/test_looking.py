"""How this endpoint stands, as its server is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from spawngate.endpoint.inventory import Inventory, Request
from spawngate.endpoint.recorded import RecordedState
from spawngate.endpoint.sync import looking
from spawngate.endpoint.sync.looks import Look
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.sync.inventory import digest


def look(state: Path, home: Path) -> tuple[Look, bytes]:
    target = state / "look"
    environment = {"HOME": os.fspath(home), "PATH": os.environ["PATH"]}
    subprocess.run(
        [sys.executable, "-m", "spawngate.endpoint.sync.looking", os.fspath(state), os.fspath(target)],
        env=environment,
        check=True,
        timeout=60,
    )
    first, _, document = target.read_bytes().partition(b"\n")
    return msgspec.json.decode(first, type=Look), document


def test_the_inventory_of_the_trail_and_each_agent(tmp_path: Path, monkeypatch: object) -> None:
    home, state = tmp_path / "home", tmp_path / "state"
    (home / ".cursor").mkdir(parents=True)
    launch = {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/tmp"]}
    (home / ".cursor" / "mcp.json").write_text(json.dumps({"mcpServers": {"files": launch}}))
    (home / "work" / "app" / ".vscode").mkdir(parents=True)
    (home / "work" / "app" / ".vscode" / "mcp.json").write_text(json.dumps({"servers": {"db": launch}}))
    recorded = RecordedState(state)
    before, document = look(state, home)
    assert (document, before.inventory) == (b"", "")
    assert [each.state for each in before.enforcement if each.agent == "cursor"] == ["unprotected"]
    # As the collector does, in the same home.
    script = (
        "import sys\nfrom pathlib import Path\nfrom tests.endpoint.sync.test_looking import collect\n"
        "collect(Path(sys.argv[1]))"
    )
    environment = {"HOME": os.fspath(home), "PATH": os.environ["PATH"]}
    root = Path(__file__).parents[3]
    subprocess.run(
        [sys.executable, "-c", script, os.fspath(recorded.folder)], env=environment, cwd=root, check=True, timeout=60
    )
    after, document = look(state, home)
    artifacts = json.loads(document)["artifacts"]
    assert "files" in [each["name"] for each in artifacts if each["kind"] == "mcp_server"]
    assert after.inventory == digest(document)
    [cursor] = [each for each in after.enforcement if each.agent == "cursor"]
    assert (cursor.servers, cursor.behind_launcher) == (1, 0)
    assert after.mode == "enforce"
    # A project's file is all that is known of this one; it is present, and nothing of ours stands in front of it.
    [code] = [each for each in after.enforcement if each.agent == "vscode"]
    path = home / "work" / "app" / ".vscode" / "mcp.json"
    assert (code.state, code.why) == ("unprotected", (f"known here by files of it alone: {path}",))
    assert {each["agent"] for each in artifacts if each["kind"] == "mcp_server"} <= {
        each.agent for each in after.enforcement
    }


def collect(folder: Path) -> None:
    """An inventory whose changes are in the trail."""
    state = RecordedState(folder)
    Inventory(state, Request(processes=False)).take()
    state.recorded()


def artifact(kind: Kind, agent: str, path: str) -> Artifact:
    return Artifact(
        kind=kind, id="x", agent=agent, scope=Scope.PROJECT, name="x", path=path, status=Status.ENABLED, fingerprint="f"
    )


def test_agents_that_no_look_at_this_home_finds() -> None:
    found = looking.elsewhere(
        [
            artifact(Kind.MCP_SERVER, "cursor", "/home/ada/p/.cursor/mcp.json"),
            artifact(Kind.AGENT, "cursor", "/later"),
            artifact(Kind.AGENT, "claude-desktop", "/home/bob/c.json"),
            artifact(Kind.AGENT, "windsurf", "/home/ada/w"),
            artifact(Kind.SKILL, "gemini-cli", "/home/ada/g"),
            artifact(Kind.MCP_SERVER, "no-such-agent", "/home/ada/n"),
            artifact(Kind.MCP_SERVER, "", "/home/ada/n"),
        ],
        {"windsurf"},
        "/home/ada/",
    )
    assert [(each.agent, each.state, each.mode, each.why) for each in found] == [
        (
            "claude-desktop",
            "observed",
            "",
            ("found outside of this user's home; that user's own daemon decides: /home/bob/c.json",),
        ),
        ("cursor", "unprotected", "", ("known here by files of it alone: /home/ada/p/.cursor/mcp.json",)),
    ]


def test_an_inventory_that_is_too_large_is_told_of_and_keeps_nothing_else_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setattr(looking, "LARGEST", 10)
    state = RecordedState(tmp_path / "state")
    Inventory(state, Request(processes=False)).take()
    state.recorded()
    found, document = looking.look(state, os.fspath(tmp_path))
    assert (document, found.inventory) == (b"", "")
    [problem] = found.integrity
    assert problem.startswith("the inventory has ")
    assert problem.endswith("bytes, and more than 10 are not sent")
