"""Brace expansion: `{a,b}`, `{1..9..2}`, nested, bounded.

Belongs here: texts to texts. Must not be here: quoting, which the caller hides behind letters of its own.
Source: Bash Reference Manual 5.2, 3.5.1.
"""

import re

MAX_RESULTS = 256
MAX_NESTED = 16
MAX_BRACES = 128
"""Braces that open in one word."""
_SEQUENCE = re.compile(r"(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?")


class Unbounded(Exception):
    """More results than are worth having."""


def expand(text: str, depth: int = 0) -> list[str]:
    """All texts that `text` stands for, in order. Raises Unbounded beyond MAX_RESULTS."""
    if text.count("{") > MAX_BRACES:
        raise Unbounded
    at = text.find("{")
    while at >= 0:
        found = _group(text, at)
        if found is not None:
            items, end = found
            break
        at = text.find("{", at + 1)
    else:
        return [text]
    if depth >= MAX_NESTED:
        raise Unbounded
    rest = expand(text[end:], depth + 1)
    middle: list[str] = []
    for item in items:
        middle.extend(expand(item, depth + 1))
        if len(middle) * len(rest) > MAX_RESULTS:
            raise Unbounded
    return [text[:at] + one + tail for one in middle for tail in rest]


def _group(text: str, at: int) -> tuple[list[str], int] | None:
    """Items of the group that opens at `at`, and the place behind it; None where it is no group."""
    level, items, start = 0, list[str](), at + 1
    for place in range(at, min(len(text), at + 4096)):
        letter = text[place]
        if letter == "{":
            level += 1
        elif letter == "," and level == 1:
            items.append(text[start:place])
            start = place + 1
        elif letter == "}":
            level -= 1
            if not level:
                if items:
                    return [*items, text[start:place]], place + 1
                sequence = _sequence(text[at + 1 : place])
                return None if sequence is None else (sequence, place + 1)
    return None


def _sequence(text: str) -> list[str] | None:
    found = _SEQUENCE.fullmatch(text)
    if found is None:
        return None
    first, last, letter, other, step = found.groups()
    start, stop = (int(first), int(last)) if first else (ord(letter), ord(other))
    pace = abs(int(step)) if step and int(step) else 1
    if abs(stop - start) // pace >= MAX_RESULTS:
        raise Unbounded
    numbers = range(start, stop + 1, pace) if start <= stop else range(start, stop - 1, -pace)
    if not first:
        return [chr(number) for number in numbers]
    width = max(len(first), len(last)) if re.match(r"-?0\d", first) or re.match(r"-?0\d", last) else 0
    return [f"{number:0{width}d}" for number in numbers]
