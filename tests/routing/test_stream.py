"""Batches in parts: order, progress, one bad event among many, and pieces that are too long."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.destination import (
    Answer,
    Failed,
    HttpAnswer,
    HttpRequest,
    ItemOutcome,
    Outcome,
    http_outcome,
)
from spawngate.routing.settings import SettingsError, decode
from spawngate.routing.stream import MOST_REQUESTS, StreamSettings, decoded, fitting, in_parts, parts, said, source
from spawngate.trail.chain import Head, seal
from spawngate.trail.event import CallRecord, DifferenceRecord, Event, EventType, SubjectRecord
from spawngate.trail.mappings.ocsf import ocsf
from tests.routing.streaming import entry, samples


def run(
    pieces: list[bytes], answers: "list[Answer] | None", most: int = 100, largest: int = 1000
) -> tuple[Outcome, list[bytes]]:
    """The outcome, and what was sent. Without answers, a receiver that does not take a part with `x` in it."""
    sent: list[bytes] = []

    def request(some: "list[bytes] | tuple[bytes, ...] | object") -> HttpRequest:
        return HttpRequest("POST", "https://x", body=b"".join(some))  # type: ignore[arg-type]  # pieces, as in_parts gives

    steps = in_parts(pieces, most, largest, request, lambda answer, count: http_outcome(answer))
    try:
        outgoing = next(steps)
        while True:
            assert isinstance(outgoing, HttpRequest)
            sent.append(outgoing.body)
            bad = b"x" in outgoing.body
            answer = answers[len(sent) - 1] if answers is not None else HttpAnswer(400 if bad else 200)
            outgoing = steps.send(answer)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome, sent


def test_parts_in_order() -> None:
    outcome, sent = run([b"a", b"b", b"c"], None, most=2)
    assert (outcome.state, outcome.items, sent) == ("delivered", (), [b"ab", b"c"])
    assert run([b"aaa", b"bbb", b"c"], None, largest=4)[1] == [b"aaa", b"bbbc"]


def test_one_bad_event_is_found_and_the_rest_goes_in_order() -> None:
    outcome, sent = run([b"a", b"b", b"x", b"d"], None)
    assert outcome == Outcome("delivered", "200", items=(ItemOutcome(2, "refused", "HTTP 400"),))
    assert sent == [b"abxd", b"ab", b"xd", b"x", b"d"]


def test_what_was_taken_before_something_fails_is_told() -> None:
    outcome, _ = run([b"a", b"x", b"c", b"d"], [HttpAnswer(200), HttpAnswer(400), HttpAnswer(503)], most=1)
    assert outcome == Outcome(
        "retry",
        "HTTP 503",
        None,
        "destination",
        (ItemOutcome(0, "delivered", "200"), ItemOutcome(1, "refused", "HTTP 400")),
    )


def test_a_connection_that_fails() -> None:
    outcome, _ = run([b"a"], [Failed("connect", "refused")])
    assert outcome == Outcome("retry", "connect: refused", None, "destination")


def test_requests_of_one_attempt_are_bounded_and_progress_is_kept() -> None:
    outcome, sent = run([b"x"] * 500, None)
    assert len(sent) == MOST_REQUESTS
    assert (outcome.state, outcome.after, outcome.blame) == ("retry", 0.0, "")
    assert outcome.items[0] == ItemOutcome(0, "refused", "HTTP 400")
    assert [item.index for item in outcome.items] == list(range(len(outcome.items)))


@given(st.lists(st.sampled_from([b"a", b"x", b"bb"]), min_size=1, max_size=60), st.integers(1, 9), st.integers(1, 20))
def test_every_event_is_settled_once_in_order(pieces: list[bytes], most: int, largest: int) -> None:
    delivered: list[int] = []
    refused: list[int] = []
    start = 0
    for _ in range(200):
        outcome, _ = run(pieces[start:], None, most, largest)
        told = {item.index: item.state for item in outcome.items}
        settled = len(pieces) - start if outcome.state == "delivered" else max(told) + 1
        for index in range(settled):
            (refused if told.get(index) == "refused" else delivered).append(start + index)
        start += settled
        if start == len(pieces):
            break
    assert delivered == [index for index, piece in enumerate(pieces) if piece != b"x"]
    assert refused == [index for index, piece in enumerate(pieces) if piece == b"x"]


@given(st.lists(st.binary(max_size=9), max_size=20), st.integers(1, 5), st.integers(1, 20))
def test_parts_cover_everything(pieces: list[bytes], most: int, largest: int) -> None:
    found = parts(pieces, most, largest)
    assert [index for start, stop in found for index in range(start, stop)] == list(range(len(pieces)))
    for start, stop in found:
        assert stop - start <= most
        assert sum(map(len, pieces[start:stop])) <= largest or stop - start == 1


def test_what_is_too_long_is_sent_shortened() -> None:
    long = Event(
        EventType.DECISION,
        "2026-11-21T10:00:00.000000Z",
        1,
        endpoint="e1",
        call=CallRecord(tool="Bash", kind="shell", commands=("c" * 5000,)),
    )
    line, _ = seal(long, Head("s", 0, "0" * 64))
    whole = fitting(entry(line, 1), lambda told: json.dumps(ocsf(told)).encode(), 1 << 20)
    cut = json.loads(fitting(entry(line, 1), lambda told: json.dumps(ocsf(told)).encode(), 4096))
    assert len(whole) > 5000
    assert cut["process"]["uid"] == "e0f1a2b3c4d5e6f7:stream-1:1"
    assert cut["unmapped"]["spawngate"]["cut"] is True
    many = tuple(DifferenceRecord("p" * 200, 1, 2) for _ in range(200))
    line, _ = seal(Event("administration", "t", 1, subject=SubjectRecord("k", "i", differences=many)), Head("s"))
    bare = fitting(entry(line, 1), lambda told: json.dumps(ocsf(told)).encode(), 4096)
    assert len(bare) <= 4096
    assert json.loads(bare)["metadata"]["uid"] == "e0f1a2b3c4d5e6f7:stream-1:1"


def test_source_knows_what_the_store_knows() -> None:
    told = source(entry(b"{", 7))
    assert (told.key, told.event.type, told.event.at) == (
        "e0f1a2b3c4d5e6f7:stream-1:7",
        "unreadable",
        "2026-11-21T10:00:00.123456Z",
    )
    assert [source(item).event.type for item in samples().items] == [item.type for item in samples().items]


@pytest.mark.parametrize("value", [0, 5001, -1])
def test_settings(value: int) -> None:
    with pytest.raises(SettingsError, match="batch_events"):
        decode(StreamSettings, {"batch_events": value}, "destination.x")


@pytest.mark.parametrize(
    ("body", "names", "expected"),
    [
        (b'{"a":{"b":"c"}}', ("a", "b"), "c"),
        (b'{"a":{"b":1}}', ("a", "b"), ""),
        (b'{"a":[]}', ("a", "b"), ""),
        (b"[", ("a",), ""),
        (b"[" * 5000, ("a",), ""),
        (b"", (), ""),
    ],
)
def test_said(body: bytes, names: tuple[str, ...], expected: str) -> None:
    assert said(HttpAnswer(200, (), body), *names) == expected
    assert said(Failed("tls", "x"), *names) == ""


@given(st.binary(max_size=40))
def test_any_answer_is_decoded(body: bytes) -> None:
    decoded(HttpAnswer(200, (), body))
    assert isinstance(said(HttpAnswer(200, (), body), "error", "reason"), str)
