"""OpenTelemetry logs over OTLP/HTTP, as protobuf or JSON, to a collector or a vendor's endpoint.

Source: "OTLP Specification" 1.x: `POST` of an ExportLogsServiceRequest; 200 with `partialSuccess` says how many
records were refused (not which) and must not be sent again; 429, 502, 503 and 504 may be tried again, with Retry-After.
Other 5xx must not by the specification; here they are, since a dead letter for every event of a broken hour helps
nobody.
Must not be here: records (`trail.mappings.otel`), the encoding (`trail.mappings.protobuf`), sending.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Exchange,
    HttpAnswer,
    HttpRequest,
    Outcome,
    interface_outcome,
)
from spawngate.routing.settings import Secret, url_problem
from spawngate.routing.stream import StreamSettings, decoded, in_parts, said, source
from spawngate.trail.mappings.otel import export, log_record
from spawngate.trail.mappings.protobuf import export_request, rejected

LARGEST = 2 << 20
"""Bytes of JSON of the records of one request."""


class OtlpSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receiver of OTLP."""

    url: str
    """Whole, as `https://collector.example.com:4318/v1/logs`."""
    encoding: Literal["protobuf", "json"] = "protobuf"
    gzip: bool = True
    header_name: str = ""
    """Of one header with a secret, as vendors ask for: `Authorization`, `api-key`."""
    header_value: Secret = ""
    resource: Mapping[str, str] = {}
    """Attributes of the resource: `{"deployment.environment.name" = "prod"}`."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        problem = url_problem(self.url)
        if problem:
            found["url"] = problem
        if bool(self.header_name) != bool(self.header_value):
            found["header_name"] = "either both header_name and header_value or none"
        if self.header_name and not all(each.isalnum() or each in "-_" for each in self.header_name):
            found["header_name"] = "is no name of a header"
        if not self.header_value.isprintable() or not self.header_value.isascii():
            found["header_value"] = "must be printable ASCII"
        return found


def exchange(settings: OtlpSettings, batch: Batch, context: Context) -> Exchange:
    """Send the batch, in parts where it is large."""
    observed = _microseconds(context.now)
    pieces = [msgspec.json.encode(log_record(source(item), observed)) for item in batch.items]
    return (yield from in_parts(pieces, len(pieces), LARGEST, lambda some: _post(settings, some), read))


def _post(settings: OtlpSettings, pieces: Sequence[bytes]) -> HttpRequest:
    request = export([msgspec.json.decode(piece) for piece in pieces], settings.resource)
    if settings.encoding == "json":
        body, kind = msgspec.json.encode(request), "application/json"
    else:
        body, kind = export_request(request), "application/x-protobuf"
    headers = [("Content-Type", kind)]
    if settings.gzip:
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: with the header of gzip, whose time is zero
        body = packer.compress(body) + packer.flush()
        headers.append(("Content-Encoding", "gzip"))
    if settings.header_name:
        headers.append((settings.header_name, settings.header_value))
    return HttpRequest("POST", settings.url, tuple(headers), body)


def read(answer: Answer, count: int) -> Outcome:
    """What became of a request."""
    outcome = interface_outcome(answer, said(answer, "message"))
    if outcome.state != "delivered" or not isinstance(answer, HttpAnswer):
        return outcome
    if answer.header("content-type").startswith("application/x-protobuf"):
        number, message = rejected(answer.body)
    else:
        value: Any = decoded(answer)
        partial = value.get("partialSuccess") if isinstance(value, Mapping) else None
        given = partial.get("rejectedLogRecords", 0) if isinstance(partial, Mapping) else 0
        number = int(given) if isinstance(given, int | str) and str(given).isdecimal() else 0
        message = said(answer, "partialSuccess", "errorMessage")
    if number or message:
        return Outcome("delivered", f"{number} of {count} records were refused: {message}"[:500])
    return outcome


def _microseconds(now: str) -> int:
    try:
        return int(datetime.fromisoformat(now).timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        return 0


DESTINATION = Destination("otlp", "stream", OtlpSettings, exchange, "OpenTelemetry logs (OTLP/HTTP)")
