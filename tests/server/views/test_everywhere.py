"""A search through all artifacts says what the lists of each kind say."""

from pathlib import Path

import pytest
from sqlalchemy import update

from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.services import Services
from spawngate.server.views import artifacts, servers
from spawngate.server.views.everywhere import First, first_of_each
from spawngate.server.views.filters import Filters
from tests.server import fleetdata

KINDS = ("mcp_server", *artifacts.KINDS, "secret")


def listed(parts: Services, teams: frozenset[int] | None, words: tuple[str, ...], kind: str, most: int) -> First:
    """The first rows of the list of one kind."""
    asked = Filters(words=words, limit=most)
    if kind == "mcp_server":
        found = servers.servers(parts, teams, asked, facets=False)
        return First(found.rows, found.cursor is not None)
    if kind == "secret":
        secrets = artifacts.secrets(parts, teams, asked, facets=False)
        return First(secrets.rows, secrets.cursor is not None)
    names = artifacts.artifacts(parts, teams, kind, asked, facets=False)
    return First(names.rows, names.cursor is not None)


@pytest.mark.parametrize("most", [1, 6])
@pytest.mark.parametrize("teams", [None, frozenset({1}), frozenset[int]()])
@pytest.mark.parametrize("words", [("files",), ("e",), ("FILES", "e"), ("server-files",), ("%",), ("<script>",)])
def test_it_says_what_the_lists_say(
    tmp_path: Path, words: tuple[str, ...], teams: frozenset[int] | None, most: int
) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        found = first_of_each(parts, teams, words, KINDS, most)
        lists = {kind: listed(parts, teams, words, kind, most) for kind in KINDS}
    assert found == {kind: first for kind, first in lists.items() if first.rows}


def test_only_of_the_kinds_that_are_asked_for(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        assert set(first_of_each(parts, None, ("e",), ("skill", "secret"), 6)) == {"skill", "secret"}
        assert first_of_each(parts, None, ("e",), (), 6) == {}


def test_a_package_is_looked_for_among_servers_alone(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        fleetdata.fill_small(parts)
        with parts.database.begin() as connection:
            connection.execute(update(ARTIFACTS).values(package="unheard-of"))
        found = first_of_each(parts, None, ("heard-of",), KINDS, 6)
        assert found == {"mcp_server": listed(parts, None, ("heard-of",), "mcp_server", 6)}
    assert found["mcp_server"].rows
