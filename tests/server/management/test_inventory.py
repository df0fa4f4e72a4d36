"""Inventory over the API."""

import pytest
from starlette.testclient import TestClient

from tests.server.applied import World
from tests.server.management.api import admin, core, refused, server, told

__all__ = ["admin", "core", "server"]


@pytest.mark.parametrize(
    ("path", "key", "everybody", "one_team"),
    [
        ("/servers", "fingerprint", {"fp-files", "fp-drift", "fp-evil"}, {"fp-files"}),
        ("/secrets", "fingerprint", {"secret-1"}, {"secret-1"}),
        ("/advisories", "advisory", {"CVE-1"}, {"CVE-1"}),
        ("/artifacts?kind=agent", "name", {"Cursor"}, {"Cursor"}),
    ],
)
def test_lists_hold_what_may_be_seen(
    admin: TestClient, core: TestClient, path: str, key: str, everybody: set[str], one_team: set[str]
) -> None:
    assert {row[key] for row in told(admin.get(f"/api/v1{path}"))["items"]} == everybody
    assert {row[key] for row in told(core.get(f"/api/v1{path}"))["items"]} == one_team


def test_numbers_count_only_what_may_be_seen(admin: TestClient, core: TestClient) -> None:
    """A server that two teams have: to one of them it is at as many endpoints as it knows of."""
    assert told(admin.get("/api/v1/secrets"))["items"][0]["endpoints"] == 2
    assert told(core.get("/api/v1/secrets"))["items"][0]["endpoints"] == 1
    assert [row["variants"] for row in told(admin.get("/api/v1/server-names?q=files"))["items"]] == [2]
    assert [row["variants"] for row in told(core.get("/api/v1/server-names?q=files"))["items"]] == [1]


def test_one_of_each(server: World, core: TestClient) -> None:
    assert told(core.get("/api/v1/servers/fp-files"))["item"]["name"] == "files"
    assert told(core.get("/api/v1/advisories/CVE-1"))["item"]["advisory"] == "CVE-1"
    assert refused(core.get("/api/v1/servers/fp-drift"), 404) == "there is no such server"
    assert refused(core.get("/api/v1/advisories/CVE-2"), 404) == "there is no such advisory"


def test_kinds_are_those_that_there_are(admin: TestClient) -> None:
    assert {row["name"] for row in told(admin.get("/api/v1/artifacts?kind=skill"))["items"]} >= {"notes"}
    for kind in ("", "mcp_server", "x"):
        refused(admin.get(f"/api/v1/artifacts?kind={kind}"), 422)
