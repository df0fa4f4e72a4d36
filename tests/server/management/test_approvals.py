"""Approvals over the API."""

from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from spawngate.launch.identity import Identity
from spawngate.server.access.roles import Role
from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.sync.messages import Ask
from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]

IDENTITY = Identity("npx", ("-y", "some-server"), cwd="/home/ada")
ABOUT = Requested(IDENTITY, "cursor", "", "npx -y some-server", "community", ())


@pytest.fixture
def asked(server: World) -> int:
    """A request of endpoint e1, which is of team 1."""
    with server.writing() as connection:
        endpoint = endpoints.get(connection, "e1")
        assert endpoint is not None
        message = Ask(IDENTITY.fingerprint, msgspec.to_builtins(ABOUT), "files", "ada", "for work", "")
        return approvals.ask(connection, endpoint, message, now=server.clock[0])[0].id


def reached(server: World) -> list[str]:
    """Endpoints whose bundle holds an approval."""
    found = []
    with server.writing() as connection:
        for name in ("e1", "e2", "e3"):
            row = endpoints.get(connection, name)
            assert row is not None
            if bundles.content(connection, row.id, row.team, row.group).approvals:
                found.append(name)
    return found


def test_requests_and_approvals_are_narrowed_as_on_the_page(server: World, core: TestClient, asked: int) -> None:
    def ids(query: str) -> list[int]:
        return [each["id"] for each in told(core.get(f"/api/v1/approvals?{query}"))["items"]]

    told(core.post(f"/api/v1/approvals/{asked}/approve", json={"expires": "2026-12-31T00:00:00Z"}))
    page = told(core.get("/api/v1/approvals?state=approved&state=pending&q=files"))
    assert (page["total"], [each["name"] for each in page["facets"]]) == (1, ["state"])
    assert page["items"][0]["launch"]["identity"]["command"] == "npx"
    for query in (
        "reach=endpoint",
        "by=administrator-1",
        "endpoint=e1",
        f"fingerprint={IDENTITY.fingerprint}",
        "team=1",
    ):
        assert (query, ids(query)) == (query, [asked])
    for query in ("reach=team", "by=nobody", "endpoint=e2", "fingerprint=0", "q=other", "state=ended"):
        assert (query, ids(query)) == (query, [])
    server.clock[0] = "2027-01-01T00:00:00.000000Z"
    assert (ids("state=approved"), ids("state=ended")) == ([], [asked])
    assert told(core.get("/api/v1/approvals"))["items"][0]["state"] == "ended"
    assert told(core.get(f"/api/v1/approvals/{asked}"))["item"]["state"] == "ended"
    refused(core.get("/api/v1/approvals?cursor=x"), 400)


def test_a_request_is_approved_and_reaches_its_endpoint(server: World, core: TestClient, asked: int) -> None:
    waiting = told(core.get("/api/v1/approvals?state=pending"))["items"]
    assert [(each["id"], each["name"], each["asked_by"], each["reason"]) for each in waiting] == [
        (asked, "files", "ada", "for work")
    ]
    answer = core.post(
        f"/api/v1/approvals/{asked}/approve", json={"note": "fine", "expires": "2026-12-31T00:00:00+01:00"}
    )
    approved = told(answer)["item"]
    assert (approved["state"], approved["note"], approved["expires_at"], approved["decided_by"]) == (
        "approved",
        "fine",
        "2026-12-30T23:00:00.000000Z",
        "administrator-1",
    )
    assert reached(server) == ["e1"]
    assert refused(core.post(f"/api/v1/approvals/{asked}/approve", json={}), 400) == "the request is approved already"
    assert told(core.post(f"/api/v1/approvals/{asked}/revoke", json={"note": "no more"}))["item"]["state"] == "revoked"
    assert reached(server) == []
    events = [entry.event for entry in server.parts.events.query(None, newest_first=False).entries]
    assert [(event.type, event.detail["what"]) for event in events] == [
        ("approval", "approval-approved"),
        ("approval", "approval-revoked"),
    ]


@pytest.mark.parametrize(
    ("reach", "expected"),
    [("endpoint", ["e1"]), ("group", ["e1"]), ("team", ["e1", "e2"]), ("organisation", ["e1", "e2", "e3"])],
)
def test_how_far_an_approval_reaches(
    server: World, admin: TestClient, asked: int, reach: str, expected: list[str]
) -> None:
    told(admin.post(f"/api/v1/approvals/{asked}/approve", json={"reach": reach}))
    assert reached(server) == expected


def test_a_request_is_denied(server: World, core: TestClient, asked: int) -> None:
    assert told(core.post(f"/api/v1/approvals/{asked}/deny", json={"note": "no"}))["item"]["state"] == "denied"
    assert reached(server) == []
    assert refused(core.post(f"/api/v1/approvals/{asked}/revoke", json={}), 400) == (
        "the approval is denied, and cannot be revoked"
    )


def test_who_may_decide_and_how_far(server: World, core: TestClient, asked: int) -> None:
    assert "role in the organisation" in refused(
        core.post(f"/api/v1/approvals/{asked}/approve", json={"reach": "organisation"}), 403
    )
    other = server.program(Role.OWNER, 2)
    expected = f"there is no request or approval {asked}"
    assert refused(other.get(f"/api/v1/approvals/{asked}"), 404) == expected
    for act in ("approve", "deny", "revoke"):
        assert refused(other.post(f"/api/v1/approvals/{asked}/{act}", json={}), 404) == expected
        assert refused(server.program(Role.ANALYST, 1).post(f"/api/v1/approvals/{asked}/{act}", json={}), 403)
    assert told(other.get("/api/v1/approvals"))["items"] == []
    assert reached(server) == []


def test_an_approval_for_all_is_taken_back_in_the_organisation_alone(
    server: World, admin: TestClient, core: TestClient, asked: int
) -> None:
    told(admin.post(f"/api/v1/approvals/{asked}/approve", json={"reach": "organisation"}))
    assert refused(core.post(f"/api/v1/approvals/{asked}/revoke", json={}), 404)
    told(admin.post(f"/api/v1/approvals/{asked}/revoke", json={}))


@pytest.mark.parametrize("body", [{"reach": "world"}, {"expires": 7}, {"note": "x" * 1001}])
def test_what_does_not_fit_is_refused(admin: TestClient, asked: int, body: dict[str, Any]) -> None:
    refused(admin.post(f"/api/v1/approvals/{asked}/approve", json=body), 422)


def test_an_end_that_is_none_is_refused(admin: TestClient, asked: int) -> None:
    assert "RFC 3339" in refused(admin.post(f"/api/v1/approvals/{asked}/approve", json={"expires": "soon"}), 400)


def test_a_server_of_the_inventory_is_approved_as_it_was_looked_at(admin: TestClient) -> None:
    looked_at = told(admin.get("/api/v1/servers/fp-files"))["item"]["identity"]
    body = {"fingerprint": "fp-files", "reason": "used by everybody"}
    other = refused(admin.post("/api/v1/approvals", json={**body, "identity": "0" * len(looked_at)}), 409)
    assert other == "what it runs is told otherwise than when you looked: load the page again"
    made = told(admin.post("/api/v1/approvals", json={**body, "identity": looked_at}), 201)["item"]
    assert (made["fingerprint"], made["reach"], made["state"]) == (looked_at, "organisation", "approved")
