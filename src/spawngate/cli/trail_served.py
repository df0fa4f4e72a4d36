"""SHELL. The trail of a server, by its API: what `spawngate audit --server` reads, and what it sets there.

Records are checked by nobody on the way: `audit verify` needs the store itself, an export with its manifest (which the
server signs and sends behind the records), or a proof of one event (docs/store.md).
Must not be here: addresses and tokens (`asking`), what is shown (`audit`).
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import msgspec

from spawngate.cli.asking import Api, read
from spawngate.model.errors import StateError
from spawngate.report.terminal import escape
from spawngate.server.exporting import Last
from spawngate.server.store.port import Bucket
from spawngate.trail.query import Query

PAGE = 1_000
POLL = 1.0
"""Seconds between two questions of one who follows."""


class _Page(msgspec.Struct):
    events: list[msgspec.Raw]
    cursor: str | None
    problems: list[str] = []


class _Arrivals(msgspec.Struct):
    events: list[msgspec.Raw]
    position: str


class _Counts(msgspec.Struct):
    counts: list[Bucket]


class _Days(msgspec.Struct):
    days: int


class _Kept(msgspec.Struct):
    item: _Days


class HeldDays(msgspec.Struct):
    """A legal hold as the API tells it."""

    name: str
    since: str
    until: str
    reason: str


class _Holds(msgspec.Struct):
    items: list[HeldDays]


class Served:
    """A server's trail. See `trail_source.Source`; queries travel as they were typed (`asked`)."""

    folder = Path()

    def __init__(self, api: Api, asked: str) -> None:
        """`asked`: the query, times of `--since` and `--until` included."""
        self._api, self._asked = api, asked
        self.manifest = ""
        """Of what was `exported`, once it was read to its end."""

    def newest(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """Records that match, newest first."""
        return (_decoded(line) for line in self._lines("newest"))

    def oldest(self, wanted: Query) -> Iterator[tuple[Mapping[str, Any], bytes]]:
        """Records that match, oldest first, each with its line."""
        return ((_decoded(line), line) for line in self._lines("oldest"))

    def exported(self) -> Iterator[bytes]:
        """Records that match, oldest first; then `manifest` is there. Raises UsageError, StateError."""
        self.manifest = ""
        before: bytes | None = None
        for line in self._api.lines("export", query=self._asked):
            if before is not None:
                yield before
            before = line
        try:
            last = msgspec.json.decode(before or b"", type=Last)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise StateError("the answer broke off: it has no manifest") from None
        for problem in last.problems:
            click.echo(f"spawngate: not in the answer: {escape(problem)}", err=True)
        self.manifest = last.manifest

    def follow(self, wanted: Query) -> Iterator[Mapping[str, Any]]:
        """Records that match, as they arrive at the server."""
        position = ""
        while True:
            found: _Arrivals = read(self._api.get("arrivals", query=self._asked, after=position, limit=PAGE), _Arrivals)
            yield from (_decoded(bytes(each)) for each in found.events)
            if found.position == position or not found.events:
                time.sleep(POLL)
            position = found.position

    def count(self, dimension: str, wanted: Query, limit: int) -> Sequence[Bucket]:
        """How many records have each value of a field, or `time:1h`."""
        answer = self._api.get("counts", by=dimension, query=self._asked, limit=min(limit, PAGE))
        found: _Counts = read(answer, _Counts)
        return found.counts

    def _lines(self, order: str) -> Iterator[bytes]:
        cursor: str | None = ""
        told: set[str] = set()
        while cursor is not None:
            answer = self._api.get("events", query=self._asked, order=order, cursor=cursor, limit=PAGE)
            page: _Page = read(answer, _Page)
            for problem in page.problems:
                if problem not in told:
                    told.add(problem)
                    click.echo(f"spawngate: not in the answer: {escape(problem)}", err=True)
            yield from map(bytes, page.events)
            cursor = page.cursor


def kept(api: Api, days: int | None) -> int:
    """How many days a server keeps events; with `days`, after setting it. Raises UsageError, StateError."""
    answer = api.get("retention") if days is None else api.send("PUT", "retention", {"days": days})
    found: _Kept = read(answer, _Kept)
    return found.item.days


def holds(api: Api) -> Sequence[HeldDays]:
    """Legal holds of a server. Raises UsageError, StateError."""
    found: _Holds = read(api.get("holds"), _Holds)
    return found.items


def hold(api: Api, name: str, *, since: str, until: str, reason: str) -> None:
    """Set a legal hold. Raises UsageError, StateError."""
    api.send("PUT", f"holds/{quote(name, safe='')}", {"since": since, "until": until, "reason": reason})


def lift(api: Api, name: str) -> None:
    """Lift one. Raises UsageError, StateError."""
    api.send("DELETE", f"holds/{quote(name, safe='')}")


def _decoded(line: bytes) -> Mapping[str, Any]:
    value: Mapping[str, Any] = read(line, dict[str, Any])
    return value
