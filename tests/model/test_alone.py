"""Lines that hook clients leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.alone import DecidedAlone, parse_line, parse_spool
from spawngate.model.hookconf import Failure

DIGEST = "0123456789abcdef" * 4
LINE = (
    b'{"time":"2026-11-21T15:00:00Z","agent":"claude-code","event":"","failure":"slow","verdict":"open",'
    b'"bytes":84,"sha256":"' + DIGEST.encode() + b'"}'
)
DECISION = DecidedAlone("2026-11-21T15:00:00Z", "claude-code", "", Failure.SLOW, False, 84, DIGEST)


def test_a_line() -> None:
    assert parse_line(LINE) == DECISION


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"slow"', b'"late"'),
        (b'"open"', b'"ajar"'),
        (b"84", b"-1"),
        (b"84", b"true"),
        (b"84", b'"84"'),
        (b"claude-code", b"claude code"),
        (b'"event":""', b'"event":" "'),
        (b'"event":"",', b""),
        (DIGEST.encode(), b"0123"),
        (b"2026-11-21T15:00:00Z", b"x" * 33),
        (b"}", b""),
        (b'{"time"', b'[{"time"'),
        (b"84", b"[" * 100_000),
    ],
)
def test_lines_that_no_client_writes(old: bytes, new: bytes) -> None:
    assert parse_line(LINE.replace(old, new)) is None


def test_a_client_that_cannot_make_digests() -> None:
    found = parse_line(LINE.replace(DIGEST.encode(), b""))
    assert found is not None
    assert found.digest == ""


@given(st.binary(max_size=200))
def test_any_bytes(line: bytes) -> None:
    assert parse_line(line) is None


def test_good_lines_beside_bad_ones_survive() -> None:
    assert parse_spool(LINE + b"\nrubbish\n\n" + LINE + b"\n" + LINE[:50]) == ((DECISION, DECISION), 2)
    assert parse_spool(b"") == ((), 0)
