"""Google SecOps: a signed JWT for a token, then raw logs."""

import base64
import json

import pytest

from spawngate.routing.destination import HttpAnswer, HttpRequest, ItemOutcome, Outcome
from spawngate.routing.destinations.secops import DESTINATION, LARGEST, SecopsSettings, read
from spawngate.routing.settings import SettingsError, decode
from tests.routing.streaming import NOW, drive, samples, simple
from tests.stubs.secops import PATH, Google

GOOGLE = Google()
BASE = {
    "endpoint": "https://chronicle.eu.rep.googleapis.com",
    "project": "p1",
    "location": "eu",
    "instance": "i1",
    "forwarder": "f1",
    "service_account": GOOGLE.account,
}
SETTINGS = decode(SecopsSettings, BASE, "d")


@pytest.fixture
def google() -> Google:
    GOOGLE.logs, GOOGLE.requests, GOOGLE.exhausted, GOOGLE.tokens, GOOGLE.valid = [], [], 0, 0, ""
    return GOOGLE


def test_every_type_in_order(google: Google) -> None:
    outcome, sent = drive(DESTINATION, SETTINGS, samples(), google.answer)
    assert (outcome.state, outcome.hold["token"]) == ("delivered", "ya29.1")
    assert google.logs == [json.loads(item.record) for item in samples().items]
    assert isinstance(sent[1], HttpRequest)
    assert sent[1].url == f"https://chronicle.eu.rep.googleapis.com{PATH}"
    source = json.loads(sent[1].body)["inlineSource"]
    assert source["forwarder"] == "projects/p1/locations/eu/instances/i1/forwarders/f1"
    assert source["logs"][0] == {
        "data": base64.b64encode(samples().items[0].record).decode(),
        "collectionTime": NOW,
        "logEntryTime": "2026-11-21T10:00:00.123456Z",
        "labels": {"key": {"value": "e0f1a2b3c4d5e6f7:stream-1:1"}},
    }


def test_errors(google: Google) -> None:
    google.exhausted = 1
    outcome, _ = drive(DESTINATION, SETTINGS, simple(["a"]), google.answer)
    assert (outcome.state, outcome.reason, outcome.blame) == ("retry", "HTTP 429: Quota exceeded", "destination")
    bad, _ = drive(DESTINATION, SETTINGS, simple(["a", "poison"]), google.answer)
    assert bad.items == (ItemOutcome(1, "refused", "HTTP 400: a log is not wanted"),)
    assert read(HttpAnswer(403), 1) == Outcome("retry", "HTTP 403", blame="setting")


def test_parts(google: Google) -> None:
    outcome, sent = drive(DESTINATION, SETTINGS, simple(["x" * 100_000] * 20), google.answer)
    assert (outcome.state, len(google.logs)) == ("delivered", 20)
    assert all(isinstance(each, HttpRequest) and len(each.body) < LARGEST + 1000 for each in sent)
    assert len(sent) > 2


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"endpoint": "x"}, "endpoint"),
        ({"project": "../p"}, "project"),
        ({"forwarder": "a/b"}, "forwarder"),
        ({"service_account": "{}"}, "service_account"),
    ],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(SecopsSettings, {**BASE, **change}, "d")
    assert "PRIVATE KEY" not in repr(SETTINGS)
