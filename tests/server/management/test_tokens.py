"""API tokens over the API."""

import pytest
from starlette.testclient import TestClient

from spawngate.server.access.roles import Permission, Role
from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def test_a_token_is_shown_once_and_works(server: World, admin: TestClient) -> None:
    body = {"name": "siem", "role": "reader", "scopes": ["events:read"], "days": 7}
    made = told(admin.post("/api/v1/tokens", json=body), 201)["item"]
    client = server.client(headers={"authorization": f"Bearer {made['secret']}"})
    assert told(client.get("/api/v1/me"))["item"]["permissions"] == ["events:read"]
    listed = told(admin.get("/api/v1/tokens"))["items"][0]
    assert (listed["name"], listed["prefix"], listed["scopes"]) == ("siem", made["secret"][:10], ["events:read"])
    assert made["secret"] not in str(listed)
    assert told(admin.delete(f"/api/v1/tokens/{made['id']}"))["item"] == {"done": True}
    assert client.get("/api/v1/me").status_code == 401
    assert [what for _, what, _ in server.acts()] == ["token-created", "token-revoked"]
    assert made["secret"] not in str([entry.record for entry in server.parts.events.query(None).entries])


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"role": "owner", "scopes": ["teams:write"]},
        {"role": "owner", "team": 1},
        {"role": "owner", "team": 1, "scopes": ["events:read"]},
    ],
)
def test_a_token_is_worth_no_more_than_who_makes_it(server: World, admin: TestClient, body: dict[str, object]) -> None:
    assert refused(admin.post("/api/v1/tokens", json={"name": "x", **body}), 403) == (
        "A token may do no more than who makes it."
    )


def test_a_narrow_token_makes_no_wide_one(server: World) -> None:
    """A stolen token with the scope to make tokens is not the way to all that its role may do."""
    narrow = server.program(Role.ADMINISTRATOR, 0, (Permission.TOKENS_WRITE, Permission.EVENTS_READ))
    wide = {"name": "x", "role": "reader"}
    assert refused(narrow.post("/api/v1/tokens", json=wide), 403) == "A token may do no more than who makes it."
    assert told(narrow.post("/api/v1/tokens", json={**wide, "scopes": ["events:read"]}), 201)


def test_a_token_does_not_outlive_itself_by_others(server: World) -> None:
    short = server.program(Role.ADMINISTRATOR, days=2)
    server.later(hours=1)
    made = told(short.post("/api/v1/tokens", json={"name": "x", "days": 366}), 201)["item"]
    told(short.post("/api/v1/tokens", json={"name": "y", "days": 1}), 201)
    ends = {each["name"]: each["expires_at"] for each in told(short.get("/api/v1/tokens"))["items"]}
    assert ends["x"] == ends["administrator-0"]
    assert ends["y"] < ends["x"]
    server.later(days=2)
    assert server.client(headers={"authorization": f"Bearer {made['secret']}"}).get("/api/v1/me").status_code == 401


def test_a_team_makes_tokens_of_its_own_alone(server: World, core: TestClient) -> None:
    assert told(core.post("/api/v1/tokens", json={"name": "x", "team": 1, "role": "administrator"}), 201)
    for team in (0, 2, 9):
        assert refused(core.post("/api/v1/tokens", json={"name": "x", "team": team}), 404) == f"there is no team {team}"
    mine = {each["team"] for each in told(core.get("/api/v1/tokens"))["items"]}
    assert mine == {1}
    server.program(Role.READER, 2)
    theirs = 3
    assert refused(core.delete(f"/api/v1/tokens/{theirs}"), 404) == f"there is no token {theirs}"
    assert refused(core.delete("/api/v1/tokens/999"), 404) == "there is no token 999"


@pytest.mark.parametrize(
    "body", [{"days": 0}, {"days": 367}, {"role": "x"}, {"scopes": ["x"]}, {"name": ""}, {"team": -1}]
)
def test_what_does_not_fit_is_refused(admin: TestClient, body: dict[str, object]) -> None:
    refused(admin.post("/api/v1/tokens", json={"name": "x", **body}), 422)
