"""Pages of lists: what a form carries on, and what an address leaves out."""

from pathlib import Path

import pytest

from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.console import pages
from tests.server import fleetdata

LISTS = (
    "/endpoints",
    "/servers",
    "/servers/names",
    "/artifacts/skill",
    "/secrets",
    "/findings",
    "/findings/rules",
    "/advisories",
    "/decisions",
    "/changes",
)


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_safe_empty_full_and_exported(tmp_path: Path, path: str) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        empty = client.get(path)
        assert empty.status_code == 200
        assert 'class="empty"' in empty.text
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e4", [fleetdata.decided("deny", fleetdata.HOSTILE, agent=fleetdata.HOSTILE)])
        for query in ("", "?state=closed&answer=fixed", "?q=%3Cscript%3E" if path[1] != "d" and path[1] != "c" else ""):
            full = client.get(path + query)
            assert full.status_code == 200
            assert fleetdata.shown(full.text)
        table = client.get(f"{path}.csv")
        assert table.status_code == 200
        assert "\x1b" not in table.text
        assert "\u202e" not in table.text
        assert all(not cell.startswith('"=') for line in table.text.splitlines() for cell in line.split(","))
        assert client.get(f"{path}.json").json()["schema_version"] == 1


@pytest.mark.parametrize("path", LISTS)
def test_a_foreign_cursor_is_the_callers_fault(tmp_path: Path, path: str) -> None:
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts) as client:
        assert client.get(f"{path}?cursor=rubbish").status_code == 400


@pytest.mark.parametrize("path", LISTS)
def test_a_team_sees_its_own(tmp_path: Path, path: str) -> None:
    reader = Principal("r", Kind.TOKEN, {1: Role.READER})
    with fleetdata.services(tmp_path) as parts, fleetdata.client(pages.routes, parts, reader) as client:
        fleetdata.fill_small(parts)
        fleetdata.add_events(parts, "e1", [fleetdata.decided("deny", "mine")])
        fleetdata.add_events(parts, "e3", [fleetdata.decided("deny", "theirs-gamma")])
        for query in ("", "?team=2", "?team=0", "?team=x"):
            text = client.get(path + query).text + client.get(f"{path}.csv{query}").text
            for foreign in ("gamma", "fp-drift", "other-server", "Web"):
                assert foreign not in text, (query, foreign)
