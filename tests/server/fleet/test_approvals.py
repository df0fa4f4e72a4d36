"""Approvals of the fleet: asked for, decided once, reaching whom they should."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, update

from spawngate.launch.identity import Identity
from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement
from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.tables import APPROVALS
from spawngate.sync.messages import Ask
from tests.server import fleetdata

NOW, LATER = "2026-11-21T12:00:00.000000Z", "2026-12-21T12:00:00.000000Z"
IDENTITY = Identity("npx", ("-y", "server"), cwd="/home/ada")
ABOUT = Requested(IDENTITY, "cursor", "", "npx -y server", "community", ("r (high)",))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with open_fleet(tmp_path) as database, database.begin() as found:
        fleetdata.add_team(found, 3, "red")
        for name, team, group in (("e1", 3, "laptops"), ("e2", 3, "laptops"), ("e3", 3, ""), ("e4", 0, "")):
            fleetdata.add_endpoint(found, name, team=team, group=group)
        yield found


def ask(connection: Connection, **more: Any) -> approvals.Approval:
    message = Ask(IDENTITY.fingerprint, msgspec.to_builtins(ABOUT), "files", "ada", "work", LATER)
    endpoint = endpoints.get(connection, "e1")
    assert endpoint is not None
    return approvals.ask(connection, endpoint, msgspec.structs.replace(message, **more), now=NOW)[0]


def reached(connection: Connection) -> list[str]:
    found = []
    for name in ("e1", "e2", "e3", "e4"):
        row = endpoints.get(connection, name)
        assert row is not None
        if bundles.content(connection, row.id, row.team, row.group).approvals:
            found.append(name)
    return found


def test_a_request_waits_with_what_was_asked(connection: Connection) -> None:
    found = ask(connection)
    assert (found.state, found.team, found.endpoint, found.group, found.reach) == (
        "pending",
        3,
        "e1",
        "laptops",
        "endpoint",
    )
    assert (found.asked_by, found.reason, found.expires_at, found.decided_by) == ("ada", "work", LATER, "")
    assert msgspec.convert(found.launch, Requested) == ABOUT
    assert (reached(connection), approvals.team_of(connection, found.id)) == ([], 3)


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        ("endpoint", ["e1"]),
        ("group", ["e1", "e2"]),
        ("team", ["e1", "e2", "e3"]),
        ("organisation", ["e1", "e2", "e3", "e4"]),
    ],
)
def test_an_approval_reaches_whom_it_should(connection: Connection, reach: Any, expected: list[str]) -> None:
    before, after = approvals.decide(connection, ask(connection).id, approve=True, by="bob", now=NOW, reach=reach)
    assert (before.state, after.state, after.decided_by, after.expires_at) == ("pending", "approved", "bob", LATER)
    assert reached(connection) == expected
    granted = approvals.granted(after)
    assert granted is not None
    assert granted.identity == (IDENTITY if reach == "endpoint" else IDENTITY.anywhere())
    assert granted.expires == LATER


def test_a_denied_request_reaches_nobody_and_is_answered(connection: Connection) -> None:
    approvals.decide(connection, ask(connection).id, approve=False, by="bob", now=NOW, note="no", reach="team")
    assert reached(connection) == []
    [answer] = bundles.content(connection, "e1", 3, "laptops").answers
    assert (answer.state, answer.note, answer.by) == ("denied", "no", "bob")


def test_what_is_decided_is_decided(connection: Connection) -> None:
    id_ = ask(connection).id
    approvals.decide(connection, id_, approve=True, by="bob", now=NOW, expires="")
    with pytest.raises(UsageError, match="is approved already"):
        approvals.decide(connection, id_, approve=False, by="bob", now=NOW)
    assert approvals.get(connection, id_).expires_at == ""
    _, after = approvals.revoke(connection, id_, by="eve", now=NOW, note="gone")
    assert (after.state, after.note, reached(connection)) == ("revoked", "gone", [])
    with pytest.raises(UsageError, match="cannot be revoked"):
        approvals.revoke(connection, id_, by="eve", now=NOW)
    with pytest.raises(UsageError, match="there is no such"):
        approvals.get(connection, 99)


def test_a_confinement_goes_with_the_approval(connection: Connection) -> None:
    box = Confinement(("~/work",))
    _, after = approvals.decide(connection, ask(connection).id, approve=True, by="bob", now=NOW, sandbox=box)
    granted = approvals.granted(after)
    assert granted is not None
    assert granted.sandbox == box


def test_an_approval_that_states_no_launch_covers_nothing_and_keeps_no_other_back(connection: Connection) -> None:
    approvals.decide(connection, ask(connection).id, approve=True, by="bob", now=NOW, reach="team")
    connection.execute(update(APPROVALS).values(launch={"identity": 1}))
    approvals.decide(connection, ask(connection).id, approve=True, by="bob", now=NOW, reach="team")
    assert [each.id for each in bundles.content(connection, "e1", 3, "laptops").approvals] == [2]


def test_a_new_request_after_a_decision_is_another(connection: Connection) -> None:
    first = ask(connection)
    assert ask(connection).id == first.id
    approvals.decide(connection, first.id, approve=False, by="bob", now=NOW)
    assert ask(connection).id != first.id


def test_people_read_what_they_approve_and_not_what_an_endpoint_calls_it(connection: Connection) -> None:
    """An endpoint states an identity, and beside it words of its own for the same."""
    evil = Identity("npx", ("-y", "evil server", "; ls"))
    lie = msgspec.structs.replace(ABOUT, identity=evil, command="npx -y official-server", tier="official")
    found = ask(connection, fingerprint=evil.fingerprint, launch=msgspec.to_builtins(lie))
    assert found.launch["command"] == "npx -y 'evil server' '; ls'"
    hidden = Identity("bash", ("-c",), code="a" * 32)
    told = msgspec.structs.replace(ABOUT, identity=hidden, command="bash -c 'ls'")
    found = ask(connection, fingerprint=hidden.fingerprint, launch=msgspec.to_builtins(told))
    assert found.launch["command"] == "bash -c 'ls'", "only the endpoint knows what the digest is of"


@pytest.mark.parametrize("launch", [{}, {"identity": 1}, {"identity": {"command": 1}}, {"identity": {"command": "x"}}])
def test_a_request_that_says_nothing_is_none(connection: Connection, launch: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ask(connection, launch=launch)


def test_every_decision_raises_the_serial(connection: Connection) -> None:
    id_ = ask(connection).id
    assert bundles.serial(connection) == 0
    serials = []
    approvals.decide(connection, id_, approve=True, by="bob", now=NOW)
    serials.append(bundles.serial(connection))
    approvals.revoke(connection, id_, by="bob", now=NOW)
    serials.append(bundles.serial(connection))
    assert 0 < serials[0] < serials[1]


def test_what_an_event_says(connection: Connection) -> None:
    described = approvals.described(ask(connection))
    assert described == {
        "state": "pending",
        "reach": "endpoint",
        "fingerprint": IDENTITY.fingerprint,
        "endpoint": "e1",
        "expires_at": LATER,
    }


@pytest.mark.parametrize(
    ("reach", "left", "row"),
    [
        ("endpoint", True, (0, "servers")),
        ("group", False, (3, "laptops")),
        ("team", False, (3, "laptops")),
        ("organisation", True, (0, "laptops")),
    ],
)
def test_who_leaves_a_team_leaves_what_was_approved_for_it(
    connection: Connection, reach: Any, left: bool, row: tuple[int, str]
) -> None:
    asked = ask(connection)
    approvals.decide(connection, asked.id, approve=True, by="bob", now=NOW, reach=reach)
    before = bundles.serial(connection)
    endpoints.move(connection, "e1", team=0, group="servers", now=NOW)
    assert ("e1" in reached(connection)) is left
    found = approvals.get(connection, asked.id)
    assert (found.team, found.group) == row
    assert bundles.serial(connection) > before
    answers = bundles.content(connection, "e1", 0, "servers").answers
    assert [(each.id, each.state) for each in answers] == [(asked.id, "approved")], "it still hears what was decided"


def test_a_request_goes_with_who_asked_so_that_their_team_decides(connection: Connection) -> None:
    asked = ask(connection)
    endpoints.move(connection, "e1", team=0, group="", now=NOW)
    found = approvals.get(connection, asked.id)
    assert (found.state, found.team, found.group) == ("pending", 0, "")
    approvals.decide(connection, asked.id, approve=True, by="bob", now=NOW, reach="team")
    assert reached(connection) == ["e1", "e4"]


def test_what_was_revoked_for_a_team_is_told_to_nobody_who_left_it(connection: Connection) -> None:
    asked = ask(connection)
    approvals.decide(connection, asked.id, approve=True, by="bob", now=NOW, reach="team")
    approvals.revoke(connection, asked.id, by="bob", now=NOW)
    endpoints.move(connection, "e1", team=0, group="", now=NOW)
    assert bundles.content(connection, "e1", 0, "").revoked == ()
    assert len(bundles.content(connection, "e2", 3, "laptops").revoked) == 1
