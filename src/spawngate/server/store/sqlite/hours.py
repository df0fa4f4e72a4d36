"""SHELL. Counts by the hour of a day that still grows: what closing writes into the table `hours`, in memory.

Events of a day are only ever added, with rising numbers: what came since the last look is counted and laid beside what
was counted then. So a page that counts today's events eight ways reads each of them once, and not eight times.
Must not be here: the day's file and its lock, what is asked.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

from spawngate.server.store.sqlite.tables import HOUR, HOURLY, counted

MOST = 50_000
"""Rows from which on those with the same values are laid together again."""
COUNT = counted(HOUR, HOURLY, "WHERE id>? AND id<=?")
"""Counts the events of a day's file behind one number, up to another."""
_COLUMNS = f"hour, {', '.join(HOURLY)}"


class Hours:
    """The counts. Whoever uses them sees to it that one thread at a time does."""

    def __init__(self) -> None:
        self.last = 0
        """Number of the last event that is counted."""
        self._rows = 0
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.execute(f"CREATE TABLE hours({_COLUMNS}, n INTEGER NOT NULL)")

    def add(self, counted: Sequence[tuple[Any, ...]], last: int) -> None:
        """What `COUNT` gave of the events up to `last`."""
        marks = ",".join("?" * (len(HOURLY) + 2))
        self._connection.executemany(f"INSERT INTO hours VALUES({marks})", counted)
        self._rows += len(counted)
        self.last = last
        if self._rows > MOST:
            self._together()

    def all(self, statement: str, values: Sequence[object]) -> list[Any]:
        """Rows that a question to the table `hours` gives."""
        return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        """Let them go."""
        self._connection.close()

    def _together(self) -> None:
        summed = f"SELECT {_COLUMNS}, SUM(n) AS n FROM hours GROUP BY {_COLUMNS}"  # noqa: S608  # our own names
        self._connection.execute(f"CREATE TABLE fewer AS {summed}")
        self._connection.execute("DROP TABLE hours")
        self._connection.execute("ALTER TABLE fewer RENAME TO hours")
        self._rows = int(self._connection.execute("SELECT COUNT(*) FROM hours").fetchone()[0])
