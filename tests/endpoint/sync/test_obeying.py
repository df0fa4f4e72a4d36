"""Commands: obeyed once, told until the server knows, and never another server's."""

from pathlib import Path

import pytest

from spawngate.endpoint.state import State
from spawngate.endpoint.sync import enrolling, obeying
from spawngate.endpoint.sync.enrolment import Enrolment, Reach
from spawngate.endpoint.sync.glance import Looking
from spawngate.endpoint.sync.looks import Look
from spawngate.endpoint.sync.obeying import Kept, Obeying
from spawngate.endpoint.sync.words import Word
from spawngate.model.errors import StateError, UsageError
from spawngate.sync import command
from spawngate.sync.command import Command
from spawngate.sync.messages import Outcome
from spawngate.trail.note import Signer

SIGNER, OTHER = Signer("a.example", bytes(range(32))), Signer("a.example", bytes(range(1, 33)))
ENROLMENT = Enrolment(Reach("https://a.example"), "e1", "token", str(SIGNER.verifier), secret_file="/secret")
AT = "2026-11-21T12:00:00Z"


class Machine:
    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.now = 0.0
        self.words: list[Word] = []
        self.looking = Looking(folder)
        self.obeying = self.made()

    def made(self) -> Obeying:
        return Obeying(self.state, self.looking, self.words.append, lambda: self.now)

    def outcomes(self) -> list[Outcome]:
        return list(self.obeying.outcomes)

    def told(self, *given: Command, signer: Signer = SIGNER, endpoint: str = "e1") -> str:
        texts = [command.signed(each, endpoint, signer) for each in given]
        return self.obeying.take(texts, ENROLMENT)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def scan(number: int) -> Command:
    return Command(number, "scan", AT, "ada")


def look() -> Look:
    return Look((), (), "a" * 64, "enforce", "r1")


def test_a_scan_is_asked_for_waited_for_and_told(machine: Machine) -> None:
    machine.looking.found = look()
    assert machine.told(scan(7)) == ""
    assert [(word.type, word.detail.get("command")) for word in machine.words] == [
        ("administration", "scan"),
        ("scan", None),
    ]
    machine.obeying.round()
    machine.looking.found = look()  # a look that began before the inventory says nothing of it
    machine.obeying.round()
    assert machine.outcomes() == []
    (machine.state.folder / "servers.json").write_text("[]")
    machine.obeying.round()
    assert machine.looking._at_once
    assert machine.outcomes() == []
    machine.looking.found = look()
    machine.obeying.round()
    machine.obeying.round()
    assert machine.outcomes() == [Outcome(7, "done", "inventory aaaaaaaaaaaa")]
    # The server may not have heard it: until it has, it is told again, also by another process.
    assert list(machine.made().outcomes) == machine.outcomes()
    machine.obeying.known(machine.outcomes())
    assert (machine.outcomes(), machine.made().outcomes) == ([], ())


def test_a_daemon_that_takes_no_inventories_is_told_of(machine: Machine) -> None:
    machine.told(scan(7))
    machine.now += obeying.PATIENCE - 1
    machine.obeying.round()
    assert machine.outcomes() == []
    machine.now += 1
    machine.obeying.round()
    [outcome] = machine.outcomes()
    assert (outcome.id, outcome.state) == (7, "failed")


def test_each_once_and_in_order(machine: Machine) -> None:
    unknown = [Command(number, "format", AT) for number in (9, 8)]
    machine.told(*unknown, unknown[0])
    assert [each.id for each in machine.outcomes()] == [8, 9]
    machine.obeying.known(machine.outcomes())
    machine.told(*unknown, scan(3))
    machine.obeying = machine.made()
    machine.told(*unknown, scan(3))
    assert (machine.outcomes(), len(machine.words)) == ([], 2)
    # One that came while another was under way comes again.
    machine.told(scan(10))
    machine.told(scan(11))
    machine.now += obeying.PATIENCE
    machine.obeying.round()
    machine.told(scan(11))
    assert [word.detail["id"] for word in machine.words if "id" in word.detail] == [8, 9, 10, 11]


@pytest.mark.parametrize(("signer", "endpoint"), [(OTHER, "e1"), (SIGNER, "e2")])
def test_nobody_else_commands(machine: Machine, signer: Signer, endpoint: str) -> None:
    refused = machine.told(Command(7, "unenroll", AT), signer=signer, endpoint=endpoint)
    assert refused in (
        "the command is for another endpoint",
        "the command's signature does not hold: nobody known signed it",
    )
    assert machine.obeying.take(["scan", "", "\ud800"], ENROLMENT)
    assert (machine.words, machine.obeying.leaving, machine.outcomes()) == ([], None, [])
    # What is wrong keeps nothing else back.
    good = command.signed(scan(7), "e1", SIGNER)
    assert machine.obeying.take(["rubbish", good], ENROLMENT) != ""
    assert len(machine.words) == 2


def test_numbers_are_those_of_one_server(machine: Machine) -> None:
    machine.told(scan(1_000))
    other = Enrolment(Reach("https://b.example"), "e1", "token", str(OTHER.verifier))
    machine.obeying.take([command.signed(Command(5, "format", AT), "e1", OTHER)], other)
    assert [each.id for each in machine.outcomes()] == [5]


def test_enrolled_again_under_the_pinned_key(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def enrol(state: State, reach: Reach, secret: str, **more: str) -> Enrolment:
        asked.append((reach, secret, more))
        if len(asked) > 1:
            raise UsageError("the server does not enrol this endpoint: no")
        return ENROLMENT

    monkeypatch.setattr(enrolling, "enrol", enrol)
    machine.told(Command(7, "reenroll", AT, "ada", "sge_code"), Command(8, "reenroll", AT, "ada", "sge_other"))
    assert asked[0] == (ENROLMENT.reach, "sge_code", {"secret_file": "/secret", "pinned": ENROLMENT.server_key})
    assert machine.outcomes() == [
        Outcome(7, "done", "enrolled again as e1"),
        Outcome(8, "failed", "the server does not enrol this endpoint: no"),
    ]


def test_leaving_outlives_a_crash_and_anything_else_does_not(machine: Machine) -> None:
    machine.told(scan(7))
    machine.obeying = machine.made()
    assert machine.outcomes() == [Outcome(7, "failed", "the process that obeyed it ended")]
    machine.told(Command(8, "unenroll", AT, "ada"))
    leave = machine.made().leaving
    assert leave is not None
    assert leave.command == 8


def test_what_cannot_be_kept_is_not_begun(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StateError("no space left on device")

    machine.told(Command(1, "format", AT))
    monkeypatch.setattr(obeying, "replace", full)
    with pytest.raises(StateError):
        machine.told(Command(8, "unenroll", AT))
    assert (machine.obeying.leaving, len(machine.words)) == (None, 1)
    machine.obeying.known(machine.outcomes())
    assert machine.outcomes() == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"last": "x"}', b"\xff"])
def test_what_is_damaged_is_the_begin(machine: Machine, data: bytes) -> None:
    (machine.state.folder / "sync").mkdir()
    (machine.state.folder / "sync" / "commands.json").write_bytes(data)
    assert obeying._load(machine.state.folder) == Kept()


@pytest.mark.parametrize(
    ("at", "until"), [(AT, "2026-11-21T12:30:00Z"), ("2099-01-01T00:00:00Z", "2099-01-02T00:00:00Z")]
)
def test_a_command_whose_time_is_not_now_is_told_and_not_obeyed(machine: Machine, at: str, until: str) -> None:
    said = machine.told(Command(7, "unenroll", at, "ada", until=until))
    assert said.startswith("command 7 is not obeyed: it")
    assert (machine.words, machine.obeying.leaving) == ([], None)
    assert [(each.id, each.state) for each in machine.outcomes()] == [(7, "failed")]
    assert machine.told(Command(7, "unenroll", AT, "ada")) == ""  # its number is behind us
    assert machine.obeying.leaving is None
    assert machine.told(Command(8, "unenroll", AT, "ada")) == ""
    assert machine.obeying.leaving is not None
