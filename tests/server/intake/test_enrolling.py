"""Enrolment: secrets, codes, proofs, and one endpoint that comes again."""

import msgspec
import pytest
from sqlalchemy import func, select

from spawngate.server.fleet import endpoints
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.intake import enrolling
from spawngate.sync import messages
from spawngate.sync.messages import BUNDLE, ENROLL, Enrolled
from spawngate.trail.note import read_verifier
from tests.server import fleetdata
from tests.server.intake.enrolled import INSTALLATION, Fleet, enrolment


def rows(fleet: Fleet) -> int:
    with fleet.services.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(ENDPOINTS)).scalar_one())


def test_an_endpoint_is_taken_in_and_told_of(fleet: Fleet) -> None:
    with fleet.services.database.begin() as connection:
        fleetdata.add_team(connection, 3, "red")
    answer = fleet.enrol(fleet.secret(team=3, group="laptops"))
    found = messages.read(Enrolled, answer.content)
    assert (answer.status_code, found.team, found.interval) == (200, "red", 60)
    assert read_verifier(found.server_key) == fleet.services.signer.verifier
    with fleet.services.database.read() as connection:
        row = connection.execute(select(ENDPOINTS)).mappings().one()
    expected = (found.endpoint, INSTALLATION, 3, "laptops", "laptop", "ada", "linux", "0.1.0", "")
    names = ("id", "installation", "team", "group", "host", "user_name", "platform", "version", "retired_at")
    assert tuple(row[name] for name in names) == expected
    assert found.token not in str(dict(row))
    [event] = fleet.told("endpoint-enrolled")
    assert event["subject"] == {"kind": "endpoint", "id": found.endpoint, "name": "laptop", "action": "enrolled"}
    assert found.token not in str(event)


def test_the_same_key_is_the_same_endpoint_with_a_new_token(fleet: Fleet) -> None:
    first, second = fleet.enrolled(), fleet.enrolled()
    assert (first.endpoint, rows(fleet)) == (second.endpoint, 1)
    # The answer may have been lost: the token before counts until the new one was used, and no longer.
    assert fleet.send("GET", BUNDLE, first.token).status_code == 200
    assert fleet.send("GET", BUNDLE, second.token).status_code == 200
    assert fleet.send("GET", BUNDLE, first.token).status_code == 401
    assert fleet.send("GET", BUNDLE, second.token).status_code == 200


def test_a_retired_endpoint_that_comes_again_has_its_new_token_only(fleet: Fleet) -> None:
    first = fleet.enrolled()
    with fleet.services.database.begin() as connection:
        endpoints.retire(connection, first.endpoint, fleetdata.NOW)
    second = fleet.enrolled()
    assert first.endpoint == second.endpoint
    assert fleet.send("GET", BUNDLE, first.token).status_code == 401
    assert fleet.send("GET", BUNDLE, second.token).status_code == 200


def test_another_key_takes_no_installation_over(fleet: Fleet) -> None:
    with fleet.services.database.begin() as connection:
        fleetdata.add_team(connection, 3, "red")
    first = fleet.enrolled()
    code = fleet.secret(kind="code")
    refused = fleet.enrol(code, seed=bytes(32))
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    assert fleet.send("GET", BUNDLE, first.token).status_code == 200
    with fleet.services.database.begin() as connection:
        endpoints.retire(connection, first.endpoint, fleetdata.NOW)
    # Not even a retired one's by another team, whose people would read what it recorded; the code was not used up.
    assert fleet.enrol(fleet.secret(team=3), seed=bytes(32)).status_code == 422
    second = messages.read(Enrolled, fleet.enrol(code, seed=bytes(32)).content)
    assert (second.endpoint != first.endpoint, rows(fleet)) == (True, 2)


def test_a_code_is_of_one_use_and_a_replay_is_refused(fleet: Fleet) -> None:
    code = fleet.secret(kind="code")
    data = msgspec.json.encode(enrolment(code))
    assert fleet.client.post(ENROLL, content=data).status_code == 200
    again = fleet.client.post(ENROLL, content=data)
    assert (again.status_code, again.json()["code"], rows(fleet)) == (403, "secret", 1)


@pytest.mark.parametrize("left", [False, True])
def test_what_was_said_with_a_secret_in_force_lets_nobody_in_again(fleet: Fleet, left: bool) -> None:
    """Who read an enrolment on its way (a proxy, a log) gets no token by it, and lets in none that was retired."""
    secret = fleet.secret()
    first, second = (msgspec.json.encode(enrolment(secret, clock=f"2026-11-20T12:00:0{at}Z")) for at in (1, 2))
    held = messages.read(Enrolled, fleet.client.post(ENROLL, content=first).content)
    again = messages.read(Enrolled, fleet.client.post(ENROLL, content=second).content)
    assert again.endpoint == held.endpoint
    if left:
        with fleet.services.database.begin() as connection:
            endpoints.retire(connection, held.endpoint, fleetdata.NOW)
    for data in (first, second):
        answer = fleet.client.post(ENROLL, content=data)
        assert (answer.status_code, answer.json()) == (
            422, {"error": "this enrolment was used already; enrol again", "code": "refused"},
        )  # fmt: skip
    assert fleet.send("GET", BUNDLE, again.token).status_code == (401 if left else 200)
    assert fleet.enrol(secret).status_code == 200, "who has the key enrols again"


@pytest.mark.parametrize("change", [{"proof": "0" * 128}, {"installation": "1" * 32}, {"host": "other"}])
def test_a_proof_that_does_not_fit_is_refused_and_uses_nothing_up(fleet: Fleet, change: dict[str, str]) -> None:
    code = fleet.secret(kind="code")
    message = msgspec.structs.replace(enrolment(code), **change)
    answer = fleet.client.post(ENROLL, content=msgspec.json.encode(message))
    assert (answer.status_code, answer.json()["code"], rows(fleet)) == (422, "proof", 0)
    assert fleet.enrol(code).status_code == 200


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 9_999, b'{"secret":1}', b"\xff"])
def test_what_is_no_enrolment(fleet: Fleet, body: bytes) -> None:
    answer = fleet.client.post(ENROLL, content=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "message")


def test_who_tries_secrets_is_slowed_down(fleet: Fleet) -> None:
    answers = [fleet.enrol(f"not-a-secret-{number}").status_code for number in range(enrolling.MOST_WRONG + 2)]
    assert answers == [403] * enrolling.MOST_WRONG + [429, 429]
    assert int(fleet.enrol("not-a-secret").headers["retry-after"]) in range(1, 62)


def test_nobody_is_kept_out_by_who_tries_secrets_at_the_same_address(fleet: Fleet) -> None:
    secret, used = fleet.secret(), fleet.secret(kind="code")
    assert fleet.enrol(used, installation="1" * 32).status_code == 200
    for number in range(enrolling.MOST_WRONG):
        fleet.enrol(f"not-a-secret-{number}")
    assert fleet.enrol("not-a-secret").status_code == 429
    assert fleet.enrol(used, installation="2" * 32).status_code == 429, "a code that is used up is wrong"
    assert fleet.enrol(secret).status_code == 200


def test_places_that_are_remembered_are_bounded() -> None:
    tries = enrolling.Tries()
    for number in range(enrolling.MOST_PLACES + 10):
        tries.note(str(number))
    assert len(tries._wrong) == enrolling.MOST_PLACES


def test_hostile_texts_are_kept_as_columns_hold_them(fleet: Fleet) -> None:
    answer = fleet.enrol(fleet.secret(), host="a\0b" + "\u202e" + "x" * 290)
    assert answer.status_code == 200
    with fleet.services.database.read() as connection:
        host = connection.execute(select(ENDPOINTS.c.host)).scalar_one()
    assert host == ("a\ufffdb\u202e" + "x" * 290)[:255]
