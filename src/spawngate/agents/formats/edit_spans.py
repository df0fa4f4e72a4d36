"""Spans of the values, keys and commas of a bracketed collection, and where to add or cut out one member.

A member owns its key, its value and one comma, never a comment. Shared by JSON, by TOML's arrays and inline tables and
by YAML's flow collections, which differ here in nothing but how a comment begins and how a value is written.
Must not be here: finding the spans and writing values (`edit_json`, `edit_toml`, `edit_yaml`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from spawngate.agents.formats.edit import Piece

_TRIVIA = re.compile(r"(?P<space>[ \t\f\v\ufeff]+)|(?P<line>(?://|\#)[^\n\r]*)|(?P<block>/\*(?:[^*\n\r]|\*(?!/))*\*/)")
_BLANKS = re.compile(r"[ \t]*")
_LEVEL = re.compile(r"(?:^|[\r\n])([ \t]+)[\"'{\[\w-]")
_NEWLINE = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class Item:
    """One element of a list or member of a map."""

    start: int
    """Of the key, or of the value in a list."""
    value: "Node"
    key: str | None = None
    comma: int = -1
    """Place of the comma behind it; -1 where there is none."""


@dataclass(slots=True)
class Node:
    """One value."""

    start: int
    end: int = -1
    kind: str = ""
    """`{`, `[`, or empty for a scalar."""
    items: list[Item] = field(default_factory=list)


Render = Callable[[str], str]
"""Text of a new member over several lines, those after the first indented by the argument."""


def add_last(text: str, node: Node, inline: str, render: Render, *, blank: bool = True) -> list[Piece]:
    """Pieces that put a new last member into a collection: on lines of its own where its neighbours are, else inline.

    `inline` is its text on one line. Without `blank` no blank is set between it and its neighbour.
    """
    if not node.items:
        return _add_first(text, node, render)
    last = node.items[-1]
    behind = last.comma + 1 if last.comma >= 0 else last.value.end
    place, cut = past_comments(text, behind)
    if starts_line(text, last.start):
        indent = indent_at(text, last.start)
    elif cut:
        indent = indent_at(text, node.start) + unit_of(text, node)
    else:
        return _joined(behind, place, last.comma >= 0, (" " if blank else "") + inline)
    return _joined(behind, place, last.comma >= 0, newline_of(text) + indent + render(indent))


def _joined(behind: int, place: int, has_comma: bool, new: str) -> list[Piece]:
    if has_comma:
        return [Piece(place, "", new + ",")]
    if place == behind:
        return [Piece(place, "", "," + new)]
    return [Piece(behind, "", ","), Piece(place, "", new)]


def _add_first(text: str, node: Node, render: Render) -> list[Piece]:
    outer = indent_at(text, node.start)
    indent = outer + unit_of(text, node)
    new = newline_of(text) + indent + render(indent)
    inner = text[node.start + 1 : node.end - 1]
    if not inner.strip():
        return [Piece(node.start + 1, inner, new + (inner if breaks(inner) else newline_of(text) + outer))]
    place, _ = past_comments(text, node.start + 1)
    closes_on_own_line = breaks(text[place : node.end - 1])
    return [Piece(place, "", new + ("" if closes_on_own_line else newline_of(text) + outer))]


def take_out(text: str, node: Node, index: int) -> list[Piece]:
    """Pieces that cut out one member, its comma, and its line where nothing else stands on it."""
    item = node.items[index]
    around = text[node.start + 1 : item.start] + text[item.value.end : node.end - 1]
    if len(node.items) == 1 and not around.replace(",", "").strip():
        return [Piece(node.start + 1, text[node.start + 1 : node.end - 1], "")]
    spans = [(item.start, item.value.end)]
    if item.comma >= 0:
        spans.append((item.comma, item.comma + 1))
    elif index:
        spans.append((node.items[index - 1].comma, node.items[index - 1].comma + 1))
    spans.sort()
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    pieces = []
    for start, end in merged:
        if start <= item.start < end:
            start, end = _with_its_line(text, start, end)
        pieces.append(Piece(start, text[start:end], ""))
    return pieces


def _with_its_line(text: str, start: int, end: int) -> tuple[int, int]:
    """The span and the line it stands on where nothing else does; else the span and the blanks on one side of it."""
    left = start
    while left > 0 and text[left - 1] in " \t":
        left -= 1
    right = end
    while right < len(text) and text[right] in " \t":
        right += 1
    before, after = text[left - 1 : left], text[right : right + 1]
    if before in ("", "\r", "\n") and after in ("", "\r", "\n"):
        return left - len(before) - (text[left - 2 : left] == "\r\n"), right
    if before in ("[", "{", "\r", "\n", ""):
        return start, right
    return left, end


def past_comments(text: str, place: int) -> tuple[int, bool]:
    """Behind the comments that follow on the same line, and whether one of them ends only with the line."""
    end = place
    while match := _TRIVIA.match(text, place):
        place = match.end()
        if match.lastgroup == "line":
            return place, True
        if match.lastgroup == "block":
            end = place
    return end, False


def starts_line(text: str, place: int) -> bool:
    """Whether only blanks stand in front of it on its line, and it is not the first line."""
    line = _line_start(text, place)
    return line > 0 and not text[line:place].strip()


def indent_at(text: str, place: int) -> str:
    """The blanks that the line of that place begins with."""
    match = _BLANKS.match(text, _line_start(text, place), place)
    return match.group() if match else ""


def unit_of(text: str, node: Node | None = None) -> str:
    """One level of indentation, as used in a collection or else anywhere in the document; two blanks by default."""
    if node is not None and node.items and starts_line(text, node.items[0].start):
        inner, outer = indent_at(text, node.items[0].start), indent_at(text, node.start)
        if len(inner) > len(outer) and inner.startswith(outer):
            return inner[len(outer) :]
    level = _LEVEL.search(text)
    return level.group(1) if level else "  "


def newline_of(text: str) -> str:
    """The line end of the document: that of its first line."""
    match = _NEWLINE.search(text)
    return match.group() if match else "\n"


def breaks(text: str) -> bool:
    """Whether the text holds a line end."""
    return "\n" in text or "\r" in text


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
