"""Lists over the API: the same filters as the console's, in the same words."""

from typing import Any

import msgspec
import pytest
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from spawngate.server.console import lists, pages
from spawngate.server.console.lists import ListPage
from spawngate.server.views import endpoints
from tests.server.applied import World
from tests.server.management.api import admin, refused, server, told

__all__ = ["admin", "server"]


def test_a_cursor_of_another_list_is_refused(admin: TestClient) -> None:
    cursor = told(admin.get("/api/v1/endpoints?limit=1"))["cursor"]
    assert cursor
    assert "begin at its first page" in refused(admin.get("/api/v1/servers", params={"cursor": cursor}), 400)


def test_limits_are_limits(admin: TestClient) -> None:
    for limit in ("0", "-1", "501", "x", "1e9"):
        refused(admin.get(f"/api/v1/endpoints?limit={limit}"), 422)
    assert len(told(admin.get("/api/v1/endpoints?limit=500"))["items"]) == 4


def test_the_document_names_every_facet(admin: TestClient) -> None:
    document = msgspec.json.decode(admin.get("/api/v1/openapi.json").content)
    parameters = {each["name"] for each in document["paths"]["/api/v1/endpoints"]["get"]["parameters"]}
    assert parameters == {*endpoints.FACETS, "q", "sort", "cursor", "limit", "facets"}


def test_words_and_facets_can_be_typed(admin: TestClient) -> None:
    assert [row["id"] for row in told(admin.get("/api/v1/endpoints?q=platform:macos gamma"))["items"]] == ["e3"]
    assert told(admin.get("/api/v1/endpoints?q=nothing-of-this"))["items"] == []


ELSEWHERE = {
    "/findings/rules": "/finding-rules",
    "/findings/suppressions": "/suppressions",
    "/servers/names": "/server-names",
    "/approvals/suggested": "/suggested-approvals",
    "/deliveries/dead": "/dead-letters",
    "/administration": "/teams",
    "/administration/people": "/users",
    "/administration/tokens": "/tokens",
    "/administration/enrolments": "/enrolments",
}
"""Lists that the API has under another path than the console."""
NOT_OF_THE_API = {"/searches", "/administration/audit"}
"""Saved searches are addresses of pages; the audit is `GET /events?query=type:administration`."""


def test_the_api_has_every_list_of_the_console_with_its_facets(
    server: World, admin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[str, ListPage] = {}

    def noted(services: Any, listed: ListPage) -> list[BaseRoute]:
        found[listed.path] = listed
        return []

    monkeypatch.setattr(lists, "routes", noted)
    pages.routes(server.parts)
    document = msgspec.json.decode(admin.get("/api/v1/openapi.json").content)["paths"]
    assert len(found) > 25
    for path, listed in found.items():
        if path in NOT_OF_THE_API:
            continue
        kind = {"kind"} if path.startswith("/artifacts/") else set()
        at = "/artifacts" if kind else ELSEWHERE.get(path, path)
        parameters = {each["name"] for each in document[f"/api/v1{at}"]["get"]["parameters"]}
        assert (path, parameters) == (path, {*listed.facets, *kind, "q", "sort", "cursor", "limit", "facets"})
        answer = admin.get(f"/api/v1{at}").json()
        assert (path, {"items", "cursor", "total", "facets"} - set(answer)) == (path, set())
