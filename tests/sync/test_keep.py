"""What a full spool gives up first, and what does not wait."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.sync.keep import Decided, Glimpse, Weight, at_once, given_up, glimpse, weight

HASH = "a" * 64


def record(type_: str, verdict: str | None = None) -> Glimpse:
    return Glimpse("s1", 3, HASH, type_, decision=None if verdict is None else Decided(verdict))


@pytest.mark.parametrize(
    ("type_", "verdict", "expected"),
    [
        ("moment", None, Weight.TOLD),
        ("decision", "allow", Weight.ALLOWED),
        ("decision", "log", Weight.COMMON),
        ("decision", "ask", Weight.KEPT),
        ("decision", "deny", Weight.KEPT),
        ("launch", None, Weight.COMMON),
        ("launch", "deny", Weight.KEPT),
        ("daemon-started", None, Weight.COMMON),
        ("artifact-added", None, Weight.KEPT),
        ("artifact-removed", None, Weight.KEPT),
        ("finding-opened", None, Weight.KEPT),
        ("self-protection", None, Weight.KEPT),
        ("approval", None, Weight.KEPT),
        ("policy-refused", None, Weight.KEPT),
        ("a-type-of-next-year", None, Weight.KEPT),
    ],
)
def test_weights(type_: str, verdict: str | None, expected: Weight) -> None:
    found = record(type_, verdict)
    assert weight(found) is expected
    assert at_once(found) is (expected is Weight.KEPT)


def test_what_is_counted_is_the_type_and_the_verdict() -> None:
    assert [record("decision", "allow").kind, record("launch").kind] == ["decision:allow", "launch"]


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (100, {}),
        (95, {Weight.TOLD: 5}),
        (60, {Weight.TOLD: 10, Weight.ALLOWED: 30}),
        (15, {Weight.TOLD: 10, Weight.ALLOWED: 60, Weight.COMMON: 15}),
        (0, {Weight.TOLD: 10, Weight.ALLOWED: 60, Weight.COMMON: 20, Weight.KEPT: 10}),
    ],
)
def test_the_lowest_weight_goes_first(bound: int, expected: dict[Weight, int]) -> None:
    sizes = {Weight.KEPT: 10, Weight.COMMON: 20, Weight.ALLOWED: 60, Weight.TOLD: 10}
    assert given_up(sizes, bound) == expected


@given(st.dictionaries(st.sampled_from(list(Weight)), st.integers(0, 10**12)), st.integers(0, 10**12))
def test_what_is_left_fits_and_nothing_heavier_goes_before_something_lighter(
    sizes: dict[Weight, int], bound: int
) -> None:
    gone = given_up(sizes, bound)
    assert sum(sizes.values()) - sum(gone.values()) <= max(bound, 0)
    assert all(gone[each] <= sizes[each] for each in gone)
    for each in gone:
        assert all(gone.get(lighter, 0) == sizes.get(lighter, 0) for lighter in Weight if lighter < each)


def test_a_glimpse_of_a_record() -> None:
    line = json.dumps({"stream": "s", "sequence": 4, "hash": HASH, "type": "decision", "decision": {"verdict": "deny"}})
    assert glimpse(line.encode()) == Glimpse("s", 4, HASH, "decision", "", Decided("deny"))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"null",
        b"[" * 5_000,
        b'{"stream":"s","sequence":0,"hash":"%s","type":"x"}' % (b"a" * 64),
        b'{"stream":"s","sequence":4,"hash":"short","type":"x"}',
        b'{"stream":"","sequence":4,"hash":"%s","type":"x"}' % (b"a" * 64),
        b'{"stream":"a b","sequence":4,"hash":"%s","type":"x"}' % (b"a" * 64),
        b'{"stream":"a\\n","sequence":4,"hash":"%s","type":"x"}' % (b"a" * 64),
        b'{"stream":"%s","sequence":4,"hash":"%s","type":"x"}' % (b"s" * 201, b"a" * 64),
        b'{"stream":"s","sequence":"4","hash":"%s","type":"x"}' % (b"a" * 64),
        b"\xff\xfe",
    ],
)
def test_what_is_no_record_is_none(line: bytes) -> None:
    assert glimpse(line) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_looked_at_without_harm(line: bytes) -> None:
    assert glimpse(line) is None or line
