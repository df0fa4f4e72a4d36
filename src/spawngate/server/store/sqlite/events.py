"""`EventStore` over day files: which day is written, who waits for a commit, what becomes of a file that fails.

Threads that append at the same time share one commit: the first takes everybody's batches. Must not be here: a day's
tables and SQL, the order of answers (`reading`).
"""

import contextlib
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from spawngate.server.store.coded import reading
from spawngate.server.store.coded.folded import Folded, Texts
from spawngate.server.store.coded.prepare import Prepared, prepare
from spawngate.server.store.port import (
    Appended,
    Bucket,
    Claimed,
    DayStats,
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
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreReadOnlyError,
    Tree,
)
from spawngate.server.store.sqlite import files, outbox, tables
from spawngate.server.store.sqlite.day import Day
from spawngate.server.store.sqlite.writer import Writer, create
from spawngate.trail import chain

_LONGEST_CLAIM = 1_000


class _Job:
    """One batch that waits for its commit."""

    __slots__ = ("batch", "error", "outbox", "result")

    def __init__(self, batch: Sequence[Prepared], outbox_: Sequence[OutboxEntry]) -> None:
        self.batch, self.outbox = batch, outbox_
        self.result: Appended | None = None
        self.error: StoreError | None = None


class SqliteEvents:
    """The events of one folder. One process writes; others may open it to read."""

    def __init__(
        self, folder: Path, *, read_only: bool = False, held: Callable[[str], bool] = lambda day: False
    ) -> None:
        """`held` tells whether a legal hold keeps a day. Raises StoreError; StoreBusyError where another one writes."""
        self.folder = folder
        self._read_only, self._held = read_only, held
        self._lock = threading.RLock()
        self._queue_lock = threading.Lock()
        self._queue: list[_Job] = []
        self._days: dict[str, Day] = {}
        self._days_lock = threading.Lock()
        self._folded = Folded()
        self._writer: Writer | None = None
        self._incidents: list[Incident] = []
        self._unclosed: dict[str, str] = {}
        """Why a day that is over could not be closed, by day."""
        self._problem = ""
        self._descriptor = -1
        self.committed: Callable[[str, int, bytes], None] = lambda day, size, root: None
        """Told the open day, its size and its tree's root after every commit, before anybody is answered."""
        if not read_only:
            files.private_folder(folder)
            files.private_folder(folder / files.EVENTS)
            self._take_lock()
            try:
                self._open_writer()
            except StoreDamagedError:
                self.close()
                raise
            except StoreError as error:
                self._problem = str(error)  # reading goes on; appending tries again

    # Writing ------------------------------------------------------------------------------------------------------

    def append(self, batch: Sequence[Entry], outbox: Sequence[OutboxEntry] = ()) -> Appended:
        """See the port."""
        if self._read_only:
            raise StoreReadOnlyError(f"{self.folder}: it is open to be read")
        job = _Job([prepare(entry) for entry in batch], tuple(outbox))
        with self._queue_lock:
            self._queue.append(job)
        with self._lock:
            if job.result is None and job.error is None:
                with self._queue_lock:
                    jobs, self._queue = self._queue, []
                self._commit(jobs)
        if job.error is not None:
            raise job.error
        assert job.result is not None
        return job.result

    def _commit(self, jobs: Sequence[_Job]) -> None:
        batch = [each for job in jobs for each in job.batch]
        try:
            writer = self._for_day(max((each.entry.received[:10] for each in batch), default=""))
            if writer is None:
                for job in jobs:
                    job.result = Appended(0, 0, Position())
                return
            before = writer.size
            with files.understood(writer.path):
                writer.append(batch, [each for job in jobs for each in self._placed(job)])
        except StoreError as error:
            self._failed(error)
            for job in jobs:
                job.error = error
            return
        except BaseException as error:
            self._failed(error)
            for job in jobs:
                job.error = StoreError(f"{self.folder}: a fault while appending ({type(error).__name__})")
            raise
        self._problem = ""
        if writer.size > before:
            self.committed(writer.name, writer.size, writer.root)
        self._answer(jobs, writer, writer.size - before)

    def _answer(self, jobs: Sequence[_Job], writer: Writer, stored: int) -> None:
        position = Position(writer.name, writer.size)
        at = 0
        for job in jobs:
            # Of equal events in one commit the first is the one that was stored.
            end = at + len(job.batch)
            fresh = sum(map(bool, writer.newest[at:end]))
            job.result = Appended(fresh, end - at - fresh, position)
            at, stored = end, stored - fresh
        assert stored == 0

    def _placed(self, job: _Job) -> list[tuple[OutboxEntry, str, int]]:
        if not job.outbox:
            return []
        own = {each.entry.key for each in job.batch}
        found: list[tuple[OutboxEntry, str, int]] = []
        for each in job.outbox:
            if each.key in own:
                found.append((each, "", 0))
                continue
            place = self.find(each.key)
            if place is not None:
                found.append((each, place[1].day, place[1].number))
        return found

    def _for_day(self, date: str) -> Writer | None:
        """The writer of that day, or of a later one that has begun already: a day that is over changes no more."""
        if self._writer is None:
            self._open_writer()
        if not date or (self._writer is not None and date <= self._writer.name[:10]):
            return self._writer
        before = None if self._writer is None else self._writer.path
        path = create(self.folder, date, before)
        if self._writer is not None:
            self._writer.close()
        self._writer = Writer(date, path)
        return self._writer

    def _open_writer(self) -> None:
        """Open the newest day, if there is one. Where it is damaged the day goes on in a new part: what can be read
        of it stays where it is, what is no database is put aside."""
        found = files.day_files(self.folder)
        if not found:
            return
        name, path = found[-1]
        try:
            self._writer = Writer(name, path)
            return
        except StoreDamagedError as error:
            damage = error
        self._forget(name)
        try:
            with contextlib.closing(Day(name, path)) as day:
                day.times()
            self._go_on(name, path)
            self._incidents.append(Incident("damaged", name, f"{damage}; the day goes on in a new file"))
        except StoreDamagedError:
            self._put_aside(name, path, damage)

    def _go_on(self, name: str, before: Path | None) -> None:
        part = files.part_after(name)
        self._writer = Writer(part, create(self.folder, part, before))

    def _put_aside(self, name: str, path: Path, error: StoreError) -> None:
        aside = self.folder / files.DAMAGED
        files.private_folder(aside)
        with files.understood(path):
            for end in reversed(files.COMPANIONS):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{path}{end}", aside / f"{path.name}{end}")
            files.sync_folder(path.parent)
        self._incidents.append(Incident("damaged", name, f"{error}; it was put aside in {files.DAMAGED}"))
        before = files.day_files(self.folder)
        self._go_on(name, before[-1][1] if before else None)

    def _failed(self, error: BaseException) -> None:
        self._problem = str(error) if isinstance(error, StoreError) else type(error).__name__
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(sqlite3.Error):
                writer.close()

    def _connection(self) -> tuple[Writer, sqlite3.Connection] | None:
        if self._read_only:
            raise StoreReadOnlyError(f"{self.folder}: it is open to be read")
        if self._writer is None:
            self._open_writer()
        return None if self._writer is None else (self._writer, self._writer.connection)

    # Reading ------------------------------------------------------------------------------------------------------

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
        return reading.query(self._all_days(), filter, since, until, cursor, limit, newest_first=newest_first)

    def aggregate(
        self, dimension: str, filter: Expression | None = None, *, since: str = "", until: str = "", limit: int = 100
    ) -> Sequence[Bucket]:
        """See the port."""
        return reading.aggregate(self._all_days(), dimension, filter, since, until, limit)

    def after(self, position: Position, limit: int) -> tuple[Sequence[Entry], Position]:
        """See the port."""
        found: list[Entry] = []
        for name in self.days():
            if name < position.day or len(found) >= limit:
                continue
            day = self.day(name)
            rows = day.arrived(position.number if name == position.day else 0, limit - len(found))
            read = day.reader()
            for row in rows:
                found.append(read(row))
                position = Position(name, row.id)
        return found, position

    def find(self, key: Key) -> tuple[Entry, Position] | None:
        """See the port."""
        for name in reversed(self.days()):
            day = self.day(name)
            row = day.find(*key)
            if row is not None:
                return day.reader()(row), Position(name, row.id)
        return None

    def head(self, endpoint: str, stream: str) -> tuple[int, str]:
        """See the port."""
        names = self.days()
        found = self.day(names[-1]).head(endpoint, stream) if names else None
        return (0, chain.GENESIS) if found is None else found

    def days(self) -> Sequence[str]:
        """See the port."""
        return [name for name, _ in files.day_files(self.folder)]

    def tree(self, day: str) -> Tree:
        """See the port."""
        with self._lock:
            if self._writer is not None and self._writer.name == day:
                return Tree(self._writer.size, self._writer.root)
        opened = self.day(day)
        size = opened.size
        return Tree(size, opened.subtree(0, size))

    def subtree(self, day: str, start: int, end: int) -> bytes:
        """See the port."""
        return self.day(day).subtree(start, end)

    def day(self, name: str) -> Day:
        """The file of a day, open to be read. Raises StoreError."""
        with self._days_lock:
            found = self._days.get(name)
            if found is None:
                found = self._days[name] = Day(name, files.day_path(self.folder, name), self._folded)
            return found

    def _all_days(self) -> reading.Days:
        return reading.Days(self.days(), self.day, [])

    def _forget(self, name: str) -> None:
        with self._days_lock:
            found = self._days.pop(name, None)
        self._folded.forget(name)
        if found is not None:
            found.close()

    # Outbox -------------------------------------------------------------------------------------------------------

    def claim(self, worker: str, now: str, lease_seconds: float, limit: int, *, route: str = "") -> Sequence[Claimed]:
        """See the port."""
        with self._lock:
            found = self._connection()
            if found is None:
                return []
            with files.understood(found[0].path):
                held = outbox.claim(found[1], worker, now, lease_seconds, min(limit, _LONGEST_CLAIM), route)
        claimed: list[Claimed] = []
        for each in held:
            try:
                day = self.day(each.day)
                row = day.row(each.event)
                if row is None:
                    continue
                entry = day.reader()(row)
            except StoreError:
                continue  # its lease ends; the day may be whole again then
            claimed.append(Claimed(str(each.id), each.route, entry, each.due, each.attempts))
        return claimed

    def settle(self, worker: str, settled: Sequence[Settled]) -> int:
        """See the port."""
        with self._lock:
            found = self._connection()
            if found is None or not settled:
                return 0
            try:
                with files.understood(found[0].path):
                    return outbox.settle(found[1], worker, settled)
            except StoreError as error:
                self._failed(error)
                raise

    def waiting(self, route: str = "") -> int:
        """See the port."""
        names = self.days()
        return self.day(names[-1]).waiting(route) if names else 0

    # Days ---------------------------------------------------------------------------------------------------------

    def tidy(self) -> list[str]:
        """Make days that are over quick to ask, and their files read-only; which. May take seconds a day."""
        if self._read_only:
            return []
        done: list[str] = []
        for name, path in files.day_files(self.folder)[:-1]:
            try:
                if self.day(name).closed:
                    continue
                self._forget(name)
                with files.understood(path):
                    _close(path)
                done.append(name)
            except StoreBusyError:
                continue  # somebody reads it: the next time
            except StoreError as error:
                # Tried every round, and told once: what tells of it is an event, which asks for the next round.
                if self._unclosed.get(name) != str(error):
                    self._unclosed[name] = str(error)
                    self._incidents.append(Incident("closing-failed", name, str(error)))
        return done

    def incidents(self) -> Sequence[Incident]:
        """See the port."""
        with self._lock:
            found, self._incidents = self._incidents, []
        return found

    def drop_day(self, day: str) -> Dropped:
        """See the port."""
        with self._lock:
            found = self._connection()
            names = self.days()
            if day not in names:
                raise StoreError(f"{self.folder}: there is no day {day}")
            if day == names[-1]:
                raise StoreError(f"{self.folder}: the newest day stays")
            if self._held(day[:10]):
                raise StoreError(f"{self.folder}: a legal hold keeps {day}")
            path = files.day_path(self.folder, day)
            size = files.size_of(path)
            try:
                state = self.tree(day)
            except StoreError:
                state = Tree(0, b"")  # one that cannot be read must still go
            self._forget(day)
            with files.understood(path):
                if found is not None:
                    found[1].execute("DELETE FROM outbox WHERE day=?", (day,))
                for end in reversed(files.COMPANIONS):
                    Path(f"{path}{end}").unlink(missing_ok=True)
                files.sync_folder(path.parent)
            return Dropped(day, state.size, size, state.root.hex())

    def stats(self) -> Stats:
        """See the port."""
        days: list[DayStats] = []
        for name, path in files.day_files(self.folder):
            size, closed, problem = 0, False, ""
            try:
                opened = self.day(name)
                size, closed = opened.size, opened.closed
            except StoreError as error:
                problem = str(error)
            days.append(DayStats(name, size, files.size_of(path), closed, self._held(name[:10]), problem))
        total = sum(each.bytes for each in days) + files.size_of(self.folder / files.CONTROL)
        try:
            waiting = self.waiting()
        except StoreError:
            waiting = 0
        return Stats(sum(each.events for each in days), total, tuple(days), waiting, self._problem)

    def close(self) -> None:
        """See the port."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            for name in list(self._days):
                self._forget(name)
            if self._descriptor >= 0:
                descriptor, self._descriptor = self._descriptor, -1
                os.close(descriptor)

    def _take_lock(self) -> None:
        path = self.folder / files.LOCK
        with files.understood(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise StoreBusyError(f"{self.folder}: another process writes this store") from None
        self._descriptor = descriptor


def _close(path: Path) -> None:
    """Indexes and counts of a day that is over; then its log goes, and nobody writes it any more."""
    connection = files.open_to_write(path)
    try:
        connection.execute("PRAGMA synchronous=NORMAL")
        for statement in tables.CLOSE.split("\n"):
            connection.execute(statement)
        _keep_texts(connection)
        connection.execute("DELETE FROM outbox")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise StoreBusyError(f"{path}: another process reads it")
        connection.execute("UPDATE meta SET value=1 WHERE name='closed'")
    finally:
        connection.close()
    os.chmod(path, 0o400)


def _keep_texts(connection: sqlite3.Connection) -> None:
    """The words as they are searched, in one piece: read after a restart, ninety days cost a tenth of their words."""
    texts = Texts()
    with contextlib.suppress(ValueError):  # a word that is none: whoever asks is told
        texts.add(connection.execute(tables.WORDS))
        packed = texts.packed()
        connection.execute("DELETE FROM texts")
        if packed is not None:
            connection.execute("INSERT INTO texts VALUES(?)", (packed,))
