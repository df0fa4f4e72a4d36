"""Strict JSON as every reader takes it, and all that readers disagree on."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.jsontext import Reader, Unreadable, decode, encode, text_of
from tests.protocol.strategies import VALUES, dumped


@given(st.data(), VALUES)
def test_values_are_those_of_the_standard_library(data: st.DataObject, value: object) -> None:
    line = data.draw(dumped(value))
    assert repr(decode(line)) == repr(json.loads(line))


@given(VALUES)
def test_encoded_values_come_back(value: object) -> None:
    written = encode(value)
    assert written.isascii()
    assert written == json.dumps(value, separators=(",", ":")).encode()
    assert decode(written) == value


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,0123456789.eE+-truefalsnu\\ \t', max_size=40).map(str.encode))
def test_bytes_are_read_as_the_standard_library_reads_them_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except Unreadable:
        try:
            expected = json.loads(data.decode())
        except ValueError:
            return
        assert not math.isfinite(sum(_numbers(expected)))
    else:
        assert repr(value) == repr(json.loads(data.decode("utf-8-sig")))


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in _numbers(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in _numbers(inner)]
    return [value] if isinstance(value, float) else []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it ends too early or is no JSON"),
        (b"{", "it is no JSON, or a number in it is too long"),
        (b"[NaN]", "a number is not finite"),
        (b"-Infinity", "a number is not finite"),
        (b"1e999", "a number is too large"),
        (b"1" * 5000, "it is no JSON, or a number in it is too long"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b'{"a":' * 100_000, "it is nested too deeply"),
        (b"{} {}", "something follows the value"),
        (b"{}\x00", "something follows the value"),
        (b"{}\x0b", "something follows the value"),
        (b'"a\tb"', "it is no JSON, or a number in it is too long"),
        (b'"\xff"', "it is not UTF-8"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "it ends too early or is no JSON"),
        ("{}".encode("utf-16"), "it is not UTF-8"),
        ("{}".encode("utf-16-le"), "it is no JSON, or a number in it is too long"),
    ],
)
def test_what_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as problem:
        decode(data)
    assert str(problem.value) == why


def test_one_byte_order_mark_is_passed_over() -> None:
    assert decode(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


def test_lone_surrogates_come_through() -> None:
    assert decode(b'"\\ud800"') == "\ud800"
    assert encode("\ud800") == b'"\\ud800"'


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_that_are_not_finite_are_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode([value])


def test_what_is_no_value_is_not_written() -> None:
    with pytest.raises(TypeError, match="not JSON: set"):
        encode({"a": set()})


def test_members_tell_their_places_and_repetitions() -> None:
    text = ' { "a" : 1.50 , "a":{"b":1,"b":2},"c":[{"d":1}] } '
    members, end = Reader(text).members(1)
    assert [(m.key, m.value, text[m.start : m.end], m.repeats) for m in members] == [
        ("a", 1.5, "1.50", False),
        ("a", {"b": 2}, '{"b":1,"b":2}', True),
        ("c", [{"d": 1}], '[{"d":1}]', False),
    ]
    assert text[end:] == " "


@pytest.mark.parametrize(
    "text", ['{"a"}', "{a:1}", '{"a":1,}', '{"a":1', '{"a":1 "b":2}', '{"a', '{"\x01":1}', "{,}", '{"a":}']
)
def test_members_of_no_object(text: str) -> None:
    with pytest.raises(Unreadable):
        Reader(text).members(0)


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=5), st.data())
def test_members_are_the_object(value: dict[str, object], data: st.DataObject) -> None:
    text = text_of(data.draw(dumped(value)))
    members, end = Reader(text).members(0)
    assert {m.key: m.value for m in members} == value
    assert {m.key: json.loads(text[m.start : m.end]) for m in members} == value
    assert end == len(text)


def test_bytes_that_are_not_text_can_be_replaced() -> None:
    assert text_of(b"a\xffb", replace=True) == "a\ufffdb"
