"""The pages of MCP servers, and approving one."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet.tables import APPROVALS
from tests.server import fleetdata
from tests.server.fleetdata import CSRF, OWNER

FORM = {"csrf": CSRF, "where": "organisation", "reason": "used by everybody", "expires": "2026-12-31"}


def test_one_server(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        answer = client.get("/servers/fp-files")
        evil = client.get("/servers/fp-evil")
        assert client.get("/servers/no-such").status_code == 404
    for wanted in ("npx -y some-server", "CVE-1", "Drift: other definitions", "alpha", "Approve this launch"):
        assert wanted in answer.text
    assert fleetdata.shown(evil.text)
    assert "It cannot be approved from here: it runs text" in evil.text


def test_approved_recorded_and_shown(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        answer = client.post("/servers/fp-files/approve", data=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, "/servers/fp-files?done=approved")
        shown = client.get("/servers/fp-files?done=approved").text
        listed = client.get("/servers").text
        with parts.database.read() as connection:
            row = connection.execute(select(APPROVALS)).mappings().one()
        (event,) = [each.event for each in parts.events.query(None).entries]
    assert "Approved. Endpoints obey" in shown
    assert '<span class="chip good">approved</span>' in listed
    assert (row["reach"], row["team"], row["reason"], row["expires_at"], row["decided_by"]) == (
        "organisation",
        0,
        "used by everybody",
        "2026-12-31T23:59:59.999999Z",
        "tester",
    )
    assert row["launch"]["identity"]["args"] == ["-y", "some-server"]
    assert (event.type, event.actor.user) == ("approval", "tester")
    assert event.subject is not None
    assert (event.subject.kind, event.subject.name, event.subject.action) == ("approval", "files", "approved")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": " "}, 400),
        ({"where": "galaxy"}, 400),
        ({"where": "team-"}, 400),
        ({"where": "team-x"}, 400),
        ({"expires": "soon"}, 400),
        ({"expires": "2026-11-20"}, 400),
        ({"csrf": "other"}, 403),
    ],
)
def test_what_is_refused(tmp_path: Path, change: dict[str, str], status: int) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        assert client.post("/servers/fp-files/approve", data=FORM | change).status_code == status
        assert client.post("/servers/fp-evil/approve", data=FORM).status_code == 400
        assert client.post("/servers/no-such/approve", data=FORM).status_code == 404
        assert parts.events.query(None).entries == ()


@pytest.mark.parametrize(
    ("principal", "where", "status"),
    [
        (Principal("p", Kind.USER, {1: Role.POLICY_EDITOR}, csrf=CSRF), "team-1", 303),
        (Principal("p", Kind.USER, {1: Role.POLICY_EDITOR}, csrf=CSRF), "team-2", 403),
        (Principal("p", Kind.USER, {1: Role.POLICY_EDITOR}, csrf=CSRF), "organisation", 403),
        (Principal("p", Kind.USER, {1: Role.ANALYST}, csrf=CSRF), "team-1", 403),
        (OWNER, "team-2", 303),
    ],
)
def test_where_somebody_may_approve(tmp_path: Path, principal: Any, where: str, status: int) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, principal) as client:
        fleetdata.fill_small(parts)
        assert client.post("/servers/fp-files/approve", data=FORM | {"where": where}).status_code == status


def test_what_is_approved_is_what_was_looked_at(tmp_path: Path) -> None:
    """An endpoint that changes what it says while somebody reads the page has nothing of its own approved."""
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        fleetdata.fill_small(parts)
        page = client.get("/servers/fp-files").text
        looked_at = page.partition('name="identity" value="')[2].partition('"')[0]
        assert len(looked_at) >= 8
        wrong = client.post("/servers/fp-files/approve", data=FORM | {"identity": "0" * len(looked_at)})
        assert (wrong.status_code, "told otherwise than when you looked" in wrong.text) == (400, True)
        with parts.database.begin() as connection:
            launch = {"command": "npx", "args": ["-y", "evil-server"]}
            fleetdata.add_artifact(connection, "e3", "lie", team=2, fingerprint="fp-files", launch=launch)
        refused = client.post("/servers/fp-files/approve", data=FORM | {"identity": looked_at})
        assert refused.status_code == 400
        assert "endpoints do not agree on what it runs" in client.get("/servers/fp-files").text
        with parts.database.read() as connection:
            assert connection.execute(select(APPROVALS)).all() == []
