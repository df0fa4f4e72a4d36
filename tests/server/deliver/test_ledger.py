"""`server.deliver.ledger`: what is written is read again, and what another version wrote is left alone."""

import msgspec

from spawngate.routing.breaker import Breaker
from spawngate.routing.group import Group
from spawngate.routing.schedule import Window
from spawngate.server.deliver.ledger import Applied, Ledger, Pending, breaker_item, dead_item, group_item, notice_item
from spawngate.server.store.port import Item
from tests.routing.samples import NOTICE
from tests.server.deliver.memory import MemoryControl

PENDING = Pending(NOTICE, "chat", 10.0, 12.0, 1, "HTTP 500")
GROUP = Group("k", "denies", {"rule": "r"}, total=3, endpoints=b"\x00\xff" * 8)


def test_groups_and_what_was_taken_are_one_step() -> None:
    control = MemoryControl()
    Ledger(control).taken("m", ["1", "2"], [GROUP])
    assert control.writes == 1
    assert Ledger(control).groups() == {"denies": {"k": GROUP}}
    assert Ledger(control).applied() == {"m": Applied(("1", "2"))}
    Ledger(control).forget_applied("m")
    assert Ledger(control).applied() == {}


def test_notices_and_groups_that_they_tell_are_one_step() -> None:
    control = MemoryControl()
    ledger = Ledger(control)
    window = Window((1.0,), 2, 3.0, remembered={"ts": "1"})
    ledger.told("denies", window, [GROUP], [], [PENDING])
    assert control.writes == 1
    assert (ledger.windows(), ledger.pending()) == ({"denies": window}, {NOTICE.id: PENDING})
    ledger.told("denies", window, [], ["k"], [])
    assert ledger.groups() == {}


def test_a_notice_to_its_end() -> None:
    control = MemoryControl()
    ledger = Ledger(control)
    dead = msgspec.structs.replace(PENDING, reason="refused", died=99.0)
    control.put(notice_item(PENDING))
    assert ledger.pending() == {NOTICE.id: PENDING}
    control.change(put=[dead_item(dead)], remove=[("notice", NOTICE.id)])
    assert (ledger.pending(), ledger.dead()) == ({}, {NOTICE.id: dead})
    again = ledger.replayed(dead, 100.0)
    assert again == Pending(NOTICE, "chat", 100.0, 100.0)
    assert (ledger.pending(), ledger.dead()) == ({NOTICE.id: again}, {})


def test_breakers() -> None:
    ledger = Ledger(MemoryControl())
    ledger.control.put(breaker_item("chat", Breaker(3, 1, 50.0, "HTTP 500")))
    assert ledger.breakers() == {"chat": Breaker(3, 1, 50.0, "HTTP 500")}


def test_many_pages_and_what_nobody_understands() -> None:
    control = MemoryControl()
    control.put(*(group_item(msgspec.structs.replace(GROUP, key=f"k{number}")) for number in range(2500)))
    control.put(Item("group", "denies/zzz", b"of another version"))
    assert len(Ledger(control).groups()["denies"]) == 2500
