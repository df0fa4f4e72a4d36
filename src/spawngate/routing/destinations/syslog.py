"""Syslog, RFC 5424, over TLS (RFC 5425) or TCP (RFC 6587), always with octet counting.

The message is the record as JSON, so that a receiver that knows nothing of Spawngate can take it apart. There is no
acknowledgement in syslog: a batch counts as delivered when the receiver has read the connection to its end and closed
it.
Must not be here: the form of a message (`trail.mappings.syslog`).
"""

from collections.abc import Callable, Mapping

import msgspec

from spawngate.routing.addresses import is_host
from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Done,
    Exchange,
    Failed,
    Outcome,
    TcpLines,
    failed,
)
from spawngate.routing.stream import StreamSettings, fitting
from spawngate.trail.mappings.source import Source
from spawngate.trail.mappings.syslog import FACILITIES, framed, message

SMALLEST = 480
"""Bytes of a message that every receiver takes (RFC 5424 6.1)."""


class SyslogSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A receiver of syslog."""

    host: str
    port: int = 6514
    tls: bool = True
    """Off sends everything readable to whoever is between."""
    facility: str = "local0"
    largest_message: int = 8192
    """Bytes. rsyslog's `maxMessageSize` is 8k unless it was set; what is longer is sent shortened and marked `cut`."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        if not is_host(self.host):
            found["host"] = "is no name or address of a host"
        if not 1 <= self.port <= 65535:
            found["port"] = "must be between 1 and 65535"
        if self.facility not in FACILITIES:
            found["facility"] = f"must be one of {', '.join(FACILITIES)}"
        if not 2048 <= self.largest_message <= 1 << 20:
            found["largest_message"] = "must be between 2048 and 1048576 bytes"
        return found


def exchange_of(
    text: Callable[[Source], str], *, structured: bool
) -> Callable[[SyslogSettings, Batch, Context], Exchange]:
    """The exchange of a destination whose message is what `text` makes of an event."""

    def exchange(settings: SyslogSettings, batch: Batch, context: Context) -> Exchange:
        def made(source: Source) -> bytes:
            return message(source, text(source), facility=settings.facility, structured=structured)

        frames = tuple(framed(fitting(item, made, settings.largest_message)) for item in batch.items)
        answer = yield TcpLines(settings.host, settings.port, frames, settings.tls)
        return read(answer)

    return exchange


def read(answer: Answer) -> Outcome:
    """What became of a connection."""
    if isinstance(answer, Failed):
        return failed(answer)
    if isinstance(answer, Done):
        return Outcome("delivered")
    return Outcome("retry", "no answer of a connection", blame="destination")


def _json(source: Source) -> str:
    left_out = ("previous", "question")
    return msgspec.json.encode({key: value for key, value in source.record.items() if key not in left_out}).decode()


DESTINATION = Destination("syslog", "stream", SyslogSettings, exchange_of(_json, structured=True), "Syslog (RFC 5424)")
