"""An ExportLogsServiceRequest in JSON or protobuf, as plain records. Pure.

Foreign bytes: what is no request raises, what is strange inside one is left out, and everything is bounded.
Source: opentelemetry-proto v1 (`logs_service.proto`, `logs.proto`, `common.proto`) and its JSON mapping: 64-bit numbers
may be texts, names are in lowerCamelCase.
Must not be here: what a record means.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from spawngate.model.json import Json
from spawngate.trail.mappings.protobuf import fields

MOST_RECORDS = 10_000
MOST_ATTRIBUTES = 256
DEEPEST = 8


class DecodeError(Exception):
    """The bytes are no request. The message holds nothing of them."""


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One record, with what its resource says."""

    resource: Mapping[str, Json]
    attributes: Mapping[str, Json]
    name: str
    """`eventName`; empty where the record has none."""
    body: Json
    time: int
    """Nanoseconds after 1970; 0 where it is not told. When it happened, else when it was observed."""


@dataclass(slots=True)
class Decoded:
    """The records of a request."""

    records: list[LogRecord] = field(default_factory=list)
    left_out: int = 0
    """Records beyond the bound."""

    def add(self, record: LogRecord) -> None:
        """Keep a record, or count it."""
        if len(self.records) < MOST_RECORDS:
            self.records.append(record)
        else:
            self.left_out += 1


def from_json(data: bytes) -> Decoded:
    """The records of a request in JSON. Raises DecodeError."""
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise DecodeError("the body is no JSON") from None
    if not isinstance(document, Mapping) or not isinstance(document.get("resourceLogs", []), list):
        raise DecodeError("the body is no ExportLogsServiceRequest")
    found = Decoded()
    for group in _maps(document.get("resourceLogs")):
        resource = _attributes(_map(group.get("resource")).get("attributes"))
        for scope in _maps(group.get("scopeLogs")):
            for record in _maps(scope.get("logRecords")):
                found.add(
                    LogRecord(
                        resource,
                        _attributes(record.get("attributes")),
                        _text(record.get("eventName")),
                        _value(record.get("body"), 0),
                        _number(record.get("timeUnixNano")) or _number(record.get("observedTimeUnixNano")),
                    )
                )
    return found


def from_protobuf(data: bytes) -> Decoded:
    """The records of a request in protobuf. Bytes that are none give no records, or raise DecodeError."""
    groups = list(_messages(data, 1))
    if data and not groups:
        raise DecodeError("the body is no ExportLogsServiceRequest")
    found = Decoded()
    for group in groups:
        resource: dict[str, Json] = {}
        for message in _messages(group, 1):
            resource.update(_pairs(_messages(message, 1)))
        for scope in _messages(group, 2):
            for record in _messages(scope, 2):
                found.add(_record(record, resource))
    return found


def _record(data: bytes, resource: Mapping[str, Json]) -> LogRecord:
    """Numbers of fields: logs.proto, LogRecord."""
    time = observed = 0
    body: Json = None
    name = ""
    pairs: list[bytes] = []
    for number, value in fields(data):
        if isinstance(value, int):
            if number == 1:
                time = value
            elif number == 11:
                observed = value
        elif number == 5:
            body = _any(value, 0)
        elif number == 6:
            pairs.append(value)
        elif number == 12:
            name = value.decode("utf-8", "replace")
    return LogRecord(resource, dict(_pairs(pairs)), name, body, time or observed)


def _pairs(messages: Iterator[bytes] | Sequence[bytes]) -> Iterator[tuple[str, Json]]:
    for count, message in enumerate(messages):
        if count == MOST_ATTRIBUTES:
            return
        yield _pair(message, 0)


def _pair(message: bytes, depth: int) -> tuple[str, Json]:
    key, found = "", None
    for number, value in fields(message):
        if isinstance(value, bytes):
            if number == 1:
                key = value.decode("utf-8", "replace")
            elif number == 2:
                found = _any(value, depth)
    return key, found


def _any(message: bytes, depth: int) -> Json:
    """AnyValue: the last member of the oneof that is there counts."""
    found: Json = None
    for number, value in fields(message):
        if isinstance(value, int):
            if number == 2:
                found = bool(value)
            elif number == 3:
                found = value - (1 << 64) if value >= 1 << 63 else value
            elif number == 4:
                found = struct.unpack("<d", struct.pack("<Q", value & (1 << 64) - 1))[0]
        elif number == 1:
            found = value.decode("utf-8", "replace")
        elif number == 5 and depth < DEEPEST:
            found = [_any(each, depth + 1) for each in list(_messages(value, 1))[:MOST_ATTRIBUTES]]
        elif number == 6 and depth < DEEPEST:
            found = dict(_pair(each, depth + 1) for each in list(_messages(value, 1))[:MOST_ATTRIBUTES])
    return found


def _messages(data: bytes, wanted: int) -> Iterator[bytes]:
    return (value for number, value in fields(data) if number == wanted and isinstance(value, bytes))


def _attributes(given: object) -> dict[str, Json]:
    pairs = list(_maps(given))[:MOST_ATTRIBUTES]
    return {_text(each.get("key")): _value(each.get("value"), 0) for each in pairs}


def _value(given: object, depth: int) -> Json:
    if not isinstance(given, Mapping) or depth > DEEPEST:
        return None
    for kind, value in given.items():
        if kind in ("stringValue", "boolValue", "doubleValue"):
            return value if isinstance(value, str | bool | int | float) else None
        if kind == "intValue":
            return _number(value)
        if kind == "arrayValue":
            return [_value(each, depth + 1) for each in list(_maps(_map(value).get("values")))[:MOST_ATTRIBUTES]]
        if kind == "kvlistValue":
            pairs = list(_maps(_map(value).get("values")))[:MOST_ATTRIBUTES]
            return {_text(each.get("key")): _value(each.get("value"), depth + 1) for each in pairs}
    return None


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _maps(value: object) -> Iterator[Mapping[str, object]]:
    return (each for each in value if isinstance(each, Mapping)) if isinstance(value, list) else iter(())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, str):
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
    return value if isinstance(value, int) else 0
