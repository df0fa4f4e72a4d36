"""SHELL. What a server says while it runs: one JSON object a line, on stderr, and nothing that is secret.

INVARIANT: no query string, header, body, cookie or token is logged, and of a fault only type and place: its text may
hold what was read. Must not be here: the trail, which is for ever (`administration`).
"""

import json
import logging
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, TextIO

from spawngate.trail.moment import stamp

Level = Literal["debug", "info", "warning", "error"]
LEVELS: tuple[Level, ...] = ("debug", "info", "warning", "error")


class Log:
    """Writes lines. May be used from any thread; a reader that went away is no error."""

    def __init__(
        self,
        stream: TextIO | None = None,
        level: Level = "info",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._stream, self._clock = stream or sys.stderr, clock
        self._least = LEVELS.index(level)
        self._lock = threading.Lock()

    def write(self, level: Level, message: str, **fields: str | int | float | bool | None) -> None:
        """One line: `at`, `level`, `message`, and the fields that are not None or empty."""
        if LEVELS.index(level) < self._least:
            return
        line = {"at": stamp(self._clock()), "level": level, "message": message}
        line |= {name: value for name, value in fields.items() if value not in (None, "")}  # type: ignore[misc]  # of these types
        text = json.dumps(line, ensure_ascii=True)
        with self._lock:
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                return

    def info(self, message: str, **fields: str | int | float | bool | None) -> None:
        """Something that is as it should be."""
        self.write("info", message, **fields)

    def warning(self, message: str, **fields: str | int | float | bool | None) -> None:
        """Something that somebody should look at some time."""
        self.write("warning", message, **fields)

    def error(self, message: str, **fields: str | int | float | bool | None) -> None:
        """Something that does not work."""
        self.write("error", message, **fields)


class Forward(logging.Handler):
    """Takes what libraries log (uvicorn) into our lines, without the text of exceptions."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One record of a library."""
        fault = record.exc_info[1] if record.exc_info else None
        # The arguments of a message may be a client's; the message itself is the library's.
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        self._log.write(level, str(record.msg)[:500], source=record.name, fault=place(fault))


def place(error: BaseException | None) -> str:
    """Type and place of a fault, without its text; empty for none."""
    if error is None:
        return ""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    name = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{type(error).__name__} in {name}:{trace.tb_lineno}"
