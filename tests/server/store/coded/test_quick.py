"""The quick way gives the columns of the general one, or leaves a record to it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.server.store.coded import quick
from spawngate.server.store.coded.columns import LONGEST, Columns
from spawngate.trail.event import Actor, CallRecord, DecisionRecord, Event, Hit, canonical

TEXT = st.sampled_from(["", "a", "Straße", "git status", 'x"y', "\x1f\n"])
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["a", "package", "fingerprint"]), below)
    ),
    max_leaves=6,
)
MAPS = st.dictionaries(st.sampled_from(["action", "package", "packages", "fingerprint", "x"]), JSON, max_size=4)
HITS = st.lists(st.builds(Hit, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple)
EVENTS = st.builds(
    Event,
    type=st.sampled_from(["decision", "fallback"]),
    at=TEXT,
    schema_version=st.just(1),
    endpoint=TEXT,
    channel=TEXT,
    actor=st.builds(Actor, TEXT, TEXT, TEXT, st.booleans(), TEXT),
    call=st.none()
    | st.builds(
        CallRecord, TEXT, TEXT, TEXT, TEXT, TEXTS, TEXTS, TEXTS, TEXTS, TEXT, TEXT, MAPS, st.integers(0, 3),
        st.integers(0, 3), TEXT, st.booleans(), TEXTS,
    ),
    decision=st.builds(
        DecisionRecord, TEXT, TEXT, TEXTS, HITS, TEXT, TEXTS, TEXT, TEXT, st.booleans(), st.integers(0, 1 << 40),
    ),
    question=MAPS,
)  # fmt: skip


def same(one: Columns, other: Columns) -> bool:
    return one.numbers == other.numbers and [None if w is None else set(w) for w in one.words] == [
        None if w is None else set(w) for w in other.words
    ]


SLOW = settings(suppress_health_check=[HealthCheck.too_slow])  # whole events take their time on a busy machine


@SLOW
@given(EVENTS)
def test_a_daemons_decisions(event: Event) -> None:
    record = canonical(event)
    found = quick.columns(record)
    assert found is not None
    assert found[0] == event.type
    assert same(found[1], Columns.of(msgspec.json.decode(record)))


@SLOW
@given(EVENTS, st.sampled_from(["finding", "detail", "message", "counts", "new"]), MAPS | TEXT)
def test_anything_else_is_left_to_the_general_way(event: Event, name: str, value: Any) -> None:
    document = msgspec.to_builtins(event) | {name: value}
    assert quick.columns(msgspec.json.encode(document)) is None


@given(st.binary(max_size=80))
def test_any_bytes(record: bytes) -> None:
    assert quick.columns(record) is None


def test_what_is_too_long_is_left_to_the_general_way() -> None:
    event = Event("decision", "", 1, decision=DecisionRecord("deny", "enforce", message="x" * (LONGEST + 1)))
    assert quick.columns(canonical(event)) is None


@pytest.mark.parametrize("latency", [1 << 62, -(1 << 62), 10**40])
def test_numbers_that_no_column_holds_are_left_to_the_general_way(latency: int) -> None:
    event = Event("decision", "", 1, decision=DecisionRecord("deny", "enforce"))
    document = msgspec.to_builtins(event)
    document["decision"]["latency_us"] = latency
    assert quick.columns(json.dumps(document).encode()) is None
