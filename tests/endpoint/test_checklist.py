"""The checklist's evidence, gathered from a machine that is made for the purpose."""

import json
from pathlib import Path

from spawngate.endpoint.checklist import gather
from spawngate.endpoint.codescan.keeping import record
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.inventory import Request
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import TrailStore
from spawngate.report.checklist import Evidence, ServerLine
from spawngate.trail.event import Event
from tests.codescan.findings import OUTCOME


def gathered(tmp_path: Path) -> tuple[State, Evidence]:
    home, empty = tmp_path / "home", tmp_path / "empty"
    empty.mkdir()
    project = home / "shop"
    (home / ".cursor").mkdir(parents=True)
    (project / ".cursor").mkdir(parents=True)
    server = {"mcpServers": {"files": {"command": "npx", "args": ["-y", "files@1"]}}}
    (home / ".cursor/mcp.json").write_text(json.dumps(server))
    (project / ".cursor/mcp.json").write_text(json.dumps(server))
    (home / ".claude.json").write_text("{")
    state = State(tmp_path / "state")
    with TrailStore(place(state.folder).trail, endpoint="e") as store:
        store.append([Event(type="decision", at="2020-01-01T00:00:00Z", schema_version=1)])
    record(state, OUTCOME, "1.0")
    request = Request(homes=(str(home),), roots=(str(home),), system_root=str(empty), processes=False, environment={})
    around = Surroundings(str(home), state.folder, str(empty))
    return state, gather(state, request, around, (), store=False)


def test_what_a_machine_knows(tmp_path: Path) -> None:
    _, found = gathered(tmp_path)
    mine = f"{tmp_path}/home/.cursor/mcp.json"
    assert [server for server in found.servers if server.path == mine] == [
        ServerLine("files", "cursor", "user", mine, "enabled", "stdio", "npx -y files@1")
    ]
    assert found.folders == (f"{tmp_path}/home/shop",)
    assert [path for path, _ in found.unread] == [f"{tmp_path}/home/.claude.json"]
    assert [tree.name for tree in found.code] == ["shop"]
    assert found.advisories > 50
    assert (found.daemon, found.store, found.trail_fault, found.retention) == (False, False, "", 90)
    assert ("cursor", "unprotected") in [(agent.name.lower(), agent.state) for agent in found.hooks]
    assert [entry for entry in found.direct if entry == "files of cursor"] != []


def test_records_of_the_last_ninety_days_are_counted(tmp_path: Path) -> None:
    _, found = gathered(tmp_path)
    assert found.trail_from == "2020-01-01T00:00:00Z"
    assert "decision" not in found.trail_records


def test_an_altered_trail_is_told(tmp_path: Path) -> None:
    state, _ = gathered(tmp_path)
    (segment,) = place(state.folder).trail.glob("*.ndjson")
    segment.write_bytes(segment.read_bytes().replace(b"shop", b"shoe"))
    home, empty = str(tmp_path / "home"), str(tmp_path / "empty")
    request = Request(homes=(home,), system_root=empty, processes=False, environment={})
    found = gather(state, request, Surroundings(home, state.folder, empty), (), store=False)
    assert found.trail_fault != ""
