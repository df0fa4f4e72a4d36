"""Both stores in memory, after the port: for tests of what stands above a store."""

from collections.abc import Sequence
from typing import Any

import msgspec

from spawngate.server.store.port import (
    Appended,
    Claimed,
    Delivery,
    Entry,
    Item,
    Key,
    Kind,
    LogLine,
    OutboxEntry,
    Position,
    Settled,
    StoreError,
)


class MemoryEvents:
    """Events and their outbox. `broken` makes every call fail."""

    def __init__(self) -> None:
        self.entries: dict[Key, Entry] = {}
        self.rows: dict[tuple[str, Key], dict[str, Any]] = {}
        self.done: set[tuple[str, Key]] = set()
        self.broken = False

    def append(self, batch: Sequence[Entry], outbox: Sequence[OutboxEntry] = ()) -> Appended:
        self._check()
        fresh = [entry for entry in batch if entry.key not in self.entries]
        self.entries |= {entry.key: entry for entry in fresh}
        for row in outbox:
            name = (row.route, row.key)
            if name not in self.rows and name not in self.done:
                self.rows[name] = {"due": row.due, "worker": "", "until": "", "attempts": 0}
        return Appended(len(fresh), len(batch) - len(fresh), Position("2026-11-21", len(self.entries)))

    def claim(self, worker: str, now: str, lease_seconds: float, limit: int, *, route: str = "") -> Sequence[Claimed]:
        self._check()
        found: list[Claimed] = []
        for name, row in self.rows.items():
            if len(found) < limit and row["due"] <= now and row["until"] <= now and route in ("", name[0]):
                row |= {"worker": worker, "until": later(now, lease_seconds), "attempts": row["attempts"] + 1}
                entry = self.entries[name[1]]
                found.append(Claimed(identity(name), name[0], entry, row["due"], row["attempts"] - 1))
        return found

    def settle(self, worker: str, settled: Sequence[Settled]) -> int:
        self._check()
        names = {identity(name): name for name in self.rows}
        held = 0
        for each in settled:
            name = names.get(each.id)
            if name is None or self.rows[name]["worker"] != worker:
                continue
            held += 1
            if each.due:
                self.rows[name] |= {"due": each.due, "worker": "", "until": ""}
            else:
                del self.rows[name]
                self.done.add(name)
        return held

    def waiting(self, route: str = "") -> int:
        self._check()
        return sum(1 for name in self.rows if route in ("", name[0]))

    def release(self) -> None:
        """Every lease runs out."""
        for row in self.rows.values():
            row["until"] = ""

    def _check(self) -> None:
        if self.broken:
            raise StoreError("the disk is gone")

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the worker needs no {name}")


class MemoryControl:
    """Control data. `writes` counts them; `die_at` makes that one and all after it fail, as a kill would; `full`: no
    write succeeds."""

    def __init__(self) -> None:
        self.data: dict[tuple[str, str], bytes] = {}
        self.noted: list[Delivery] = []
        self.writes = 0
        self.die_at = 0
        self.full = False

    def put(self, *items: Item) -> None:
        self._write()
        self.data |= {(item.kind, item.name): item.value for item in items}

    def get(self, kind: Kind, name: str) -> bytes | None:
        return self.data.get((kind, name))

    def items(self, kind: Kind, *, after: str = "", limit: int = 1000) -> Sequence[Item]:
        names = sorted(name for each, name in self.data if each == kind and name > after)
        return [Item(kind, name, self.data[kind, name]) for name in names[:limit]]

    def remove(self, kind: Kind, *names: str) -> int:
        self._write()
        return sum(1 for name in names if self.data.pop((kind, name), None) is not None)

    def delivered(self, *deliveries: Delivery) -> None:
        self._write()
        self.noted += [
            msgspec.structs.replace(each, number=len(self.noted) + index + 1) for index, each in enumerate(deliveries)
        ]

    def change(
        self, *, put: Sequence[Item] = (), remove: Sequence[tuple[Kind, str]] = (), delivered: Sequence[Delivery] = ()
    ) -> None:
        self._write()
        self.data |= {(item.kind, item.name): item.value for item in put}
        for name in remove:
            self.data.pop(name, None)
        self.noted += [
            msgspec.structs.replace(each, number=len(self.noted) + index + 1) for index, each in enumerate(delivered)
        ]

    def deliveries(
        self, *, route: str = "", outcome: str = "", before: int = 0, limit: int = 100
    ) -> Sequence[Delivery]:
        found = [
            each
            for each in reversed(self.noted)
            if route in ("", each.route) and outcome in ("", each.outcome) and (not before or each.number < before)
        ]
        return found[:limit]

    def forget_deliveries(self, before: str) -> int:
        raise AssertionError("not for the worker")

    def log(self, *texts: str, items: Sequence[Item] = ()) -> int:
        raise AssertionError("not for the worker")

    def log_lines(self, start: int = 0) -> Sequence[LogLine]:
        raise AssertionError("not for the worker")

    def close(self) -> None:
        """Nothing to close."""

    def _write(self) -> None:
        self.writes += 1
        if self.die_at and self.writes >= self.die_at:
            raise KilledError
        if self.full:
            raise StoreError("no room")


class KilledError(BaseException):
    """Stands for a kill: nobody catches it."""


def identity(name: tuple[str, Key]) -> str:
    return f"{name[0]}|{name[1][0]}|{name[1][1]}|{name[1][2]}"


def later(now: str, seconds: float) -> str:
    from spawngate.trail.moment import microseconds, text

    return text(microseconds(now) + int(seconds * 1_000_000))
