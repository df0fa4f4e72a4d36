"""Messages of RFC 5424 and their frames, read back by a reader written after its grammar."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.mappings.source import Source
from spawngate.trail.mappings.syslog import FACILITIES, framed, message, name, parameter
from tests.trail.mappings.samples import ANY_SOURCE, SOURCES

GRAMMAR = re.compile(
    rb"<(\d{1,3})>1 "
    rb"(-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) "
    rb"([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) "
    rb"(-|\[[\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}"
    rb'(?: [\x21\x23-\x3c\x3e-\x5c\x5e-\x7e]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\])'
    rb" (.*)",
    re.DOTALL,
)


def frames(data: bytes) -> list[bytes]:
    """What octet counting divides a stream into (RFC 6587 3.4.1)."""
    found = []
    while data:
        length, _, rest = data.partition(b" ")
        assert re.fullmatch(rb"[1-9]\d*", length)
        found.append(rest[: int(length)])
        data = rest[int(length) :]
    return found


@given(st.lists(st.binary(min_size=1, max_size=40)))
def test_frames_divide_any_messages(messages: list[bytes]) -> None:
    assert frames(b"".join(framed(each) for each in messages)) == messages


@given(ANY_SOURCE, st.text(), st.sampled_from(sorted(FACILITIES)), st.booleans())
def test_any_message_follows_the_grammar(source: Source, text: str, facility: str, structured: bool) -> None:
    found = GRAMMAR.fullmatch(message(source, text, facility=facility, structured=structured))
    assert found is not None
    assert int(found[1]) // 8 == FACILITIES[facility]
    assert found[8] == text.replace("\x00", "\ufffd").encode("utf-8", "replace")
    assert b"\x00" not in found[0]


@given(st.text())
def test_parameters_read_back(text: str) -> None:
    told = re.sub(r"\\([\"\\\]])", r"\1", parameter(text))
    assert told == re.sub(r"[\x00-\x1f\x7f]", " ", text)


def test_whole_message() -> None:
    source = SOURCES["deny-shell"]
    expected = (
        "<130>1 2026-11-21T10:00:00.123456Z e0f1a2b3c4d5e6f7 spawngate - decision "
        '[spawngate@32473 endpoint="e0f1a2b3c4d5e6f7" stream="stream-1" sequence="1" type="decision" '
        f'hash="{source.hash}"] é\n{{}}'
    )
    assert message(source, "é\n{}") == expected.encode()
    assert framed(b"abc") == b"3 abc"


@pytest.mark.parametrize(
    ("given_", "expected"), [("", "-"), ("a b\n", "a_b_"), ("é", "_"), ("x" * 40, "x" * 32), ("-", "-")]
)
def test_names(given_: str, expected: str) -> None:
    assert name(given_, 32) == expected
