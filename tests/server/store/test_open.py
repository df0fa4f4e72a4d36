"""A store from its setting."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from spawngate.cli.audit import command
from spawngate.model.errors import UsageError
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.open import open_store, verify_address
from spawngate.server.store.postgres.connection import Pool
from tests.server.store.conformance import Source


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


def test_a_shared_store_is_verified_from_the_command_line(database: str, tmp_path: Path) -> None:
    with open_store(database, tmp_path, {}) as store:
        store.events.append(Source().entries(3))
        store.upkeep()
        key = str(store.signer.verifier)
    runner = CliRunner()
    given = ["verify", "--address", "-", "--folder", str(tmp_path), "--key", key, "--format", "json"]
    done = runner.invoke(command, given, env={"SPAWNGATE_SERVER_STORE": database})
    assert (done.exit_code, "altered" in done.output) == (0, False)
    pool = Pool(database)
    pool.all("DELETE FROM log")
    pool.all("UPDATE items SET value='x'")
    pool.close()
    done = runner.invoke(command, given, env={"SPAWNGATE_SERVER_STORE": database})
    assert (done.exit_code, "altered" in done.output) == (1, True)


def test_addresses_that_cannot_be_verified(tmp_path: Path) -> None:
    for address in ("", "x", "mysql://a/b"):
        with pytest.raises(UsageError, match="postgresql://"):
            verify_address(address, tmp_path, {})
