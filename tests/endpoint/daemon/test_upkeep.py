"""Regular work: what it records."""

import asyncio
import os

import pytest

from spawngate.endpoint.codescan.outbox import FOLDER, OUTBOX, leave
from spawngate.endpoint.daemon import run as run_module
from spawngate.endpoint.daemon import upkeep
from spawngate.endpoint.daemon.inventory import InventoryWatch
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.report import Report
from spawngate.endpoint.daemon.run import Daemon
from spawngate.endpoint.protect import guard
from spawngate.endpoint.protect.guard import Tampered, What
from spawngate.endpoint.state import State
from spawngate.endpoint.sync.words import SCAN, Word
from spawngate.endpoint.trail import reader
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.model.snapshot import Change, FindingChange
from spawngate.trail.event import Event, EventType, SubjectRecord
from tests.endpoint.daemon.running import told, with_daemon


def test_what_happens_to_our_entries_is_told_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    monkeypatch.setattr(upkeep, "GUARD", 0.02)
    gone = Tampered(What.REMOVED, "/home/ann/.claude/settings.json", "claude-code", "hooks.PreToolUse")
    looks = iter([[gone], [gone], [], []])
    hooks = state.folder
    monkeypatch.setattr(guard, "check", lambda at, notes=None, seen=None: next(looks, []) if at == hooks else [])

    async def what(daemon: Daemon) -> None:
        for _ in range(300):
            if len(told(state)) == 3:
                break
            await asyncio.sleep(0.02)

    with_daemon(state, what)
    events = [event for event in told(state) if event["type"] == "self-protection"]
    entry = {"path": gone.path, "agent": "claude-code", "pointer": "hooks.PreToolUse", "problem": ""}
    assert [event["detail"] for event in events] == [{"what": "removed", **entry}, {"what": "restored", **entry}]
    assert events[0]["message"] == gone.message


def test_what_was_not_served_is_told(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    monkeypatch.setattr(upkeep, "MINUTE", 0.02)

    async def what(daemon: Daemon) -> None:
        for _ in range(2):
            reader_, writer = await asyncio.open_unix_connection(place(state.folder).socket)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert await reader_.read() == b""
            writer.close()
            await writer.wait_closed()
            await asyncio.sleep(0.1)
        for _ in range(100):
            if reader.noted_head(place(state.folder).trail) == daemon.recording.head:
                break
            await asyncio.sleep(0.02)
        assert reader.noted_head(place(state.folder).trail) == daemon.recording.head

    with_daemon(state, what)
    events = [event for event in told(state) if event["type"] == "refused"]
    assert [event["counts"] for event in events] == [{"not-a-request": 1}] * 2


def test_daemon_records_what_code_scans_left(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    scanned = Event(
        type=EventType.CODE_SCANNED,
        at="2026-11-22T00:00:00Z",
        schema_version=1,
        channel="code",
        subject=SubjectRecord("project", "c0de", "shop", "scanned"),
        message="code of shop",
    )
    damaged = state.folder / FOLDER / OUTBOX / "0.json"

    async def what(daemon: Daemon) -> None:
        leave(state.folder, [scanned])
        damaged.write_text("[{]")
        for _ in range(300):
            if not os.listdir(damaged.parent):
                break
            await asyncio.sleep(0.02)

    with_daemon(state, what)
    assert os.listdir(damaged.parent) == []
    assert [event["message"] for event in told(state) if event["type"] == "code-scanned"] == ["code of shop"]


def test_daemon_takes_the_spool_over(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    where = place(state.folder)
    where.spool.parent.mkdir()
    line = (
        b'{"time":"2026-11-21T10:00:00Z","agent":"codex-cli","event":"","failure":"absent","verdict":"open",'
        b'"bytes":84,"sha256":"' + b"a" * 64 + b'"}\n'
    )
    where.spool.write_bytes(line)

    async def what(daemon: Daemon) -> None:
        for round_ in range(2):
            for _ in range(300):
                if not os.listdir(where.spool.parent):
                    break
                await asyncio.sleep(0.02)
            assert os.listdir(where.spool.parent) == []
            if round_ == 0:
                where.spool.write_bytes(line * 2)

    with_daemon(state, what)
    assert [event["type"] for event in told(state)] == ["daemon-started", *["fallback"] * 3, "daemon-stopped"]


def test_findings_of_an_inventory_are_recorded_behind_its_changes(state: State) -> None:
    artifact = Artifact(Kind.MCP_SERVER, "a1", "f1", "cursor", Scope.USER, "shell", "/p", Status.ENABLED)
    finding = Finding("inline-shell", "t", Severity.HIGH, Confidence.LOW, "m", "do", artifact="a1", fingerprint="x")
    found, gone = FindingChange("opened", finding, artifact), FindingChange("closed", finding, artifact, "removed")
    opened = Report("2026-11-21T10:00:00Z", 1, (Change("added", artifact),), (), (found,))
    closed = Report("2026-11-21T10:01:00Z", 0, (Change("removed", artifact),), (), (gone,))

    async def what(daemon: Daemon) -> None:
        daemon.upkeep._take_report(opened)
        daemon.upkeep._take_report(closed)

    with_daemon(state, what)
    events = [event for event in told(state) if event["channel"] == "inventory"]
    assert [(event["type"], event["at"]) for event in events] == [
        ("artifact-added", "2026-11-21T10:00:00Z"),
        ("finding-opened", "2026-11-21T10:00:00Z"),
        ("artifact-removed", "2026-11-21T10:01:00Z"),
        ("finding-closed", "2026-11-21T10:01:00Z"),
    ]
    assert [event["finding"].get("reason", "") for event in events[1::2]] == ["", "removed"]
    assert {event["finding"]["fingerprint"] for event in events[1::2]} == {"x"}
    assert {event["artifact"]["name"] for event in events} == {"shell"}


def test_an_inventory_that_the_server_wants_is_asked_for_and_not_recorded(state: State) -> None:
    async def what(daemon: Daemon) -> None:
        asked: list[bool] = []
        daemon.upkeep._take_word(Word(SCAN, {}, ""))  # without inventories nothing happens
        daemon.upkeep._inventory = InventoryWatch(state.folder, lambda report: None, lambda code: None)
        daemon.upkeep._inventory.again = lambda: asked.append(True)  # type: ignore[method-assign]
        daemon.upkeep._take_word(Word(SCAN, {}, ""))
        assert asked == [True]

    with_daemon(state, what)
    assert [event["type"] for event in told(state)] == ["daemon-started", "daemon-stopped"]
