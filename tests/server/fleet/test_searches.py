"""Saved searches."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from spawngate.model.errors import UsageError
from spawngate.server.fleet import searches
from spawngate.server.fleet.database import ConflictError, Database
from spawngate.server.fleet.searches import Search
from spawngate.server.fleet.tables import USERS
from tests.server import fleetdata


def _users(database: Database) -> None:
    with database.begin() as connection:
        for number in (1, 2):
            connection.execute(insert(USERS).values(id=number, name=f"u{number}", created_at=fleetdata.NOW))


def test_ones_own_and_everybodys(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _users(parts.database)
        mine = searches.save(parts.database, 1, "endpoints", "  my   one ", "state=stale")
        all_ = searches.save(parts.database, None, "endpoints", "everybody", "q=x")
        searches.save(parts.database, 1, "servers", "another page", "q=y")
        assert mine == Search(mine.id, "endpoints", "my one", "state=stale", 1)
        assert searches.of_page(parts.database, 1, "endpoints") == (all_, mine)
        assert searches.of_page(parts.database, 2, "endpoints") == (all_,)
        assert searches.of_page(parts.database, None, "endpoints") == (all_,)
        assert [each.page for each in searches.of_user(parts.database, 1)] == ["endpoints", "endpoints", "servers"]
        assert (mine.shared, all_.shared) == (False, True)


def test_nobody_removes_anothers(tmp_path: Path) -> None:
    with fleetdata.services(tmp_path) as parts:
        _users(parts.database)
        mine = searches.save(parts.database, 1, "endpoints", "mine", "q=x")
        all_ = searches.save(parts.database, None, "endpoints", "all", "q=x")
        assert searches.remove(parts.database, 2, mine.id, shared=True) is None
        assert searches.remove(parts.database, 2, all_.id, shared=False) is None
        assert searches.remove(parts.database, 2, all_.id, shared=True) == all_
        assert searches.remove(parts.database, 1, mine.id, shared=False) == mine
        assert searches.of_user(parts.database, 1) == ()


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fleetdata.services(tmp_path) as parts:
        searches.save(parts.database, None, "endpoints", "taken", "q=x")
        with pytest.raises(ConflictError):
            searches.save(parts.database, None, "endpoints", "taken", "q=y")
        for name, query in (("", "q"), (" ", "q"), ("n" * 101, "q"), ("n", "q" * 4_001)):
            with pytest.raises(UsageError):
                searches.save(parts.database, None, "endpoints", name, query)
        monkeypatch.setattr(searches, "MOST", 1)
        with pytest.raises(UsageError, match="remove one first"):
            searches.save(parts.database, None, "endpoints", "second", "q=y")
