"""The trail over the API."""

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient

from spawngate.trail import chain, tree
from spawngate.trail.note import read_verifier, verify
from tests.server.applied import World
from tests.server.fleetdata import add_events, decided
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


@pytest.fixture(autouse=True)
def trail(server: World) -> None:
    """Three events of team 1 and two of team 2."""
    add_events(server.parts, "e1", [decided("deny", f"curl {number}") for number in range(3)])
    add_events(server.parts, "e3", [decided("allow", f"ls {number}") for number in range(2)])


def test_events_are_given_byte_for_byte_and_by_key(server: World, admin: TestClient) -> None:
    first = told(admin.get("/api/v1/events?query=verdict:deny&limit=2&order=oldest"))
    rest = told(
        admin.get("/api/v1/events", params={"query": "verdict:deny", "order": "oldest", "cursor": first["cursor"]})
    )
    commands = [event["call"]["commands"] for event in first["events"] + rest["events"]]
    assert commands == [["curl 0"], ["curl 1"], ["curl 2"]]
    assert (rest["cursor"], rest["problems"]) == (None, [])
    raw = admin.get("/api/v1/events/e1/s1/1").content
    record = chain.read(raw)
    assert record is not None
    assert record.intact
    assert raw in admin.get("/api/v1/events").content


def test_a_team_sees_its_own_endpoints_events(core: TestClient) -> None:
    assert len(told(core.get("/api/v1/events"))["events"]) == 3
    assert told(core.get("/api/v1/events?query=ls"))["events"] == []
    assert told(core.get("/api/v1/counts?by=verdict"))["counts"] == [{"value": "deny", "count": 3}]
    assert told(core.get("/api/v1/events/e1/s1/2"))["call"]["commands"] == ["curl 1"]
    for path in ("e3/s1/1", "e3/s1/99", "nothing/s1/1", "e1/s1/4"):
        assert refused(core.get(f"/api/v1/events/{path}"), 404) == "there is no such event in the store"
        assert refused(core.get(f"/api/v1/events/{path}/proof"), 404) == "there is no such event in the store"


def test_a_query_cannot_argue_its_way_out_of_a_team(core: TestClient) -> None:
    for query in ("* or ls", "ls or verdict:allow", "not curl", "endpoint:installation-e3", "(ls) or (ls"):
        answer = core.get("/api/v1/events", params={"query": query})
        assert answer.status_code in (200, 400)
        assert "ls 0" not in answer.text


def test_counts(admin: TestClient) -> None:
    assert told(admin.get("/api/v1/counts?by=verdict")) == {
        "schema_version": 1,
        "by": "verdict",
        "counts": [{"value": "deny", "count": 3}, {"value": "allow", "count": 2}],
    }
    refused(admin.get("/api/v1/counts"), 422)
    assert "events are counted by" in refused(admin.get("/api/v1/counts?by=nonsense"), 400)


def test_a_query_that_is_none_is_told_where(admin: TestClient) -> None:
    answer = admin.get("/api/v1/events", params={"query": "verdict:deny ("})
    assert answer.status_code == 400
    assert answer.json()["error"]["character"] >= 14


def test_a_proof_holds_without_the_server(core: TestClient) -> None:
    proof: dict[str, Any] = told(core.get("/api/v1/events/e1/s1/2/proof"))
    text, signers = verify(proof["checkpoint"], [read_verifier(proof["key"])])
    assert len(signers) == 1
    assert text.splitlines()[1] == str(proof["size"])
    root = base64.b64decode(text.splitlines()[2])
    data = base64.b64decode(proof["leaf"])
    assert data.endswith(core.get("/api/v1/events/e1/s1/2").content)
    path = [bytes.fromhex(each) for each in proof["path"]]
    tree.check_inclusion(tree.leaf(data), proof["index"], proof["size"], path, root)


def test_days_and_their_growth_are_of_the_whole_store(server: World, admin: TestClient, core: TestClient) -> None:
    (day,) = told(admin.get("/api/v1/days"))["days"]
    assert day["size"] == 5
    add_events(server.parts, "e1", [decided("deny", "more")])
    growth = told(admin.get(f"/api/v1/days/{day['day']}/growth?from=5"))
    assert (growth["old_size"], growth["size"]) == (5, 6)
    root = base64.b64decode(growth["checkpoint"].splitlines()[2])
    path = [bytes.fromhex(each) for each in growth["path"]]
    tree.check_consistency(5, 6, path, bytes.fromhex(day["root"]), root)
    assert refused(admin.get(f"/api/v1/days/{day['day']}/growth?from=99"), 400)
    assert refused(admin.get("/api/v1/days/2020-01-01/growth?from=1"), 404) == "there is no such day in the store"
    assert "key" in told(admin.get("/api/v1/checkpoints"))
    for path_ in ("days", f"days/{day['day']}/growth?from=1", "checkpoints"):
        assert refused(core.get(f"/api/v1/{path_}"), 403) == "This needs the permission store:read."
