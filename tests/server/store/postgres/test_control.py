"""Control data in PostgreSQL: the conformance suite, and what was tampered with."""

from pathlib import Path

import pytest

from spawngate.server.store.port import AlteredError, Delivery, Item, StoreError, StoreReadOnlyError
from spawngate.server.store.postgres.connection import Connection, Pool
from spawngate.server.store.postgres.control import PostgresControl
from tests.server.store.conformance import ControlStoreConformance
from tests.server.store.postgres.test_events import schema_of

KEY = b"k" * 32


class TestConformance(ControlStoreConformance):
    """PostgreSQL behind the port."""

    @pytest.fixture(autouse=True)
    def _database(self, module_database: str) -> None:
        self.address = module_database

    def open_control(self, folder: Path) -> PostgresControl:
        return PostgresControl(Pool(self.address, schema_of(folder)), KEY)


def filled(address: str) -> PostgresControl:
    control = PostgresControl(Pool(address), KEY)
    control.put(Item("route", "a", b"1"), Item("route", "b", b"2"), Item("setting", "c", b"3"))
    control.put(Item("route", "a", b"4"))
    control.remove("setting", "c")
    control.delivered(Delivery("2026-11-19T10:00:00.000000Z", "r", "d", "delivered"))
    control.log("one", "two", items=[Item("checkpoint", "log", b"5")])
    return control


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE items SET value='x' WHERE name='a'",
         "items: route 'a' was altered or inserted: its seal does not match"),
        ("DELETE FROM items WHERE name='a'", "items: 1 of 3 rows missing"),
        ("INSERT INTO items SELECT kind, 'z', value, seal FROM items WHERE name='a'",
         "items: route 'z' was altered or inserted: its seal does not match"),
        ("UPDATE log SET text='three' WHERE number=1", "log: line 1 was altered or inserted: its seal does not match"),
        ("DELETE FROM log WHERE number=1", "log: 1 of 2 rows missing"),
        ("DELETE FROM deliveries", "deliveries: 1 of 1 rows missing"),
        ("UPDATE deliveries SET outcome='dead'",
         "deliveries: delivery 1 was altered or inserted: its seal does not match"),
        ("DELETE FROM seals WHERE name='log'", "log: the count of its rows is missing"),
        ("UPDATE seals SET rows=rows+1 WHERE name='log'", "log: 1 of 3 rows missing"),
        ("UPDATE seals SET total=total||'x' WHERE name='log'",
         "log: the count of its rows was altered: its seal does not match"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_shows_and_stays(database: str, statement: str, told: str) -> None:
    control = filled(database)
    assert list(control.faults()) == []
    control.pool.all(statement)
    assert told in list(control.faults())
    control.put(Item("hold", "h", b"more"))
    control.log("more")
    assert list(control.faults()) != []
    control.close()


def test_who_may_only_read_changes_nothing(database: str) -> None:
    filled(database).close()
    control = PostgresControl(Pool(database, read_only=True), b"")
    assert control.get("route", "a") == b"4"
    with pytest.raises(StoreReadOnlyError):
        control.put(Item("route", "a", b"5"))
    control.close()


def test_what_somebody_else_wrote_is_said_to_be_altered(database: str) -> None:
    control = filled(database)
    control.pool.all("UPDATE items SET value='5' WHERE kind='route' AND name='a'")
    assert [item.altered for item in control.items("route") if item.name == "a"] == [True]
    with pytest.raises(AlteredError, match="route 'a' was altered"):
        control.get("route", "a")
    control.put(Item("route", "a", b"6"))
    assert control.get("route", "a") == b"6"
    assert not any(item.altered for item in control.items("route"))
    control.close()


def test_an_owner_that_lost_its_lease_changes_nothing(database: str) -> None:
    control = filled(database)

    def lost(connection: Connection) -> None:
        raise StoreError("the lease is another one's")

    late = control.fenced(lost)
    with pytest.raises(StoreError, match="another one's"):
        late.put(Item("route", "a", b"late"))
    with pytest.raises(StoreError, match="another one's"):
        late.log("late")
    assert (late.get("route", "a"), len(late.log_lines())) == (b"4", 2)
    assert list(control.faults()) == []
    control.close()


def test_tables_of_another_release_are_left_alone(database: str) -> None:
    filled(database).close()
    pool = Pool(database)
    pool.all("UPDATE meta SET value='9' WHERE name='format'")
    with pytest.raises(StoreError, match="another release"):
        PostgresControl(pool, KEY)
    pool.close()
