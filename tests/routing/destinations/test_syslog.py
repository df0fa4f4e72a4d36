"""Syslog: every event as one frame, in order, within the receiver's length."""

import json

import pytest

from spawngate.routing.destination import Done, Failed, HttpAnswer, Outcome, TcpLines
from spawngate.routing.destinations.syslog import DESTINATION, SyslogSettings, read
from spawngate.routing.settings import SettingsError, decode
from tests.routing.streaming import drive, samples, simple
from tests.trail.mappings.test_syslog import GRAMMAR, frames

SETTINGS = decode(SyslogSettings, {"host": "siem.example.com"}, "destination.siem")


def test_every_type() -> None:
    outcome, (sent,) = drive(DESTINATION, SETTINGS, samples(), lambda outgoing: Done())
    assert outcome == Outcome("delivered")
    assert isinstance(sent, TcpLines)
    assert (sent.host, sent.port, sent.tls) == ("siem.example.com", 6514, True)
    messages = frames(b"".join(sent.frames))
    assert len(messages) == len(samples().items)
    for message, item in zip(messages, samples().items, strict=True):
        found = GRAMMAR.fullmatch(message)
        assert found is not None
        record = json.loads(item.record)
        del record["previous"]
        record.pop("question", None)
        assert json.loads(found[8]) == record
        assert f'sequence="{item.sequence}"'.encode() in found[7]


def test_a_long_record_is_cut_and_says_so() -> None:
    _, (sent,) = drive(DESTINATION, SETTINGS, simple(["x" * 20_000]), lambda outgoing: Done())
    assert isinstance(sent, TcpLines)
    (message,) = frames(sent.frames[0])
    assert len(message) <= 8192
    found = GRAMMAR.fullmatch(message)
    assert found is not None
    told = json.loads(found[8])
    assert (told["cut"], told["message"]) == (True, "x" * 1000)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Done(), Outcome("delivered")),
        (Failed("connect", "reset", sent=True), Outcome("retry", "connect: reset", blame="destination")),
        (Failed("tls", "unknown CA"), Outcome("retry", "tls: unknown CA", blame="destination")),
        (Failed("address", "10.0.0.1 is internal"), Outcome("retry", "address: 10.0.0.1 is internal", blame="setting")),
        (HttpAnswer(200), Outcome("retry", "no answer of a connection", blame="destination")),
    ],
)
def test_read(answer: Done | Failed | HttpAnswer, expected: Outcome) -> None:
    assert read(answer) == expected


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"host": "a b"}, "host"),
        ({"host": ""}, "host"),
        ({"port": 0}, "port"),
        ({"facility": "local9"}, "facility"),
        ({"largest_message": 100}, "largest_message"),
        ({"batch_events": 0}, "batch_events"),
        ({"odd": 1}, "odd"),
    ],
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(SyslogSettings, {"host": "h.test", **change}, "destination.siem")
