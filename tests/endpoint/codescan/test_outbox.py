"""Events that wait for the daemon: left, taken in order, damaged ones told."""

import stat
from pathlib import Path

import pytest

from spawngate.endpoint.codescan import outbox
from spawngate.endpoint.codescan.outbox import leave, waiting
from spawngate.trail.event import Event


def event(at: str) -> Event:
    return Event(type="code-scanned", at=at, schema_version=1)


def test_what_is_left_is_taken_oldest_first(tmp_path: Path) -> None:
    later, sooner = event("2026-11-22T00:00:01Z"), event("2026-11-22T00:00:00Z")
    assert leave(tmp_path, [later])
    assert leave(tmp_path, [sooner])
    found = list(waiting(tmp_path))
    assert [events for _, events in found] == [(sooner,), (later,)]
    assert {stat.S_IMODE(path.stat().st_mode) for path, _ in found} == {0o600}


def test_nothing_waits_where_nothing_was_left(tmp_path: Path) -> None:
    assert list(waiting(tmp_path)) == []


def test_too_many_are_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "WAITING", 1)
    assert leave(tmp_path, [event("a")])
    assert not leave(tmp_path, [event("b")])


def test_what_cannot_be_understood_holds_no_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "code-scans" / "outbox"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("[{]")
    (folder / "b.json").write_bytes(b"\xff")
    (folder / "c.json").write_text("[" * 100_000)
    (folder / "d.json").symlink_to("a.json")
    (folder / "e.txt").write_text("[]")
    assert [(path.name, events) for path, events in waiting(tmp_path)] == [
        ("a.json", ()),
        ("b.json", ()),
        ("c.json", ()),
    ]
    monkeypatch.setattr(outbox, "MAX_FILE", 1)
    assert [events for _, events in waiting(tmp_path)] == [(), (), ()]
