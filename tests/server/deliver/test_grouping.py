"""`server.deliver.grouping`: taking in, marks, and what a destination wants remembered. Kills: test_worker.py."""

import msgspec

from spawngate.routing.destination import Outcome
from spawngate.routing.table import Table
from spawngate.server.deliver.grouping import LEASE, Grouping, notify
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import Loaded, add, load, outbox
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.store.port import Entry
from spawngate.trail.moment import of_seconds
from tests.routing.samples import deny, encoded
from tests.server.deliver.memory import MemoryControl, MemoryEvents
from tests.server.deliver.test_worker import ROUTES, T

SEALER = Sealer(b"1" * 32)
STREAM = '[destination.siem]\ntype = "syslog"\nhost = "a.example"\n[[route]]\nname = "all"\ndestination = "siem"\n'


def scene(count: int = 3) -> tuple[Grouping, MemoryEvents, MemoryControl, Loaded]:
    events, control = MemoryEvents(), MemoryControl()
    add(control, SEALER, ROUTES + STREAM, {})
    loaded = load(control, SEALER)
    batch = [
        Entry("laptop-1", "s", n + 1, of_seconds(T), of_seconds(T), "decision", encoded(deny())) for n in range(count)
    ]
    events.append(batch, outbox(batch, loaded.table, of_seconds(T)))
    return Grouping(events, Ledger(control)), events, control, loaded


def test_streams_are_no_notify_routes() -> None:
    _, events, _, loaded = scene()
    assert (list(notify(loaded)), events.waiting()) == (["denies"], 3)


def test_entries_are_taken_once_also_when_their_lease_ran_out() -> None:
    grouping, events, control, loaded = scene()
    settle = events.settle
    events.settle = lambda worker, settled: 0  # type: ignore[method-assign]  # as if the lease had run out before
    assert grouping.take(loaded, T)
    events.settle = settle  # type: ignore[method-assign]  # as it was
    assert len(Ledger(control).applied()) == 1
    assert grouping.take(loaded, T + LEASE + 1)
    assert not grouping.take(loaded, T + LEASE + 1)
    ((group,),) = (found.values() for found in Ledger(control).groups().values())
    assert (group.total, events.waiting(), Ledger(control).applied()) == (3, 0, {})


def test_what_is_put_back_is_not_marked_as_taken() -> None:
    grouping, events, control, _ = scene(1)
    add(control, SEALER, ROUTES.replace("denies", "other"), {})
    both = load(control, SEALER)
    batch = [Entry("laptop-1", "s", 9, of_seconds(T), of_seconds(T), "decision", encoded(deny()))]
    events.append(batch, outbox(batch, both.table, of_seconds(T)))
    broken = Loaded(
        Table(both.table.destinations, {name: route for name, route in both.table.routes.items() if name != "other"}),
        {"route.other": "cannot be used now"},
    )
    settle = events.settle
    events.settle = lambda worker, settled: 0  # type: ignore[method-assign]  # the leases ran out
    grouping.take(broken, T)
    events.settle = settle  # type: ignore[method-assign]  # as it was
    grouping.take(both, T + LEASE + 1)
    assert {route: sum(each.total for each in found.values()) for route, found in Ledger(control).groups().items()} == {
        "denies": 2,
        "other": 1,
    }


def test_what_is_due_is_told_once_and_waits_until_then() -> None:
    grouping, _, control, loaded = scene()
    grouping.take(loaded, T)
    assert grouping.waits(loaded, T)
    assert grouping.tell(loaded, T + 29) == []
    (pending,) = grouping.tell(loaded, T + 30)
    assert (pending.notice.total, pending.destination, pending.due) == (3, "hook", T + 30)
    assert grouping.tell(loaded, T + 31) == []
    assert not grouping.waits(loaded, T + 31)
    assert Ledger(control).pending() == {pending.notice.id: pending}


def test_what_a_destination_wants_remembered_stays_with_the_group() -> None:
    grouping, events, control, loaded = scene()
    grouping.take(loaded, T)
    (pending,) = grouping.tell(loaded, T + 30)
    items = grouping.learnt(pending.notice, Outcome("delivered", remember={"issue": "SEC-1"}))
    control.put(*items)
    assert grouping.remembered(pending.notice) == {"issue": "SEC-1"}
    assert Grouping(events, Ledger(control)).remembered(pending.notice) == {"issue": "SEC-1"}
    digest = msgspec.structs.replace(pending.notice, kind="digest")
    control.put(*grouping.learnt(digest, Outcome("delivered", remember={"issue": "SEC-2"})))
    assert Grouping(events, Ledger(control)).remembered(digest) == {"issue": "SEC-2"}
    gone = msgspec.structs.replace(pending.notice, key="another")
    assert (grouping.remembered(gone), grouping.learnt(gone, Outcome("delivered", remember={"a": "b"}))) == ({}, ())
