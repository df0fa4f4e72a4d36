"""The page of coverage."""

from pathlib import Path

from spawngate.server.console import pages
from tests.server.fleetdata import add_endpoint, client, services


def test_agents_and_gaps_with_hostile_names(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        http = client(pages.routes, parts)
        assert "No endpoint told how its agents stand" in http.get("/coverage").text
        hostile = {"agent": "x", "name": "<script>alert(1)", "state": "off", "why": ["=cmd|' /C calc'!A0"]}
        with parts.database.begin() as connection:
            add_endpoint(connection, "e1", enforcement=[hostile, {"agent": "cursor", "state": "installed"}])
        answer = http.get("/coverage")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert(1)" in answer.text
        assert http.get("/coverage?agent=cursor").text.count('href="/endpoints/e1"') == 1
        assert ',"=cmd' not in http.get("/coverage.csv").text
        assert {each["agent"] for each in http.get("/coverage.json").json()["rows"]} == {"x", "cursor"}
