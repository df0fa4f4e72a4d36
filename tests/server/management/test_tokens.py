"""API tokens over the API."""

import pytest
from starlette.testclient import TestClient

from spawngate.server.access.roles import Permission, Role
from tests.server.applied import ORIGIN, World
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


def test_a_token_loses_what_its_maker_loses(server: World) -> None:
    """Somebody who was let go, or may do less, keeps nothing by a token that they made before, or by one of that."""
    ann = server.person("Ann", {0: Role.OWNER})
    bob = server.browser(server.person("Bob", {0: Role.ADMINISTRATOR}))
    headers = {**ORIGIN, "x-csrf-token": bob.csrf}
    body = {"name": "x", "role": "administrator"}
    first = told(bob.client.post("/api/v1/tokens", json=body, headers=headers), 201)["item"]
    program = server.client(headers={"authorization": f"Bearer {first['secret']}"})
    second = told(program.post("/api/v1/tokens", json=body), 201)["item"]
    child = server.client(headers={"authorization": f"Bearer {second['secret']}"})
    owner = server.browser(ann)
    trusted = {**ORIGIN, "x-csrf-token": owner.csrf}
    told(owner.client.put("/api/v1/teams/0/members/2", json={"role": "reader"}, headers=trusted))
    for each in (program, child):
        assert told(each.get("/api/v1/me"))["item"]["roles"] == {"0": "reader"}
        assert refused(each.get("/api/v1/users"), 403) == "This needs the permission users:read."
        assert each.get("/administration/people").status_code == 403
    told(owner.client.post("/api/v1/users/2/disable", headers=trusted))
    assert [each.get("/api/v1/me").status_code for each in (program, child)] == [401, 401]
    told(owner.client.post("/api/v1/users/2/enable", headers=trusted))
    assert [each.get("/api/v1/me").status_code for each in (program, child)] == [200, 200]


def test_what_a_token_made_ends_with_it(server: World, admin: TestClient) -> None:
    first = told(admin.post("/api/v1/tokens", json={"name": "first", "role": "administrator"}), 201)["item"]
    program = server.client(headers={"authorization": f"Bearer {first['secret']}"})
    second = told(program.post("/api/v1/tokens", json={"name": "second"}), 201)["item"]
    other = told(admin.post("/api/v1/tokens", json={"name": "other"}), 201)["item"]
    told(admin.delete(f"/api/v1/tokens/{first['id']}"))
    status = {
        each["id"]: server.client(headers={"authorization": f"Bearer {each['secret']}"}).get("/api/v1/me").status_code
        for each in (first, second, other)
    }
    assert status == {first["id"]: 401, second["id"]: 401, other["id"]: 200}
    assert [(what, name) for _, what, name in server.acts()][-2:] == [
        ("token-revoked", "first"), ("token-revoked", "second"),
    ]  # fmt: skip


def test_tokens_are_narrowed_as_on_the_page(server: World, admin: TestClient) -> None:
    told(admin.post("/api/v1/tokens", json={"name": "siem", "role": "reader"}), 201)
    server.program(Role.ANALYST, 2)
    found = told(admin.get("/api/v1/tokens?role=reader"))
    assert [each["name"] for each in found["items"]] == ["siem"]
    assert found["total"] == 1
    (facet,) = found["facets"]
    assert facet["name"] == "role", "the others have one value left, and narrow nothing"
    assert {each["value"]: each["count"] for each in facet["options"]} == {
        "administrator": 1, "analyst": 1, "reader": 1,
    }  # fmt: skip
    assert [each["name"] for each in told(admin.get("/api/v1/tokens?q=sie"))["items"]] == ["siem"]
