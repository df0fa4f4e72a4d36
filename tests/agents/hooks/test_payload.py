"""Payloads: any bytes become an object or a clear refusal, and fields of wrong types become problems."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.dialect import HookInputError, Loaded
from spawngate.agents.hooks.payload import MAX_BYTES, MAX_DEPTH, MAX_ITEMS, Reader, load, parse_object, parse_value
from spawngate.model.json import Json


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"", "payload: empty"),
        (b" \n", "payload: empty"),
        (b"{", "payload: not JSON"),
        (b"rm -rf /", "payload: not JSON"),
        (b'{"a":1} {"b":2}', "payload: not JSON"),
        (b"[]", "payload: not a JSON object"),
        (b'"x"', "payload: not a JSON object"),
        (b"null", "payload: not a JSON object"),
        (b'{"a":' * 100_000, "payload: nested too deeply"),
        (b'{"a":' + b"[" * 100_000, "payload: nested too deeply"),
        (b'{"a":' + b"9" * 5_000 + b"}", "payload: not JSON"),
        (b" " * (MAX_BYTES + 1), f"payload: longer than {MAX_BYTES} bytes"),
    ],
    ids=["empty", "blank", "cut", "text", "two", "list", "text", "null", "deep", "deep list", "number", "long"],
)
def test_what_is_no_object(payload: bytes, message: str) -> None:
    with pytest.raises(HookInputError) as caught:
        load(payload)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'\xef\xbb\xbf{"a": 1}\n', ({"a": 1}, [])),
        (b'{"a": "\xff"}', ({"a": "\ufffd"}, ["payload: not UTF-8"])),
        (b'{"a": NaN, "b": -Infinity}', ({"a": None, "b": None}, [])),
        (b'{"a": 1, "a": 2}', ({"a": 2}, [])),
        (b'{"a": "\\ud800x", "\\udc00": ["\\ud83d\\ude00"]}', ({"a": "\ufffdx", "\ufffd": ["\U0001f600"]}, [])),
    ],
    ids=["mark", "bytes", "no numbers", "twice", "halves"],
)
def test_odd_objects(payload: bytes, expected: tuple[dict[str, Json], list[str]]) -> None:
    source, problems = expected
    assert load(payload) == Loaded(source, tuple(problems))


def test_depth_is_bounded() -> None:
    value: Json = "deep"
    for _ in range(MAX_DEPTH + 5):
        value = [value]
    loaded = load(json.dumps({"a": value, "b": 1}).encode())
    found = loaded.source
    assert loaded.problems == (f"payload: parts nested deeper than {MAX_DEPTH} levels were left out",)
    levels, inner = 0, found["a"]
    while isinstance(inner, list):
        levels, inner = levels + 1, inner[0]
    assert (levels, inner, found["b"]) == (MAX_DEPTH - 1, None, 1)


@given(st.binary())
def test_any_bytes(payload: bytes) -> None:
    try:
        loaded = load(payload)
    except HookInputError:
        return
    assert isinstance(loaded.source, dict)
    assert load(loaded) is loaded


@given(st.text())
def test_any_text_inside(text: str) -> None:
    value = parse_value(text)
    json.dumps(value).encode()
    assert parse_object(text) is None or isinstance(value, dict)


def test_fields() -> None:
    problems: list[str] = []
    reader = Reader(problems)
    source: Json = {
        "text": "x",
        "number": 7,
        "map": {"a": 1},
        "written": '{"a": 2}',
        "list": ["a", 1, None],
        "listed": '["a", "b"]',
        "flag": "TRUE",
        "odd": [1],
    }
    assert isinstance(source, dict)
    assert reader.text(source, "none", "text") == "x"
    assert reader.text(source, "number") == "7"
    assert reader.text(source, "map", "text") == "x"
    assert reader.map(source, "map") == {"a": 1}
    assert reader.map(source, "written") == {"a": 2}
    assert reader.map(source, "text") == {}
    assert reader.texts(source, "list") == ("a",)
    assert reader.texts(source, "listed") == ("a", "b")
    assert reader.texts(source, "text") == ("x",)
    assert reader.items(source, "number") == ()
    assert (reader.flag(source, "flag"), reader.flag(source, "none"), reader.flag(source, "odd")) == (
        True,
        False,
        False,
    )
    assert reader.name({"id": "y" * 10_000}, "id") == "y" * 512
    assert reader.below("deep").text({"x": []}, "x") == ""
    assert problems == [
        "map: expected text",
        "text: expected a map",
        "list: expected a list of texts",
        "number: expected a list",
        "odd: expected true or false",
        "deep.x: expected text",
    ]


def test_lists_are_bounded() -> None:
    problems: list[str] = []
    assert len(Reader(problems).items({"a": ["x"] * (MAX_ITEMS + 1)}, "a")) == MAX_ITEMS
    assert problems == [f"a: more than {MAX_ITEMS} items; the rest was left out"]


_LENIENT = json.JSONDecoder(parse_constant=lambda _: None).decode
_PARTS = st.sampled_from(
    [
        *(b"{", b"}", b"[", b"]", b",", b":", b'"', b'"a"', b"\\", b" ", b"-", b"0", b"1", b".", b"e9", b"9" * 25),
        *(b"\\ud83d", b"\\ude00", b"\\uD800", b"\\u0000", b"\\n", b"true", b"null"),
        *(b"\xff", b"\xed\xa0\x80", b"\xc3\xa4", b"\xef\xbb\xbf"),
    ]
)


@given(
    st.one_of(
        st.lists(_PARTS, max_size=12).map(b"".join),
        st.lists(_PARTS, max_size=8).map(lambda x: b'{"a":"%b"}' % b"".join(x)),
    )
)
def test_what_the_strict_decoder_takes_the_lenient_one_takes_alike(data: bytes) -> None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
    assert repr(found) == repr(_LENIENT(data.decode("utf-8-sig")))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_values_are_those_of_the_lenient_decoder(value: Json) -> None:
    for ascii_only in (True, False):
        text = json.dumps({"a": value}, ensure_ascii=ascii_only)
        try:
            data = text.encode()
        except UnicodeEncodeError:
            continue
        try:
            found = msgspec.json.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        assert repr(found) == repr(_LENIENT(text))
