"""Records as lines."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.report.terminal import escape
from spawngate.report.trail import LONGEST, render_json, render_line, render_verified, schema
from spawngate.trail.chain import Fault, Head, Verified
from spawngate.trail.event import (
    Actor,
    ArtifactRecord,
    CallRecord,
    DecisionRecord,
    DifferenceRecord,
    Event,
    EventType,
    Hit,
)
from tests.trail.mappings import samples

AT = "2026-11-21T10:00:00.123456Z"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    *("type", "at", "call", "decision", "actor", "artifact", "detail", "counts", "message"),
    *("finding", "delivery", "subject"),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {
                "type": "decision",
                "at": AT,
                "actor": {"agent": "codex-cli"},
                "call": {"tool": "shell", "commands": ["a", "b\n"]},
                "decision": {"verdict": "deny", "mode": "enforce", "reasons": ["x", "y"]},
            },
            "2026-11-21 10:00:00  deny   codex-cli shell: a ; b\\n  [x,y]\n",
        ),
        (
            {
                "type": "decision",
                "at": AT,
                "actor": {"agent": "cursor"},
                "call": {"tool": "mcp__db__q", "server": "db", "server_tool": "q"},
                "decision": {"verdict": "deny", "mode": "monitor"},
            },
            "2026-11-21 10:00:00  deny*  cursor db/q: \n",
        ),
        (
            {
                "type": "decision",
                "at": AT,
                "call": {"tool": "WebFetch", "urls": ["https://x.test"]},
                "decision": {"verdict": "allow", "mode": "monitor", "reasons": ["permit"]},
            },
            "2026-11-21 10:00:00  allow  WebFetch: https://x.test\n",
        ),
        (
            {
                "type": "artifact-changed",
                "at": AT,
                "artifact": {
                    "kind": "mcp_server",
                    "name": "s\x1b[0m",
                    "agent": "cursor",
                    "differences": [{"path": "launch.args"}, {"path": "launch.command"}],
                },
            },
            "2026-11-21 10:00:00  inventory: ~ mcp_server s\\x1b[0m (cursor) launch.args, launch.command\n",
        ),
        (
            {"type": "artifact-added", "at": AT, "artifact": {"kind": "skill", "name": "n", "path": "/p"}},
            "2026-11-21 10:00:00  inventory: + skill n /p\n",
        ),
        (
            {
                "type": "moment",
                "at": AT,
                "actor": {"agent": "codex-cli"},
                "call": {"tool": "shell", "moment": "after-tool", "commands": ["ls"]},
            },
            "2026-11-21 10:00:00  after-tool  codex-cli shell: ls\n",
        ),
        (
            {
                "type": "finding-opened",
                "at": AT,
                "artifact": {"kind": "mcp_server", "name": "s"},
                "finding": {"rule": "inline-shell", "severity": "high", "message": "s is\n started by bash"},
            },
            "2026-11-21 10:00:00  finding: + high inline-shell mcp_server s: s is\\n started by bash\n",
        ),
        (
            {"type": "finding-closed", "at": AT, "finding": {"rule": "r", "severity": "low", "title": "t"}},
            "2026-11-21 10:00:00  finding: - low r: t\n",
        ),
        (
            {
                "type": "delivery",
                "at": AT,
                "delivery": {"route": "r", "destination": "d", "kind": "slack", "state": "dead", "reason": "404"},
            },
            "2026-11-21 10:00:00  delivery: dead d (slack, route r) 404\n",
        ),
        (
            {
                "type": "administration",
                "at": AT,
                "message": "m",
                "subject": {"kind": "route", "name": "r", "action": "changed", "differences": [{"path": "match"}]},
            },
            "2026-11-21 10:00:00  administration: route r changed match\n",
        ),
        (
            {"type": "unwritten", "at": AT, "message": "2 lost", "counts": {"decision:allow": 2}, "detail": {"a": [1]}},
            "2026-11-21 10:00:00  unwritten: 2 lost a [1], decision:allow 2\n",
        ),
        (
            {
                "type": "checkpoint",
                "at": AT,
                "message": "checkpoint of log",
                "detail": {"name": "log", "note": "n/log\n3\nAAAA\n\n\u2014 n c2ln\n"},
            },
            "2026-11-21 10:00:00  checkpoint: checkpoint of log size 3, root AAAA\n",
        ),
        (
            {"type": "checkpoint", "at": AT, "message": "m", "detail": {"note": [1]}},
            "2026-11-21 10:00:00  checkpoint: m\n",
        ),
        ({"type": "of-a-later-version"}, "  of-a-later-version: \n"),
        ({}, "  : \n"),
    ],
)
def test_lines(value: dict[str, Any], expected: str) -> None:
    assert render_line(value) == expected


def test_colour_stands_only_around_the_verdict() -> None:
    value = {"type": "decision", "at": AT, "decision": {"verdict": "deny", "mode": "enforce"}}
    assert render_line(value, color=True) == "2026-11-21 10:00:00  \x1b[31mdeny \x1b[0m  : \n"


def test_long_subject_is_cut() -> None:
    value = {"type": "decision", "at": AT, "call": {"commands": ["x" * 1000]}, "decision": {"verdict": "allow"}}
    assert render_line(value).count("x") == LONGEST


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_any_record_is_one_harmless_line(value: dict[str, Any]) -> None:
    for type_ in ("decision", value.get("type", "")):
        line = render_line({**value, "type": type_})
        assert line.endswith("\n")
        assert escape(line[:-1]) == line[:-1]


def test_json() -> None:
    assert json.loads(render_json({"a": "é\x1b"})) == {"a": "é\x1b"}
    assert render_json({"a": 1}) == b'{"a":1}\n'


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Verified(0, 0, None), "there is no record\n"),
        (
            Verified(2, 5, Head("s", 6, "f" * 64), None, 4),
            "2 records are as they were written, from record 5 on\n"
            "records 1 to 4 were deleted by retention, which a record says\n"
            f"end: record 6 of stream s, hash {'f' * 64}\n",
        ),
        (
            Verified(0, 1, None, Fault("dropped", 1, 1, "record 1 is \x1b missing")),
            "dropped: record 1 is \\x1b missing\n",
        ),
    ],
)
def test_verified(found: Verified, expected: str) -> None:
    assert render_verified(found) == expected


def test_records_are_as_the_schema_says(tmp_path: Path) -> None:
    events = [
        Event(
            "decision",
            AT,
            1,
            actor=Actor("u", "a"),
            call=CallRecord(tool="t", arguments={"n": 1, "x": None}),
            decision=DecisionRecord("allow", "monitor"),
        ),
        Event("decision", AT, 1, decision=DecisionRecord("deny", "enforce", hits=(Hit("r", "high", "low"),))),
        Event(
            "artifact-changed",
            AT,
            1,
            artifact=ArtifactRecord("i", "k", "n", "f", differences=(DifferenceRecord("p", [1]),)),
        ),
        Event("of-a-later-version", AT, 1, counts={"a": 1}, detail={"x": [{"y": True}]}, question={"action": "shell"}),
    ]
    with TrailStore(tmp_path) as trail:
        trail.append(events)
    validator = jsonschema.Draft202012Validator(schema())
    records = [json.loads(line) for line in reader.lines(tmp_path)]
    assert [list(map(str, validator.iter_errors(record))) for record in records] == [[], [], [], []]
    for name in samples.RECORDS:
        assert list(map(str, validator.iter_errors(json.loads(samples.RECORDS[name])))) == [], name
    assert {event.type for event in samples.EVENTS.values()} >= set(EventType), "a sample of every type"
    assert list(validator.iter_errors({key: item for key, item in records[1].items() if key != "decision"}))
    for spoilt in (
        {"hash": "x"},
        {"at": "yesterday"},
        {"decision": {"verdict": "maybe", "mode": "enforce"}},
        {"sequence": 0},
        {"decision": {"verdict": 1, "mode": "m"}},
        {"counts": {"a": "b"}},
    ):
        assert list(validator.iter_errors({**records[0], **spoilt}))
    assert list(validator.iter_errors({key: item for key, item in records[0].items() if key != "previous"}))
