"""What event stores share that bring their events into order through PostgreSQL: appending, outbox, trees, days.

Threads of a process that append at the same time share one commit: the first takes everybody's batches. A commit whose
answer got lost is looked up, so that an error means that nothing was stored. Must not be here: where events and records
are kept and how they are asked (`events`, `clickhouse`).
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import psycopg

from spawngate.model.errors import UsageError
from spawngate.server.store.coded.prepare import Prepared, prepare
from spawngate.server.store.port import (
    Appended,
    Bucket,
    Claimed,
    Dropped,
    Entry,
    Expression,
    Incident,
    Key,
    OutboxEntry,
    Page,
    Position,
    Settled,
    Stats,
    StoreError,
    StoreReadOnlyError,
    Tree,
)
from spawngate.server.store.postgres import outbox, tables
from spawngate.server.store.postgres.connection import Connection, ConnectionLost, Pool, rows
from spawngate.server.store.postgres.lane import Fresh, Lane, place_of
from spawngate.server.store.postgres.tables import SHARED, TILE, day_and_number, first_id, name_of, number_of, table_of
from spawngate.trail import chain, tree

LONGEST_CLAIM = 1_000
LOOKED_UP = 20.0
"""Seconds to find out what became of a commit whose answer got lost."""
LARGEST_COMMIT = 5_000
"""Events beyond which a commit takes no further batch: others wait for the lane."""


class _Job:
    """One batch that waits for its commit."""

    __slots__ = ("batch", "error", "outbox", "result")

    def __init__(self, batch: Sequence[Prepared], outbox_: Sequence[OutboxEntry]) -> None:
        self.batch, self.outbox = batch, outbox_
        self.result: Appended | None = None
        self.error: StoreError | None = None


class SharedEvents(ABC):
    """The part of `EventStore` that PostgreSQL does whatever keeps the events."""

    parents: tuple[str, ...] = ()
    """Tables that have a part for each day, beside those of the lane."""

    def __init__(self, pool: Pool, held: Callable[[str], bool]) -> None:
        self.pool = pool
        self.held = held
        """Whether a legal hold keeps a day."""
        self._lock = threading.Lock()
        self._queue_lock = threading.Lock()
        self._queue: list[_Job] = []
        self._problem = ""
        self._incidents: list[Incident] = []
        self.sign: Callable[[str, int, bytes], str] = lambda day, size, root: ""
        """Signs the open day's state, inside of its commit."""

    # What an adapter adds -----------------------------------------------------------------------------------------

    @abstractmethod
    def _write(self, lane: Lane, fresh: Sequence[Fresh], begin: int) -> None:
        """Keep new events; `begin` is the number of the first in the lane's day. Raises psycopg.Error, StoreError."""

    @abstractmethod
    def _rolled_back(self) -> None:
        """What `_write` did last is undone."""

    @abstractmethod
    def _entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """Events by their ids, those that are there. Raises StoreError."""

    @abstractmethod
    def _leaves(self, day: int, start: int, end: int) -> list[bytes]:
        """Hashes of leaves of a day, made anew from the records. Raises StoreError."""

    @abstractmethod
    def _drop(self, connection: Connection, day: int) -> int:
        """Delete a day's events; bytes that are free now. Raises psycopg.Error, StoreError."""

    @abstractmethod
    def query(
        self,
        filter: Expression | None,
        *,
        since: str = "",
        until: str = "",
        cursor: str | None = None,
        limit: int = 100,
        newest_first: bool = True,
    ) -> Page:
        """See the port."""

    @abstractmethod
    def aggregate(
        self, dimension: str, filter: Expression | None = None, *, since: str = "", until: str = "", limit: int = 100
    ) -> Sequence[Bucket]:
        """See the port."""

    @abstractmethod
    def stats(self) -> Stats:
        """See the port."""

    def advice(self) -> str:
        """What whoever runs the database could do so that questions are quicker; empty: nothing. Raises StoreError."""
        return ""

    def tidy(self) -> Sequence[str]:
        """Make days that are over quick to ask; which. For one process at a time. Raises StoreError."""
        return []

    @abstractmethod
    def work(self) -> None:
        """What is to be done every minute, by one process at a time. Raises StoreError."""

    # Appending ----------------------------------------------------------------------------------------------------

    def append(self, batch: Sequence[Entry], outbox: Sequence[OutboxEntry] = ()) -> Appended:
        """See the port."""
        if self.pool.read_only:
            raise StoreReadOnlyError("the store: it is open to be read")
        job = _Job([prepare(entry) for entry in batch], tuple(outbox))
        with self._queue_lock:
            self._queue.append(job)
        with self._lock:
            while job.result is None and job.error is None:
                self._commit(self._next())
        if job.error is not None:
            raise job.error
        assert job.result is not None
        return job.result

    def _next(self) -> list[_Job]:
        with self._queue_lock:
            taken, events = 0, 0
            for job in self._queue:
                if taken and events + len(job.batch) > LARGEST_COMMIT:
                    break
                taken, events = taken + 1, events + len(job.batch)
            jobs, self._queue = self._queue[:taken], self._queue[taken:]
            return jobs

    def _commit(self, jobs: Sequence[_Job]) -> None:
        try:
            try:
                self._attempt(jobs)
            except ConnectionLost:
                self._rolled_back()
                self._attempt(jobs)  # a connection that broke while nobody used it says nothing of the server now
        except StoreError as error:
            self._failed(jobs, error)
        except BaseException as error:
            self._failed(jobs, StoreError(f"the store: a fault while appending ({type(error).__name__})"))
            raise
        else:
            self._problem = ""

    def _failed(self, jobs: Sequence[_Job], error: StoreError) -> None:
        self._rolled_back()
        self._problem = str(error)
        for job in jobs:
            job.error = error

    def _attempt(self, jobs: Sequence[_Job]) -> None:
        with self.pool.lent() as connection:
            lane = Lane(connection, self.parents)
            connection.execute("BEGIN")
            try:
                lane.enter()
                results = self._placed(lane, jobs)
            except BaseException:
                if not connection.closed:
                    connection.execute("ROLLBACK")
                raise
            try:
                connection.execute("COMMIT")
            except psycopg.OperationalError as error:
                if not self._was_committed(lane.transaction):
                    raise error
        for job, result in zip(jobs, results, strict=True):
            job.result = result

    def _was_committed(self, transaction: str) -> bool:
        """What became of a transaction whose commit was not answered. Raises StoreError where nobody can tell."""
        until = time.monotonic() + LOOKED_UP
        while True:
            try:
                found = self.pool.one("SELECT pg_xact_status(%s::xid8)", transaction)
            except StoreError:
                found = None
            if found in ("committed", "aborted"):
                return bool(found == "committed")
            if time.monotonic() > until:
                raise StoreError("the store: the server went away while it committed; send the events again")
            time.sleep(0.1)

    def _placed(self, lane: Lane, jobs: Sequence[_Job]) -> list[Appended]:
        """Store what is new of all batches, and their outbox rows."""
        fresh = lane.fresh([each for job in jobs for each in job.batch])
        ids: dict[Key, int] = {}
        if fresh:
            lane.begin(number_of(max(each.prepared.entry.received[:10] for each in fresh)))
            begin = lane.take(fresh)
            self._write(lane, fresh, begin)
            low = first_id(lane.day) + begin
            ids = {each.prepared.entry.key: low + at for at, each in enumerate(fresh)}
            lane.leave(self.sign(name_of(lane.day), lane.size, lane.root))
        self._put_out(lane, jobs, ids)
        position = Position(name_of(lane.day), lane.size) if lane.day >= 0 else Position()
        found: list[Appended] = []
        left = dict(ids)
        for job in jobs:
            # Of equal events in one commit the first is the one that was stored.
            stored = sum(left.pop(each.entry.key, None) is not None for each in job.batch)
            found.append(Appended(stored, len(job.batch) - stored, position))
        return found

    def _put_out(self, lane: Lane, jobs: Sequence[_Job], ids: dict[Key, int]) -> None:
        waiting: dict[tuple[str, int], str] = {}
        batch = {each.entry.key for job in jobs for each in job.batch} if any(job.outbox for job in jobs) else set()
        for each in (each for job in jobs for each in job.outbox):
            event = ids.get(each.key)
            if event is None and each.key not in batch:
                event = place_of(lane.connection, each.key)
            if event is not None:
                waiting.setdefault((each.route, event), each.due)
        outbox.put(lane.connection, [(route, event, due) for (route, event), due in waiting.items()])

    # Single events ------------------------------------------------------------------------------------------------

    def find(self, key: Key) -> tuple[Entry, Position] | None:
        """See the port."""
        with self.pool.lent() as connection:
            event = place_of(connection, key)
        if event is None:
            return None
        entry = self._entries([event]).get(event)
        if entry is None:
            return None
        day, number = day_and_number(event)
        return entry, Position(name_of(day), number)

    def head(self, endpoint: str, stream: str) -> tuple[int, str]:
        """See the port."""
        found = self.pool.all("SELECT last, hash FROM streams WHERE endpoint=%s AND stream=%s", endpoint, stream)
        return (int(found[0][0]), str(found[0][1])) if found else (0, chain.GENESIS)

    def after(self, position: Position, limit: int) -> tuple[Sequence[Entry], Position]:
        """See the port."""
        if limit < 1:
            return [], position
        found: list[Entry] = []
        last = position
        days = self.pool.all("SELECT day, size FROM days ORDER BY day")
        for day, size in days:
            name = name_of(day)
            if name < position.day:
                continue
            start = position.number if name == position.day else 0
            wanted = range(start + 1, min(size, start + limit - len(found)) + 1)
            if not wanted:
                continue
            entries = self._entries([first_id(day) + number for number in wanted])
            for number in wanted:
                entry = entries.get(first_id(day) + number)
                if entry is not None:
                    found.append(entry)
                last = Position(name, number)
            if len(found) >= limit:
                break
        return found, last

    # Outbox -------------------------------------------------------------------------------------------------------

    def claim(self, worker: str, now: str, lease_seconds: float, limit: int, *, route: str = "") -> Sequence[Claimed]:
        """See the port."""
        with self.pool.transaction() as connection:
            held = outbox.claim(connection, worker, now, lease_seconds, min(limit, LONGEST_CLAIM), route)
        entries = self._entries([each.event for each in held])
        lost = [each for each in held if each.event not in entries]
        if lost:
            # Events that are not there any more, or cannot be read: nothing can be told of them.
            self.settle(worker, [Settled(str(each.id)) for each in lost])
        return [
            Claimed(str(each.id), each.route, entries[each.event], each.due, each.attempts)
            for each in held
            if each.event in entries
        ]

    def settle(self, worker: str, settled: Sequence[Settled]) -> int:
        """See the port."""
        if not settled:
            return 0
        with self.pool.transaction() as connection:
            return outbox.settle(connection, worker, settled)

    def waiting(self, route: str = "") -> int:
        """See the port."""
        return int(self.pool.one("SELECT count(*) FROM outbox WHERE %s::text='' OR route=%s", route, route))

    # Days ---------------------------------------------------------------------------------------------------------

    def days(self) -> Sequence[str]:
        """See the port."""
        return [name_of(day) for (day,) in self.pool.all("SELECT day FROM days ORDER BY day")]

    def tree(self, day: str) -> Tree:
        """See the port."""
        found = self.pool.all("SELECT size, parts FROM days WHERE day=%s", _known(day))
        if not found:
            raise StoreError(f"the store: there is no day {day}")
        size, parts = found[0]
        return Tree(size, tree.fold([parts[at : at + tree.SIZE] for at in range(0, len(parts), tree.SIZE)]))

    def subtree(self, day: str, start: int, end: int) -> bytes:
        """See the port."""
        number, size = _known(day), self.tree(day).size
        if not 0 <= start <= end <= size:
            raise StoreError(f"the store: {day} has {size} events")
        growing = tree.Growing()
        at = start
        if start % TILE == 0 and end - start >= TILE:
            whole = end // TILE * TILE
            low = first_id(number)
            roots = self.pool.all(
                f"SELECT root FROM {table_of('tiles', number)} WHERE id>=%s AND id<%s ORDER BY id",  # noqa: S608
                low + start // TILE,
                low + whole // TILE,
            )
            if len(roots) == (whole - start) // TILE:
                for (root,) in roots:
                    growing.append(root)
                at = whole
        if at == end and growing.size:
            return growing.root
        rest = tree.root_of(self._leaves(number, at, end))
        return tree.fold([*growing.parts, rest])

    def incidents(self) -> Sequence[Incident]:
        """See the port."""
        with self._queue_lock:
            found, self._incidents = self._incidents, []
        return found

    def drop_day(self, day: str) -> Dropped:
        """See the port."""
        number = _known(day)
        if self.held(day):
            raise StoreError(f"the store: a legal hold keeps {day}")
        with self.pool.transaction() as connection:
            rows(connection, "SELECT 1 FROM head FOR UPDATE")
            days = [each for (each,) in rows(connection, "SELECT day FROM days ORDER BY day")]
            if number not in days:
                raise StoreError(f"the store: there is no day {day}")
            if number == days[-1]:
                raise StoreError("the store: the newest day stays")
            size, parts = rows(connection, "SELECT size, parts FROM days WHERE day=%s", number)[0]
            low, high = first_id(number), first_id(number + 1)
            rows(connection, "DELETE FROM outbox WHERE event>%s AND event<%s", low, high)
            freed = self._drop(connection, number)
            tables.drop_day(connection, number, SHARED)
            rows(connection, "DELETE FROM days WHERE day=%s", number)
        root = tree.fold([parts[at : at + tree.SIZE] for at in range(0, len(parts), tree.SIZE)])
        return Dropped(day, size, freed, root.hex())

    def make_days(self, today: str, ahead: int) -> None:
        """Make the parts of today and of so many days to come, so that no append has to. Raises StoreError."""
        first = number_of(today)
        with self.pool.transaction() as connection:
            rows(connection, "SELECT 1 FROM head FOR UPDATE")
            for day in range(first, first + ahead + 1):
                tables.make_day(connection, day, (*SHARED, *self.parents))

    def close(self) -> None:
        """See the port."""
        self.pool.close()


def _known(day: str) -> int:
    try:
        return number_of(day)
    except UsageError:
        raise StoreError(f"the store: there is no day {day!r}") from None
