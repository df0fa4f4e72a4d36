"""Sets of sequences as ranges: which events of a stream are there.

Must not be here: events, files.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator


class Ranges:
    """A set of positive integers, small where they lie together."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        """From ranges (first, last), ascending and apart. Raises ValueError where they are not."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        for first, last in pairs:
            if first > last or first < 1 or (self._ends and first <= self._ends[-1] + 1):
                raise ValueError("these ranges do not ascend")
            self._starts.append(first)
            self._ends.append(last)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(zip(self._starts, self._ends, strict=True))

    def __contains__(self, number: int) -> bool:
        place = bisect_right(self._starts, number) - 1
        return place >= 0 and number <= self._ends[place]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self)

    @property
    def last(self) -> int:
        """The highest; 0 where there is none."""
        return self._ends[-1] if self._ends else 0

    def add(self, number: int) -> bool:
        """Add one; whether it is new."""
        starts, ends = self._starts, self._ends
        if ends and number == ends[-1] + 1:
            ends[-1] = number
            return True
        place = bisect_right(starts, number) - 1
        if place >= 0 and number <= ends[place]:
            return False
        before = place >= 0 and number == ends[place] + 1
        behind = place + 1 < len(starts) and number == starts[place + 1] - 1
        if before and behind:
            ends[place] = ends.pop(place + 1)
            del starts[place + 1]
        elif before:
            ends[place] = number
        elif behind:
            starts[place + 1] = number
        else:
            starts.insert(place + 1, number)
            ends.insert(place + 1, number)
        return True

    def missing(self) -> Iterator[tuple[int, int]]:
        """The gaps between the first and the last."""
        for end, start in zip(self._ends, self._starts[1:], strict=False):
            yield end + 1, start - 1
