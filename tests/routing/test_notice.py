"""`routing.notice`: counts in words, headlines, details."""

import msgspec
import pytest

from spawngate.routing.notice import Notice, counted, cut, details, headline, part_words, sample_words
from tests.routing.samples import BIG, CLOSED, DIGEST, NOTICE, TEST


@pytest.mark.parametrize(
    ("notice", "text"),
    [
        (NOTICE, "10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m"),
        (CLOSED, "2 events on 1 endpoint in 5m; 1 since the last notice"),
        (DIGEST, "60 events on 30 endpoints in 5m"),
        (TEST, "A test of this route. Nothing happened."),
        (
            msgspec.structs.replace(CLOSED, total=1, fresh=1, seconds=0.0, open=1, endpoints_more=True),
            "1 event on more than 1 endpoint; 1 open finding",
        ),
    ],
)
def test_counts(notice: Notice, text: str) -> None:
    assert counted(notice) == text


@pytest.mark.parametrize(
    ("notice", "text"),
    [
        (NOTICE, "[Spawngate] New (high): Calls denied: rule pipe-to-shell"),
        (CLOSED, "[Spawngate] Closed (medium): Finding: rule spawn-shell-interpreter, name files"),
        (TEST, "[Spawngate] Test of route denies"),
    ],
)
def test_headline(notice: Notice, text: str) -> None:
    assert headline(notice) == text


def test_details() -> None:
    assert details(NOTICE) == [
        ("Type", "decision"),
        ("Rule", "pipe-to-shell"),
        ("Severity", "high"),
        ("First", "2026-11-21T10:00:00Z"),
        ("Last", "2026-11-21T10:05:00Z"),
        ("Route", "denies"),
    ]


def test_words() -> None:
    assert sample_words(NOTICE.samples[0]) == "2026-11-21T10:00:00Z deny high laptop-1 claude-code ana"
    assert part_words(DIGEST.parts[0]) == "(high) Calls denied: rule r0: 2 events on 1 endpoint"
    assert (cut("abc", 3), cut("abcd", 3), cut("abcd", 0)) == ("abc", "ab…", "…")


def test_a_notice_survives_storage() -> None:
    for notice in (NOTICE, DIGEST, BIG):
        assert msgspec.json.decode(msgspec.json.encode(notice), type=Notice) == notice
