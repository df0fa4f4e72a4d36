"""Vendors' secret formats, loaded from patterns.toml.

Must not be here: the formats themselves (data), and anything that looks at the place a value stands in.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

SHORTEST = 16
"""No format is shorter, so shorter text needs no search."""

_START = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
"""A match starts after something that is no letter or digit, a percent escape, or a written-out line break."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One format of one secret type."""

    type: str
    keyword: str
    regex: re.Pattern[str]
    match: tuple[str, ...]
    """Templates of text that the format covers whole; patterns.toml says how to read them."""
    find: tuple[str, ...]
    """Templates of text in which the format must be found, covering a part."""
    no_match: tuple[str, ...]


def _load() -> tuple[Pattern, ...]:
    text = files(__package__).joinpath("patterns.toml").read_text(encoding="utf-8")
    return tuple(
        Pattern(
            type=row["type"],
            keyword=row["keyword"],
            regex=re.compile(row["regex"] if row.get("anywhere") else _START + row["regex"]),
            match=tuple(row["match"]),
            find=tuple(row.get("find", ())),
            no_match=tuple(row["no_match"]),
        )
        for row in tomllib.loads(text)["pattern"]
    )


PATTERNS = _load()
TYPES = frozenset(pattern.type for pattern in PATTERNS)

_BLOCKS = tuple(pattern for pattern in PATTERNS if pattern.type in {"private-key", "putty-key"})
_SPANNING = frozenset({"private-key", "putty-key", "ssh-private-key"})
"""Formats that may hold signs which part words. No other does, and none of the others is shorter than `_WORD` asks;
tests look into the expressions for both."""
_PARSER: Any = getattr(re, "_parser", None)


def _shortest(regex: re.Pattern[str]) -> int:
    """Characters of the shortest text that the expression can match; a guess that is too low only costs time."""
    if _PARSER is None:
        return SHORTEST
    return int(_PARSER.parse(regex.pattern, regex.flags).getwidth()[0])


_SPANS = tuple((pattern.keyword, pattern, at) for at, pattern in enumerate(PATTERNS) if pattern.type in _SPANNING)
_IN_WORDS = sorted(
    ((_shortest(pattern.regex), at, pattern) for at, pattern in enumerate(PATTERNS) if pattern.type not in _SPANNING),
    key=lambda each: each[:2],
)
_LENGTHS = [length for length, _, _ in _IN_WORDS]
_KEYWORDS = tuple((pattern.keyword, pattern, at) for _, at, pattern in _IN_WORDS)
"""By the length of the shortest secret of the format, because most words are shorter than most secrets."""
_WORD = re.compile(r"[^\s()\"'`<>{}\[\],;|]+")
_LONG = 15
"""Characters of a word that is looked at. Not a bound of the expression, which would then try every letter of every
shorter word for a beginning."""


def within(letters: str, longest: int) -> tuple[Pattern, ...]:
    """The formats that may cover a part of a text which holds no other letters than these, at most `longest` of them
    between two slashes. Told from the expressions themselves; all formats where they cannot be looked into."""
    if _PARSER is None:
        return PATTERNS
    found = []
    for pattern in PATTERNS:
        tree = _PARSER.parse(pattern.regex.pattern, pattern.regex.flags)
        if (
            set(pattern.keyword) <= set(letters)
            and all(str(operation) != "LITERAL" or chr(sign) in letters for operation, sign in tree)
            and (tree.getwidth()[0] <= longest or _takes_slash(tree))
        ):
            found.append(pattern)
    return tuple(found)


def _takes_slash(tree: Any) -> bool:
    """Whether a match may hold a slash. What is not known may."""
    slash = ord("/")
    for operation, argument in tree:
        match str(operation):
            case "LITERAL":
                found = argument == slash
            case "IN":
                listed = any(
                    (str(kind) == "LITERAL" and value == slash)
                    or (str(kind) == "RANGE" and value[0] <= slash <= value[1])
                    or (str(kind) == "CATEGORY" and "_NOT_" in str(value))
                    for kind, value in argument
                )
                found = listed is not any(str(kind) == "NEGATE" for kind, _ in argument)
            case "SUBPATTERN":
                found = _takes_slash(argument[3])
            case "BRANCH":
                found = any(map(_takes_slash, argument[1]))
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                found = _takes_slash(argument[2])
            case "AT" | "ASSERT" | "ASSERT_NOT":
                found = False
            case _:
                found = True
        if found:
            return True
    return False


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and type of every secret in `text` that a format covers, by position, never overlapping."""
    if len(text) < SHORTEST:
        return
    fitting = [(pattern, order) for keyword, pattern, order in _SPANS if keyword in text]
    # Searching all of a long text for each format costs more than all else; most texts have few words of that length.
    words = [word for word in _WORD.findall(text) if len(word) >= _LONG]
    if words:
        possible = bisect_right(_LENGTHS, max(map(len, words)))
        joined = "\n".join(words)
        fitting += [(pattern, order) for keyword, pattern, order in _KEYWORDS[:possible] if keyword in joined]
    if fitting:
        yield from _apart(
            [
                (match.start(), -match.end(), order, pattern.type)
                for pattern, order in fitting
                for match in pattern.regex.finditer(text)
            ]
        )


def find_blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """As `find`, only for formats that span lines and hold blanks, which no word splitting keeps together."""
    if "PRIVATE KEY" in text or "Private-Lines:" in text:
        yield from _apart(
            [
                (match.start(), -match.end(), 0, pattern.type)
                for pattern in _BLOCKS
                for match in pattern.regex.finditer(text)
            ]
        )


def classify(text: str) -> str | None:
    """The type whose format covers `text` whole or all but a few characters, or None."""
    for start, end, type_ in find(text):
        return type_ if start == 0 and end >= len(text) - 4 else None
    return None


def _apart(hits: list[tuple[int, int, int, str]]) -> Iterator[tuple[int, int, str]]:
    reached = 0
    for start, negative_end, _, type_ in sorted(hits):
        if start >= reached:
            reached = -negative_end
            yield start, reached, type_
