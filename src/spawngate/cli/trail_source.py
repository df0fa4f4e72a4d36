"""SHELL. Where `spawngate audit` reads: the local trail, the store of this machine's server, a copy of either, or a
server by its API.

Must not be here: what is shown, the API (`trail_served`).
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import click
import msgspec

from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import default_folder
from spawngate.endpoint.trail import reader
from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape
from spawngate.server.store.port import FOLDER, Bucket, Entry, EventStore, Position
from spawngate.trail import moment
from spawngate.trail.query import Query
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.match import values_at

if TYPE_CHECKING:
    from spawngate.cli.asking import Api

PAGE = 1_000
POLL = 0.3
"""Seconds between two looks at a store that is followed."""


class Source(Protocol):
    """Records, however they are kept."""

    folder: Path

    def newest(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """Records that match, newest first."""

    def oldest(self, wanted: Query) -> Iterator[tuple[Mapping[str, Any], bytes]]:
        """Records that match, oldest first, each with its line."""

    def follow(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """Records that match, as they come."""

    def count(self, dimension: str, wanted: Query, limit: int) -> Sequence[Bucket]:
        """How many records have each value of a field, or `time:1h`."""


class Local:
    """A local trail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """See `Source`."""
        return reader.newest(self.folder, wanted)

    def oldest(self, wanted: Query) -> Iterator[tuple[Mapping[str, Any], bytes]]:
        """See `Source`."""
        return reader.oldest(self.folder, wanted)

    def follow(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """See `Source`."""
        return reader.follow(self.folder, wanted)

    def count(self, dimension: str, wanted: Query, limit: int) -> Sequence[Bucket]:
        """See `Source`."""
        from spawngate.server.store.coded.reading import step_of

        step = step_of(dimension)
        counts: Counter[str] = Counter()
        for record in reader.newest(self.folder, wanted):
            counts.update(_steps(record, step) if step else _values(record, dimension))
        if step:
            return [Bucket(value, count) for value, count in sorted(counts.items())[-limit:]]
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [Bucket(value, count) for value, count in ranked[:limit]]


class Stored:
    """A store. `follow` ends when `stop` says so."""

    def __init__(self, folder: Path, events: EventStore, stop: Callable[[], bool] = lambda: False) -> None:
        self.folder, self.events, self._stop = folder, events, stop

    def newest(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """See `Source`."""
        return (_decoded(entry) for entry in self._entries(wanted, newest_first=True))

    def oldest(self, wanted: Query) -> Iterator[tuple[Mapping[str, Any], bytes]]:
        """See `Source`."""
        return ((_decoded(entry), entry.record) for entry in self._entries(wanted, newest_first=False))

    def follow(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """See `Source`."""
        days = self.events.days()
        position = Position(days[-1], self.events.tree(days[-1]).size) if days else Position()
        while not self._stop():
            entries, position = self.events.after(position, PAGE)
            for entry in entries:
                record = _decoded(entry)
                if wanted.matches(record):
                    yield record
            if not entries:
                time.sleep(POLL)

    def count(self, dimension: str, wanted: Query, limit: int) -> Sequence[Bucket]:
        """See `Source`."""
        return self.events.aggregate(dimension, wanted, limit=limit)

    def _entries(self, wanted: Query, *, newest_first: bool) -> Iterator[Entry]:
        cursor: str | None = None
        told: set[str] = set()
        while True:
            page = self.events.query(wanted, cursor=cursor, limit=PAGE, newest_first=newest_first)
            for problem in page.problems:
                if problem not in told:
                    told.add(problem)
                    click.echo(f"spawngate: not in the answer: {escape(problem)}", err=True)
            yield from page.entries
            cursor = page.cursor
            if cursor is None:
                return


class Place(NamedTuple):
    """Which records a command is about."""

    store: bool = False
    folder: str | None = None
    server: str | None = None
    token_file: Path | None = None
    ca: Path | None = None

    @contextmanager
    def api(self) -> "Iterator[Api]":
        """The API of the server that is named. Raises UsageError."""
        from spawngate.cli.asking import Api, token_of

        if self.store or self.folder is not None:
            raise UsageError("--server is a server, --store and --folder are files: give one of them")
        with Api(self.server or "", token_of(self.token_file), ca=self.ca) as api:
            yield api


@contextmanager
def source_of(where: Place, asked: str) -> Iterator[Source]:
    """The source that `--store`, `--folder` or `--server` name. `asked`: the query as a server is asked it.

    Raises UsageError, StoreError.
    """
    if where.server is not None:
        from spawngate.cli.trail_served import Served

        with where.api() as api:
            yield Served(api, asked)
        return
    if where.token_file is not None or where.ca is not None:
        raise UsageError("--token-file and --ca go with --server")
    if where.store and where.folder is not None:
        raise UsageError("--store is the store of this machine, --folder another one: give one of them")
    state = default_folder(os.environ)
    if where.folder is None:
        path = state / FOLDER if where.store else place(state).trail
    else:
        path = Path(where.folder)
        if not path.is_dir():
            raise UsageError(f"{where.folder}: is no folder")
    if where.store or is_store(path):
        stored = opened(path)
        try:
            yield stored
        finally:
            stored.events.close()
    else:
        yield Local(path)


def is_store(folder: Path) -> bool:
    """Whether a folder holds a store and no local trail."""
    return (folder / "events").is_dir() or (folder / "control.sqlite").exists()


def opened(folder: Path) -> Stored:
    """A store, open to be read. Raises UsageError where there is none."""
    from spawngate.server.store.sqlite.events import SqliteEvents

    if not is_store(folder):
        raise UsageError(f"{folder}: there is no store; `spawngate up` makes one")
    return Stored(folder, SqliteEvents(folder, read_only=True))


def _decoded(entry: Entry) -> Mapping[str, Any]:
    value = msgspec.json.decode(entry.record)
    return value if isinstance(value, dict) else {}


def _values(record: Mapping[str, Any], dimension: str) -> list[str]:
    return list(dict.fromkeys(value for path in FIELDS[dimension].paths for value in values_at(record, path)))


def _steps(record: Mapping[str, Any], step: int) -> list[str]:
    try:
        at = moment.microseconds(str(record.get("at")))
    except ValueError:
        return []
    return [moment.text(at - at % step)]
