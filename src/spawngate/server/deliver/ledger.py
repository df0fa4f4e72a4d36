"""SHELL. What the notify worker keeps in the control store: groups, windows, notices, breakers, dead letters.

INVARIANT: a step that must not be seen half is one `put`. Taken events and the mark that they were taken are one;
groups that were told and the notices that tell them are one. What is deleted afterwards may be deleted again.
Must not be here: when and what (`routing`), the loop (`worker`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from spawngate.routing.breaker import Breaker
from spawngate.routing.group import Group
from spawngate.routing.notice import Notice
from spawngate.routing.schedule import Window
from spawngate.server.store.port import ControlStore, Item, Kind

T = TypeVar("T")
_PAGE = 1000


class Pending(msgspec.Struct, frozen=True, omit_defaults=True):
    """A notice on its way."""

    notice: Notice
    destination: str
    created: float
    """Unix seconds, as every time here."""
    due: float
    attempts: int = 0
    """Attempts that were begun, also those that a crash cut off."""
    reason: str = ""
    """Of the last attempt; of a dead letter, why it is one."""
    remembered: Mapping[str, str] = {}
    """What was remembered of its group when it was made: a closed group is gone."""
    died: float = 0.0
    learnt: Mapping[str, str] = {}
    """What its attempts taught that failed: which recipients are left."""
    begun: bool = False
    """An attempt is under way, or was when its worker died."""


class Applied(msgspec.Struct, frozen=True):
    """Outbox entries that groups have taken and that may not be settled yet, by route and key."""

    ids: tuple[str, ...]


class Ledger:
    """The control store, as the worker uses it."""

    def __init__(self, control: ControlStore) -> None:
        self.control = control

    def groups(self) -> dict[str, dict[str, Group]]:
        """By route and key."""
        found: dict[str, dict[str, Group]] = {}
        for group in self._all("group", Group):
            found.setdefault(group.route, {})[group.key] = group
        return found

    def windows(self) -> dict[str, Window]:
        """By route."""
        return {item.name: window for item, window in self._named("window", Window)}

    def breakers(self) -> dict[str, Breaker]:
        """By destination."""
        return {item.name: breaker for item, breaker in self._named("breaker", Breaker)}

    def pending(self) -> dict[str, Pending]:
        """By id."""
        return {item.name: pending for item, pending in self._named("notice", Pending)}

    def dead(self) -> dict[str, Pending]:
        """By id."""
        return {item.name: pending for item, pending in self._named("dead-letter", Pending)}

    def applied(self) -> dict[str, Applied]:
        """Marks that a crash left, by name."""
        return {item.name: applied for item, applied in self._named("applied", Applied)}

    def taken(self, name: str, ids: Sequence[str], groups: Iterable[Group]) -> None:
        """Groups with new events, and the mark of these events."""
        self.control.put(Item("applied", name, msgspec.json.encode(Applied(tuple(ids)))), *map(group_item, groups))

    def forget_applied(self, *names: str) -> None:
        """The outbox entries are settled."""
        if names:
            self.control.remove("applied", *names)

    def told(
        self, route: str, window: Window, changed: Iterable[Group], removed: Sequence[str], pending: Iterable[Pending]
    ) -> None:
        """A round of a route: notices on their way, and groups as they are after them."""
        notices = [notice_item(each) for each in pending]
        self.control.put(Item("window", route, msgspec.json.encode(window)), *map(group_item, changed), *notices)
        if removed:
            # A crash before this leaves closed groups, whose ids of notices are the same: they are told no second time.
            self.control.remove("group", *(f"{route}/{key}" for key in removed))

    def replayed(self, pending: Pending, now: float) -> Pending:
        """A dead letter is on its way again, under the same id."""
        again = msgspec.structs.replace(pending, created=now, due=now, attempts=0, reason="", died=0.0)
        self.control.put(notice_item(again))
        self.control.remove("dead-letter", again.notice.id)
        return again

    def breaker(self, destination: str, breaker: Breaker) -> None:
        """A breaker as it stands."""
        self.control.put(breaker_item(destination, breaker))

    def answered(self, destination: str) -> bool:
        """The destination answered somebody else than the worker: its breaker is closed. Whether it was open."""
        known = self.breakers().get(destination)
        if known is None or not known.open:
            return False
        self.breaker(destination, Breaker())
        return True

    def _all(self, kind: Kind, type_: type[T]) -> Iterable[T]:
        return (value for _, value in self._named(kind, type_))

    def _named(self, kind: Kind, type_: type[T]) -> Iterable[tuple[Item, T]]:
        after = ""
        while True:
            page = self.control.items(kind, after=after, limit=_PAGE)
            for item in page:
                if item.altered:
                    continue  # it stays, as evidence; `audit verify` names it
                try:
                    yield item, msgspec.json.decode(item.value, type=type_)
                except msgspec.DecodeError:
                    continue  # of another version; it stays, and nothing is known of it
            if len(page) < _PAGE:
                return
            after = page[-1].name


def group_item(group: Group) -> Item:
    """A group as it is stored."""
    return Item("group", f"{group.route}/{group.key}", msgspec.json.encode(group))


def window_item(route: str, window: Window) -> Item:
    """A window as it is stored."""
    return Item("window", route, msgspec.json.encode(window))


def notice_item(pending: Pending) -> Item:
    """A notice as it is stored."""
    return Item("notice", pending.notice.id, msgspec.json.encode(pending))


def dead_item(pending: Pending) -> Item:
    """A dead letter as it is stored."""
    return Item("dead-letter", pending.notice.id, msgspec.json.encode(pending))


def breaker_item(destination: str, breaker: Breaker) -> Item:
    """A breaker as it is stored."""
    return Item("breaker", destination, msgspec.json.encode(breaker))
