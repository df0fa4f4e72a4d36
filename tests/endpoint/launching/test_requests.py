"""Requests of the relay: foreign bytes become bounded values, or are refused without quoting them."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.launching.requests import (
    Call,
    End,
    NotUnderstoodError,
    Probed,
    Start,
    Tools,
    answer,
    arguments_of,
    understood,
)


def test_start() -> None:
    payload = b'{"schema_version":1,"id":"i","command":"c\\udc80","args":["a"],"cwd":"/p","env":{"A":"1"},"more":1}'
    assert understood(payload, Start) == Start(command="c\udc80", id="i", args=("a",), cwd="/p", env={"A": "1"})


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({}, "there is no command"),
        ({"command": "a", "url": "https://example.com/"}, "there are command and address"),
        ({"url": "https://exa mple\u2028.com/"}, "the address is no URL"),
        ({"url": "https://example.com/", "header_names": ["x"] * 4097}, "there are too many arguments"),
        ({"command": ""}, "there is no command"),
        ({"command": "a\0b"}, "a word holds a NUL"),
        ({"command": "a", "cwd": "\0"}, "a word holds a NUL"),
        ({"command": "a", "args": "secret"}, "Expected `array`, got `str` - at `$.args`"),
        ({"command": "a", "args": [1]}, "Expected `str`, got `int` - at `$.args[0]`"),
        ({"command": "a", "args": ["x"] * 4097}, "there are too many arguments"),
        ({"command": "a", "schema_version": 2}, "schema_version is not 1"),
        ([], "Expected `object`, got `array`"),
    ],
)
def test_refused(value: Any, problem: str) -> None:
    with pytest.raises(NotUnderstoodError) as caught:
        understood(json.dumps(value).encode(), Start)
    assert str(caught.value) == problem


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"[" * 100_000, b"nul"])
def test_no_json(payload: bytes) -> None:
    with pytest.raises(NotUnderstoodError, match="it is no JSON object"):
        understood(payload, Start)


@given(st.binary(), st.sampled_from([Start, Probed, Call, Tools, End]))
def test_total(payload: bytes, type_: type[Any]) -> None:
    with suppress(NotUnderstoodError):
        assert isinstance(understood(payload, type_), type_)


def test_answers_are_ascii() -> None:
    assert answer({"a": "\udc80ä"}).stdout == b'{"a":"\\udc80\\u00e4"}'


@pytest.mark.parametrize(("value", "expected"), [(None, {}), ({"a": 1}, {"a": 1}), ([1], {"": [1]}), ("x", {"": "x"})])
def test_arguments(value: Any, expected: Any) -> None:
    assert arguments_of(value) == expected
