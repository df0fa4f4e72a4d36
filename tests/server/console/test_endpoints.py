"""The page of all endpoints, over a real database."""

from pathlib import Path

import msgspec

from spawngate.server.console import pages
from spawngate.server.services import Services
from tests.server import fleetdata


def _fill(parts: Services) -> None:
    with parts.database.begin() as connection:
        fleetdata.add_team(connection, 1, "Core")
        fleetdata.add_endpoint(connection, "e1", team=1, host="alpha")
        fleetdata.add_endpoint(connection, "e2", host="beta", seen_at="2026-11-21T11:30:00.000000Z")
        fleetdata.add_endpoint(connection, "e3", host='<script>x</script>"><img \x1b[31m\u202e', platform="macos")
        fleetdata.add_artifact(connection, "e1", "a1", kind="agent", agent="cursor")
        fleetdata.add_artifact(connection, "e1", "a2", tier="unknown")
        fleetdata.add_finding(connection, "e1", "f1", severity="high")


def test_page_shows_states_counts_and_facets(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        with fleetdata.client(pages.routes, parts) as client:
            answer = client.get("/endpoints")
    assert answer.status_code == 200
    assert '<span class="chip good">online</span>' in answer.text
    assert '<span class="chip warn">stale</span>' in answer.text
    assert "Facets" in answer.text
    assert 'href="/endpoints?state=stale"' in answer.text


def test_hostile_names_are_text(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        with fleetdata.client(pages.routes, parts) as client:
            answer = client.get("/endpoints?q=script")
    assert "<script>x" not in answer.text
    assert "&lt;script&gt;x&lt;/script&gt;&#34;&gt;&lt;img \\x1b[31m\\u202e" in answer.text
    assert "\x1b" not in answer.text
    assert "\u202e" not in answer.text


def test_exports_hold_the_whole_answer(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _fill(parts)
        with fleetdata.client(pages.routes, parts) as client:
            table = client.get("/endpoints.csv?state=stale").text
            document = msgspec.json.decode(client.get("/endpoints.json?q=agent:cursor").content)
    assert [line.split(",")[2] for line in table.splitlines()] == ['"host"', '"beta"']
    assert [(row["id"], row["servers"], row["unknown_servers"], row["severity"]) for row in document["rows"]] == [
        ("e1", 1, 1, "high")
    ]
