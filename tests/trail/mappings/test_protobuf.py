"""Protobuf of log records, read back by a reader written after the encoding guide.

tests/routing/destinations/test_otlp.py gives the same to the official classes.
"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.mappings.otel import export, log_record, pairs
from spawngate.trail.mappings.protobuf import export_request, rejected
from spawngate.trail.mappings.source import Source
from tests.trail.mappings.samples import ANY_SOURCE


def varint(data: bytes) -> tuple[int, bytes]:
    value = 0
    for at, byte in enumerate(data):
        value |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            return value, data[at + 1 :]
    raise AssertionError("a number without an end")


def fields(data: bytes) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    while data:
        tag, data = varint(data)
        if tag & 7 == 0:
            value, data = varint(data)
            found.append((tag >> 3, value))
        elif tag & 7 == 1:
            found.append((tag >> 3, int.from_bytes(data[:8], "little")))
            data = data[8:]
        else:
            assert tag & 7 == 2
            length, data = varint(data)
            assert length <= len(data)
            found.append((tag >> 3, data[:length]))
            data = data[length:]
    return found


def value(data: bytes) -> dict[str, Any]:
    ((number, given_),) = fields(data)
    if number == 5:
        return {"arrayValue": {"values": [value(item) for _, item in fields(given_)]}}
    if number == 2:
        return {"boolValue": bool(given_)}
    if number == 3:
        return {"intValue": str(given_ - (1 << 64) if given_ >> 63 else given_)}
    return {"stringValue": given_.decode()}


def pair(data: bytes) -> dict[str, Any]:
    told = dict(fields(data))
    return {"key": told[1].decode(), "value": value(told[2])}


@given(ANY_SOURCE)
def test_any_record_reads_back(source: Source) -> None:
    record: Any = log_record(source, 7)
    ((number, resource_logs),) = fields(export_request(export([record], {"a": "b"})))
    assert number == 1
    resource, scope_logs = (given_ for _, given_ in fields(resource_logs))
    assert [pair(each) for _, each in fields(resource)][2] == {"key": "a", "value": {"stringValue": "b"}}
    told = fields(dict(fields(scope_logs))[2])
    found = {number: given_ for number, given_ in told if number != 6}
    assert found.get(1, 0) == int(record["timeUnixNano"])
    assert found[2] == record["severityNumber"]
    assert found[3].decode() == record["severityText"]
    assert value(found[5]) == record["body"]
    assert found[11] == 7000
    assert found[12].decode() == record["eventName"]
    assert [pair(each) for number, each in told if number == 6] == record["attributes"]


VALUES = st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(max_size=5)


@given(st.dictionaries(st.text(min_size=1, max_size=5), VALUES))
def test_any_attributes_read_back(given_: dict[str, Any]) -> None:
    record = {
        "timeUnixNano": "0",
        "observedTimeUnixNano": "0",
        "severityNumber": 0,
        "severityText": "",
        "body": {"stringValue": ""},
        "attributes": pairs(given_),
        "eventName": "",
    }
    ((_, resource_logs),) = fields(export_request(export([record], {})))  # type: ignore[list-item]  # JSON by hand
    told = fields(dict(fields(dict(fields(resource_logs))[2]))[2])
    assert [pair(each) for number, each in told if number == 6] == record["attributes"]


@given(st.binary(max_size=40))
def test_any_answer_is_read(data: bytes) -> None:
    count, message = rejected(data)
    assert count >= 0
    assert isinstance(message, str)


def test_answers() -> None:
    assert rejected(b"") == (0, "")
    assert rejected(b"\n\x0b\x08\x02\x12\x07too old") == (2, "too old")
    assert rejected(b"\n\x02\x08\x05") == (5, "")
