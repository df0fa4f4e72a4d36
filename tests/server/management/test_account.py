"""Who asks."""

from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Role
from tests.server.applied import ORIGIN, World
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


def test_somebody_signs_out_everywhere_else(server: World) -> None:
    """Also who may do nothing else: a session that was left open or stolen is theirs to end."""
    rob = server.person("Rob", {1: Role.READER})
    here, there, other = server.browser(rob), server.browser(rob), server.browser(server.person("Ann", {}))
    headers = {**ORIGIN, "x-csrf-token": here.csrf}
    assert told(here.client.delete("/api/v1/me/sessions", headers=headers))["item"] == {"done": True}
    assert [each.get("/api/v1/me").status_code for each in (here, there, other)] == [200, 401, 200]
    assert server.acts() == [("Rob", "user-sessions-ended", "Rob")]
    program = server.program(Role.READER)
    assert told(program.delete("/api/v1/me/sessions"))["item"] == {"done": True}
    assert here.get("/api/v1/me").status_code == 200
