"""Requests in both encodings."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.otlp.decode import MOST_ATTRIBUTES, MOST_RECORDS, DecodeError, LogRecord, from_json, from_protobuf
from spawngate.trail.mappings.protobuf import export_request
from tests.server.otlp.records import TIME, claude, codex, record, request


def test_both_encodings_say_the_same() -> None:
    given = request(record("x", a="text", b=True, c=-7, d=1 << 40, e=""), service__name="claude-code")
    expected = LogRecord(
        {"service.name": "claude-code"}, {"a": "text", "b": True, "c": -7, "d": 1 << 40, "e": ""}, "", "x", TIME
    )
    assert from_json(msgspec.json.encode(given)).records == [expected]
    assert from_protobuf(export_request(given)).records == [expected]


def test_json_as_exporters_write_it() -> None:
    text = (
        b'{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":5,"body":null,"attributes":['
        b'{"key":"n","value":{"intValue":44}},{"key":"l","value":{"arrayValue":{"values":[{"stringValue":"a"}]}}},'
        b'{"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":0.5}}]}}},'
        b'{"key":"none","value":{}},{"value":{"stringValue":"x"}},7]}]}]}]}'
    )
    (only,) = from_json(text).records
    assert only == LogRecord({}, {"n": 44, "l": ["a"], "m": {"k": 0.5}, "none": None, "": "x"}, "", None, 5)


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b"{", b'{"resourceLogs":7}', b"\xff"])
def test_what_is_no_json_request(data: bytes) -> None:
    with pytest.raises(DecodeError):
        from_json(data)


def test_bounds() -> None:
    many = request(*(record(None) for _ in range(MOST_RECORDS + 3)))
    found = from_json(msgspec.json.encode(many))
    assert (len(found.records), found.left_out) == (MOST_RECORDS, 3)
    words: dict[str, Any] = {f"a{number}": "x" for number in range(MOST_ATTRIBUTES + 9)}
    wide = request(record(None, **words))
    assert len(from_json(msgspec.json.encode(wide)).records[0].attributes) == MOST_ATTRIBUTES
    assert len(from_protobuf(export_request(wide)).records[0].attributes) == MOST_ATTRIBUTES
    deep = '{"arrayValue":{"values":[' * 100 + "]}}" * 100
    text = f'{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{deep}}}]}}]}}]}}'
    assert len(from_json(text.encode()).records) == 1


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    for read in (from_json, from_protobuf):
        try:
            read(data)
        except DecodeError:
            continue


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_request_that_was_cut_or_altered(at: int, byte: int) -> None:
    whole = export_request(request(claude(), codex(), service__name="x"))
    for data in (whole[:at], whole[:at] + bytes([byte]) + whole[at + 1 :]):
        with suppress(DecodeError):
            from_protobuf(data)
