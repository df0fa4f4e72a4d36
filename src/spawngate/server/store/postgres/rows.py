"""Events as rows of a day: their words coded, their records in blocks, copied in one go.

Must not be here: which events are new and what numbers they have (`lane`), reading (`day`).
"""

import json
from collections.abc import Sequence

from spawngate.server.store.coded.columns import CODED, Word, word
from spawngate.server.store.coded.writing import CACHED, blocks, encoded
from spawngate.server.store.postgres.connection import Connection, rows
from spawngate.server.store.postgres.lane import Fresh, Lane
from spawngate.server.store.postgres.tables import COLUMNS, first_id, table_of

_KNOWN = 200_000
"""Words of a day that a process reads when it first writes into it."""
_COPY = ",".join(f'"{name}"' for name in COLUMNS)


class Coder:
    """The codes of the open day's words, as far as this process knows them. Not for several threads."""

    def __init__(self) -> None:
        self._day = -1
        self._codes: list[dict[Word | None, int]] = []
        self._new: list[tuple[int, Word, int]] = []
        """Given away in this transaction: place of the column, word, code."""

    def forget(self) -> None:
        """The transaction was rolled back, and with it the codes that it gave away."""
        self._day, self._new = -1, []

    def open(self, lane: Lane) -> None:
        """Know the words of a lane's day."""
        if self._day == lane.day:
            return
        self._codes = [{} for _ in CODED]
        low = first_id(lane.day)
        found = rows(
            lane.connection,
            f"SELECT id, field, value FROM {table_of('words', lane.day)} ORDER BY id LIMIT {_KNOWN}",  # noqa: S608
        )
        for id, place, value in found:
            if len(self._codes[place]) < CACHED:
                self._codes[place].setdefault(word(tuple(json.loads(value))), id - low)
        self._day = lane.day

    def codes(self, lane: Lane, coded: Sequence[Word | None]) -> list[int | None]:
        """Codes of an event's words; those that have none get one."""
        codes: list[int | None] = [known.get(each) for known, each in zip(self._codes, coded, strict=True)]
        if codes.count(None) != coded.count(None):
            for place, each in enumerate(coded):
                if each is not None and codes[place] is None:
                    lane.codes += 1
                    known = self._codes[place]
                    if len(known) >= CACHED:
                        known.clear()
                    known[each] = codes[place] = lane.codes
                    self._new.append((place, each, lane.codes))
        return codes

    def coined(self) -> list[tuple[int, Word, int]]:
        """What was given away since this was asked last."""
        found, self._new = self._new, []
        return found


def write(lane: Lane, coder: Coder, fresh: Sequence[Fresh], begin: int) -> None:
    """Copy events into the lane's day; `begin` is the number of the first. Raises psycopg.Error."""
    coder.open(lane)
    low = first_id(lane.day) + begin
    lines: list[str] = []
    for at, each in enumerate(fresh):
        prepared = each.prepared
        values = (
            low + at, prepared.time, prepared.received, prepared.entry.sequence, prepared.mark,
            *prepared.columns.numbers, each.stream, *coder.codes(lane, prepared.columns.coded),
        )  # fmt: skip
        lines.append("\t".join(["\\N" if value is None else str(value) for value in values]))
    coined = coder.coined()
    if coined:
        _words(lane, coined)
    _copy(lane.connection, f"{table_of('events', lane.day)}({_COPY})", lines)
    with (
        lane.connection.cursor() as cursor,
        cursor.copy(f"COPY {table_of('blocks', lane.day)} FROM STDIN (FORMAT BINARY)".encode()) as copy,
    ):
        copy.set_types(("int8", "int4", "bytea"))
        for at, count, data in blocks([each.prepared.entry.record for each in fresh]):
            copy.write_row((low + at, count, data))


def _words(lane: Lane, coined: Sequence[tuple[int, Word, int]]) -> None:
    low = first_id(lane.day)
    lines = []
    for place, each, code in coined:
        text = encoded(each)
        folded = text.casefold()
        other = "\\N" if folded == text else folded.replace("\\", "\\\\")
        # No control character stands in a word as it is kept; only backslashes mean something to COPY.
        lines.append(f"{low + code}\t{place}\t{text.replace(chr(92), chr(92) * 2)}\t{other}")
    _copy(lane.connection, table_of("words", lane.day), lines)


def _copy(connection: Connection, table: str, lines: Sequence[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
        copy.write("\n".join(lines) + "\n")
