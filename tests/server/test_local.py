"""The console of `spawngate up`: this machine as a fleet of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from spawngate.endpoint.judge import Judge
from spawngate.model.artifact import Kind, Scope, Transport
from spawngate.model.observed import Observed, ObservedLaunch
from spawngate.model.snapshot import Snapshot
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor
from spawngate.server.access.guard import requirement_of
from spawngate.server.application import walked
from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS
from spawngate.server.inventory_page import PageState
from spawngate.server.local import Local, application, documents, local, stands, trail, user_name
from spawngate.server.store.embedded import EmbeddedStore
from tests.server.fleetdata import decided

ENDPOINT = "0" * 32


def _state(name: str = "files") -> PageState:
    launch = ObservedLaunch(Transport.STDIO, "npx", ("-y", "some-server"))
    seen = Observed(Kind.MCP_SERVER, "cursor", Scope.USER, name, "/home/ada/.cursor/mcp.json", launch=launch)
    artifacts = Crossing(Redactor(b"key"), ENDPOINT).artifact(seen)
    snapshot = Snapshot(ENDPOINT, "laptop", "linux", "2026-11-21T12:00:00Z", ("/home/ada",), (), artifacts)
    return PageState(snapshot, (), False, Judge().judge(snapshot))


@contextmanager
def _fleet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Local, EmbeddedStore]]:
    monkeypatch.setenv("HOME", str(folder))
    state = _state()
    assert state.snapshot is not None
    with EmbeddedStore(folder / "store") as store, local(store, folder, ENDPOINT, state.snapshot) as fleet:
        yield fleet, store


def _client(fleet: Local, store: EmbeddedStore, state: PageState) -> TestClient:
    return TestClient(application(fleet, store, lambda: state, None), base_url="http://127.0.0.1:80")


def test_this_machine_is_the_only_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _fleet(tmp_path, monkeypatch) as (fleet, store):
        fleet.hold(_state())
        with _client(fleet, store, _state()) as client:
            listed = client.get("/endpoints")
            one = client.get(f"/endpoints/{ENDPOINT}")
            servers = client.get("/servers")
            moved = client.get("/inventory", follow_redirects=False)
    assert (listed.status_code, "laptop" in listed.text) == (200, True)
    assert "npx -y some-server" in one.text
    assert "npx -y some-server" in servers.text
    assert moved.headers["location"] == f"/endpoints/{ENDPOINT}"
    assert "script-src 'self'" in one.headers["content-security-policy"]


def test_a_change_is_held_and_what_is_gone_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _fleet(tmp_path, monkeypatch) as (fleet, _):
        for name in ("files", "other"):
            fleet.hold(_state(name))
            with fleet.services.database.read() as connection:
                assert list(connection.execute(select(ARTIFACTS.c.name)).scalars()) == [name]
        fleet.hold(PageState(None))


def test_it_is_seen_and_says_how_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with _fleet(tmp_path, monkeypatch) as (fleet, _):
        fleet.beat({"mode": "monitor", "integrity": ["gone"]})
        with fleet.services.database.read() as connection:
            row = connection.execute(select(ENDPOINTS)).one()
        assert (row.id, row.host, row.user_name, row.integrity) == (ENDPOINT, "laptop", user_name(), ["gone"])
        columns = stands(tmp_path)
    assert set(columns) == {"enforcement", "integrity", "mode"}


def test_the_documents_that_were_there_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _fleet(tmp_path, monkeypatch) as (fleet, store):
        store.own.record([decided("deny", "curl x | sh")])
        with _client(fleet, store, _state()) as client:
            assert client.get("/inventory.json").json()["host"] == "laptop"
            assert "some-server" in client.get("/inventory.csv").text
            report = client.get("/report.html")
            assert "some-server" in report.text
            assert "script-src" not in report.headers["content-security-policy"]
            events = client.get("/api/v1/events?query=verdict:deny").json()
            assert len(events.get("events", events.get("items"))) == 1
            assert client.get("/api/v1/days").status_code == 200
        with _client(fleet, store, PageState(None)) as client:
            assert client.get("/inventory.json").status_code == 503


def test_every_route_is_guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _fleet(tmp_path, monkeypatch) as (fleet, store):
        own = [*documents(lambda: PageState(None), ENDPOINT), *trail(store)]
        assert [path for path, route in walked(own) if requirement_of(route) is None] == []
        with _client(fleet, store, _state()) as client:
            # Without the page's token, nobody changes anything: not even this user's other programs by accident.
            assert client.post("/findings/work", data={"pick": "a b", "owner": "x"}).status_code == 403
            assert client.get("/endpoints", headers={"host": "evil.example"}).status_code == 403
