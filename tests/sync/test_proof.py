"""Whoever enrols holds the key that it names, and claims nothing else than it signed."""

import msgspec
import pytest

from spawngate.sync import proof
from spawngate.sync.messages import Enrol, Enrolled
from spawngate.trail.note import Signer

SEED = bytes(range(32))


def message() -> Enrol:
    bare = Enrol(
        "a-team-secret", "0" * 32, proof.public_key(SEED), "0" * 128, "2026-11-21T10:00:00Z", "h", "u", "p", "v"
    )
    return msgspec.structs.replace(bare, proof=proof.sign(bare, SEED))


def test_a_proof_holds() -> None:
    assert proof.holds(message())


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another-secret"},
        {"installation": "1" * 32},
        {"host": "other"},
        {"user": "root"},
        {"platform": "windows"},
        {"version": "9"},
        {"clock": "2027-11-21T10:00:00Z"},
        {"key": proof.public_key(bytes(32))},
        {"key": "zz"},
        {"proof": "0" * 128},
        {"proof": ""},
    ],
)
def test_a_proof_is_of_every_claim(change: dict[str, str]) -> None:
    assert not proof.holds(msgspec.structs.replace(message(), **change))


SIGNER, OTHER = Signer("a.example", bytes(range(32))), Signer("a.example", bytes(range(1, 33)))


def answered() -> Enrolled:
    bare = Enrolled("e1", "sgn_x", str(SIGNER.verifier), "red")
    return msgspec.structs.replace(bare, signed=proof.answered(message(), bare, SIGNER))


def test_an_answer_holds() -> None:
    assert proof.is_answered(message(), answered(), str(SIGNER.verifier))


@pytest.mark.parametrize("change", [{"endpoint": "e2"}, {"token": "sgn_y"}, {"signed": ""}, {"signed": "x" * 4_000}])
def test_an_answer_is_of_its_id_and_token(change: dict[str, str]) -> None:
    assert not proof.is_answered(message(), msgspec.structs.replace(answered(), **change), str(SIGNER.verifier))


@pytest.mark.parametrize("key", ["", "rubbish", str(OTHER.verifier), str(Signer("b", SIGNER.seed).verifier)])
def test_an_answer_is_of_one_server(key: str) -> None:
    assert not proof.is_answered(message(), answered(), key)


def test_an_answer_is_of_one_question() -> None:
    other = msgspec.structs.replace(message(), clock="2026-11-21T10:00:01Z")
    other = msgspec.structs.replace(other, proof=proof.sign(other, SEED))
    assert not proof.is_answered(other, answered(), str(SIGNER.verifier))
