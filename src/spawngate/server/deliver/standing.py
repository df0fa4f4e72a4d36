"""SHELL. How routes stand: what they take, whether they deliver, what waits, what is dead.

Must not be here: how it is printed (the CLI, the console), delivering.
"""

import msgspec

from spawngate.routing.route import Route
from spawngate.server.deliver import replays, routes
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.streams import cursor_of
from spawngate.server.store.port import ControlStore


class Standing(msgspec.Struct, frozen=True):
    """One route."""

    name: str
    destination: str
    kind: str
    """`stream` or `notify`."""
    type: str
    """Of the destination: syslog, slack, ..."""
    match: str
    """A query; empty for every event."""
    limit: str
    enabled: bool
    state: str
    """on, off, `paused: REASON`, `failing: REASON`."""
    waiting: int
    dead: int
    last: str
    """Time and outcome of the last attempt; empty for none."""


def standing(control: ControlStore, loaded: routes.Loaded) -> tuple[Standing, ...]:
    """Every route, by name as they were loaded. Raises StoreError."""
    ledger = Ledger(control)
    pending, dead, breakers = list(ledger.pending().values()), replays.dead(control), ledger.breakers()
    found: list[Standing] = []
    for name, route in loaded.table.routes.items():
        target = loaded.table.destinations[route.text.destination]
        breaker = breakers.get(target.name)
        last = next(iter(control.deliveries(route=name, limit=1)), None)
        found.append(
            Standing(
                name=name,
                destination=target.name,
                kind=route.kind,
                type=target.destination.name,
                match=route.text.match,
                limit="" if route.limit is None else f"{route.limit.number} in {route.limit.seconds:g} s",
                enabled=route.text.enabled,
                state=_state(control, route, breaker.reason if breaker is not None and breaker.open else ""),
                waiting=sum(1 for each in pending if each.notice.route == name),
                dead=sum(1 for each in dead if each.route == name),
                last="" if last is None else f"{last.at[:19]}Z {last.outcome}",
            )
        )
    return tuple(found)


def _state(control: ControlStore, route: Route, reason: str) -> str:
    if not route.text.enabled:
        return "off"
    if route.kind == "stream":
        # Each stream has its own place to wait at, and no breaker.
        cursor = cursor_of(control, route.name)
        return f"failing: {cursor.reason}" if cursor.attempts else "on"
    return f"paused: {reason}" if reason else "on"
