"""Lists over the API: the same filters as the console's, in the same words."""

import msgspec
from starlette.testclient import TestClient

from spawngate.server.views import endpoints
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
