"""The registry's read API over approvals."""

from pathlib import Path
from typing import Any

import pytest

from spawngate.launch.identity import Identity
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.fleet import approvals
from spawngate.server.fleet.approvals import Reach, Requested
from spawngate.server.registry import routes
from spawngate.server.registry.api import namespace_of
from spawngate.server.registry.document import OFFICIAL
from spawngate.server.services import Services
from tests.server.fleetdata import NOW, add_endpoint, add_team, client, services


def granted(parts: Services, package: str, *, reach: Reach = "organisation", team: int = 0, **more: Any) -> int:
    about = Requested(identity=Identity("npx", ("-y", package)), entry=package)
    with parts.database.begin() as connection:
        made = approvals.grant(connection, about, team=team, reach=reach, by="ada", now=NOW, name=package, **more)
    return made.id


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["server"]["title"] for each in answer.json()["servers"]]


def test_a_list_is_paged_searched_and_filtered(tmp_path: Path) -> None:
    with services(tmp_path, base="https://gate.example.org") as parts:
        for name in ("a-server@1.0.0", "b-server@2.0.0", "c-server@3.0.0"):
            granted(parts, name)
        http = client(lambda given: routes(given), parts)
        assert titles(http.get("/v0.1/servers")) == ["a-server@1.0.0", "b-server@2.0.0", "c-server@3.0.0"]
        first = http.get("/v0.1/servers?limit=2")
        assert (titles(first), first.json()["metadata"]["count"]) == (["a-server@1.0.0", "b-server@2.0.0"], 2)
        rest = http.get("/v0.1/servers", params={"limit": 2, "cursor": first.json()["metadata"]["nextCursor"]})
        assert (titles(rest), rest.json()["metadata"]) == (["c-server@3.0.0"], {"count": 1})
        assert titles(http.get("/v0.1/servers?search=B-SER")) == ["b-server@2.0.0"]
        assert titles(http.get("/v0.1/servers?version=3.0.0")) == ["c-server@3.0.0"]
        assert len(titles(http.get("/v0.1/servers?version=latest"))) == 3
        assert titles(http.get("/v0.1/servers?updated_since=2026-11-21T13:00:00Z")) == []
        name = first.json()["servers"][0]["server"]["name"]
        assert name.startswith("org.example.gate/a-server.")
        quoted = name.replace("/", "%2F")
        assert http.get(f"/v0.1/servers/{quoted}/versions/latest").json() == first.json()["servers"][0]
        assert http.get(f"/v0.1/servers/{quoted}/versions/1.0.0").status_code == 200
        assert http.get(f"/v0.1/servers/{quoted}/versions/1.0.1").status_code == 404
        assert titles(http.get(f"/v0.1/servers/{quoted}/versions")) == ["a-server@1.0.0"]
        assert http.get("/v0.1/servers/no%2Fsuch/versions").status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=%21", "updated_since=now", "include_deleted=maybe"])
def test_wrong_requests(tmp_path: Path, query: str) -> None:
    with services(tmp_path) as parts:
        assert client(lambda given: routes(given), parts).get(f"/v0.1/servers?{query}").status_code == 400


def test_revoked_and_ended_ones_are_told_to_who_follows(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        revoked = granted(parts, "a-server@1.0.0")
        granted(parts, "b-server@1.0.0", expires="2026-11-21T11:00:00.000000Z")
        with parts.database.begin() as connection:
            approvals.revoke(connection, revoked, by="ada", now=NOW)
        http = client(lambda given: routes(given), parts)
        assert titles(http.get("/v0.1/servers")) == []
        followed = http.get("/v0.1/servers?updated_since=2026-11-21T10:30:00Z")
        assert titles(followed) == ["a-server@1.0.0", "b-server@1.0.0"]
        assert {each["_meta"][OFFICIAL]["status"] for each in followed.json()["servers"]} == {"deleted"}
        granted(parts, "a-server@1.0.0")
        assert titles(http.get("/v0.1/servers")) == ["a-server@1.0.0"]


def test_who_sees_what(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_team(connection, 1, "one")
            add_team(connection, 2, "two")
            add_endpoint(connection, "e1", team=1)
        granted(parts, "everywhere@1.0.0")
        granted(parts, "of-one@1.0.0", reach="team", team=1)
        granted(parts, "of-two@1.0.0", reach="group", team=2, group="lab")
        granted(parts, "of-e1@1.0.0", reach="endpoint", team=1, endpoint="e1")
        one = Principal("reader", Kind.TOKEN, {1: Role.READER})
        nobody_of_any = Principal("none", Kind.TOKEN, {})
        assert titles(client(lambda given: routes(given), parts, one).get("/v0.1/servers")) == [
            "everywhere@1.0.0",
            "of-one@1.0.0",
        ]
        assert len(titles(client(lambda given: routes(given), parts).get("/v0.1/servers"))) == 3
        assert client(lambda given: routes(given), parts, nobody_of_any).get("/v0.1/servers").status_code == 403
        public = client(lambda given: routes(given, is_public=True), parts, nobody_of_any)
        assert titles(public.get("/v0.1/servers")) == ["everywhere@1.0.0"]


@pytest.mark.parametrize(
    ("base", "namespace"),
    [
        ("https://gate.example.org", "org.example.gate"),
        ("https://gate.example.org:8443", "org.example.gate"),
        ("http://127.0.0.1:7337", "local.spawngate"),
        ("http://[::1]:7337", "local.spawngate"),
        ("http://localhost", "local.spawngate"),
        ("", "local.spawngate"),
    ],
)
def test_names_begin_with_the_address(base: str, namespace: str) -> None:
    assert namespace_of(base) == namespace
