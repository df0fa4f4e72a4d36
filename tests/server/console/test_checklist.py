"""The console's first page."""

from pathlib import Path

from spawngate.server.console import pages
from tests.server.fleetdata import NOW, add_artifact, add_endpoint, client, services


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
