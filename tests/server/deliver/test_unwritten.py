"""`server.deliver.unwritten`: one commit for all of it, and all of it again where that fails."""

import pytest

from spawngate.server.deliver.unwritten import Unwritten
from spawngate.server.store.port import Delivery, Item, StoreError
from tests.server.deliver.memory import MemoryControl

DELIVERY = Delivery("2026-11-21T12:00:00.000000Z", "r", "d", "delivered", "k")


def test_the_last_word_on_a_name_counts_and_all_is_one_commit() -> None:
    control = MemoryControl()
    control.put(Item("notice", "gone", b"1"), Item("notice", "back", b"1"))
    before = control.writes
    unwritten = Unwritten(control)
    unwritten.put(Item("notice", "a", b"1"), Item("notice", "a", b"2"))
    unwritten.remove("notice", "gone")
    unwritten.remove("notice", "back")
    unwritten.put(Item("notice", "back", b"2"))
    unwritten.delivered(DELIVERY)
    unwritten.write()
    unwritten.write()
    assert control.writes == before + 1
    assert control.data == {("notice", "a"): b"2", ("notice", "back"): b"2"}
    assert [each.dedup_key for each in control.noted] == ["k"]


def test_what_cannot_be_stored_waits() -> None:
    control = MemoryControl()
    unwritten = Unwritten(control)
    unwritten.put(Item("notice", "a", b"1"))
    control.full = True
    for _ in range(2):
        with pytest.raises(StoreError):
            unwritten.write()
    control.full = False
    unwritten.delivered(DELIVERY)
    unwritten.write()
    assert (control.data, len(control.noted)) == ({("notice", "a"): b"1"}, 1)
