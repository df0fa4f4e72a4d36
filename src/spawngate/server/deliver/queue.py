"""Notices on their way, as the worker goes through them: by destination, oldest first, without looking at all of them.

A destination that was away has thousands that wait; what one step costs must not grow with them.
Must not be here: what may be sent now (`worker`), how they are stored (`ledger`).
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping

from spawngate.server.deliver.ledger import Pending

_Place = tuple[float, str]
"""Creation and id: equal ones are the same notice."""


class Queue:
    """Every notice that is not delivered and not dead. For one thread."""

    def __init__(self, pending: Mapping[str, Pending]) -> None:
        """By id."""
        self._by_id: dict[str, Pending] = dict(pending)
        self._order: dict[str, list[_Place]] = {}
        for each in self._by_id.values():
            self._order.setdefault(each.destination, []).append((each.created, each.notice.id))
        for places in self._order.values():
            places.sort()

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, id: str) -> bool:
        return id in self._by_id

    def put(self, pending: Pending) -> None:
        """One more, or one as it stands now."""
        before = self._by_id.get(pending.notice.id)
        if before is None or (before.created, before.destination) != (pending.created, pending.destination):
            self.pop(pending.notice.id)
            insort(self._order.setdefault(pending.destination, []), (pending.created, pending.notice.id))
        self._by_id[pending.notice.id] = pending

    def pop(self, id: str) -> None:
        """It is delivered, or dead. One that is not there changes nothing."""
        gone = self._by_id.pop(id, None)
        if gone is None:
            return
        places = self._order[gone.destination]
        del places[bisect_left(places, (gone.created, id))]
        if not places:
            del self._order[gone.destination]

    def destinations(self) -> tuple[str, ...]:
        """Those that something waits for, in the order of their names."""
        return tuple(sorted(self._order))

    def of(self, destination: str) -> Iterator[Pending]:
        """What waits for a destination, oldest first. What is looked at may be put and popped meanwhile."""
        at: _Place | None = None
        while True:
            places = self._order.get(destination, [])
            next_ = 0 if at is None else bisect_left(places, (at[0], at[1] + "\0"))
            if next_ >= len(places):
                return
            at = places[next_]
            yield self._by_id[at[1]]
