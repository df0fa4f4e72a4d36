"""Canonical bytes, and foreign values made fit for them."""

import json
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.model.snapshot import Change, Difference, FindingChange
from spawngate.trail.event import (
    DEEPEST,
    SCHEMA_VERSION,
    Actor,
    ArtifactRecord,
    CallRecord,
    DecisionRecord,
    DeliveryRecord,
    DifferenceRecord,
    Event,
    EventType,
    FindingRecord,
    Hit,
    SubjectRecord,
    artifact_event,
    canonical,
    finding_event,
    plain,
    shortened,
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=4),
    max_leaves=20,
)


def by_the_rule(value: Any) -> bytes:
    """What RFC 8785 gives for texts, exact integers, lists and maps whose keys stay within the basic plane."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(VALUES)
def test_canonical_bytes_are_what_any_reader_gets(value: Any) -> None:
    fit = {"detail": plain(value)}
    assert canonical(fit) == by_the_rule(fit)
    assert canonical(msgspec.json.decode(canonical(fit))) == canonical(fit)


@given(VALUES)
def test_plain_is_settled(value: Any) -> None:
    assert plain(plain(value)) == plain(value)


def test_plain_values() -> None:
    deep: Any = "x"
    for _ in range(DEEPEST + 1):
        deep = [deep]
    given_ = {"a": 1.5, "b": 2.0, "c": 2**53 + 1, "d": "\ud800", "e": (1, None), "f": float("inf"), 3: b"x"}
    assert plain(given_) == {
        "a": "1.5",
        "b": 2,
        "c": "0x20000000000001",
        "d": "\ufffd",
        "e": [1, None],
        "f": "inf",
        "3": [120],
    }
    assert json.dumps(plain(deep)).count("[") == DEEPEST + 1
    assert "[deep]" in json.dumps(plain(deep))


def test_lone_surrogate_anywhere_is_no_fault() -> None:
    event = Event(EventType.DECISION, "t", SCHEMA_VERSION, actor=Actor(session="\udc80x"))
    assert json.loads(canonical(event))["actor"] == {"session": "\ufffdx"}


def test_defaults_are_left_out() -> None:
    event = Event(EventType.DECISION, "2026-11-21T10:00:00.000000Z", SCHEMA_VERSION)
    assert canonical(event) == b'{"at":"2026-11-21T10:00:00.000000Z","schema_version":1,"type":"decision"}'


def test_finding_events() -> None:
    artifact = Artifact(Kind.SKILL, "id", "fp", "cursor", Scope.USER, "s", "/p", Status.ENABLED)
    finding = Finding("r", "t", Severity.HIGH, Confidence.LOW, "m", "do", ("CWE-78",), "id", ("a=b",), "f", "p")
    about = ArtifactRecord("id", "skill", "s", "fp", "cursor", "user", "/p", "enabled")
    record = FindingRecord("r", "high", "low", "t", "m", "do", ("CWE-78",), ("a=b",), "f", "p")
    assert finding_event(FindingChange("opened", finding, artifact), "t", "e") == Event(
        type=EventType.FINDING_OPENED,
        at="t",
        schema_version=1,
        endpoint="e",
        channel="inventory",
        actor=Actor(agent="cursor"),
        artifact=about,
        finding=record,
    )
    assert finding_event(FindingChange("closed", finding, None, "removed"), "t") == Event(
        type=EventType.FINDING_CLOSED,
        at="t",
        schema_version=1,
        channel="inventory",
        finding=msgspec.structs.replace(record, reason="removed"),
    )


def test_shortened_records_are_in_bounds() -> None:
    long = "x" * 100_000
    event = Event(
        type=EventType.ADMINISTRATION,
        at="t",
        schema_version=1,
        finding=FindingRecord("r", "high", "low", long, long, long, (long,) * 100, (long,) * 100, "f"),
        delivery=DeliveryRecord("route", "dest", "slack", "dead", key=long, reason=long, attempts=3),
        subject=SubjectRecord("route", long, long, "changed", (DifferenceRecord(long, long, long),) * 1_000),
        message=long,
    )
    short = shortened(event)
    assert short.subject is not None
    assert short.subject.differences == (DifferenceRecord("x" * 200),) * 200
    assert short.delivery == DeliveryRecord("route", "dest", "slack", "dead", "x" * 1000, attempts=3, reason="x" * 1000)
    assert short.finding is not None
    assert short.finding.evidence == ()
    assert len(short.finding.title + short.finding.message + short.finding.remediation) == 3_000


def test_artifact_event() -> None:
    artifact = Artifact(
        Kind.MCP_SERVER,
        "id",
        "fp",
        "cursor",
        Scope.USER,
        "s",
        "/p",
        Status.ENABLED,
        launch=Launch(Transport.STDIO, "npx", ("-y", "p"), env={"A": "[secret:env-value:0]"}),
    )
    change = Change("changed", artifact, (Difference("launch.args", ["a"], ["-y", "p"]), Difference("x", 0.5, None)))
    assert artifact_event(change, "t", "e") == Event(
        type=EventType.ARTIFACT_CHANGED,
        at="t",
        schema_version=1,
        endpoint="e",
        channel="inventory",
        actor=Actor(agent="cursor"),
        artifact=ArtifactRecord(
            id="id",
            kind="mcp_server",
            name="s",
            fingerprint="fp",
            agent="cursor",
            scope="user",
            path="/p",
            status="enabled",
            launch={
                "transport": "stdio",
                "command": "npx",
                "args": ["-y", "p"],
                "env": {"A": "[secret:env-value:0]"},
            },
            differences=(DifferenceRecord("launch.args", ["a"], ["-y", "p"]), DifferenceRecord("x", "0.5", None)),
        ),
    )


def test_every_change_has_its_type() -> None:
    assert {f"artifact-{change}" for change in ("added", "changed", "removed")} <= set(EventType)


def test_shortened_keeps_who_and_what() -> None:
    event = Event(
        EventType.DECISION,
        "t",
        1,
        call=CallRecord(tool="Bash", kind="shell", commands=("x" * 10_000,), moment="before-tool", id="c"),
        decision=DecisionRecord("deny", "enforce", reasons=("r",), message="m" * 5000),
        artifact=ArtifactRecord("i", "k", "n" * 5000, "f", differences=(DifferenceRecord("p" * 300, "o", "n"),)),
        question={"command": "x"},
        message="y" * 5000,
    )
    assert shortened(event) == Event(
        EventType.DECISION,
        "t",
        1,
        call=CallRecord(tool="Bash", kind="shell", moment="before-tool", id="c", cut=True),
        decision=DecisionRecord("deny", "enforce", reasons=("r",), message="m" * 1000),
        artifact=ArtifactRecord("i", "k", "n" * 1000, "f", differences=(DifferenceRecord("p" * 200),)),
        detail={"cut": True},
        message="y" * 1000,
    )


def test_page_names_every_type_and_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "trail.md").read_text(encoding="utf-8")
    structs: tuple[type[msgspec.Struct], ...] = (
        *(Event, Actor, CallRecord, DecisionRecord, Hit, ArtifactRecord, DifferenceRecord),
        *(FindingRecord, DeliveryRecord, SubjectRecord),
    )
    words = {*EventType, *(name for struct in structs for name in struct.__struct_fields__)}
    assert sorted(word for word in words if f"`{word}`" not in page) == []
