"""Bundles, advisories and requests, as an endpoint gets and makes them."""

import hashlib
from dataclasses import replace

import msgspec
import pytest
import zstandard
from sqlalchemy import insert, select

from spawngate.launch.identity import Identity
from spawngate.server.fleet import approvals, bundles, endpoints
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.tables import ADVISORY_SETS, ARTIFACTS, POLICIES, ROLLOUTS
from spawngate.sync import bundle
from spawngate.sync.bundle import Bundle, Opened
from spawngate.sync.messages import ADVISORIES, BUNDLE, INVENTORY, REQUESTS, Ask, Enrolled
from tests.server import fleetdata
from tests.server.intake.enrolled import Fleet

IDENTITY = Identity("npx", ("-y", "server"), cwd="/home/ada")
ASK = Ask(
    IDENTITY.fingerprint, msgspec.to_builtins(Requested(IDENTITY, "cursor", "e" * 24)), "files", "ada", "for work"
)


def opened(fleet: Fleet, enrolled: Enrolled) -> Opened:
    data = fleet.send("GET", BUNDLE, enrolled.token).content
    return bundle.opened(data, enrolled.endpoint, fleet.services.signer.verifier)


def ask(fleet: Fleet, enrolled: Enrolled, message: Ask = ASK) -> tuple[int, dict[str, object]]:
    answer = fleet.send("POST", REQUESTS, enrolled.token, msgspec.json.encode(message))
    return answer.status_code, answer.json()


def test_an_empty_bundle_changes_nothing(fleet: Fleet) -> None:
    found = opened(fleet, fleet.enrolled())
    assert (found.serial, found.bundle) == (0, Bundle(1))


def test_a_request_is_approved_and_arrives(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert ask(fleet, enrolled) == (200, {"id": 1, "state": "pending", "link": "/approvals/1"})
    assert opened(fleet, enrolled).bundle.approvals == ()
    with fleet.services.database.begin() as connection:
        approvals.decide(connection, 1, approve=True, by="bob", now=fleetdata.NOW, note="fine")
    found = opened(fleet, enrolled)
    [granted] = found.bundle.approvals
    assert (granted.id, granted.by, granted.entry, granted.identity) == (1, "bob", "e" * 24, IDENTITY.anywhere())
    assert [(each.state, each.note) for each in found.bundle.answers] == [("approved", "fine")]
    assert found.serial == 1_795_262_400
    [event] = [each for each in fleet.told() if each["type"] == "approval"]
    assert event["subject"]["action"] == "requested"


def test_an_approval_of_one_endpoint_is_no_other_ones(fleet: Fleet) -> None:
    enrolled, other = fleet.enrolled(), fleet.enrolled(installation="1" * 32)
    ask(fleet, enrolled)
    with fleet.services.database.begin() as connection:
        approvals.decide(connection, 1, approve=True, by="bob", now=fleetdata.NOW)
    assert len(opened(fleet, enrolled).bundle.approvals) == 1
    assert opened(fleet, other).bundle.approvals == ()


def test_who_asks_twice_has_one_request(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert [ask(fleet, enrolled)[1]["id"] for _ in range(3)] == [1, 1, 1]
    assert len([each for each in fleet.told() if each["type"] == "approval"]) == 1


def test_a_request_is_of_what_its_fingerprint_says(fleet: Fleet) -> None:
    other = msgspec.structs.replace(ASK, fingerprint="0" * 32)
    assert ask(fleet, fleet.enrolled(), other)[0] == 422
    nothing = msgspec.structs.replace(ASK, launch={"identity": 1})
    assert ask(fleet, fleet.enrolled(), nothing)[0] == 422


def test_requests_that_wait_are_bounded(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    codes = set()
    for number in range(approvals.MOST_PENDING + 1):
        identity = replace(IDENTITY, args=(str(number),))
        launch = msgspec.to_builtins(Requested(identity))
        codes.add((number < approvals.MOST_PENDING, ask(fleet, enrolled, Ask(identity.fingerprint, launch))[0]))
    assert codes == {(True, 200), (False, 422)}


def test_a_bundle_that_is_held_does_not_travel(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    first = fleet.send("GET", BUNDLE, enrolled.token)
    again = fleet.send("GET", BUNDLE, enrolled.token, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    ask(fleet, enrolled)
    with fleet.services.database.begin() as connection:
        approvals.decide(connection, 1, approve=False, by="bob", now=fleetdata.NOW)
    assert fleet.send("GET", BUNDLE, enrolled.token, if_none_match=first.headers["etag"]).status_code == 200


def test_a_rolled_out_policy_arrives_in_its_mode(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    with fleet.services.database.begin() as connection:
        values = {"name": "base", "digest": "", "state": "ready", "created_by": "", "created_at": fleetdata.NOW}
        connection.execute(insert(POLICIES).values(id=4, files={"a.cedar": "x"}, report={}, **values))
        given = {"created_by": "", "created_at": fleetdata.NOW, "group": ""}
        connection.execute(insert(ROLLOUTS).values(team=0, policy=4, mode="monitor", **given))
        bundles.raise_serial(connection, fleetdata.NOW)
    policy = opened(fleet, enrolled).bundle.policy
    assert policy == bundle.Policy(4, "monitor", {"a.cedar": "x", "policy.toml": 'mode = "monitor"\n'}, "base")


def test_an_endpoint_that_moved_asks_obeys_and_holds_for_its_new_team(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert opened(fleet, enrolled).bundle.approvals == ()  # it is known by now, with its team
    with fleet.services.database.begin() as connection:
        fleetdata.add_team(connection, 3, "red")
        endpoints.move(connection, enrolled.endpoint, team=3, group="laptops", now=fleetdata.NOW)
        about = Requested(IDENTITY)
        approvals.grant(connection, about, team=3, reach="team", by="ann", now=fleetdata.NOW)
    assert len(opened(fleet, enrolled).bundle.approvals) == 1
    ask(fleet, enrolled)
    data = b'{"taken_at":"","platform":"","artifacts":[{"kind":"skill","id":"a","fingerprint":"f"}]}'
    assert fleet.send("PUT", INVENTORY, enrolled.token, data).status_code == 200
    with fleet.services.database.read() as connection:
        assert (approvals.get(connection, 2).team, approvals.get(connection, 2).group) == (3, "laptops")
        assert connection.execute(select(ARTIFACTS.c.team)).scalars().all() == [3]


def test_advisories_are_fetched_by_their_digest(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    records = b'{"id":"OSV-1"}\n'
    digest = hashlib.sha256(records).hexdigest()
    packed = zstandard.ZstdCompressor().compress(records)
    with fleet.services.database.begin() as connection:
        values = {"imported_by": "", "imported_at": fleetdata.NOW}
        connection.execute(insert(ADVISORY_SETS).values(digest=digest, records=packed, **values))
    assert opened(fleet, enrolled).bundle.advisories == digest
    answer = fleet.send("GET", f"{ADVISORIES}/{digest}", enrolled.token)
    assert answer.headers["content-encoding"] == "zstd"
    assert fleet.send("GET", f"{ADVISORIES}/{'0' * 64}", enrolled.token).status_code == 404


@pytest.mark.parametrize("body", [b"", b"{}", b'{"fingerprint":"x","launch":{}}'])
def test_what_is_no_request(fleet: Fleet, body: bytes) -> None:
    answer = fleet.send("POST", REQUESTS, fleet.enrolled().token, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "message")
