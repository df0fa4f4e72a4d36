"""Days as ids and as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.server.store.port import StoreDamagedError
from spawngate.server.store.postgres import tables
from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.tables import EVENTS, SHARED, day_and_number, first_id, name_of, number_of


@given(st.integers(0, 2_900_000), st.integers(1, (1 << 40) - 1))
def test_an_id_is_a_day_and_a_number(day: int, number: int) -> None:
    assert day_and_number(first_id(day) + number) == (day, number)
    assert first_id(day) + number < 1 << 63
    assert number_of(name_of(day)) == day


@pytest.mark.parametrize("day", ["", "x", "2026-13-01", "20261119", "2026-11-19.01", "1969-12-31", "2026-W47-4"])
def test_days_that_are_none(day: str) -> None:
    with pytest.raises(UsageError):
        number_of(day)


def test_a_schema_keeps_its_events_in_one_place(database: str) -> None:
    pool = Pool(database)
    with pool.lent() as connection:
        tables.create(connection, pool.schema, tables.CREATE)
        with pytest.raises(StoreDamagedError):
            tables.keeps(connection, "PostgreSQL", "events")
    with pytest.raises(StoreDamagedError, match="PostgreSQL"), pool.lent() as connection:
        tables.keeps(connection, "ClickHouse", "days")
    pool.close()


def test_days_are_made_and_dropped_whole(database: str) -> None:
    pool = Pool(database)
    with pool.lent() as connection:
        assert tables.create(connection, pool.schema, tables.CREATE + tables.CREATE_EVENTS)
        assert not tables.create(connection, pool.schema, tables.CREATE + tables.CREATE_EVENTS)
    before = {name for (name,) in pool.all("SELECT tablename FROM pg_tables WHERE schemaname='store'")}
    with pool.transaction() as connection:
        for _ in range(2):
            tables.make_day(connection, number_of("2026-11-19"), (*SHARED, *EVENTS))
    after = {name for (name,) in pool.all("SELECT tablename FROM pg_tables WHERE schemaname='store'")}
    assert after - before == {f"{parent}_20261119" for parent in (*SHARED, *EVENTS)}
    assert pool.all("SELECT id-%s, value FROM words ORDER BY id", first_id(number_of("2026-11-19"))) == [
        (1, '["allow"]'), (2, '["log"]'), (3, '["ask"]'), (4, '["deny"]'),
    ]  # fmt: skip
    bounds = pool.one("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname='events_20261119'")
    assert bounds == f"FOR VALUES FROM ('{20776 << 40}') TO ('{20777 << 40}')"
    assert pool.one("SELECT count(*) FROM pg_indexes WHERE tablename='events_20261119' AND indexdef LIKE '%brin%'") == 1
    with pool.transaction() as connection:
        tables.drop_day(connection, number_of("2026-11-19"), (*SHARED, *EVENTS))
    assert {name for (name,) in pool.all("SELECT tablename FROM pg_tables WHERE schemaname='store'")} == before
    pool.close()
