"""Code scans of this machine in its console."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from spawngate.codescan.outcome import Outcome
from spawngate.endpoint.codescan.keeping import RESULTS, record
from spawngate.endpoint.codescan.outbox import FOLDER
from spawngate.endpoint.state import State
from spawngate.server.console import pages
from spawngate.server.own_scans import LookFirst, OwnScans, name_of
from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.projects import project, projects
from tests.codescan.findings import OUTCOME, RESULT
from tests.server.fleetdata import HOSTILE, client, services, shown

LATER = replace(OUTCOME, taken_at="2026-11-30T00:00:00Z", result=replace(RESULT, findings=()))


def told(parts: Services) -> list[tuple[str, str, int]]:
    """Projects with when they were scanned, and how many paths they have."""
    return [(each.name, each.scanned_at, each.paths) for each in projects(parts, None, Filters(sort="name")).rows]


def test_a_scan_is_there_at_the_next_look(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    with services(tmp_path) as parts:
        scans = OwnScans(parts.database, state.folder, "/srv")
        scans.look()
        assert told(parts) == []
        assert record(state, OUTCOME, "1.0") == ""
        scans.look()
        assert told(parts) == [("~/shop", OUTCOME.taken_at, 2)]
        one = project(parts, None, "~/shop")
        assert one is not None
        assert [(each.site.path, len(each.trace)) for each in one.findings] == [
            (each.site.path, len(each.trace)) for each in sorted(OUTCOME.counted, key=lambda each: each.cost)
        ]
        assert record(state, LATER, "1.0") == ""
        assert record(state, replace(LATER, root="/opt/other", name="shop"), "1.0") == ""
        scans.look()
        assert told(parts) == [("/opt/other", LATER.taken_at, 0), ("~/shop", LATER.taken_at, 0)]


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(tmp_path / "state")
    record(state, OUTCOME, "1.0")
    with services(tmp_path) as parts:
        OwnScans(parts.database, state.folder, "").look()

        def read(*given: object) -> bytes:
            raise AssertionError("it is held already")

        monkeypatch.setattr("spawngate.server.own_scans.result", read)
        again = OwnScans(parts.database, state.folder, "")
        again.look()
        monkeypatch.setattr("spawngate.server.own_scans.kept", read)
        again.look()
        assert [each[0] for each in told(parts)] == ["/srv/shop"]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[]", b'{"schema_version": 99}', None])
def test_a_result_that_cannot_be_read_is_left_out(tmp_path: Path, damage: bytes | None) -> None:
    state = State(tmp_path / "state")
    record(state, OUTCOME, "1.0")
    record(state, replace(OUTCOME, root="/srv/other"), "1.0")
    (path,) = [
        each for each in (state.folder / FOLDER / RESULTS).iterdir() if b'"root": "/srv/other"' in each.read_bytes()
    ]
    path.unlink() if damage is None else path.write_bytes(damage)
    with services(tmp_path) as parts:
        OwnScans(parts.database, state.folder, "").look()
        assert [each[0] for each in told(parts)] == ["/srv/shop"]


def test_hostile_folders_and_results_act_nowhere(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    hostile = replace(OUTCOME, root=f"/srv/{HOSTILE}/../%2e%2e/~x", name=HOSTILE)
    assert record(state, hostile, "1.0") == ""
    with services(tmp_path, local=True) as parts:
        OwnScans(parts.database, state.folder, "/srv").look()
        http = client(pages.routes, parts)
        page = http.get("/projects").text
        assert shown(page)
        (link,) = [unescape(each) for each in re.findall(r'href="(/projects/[^"]+)"', page)]
        one = http.get(link)
        assert (one.status_code, shown(one.text)) == (200, True)


def test_names_of_folders() -> None:
    assert name_of("/home/ada/src/shop", "/home/ada") == "~/src/shop"
    assert name_of("/home/ada", "/home/ada") == "~"
    assert name_of("/home/adam/shop", "/home/ada") == "/home/adam/shop"
    assert name_of("/srv/shop", "") == "/srv/shop"
    assert name_of("/" + "x" * 400, "/home/ada") == "x" * 300


def test_every_page_looks_first_and_nothing_else_does(tmp_path: Path) -> None:
    looked: list[Outcome | None] = []

    class Looking(OwnScans):
        def look(self) -> None:
            looked.append(None)

    async def page(request: Request) -> Response:
        return PlainTextResponse("page")

    app = Starlette(routes=[Route("/{path:path}", page, methods=["GET", "POST"])])
    with services(tmp_path) as parts:
        wrapped = LookFirst(app, scans=Looking(parts.database, tmp_path, ""))
        with TestClient(wrapped) as http:
            assert http.get("/projects").text == "page"
            assert http.get("/static/console.css").text == "page"
            assert http.post("/projects").text == "page"
    assert looked == [None]
