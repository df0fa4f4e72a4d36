"""Events of a code scan: what opens, what closes, and how a project stands."""

import msgspec

from spawngate.codescan.kept import Kept, keep
from spawngate.trail.chain import Head, seal
from spawngate.trail.code import code_events
from spawngate.trail.event import ArtifactRecord, Event, FindingRecord, SubjectRecord
from tests.codescan.findings import OUTCOME, finding
from tests.records import faults
from tests.report.code_hostile import hostile

replace = msgspec.structs.replace
(_, GUARDED) = keep(OUTCOME, "1.0").findings
NOW = replace(keep(OUTCOME, "1.0"), incomplete=False)
HIGH = NOW.findings[0]
LOW = replace(HIGH, fingerprint="f00d", grade="low", cost=40, guards=("g",))


def events(before: Kept | None, now: Kept) -> tuple[Event, ...]:
    return code_events(before, now, endpoint="e0", user="ann")


def told(before: Kept | None, now: Kept) -> list[tuple[str, str, str]]:
    return [
        (event.type, event.finding.fingerprint if event.finding else "", event.finding.reason if event.finding else "")
        for event in events(before, now)
    ]


def test_the_first_scan_opens_what_it_finds() -> None:
    now = replace(NOW, findings=(HIGH,))
    opened, scanned = events(None, now)
    assert opened == Event(
        type="finding-opened",
        at="2026-11-22T00:00:00Z",
        schema_version=1,
        endpoint="e0",
        channel="code",
        actor=msgspec.convert({"user": "ann"}, type(opened.actor)),
        artifact=ArtifactRecord(now.id, "project", "shop", HIGH.fingerprint, path="/srv/shop"),
        finding=FindingRecord(
            rule="mcp-launch-http",
            severity="high",
            confidence="high",
            title=finding().title,
            message="http at src/api.py:30 reaches args, command of the launch at src/tools.py:12",
            remediation=finding().remediation,
            references=("CVE-2026-30623",),
            evidence=("source=src/api.py:30", "launch=src/tools.py:12", "slot=args", "slot=command"),
            fingerprint=HIGH.fingerprint,
            pack="code",
        ),
    )
    assert scanned.subject == SubjectRecord("project", now.id, "shop", "scanned")
    assert scanned.counts == {
        "high": 1, "opened": 1, "launches-external": 2, "launches-unresolved": 1, "launches-constant": 1,
    }  # fmt: skip
    assert scanned.detail == {
        "root": "/srv/shop",
        "mcp": True,
        "incomplete": False,
        "version": "1.0",
        "sdks": [
            {"project": "", "name": "shop", "package": "mcp", "version": "1.9.4"},
            {"project": "ui", "name": "ui", "package": "@modelcontextprotocol/sdk", "version": "^1.2.0"},
        ],
        "accepting": ["."],
        "fingerprints": [HIGH.fingerprint],
    }
    assert scanned.message == "code of shop: 1 high"


def test_a_second_scan_tells_only_what_changed() -> None:
    before = replace(NOW, findings=(HIGH,))
    assert told(before, before) == [("code-scanned", "", "")]
    assert told(before, replace(NOW, findings=(LOW,))) == [
        ("finding-opened", "f00d", ""), ("finding-closed", HIGH.fingerprint, "gone"), ("code-scanned", "", ""),
    ]  # fmt: skip


def test_a_finding_that_somebody_answers_for_is_closed_as_such() -> None:
    before = replace(NOW, findings=(HIGH,))
    now = replace(NOW, findings=(), suppressed=(HIGH.fingerprint,), incomplete=True)
    assert told(before, now)[0] == ("finding-closed", HIGH.fingerprint, "suppressed")


def test_a_scan_that_saw_not_everything_closes_nothing() -> None:
    assert told(replace(NOW, findings=(HIGH,)), replace(NOW, findings=(), incomplete=True)) == [
        ("code-scanned", "", "")
    ]


def test_information_opens_nothing() -> None:
    assert told(None, replace(NOW, findings=(replace(HIGH, grade="info"),))) == [("code-scanned", "", "")]


def test_how_certain_a_trace_is() -> None:
    found = events(None, replace(NOW, findings=(HIGH, replace(HIGH, fingerprint="b", cost=20), LOW)))
    assert [event.finding.confidence for event in found if event.finding] == ["high", "medium", "low"]


def test_many_findings_are_cut() -> None:
    many = replace(NOW, findings=tuple(replace(HIGH, fingerprint=str(number)) for number in range(300)))
    found = events(None, many)
    assert len(found) == 201
    assert found[-1].counts["opened"] == 300


def test_every_event_is_a_record_of_the_trail() -> None:
    head = Head("stream-1", 0, "0" * 64)
    for event in (*events(None, NOW), *events(NOW, replace(NOW, findings=())), *events(None, keep(hostile(), "1"))):
        line, head = seal(event, head)
        assert faults(msgspec.json.decode(line)) == []
