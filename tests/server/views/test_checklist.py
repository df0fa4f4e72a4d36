"""The checklist of a fleet."""

from pathlib import Path
from typing import Any

from sqlalchemy import insert

from spawngate.server.deliver import routes
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.fleet.tables import PROJECTS
from spawngate.server.services import Services
from spawngate.server.views.checklist import Line, Question, checklist
from spawngate.trail.event import SCHEMA_VERSION, DecisionRecord, Event, EventType
from tests.server.fleetdata import NOW, add_artifact, add_endpoint, add_team, services

SEALER = Sealer(b"s" * 32)
HOOKED = {"agent": "cursor", "name": "Cursor", "state": "installed", "mode": "enforce", "servers": 2}
BARE = {"agent": "cursor", "name": "Cursor", "state": "observed", "servers": 1, "behind_launcher": 1}
COUNTS = {"grade": "high", "high": 2, "paths": 3, "launches": 4, "accepting": 1, "incomplete": False}
SCANNED: dict[str, Any] = {
    "incomplete": False,
    "summary": {"findings": {"high": 2, "medium": 0, "low": 1, "info": 1}},
    "projects": [
        {
            "name": "gateway",
            "accepts_external_input": True,
            "sdks": [{"package": "mcp", "official": True}],
        },
        {
            "name": "tools",
            "accepts_external_input": False,
            "sdks": [{"package": "fastmcp", "official": False}],
        },
    ],
}


def answers(parts: Services, teams: frozenset[int] | None = None) -> dict[int, Question]:
    return {each.number: each for each in checklist(parts, teams)}


def test_nothing_is_known(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        found = answers(parts)
        assert {number: each.answer for number, each in found.items()} == dict.fromkeys(range(1, 7), "no")
        assert found[1].missing == (Line("No endpoint reports here yet: enrol one.", "/administration"),)
        assert found[6].missing[-1] == Line("routes are not known to this process")


def test_a_fleet(tmp_path: Path) -> None:
    with services(tmp_path, seals=SEALER) as parts:
        with parts.database.begin() as connection:
            add_team(connection, 1, "one")
            held: dict[str, Any] = {"inventory": "d" * 64, "scanned_at": NOW}
            add_endpoint(connection, "e1", team=1, enforcement=[HOOKED], **held)
            add_endpoint(connection, "e2", enforcement=[BARE], **held)
            add_endpoint(connection, "e3", enforcement=[], seen_at="2026-11-20T12:00:00.000000Z")
            add_endpoint(connection, "gone", enforcement=[BARE], retired_at=NOW)
            add_artifact(connection, "e1", "a1", team=1, fingerprint="same")
            add_artifact(connection, "e2", "a2", fingerprint="same")
            add_artifact(connection, "e2", "a3", transport="http")
            values = {"team": 0, "name": "gateway", "scanned_at": NOW, "result": SCANNED, **COUNTS}
            connection.execute(insert(PROJECTS).values(**values))
        parts.record(
            [
                Event(EventType.DECISION, NOW, SCHEMA_VERSION, decision=DecisionRecord("deny", "enforce")),
                Event(EventType.SELF_PROTECTION, NOW, SCHEMA_VERSION, detail={"what": "trail-gap"}),
            ]
        )
        routes.add(parts.control, SEALER, SIEM, {})
        found = answers(parts)
        assert {number: each.answer for number, each in found.items()} == {
            1: "partly",
            2: "yes",
            3: "yes",
            4: "partly",
            5: "partly",
            6: "partly",
        }
        assert found[1].says == "3 configured MCP servers (2 definitions) on 3 endpoints."
        assert (found[1].part, found[1].whole) == (2, 3)
        assert found[1].missing == (Line("1 endpoint sent no inventory yet", "/endpoints?state=online"),)
        assert found[2].says == "1 scanned tree: 3 paths from outside to a launch, 2 high."
        assert found[2].evidence == (Line("gateway: 2 high, 1 low", "/projects/gateway"),)
        assert found[3].says == "1 project on an official SDK; 1 accepts external input for a launch."
        assert found[5].says == "1 of 2 agent installations have their calls decided before they run."
        assert found[5].missing == (
            Line("Cursor: 1 endpoint where a deny does not stop a call", "/coverage?agent=cursor"),
            Line("1 endpoint told nothing of their agents", "/coverage"),
            Line("2 servers start without a decision", "/coverage"),
        )
        assert found[6].says == "2 events in the last 90 days; 1 route to a SIEM."
        assert found[6].missing == (
            Line("1 gap in what endpoints sent", "/changes?type=self-protection"),
            Line("1 endpoint are offline: what happens there arrives later", "/endpoints?state=offline"),
        )
        mine = answers(parts, frozenset({1}))
        assert (mine[1].says, mine[5].answer) == ("1 configured MCP server (1 definition) on 1 endpoint.", "partly")
        assert mine[2].answer == "no"


SIEM = """
[destination.siem]
type = "syslog"
host = "siem.example"

[[route]]
name = "everything"
destination = "siem"
"""
