"""Events in PostgreSQL: the conformance suite."""

import hashlib
from pathlib import Path

import pytest

from spawngate.server.store.postgres.events import PostgresEvents
from tests.server.store.conformance import EventStoreConformance


def schema_of(folder: Path) -> str:
    """A schema for what other adapters keep in a folder."""
    return f"s{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


class TestConformance(EventStoreConformance):
    """PostgreSQL behind the port."""

    @pytest.fixture(autouse=True)
    def _database(self, module_database: str) -> None:
        self.address = module_database

    def open_store(self, folder: Path) -> PostgresEvents:
        return PostgresEvents(self.address, schema_of(folder))
