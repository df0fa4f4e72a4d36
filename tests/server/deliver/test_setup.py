"""Changes of routes become administration events, once, also when they were made while no server ran."""

import getpass
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.server.deliver import routes
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.setup import TOLD, untold
from spawngate.server.store.port import Item
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.trail.chain import Head, seal
from spawngate.trail.event import DifferenceRecord, Event
from tests.records import faults

AT = "2026-11-21T10:00:00.000000Z"
SEALER = Sealer(b"s" * 32)
ROUTES = """
[destination.siem]
type = "splunk"
url = "https://s.test"
token = "secret-token"

[[route]]
name = "all"
destination = "siem"
"""


@pytest.fixture
def control(tmp_path: Path) -> Iterator[SqliteControl]:
    made = SqliteControl(tmp_path, b"k" * 32)
    yield made
    made.close()


def told(control: SqliteControl, sealer: Sealer = SEALER) -> tuple[Event, ...]:
    events, known = untold(control, sealer, routes.load(control, sealer), AT)
    control.put(known)
    return events


def test_what_changed_is_told_once(control: SqliteControl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ann")
    assert told(control) == ()
    routes.add(control, SEALER, ROUTES, {})
    events = told(control)
    assert [(event.message, event.actor.user) for event in events] == [
        ("destination siem created", "ann"),
        ("route all created", "ann"),
    ]
    assert told(control) == ()
    routes.add(control, SEALER, ROUTES.replace("secret-token", "other"), {})
    (changed,) = told(control)
    assert changed.subject is not None
    assert changed.subject.differences == (DifferenceRecord("token", "(set)", "(changed)"),)
    routes.remove(control, "all")
    assert [event.message for event in told(control)] == ["route all removed"]
    for event in (*events, changed):
        assert faults(_sealed(event)) == []
        assert "secret-token" not in repr(event)
    assert b"secret-token" not in (control.get("setting", TOLD) or b"")


def test_what_cannot_be_read_is_taken_to_be_as_it_was(control: SqliteControl) -> None:
    routes.add(control, SEALER, ROUTES, {})
    assert len(told(control)) == 2
    stored = control.get("destination", "siem")
    assert stored is not None
    control.put(Item("destination", "siem", b"nonsense"))
    assert told(control) == ()
    control.put(Item("destination", "siem", stored))
    assert told(control) == ()


def test_with_another_key_everything_is_told_once_more(control: SqliteControl) -> None:
    routes.add(control, SEALER, ROUTES, {})
    told(control)
    other = Sealer(b"t" * 32)
    routes.add(control, other, ROUTES, {})
    assert [event.message for event in told(control, other)] == ["destination siem created", "route all created"]
    assert told(control, other) == ()


def _sealed(event: Event) -> dict[str, object]:
    line, _ = seal(event, Head("server"))
    found: dict[str, object] = json.loads(line)
    return found
