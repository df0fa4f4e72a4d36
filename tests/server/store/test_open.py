"""A store from its setting."""

from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.open import open_store


def test_no_address_is_the_embedded_store(tmp_path: Path) -> None:
    with open_store("", tmp_path, {}) as store:
        assert isinstance(store, EmbeddedStore)
        assert store.folder == tmp_path


@pytest.mark.parametrize("address", ["x", "mysql://a/b", "postgresql://", "http://x/y", "clickhouse://x/y", "/var/x"])
def test_addresses_that_are_none(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="postgresql://"):
        open_store(address, tmp_path, {})


def test_an_address_of_postgresql(database: str, tmp_path: Path) -> None:
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        with open_store(database.replace("postgresql", scheme, 1), tmp_path, {}) as store:
            assert store.events.days() == []
