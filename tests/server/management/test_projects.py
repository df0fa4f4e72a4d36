"""Results of code scans by API."""

from pathlib import Path

from spawngate.report.code_json import render_json
from spawngate.server.access.roles import Permission, Role
from tests.codescan.findings import OUTCOME
from tests.server.applied import world
from tests.server.fleetdata import add_team

DOCUMENT = render_json([OUTCOME])


def test_pushed_read_and_forgotten(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        http = server.program(Role.ANALYST)
        put = http.put("/api/v1/projects/web/gateway?revision=abc", content=DOCUMENT)
        assert (put.status_code, put.json()["item"]["grade"]) == (200, "high")
        (row,) = http.get("/api/v1/projects").json()["items"]
        assert (row["name"], row["grade"], row["revision"]) == ("web/gateway", "high", "abc")
        item = http.get("/api/v1/projects/web/gateway").json()["item"]
        assert item["findings"][0]["grade"] == "high"
        assert http.delete("/api/v1/projects/web/gateway").status_code == 200
        assert http.get("/api/v1/projects/web/gateway").status_code == 404
        assert [what for _, what, _ in server.acts()] == ["project-scanned", "project-removed"]


def test_who_may_and_for_whom(tmp_path: Path) -> None:
    with world(tmp_path) as server:
        with server.parts.database.begin() as connection:
            add_team(connection, 1, "one")
            add_team(connection, 2, "two")
        mine = server.program(Role.ANALYST, team=1)
        assert server.program(Role.READER).put("/api/v1/projects/x", content=DOCUMENT).status_code == 403
        assert mine.put("/api/v1/projects/x?team=2", content=DOCUMENT).status_code == 404
        assert mine.put("/api/v1/projects/x", content=DOCUMENT).status_code == 404
        assert mine.put("/api/v1/projects/x?team=1", content=DOCUMENT).status_code == 200
        assert mine.put("/api/v1/projects/x?team=1", content=b"{}").status_code == 400
        assert server.program(Role.READER, team=2).get("/api/v1/projects").json()["items"] == []
        assert server.program(Role.READER, team=2).get("/api/v1/projects/x").status_code == 404
        narrow = server.program(Role.OWNER, scopes=(Permission.PROJECTS_READ,))
        assert narrow.delete("/api/v1/projects/x?team=1").status_code == 403
