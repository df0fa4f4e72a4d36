"""A fleet database for tests, and times that tests choose."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from spawngate.server.fleet.database import Database, open_fleet
from spawngate.trail.moment import stamp

_START = datetime(2026, 11, 22, 10, tzinfo=UTC)


def at(**later: float) -> str:
    """A moment: `at(hours=2)` is two hours after the start of every test."""
    return stamp(_START + timedelta(**later))


NOW = at()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty fleet."""
    with open_fleet(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A transaction in an empty fleet."""
    with database.begin() as opened:
        yield opened
