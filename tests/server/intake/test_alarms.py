"""Alarms: recorded, and not once for every batch of a hostile endpoint."""

from pathlib import Path

import pytest

from spawngate.server.intake import alarms
from spawngate.server.store.port import StoreFullError
from tests.server import fleetdata


def test_one_of_a_kind_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    with fleetdata.services(tmp_path) as services:
        made = alarms.Alarms(services)
        told = [made.tell("e1", "trail-gap", "x", {"n": number}) for number in range(4)]
        others = [made.tell("e2", "trail-gap", "x", {}), made.tell("e1", "trail-altered", "x", {})]
        now[0] += alarms.PAUSE
        later = made.tell("e1", "trail-gap", "x", {})
        page = services.events.query(None, limit=9, newest_first=False)
        details = [entry.event.detail for entry in page.entries]
    assert (told, others, later) == ([True, False, False, False], [True, True], True)
    assert details[0] == {"what": "trail-gap", "endpoint": "e1", "n": 0}
    assert details[-1] == {"what": "trail-gap", "endpoint": "e1", "left_out": 3}


def test_one_that_could_not_be_recorded_was_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fleetdata.services(tmp_path) as services:
        made = alarms.Alarms(services)
        with monkeypatch.context() as broken:
            broken.setattr(services.events, "append", _full)
            with pytest.raises(StoreFullError):
                made.tell("e1", "trail-gap", "x", {})
        told = [made.tell("e1", "trail-gap", "x", {"n": number}) for number in range(2)]
        details = [entry.event.detail for entry in services.events.query(None).entries]
    assert (told, details) == ([True, False], [{"what": "trail-gap", "endpoint": "e1", "n": 0}])


def _full(*given: object) -> None:
    raise StoreFullError("no room")
