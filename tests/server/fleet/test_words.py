"""Secrets that are handed out once."""

import re

import pytest

from spawngate.server.fleet.words import LONGEST, digest, fresh, fresh_code, typed


def test_secrets_are_long_differ_and_begin_as_wanted() -> None:
    made = {fresh("sgt_") for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"sgt_[A-Za-z0-9_-]{43}", each) for each in made)


def test_codes_can_be_typed_in_any_manner() -> None:
    code = fresh_code()
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}", code)
    assert typed(code.lower().replace("-", " ")) == code
    assert typed(f"  {code}\n") == code


@pytest.mark.parametrize("secret", ["", "x" * (LONGEST + 1)])
def test_what_is_no_secret_has_no_hash(secret: str) -> None:
    assert digest(secret) == ""


def test_the_hash_is_sha_256() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert len(digest("\ud800")) == 64
