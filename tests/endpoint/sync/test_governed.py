"""What the server manages: fetched, put in force, put right; what cannot be is told once. With a real server:
`test_run`; what a bundle does: `test_applying`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.sync import applying
from spawngate.endpoint.sync.applying import Applied
from spawngate.endpoint.sync.enrolment import Enrolment, Reach
from spawngate.endpoint.sync.governed import MEND, REFUSED, Governed
from spawngate.endpoint.sync.transport import Answer, AwayError, RefusedError
from spawngate.endpoint.sync.voice import Voice
from spawngate.endpoint.sync.words import Word
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.sync.bundle import BundleError
from spawngate.trail.moment import stamp

ENROLMENT = Enrolment(Reach("https://a.example"), "e1", "token", "key")


class Machine:
    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.words: list[Word] = []
        self.answer: Any = Answer(200, {}, b"bundle")
        self.applied: list[Any] = []
        self.mended: list[Any] = []
        self.governed = Governed(folder, self.ask, Voice(self.words.append), lambda: self.now)
        monkeypatch.setattr(applying, "apply", lambda *given: self.given(self.applied, given[2]))
        monkeypatch.setattr(applying, "mend", lambda *_: self.given(self.mended, None))
        self.next: Any = Applied(5, "d", "p", mode="enforce")

    def ask(self, method: str, path: str) -> Answer:
        assert (method, path) == ("GET", "/api/v1/agent/bundle")
        if isinstance(self.answer, Exception):
            raise self.answer
        assert isinstance(self.answer, Answer)
        return self.answer

    def given(self, calls: list[Any], what: object) -> Any:
        calls.append(what)
        if isinstance(self.next, Exception):
            raise self.next
        return self.next


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_one_in_force_is_told(machine: Machine) -> None:
    assert machine.governed.fetch(ENROLMENT) == {"refused": "", "bundle": 5, "vouched": "", "stale_days": 7}
    detail: dict[str, Json] = {"what": "bundle-applied", "serial": 5, "policy": "p", "mode": "enforce"}
    assert machine.words == [Word("administration", detail, "bundle 5 of the server is in force")]


@pytest.mark.parametrize(("error", "again"), [(BundleError("it is older"), 1), (StateError("the disk is full"), 3)])
def test_one_that_is_not_is_told_once(machine: Machine, error: Exception, again: int) -> None:
    machine.next = error
    found = [machine.governed.fetch(ENROLMENT) for _ in range(3)]
    assert found[0] == {"refused": str(error)}
    assert len(machine.applied) == again
    assert [word.detail["what"] for word in machine.words] == ["bundle-refused"]
    machine.answer = Answer(200, {}, b"another")
    machine.governed.fetch(ENROLMENT)
    machine.now += REFUSED
    machine.governed.fetch(ENROLMENT)
    assert machine.applied[again:] == [b"another", b"another"]


def test_a_server_that_has_none_for_us_is_told_and_one_that_is_away_is_not(machine: Machine) -> None:
    machine.answer = RefusedError(Answer(404, {}, b'{"error":"none"}'))
    assert machine.governed.fetch(ENROLMENT) == {"refused": "none"}
    for error in (RefusedError(Answer(503, {}, b"")), RefusedError(Answer(401, {}, b"")), AwayError("away")):
        machine.answer = error
        with pytest.raises(type(error)):
            machine.governed.fetch(ENROLMENT)
    assert len(machine.words) == 1


@pytest.mark.parametrize(("days", "told"), [(6, 0), (7, 1), (40, 1)])
def test_what_nobody_vouched_for_in_days_is_told_once(machine: Machine, days: int, told: int) -> None:
    machine.governed.issued = stamp(datetime.now(UTC) - timedelta(days=days, minutes=1))
    machine.next = ()
    for _ in range(3):
        machine.governed.mend(ENROLMENT)
        machine.now += MEND
    assert [word.detail["what"] for word in machine.words] == ["bundle-stale"] * told
    machine.governed.issued = stamp(datetime.now(UTC))
    machine.governed.mend(ENROLMENT)
    machine.now += MEND
    machine.governed.issued = stamp(datetime.now(UTC) - timedelta(days=days, minutes=1))
    machine.governed.mend(ENROLMENT)
    assert len(machine.words) == told * 2


def test_what_was_changed_is_put_right_now_and_then(machine: Machine) -> None:
    machine.next = ("approvals were changed",)
    machine.governed.mend(ENROLMENT)
    machine.governed.mend(ENROLMENT)
    machine.now += MEND
    machine.next = StateError("approvals.json is damaged")
    for _ in range(2):
        machine.governed.mend(ENROLMENT)
        machine.now += MEND
    assert len(machine.mended) == 3
    assert [(word.detail["what"], word.message) for word in machine.words] == [
        ("managed-changed", "approvals were changed"),
        ("managed-unreadable", "what the server manages here cannot be put right: approvals.json is damaged"),
    ]
