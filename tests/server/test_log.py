"""Lines of a server: JSON, and nothing secret."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest

from spawngate.server.log import Forward, Log, place

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


def made(level: str = "info") -> tuple[Log, io.StringIO]:
    stream = io.StringIO()
    return Log(stream, level, lambda: AT), stream  # type: ignore[arg-type]  # one of the levels


def test_a_line_is_one_json_object() -> None:
    log, stream = made()
    log.info("request", method="GET", status=200, ms=1.5, by="", fault=None, route="/x\n\x1b[31m\u2028")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().isascii()
    assert json.loads(stream.getvalue()) == {
        "at": "2026-11-22T01:02:03.000000Z",
        "level": "info",
        "message": "request",
        "method": "GET",
        "status": 200,
        "ms": 1.5,
        "route": "/x\n\x1b[31m\u2028",
    }


@pytest.mark.parametrize(("level", "expected"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_what_is_below_the_level_is_not_written(level: str, expected: int) -> None:
    log, stream = made(level)
    log.write("debug", "a")
    log.info("b")
    log.warning("c")
    log.error("d")
    assert len(stream.getvalue().splitlines()) == expected


def test_a_reader_that_went_away_is_no_error() -> None:
    log, stream = made()
    stream.close()
    log.info("x")


def test_a_fault_is_told_by_its_place_alone() -> None:
    try:
        raise KeyError("hunter2")
    except KeyError as error:
        told = place(error)
    assert told.startswith("KeyError in test_log.py:")
    assert place(None) == ""
    assert place(ValueError("hunter2")) == "ValueError"


def test_what_a_library_logs_comes_without_values() -> None:
    log, stream = made()
    logger = logging.Logger("uvicorn.error")
    logger.addHandler(Forward(log))
    logger.warning("Invalid request from %s", "hunter2")
    try:
        raise KeyError("hunter2")
    except KeyError:
        logger.exception("Exception in ASGI application\n")
    logger.info("not told")
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["level"], first["message"], first["source"]) == (
        "warning",
        "Invalid request from %s",
        "uvicorn.error",
    )
    assert (second["level"], second["fault"].startswith("KeyError in test_log.py:")) == ("error", True)
    assert "hunter2" not in stream.getvalue()
