"""Texts in quotes, found in time that grows with the length of the text alone.

An expression tries every quote for a beginning and reads on from each as far as it may: over text that is full of
escaped quotes that takes as many times longer as a literal may be long. Here the quotes that can close are found once.
Belongs here: `'...'` and `"..."` with backslash escapes. Must not be here: what the texts mean.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

FEW = 200
"""Backslashes of a text below which an expression is as fast and simpler."""
_TOKEN = re.compile(r"\\.|[\"'\n\\]", re.DOTALL)
_QUOTE = re.compile(r"[\"']")


class Quotes:
    """The quotes of one text. `least` and `most` are characters of a literal, an escape counts as one; with `joined` a
    backslash before a line's end is an escape too."""

    def __init__(self, text: str, least: int, most: int, *, joined: bool = False) -> None:
        self._text = text
        self._least, self._most = least, most
        self._closing: dict[str, list[int]] = {'"': [], "'": []}
        self._breaks: list[int] = []
        self._escapes: list[int] = []
        for match in _TOKEN.finditer(text):
            token, at = match[0], match.start()
            if len(token) == 2:
                (self._breaks if token == "\\\n" and not joined else self._escapes).append(at)
            elif token in self._closing:
                self._closing[token].append(at)
            else:
                self._breaks.append(at)

    def end(self, start: int) -> int:
        """Place of the quote that closes the one at `start`; -1 where it begins no literal."""
        closing = self._closing[self._text[start]]
        found = bisect_right(closing, start)
        if found == len(closing):
            return -1
        end = closing[found]
        broken = bisect_right(self._breaks, start)
        if broken < len(self._breaks) and self._breaks[broken] < end:
            return -1
        escapes = bisect_left(self._escapes, end) - bisect_right(self._escapes, start)
        return end if self._least <= end - start - 1 - escapes <= self._most else -1


def quoted(text: str, least: int, most: int, *, joined: bool = False) -> Iterator[tuple[int, int]]:
    """Spans between quotes, from left to right, none inside another. Arguments as those of `Quotes`."""
    quotes = Quotes(text, least, most, joined=joined)
    at = 0
    while match := _QUOTE.search(text, at):
        end = quotes.end(match.start())
        if end >= 0:
            yield match.start() + 1, end
        at = max(end, match.start()) + 1
