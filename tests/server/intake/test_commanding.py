"""Commands reach their endpoint and no other, signed; what it says became of them is noted and told; an endpoint that
leaves."""

from typing import Any

import msgspec
import pytest

from spawngate.server import commanding
from spawngate.server.fleet import commands, endpoints
from spawngate.server.intake import commanding as intake
from spawngate.sync import command, messages
from spawngate.sync.messages import LEAVE, SYNC, Leave, Orders, Outcome, Told
from tests.server import fleetdata
from tests.server.intake.enrolled import Fleet

OTHER = "1" * 32


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LOOKED", 0.0)


def sync(fleet: Fleet, token: str, **more: Any) -> Orders:
    answer = fleet.send("POST", SYNC, token, msgspec.json.encode(Told("0.1.0", fleetdata.NOW, **more)))
    assert answer.status_code == 200, answer.text
    return messages.read(Orders, answer.content)


def held(fleet: Fleet, endpoint: str) -> list[tuple[str, str, str]]:
    with fleet.services.database.read() as connection:
        return [(each.what, each.state, each.result) for each in commands.of(connection, endpoint)]


def test_a_command_reaches_its_endpoint_until_it_says_what_became_of_it(fleet: Fleet) -> None:
    one, two = fleet.enrolled(), fleet.enrolled(installation=OTHER)
    assert sync(fleet, one.token).commands == ()
    made = commanding.order(fleet.services, fleetdata.OWNER, one.endpoint, "scan", "")
    assert sync(fleet, two.token).commands == ()
    for _ in range(2):
        [text] = sync(fleet, one.token).commands
        found = command.opened(text, one.endpoint, fleet.services.signer.verifier)
        assert (found.id, found.what, found.by, found.code) == (made.id, "scan", fleetdata.OWNER.name, "")
    # Another endpoint has nothing to say about it.
    sync(fleet, two.token, outcomes=(Outcome(made.id, "done", "ha"),))
    assert held(fleet, one.endpoint) == [("scan", "waiting", "")]
    assert sync(fleet, one.token, outcomes=(Outcome(made.id, "done", "7 artifacts"),)).commands == ()
    sync(fleet, one.token, outcomes=(Outcome(made.id, "failed", "again"),))
    assert held(fleet, one.endpoint) == [("scan", "done", "7 artifacts")]
    [told] = fleet.told("command-done")
    assert told["detail"] == {
        "what": "command-done", "by": "endpoint", "endpoint": one.endpoint, "command": "scan", "result": "7 artifacts",
    }  # fmt: skip
    [given] = fleet.told("command-given")
    assert given["actor"]["user"] == fleetdata.OWNER.name


def test_one_that_was_taken_back_is_not_given(fleet: Fleet) -> None:
    one = fleet.enrolled()
    made = commanding.order(fleet.services, fleetdata.OWNER, one.endpoint, "unenroll", "gone")
    commanding.withdraw(fleet.services, fleetdata.OWNER, one.endpoint, made.id)
    assert sync(fleet, one.token).commands == ()


def test_who_leaves_is_let_in_no_more_and_told(fleet: Fleet) -> None:
    one = fleet.enrolled()
    made = commanding.order(fleet.services, fleetdata.OWNER, one.endpoint, "unenroll", "gone")
    answer = fleet.send("POST", LEAVE, one.token, msgspec.json.encode(Leave("ada\0", made.id)))
    assert (answer.status_code, answer.json()) == (200, {"endpoint": one.endpoint})
    assert held(fleet, one.endpoint) == [("unenroll", "done", "it left the fleet")]
    assert fleet.send("POST", SYNC, one.token, b"{}").status_code == 401
    [told] = fleet.told("endpoint-left")
    assert told["detail"]["command"] == made.id
    assert fleet.told("command-done")
    # It may come again.
    assert fleet.enrolled().endpoint == one.endpoint


def test_somebody_there_leaves(fleet: Fleet) -> None:
    one, two = fleet.enrolled(), fleet.enrolled(installation=OTHER)
    made = commanding.order(fleet.services, fleetdata.OWNER, two.endpoint, "scan", "")
    fleet.send("POST", LEAVE, one.token, msgspec.json.encode(Leave("ada", made.id)))
    assert held(fleet, two.endpoint) == [("scan", "waiting", "")]
    with fleet.services.database.read() as connection:
        known = endpoints.get(connection, two.endpoint)
    assert known is not None
    assert known.retired_at == ""


@pytest.mark.parametrize("body", [b"", b"[]", b'{"command": -1}', b'{"user": 1}'])
def test_what_is_no_leave(fleet: Fleet, body: bytes) -> None:
    one = fleet.enrolled()
    assert fleet.send("POST", LEAVE, one.token, body).status_code == 422
    assert sync(fleet, one.token).commands == ()


def test_two_machines_with_one_identity_are_told(fleet: Fleet) -> None:
    one = fleet.enrolled()
    for run in ("a", "b", "c"):
        sync(fleet, one.token, run=run)
    assert fleet.told("endpoint-copied") == []
    sync(fleet, one.token, run="b", host="copy")
    [told] = fleet.told("endpoint-copied")
    assert told["detail"] == {"what": "endpoint-copied", "endpoint": one.endpoint, "host": "copy"}
