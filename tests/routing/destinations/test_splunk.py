"""Splunk: the collector's codes, and batches that are delivered when they are acknowledged."""

import json
from typing import Any

import pytest

from spawngate.routing.destination import Batch, HttpAnswer, HttpRequest, ItemOutcome, Outcome
from spawngate.routing.destinations.splunk import DESTINATION, LARGEST, SplunkSettings
from spawngate.routing.settings import SettingsError, decode
from tests.routing.streaming import drive, samples, simple
from tests.stubs.splunk import Collector

TOKEN = "11111111-2222-3333-4444-555555555555"
CHANNEL = "0aeeac95-ac74-4aa9-b30d-6c4c0ac581ba"
BASE = {"url": "https://splunk.example.com:8088", "token": TOKEN}
PLAIN = decode(SplunkSettings, BASE, "d")
ACKED = decode(SplunkSettings, {**BASE, "channel": CHANNEL, "index": "main"}, "d")


def test_every_type_in_order() -> None:
    collector = Collector(TOKEN)
    outcome, _ = drive(DESTINATION, PLAIN, samples(), collector.answer)
    assert outcome == Outcome("delivered", "200")
    records = [json.loads(item.record) for item in samples().items]
    assert [event["event"]["hash"] for event in collector.indexed] == [record["hash"] for record in records]
    first = collector.indexed[0]
    assert {key: first[key] for key in first if key != "event"} == {
        "time": 1795255200.123456,
        "host": "e0f1a2b3c4d5e6f7",
        "source": "spawngate",
        "sourcetype": "spawngate:event",
    }
    assert first["event"]["key"] == "e0f1a2b3c4d5e6f7:stream-1:1"


def test_one_event_that_is_not_wanted() -> None:
    collector = Collector(TOKEN)
    outcome, _ = drive(DESTINATION, PLAIN, simple(["a", "b", "poison", "d"]), collector.answer)
    assert outcome.state == "delivered"
    assert outcome.items == (ItemOutcome(2, "refused", "HTTP 400: Invalid data format"),)
    assert [event["event"]["message"] for event in collector.indexed] == ["a", "b", "d"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"[]", b"ok", b'{"text":"Data channel is missing","code":10}']
)
def test_what_is_no_answer_of_a_collector_delivers_nothing(body: bytes) -> None:
    outcome, _ = drive(DESTINATION, PLAIN, simple(["a", "b"]), lambda _: HttpAnswer(200, (), body))
    assert outcome == Outcome("retry", "this is no answer of a collector", blame="setting")


def test_busy() -> None:
    collector = Collector(TOKEN)
    collector.busy = 1
    outcome, _ = drive(DESTINATION, PLAIN, simple(["a"]), collector.answer)
    assert outcome == Outcome("retry", "HTTP 503: Server is busy", blame="destination")
    assert drive(DESTINATION, PLAIN, simple(["a"]), collector.answer)[0].state == "delivered"


@pytest.mark.parametrize(
    ("settings", "collector", "reason"),
    [
        ({}, Collector("other"), "HTTP 403: Invalid token"),
        ({"index": "secret"}, Collector(TOKEN), "HTTP 400: Incorrect index"),
        ({}, Collector(TOKEN, acks=True), "HTTP 400: Data channel is missing"),
    ],
)
def test_a_wrong_setting_refuses_no_event(settings: dict[str, Any], collector: Collector, reason: str) -> None:
    outcome, sent = drive(DESTINATION, decode(SplunkSettings, {**BASE, **settings}, "d"), samples(), collector.answer)
    assert outcome == Outcome("retry", reason, blame="setting")
    assert len(sent) == 1


def attempt(
    collector: Collector, batch: Batch, remembered: dict[str, str], now: str = "2026-11-21T10:05:00Z"
) -> Outcome:
    return drive(DESTINATION, ACKED, batch, collector.answer, now=now, remembered=remembered)[0]


def test_acknowledgement() -> None:
    collector, batch = Collector(TOKEN, acks=True, polls=2), simple(["a", "b"])
    outcome = attempt(collector, batch, {})
    assert (outcome.state, outcome.after, outcome.blame) == ("retry", 1.0, "")
    remembered = dict(outcome.remember)
    assert remembered == {"batch": "batch-1", "acks": "0", "since": "2026-11-21T10:05:00Z", "refused": ""}
    for expected in ("retry", "retry", "delivered"):
        outcome = attempt(collector, batch, remembered, "2026-11-21T10:05:09Z")
        assert outcome.state == expected
        remembered |= outcome.remember
    assert len(collector.indexed) == 2
    assert set(remembered.values()) == {""}
    assert [request.url.rpartition("/")[2].partition("?")[0] for request in collector.requests] == [
        "event",
        *["ack"] * 3,
    ]


def test_no_acknowledgement_for_too_long_and_another_batch_are_sent() -> None:
    collector = Collector(TOKEN, acks=True, polls=10**6)
    remembered = dict(attempt(collector, simple(["a"]), {}).remember)
    again = attempt(collector, simple(["a"]), remembered, "2026-11-21T10:10:00Z")
    assert (again.remember["acks"], len(collector.indexed)) == ("1", 2)
    other = attempt(collector, simple(["b"], "batch-2"), remembered)
    assert (other.remember["acks"], len(collector.indexed)) == ("2", 3)


def test_refused_events_are_told_when_the_rest_is_acknowledged() -> None:
    collector = Collector(TOKEN, acks=True, polls=0)
    remembered = dict(attempt(collector, simple(["a", "poison"]), {}).remember)
    outcome = attempt(collector, simple(["a", "poison"]), remembered)
    assert outcome.items == (ItemOutcome(1, "refused", "HTTP 400: Invalid data format"),)


def test_a_token_without_acknowledgement() -> None:
    outcome = attempt(Collector(TOKEN), simple(["a"]), {})
    assert (outcome.state, outcome.blame) == ("retry", "setting")


@pytest.mark.parametrize("body", [b"", b"[", b'{"acks":{}}', b'{"acks":{"0":"true"}}', b'{"acks":[true]}'])
def test_an_odd_answer_acknowledges_nothing(body: bytes) -> None:
    remembered = {"batch": "batch-1", "acks": "0", "since": "2026-11-21T10:04:59Z"}
    outcome, _ = drive(DESTINATION, ACKED, simple(["a"]), lambda _: HttpAnswer(200, (), body), remembered=remembered)
    assert outcome.state == "retry"


def test_large_batches_go_in_parts() -> None:
    collector = Collector(TOKEN)
    outcome, sent = drive(DESTINATION, PLAIN, simple(["x" * 300_000] * 6), collector.answer)
    assert (outcome.state, len(sent), len(collector.indexed)) == ("delivered", 3, 6)
    assert all(isinstance(each, HttpRequest) and len(each.body) <= LARGEST for each in sent)


@pytest.mark.parametrize(
    ("change", "where"),
    [({"url": "splunk"}, "url"), ({"token": "a\nb"}, "token"), ({"token": ""}, "token"), ({"channel": "x"}, "channel")],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(SplunkSettings, {**BASE, **change}, "d")
    assert TOKEN not in repr(PLAIN)
