"""Pages of code scans."""

from pathlib import Path

import msgspec

from spawngate.report.code_json import render_json
from spawngate.server.console import pages
from spawngate.server.fleet import projects
from tests.codescan.findings import OUTCOME
from tests.server.fleetdata import NOW, client, services


def test_the_list_and_a_project_with_hostile_text(tmp_path: Path) -> None:
    tree = projects.read(render_json([OUTCOME]))
    first = tree.findings[0]
    hop = msgspec.structs.replace(first.trace[0], text="<script>alert(1)</script>\u202e")
    hostile = msgspec.structs.replace(first, title='"><img src=x>', trace=(hop, *first.trace[1:]))
    tree = msgspec.structs.replace(tree, findings=(hostile, *tree.findings[1:]))
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert "No project was pushed yet" in http.get("/projects").text
        with parts.database.begin() as connection:
            projects.hold(connection, 0, "web/<b>gateway", "abc", tree, NOW)
        listed = http.get("/projects")
        assert "web/&lt;b&gt;gateway" in listed.text
        one = http.get("/projects/web/%3Cb%3Egateway")
        assert one.status_code == 200
        assert "<script>alert" not in one.text
        assert "<img src=x" not in one.text
        assert "\u202e" not in one.text
        assert http.get("/projects/none").status_code == 404
        assert http.get("/projects.csv").text.startswith('"name",')
