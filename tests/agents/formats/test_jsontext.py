"""JSON in three dialects, and what is left of it when it is broken."""

import json
from typing import Any

import pyjson5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.formats import MAX_DEPTH, Format, Problem
from spawngate.agents.formats.jsontext import parse_json

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
RELAXED = "the file uses {}; its agent reads strict JSON and may ignore it"


@pytest.mark.parametrize(
    ("text", "dialect", "value", "problems"),
    [
        ('{"a": [1, 2.5, "x", null, true]}', Format.JSON, {"a": [1, 2.5, "x", None, True]}, ()),
        ('{"a": 1, // why\n "b": /* so */ [1, 2,],}', Format.JSONC, {"a": 1, "b": [1, 2]}, ()),
        (
            '{"a": 1, // why\n}',
            Format.JSON,
            {"a": 1},
            (Problem("not-strict", RELAXED.format("comments and trailing commas")),),
        ),
        (
            "{a: 'x\\'y', b: 0x1F, c: +.5, d: -0xA, 'e': \"z\",}",
            Format.JSON5,
            {"a": "x'y", "b": 31, "c": 0.5, "d": -10, "e": "z"},
            (),
        ),
        ('{"u": "\\u00e9\\ud83d\\ude00\\n", // x\n}', Format.JSONC, {"u": "é😀\n"}, ()),
        ('{"url": "http://x//y", /*"z"*/ "k": "/*"}', Format.JSONC, {"url": "http://x//y", "k": "/*"}, ()),
        ("// only a comment", Format.JSONC, None, (Problem("malformed", "line 1, column 18: holds no value"),)),
        (
            '{"a": 1, "a": 2}',
            Format.JSON,
            {"a": 2},
            (Problem("duplicate-key", "1 key(s) stand twice in one object; the last one counts"),),
        ),
        (
            '{"good": {"x": 1}, "cut": {"y": 2, "z"',
            Format.JSON,
            {"good": {"x": 1}, "cut": {"y": 2}},
            (Problem("malformed", "line 1, column 39: ends before it is complete"),),
        ),
        (
            '{"a": {"b" 1}, "c": nope, "d": 4}',
            Format.JSON,
            {"a": {"b": 1}, "d": 4},
            (
                Problem("malformed", "line 1, column 12: expected a colon after the key"),
                Problem("malformed", "line 1, column 21: unknown word"),
            ),
        ),
        (
            '{"a": [1, 2}, "b": 3}',
            Format.JSON,
            {"a": [1, 2]},
            (
                Problem("malformed", "line 1, column 12: expected ]"),
                Problem("malformed", "line 1, column 13: text after the end"),
            ),
        ),
        ("", Format.JSON, None, (Problem("malformed", "line 1, column 1: holds no value"),)),
        (
            '{"a": 1} trailing',
            Format.JSON,
            {"a": 1},
            (Problem("malformed", "line 1, column 10: text after the end"),),
        ),
    ],
)
def test_parse(text: str, dialect: Format, value: Any, problems: tuple[Problem, ...]) -> None:
    assert parse_json(text, dialect) == (value, problems)


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 2_000, 100_000])
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"k":', "}")])
def test_deep_part_is_skipped_and_neighbours_stay(levels: int, left: str, right: str) -> None:
    deep = left * levels + "1" + right * levels
    value, problems = parse_json(f'{{"before": 1, "deep": {deep}, "after": 2}}')
    assert isinstance(value, dict)
    assert (value["before"], value["after"]) == (1, 2)
    if levels >= 2_000:
        assert [problem.reason for problem in problems] == ["too-deep"]


@given(ANY_JSON)
def test_agrees_with_the_standard_parser(value: Any) -> None:
    text = json.dumps(value)
    assert parse_json(text) == (json.loads(text), ())


@given(ANY_JSON, st.sampled_from(["// c\n", "/* c */", " ", "\n"]))
def test_tolerant_parser_agrees_with_pyjson5(value: Any, gap: str) -> None:
    """A comment before the value makes the standard parser refuse it, so this is the other one."""
    text = f"/* */{gap}{json.dumps(value, indent=1)}{gap}"
    parsed, problems = parse_json(text, Format.JSON5)
    assert (parsed, problems) == (pyjson5.decode(text), ())


@settings(max_examples=300)
@given(st.text(alphabet="{}[]:,\"'\\/*ab1.-+e \n\ufeff\ud800", max_size=60))
def test_never_raises(text: str) -> None:
    for dialect in (Format.JSON, Format.JSONC, Format.JSON5):
        parse_json(text, dialect)


@given(ANY_JSON.filter(lambda value: isinstance(value, dict) and bool(value)), st.integers(0, 400))
def test_truncation_keeps_what_was_complete(value: dict[str, Any], cut: int) -> None:
    """Members that stand complete before the cut survive it."""
    text = json.dumps(value)
    parsed, _ = parse_json(text[: min(cut, len(text))])
    if isinstance(parsed, dict):
        complete = list(parsed.items())[:-1]
        assert all(value[key] == item for key, item in complete)


def test_number_too_long_to_write_becomes_text_or_infinite() -> None:
    digits = "f" * 4_000
    text = f"{{a: 0x{digits}, b: [-0x{digits}, +0xff], c: {'9' * 5_000}, 'd': {'9' * 4_000}}}"
    expected = {"a": f"0x{digits}", "b": [f"-0x{digits}", 255], "c": float("inf"), "d": 10**4_000 - 1}
    assert parse_json(text, Format.JSON5) == (expected, ())


def test_linear_on_hostile_text() -> None:
    """Half a million stray quotes and slashes take a moment, not minutes; the suite's own limit would tell."""
    for junk in ('"' * 200_001, "/" * 200_001, "/*" * 100_000, "[" * 200_000, '{"a":' * 100_000, "'\\" * 100_000):
        parse_json(junk, Format.JSON5)
