"""Alive, ready, and in figures."""

from pathlib import Path

import pytest

from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet.database import Database
from spawngate.server.health import Readiness
from spawngate.server.store.port import StoreError
from tests.server.applied import world
from tests.server.fleetdata import services


def test_the_three_routes(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        client = server.client()
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok"}
        assert client.get("/metrics").status_code == 401
        scraper = server.program(Role.ADMINISTRATOR, scopes=(Permission.METRICS_READ,))
        answer = scraper.get("/metrics")
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        lines = answer.text.splitlines()
        assert "spawngate_events 0" in lines
        assert "spawngate_stores_up 1" in lines
        assert 'spawngate_http_requests_total{method="GET",route="/readyz",status="200"} 1' in lines
        assert scraper.get("/api/v1/teams").status_code == 403


def test_a_server_that_ends_gets_no_new_work(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        draining = False
        ready = Readiness(parts, lambda: draining)
        assert ready.problem() == ""
        draining = True
        assert ready.problem() == "draining"


@pytest.mark.parametrize(
    ("part", "name", "expected"), [("database", "check", "fleet database"), ("control", "get", "event store")]
)
def test_without_its_stores_it_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, name: str, expected: str
) -> None:
    def away(*_: object) -> None:
        raise StoreError("at 10.0.0.1")

    with services(tmp_path) as parts:
        target = Database if part == "database" else type(parts.control)
        monkeypatch.setattr(target, name, away)
        assert Readiness(parts, lambda: False).problem() == expected
