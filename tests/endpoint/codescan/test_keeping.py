"""Kept results: into the trail at once, or by way of the daemon; and what cannot be read harms nothing."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from spawngate.codescan.kept import identity
from spawngate.endpoint.codescan import keeping, outbox
from spawngate.endpoint.codescan.keeping import changed, kept, record, result
from spawngate.endpoint.codescan.outbox import waiting
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.report.code_json import render_json
from spawngate.trail.query import Query
from tests.codescan.findings import OUTCOME, RESULT


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


def recorded(state: State) -> list[str]:
    return [str(value["type"]) for value in reader.newest(place(state.folder).trail, Query())][::-1]


def test_a_scan_goes_into_the_trail_and_is_remembered(state: State) -> None:
    assert record(state, OUTCOME, "1.0") == ""
    assert recorded(state) == ["finding-opened", "code-scanned"]
    (only,) = kept(state.folder)
    assert (only.root, only.name, len(only.findings)) == ("/srv/shop", "shop", 2)
    path = state.folder / "code-scans" / f"{identity('/srv/shop')}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_second_scan_tells_what_changed(state: State) -> None:
    record(state, OUTCOME, "1.0")
    record(state, replace(OUTCOME, result=replace(RESULT, findings=(), incomplete=False)), "1.0")
    assert recorded(state) == ["finding-opened", "code-scanned", "finding-closed", "code-scanned"]
    assert len(kept(state.folder)) == 1


def test_trees_stand_newest_first(state: State) -> None:
    for name, at in (("a", "2026-11-20T00:00:00Z"), ("b", "2026-11-22T00:00:00Z"), ("c", "2026-11-21T00:00:00Z")):
        record(state, replace(OUTCOME, root=f"/srv/{name}", name=name, taken_at=at), "1.0")
    assert [item.name for item in kept(state.folder)] == ["b", "c", "a"]


def test_what_the_daemon_has_to_write_waits_for_it(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LOCK_SECONDS", 0.0)
    with TrailStore(place(state.folder).trail, endpoint="e"):
        assert record(state, OUTCOME, "1.0") == ""
    ((path, events),) = waiting(state.folder)
    assert [event.type for event in events] == ["finding-opened", "code-scanned"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(kept(state.folder)) == 1
    assert recorded(state) == []


def test_no_more_than_so_many_wait(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LOCK_SECONDS", 0.0)
    monkeypatch.setattr(outbox, "WAITING", 1)
    with TrailStore(place(state.folder).trail, endpoint="e"):
        assert record(state, OUTCOME, "1.0") == ""
        assert "too many scans wait for the daemon" in record(state, OUTCOME, "1.0")
    assert len(list(waiting(state.folder))) == 1


def test_the_whole_result_is_left_for_the_console(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    assert changed(state.folder) == 0
    record(state, OUTCOME, "1.0")
    first = changed(state.folder)
    assert first > 0
    (only,) = kept(state.folder)
    assert result(state.folder, only) == render_json([OUTCOME])
    path = state.folder / "code-scans" / "results" / f"{only.id}.json"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    monkeypatch.setattr(keeping, "MAX_FILE", 100)
    assert record(state, OUTCOME, "1.0") == ""
    assert not path.exists(), "a result too long to be read again is none, and the one before is of another scan"
    assert result(state.folder, only) is None
    assert changed(state.folder) > first


def test_damaged_files_count_as_none(state: State) -> None:
    record(state, OUTCOME, "1.0")
    folder = state.folder / "code-scans"
    good = next(folder.glob("*.json"))
    other = json.loads(good.read_bytes()) | {"schema_version": 99}
    (folder / "0.json").write_text("{")
    (folder / "1.json").write_text(json.dumps(other))
    (folder / "2.json").write_bytes(b"\xff")
    (folder / "3.json").symlink_to(good)
    assert len(kept(state.folder)) == 1
    good.write_text("nonsense")
    assert record(state, OUTCOME, "1.0") == ""
    assert recorded(state) == ["finding-opened", "code-scanned"] * 2


def test_the_oldest_trees_make_room(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    for name in ("a", "b", "c"):
        record(state, replace(OUTCOME, root=f"/srv/{name}", name=name), "1.0")
    trees = kept(state.folder)
    assert len(trees) == 2
    assert len(list((state.folder / "code-scans" / "results").iterdir())) == 2
    assert all(result(state.folder, each) for each in trees)


def test_a_folder_that_cannot_be_written_is_said(state: State) -> None:
    (state.folder / "code-scans").write_text("a file")
    assert "could not be kept" in record(state, OUTCOME, "1.0")
    assert kept(state.folder) == ()


def test_what_is_kept_can_be_read_by_the_type(state: State) -> None:
    record(state, OUTCOME, "1.0")
    (only,) = kept(state.folder)
    assert msgspec.json.decode(msgspec.json.encode(only), type=type(only)) == only
