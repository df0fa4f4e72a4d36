"""Lines of the STDIO transport: bytes in whatever pieces a pipe gives them, whole lines out, byte for byte.

Belongs here: where a line ends, and how long one may be. Must not be here: what a line says (`message`).
A line ends with LF alone: a carriage return belongs to the line, whatever it means to its reader.
"""

from __future__ import annotations

LIMIT = 64 << 20
"""Bytes of one line, its end included, where nothing else is said."""


class LineTooLong(Exception):
    """A line is longer than the limit; what follows cannot be told apart any more. `lines` came whole before it."""

    def __init__(self, limit: int, lines: list[bytes]) -> None:
        super().__init__(f"a line is longer than {limit} bytes")
        self.lines = lines


class Lines:
    """Cuts a stream into lines. Each byte is copied twice at most, however many pieces a line comes in."""

    __slots__ = ("_limit", "_pieces", "_size")

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Whole lines that `data` completes, each with its LF. Raises LineTooLong, then and ever after."""
        limit = self._limit
        if self._size > limit:
            raise LineTooLong(limit, [])
        parts = data.split(b"\n")
        last = parts.pop()
        lines: list[bytes] = []
        for part in parts:
            size = self._size + len(part) + 1
            if size > limit:
                self._size, self._pieces = size, []
                raise LineTooLong(limit, lines)
            if self._pieces:
                self._pieces.append(part)
                part = b"".join(self._pieces)
                self._pieces, self._size = [], 0
            lines.append(part + b"\n")
        if last:
            self._pieces.append(last)
            self._size += len(last)
            if self._size > limit:
                self._pieces = []
                raise LineTooLong(limit, lines)
        return lines

    @property
    def pending(self) -> bytes:
        """Bytes of the line that has no end yet: the last line, where the stream has ended."""
        if len(self._pieces) > 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0] if self._pieces else b""
