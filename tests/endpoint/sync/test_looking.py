"""How this endpoint stands, as its server is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from spawngate.endpoint.daemon.collector import RecordedState
from spawngate.endpoint.inventory import Inventory, Request
from spawngate.endpoint.sync.looks import Look
from spawngate.server.fleet import inventory
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
    read = inventory.read(document)
    artifacts = [msgspec.json.decode(raw) for raw in read.artifacts]
    assert "files" in [each["name"] for each in artifacts if each["kind"] == "mcp_server"]
    assert after.inventory == digest(document)
    [cursor] = [each for each in after.enforcement if each.agent == "cursor"]
    assert (cursor.servers, cursor.behind_launcher) == (1, 0)
    assert after.mode == "enforce"


def collect(folder: Path) -> None:
    """An inventory whose changes are in the trail."""
    state = RecordedState(folder)
    Inventory(state, Request(processes=False)).take()
    state.recorded()
