"""Who asks."""

from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Role
from tests.server.applied import World
from tests.server.management.api import server, told

__all__ = ["server"]


def test_a_person_learns_what_they_may(server: World) -> None:
    browser = server.browser(server.person("Ann", {1: Role.ANALYST}))
    assert told(browser.get("/api/v1/me"))["item"] == {
        "name": "Ann",
        "kind": "user",
        "roles": {"1": "analyst"},
        "permissions": sorted(MATRIX[Role.ANALYST] - ORGANISATION_WIDE),
    }
