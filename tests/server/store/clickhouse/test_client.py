"""Errors of ClickHouse in the words of the port."""

import socket

import pytest

from spawngate.server.store.clickhouse.client import Client
from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.port import StoreError


def test_one_that_is_away_is_told_without_values() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        client = Client(Settings(host="127.0.0.1", port=nobody.getsockname()[1], user="secret-user", password="pass"))
        with pytest.raises(StoreError) as told:
            client.rows("SELECT 1")
        client.close()
    assert str(told.value).startswith("ClickHouse: ")
    assert "secret-user" not in str(told.value)
