"""Log records of OpenTelemetry. tests/routing/destinations/test_otlp.py gives them to the official reader."""

import json
import re
from typing import Any

import pytest
from hypothesis import given

from spawngate.model.json import Json
from spawngate.trail.mappings.otel import any_value, attributes, export, log_record
from spawngate.trail.mappings.source import Source
from tests.trail.mappings.samples import ANY_SOURCE, SOURCES


@given(ANY_SOURCE)
def test_any_record(source: Source) -> None:
    record: Any = log_record(source, 5)
    assert json.loads(json.dumps(record)) == record
    assert re.fullmatch(r"\d+", record["timeUnixNano"])
    assert record["observedTimeUnixNano"] == "5000"
    assert 1 <= record["severityNumber"] <= 24
    keys = [pair["key"] for pair in record["attributes"]]
    assert len(set(keys)) == len(keys)
    for key, value in attributes(source).items():
        assert re.fullmatch(r"[a-z][a-z0-9_.]*", key)
        assert value not in ("", [], None)


def test_whole_record() -> None:
    source = SOURCES["dead"]
    assert log_record(source, 1) == {
        "timeUnixNano": "1795255200123456000",
        "observedTimeUnixNano": "1000",
        "severityNumber": 17,
        "severityText": "ERROR",
        "body": {"stringValue": "delivery dead: ops (slack): no such channel"},
        "attributes": [
            {"key": "log.record.uid", "value": {"stringValue": source.key}},
            {"key": "host.id", "value": {"stringValue": "e0f1a2b3c4d5e6f7"}},
            {"key": "spawngate.outcome", "value": {"stringValue": "failure"}},
            {"key": "spawngate.channel", "value": {"stringValue": "server"}},
            {"key": "spawngate.stream", "value": {"stringValue": "stream-1"}},
            {"key": "spawngate.sequence", "value": {"intValue": str(source.event.sequence)}},
            {"key": "spawngate.hash", "value": {"stringValue": source.hash}},
            {"key": "spawngate.delivery.state", "value": {"stringValue": "dead"}},
            {"key": "spawngate.delivery.destination", "value": {"stringValue": "ops"}},
            {"key": "spawngate.delivery.attempts", "value": {"intValue": "12"}},
            {"key": "spawngate.delivery.events", "value": {"intValue": "3"}},
        ],
        "eventName": "spawngate.delivery",
    }


def test_names_of_the_conventions() -> None:
    found = attributes(SOURCES["ask-mcp"])
    assert {key: value for key, value in found.items() if key.startswith(("gen_ai.", "mcp."))} == {
        "gen_ai.agent.name": "claude-code",
        "gen_ai.conversation.id": "3f2b8c1e",
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "read_file",
        "gen_ai.tool.call.id": "toolu_02",
        "mcp.method.name": "tools/call",
        "mcp.server.name": "files",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, {"boolValue": True}),
        (1 << 60, {"intValue": str(1 << 60)}),
        ("x", {"stringValue": "x"}),
        (["a", 1], {"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "1"}]}}),
    ],
)
def test_values(value: Any, expected: dict[str, Json]) -> None:
    assert any_value(value) == expected


def test_export() -> None:
    told: Any = export([{"body": {"stringValue": "x"}}], {"deployment.environment.name": "prod"})
    (resource,) = told["resourceLogs"]
    assert resource["resource"]["attributes"][2] == {
        "key": "deployment.environment.name",
        "value": {"stringValue": "prod"},
    }
    assert resource["scopeLogs"][0]["logRecords"] == [{"body": {"stringValue": "x"}}]
