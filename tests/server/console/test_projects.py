"""Pages of code scans."""

from pathlib import Path

import msgspec

from spawngate.report.code_json import render_json
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from spawngate.server.fleet import projects
from tests.codescan.findings import OUTCOME
from tests.server.fleetdata import CSRF, NOW, client, services


def test_the_list_and_a_project_with_hostile_text(tmp_path: Path) -> None:
    tree = projects.read(render_json([OUTCOME]))
    first = tree.findings[0]
    hop = msgspec.structs.replace(first.trace[0], text="<script>alert(1)</script>\u202e")
    hostile = msgspec.structs.replace(first, title='"><img src=x>', trace=(hop, *first.trace[1:]))
    tree = msgspec.structs.replace(tree, findings=(hostile, *tree.findings[1:]))
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert "No result was handed in yet" in http.get("/projects").text
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


def test_a_result_is_handed_in_by_hand(tmp_path: Path) -> None:
    document = render_json([OUTCOME])
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert 'id="hand-in"' in http.get("/projects").text
        form = {"csrf": CSRF, "name": " web/<b>  gateway ", "team": "0", "revision": "abc"}
        made = http.post("/projects", data=form, files={"file": ("scan.json", document)})
        assert (made.status_code, made.headers["location"]) == (303, "/projects/web/%3Cb%3E%20gateway")
        assert http.get(made.headers["location"]).status_code == 200
        (told,) = [each.event for each in parts.events.query(None).entries]
        assert (told.detail["what"], told.subject.name if told.subject else "") == (
            "project-scanned",
            "web/<b> gateway",
        )
        for wrong, file in (
            ({}, b"{}"), ({}, b"\xff"), ({"name": ""}, document), ({"name": "\x1b"}, document),
            ({"name": "x" * 301}, document), ({"team": "x"}, document), ({"team": "77777"}, b"{}"),
        ):  # fmt: skip
            refused = http.post("/projects", data={**form, **wrong}, files={"file": ("scan.json", file)})
            assert refused.status_code == 400
        assert http.post("/projects", data={**form, "file": "no file"}).status_code == 400
        assert http.post("/projects", data={"name": "x"}, files={"file": ("s", document)}).status_code == 403
        reader = client(pages.routes, parts, Principal("Rea", Kind.USER, {0: Role.READER}, csrf=CSRF))
        assert 'id="hand-in"' not in reader.get("/projects").text
        assert reader.post("/projects", data=form, files={"file": ("s", document)}).status_code == 403
