"""The trail on its way: from where the server stands, round what it does not take, within the spool's bound."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from spawngate.endpoint.sync import enrolment, kept
from spawngate.endpoint.sync.outgoing import Position
from spawngate.endpoint.sync.sending import REWINDS, Sending
from spawngate.endpoint.sync.transport import Answer, AwayError, RefusedError
from spawngate.model.errors import StateError
from spawngate.sync import batch as batches
from spawngate.sync.batch import BatchError
from spawngate.sync.messages import Problem
from spawngate.trail.chain import Head
from tests.endpoint.sync.test_outgoing import write
from tests.sync.records import STREAM, head_of, sealed


class Server:
    """Takes batches as a server does."""

    def __init__(self) -> None:
        self.head = Head(STREAM)
        self.records: list[bytes] = []
        self.asked = 0
        self.away = False

    def take(self, path: str, body: bytes) -> None:
        self.asked += 1
        if self.away:
            raise AwayError("nobody there")
        assert path == f"/api/v1/agent/events?stream={STREAM}"
        try:
            found = batches.read(self.head, body[:-1].split(b"\n"), "0" * 32)
        except BatchError as error:
            problem = Problem(str(error), error.code, error.accepted, error.line)
            raise RefusedError(Answer(409, {}, msgspec.json.encode(problem))) from None
        self.records += [each.line for each in found.records]
        if found.records:
            self.head = Head(STREAM, found.accepted, found.records[-1].hash)


class Machine:
    def __init__(self, folder: Path) -> None:
        self.state, self.trail = folder / "state", folder / "trail"
        enrolment.folder(self.state)
        self.server = Server()
        self.gone: list[Mapping[str, int]] = []

    def sending(self) -> Sending:
        return Sending(self.state, self.trail, self.server.take, self.gone.append)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "state").mkdir()
    return Machine(tmp_path)


def test_everything_once_also_over_restarts(machine: Machine) -> None:
    lines = sealed(2_500)
    write(machine.trail, "2026-11-21", lines[:1_500])
    first = machine.sending()
    assert first.backlog() > 0
    first.everything(1 << 30)
    assert (machine.server.asked, first.backlog()) == (2, 0)
    write(machine.trail, "2026-11-21", lines)
    machine.sending().everything(1 << 30)
    assert (machine.server.records, machine.gone) == (lines, [])
    assert kept.position(machine.state).sequence == 2_500


def test_nothing_moves_while_nobody_is_there(machine: Machine) -> None:
    lines = sealed(3)
    write(machine.trail, "2026-11-21", lines)
    machine.server.away = True
    sending = machine.sending()
    with pytest.raises(AwayError):
        sending.everything(1 << 30)
    assert (sending.position, kept.position(machine.state)) == (Position(), Position())
    machine.server.away = False
    sending.everything(1 << 30)
    assert machine.server.records == lines


def test_back_to_where_the_server_stands(machine: Machine) -> None:
    lines = sealed(10)
    write(machine.trail, "2026-11-21", lines)
    sending = machine.sending()
    sending.everything(1 << 30)
    machine.server.records, machine.server.head = lines[:4], head_of(lines[3])
    lines += sealed(1, head=head_of(lines[-1]))
    write(machine.trail, "2026-11-21", lines)
    sending.everything(1 << 30)
    assert machine.server.records == lines


def test_round_what_the_server_does_not_take(machine: Machine) -> None:
    lines = sealed(8)
    lines[3] = sealed(4, endpoint="1" * 32)[3]
    lines[4:] = sealed(4, head=head_of(lines[3]))
    write(machine.trail, "2026-11-21", lines)
    machine.sending().everything(1 << 30)
    assert machine.server.records == [*lines[:3], *lines[4:]]
    assert machine.gone == []


def test_a_server_that_takes_nothing_is_not_asked_for_ever(machine: Machine) -> None:
    write(machine.trail, "2026-11-21", sealed(3))
    problem = msgspec.json.encode(Problem("no", "line", line=1))

    def refuse(path: str, body: bytes) -> None:
        machine.server.asked += 1
        raise RefusedError(Answer(422, {}, problem))

    with pytest.raises(RefusedError):
        Sending(machine.state, machine.trail, refuse, machine.gone.append).everything(1 << 30)
    assert machine.server.asked == 2


def test_a_server_that_sends_us_back_for_ever_is_told_of(machine: Machine) -> None:
    write(machine.trail, "2026-11-21", sealed(3))
    problem = msgspec.json.encode(Problem("no", "gap", accepted=1))

    def refuse(path: str, body: bytes) -> None:
        raise RefusedError(Answer(409, {}, problem))

    with pytest.raises(StateError, match="does not go on from where"):
        Sending(machine.state, machine.trail, refuse, machine.gone.append).everything(1 << 30)


def test_a_server_that_sends_us_back_and_forth_is_told_of(machine: Machine) -> None:
    """Each time to another place, so that it never is where we are."""
    write(machine.trail, "2026-11-21", sealed(9))

    def refuse(path: str, body: bytes) -> None:
        machine.server.asked += 1
        problem = Problem("no", "gap", accepted=machine.server.asked % 7 + 1)
        raise RefusedError(Answer(409, {}, msgspec.json.encode(problem)))

    with pytest.raises(StateError, match="back again and again"):
        Sending(machine.state, machine.trail, refuse, machine.gone.append).everything(1 << 30)
    assert machine.server.asked == REWINDS + 1


def test_a_disk_that_is_full_keeps_nothing_back(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StateError("no space left on device")

    lines = sealed(2_500)
    write(machine.trail, "2026-11-21", lines)
    monkeypatch.setattr(kept, "replace", full)
    sending = machine.sending()
    sending.everything(1 << 30)
    assert machine.server.records == lines
    assert (sending.position.sequence, kept.position(machine.state)) == (2_500, Position())


def test_of_too_much_the_rest_is_given_up_once(machine: Machine) -> None:
    lines = sealed(400, verdicts=("allow", "allow", "allow", "deny"))
    write(machine.trail, "2026-11-21", lines)
    sending = machine.sending()
    sending.everything(30_000)
    assert sum(len(line) + 1 for line in machine.server.records) <= 30_000 + len(lines[0])
    assert machine.gone == [{"decision:allow": 300, "decision:deny": 400 - 300 - len(machine.server.records)}]
    assert machine.server.records == lines[3::4][-len(machine.server.records) :]
    more = sealed(2, head=head_of(lines[-1]))
    write(machine.trail, "2026-11-21", [*lines, *more])
    sending.everything(30_000)
    assert machine.server.records[-2:] == more
    assert len(machine.gone) == 1
