"""People over the API."""

import pytest
from starlette.testclient import TestClient

from spawngate.server.access.roles import Permission, Role
from tests.server.applied import ORIGIN, World
from tests.server.management.api import admin, refused, server, told

__all__ = ["admin", "server"]


def test_somebody_is_invited_and_signs_in(server: World, admin: TestClient) -> None:
    made = told(admin.post("/api/v1/users", json={"name": "Bob", "roles": {"1": "analyst"}}), 201)["item"]
    assert made["link"].startswith("http://testserver/invitation?word=")
    person = told(admin.get(f"/api/v1/users/{made['id']}"))["item"]
    assert (person["name"], person["has_password"], person["roles"]) == ("Bob", False, {"1": "analyst"})
    word, client = made["link"].partition("word=")[2], server.client()
    form = {"word": word, "name": "Bob", "password": "correct horse battery", "again": "correct horse battery"}
    assert client.post("/invitation", data=form, headers=ORIGIN).status_code == 303
    assert told(client.get("/api/v1/me"))["item"]["roles"] == {"1": "analyst"}
    assert "password" not in str(told(admin.get("/api/v1/users"))["items"]).replace("has_password", "")


def test_nobody_makes_or_takes_over_somebody_above(server: World, admin: TestClient) -> None:
    """A link to set an owner's password would make an administrator one."""
    ann = server.person("Ann", {0: Role.OWNER})
    lead = server.person("Lead", {1: Role.OWNER})
    assert refused(admin.post("/api/v1/users", json={"name": "x", "roles": {"0": "owner"}}), 403)
    for user in (ann, lead):
        for act in ("invitation", "disable", "enable"):
            expected = "Somebody with a role above your own is not yours to change."
            assert refused(admin.post(f"/api/v1/users/{user}/{act}"), 403) == expected
        assert refused(admin.delete(f"/api/v1/users/{user}/sessions"), 403)
    assert server.acts() == []


def test_who_is_disabled_is_out_and_who_is_enabled_may_come_in(server: World, admin: TestClient) -> None:
    bob = server.person("Bob", {1: Role.READER})
    browser = server.browser(bob)
    assert told(admin.post(f"/api/v1/users/{bob}/disable"))["item"]["disabled_at"] == server.clock[0]
    assert browser.get("/api/v1/me").status_code == 401
    assert told(admin.post(f"/api/v1/users/{bob}/disable"))["item"]["disabled_at"] == server.clock[0]
    assert told(admin.post(f"/api/v1/users/{bob}/enable"))["item"]["disabled_at"] == ""
    assert [what for _, what, _ in server.acts()] == ["user-disabled", "user-enabled"], "nothing new is no act"


def test_sessions_are_listed_and_ended(server: World, admin: TestClient) -> None:
    bob = server.person("Bob", {0: Role.ADMINISTRATOR})
    first, second = server.browser(bob), server.browser(bob)
    shown = told(first.get(f"/api/v1/users/{bob}/sessions"))["items"]
    assert sorted(each["own"] for each in shown) == [False, True]
    assert first.word not in str(shown)
    answer = first.client.delete(f"/api/v1/users/{bob}/sessions", headers=ORIGIN | {"x-csrf-token": first.csrf})
    assert told(answer)["item"] == {"done": True}
    assert first.get("/api/v1/me").status_code == 200
    assert second.get("/api/v1/me").status_code == 401
    told(admin.delete(f"/api/v1/users/{bob}/sessions"))
    assert first.get("/api/v1/me").status_code == 401


def test_what_is_wrong_is_told(server: World, admin: TestClient) -> None:
    server.person("Bob", {})
    assert refused(admin.post("/api/v1/users", json={"name": "bob"}), 409) == "there is a user 'bob' already"
    assert (
        refused(admin.post("/api/v1/users", json={"name": "x", "roles": {"9": "reader"}}), 404) == "there is no team 9"
    )
    assert refused(admin.get("/api/v1/users/99"), 404) == "there is no user 99"
    answer = admin.post("/api/v1/users", json={"name": "x", "roles": {"0": "emperor-hunter2"}})
    assert refused(answer, 422) == "The request does not fit the schema."
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("scope", [Permission.USERS_WRITE, Permission.MEMBERS_WRITE])
def test_a_narrow_token_gives_nobody_more_than_it_has(server: World, scope: Permission) -> None:
    """A token that may only invite people must not invite an owner, or make one, and so be one."""
    narrow = server.program(Role.OWNER, 0, (scope,))
    ann, rob = server.person("Ann", {0: Role.OWNER}), server.person("Rob", {})
    above = "A role above your own is not yours to give"
    if scope is Permission.USERS_WRITE:
        for roles in ({"0": "owner"}, {"0": "reader"}, {"1": "reader"}):
            answer = narrow.post("/api/v1/users", json={"name": "Eve", "roles": roles, "invite": True})
            assert refused(answer, 403) == f"{above}."
        answer = narrow.post(f"/api/v1/users/{ann}/invitation")
        assert refused(answer, 403) == "Somebody who may do more than you is not yours to invite."
        assert told(narrow.post("/api/v1/users", json={"name": "Eve"}), 201)
        assert told(narrow.post(f"/api/v1/users/{rob}/invitation"))
        assert told(narrow.post(f"/api/v1/users/{rob}/disable"))
    else:
        for team, role in ((0, "owner"), (0, "reader"), (1, "reader")):
            answer = narrow.put(f"/api/v1/teams/{team}/members/{rob}", json={"role": role})
            assert refused(answer, 403) == f"{above} or to take."
    whole = server.program(Role.ADMINISTRATOR)
    assert told(whole.put(f"/api/v1/teams/1/members/{rob}", json={"role": "administrator"}))
