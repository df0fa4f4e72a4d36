"""The console's first page."""

from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from tests.server.fleetdata import CSRF, NOW, add_artifact, add_endpoint, client, services


def test_the_page_answers_and_escapes(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            hooked = {
                "agent": "<script>x",
                "name": "<script>alert(1)</script>",
                "state": "installed",
                "mode": "enforce",
            }
            add_endpoint(connection, "e1", enforcement=[hooked], inventory="d" * 64, scanned_at=NOW)
            add_artifact(connection, "e1", "a1")
        answer = client(pages.routes, parts).get("/")
        assert answer.status_code == 200
        assert "Where can user-controlled, model-generated or remote data reach a launch command?" in answer.text
        assert "1 configured MCP server (1 definition) on 1 endpoint." in answer.text
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"local": True}, "spawngate protect --launches"),
        ({"local": True, "synthetic": True}, "spawngate protect --scope managed"),
        ({}, "spawngate protect --scope managed"),
    ],
)
def test_what_to_do_next_is_of_this_console(tmp_path: Path, more: dict[str, bool], expected: str) -> None:
    with services(tmp_path) as parts:
        with parts.database.begin() as connection:
            add_endpoint(connection, "e1")
        page = client(pages.routes, replace(parts, **more)).get("/").text  # type: ignore[arg-type]  # two of its fields
        assert f"<code>{expected}</code>" in page


def test_a_server_without_endpoints_says_how_they_come(tmp_path: Path) -> None:
    with services(tmp_path, base="https://gate.example") as parts:
        page = client(pages.routes, parts).get("/").text
        assert "<code>spawngate enroll --server https://gate.example</code>" in page
        assert 'href="/administration/enrolments"' in page
        reader = Principal("Rea", Kind.USER, {0: Role.READER}, csrf=CSRF)
        assert 'href="/administration/enrolments"' not in client(pages.routes, parts, reader).get("/").text
