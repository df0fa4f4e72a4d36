"""Spans of collections: style, comments, and which line goes with a member."""

import pytest

from spawngate.agents.formats.edit import apply
from spawngate.agents.formats.edit_spans import (
    Item,
    Node,
    add_last,
    indent_at,
    newline_of,
    past_comments,
    starts_line,
    take_out,
    unit_of,
)


def node_of(text: str) -> Node:
    """The list whose elements are single letters."""
    node = Node(text.index("["), text.rindex("]") + 1, "[")
    for place in range(node.start, node.end):
        if text[place].islower() and not text[place - 1].isalpha() and "/" not in text[max(0, place - 3) : place]:
            node.items.append(Item(place, Node(place, place + 1)))
        elif text[place] == "," and node.items:
            node.items[-1].comma = place
    return node


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[]", "[\n  N\n]"),
        ("[\n]", "[\n  N\n]"),
        ("[a]", "[a, N]"),
        ("[a, ]", "[a, N, ]"),
        ("[a,]", "[a, N,]"),
        ("[a, b]", "[a, b, N]"),
        ("[\n\ta,\n\tb\n]", "[\n\ta,\n\tb,\n\tN\n]"),
        ("[\r\n  a,\r\n]", "[\r\n  a,\r\n  N,\r\n]"),
        ("[\n  a // X\n]", "[\n  a, // X\n  N\n]"),
        ("[\n  a, /* X */ // Y\n]", "[\n  a, /* X */ // Y\n  N,\n]"),
        ("[a // X\n]", "[a, // X\n  N\n]"),
        ("[ // X\n]", "[ // X\n  N\n]"),
        ("[ /* X */ ]", "[ /* X */\n  N\n ]"),
    ],
)
def test_new_member_takes_over_the_style(before: str, after: str) -> None:
    assert apply(before, add_last(before, node_of(before), "N", lambda _: "N")) == after


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("[a]", 0, "[]"),
        ("[ a, ]", 0, "[]"),
        ("[a, b]", 0, "[b]"),
        ("[a, b]", 1, "[a]"),
        ("[a, b,]", 1, "[a,]"),
        ("[a, b, c]", 1, "[a, c]"),
        ("[\n  a,\n  b\n]", 1, "[\n  a\n]"),
        ("[\n  a,\n  b\n]", 0, "[\n  b\n]"),
        ("[\r\n  a,\r\n  b,\r\n]", 0, "[\r\n  b,\r\n]"),
        ("[\n  a, // X\n  b\n]", 1, "[\n  a // X\n]"),
        ("[\n  a, // X\n  b\n]", 0, "[\n  // X\n  b\n]"),
        ("[\n  // X\n  a\n]", 0, "[\n  // X\n]"),
        ("[a /* X */, b]", 0, "[/* X */ b]"),
    ],
)
def test_member_goes_with_one_comma_and_no_comment(before: str, index: int, after: str) -> None:
    assert apply(before, take_out(before, node_of(before), index)) == after


def test_layout_is_read_from_the_text() -> None:
    text = '{\r\n    "a": [\r\n      1]}'
    assert newline_of(text) == "\r\n"
    assert newline_of("") == "\n"
    assert unit_of(text) == "    "
    assert unit_of("{}") == "  "
    assert indent_at(text, text.index("1")) == "      "
    assert starts_line(text, text.index("1"))
    assert not starts_line(text, text.index("["))
    assert past_comments("x /* a */ /* b */ y", 1) == (17, False)
    assert past_comments("x # a\ny", 1) == (5, True)
    assert past_comments("x y", 1) == (1, False)
