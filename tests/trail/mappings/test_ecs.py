"""ECS documents against the table made from the field reference."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from spawngate.trail.mappings.ecs import VERSION, ecs
from spawngate.trail.mappings.source import Source
from tests.trail.mappings.samples import ANY_SOURCE, SOURCES

FIELDS: dict[str, Any] = json.loads((Path(__file__).parent / "ecs-9.json").read_text(encoding="utf-8"))["fields"]
TYPES: dict[str, tuple[type, ...]] = {
    "keyword": (str,),
    "wildcard": (str,),
    "match_only_text": (str,),
    "constant_keyword": (str,),
    "date": (str,),
    "long": (int,),
}


def flat(document: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Fields by their dotted names, without those of our own."""
    found: dict[str, Any] = {}
    for key, value in document.items():
        if f"{prefix}{key}" in ("spawngate", "labels"):
            continue
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def faults(document: dict[str, Any]) -> list[str]:
    """What is wrong with a document."""
    wrong = []
    for name, value in flat(document).items():
        field = FIELDS.get(name)
        if field is None:
            wrong.append(f"{name}: no field")
            continue
        if isinstance(value, list) is not bool(field.get("array")):
            wrong.append(f"{name}: list or not")
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, TYPES[field["type"]]) or isinstance(each, bool):
                wrong.append(f"{name}: no {field['type']}")
            if "allowed" in field and each not in field["allowed"]:
                wrong.append(f"{name}: {each} is not allowed")
    event = document["event"]
    expected = {each for category in event["category"] for each in FIELDS["event.category"]["allowed"][category]}
    wrong += [f"event.type: {each} does not go with the categories" for each in event["type"] if each not in expected]
    if not all(isinstance(value, str) for value in document.get("labels", {}).values()):
        wrong.append("labels: not only texts")
    return wrong


@pytest.mark.parametrize("name", SOURCES)
def test_every_type_is_valid(name: str) -> None:
    assert faults(ecs(SOURCES[name])) == []


@given(ANY_SOURCE)
def test_any_record_is_valid(source: Source) -> None:
    document = ecs(source)
    assert faults(document) == []
    assert json.loads(json.dumps(document)) == document


def test_check_can_fail() -> None:
    document: Any = ecs(SOURCES["deny-shell"])
    document["event"] |= {"type": ["installation"], "severity": "5", "odd": "x"}
    assert faults(document) == [
        "event.severity: no long",
        "event.odd: no field",
        "event.type: installation does not go with the categories",
    ]


def test_whole_document() -> None:
    source = SOURCES["ask-mcp"]
    document = ecs(source)
    own: Any = document.pop("spawngate")
    assert document == {
        "@timestamp": "2026-11-21T10:00:00.123456Z",
        "ecs": {"version": VERSION},
        "message": "ask: claude-code files/read_file: /etc/passwd: refused: a download is run by a shell",
        "event": {
            "kind": "event",
            "category": ["api", "intrusion_detection"],
            "type": ["access", "info"],
            "action": "decision",
            "outcome": "unknown",
            "severity": 3,
            "id": source.key,
            "sequence": 3,
            "hash": source.hash,
            "module": "spawngate",
            "dataset": "spawngate.events",
            "provider": "hook",
            "reason": "refused: a download is run by a shell",
        },
        "log": {"level": "high"},
        "observer": {"vendor": "Spawngate", "product": "Spawngate", "type": "ids", "version": "0.1.0"},
        "host": {"id": "e0f1a2b3c4d5e6f7"},
        "user": {"name": "ann"},
        "labels": {
            "agent": "claude-code",
            "session": "3f2b8c1e",
            "tool": "mcp__files__read_file",
            "mcp_tool": "read_file",
            "verdict": "ask",
            "mode": "enforce",
        },
        "file": {"path": "/etc/passwd"},
        "service": {"name": "files"},
        "gen_ai": {"tool": {"name": "read_file", "call": {"id": "toolu_02"}}},
        "rule": {
            "id": "spawn-pipe-to-shell",
            "category": "exfiltration",
            "ruleset": "deny-destructive",
            "version": "0123abcd",
        },
    }
    assert own["decision"]["reasons"] == ["deny-destructive"]
    assert own["call"]["arguments"] == {"path": "/etc/passwd"}
