"""The setting of ClickHouse."""

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.store.clickhouse.settings import Settings, settings_of


def read(text: str) -> Settings:
    return settings_of({"SPAWNGATE_CLICKHOUSE": text})


def test_addresses() -> None:
    assert read("clickhouse://ch.example.org") == Settings(host="ch.example.org", port=8123)
    assert read("clickhouse://writer:p%40ss@ch:9001/trail?secure=1&ttl_days=400") == Settings(
        host="ch", port=9001, user="writer", password="p@ss", database="trail", secure=True, ttl_days=400
    )
    assert read("clickhouse://ch/db?cluster=main&replicated=1&distributed=1&table=t&secure=1") == Settings(
        host="ch", port=8443, database="db", cluster="main", replicated=True, distributed=True, table="t", secure=True
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "http://ch", "clickhouse://", "clickhouse://ch:port", "clickhouse://ch/a`b", "clickhouse://ch?secure=yes",
        "clickhouse://ch?cluster=a;b", "clickhouse://ch?ttl_days=-1", "clickhouse://ch?ttl_days=x", "clickhouse://ch?odd=1",
        "clickhouse://ch?distributed=1", "clickhouse://ch?table=", "clickhouse://ch?%%%", "clickhouse://[x",
    ],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="SPAWNGATE_CLICKHOUSE"):
        read(text)


def test_the_password_is_not_shown() -> None:
    assert repr(read("clickhouse://u:secret@ch/db")) == "Settings(ch:8123/db.spawngate_events)"
