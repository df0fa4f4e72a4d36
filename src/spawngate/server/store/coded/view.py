"""One day as questions see it, whatever keeps it. Must not be here: any database, several days (`reading`)."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from spawngate.server.store.coded.compile import Condition
from spawngate.server.store.port import Entry
from spawngate.trail.query import Query


@dataclass(frozen=True, slots=True)
class Row:
    """What of an event is needed before its record is."""

    id: int
    """Number in its day, from 1."""
    time: int
    """Microseconds after 1970; so is `received`."""
    received: int
    stream: int
    sequence: int
    mark: int
    type: int


@dataclass(frozen=True, slots=True)
class Span:
    """Which times are wanted: microseconds, from `since` up to, not including, `until`; and where a page begins."""

    since: int | None = None
    until: int | None = None
    behind: tuple[int, str, int] | None = None
    """Time, day and number of the last event of the page before."""


class DayView(Protocol):
    """One day. Every method may raise StoreError."""

    @property
    def name(self) -> str:
        """2026-11-21."""

    def times(self) -> tuple[int, int] | None:
        """First and last time of its events; None where it has none."""

    def stream(self, number: int) -> tuple[str, str]:
        """Endpoint and id of a stream."""

    def condition(self, wanted: Query | None) -> Condition:
        """A query over this day's columns."""

    def rows(self, where: Condition, span: Span, *, newest_first: bool) -> Iterator[Row]:
        """Rows that the condition takes, by time and arrival. Reads as far as it is asked."""

    def reader(self) -> Callable[[Row], Entry]:
        """Gives the events of rows. Raises StoreDamagedError for one that is not as it was stored."""

    def count(self, dimension: str, where: Condition, span: Span) -> Counter[str]:
        """How many rows have each value of a column."""

    def histogram(self, step: int, where: Condition, span: Span) -> Counter[int]:
        """How many rows begin in each step of time (microseconds); by the begin of the step."""
