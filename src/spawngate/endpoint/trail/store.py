"""SHELL. The writer of the local trail: appends events durably, survives crashes, deletes days that are too old.

One process writes at a time. `append` returns when the records are on the disk: one wait for a whole batch, and
zeros are written ahead, so that a record only overwrites what the file has already and the file system's journal need
not be waited for (as SQLite does with its write-ahead log, https://sqlite.org/wal.html, "Checkpointing").
Must not be here: reading for people (`reader`), canonical bytes and hashes (`trail.chain`), writes past the page cache
(`direct`).
"""

import contextlib
import errno
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from spawngate.endpoint.trail import segment
from spawngate.endpoint.trail.direct import Direct
from spawngate.model.errors import StateError
from spawngate.trail import chain
from spawngate.trail.chain import Head
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType, shortened
from spawngate.trail.moment import stamp
from spawngate.trail.retention import leapt_from

RETENTION_DAYS = 90
ROOM = 256 << 10
"""Bytes of zeros written ahead at once: some hundred records, and about a millisecond."""
MAX_LINE = 1 << 20
"""Bytes of one record; a longer event is written without its details."""
WINDOW = 8 << 20
"""Bytes at the end of the trail in which a crash can have left something torn: more than one batch ever holds."""
PAUSE = 1.0
"""Seconds between two attempts to open a trail that could not be written."""
HEAD_FILE = "head.json"
LOCK_FILE = "lock"
RETENTION_FILE = "retention"
LONGEST_RETENTION = 36_500
"""Days; more than any trail is old."""
_ZEROS = bytes(ROOM)


class TrailError(StateError):
    """The trail cannot be written; nothing of the batch was recorded."""


class TrailBusyError(TrailError):
    """Another process writes the trail."""


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def keep_days(folder: Path, days: int) -> None:
    """Note how many days a trail keeps, for every process that writes it. Raises TrailError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / RETENTION_FILE
        fresh = path.with_suffix(f".new-{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"%d\n" % days)
        os.replace(fresh, path)
    except OSError as error:
        raise TrailError(f"the trail in {folder} cannot be used ({error.strerror})") from None


def kept_days(folder: Path) -> int:
    """How many days a trail keeps. A note that cannot be understood counts as none: nothing is deleted early."""
    try:
        text = (folder / RETENTION_FILE).read_text("ascii").strip()
    except FileNotFoundError:
        return RETENTION_DAYS
    except (OSError, UnicodeDecodeError):
        return LONGEST_RETENTION
    return int(text) if text.isdecimal() and 0 < len(text) <= 5 and int(text) > 0 else LONGEST_RETENTION


class TrailStore:
    """The one writer of a trail. Use as a context, or call `close`."""

    def __init__(
        self,
        folder: Path,
        *,
        endpoint: str = "",
        retention: int | None = None,
        wait: float = 0.0,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Take the lock (waiting up to `wait` seconds), cut off a torn end, and delete days older than `retention`.

        `retention`: days; what `keep_days` noted for the trail where it is None.
        Raises TrailBusyError where another process writes, TrailError where the folder cannot be used.
        """
        self.folder = folder
        self._endpoint = endpoint
        self._retention = kept_days(folder) if retention is None else retention
        self._clock = clock
        self._descriptor = -1
        self._direct: Direct | None = None
        self._lock = -1
        self._end = self._allocated = 0
        self._retry = 0.0
        self._pending: list[Event] = []
        self.head = Head("")
        self._day = date.min
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.chmod(folder, 0o700)
            self._lock = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise TrailError(f"the trail in {folder} cannot be used ({error.strerror})") from None
        try:
            self._take_lock(wait)
            self._open()
            self.expire()
        except BaseException:
            self._drop()
            raise

    def __enter__(self) -> "TrailStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, events: Sequence[Event]) -> Head:
        """Record `events` in order and return the new head once they are on the disk.

        Raises TrailError, and then none of them is recorded; a later call may succeed without any hand work.
        """
        if self._descriptor < 0:
            self._again()
        moment = self._clock().date()
        try:
            if moment > self._day:
                self._rotate(moment)
            if self._pending:
                told = tuple(self._pending)
                self._write(told)
                self._pending = self._pending[len(told) :]
            if events:
                self._write(events)
        except OSError as error:
            self._undo()
            raise TrailError(f"the trail in {self.folder} cannot be written ({error.strerror})") from None
        return self.head

    def expire(self, retention: int | None = None) -> list[date]:
        """Delete the days that are too old, after a record that names them and where the chain goes on.

        `retention`: days to keep this time; those that the trail was opened with by default. Today's always stays.
        By default a clock that jumped far ahead deletes nothing for some days: it may be wrong.
        """
        kept = self._retention if retention is None else retention
        today = self._clock().date()
        try:
            found = segment.segments(self.folder)
            before = (
                "" if retention is not None else leapt_from([day.isoformat() for day, _ in found], today.isoformat())
            )
            oldest = (date.fromisoformat(before) if before else today) - timedelta(days=kept)
            gone = [(day, path) for day, path in found if day < oldest and day != self._day]
            if not gone:
                return []
            first, last = _first(gone), _last(gone)
            if last is not None:
                days = [day.isoformat() for day, _ in gone]
                self.append(
                    [
                        self._event(
                            EventType.EXPIRED,
                            f"retention of {kept} days: {len(days)} days deleted",
                            {"days": days, "first": _place(first or last), "last": _place(last)},
                        )
                    ]
                )
            for _, path in gone:
                path.unlink(missing_ok=True)
                for torn in self.folder.glob(f"torn-{path.stem}-*"):
                    torn.unlink(missing_ok=True)
        except OSError as error:
            raise TrailError(f"old days of the trail in {self.folder} stay ({error.strerror})") from None
        return [day for day, _ in gone]

    def note_head(self) -> None:
        """Write down where the trail ends, so that a loss of its end shows. Failing to is no harm."""
        if not self.head.sequence:
            return
        path = self.folder / HEAD_FILE
        fresh = path.with_suffix(f".new-{os.getpid()}")
        with contextlib.suppress(OSError):
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                os.write(descriptor, msgspec.json.encode(self.head))
            finally:
                os.close(descriptor)
            os.replace(fresh, path)

    def close(self) -> None:
        """Give back the room that was taken and the lock."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._end)
            self.note_head()
        self._drop()

    # Opening ----------------------------------------------------------------------------------------------------

    def _take_lock(self, wait: float) -> None:
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise TrailError(f"the trail in {self.folder} cannot be locked ({error.strerror})") from None
            if time.monotonic() >= until:
                raise TrailBusyError(f"another process writes the trail in {self.folder}")
            time.sleep(0.01)

    def _open(self) -> None:
        try:
            self._recover()
            if not self.head.stream:
                self.head = Head(secrets.token_hex(8))
            self._compare_with_note()
            today = max(self._clock().date(), self._day)
            self._start(today, exclusive=False)
        except OSError as error:
            self._close_segment()
            raise TrailError(f"the trail in {self.folder} cannot be opened ({error.strerror})") from None

    def _again(self) -> None:
        """Open anew after a failure, not more often than every PAUSE seconds."""
        if time.monotonic() < self._retry:
            raise TrailError(f"the trail in {self.folder} cannot be written")
        self._retry = time.monotonic() + PAUSE
        self.head, self._day = Head(""), date.min
        self._open()

    def _recover(self) -> None:
        """Find the end of the trail; cut off what a crash left torn, and keep it beside."""
        found = segment.segments(self.folder)
        while found:
            day, path = found.pop()
            torn_from, record = _good_end(path)
            size = path.stat().st_size
            if torn_from < _content_end(path):
                self._cut(path, torn_from)
            elif size > torn_from:
                os.truncate(path, torn_from)
            if record is not None:
                self._day = day
                self.head = Head(record.stream, record.sequence, record.hash)
                return
            if path.stat().st_size:
                # Not one record in it, and yet not torn: leave it to `verify`, and go on behind it.
                self._day = max(self._day, day)
            else:
                path.unlink()

    def _cut(self, path: Path, start: int) -> None:
        end = _content_end(path)
        kept = path.with_name(f"torn-{path.stem}-{start}")
        with contextlib.suppress(OSError), open(path, "rb") as source:
            source.seek(start)
            torn = source.read(min(end - start, WINDOW))
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as target:
                target.write(torn)
        os.truncate(path, start)
        self._tell(
            self._event(
                EventType.RECOVERED,
                f"{end - start} torn bytes at the end of {path.name} were cut off",
                {"segment": path.name, "bytes": end - start, "kept": kept.name},
            )
        )

    def _compare_with_note(self) -> None:
        try:
            noted = msgspec.json.decode((self.folder / HEAD_FILE).read_bytes(), type=Head)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return
        if noted.stream == self.head.stream and noted.sequence <= self.head.sequence:
            return
        self._tell(
            self._event(
                EventType.SELF_PROTECTION,
                "the end of the trail is missing",
                {"what": "trail-shortened", "noted": _place(noted), "found": _place(self.head)},
            )
        )

    def _tell(self, event: Event) -> None:
        """Record `event` with the next batch, once, however often the trail is opened until then."""
        if all((event.type, event.detail) != (known.type, known.detail) for known in self._pending):
            self._pending.append(event)

    def _event(self, type_: EventType, message: str, detail: dict[str, object]) -> Event:
        return Event(
            type=type_,
            at=stamp(self._clock()),
            schema_version=SCHEMA_VERSION,
            endpoint=self._endpoint,
            channel="daemon",
            detail=detail,  # type: ignore[arg-type]  # built here from texts, numbers and lists only
            message=message,
        )

    # Writing ----------------------------------------------------------------------------------------------------

    def _start(self, day: date, *, exclusive: bool) -> None:
        path = self.folder / segment.name(day)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_EXCL if exclusive else 0)
        self._descriptor = os.open(path, flags, 0o600)
        self._direct = Direct(path, self._descriptor)
        self._end = self._allocated = os.fstat(self._descriptor).st_size
        self._day = day
        directory = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):
                raise  # some file systems know no fsync of folders, and keep names without being asked
        finally:
            os.close(directory)

    def _rotate(self, day: date) -> None:
        os.ftruncate(self._descriptor, self._end)
        os.fsync(self._descriptor)
        self._close_segment()
        self._start(day, exclusive=False)
        self.note_head()

    def _write(self, events: Sequence[Event]) -> None:
        head = self.head
        lines: list[bytes] = []
        for event in events:
            line, following = chain.seal(event, head)
            if len(line) > MAX_LINE:
                line, following = chain.seal(shortened(event), head)
            lines.append(line)
            head = following
        data = b"\n".join([*lines, b""])
        if self._direct is None or not self._direct.write(data, self._end, self._allocated):
            self._write_cached(data)
        self._end += len(data)
        self.head = head

    def _write_cached(self, data: bytes) -> None:
        if self._end + len(data) > self._allocated:
            with contextlib.suppress(OSError):  # a nearly full disk may still hold this batch
                self._take_room(self._end + len(data))
        written = 0
        while written < len(data):
            written += os.pwrite(self._descriptor, data[written:] if written else data, self._end + written)
        os.fdatasync(self._descriptor)

    def make_room(self) -> None:
        """Write zeros ahead while nobody waits, so that no record has to. Failing to is no harm."""
        if self._descriptor < 0 or self._end + ROOM // 2 <= self._allocated:
            return
        try:
            self._take_room(self._allocated)
            os.fdatasync(self._descriptor)
        except OSError:
            self._undo()

    def _take_room(self, start: int) -> None:
        # Not `posix_fallocate`: blocks that were never written cost a journal commit when a record reaches them.
        self._allocated = max(self._allocated, start + os.pwrite(self._descriptor, _ZEROS, start))

    def _undo(self) -> None:
        """After a failure nothing of the batch may stay; where even that fails, everything is opened anew."""
        try:
            if self._descriptor >= 0:
                os.ftruncate(self._descriptor, self._end)
                os.fdatasync(self._descriptor)
                self._allocated = self._end
        except OSError:
            self._close_segment()

    def _close_segment(self) -> None:
        if self._direct is not None:
            self._direct.close()
            self._direct = None
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _drop(self) -> None:
        self._close_segment()
        if self._lock >= 0:
            descriptor, self._lock = self._lock, -1
            os.close(descriptor)


def _place(of: Head) -> dict[str, object]:
    return {"stream": of.stream, "sequence": of.sequence, "hash": of.hash}


def _content_end(path: Path) -> int:
    descriptor = segment.open_to_read(path)
    try:
        return segment.content_end(descriptor)
    finally:
        os.close(descriptor)


def _good_end(path: Path) -> tuple[int, chain.Record | None]:
    """Where the good part of the last segment ends, and its last record.

    Only what a crash can have left counts as torn: an end without a newline, and everything from a line on that holds
    zero bytes or is cut short, inside the window. A line that reads as a record and was altered stays as evidence.
    """
    end = _content_end(path)
    lines = list(_window(path, end))
    good, last = (0 if not lines or lines[0][0] == 0 else lines[0][0]), None
    for offset, line in lines:
        record = chain.read(line)
        if record is None and (b"\0" in line or not line.endswith(b"}")):
            return offset, last
        good = offset + len(line) + 1
        last = record or last
    return good, last


def _window(path: Path, end: int) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    for offset, line in segment.backward(path):
        found.append((offset, line))
        if end - offset > WINDOW:
            break
    return found[::-1]


def _first(gone: Sequence[tuple[date, Path]]) -> Head | None:
    for _, path in gone:
        for _, line in segment.forward(path):
            record = chain.read(line)
            if record is not None:
                return Head(record.stream, record.sequence, record.hash)
    return None


def _last(gone: Sequence[tuple[date, Path]]) -> Head | None:
    for _, path in reversed(gone):
        for _, line in segment.backward(path):
            record = chain.read(line)
            if record is not None:
                return Head(record.stream, record.sequence, record.hash)
    return None
