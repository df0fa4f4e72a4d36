"""`server.deliver.checkpoints`: evidence leaves through the routes, each once, the open day's by the hour."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from spawngate.server.deliver.checkpoints import Checkpoints
from spawngate.server.store import keys
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Item, StoreError
from spawngate.trail import note
from spawngate.trail.event import Event, EventType
from tests.server.deliver.memory import MemoryControl

T = 1_795_255_200.0


class Scene:
    def __init__(self) -> None:
        self.control, self.told, self.now = MemoryControl(), list[Event](), T
        self.control.put(Item("route", "siem", b"{}"))
        self.checkpoints = Checkpoints(self.control, self.told.append, lambda: self.now)

    def made(self, name: str, value: str) -> None:
        self.control.put(Item("checkpoint", name, value.encode()))

    def names(self) -> list[object]:
        self.told.clear()
        self.checkpoints.step()
        return [event.detail["name"] for event in self.told]


def test_each_is_told_once_and_the_open_day_by_the_hour() -> None:
    scene = Scene()
    scene.made("days/2026-11-20", "a")
    scene.made("days/2026-11-21", "b")
    scene.made("log", "c")
    assert scene.names() == ["days/2026-11-20", "days/2026-11-21", "log"]
    scene.made("days/2026-11-21", "b2")
    scene.made("log", "c2")
    scene.now += 60
    assert scene.names() == ["log"]
    scene.now += 3600
    assert scene.names() == ["days/2026-11-21"]
    scene.made("days/2026-11-21", "the last of this day")
    scene.made("days/2026-11-22", "d")
    scene.now += 60
    assert scene.names() == ["days/2026-11-21", "days/2026-11-22"]
    assert scene.names() == []


def test_an_event_is_the_whole_note() -> None:
    scene = Scene()
    scene.made("log", "spawngate/log\n3\nroot\n")
    scene.checkpoints.step()
    assert scene.told == [
        Event(
            type=EventType.CHECKPOINT,
            at="2026-11-21T10:00:00.000000Z",
            schema_version=1,
            channel="server",
            detail={"name": "log", "note": "spawngate/log\n3\nroot\n"},
            message="checkpoint of log",
        )
    ]


def test_what_could_not_be_recorded_is_told_the_next_time() -> None:
    scene = Scene()
    scene.made("log", "a")

    def broken(event: Event) -> None:
        raise StoreError("no room")

    with pytest.raises(StoreError):
        Checkpoints(scene.control, broken, lambda: scene.now).step()
    assert scene.names() == ["log"]


def test_what_nobody_understands_is_told_anew() -> None:
    scene = Scene()
    scene.made("log", "a")
    scene.control.put(Item("setting", "checkpoints-told", b"rubbish"))
    assert scene.names() == ["log"]


def test_the_notes_of_the_real_store_verify(tmp_path: Path) -> None:
    told: list[Event] = []
    with EmbeddedStore(tmp_path) as store:
        store.own.record([Event("fault", store.now(), 1)])
        store.upkeep()
        store.control.put(Item("route", "siem", b"{}"))
        Checkpoints(store.control, told.append, lambda: T).step()
        (event,) = [each for each in told if str(each.detail["name"]).startswith("days/")]
        text = event.detail["note"]
        assert isinstance(text, str)
    signed, by = note.verify(text, [keys.verifier_of(tmp_path)])
    assert (text.startswith(signed), len(by)) == (True, 1)


def test_a_store_of_many_years_tells_all_of_them_once() -> None:
    scene = Scene()
    days = [(date(2020, 1, 1) + timedelta(days)).isoformat() for days in range(1500)]
    for day in days:
        scene.made(f"days/{day}", day)
    assert scene.names() == [f"days/{day}" for day in days]
    assert scene.names() == []


def test_without_a_route_nothing_is_written() -> None:
    scene = Scene()
    scene.control.remove("route", "siem")
    scene.made("log", "a")
    assert scene.names() == []
