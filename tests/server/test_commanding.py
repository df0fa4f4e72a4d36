"""What administrators command: recorded, once each, with a code that nobody else could make."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from spawngate.model.errors import UsageError
from spawngate.server import commanding
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.fleet import commands, enrolments
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.tables import COMMANDS, ENDPOINTS, ENROLMENTS
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError
from spawngate.sync.command import Command
from spawngate.trail.event import Event
from spawngate.trail.note import Signer
from tests.server.fleetdata import NOW, OWNER, add_endpoint, services


def acts(parts: Services) -> list[tuple[str, object]]:
    found = parts.events.query(None, newest_first=False).entries
    return [(str(each.event.detail["what"]), each.event.detail.get("command")) for each in found]


@pytest.fixture
def parts(tmp_path: Path) -> object:
    with services(tmp_path) as made:
        with made.database.begin() as connection:
            add_endpoint(connection, "e1")
            add_endpoint(connection, "e2", retired_at=NOW)
        yield made


def test_a_command_is_given_and_taken_back(parts: Services) -> None:
    made = commanding.order(parts, OWNER, "e1", "scan", "  why\nnot ")
    assert (made.what, made.state, made.reason, made.asked_by) == ("scan", "waiting", "why not", OWNER.name)
    with pytest.raises(ConflictError, match="told to scan already"):
        commanding.order(parts, OWNER, "e1", "scan", "")
    assert commanding.withdraw(parts, OWNER, "e1", made.id).state == "withdrawn"
    with pytest.raises(ConflictError, match="withdrawn already"):
        commanding.withdraw(parts, OWNER, "e1", made.id)
    assert commanding.order(parts, OWNER, "e1", "scan", "").id > made.id
    assert acts(parts) == [("command-given", "scan"), ("command-withdrawn", "scan"), ("command-given", "scan")]


@pytest.mark.parametrize(
    ("endpoint", "what", "reason", "error"),
    [
        ("e1", "format", "", UsageError),
        ("e1", "unenroll", " ", UsageError),
        ("e2", "scan", "", ConflictError),
        ("e9", "scan", "", MissingError),
    ],
)
def test_what_cannot_be_commanded(
    parts: Services, endpoint: str, what: str, reason: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        commanding.order(parts, OWNER, endpoint, what, reason)
    assert acts(parts) == []


@pytest.mark.parametrize("roles", [{0: Role.POLICY_EDITOR}, {2: Role.OWNER}, {}])
def test_only_administrators_of_its_team_command_an_endpoint(parts: Services, roles: dict[int, Role]) -> None:
    made = commanding.order(parts, OWNER, "e1", "scan", "")
    who = Principal("x", Kind.TOKEN, roles)
    for act in (
        lambda: commanding.order(parts, who, "e1", "unenroll", "x"),
        lambda: commanding.withdraw(parts, who, "e1", made.id),
        lambda: commanding.let_in(parts, who, "e1", again=False),
    ):
        with pytest.raises(MissingError, match="no such endpoint"):
            act()
    with pytest.raises(MissingError, match="no command"):
        commanding.withdraw(parts, OWNER, "e2", made.id)


def test_a_code_is_in_the_command_and_its_hash_in_the_store(parts: Services) -> None:
    made = commanding.order(parts, OWNER, "e1", "reenroll", "")
    code = commanding.code_of(parts.signer, made.id)
    assert commanding.as_sent(made, parts.signer) == Command(made.id, "reenroll", NOW, OWNER.name, code, made.until)
    assert code != commanding.code_of(parts.signer, made.id + 1)
    assert code != commanding.code_of(Signer(parts.signer.name, bytes(32)), made.id)
    with parts.database.begin() as connection:
        row = connection.execute(select(ENROLMENTS)).one()
        assert code not in str(row)
        redeemed = enrolments.redeem(connection, code, NOW)
        assert redeemed is not None
        assert (redeemed.team, redeemed.group, enrolments.redeem(connection, code, NOW)) == (0, "", None)


def test_the_code_of_a_command_that_was_taken_back_lets_nobody_in(parts: Services) -> None:
    made = commanding.order(parts, OWNER, "e1", "reenroll", "")
    commanding.withdraw(parts, OWNER, "e1", made.id)
    with parts.database.begin() as connection:
        assert enrolments.redeem(connection, commanding.code_of(parts.signer, made.id), NOW) is None


def test_let_in_no_more_and_again(parts: Services) -> None:
    for again in (False, False, True, True):
        commanding.let_in(parts, OWNER, "e1", again=again)
        with parts.database.read() as connection:
            held = connection.execute(select(ENDPOINTS.c.retired_at).where(ENDPOINTS.c.id == "e1")).scalar()
        assert bool(held) is not again
    assert [what for what, _ in acts(parts)] == ["endpoint-retired", "endpoint-restored"]


ACTS: tuple[Callable[[Services, int], object], ...] = (
    lambda parts, _: commanding.order(parts, OWNER, "e1", "unenroll", "x"),
    lambda parts, _: commanding.order(parts, OWNER, "e1", "reenroll", "x"),
    lambda parts, number: commanding.withdraw(parts, OWNER, "e1", number),
    lambda parts, _: commanding.let_in(parts, OWNER, "e1", again=False),
)


def test_what_cannot_be_recorded_is_not_done(parts: Services) -> None:
    def broken(events: Sequence[Event]) -> None:
        raise StoreError("the disk is full")

    made = commanding.order(parts, OWNER, "e1", "scan", "")
    for act in ACTS:
        with pytest.raises(StoreError):
            act(replace(parts, record=broken), made.id)
    with parts.database.read() as connection:
        assert [(row.id, row.state) for row in connection.execute(select(COMMANDS))] == [(made.id, "waiting")]
        assert connection.execute(select(ENROLMENTS)).all() == []
        assert commands.awaited(connection, NOW) == {"e1"}
