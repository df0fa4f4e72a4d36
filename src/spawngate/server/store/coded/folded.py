"""Words of closed days in folded case, kept in memory within bounds: a text is then looked for without the disk.

A closed day changes no more, so nothing has to be told apart but days and columns. For any thread.
Must not be here: SQL, what a hit means (`day`).
"""

import threading
from collections import OrderedDict

ROOM = 96 << 20
"""Characters that are kept; ninety days of a hundred thousand events each need about as many."""


class Folded:
    """The words that were asked for last."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used = room, 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], str] = OrderedDict()

    def get(self, day: str, column: str) -> str | None:
        """The words of a column, one a line, by their codes from 1 on."""
        with self._lock:
            found = self._kept.get((day, column))
            if found is not None:
                self._kept.move_to_end((day, column))
            return found

    def put(self, day: str, column: str, text: str) -> None:
        """Keep them; the longest unused make room."""
        if len(text) > self._room:
            return
        with self._lock:
            self._used -= len(self._kept.pop((day, column), ""))
            self._kept[day, column] = text
            self._used += len(text)
            while self._used > self._room:
                self._used -= len(self._kept.popitem(last=False)[1])

    def forget(self, day: str) -> None:
        """Let a day go."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == day]:
                self._used -= len(self._kept.pop(key))


def places(text: str, needle: str) -> list[int]:
    """Numbers (from 1) of the lines that hold a text."""
    found: list[int] = []
    line, counted, at = 1, 0, text.find(needle)
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        line += text.count("\n", counted, start)
        counted = start
        found.append(line)
        end = text.find("\n", at)
        at = -1 if end < 0 else text.find(needle, end)
    return found
