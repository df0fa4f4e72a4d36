"""The embedded control data passes what every adapter passes, and tells what somebody else wrote."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spawngate.server.store.port import AlteredError, ControlStore, Item
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.control import SqliteControl
from tests.server.store.conformance import ControlStoreConformance

KEY = b"k" * 32


class TestConformance(ControlStoreConformance):
    """As it is written."""

    def open_control(self, folder: Path) -> ControlStore:
        return SqliteControl(folder, KEY)


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / files.CONTROL, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def control(tmp_path: Path) -> SqliteControl:
    made = SqliteControl(tmp_path, KEY)
    made.put(Item("route", "a", b"1"), Item("route", "b", b"2"), Item("hold", "h", b"3"))
    return made


@pytest.mark.parametrize(
    ("statement", "altered"),
    [
        ("UPDATE items SET value=CAST('x' AS BLOB) WHERE name='a'", "a"),
        ("UPDATE items SET seal=zeroblob(32) WHERE name='a'", "a"),
        ("UPDATE items SET seal='text' WHERE name='a'", "a"),
        (
            "UPDATE items SET value=(SELECT value FROM items WHERE name='b'), "
            "seal=(SELECT seal FROM items WHERE name='b') WHERE name='a'",
            "a",
        ),
        ("UPDATE items SET name='c' WHERE name='a'", "c"),
        ("UPDATE items SET kind='route', name='c' WHERE name='h'", "c"),
        ("INSERT INTO items VALUES('route', 'c', CAST('1' AS BLOB), zeroblob(32))", "c"),
    ],
)
def test_what_somebody_else_wrote_is_said_to_be_altered(
    control: SqliteControl, tmp_path: Path, statement: str, altered: str
) -> None:
    change(tmp_path, statement)
    found = {item.name: item.altered for item in control.items("route")}
    assert [name for name, is_ in found.items() if is_] == [altered]
    with pytest.raises(AlteredError, match=f"route '{altered}' was altered"):
        control.get("route", altered)
    assert any(f"route {altered!r} was altered" in fault for fault in control.item_faults())
    control.put(Item("route", altered, b"anew"))
    assert control.get("route", altered) == b"anew"
    assert [item.altered for item in control.items("route") if item.name == altered] == [False]
    control.close()


def test_what_was_taken_away_shows_in_the_counts(control: SqliteControl, tmp_path: Path) -> None:
    assert control.item_faults() == []
    change(tmp_path, "DELETE FROM items WHERE name='a'")
    assert control.item_faults() == ["items: 1 of 3 rows missing"]
    assert not any(item.altered for item in control.items("route"))
    control.close()


def test_who_has_no_key_cannot_tell(control: SqliteControl, tmp_path: Path) -> None:
    control.close()
    reader = SqliteControl(tmp_path, b"", read_only=True)
    assert reader.get("route", "a") == b"1"
    assert [item.altered for item in reader.items("route")] == [False, False]
    reader.close()
