"""Enrolment secrets over the API."""

from starlette.testclient import TestClient

from spawngate.server.fleet import enrolments
from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


def test_a_secret_is_shown_once_enrols_and_is_revoked(server: World, core: TestClient) -> None:
    body = {"name": "laptops", "team": 1, "group": "berlin", "most": 2}
    made = told(core.post("/api/v1/enrolments", json=body), 201)["item"]
    with server.writing() as connection:
        redeemed = enrolments.redeem(connection, made["secret"], server.clock[0])
    assert redeemed == enrolments.Redeemed(made["id"], "secret", 1, "berlin")
    listed = told(core.get("/api/v1/enrolments"))["items"]
    assert [(each["name"], each["uses"], each["most"]) for each in listed] == [("laptops", 1, 2)]
    assert made["secret"] not in str(listed)
    told(core.delete(f"/api/v1/enrolments/{made['id']}"))
    with server.writing() as connection:
        assert enrolments.redeem(connection, made["secret"], server.clock[0]) is None
    assert [what for _, what, _ in server.acts()] == ["enrolment-created", "enrolment-revoked"]


def test_a_code_is_for_one(server: World, admin: TestClient) -> None:
    made = told(admin.post("/api/v1/enrolments", json={"name": "kim", "kind": "code", "most": 50}), 201)["item"]
    assert told(admin.get("/api/v1/enrolments"))["items"][0]["most"] == 1
    assert len(made["secret"]) == 19


def test_another_teams_are_not_even_there(server: World, admin: TestClient, core: TestClient) -> None:
    made = told(admin.post("/api/v1/enrolments", json={"name": "x", "team": 2}), 201)["item"]
    assert told(core.get("/api/v1/enrolments"))["items"] == []
    expected = f"there is no enrolment secret {made['id']}"
    assert refused(core.delete(f"/api/v1/enrolments/{made['id']}"), 404) == expected
    for team in (0, 2):
        answer = core.post("/api/v1/enrolments", json={"name": "x", "team": team})
        assert refused(answer, 404) == f"there is no team {team}"
