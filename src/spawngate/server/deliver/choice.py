"""Which notices of one destination are sent now, and which are given up: a decision over what waits, oldest first.

Must not be here: how many may be on their way (`worker`), sending, the clock.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from spawngate.routing import breaker as breakers
from spawngate.routing.backoff import PATIENCE
from spawngate.routing.breaker import Breaker
from spawngate.server.deliver.ledger import Pending


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done."""

    begin: tuple[Pending, ...]
    dead: tuple[tuple[Pending, str], ...]
    """Given up, and why."""


def chosen(waiting: Iterable[Pending], room: int, busy: Container[str], breaker: Breaker, now: float) -> Choice:
    """At most `room` that begin. `waiting`: oldest first; `busy`: ids of those that are on their way; `now`: Unix
    seconds. No more of what waits is looked at than is needed."""
    begin: list[Pending] = []
    dead: list[tuple[Pending, str]] = []
    first: set[tuple[str, str]] = set()
    admits = bool(breakers.admits(breaker, now))
    for pending in waiting:
        if len(begin) >= room:
            break
        group = (pending.notice.route, pending.notice.key)
        if group in first:
            continue  # an earlier notice of its group is on its way: they stay in order
        first.add(group)
        if pending.notice.id in busy:
            continue
        if admits and pending.due <= now:
            begin.append(pending)
        elif now - pending.created > PATIENCE:
            dead.append((pending, pending.reason or breaker.reason))
        elif not admits:
            break  # those behind it are younger
    return Choice(tuple(begin), tuple(dead))


def unusable(waiting: Iterable[Pending], now: float, *, removed: bool) -> Choice:
    """The same for a destination that is there no more, or cannot be used as it is set up."""
    dead: list[tuple[Pending, str]] = []
    for pending in waiting:
        if removed:
            dead.append((pending, "the destination was removed"))
        elif now - pending.created > PATIENCE:
            dead.append((pending, "the destination could not be used"))
        else:
            break
    return Choice((), tuple(dead))
