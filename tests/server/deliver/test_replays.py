"""`server.deliver.replays`: dead letters of both workers."""

import msgspec

from spawngate.server.deliver.ledger import Ledger, Pending, dead_item
from spawngate.server.deliver.refused import Refused, dead_letters
from spawngate.server.deliver.replays import Letter, dead, discard, replay
from spawngate.server.deliver.routes import REVISION
from spawngate.server.store.port import Item
from tests.routing.samples import NOTICE
from tests.server.deliver.memory import MemoryControl

STREAM = "stream/siem/0123"


def filled() -> MemoryControl:
    control = MemoryControl()
    control.put(dead_item(Pending(NOTICE, "chat", 1.0, 2.0, 3, "HTTP 400", died=50.0)))
    letter = Refused("siem", "splunk", ("laptop-1", "s", 7), "too large", 40.0)
    control.put(Item("dead-letter", STREAM, msgspec.json.encode(letter)))
    return control


LETTERS = [
    Letter(STREAM, "siem", "splunk", "laptop-1/s/7", "too large", 40.0, "stream"),
    Letter(NOTICE.id, "denies", "chat", "Calls denied: rule pipe-to-shell", "HTTP 400", 50.0, "notify"),
]


def test_both_are_listed() -> None:
    assert dead(filled()) == LETTERS


def test_both_are_sent_again_and_workers_are_told() -> None:
    control = filled()
    replay(control, LETTERS, 99.0)
    assert Ledger(control).pending() == {NOTICE.id: Pending(NOTICE, "chat", 99.0, 99.0)}
    assert [each.replay for each in dead_letters(control).values()] == [True]
    assert control.get("setting", REVISION)


def test_what_is_gone_by_then_is_no_error() -> None:
    control = filled()
    discard(control, LETTERS)
    replay(control, LETTERS, 99.0)
    assert (dead(control), Ledger(control).pending()) == ([], {})
    discard(control, [])
