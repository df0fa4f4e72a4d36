"""Recording that goes on while the trail cannot be written."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import recording
from spawngate.endpoint.daemon.recording import Recording
from spawngate.endpoint.trail import reader, store
from spawngate.endpoint.trail.store import TrailError, TrailStore
from spawngate.trail.event import DecisionRecord, Event
from spawngate.trail.query import Query


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PAUSE", 0.0)


class Disk:
    """Opens a real trail, or fails while it is `full`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.full = False
        self.opened = 0

    def open(self) -> TrailStore:
        if self.full:
            raise TrailError("no space")
        self.opened += 1
        disk = self

        class Store(TrailStore):
            def append(self, events: Sequence[Event]) -> object:  # type: ignore[override]  # the head is not looked at
                if disk.full:
                    raise TrailError("no space")
                return super().append(events)

        return Store(self.folder)

    def told(self) -> list[tuple[str, object]]:
        return [
            (value["type"], value.get("counts") or value.get("message"))
            for value, _ in reader.oldest(self.folder, Query())
        ]


def event(message: str, verdict: str = "") -> Event:
    decision = DecisionRecord(verdict, "enforce") if verdict else None
    return Event("decision" if verdict else "artifact-added", "t", 1, message=message, decision=decision)


def test_lost_decisions_are_counted_and_reported(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    made = Recording(disk.open, "e")
    made.append([event("a", "allow")])
    disk.full = True
    for verdict in ("allow", "deny", "allow"):
        with pytest.raises(TrailError, match="no space"):
            made.append([event("lost", verdict)])
    assert made.unwritten == {"decision:allow": 2, "decision:deny": 1}
    assert made.problem == "no space"
    disk.full = False
    made.append([event("b", "deny")])
    assert (made.unwritten, made.problem) == ({}, "")
    assert disk.told() == [
        ("decision", "a"),
        ("unwritten", {"decision:allow": 2, "decision:deny": 1}),
        ("decision", "b"),
    ]
    assert made.head is not None
    assert made.head.sequence == 3
    made.close()
    assert made.head is None


def test_other_events_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "KEPT", 3)
    disk = Disk(tmp_path)
    disk.full = True
    made = Recording(disk.open)
    for number in range(5):
        made.later([event(str(number))])
    made.retry()
    assert made.problem == "no space"
    disk.full = False
    made.retry()
    assert disk.told() == [
        ("unwritten", {"artifact-added": 2}),
        ("artifact-added", "2"),
        ("artifact-added", "3"),
        ("artifact-added", "4"),
    ]
    made.retry()
    assert len(disk.told()) == 4
    made.close()


def test_trail_is_opened_once_and_when_it_can(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    disk.full = True
    made = Recording(disk.open)
    with pytest.raises(TrailError):
        made.append([event("x", "allow")])
    assert disk.opened == 0
    made.daily()
    disk.full = False
    made.append([event("y", "allow")])
    made.append([event("z", "allow")])
    assert disk.opened == 1
    made.daily()
    made.note_head()
    assert reader.noted_head(tmp_path) == made.head
    made.close()


def test_trail_that_another_holds_is_not_waited_for_by_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "PAUSE", 60.0)
    attempts = []

    def busy() -> TrailStore:
        attempts.append(1)
        raise TrailError("another process writes")

    made = Recording(busy)
    for _ in range(5):
        with pytest.raises(TrailError, match="another process writes"):
            made.append([event("x", "allow")])
    assert len(attempts) == 1
    assert made.unwritten == {"decision:allow": 5}


def test_room_is_made_where_a_trail_is_open(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    made = Recording(disk.open)
    made.make_room()
    assert disk.opened == 0
    made.append([event("a")])
    (path,) = tmp_path.glob("*.ndjson")
    made.append([event("b" * 200_000)])
    before = path.stat().st_size
    made.make_room()
    assert path.stat().st_size == before + store.ROOM
    made.close()
    assert [message for _, message in disk.told()] == ["a", "b" * 200_000]
