"""Protobuf of an ExportLogsServiceRequest, from its OTLP JSON form, and the fields of any message.

Source: opentelemetry-proto v1, `logs_service.proto`, `logs.proto`, `common.proto`: field numbers and types; protobuf's
encoding guide: a tag is number * 8 + wire type, lengths and numbers are varints.
Must not be here: what is in a record (`trail.mappings.otel`).
"""

import struct
from collections.abc import Mapping
from typing import Any

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LOG_RECORD = {"timeUnixNano": 1, "severityNumber": 2, "severityText": 3, "body": 5, "attributes": 6}
_LOG_RECORD |= {"observedTimeUnixNano": 11, "eventName": 12}


def export_request(request: Mapping[str, Any]) -> bytes:
    """The request of `trail.mappings.otel.export` in protobuf."""
    return b"".join(_message(1, _resource_logs(each)) for each in request["resourceLogs"])


def rejected(body: bytes) -> tuple[int, str]:
    """Number of refused records and the words of an ExportLogsServiceResponse; zero and empty for anything else."""
    for number, value in fields(body):
        if number == 1 and isinstance(value, bytes):
            told = dict(fields(value))
            count, words = told.get(1, 0), told.get(2, b"")
            return (
                count if isinstance(count, int) else 0,
                words.decode("utf-8", "replace") if isinstance(words, bytes) else "",
            )
    return 0, ""


def export_response(refused: int, words: str) -> bytes:
    """An ExportLogsServiceResponse: `refused` records were not taken, and why."""
    if not refused:
        return b""
    return _message(1, _number(1, refused) + _text(2, words))


def _resource_logs(given: Mapping[str, Any]) -> bytes:
    resource = b"".join(_message(1, _pair(each)) for each in given["resource"]["attributes"])
    scopes = b"".join(_message(2, _scope_logs(each)) for each in given["scopeLogs"])
    return _message(1, resource) + scopes


def _scope_logs(given: Mapping[str, Any]) -> bytes:
    scope = _text(1, given["scope"]["name"]) + _text(2, given["scope"]["version"])
    return _message(1, scope) + b"".join(_message(2, _log_record(each)) for each in given["logRecords"])


def _log_record(given: Mapping[str, Any]) -> bytes:
    return b"".join(
        (
            _fixed64(_LOG_RECORD["timeUnixNano"], int(given["timeUnixNano"])),
            _number(_LOG_RECORD["severityNumber"], given["severityNumber"]),
            _text(_LOG_RECORD["severityText"], given["severityText"]),
            _message(_LOG_RECORD["body"], _value(given["body"])),
            *(_message(_LOG_RECORD["attributes"], _pair(each)) for each in given["attributes"]),
            _fixed64(_LOG_RECORD["observedTimeUnixNano"], int(given["observedTimeUnixNano"])),
            _text(_LOG_RECORD["eventName"], given["eventName"]),
        )
    )


def _pair(given: Mapping[str, Any]) -> bytes:
    return _text(1, given["key"]) + _message(2, _value(given["value"]))


def _value(given: Mapping[str, Any]) -> bytes:
    """AnyValue: a oneof, whose member is written also where it is empty or zero; nothing where it holds none."""
    if not given:
        return b""
    ((kind, value),) = given.items()
    if kind == "stringValue":
        return _message(1, value.encode("utf-8", "replace"))
    if kind == "boolValue":
        return _tag(2, _VARINT) + _varint(int(value))
    if kind == "intValue":
        return _tag(3, _VARINT) + _varint(int(value))
    return _message(5, b"".join(_message(1, _value(each)) for each in value["values"]))


def _tag(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def _message(number: int, data: bytes) -> bytes:
    return _tag(number, _BYTES) + _varint(len(data)) + data


def _text(number: int, text: str) -> bytes:
    return _message(number, text.encode("utf-8", "replace")) if text else b""


def _number(number: int, value: int) -> bytes:
    return _tag(number, _VARINT) + _varint(value) if value else b""


def _fixed64(number: int, value: int) -> bytes:
    return _tag(number, _FIXED64) + struct.pack("<Q", value & ((1 << 64) - 1)) if value else b""


def fields(data: bytes) -> list[tuple[int, int | bytes]]:
    """Numbers and values of a message's fields, as far as they can be read: numbers as they stand on the wire (no
    sign, no zigzag, bits of a double), texts and messages as bytes. Never raises."""
    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        wire = tag & 7
        if wire == _VARINT:
            value, at = _read_varint(data, at)
            found.append((tag >> 3, value))
        elif wire == _BYTES:
            length, at = _read_varint(data, at)
            if at + length > len(data):
                break
            found.append((tag >> 3, data[at : at + length]))
            at += length
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
            if at + size > len(data):
                break
            found.append((tag >> 3, int.from_bytes(data[at : at + size], "little")))
            at += size
        else:
            break
    return found


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    return value, at
