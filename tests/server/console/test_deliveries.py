"""Pages of routes, deliveries and dead letters."""

from pathlib import Path
from typing import Any

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.deliver.refused import dead_letters
from spawngate.server.services import Services
from tests.server.fleetdata import CSRF, client, services, shown
from tests.server.views.test_deliveries import delivering

ANALYST = Principal("Ana", Kind.USER, {0: Role.ANALYST}, csrf=CSRF)
TEAM_OWNER = Principal("Kai", Kind.USER, {1: Role.OWNER}, csrf=CSRF)


def ids(http: Any) -> list[str]:
    """Dead letters, the newest first."""
    return [row["id"] for row in http.get("/deliveries/dead.json").json()["rows"]]


def acts(parts: Services) -> list[str]:
    """What was recorded."""
    return [str(each.event.detail["what"]) for each in parts.events.query(None, newest_first=False).entries]


@pytest.mark.parametrize("path", ["/routes", "/deliveries", "/deliveries/dead", "/deliveries?outcome=retry"])
def test_pages_with_hostile_answers(tmp_path: Path, path: str) -> None:
    with delivering(tmp_path) as parts:
        answer = client(pages.routes, parts).get(path)
        assert answer.status_code == 200
        assert shown(answer.text)
        assert client(pages.routes, parts, TEAM_OWNER).get(path).status_code == 403


def test_a_dead_letter_is_sent_again_and_one_is_discarded(tmp_path: Path) -> None:
    with delivering(tmp_path) as parts:
        http = client(pages.routes, parts)
        newest, oldest = ids(http)
        done = http.post(
            "/deliveries/dead", data={"csrf": CSRF, "act": "replay", "pick": newest, "back": "/deliveries"}
        )
        assert (done.status_code, done.headers["location"]) == (303, "/deliveries")
        assert {name: each.replay for name, each in dead_letters(parts.control).items()} == {
            newest: True,
            oldest: False,
        }
        assert http.post("/deliveries/dead", data={"csrf": CSRF, "act": "discard", "pick": oldest}).status_code == 303
        assert ids(http) == [newest]
        assert acts(parts) == ["dead-letter-replayed", "dead-letter-discarded"]
        for wrong in ({}, {"act": "burn", "pick": newest}, {"act": "replay"}, {"act": "replay", "pick": "none"}):
            assert http.post("/deliveries/dead", data={"csrf": CSRF, **wrong}).status_code == 400
        reader = client(pages.routes, parts, ANALYST)
        assert "Send those ticked again" not in reader.get("/deliveries/dead").text
        assert reader.post("/deliveries/dead", data={"csrf": CSRF, "act": "discard", "pick": newest}).status_code == 403
        assert ids(http) == [newest]


def test_without_the_key_nothing_is_tested(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert "No event goes anywhere yet" in http.get("/routes").text
        assert http.post("/routes/test", data={"csrf": CSRF, "name": "siem"}).status_code == 400
