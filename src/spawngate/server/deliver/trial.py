"""SHELL. A marked test of one route: the same exchange as a real delivery, at once and by itself.

Must not be here: what a test looks like in each format (the destinations).
"""

from datetime import UTC, datetime

from spawngate.model.errors import UsageError
from spawngate.routing.destination import Batch, Context, Outcome
from spawngate.routing.notice import Notice
from spawngate.routing.schedule import marked_test
from spawngate.routing.table import Named
from spawngate.server.deliver.carry import Carrier, exchange
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import Loaded, changed
from spawngate.server.store.port import ControlStore, Delivery, Entry
from spawngate.trail import chain
from spawngate.trail.event import SCHEMA_VERSION, DeliveryRecord, Event, EventType
from spawngate.trail.moment import of_seconds

ENDPOINT = "spawngate-test"


def trial(
    control: ControlStore, loaded: Loaded, name: str, now: float, draw: str, carrier: Carrier | None = None
) -> Outcome:
    """Send a test to a route's destination and note the delivery. One that arrives ends a pause of the destination.

    Raises UsageError where there is no such route.

    `now`: Unix seconds. `draw`: random text, so that no receiver takes it for the test before.
    """
    route = loaded.table.routes.get(name)
    if route is None:
        problem = loaded.problems.get(f"route.{name}")
        names = ", ".join(sorted(loaded.table.routes)) or "none"
        raise UsageError(f"route {name}: {problem}" if problem else f"there is no route {name!r}; there is {names}")
    target = loaded.table.destinations[route.text.destination]
    notice = marked_test(name, now, draw)
    load: Notice | Batch = notice if route.kind == "notify" else _batch(notice, target, now)
    outcome = exchange(carrier or Carrier(), target.destination, target.settings, load, Context(of_seconds(now)))
    if outcome.state == "delivered" and Ledger(control).answered(target.name):
        control.put(changed())
    took = datetime.now(UTC).timestamp() - now
    control.delivered(
        Delivery(
            at=of_seconds(now),
            route=name,
            destination=target.name,
            outcome="test" if outcome.state == "delivered" else f"test-{outcome.state}",
            dedup_key=notice.id,
            events=1,
            detail=outcome.reason,
            milliseconds=max(0, round(took * 1000)),
        )
    )
    return outcome


def _batch(notice: Notice, target: Named, now: float) -> Batch:
    """One event of ours. It is in no trail: its stream says that it is a test."""
    at = of_seconds(now)
    event = Event(
        type=EventType.DELIVERY,
        at=at,
        schema_version=SCHEMA_VERSION,
        endpoint=ENDPOINT,
        channel="command",
        message=f"{notice.title}. Nothing happened.",
        detail={"test": True},
        delivery=DeliveryRecord(notice.route, target.name, target.destination.name, "test"),
    )
    record, head = chain.seal(event, chain.Head(f"test-{notice.id}", 0, chain.GENESIS))
    entry = Entry(ENDPOINT, f"test-{notice.id}", head.sequence, at, at, event.type, record)
    return Batch(notice.route, notice.id, (entry,))
