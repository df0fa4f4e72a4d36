"""Server-sent events: a stream of bytes cut into events that keep their bytes.

Belongs here: where an event ends and what its data is. Must not be here: what the data says (`http`).
Sources: WHATWG HTML, 9.2.6 "Interpreting an event stream"; MCP `basic/transports`, Streamable HTTP.
"""

from __future__ import annotations

import re

LIMIT = 64 << 20
"""Bytes of one event."""

_END = re.compile(rb"\n\n|\r\r\n?|\n\r\n?")
"""An empty line: a line end (CR LF, LF or CR) right after another."""


class EventTooLong(Exception):
    """An event is longer than the limit; what follows cannot be told apart any more."""


class Event:
    """One event, or lines between events that say nothing to a reader (comments, an id alone)."""

    __slots__ = ("data", "fields", "name", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        """All its bytes, the empty line that ends it included."""
        self.fields: list[tuple[bytes, bytes]] = []
        """Fields other than data, in order; comments have an empty name."""
        self.name = b""
        """The event's type; empty for the default, `message`."""
        data: list[bytes] = []
        for line in _lines(raw.removeprefix(b"\xef\xbb\xbf")):
            key, _, value = line.partition(b":")
            value = value.removeprefix(b" ")
            if key == b"data":
                data.append(value)
            elif key.strip().lower() != b"data":
                self.fields.append((key, value))
                if key == b"event":
                    self.name = value
        self.data = b"\n".join(data) if data else None
        """What its `data` lines say together; None where it has none."""

    def with_data(self, data: bytes) -> bytes:
        """The event's bytes with other data, its other fields kept."""
        lines = [key + b": " + value for key, value in self.fields]
        lines += [b"data: " + line for line in data.split(b"\n")]
        return b"\n".join(lines) + b"\n\n"


def _lines(raw: bytes) -> list[bytes]:
    return [line for line in raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n") if line]


class Events:
    """Cuts a stream into events. Linear in what it is fed."""

    __slots__ = ("_buffer", "_limit", "_seen")

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._seen = 0
        """Bytes of the buffer in which no event ends."""

    def feed(self, data: bytes) -> list[Event]:
        """Events that `data` completes. Raises EventTooLong.

        Where a stream is cut between a CR and its LF, the LF begins the next event, which no reader minds.
        """
        buffer = self._buffer
        buffer += data
        found: list[Event] = []
        start = 0
        while (match := _END.search(buffer, max(start, self._seen))) is not None:
            found.append(Event(bytes(buffer[start : match.end()])))
            start = self._seen = match.end()
        del buffer[:start]
        self._seen = max(0, len(buffer) - 1)
        if len(buffer) > self._limit:
            raise EventTooLong(f"an event is longer than {self._limit} bytes")
        return found

    def end(self) -> list[Event]:
        """What is left when the stream ends. By the standard it is no event; some readers take it for one."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        self._seen = 0
        return [Event(rest)] if rest else []
