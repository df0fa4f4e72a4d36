"""Shell patterns on known texts: which beginnings, ends and parts of a text a pattern matches.

Belongs here: `*`, `?`, `[...]` and escapes. Must not be here: names of files. Extended patterns (`@(a|b)`) are refused.
Time is at most the product of text and pattern: all places are followed at once instead of tried in turn.
Source: POSIX.1-2024, 2.14 Pattern Matching Notation.
"""

import re

MAX_WORK = 200_000
"""Letters of text times items of pattern; above it the answer is unknown."""

CLASSES = {
    "alpha": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "digit": "0123456789",
    "alnum": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "space": " \t\n\r\v\f",
    "blank": " \t",
    "punct": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "xdigit": "0123456789abcdefABCDEF",
}


def globbed(text: str) -> bool:
    """Whether unquoted `text` is a pattern that names of files would replace."""
    if "*" in text or "?" in text:
        return True
    start = text.find("[")
    if 0 <= start < text.rfind("]") - 1:
        return True
    return "(" in text and re.search(r"[@+!]\(", text) is not None


class Unknown(Exception):
    """The pattern is of a kind, or of a size, that is not followed."""


class Pattern:
    """A pattern made ready. Each item is (letters, negated) or a star."""

    def __init__(self, pattern: str) -> None:
        """Raises Unknown for extended patterns."""
        if re.search(r"[@?*+!]\(", pattern):
            raise Unknown
        self.items: list[tuple[frozenset[str], bool] | None] = []
        at = 0
        while at < len(pattern):
            letter = pattern[at]
            at += 1
            if letter == "*":
                if not self.items or self.items[-1] is not None:
                    self.items.append(None)
            elif letter == "?":
                self.items.append((frozenset(), True))
            elif letter == "[" and (found := _bracket(pattern, at)) is not None:
                letters, negated, at = found
                self.items.append((letters, negated))
            else:
                if letter == "\\" and at < len(pattern):
                    letter, at = pattern[at], at + 1
                self.items.append((frozenset(letter), False))

    def ends(self, text: str) -> list[int]:
        """Lengths of all beginnings of `text` that match, ascending. Raises Unknown where it would take too long."""
        if len(text) * (len(self.items) + 1) > MAX_WORK:
            raise Unknown
        items, last = self.items, len(self.items)
        states = _closed({0}, items)
        found = [0] if last in states else []
        for at, letter in enumerate(text):
            following: set[int] = set()
            for state in states:
                if state == last:
                    continue
                item = items[state]
                if item is None:
                    following.add(state)
                elif (letter in item[0]) != item[1]:
                    following.add(state + 1)
            states = _closed(following, items)
            if not states:
                break
            if last in states:
                found.append(at + 1)
        return found

    def matches(self, text: str) -> bool:
        """Whether all of `text` matches. Raises Unknown."""
        return len(text) in self.ends(text)

    def starts(self, text: str) -> list[int]:
        """Lengths of all ends of `text` that match, ascending. Raises Unknown."""
        mirrored = Pattern("")
        mirrored.items = self.items[::-1]
        return mirrored.ends(text[::-1])


def _closed(states: set[int], items: list[tuple[frozenset[str], bool] | None]) -> set[int]:
    """`states` and those that a star lets be reached without a letter."""
    for state in tuple(states):
        at = state
        while at < len(items) and items[at] is None:
            at += 1
            states.add(at)
    return states


def _bracket(pattern: str, at: int) -> tuple[frozenset[str], bool, int] | None:
    """Letters of a bracket expression opened before `at`, whether they are excluded, and the place behind it."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    letters: set[str] = set()
    first = True
    while at < len(pattern):
        if pattern[at] == "]" and not first:
            return frozenset(letters), negated, at + 1
        first = False
        named = re.match(r"\[:(\w+):\]", pattern[at:])
        if named:
            letters.update(CLASSES.get(named.group(1), ""))
            at += named.end()
            continue
        if pattern[at] == "\\" and at + 1 < len(pattern):
            at += 1
        low = pattern[at]
        if pattern[at + 1 : at + 2] == "-" and pattern[at + 2 : at + 3] not in ("", "]"):
            high = pattern[at + 2]
            if ord(high) - ord(low) < 1024:
                letters.update(chr(code) for code in range(ord(low), ord(high) + 1))
            at += 3
        else:
            letters.add(low)
            at += 1
    return None
