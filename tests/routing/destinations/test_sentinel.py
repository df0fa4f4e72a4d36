"""Sentinel: a token, rows of at most 1 MB, and its errors."""

import json

import pytest

from spawngate.routing.destination import HttpAnswer, HttpRequest, ItemOutcome, Outcome
from spawngate.routing.destinations.sentinel import DESTINATION, LARGEST, SentinelSettings, read, row
from spawngate.routing.settings import SettingsError, decode
from spawngate.routing.stream import source
from tests.routing.streaming import drive, samples, simple
from tests.stubs.sentinel import Azure
from tests.trail.mappings.samples import SOURCES

BASE = {
    "endpoint": "https://sg-abcd.westeurope-1.ingest.monitor.azure.com",
    "rule": "dcr-0123",
    "tenant": "t1",
    "client": "c1",
    "secret": "s1",
}
SETTINGS = decode(SentinelSettings, BASE, "d")


def azure() -> Azure:
    return Azure("t1", "c1", "s1", "dcr-0123", "Custom-Spawngate_CL")


def test_every_type_in_order() -> None:
    server = azure()
    outcome, sent = drive(DESTINATION, SETTINGS, samples(), server.answer)
    assert outcome.state == "delivered"
    assert outcome.hold["token"] == "azure-token-1"
    assert [each.url for each in sent if isinstance(each, HttpRequest)] == [
        "https://login.microsoftonline.com/t1/oauth2/v2.0/token",
        "https://sg-abcd.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/dcr-0123/streams/Custom-Spawngate_CL"
        "?api-version=2023-01-01",
    ]
    assert [each["EventKey"] for each in server.rows] == [source(item).key for item in samples().items]
    assert server.rows == [json.loads(row(source(item))) for item in samples().items]
    again, sent = drive(DESTINATION, SETTINGS, samples(), server.answer, held=dict(outcome.hold))
    assert (again.state, len(sent), server.tokens) == ("delivered", 1, 1)


def test_a_token_that_ended_early() -> None:
    server = azure()
    held = dict(drive(DESTINATION, SETTINGS, simple(["a"]), server.answer)[0].hold)
    server.valid = "another"
    outcome, sent = drive(DESTINATION, SETTINGS, simple(["b"]), server.answer, held=held)
    assert (outcome.state, len(sent), [each["Message"] for each in server.rows]) == (
        "delivered",
        3,
        ["expired: a", "expired: b"],
    )


def test_throttled() -> None:
    server = azure()
    server.throttled = 1
    outcome, _ = drive(DESTINATION, SETTINGS, simple(["a"]), server.answer)
    assert (outcome.state, outcome.reason, outcome.after, outcome.blame) == (
        "retry",
        "HTTP 429: slow",
        7.0,
        "destination",
    )


def test_parts_of_a_megabyte_and_a_row_that_is_not_wanted() -> None:
    server = azure()
    outcome, sent = drive(DESTINATION, SETTINGS, simple(["x" * 40_000] * 40), server.answer)
    bodies = [each.body for each in sent[1:] if isinstance(each, HttpRequest)]
    assert (outcome.state, len(server.rows)) == ("delivered", 40)
    assert len(bodies) > 1
    assert max(map(len, bodies)) <= LARGEST
    bad, _ = drive(DESTINATION, SETTINGS, simple(["a", "poison", "c"]), azure().answer)
    assert bad.items == (ItemOutcome(1, "refused", "HTTP 400: a record is not wanted"),)


def test_wrong_secret() -> None:
    settings = decode(SentinelSettings, {**BASE, "secret": "x"}, "d")
    outcome, _ = drive(DESTINATION, settings, simple(["a"]), azure().answer)
    assert outcome == Outcome("retry", "no token: HTTP 401: AADSTS7000215: bad secret", blame="setting")


def test_row() -> None:
    told = json.loads(row(SOURCES["ask-mcp"]))
    record = json.loads(told.pop("Record"))
    assert record["call"]["server"] == "files"
    assert told == {
        "TimeGenerated": "2026-11-21T10:00:00.123456Z",
        "EventType": "decision",
        "EventKey": SOURCES["ask-mcp"].key,
        "RecordHash": SOURCES["ask-mcp"].hash,
        "EndpointId": "e0f1a2b3c4d5e6f7",
        "Stream": "stream-1",
        "SequenceNumber": 3,
        "Severity": "high",
        "Outcome": "unknown",
        "UserName": "ann",
        "Agent": "claude-code",
        "SessionId": "3f2b8c1e",
        "Verdict": "ask",
        "Mode": "enforce",
        "Policies": "deny-destructive",
        "Rules": "spawn-pipe-to-shell",
        "Tool": "mcp__files__read_file",
        "McpServer": "files",
        "McpTool": "read_file",
        "CommandLine": "",
        "ArtifactKind": "",
        "ArtifactName": "",
        "Message": "ask: claude-code files/read_file: /etc/passwd: refused: a download is run by a shell",
    }


@pytest.mark.parametrize(
    ("answer", "state", "blame"),
    [
        (HttpAnswer(204), "delivered", ""),
        (HttpAnswer(403, (), b'{"error":{"code":"OperationFailed"}}'), "retry", "setting"),
        (HttpAnswer(413), "refused", "content"),
        (HttpAnswer(500), "retry", "destination"),
    ],
)
def test_read(answer: HttpAnswer, state: str, blame: str) -> None:
    outcome = read(answer, 3)
    assert (outcome.state, outcome.blame) == (state, blame)


@pytest.mark.parametrize(
    ("change", "where"), [({"endpoint": "x"}, "endpoint"), ({"rule": "a/b"}, "rule"), ({"secret": ""}, "secret")]
)
def test_settings(change: dict[str, object], where: str) -> None:
    with pytest.raises(SettingsError, match=where):
        decode(SentinelSettings, {**BASE, **change}, "d")
    assert "s1" not in repr(SETTINGS).replace("secret='(set)'", "").partition("secret")[2]
