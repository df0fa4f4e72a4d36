"""Teams and members over the API."""

from starlette.testclient import TestClient

from spawngate.server.access.roles import Permission, Role
from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def test_a_team_is_made_renamed_and_deleted_by_an_owner(server: World, admin: TestClient) -> None:
    owner = server.program(Role.OWNER)
    made = told(owner.post("/api/v1/teams", json={"name": " Data  team "}), 201)["item"]
    assert (made["id"], made["name"]) == (3, "Data team")
    assert (
        refused(owner.post("/api/v1/teams", json={"name": "Data team"}), 409) == "there is a team 'Data team' already"
    )
    assert refused(owner.post("/api/v1/teams", json={"name": "\x1b"}), 400).endswith("printable characters")
    assert refused(admin.post("/api/v1/teams", json={"name": "x"}), 403) == "This needs the permission teams:write."
    assert told(owner.patch("/api/v1/teams/3", json={"name": "Data"}))["item"]["name"] == "Data"
    assert told(owner.delete("/api/v1/teams/3"))["item"] == {"done": True}
    assert refused(owner.delete("/api/v1/teams/3"), 404) == "there is no team 3"
    assert "endpoints" in refused(owner.delete("/api/v1/teams/1"), 409)
    assert refused(owner.delete("/api/v1/teams/0"), 409) == "the organisation cannot be deleted"
    assert [(what, name) for _, what, name in server.acts()] == [
        ("team-created", "Data team"),
        ("team-changed", "Data"),
        ("team-removed", "Data"),
    ]


def test_a_list_goes_on_by_key(admin: TestClient) -> None:
    first = told(admin.get("/api/v1/teams?limit=2"))
    second = told(admin.get("/api/v1/teams", params={"limit": 2, "cursor": first["cursor"]}))
    assert [team["name"] for team in first["items"] + second["items"]] == ["Core", "Web", "organisation"]
    assert second["cursor"] is None
    assert refused(admin.get("/api/v1/teams?cursor=nonsense"), 400) == (
        "this link to a further page is none of this list: begin at its first page"
    )


def test_members_of_a_team(server: World, core: TestClient) -> None:
    bob = server.person("Bob", {})
    assert told(core.put(f"/api/v1/teams/1/members/{bob}", json={"role": "analyst"}))["item"] == {
        "user": bob,
        "name": "Bob",
        "role": "analyst",
    }
    assert told(core.get("/api/v1/teams/1/members"))["items"] == [{"user": bob, "name": "Bob", "role": "analyst"}]
    assert told(core.delete(f"/api/v1/teams/1/members/{bob}"))["item"] == {"done": True}
    assert told(core.get("/api/v1/teams/1/members"))["items"] == []
    assert [what for _, what, _ in server.acts()] == ["user-role-changed", "user-role-changed"]


def test_another_team_is_not_even_there(server: World, core: TestClient) -> None:
    bob = server.person("Bob", {2: Role.READER})
    for team in (2, 77):
        expected = f"there is no team {team}"
        assert refused(core.get(f"/api/v1/teams/{team}/members"), 404) == expected
        assert refused(core.put(f"/api/v1/teams/{team}/members/{bob}", json={"role": "reader"}), 404) == expected
        assert refused(core.delete(f"/api/v1/teams/{team}/members/{bob}"), 404) == expected
    assert refused(core.put(f"/api/v1/teams/0/members/{bob}", json={"role": "reader"}), 404) == "there is no team 0"
    assert server.acts() == []


def test_nobody_gives_or_takes_a_role_above_the_own(server: World, core: TestClient, admin: TestClient) -> None:
    ann, bob = server.person("Ann", {0: Role.OWNER, 1: Role.OWNER}), server.person("Bob", {})
    for client, team in ((core, 1), (admin, 0), (admin, 1)):
        expected = "A role above your own is not yours to give or to take."
        assert refused(client.put(f"/api/v1/teams/{team}/members/{bob}", json={"role": "owner"}), 403) == expected
        assert refused(client.put(f"/api/v1/teams/{team}/members/{ann}", json={"role": "reader"}), 403) == expected
        assert refused(client.delete(f"/api/v1/teams/{team}/members/{ann}"), 403) == expected
    owner = server.program(Role.OWNER)
    assert "last owner" in refused(owner.delete(f"/api/v1/teams/0/members/{ann}"), 409)


def test_a_token_gives_no_role_that_its_scope_does_not_hold(server: World) -> None:
    bob = server.person("Bob", {})
    narrow = server.program(Role.OWNER, 0, (Permission.MEMBERS_READ,))
    assert refused(narrow.put(f"/api/v1/teams/1/members/{bob}", json={"role": "reader"}), 403)
