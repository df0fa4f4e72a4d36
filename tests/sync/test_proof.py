"""Whoever enrols holds the key that it names, and claims nothing else than it signed."""

import msgspec
import pytest

from spawngate.sync import proof
from spawngate.sync.messages import Enrol

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
