"""One endpoint: what it holds by agent, and the gap of each."""

from pathlib import Path

import pytest

from spawngate.server.views import endpoint
from spawngate.sync.messages import Enforcement
from tests.server import fleetdata

TOLD = [
    {"agent": "cursor", "state": "installed", "mode": "enforce", "servers": 3, "behind_launcher": 1},
    {"agent": "zed", "state": "observed"},
    {"nonsense": True},
    "no map",
]


def test_agents_with_their_servers_and_gaps(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            fleetdata.add_endpoint(connection, "e9", enforcement=TOLD, integrity=["gone"], dropped={"decision": 3})
            detail = {
                "version": "9",
                "permissions": [{"rule": "Bash(*)", "verdict": "allow", "blanket": True}, "odd"],
                "auto_approvals": [{"name": "yolo"}],
            }
            fleetdata.add_artifact(connection, "e9", "agent", kind="agent", name="Cursor", detail=detail)
            fleetdata.add_artifact(connection, "e9", "one", name="one", launch={"args": ["x"]})
            fleetdata.add_artifact(connection, "e9", "cli", kind="cli", agent="", name="ollama")
        found = endpoint.endpoint(parts, None, "e9")
    assert found is not None
    assert (found.integrity, found.dropped, found.state) == (("gone",), {"decision": 3}, "online")
    assert [each.agent for each in found.agents] == ["cursor", "zed"]
    cursor, zed = found.agents
    assert (cursor.version, cursor.blanket, cursor.unattended) == ("9", ("Bash(*)",), ("yolo",))
    assert [each.runs for each in cursor.servers] == ["npx x"]
    assert cursor.gap == "2 of its 3 servers start without the launcher."
    assert zed.gap == endpoint.GAPS["observed"]
    assert [each.name for each in found.unowned["cli"]] == ["ollama"]


def test_findings_stand_gravest_first(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            fleetdata.add_finding(connection, "e1", "low", team=1, severity="low", opened_at=fleetdata.NOW)
            fleetdata.add_finding(connection, "e1", "done", team=1, state="resolved")
        found = endpoint.endpoint(parts, None, "e1")
    assert found is not None
    assert [each.fingerprint for each in found.findings] == ["f1", "low"]
    assert found.finding_counts == {"critical": 1, "low": 1}
    assert found.advisories == 1


def test_another_teams_endpoint_is_none(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        assert endpoint.endpoint(parts, frozenset({2}), "e1") is None
        assert endpoint.endpoint(parts, None, "no such") is None


@pytest.mark.parametrize(
    ("told", "mode", "gap"),
    [
        (None, "enforce", "The endpoint has not told how this agent stands."),
        (Enforcement("a", "tampered"), "enforce", endpoint.GAPS["tampered"]),
        (Enforcement("a", "something new"), "enforce", "This state is not known to this release."),
        (
            Enforcement("a", "installed", mode="monitor"),
            "enforce",
            "Decided and recorded, and every call goes on: it is in monitor mode.",
        ),
        (Enforcement("a", "installed", mode="enforce", limits=("Not in the cloud.",)), "", "Not in the cloud."),
        (Enforcement("a", "installed", mode="enforce", servers=2, behind_launcher=2), "", ""),
    ],
)
def test_gaps_in_words(told: Enforcement | None, mode: str, gap: str) -> None:
    assert endpoint.gap_of(told, mode) == gap
