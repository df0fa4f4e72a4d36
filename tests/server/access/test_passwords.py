"""Passwords."""

import time

import pytest
from argon2 import PasswordHasher

from spawngate.model.errors import UsageError
from spawngate.server.access import passwords


def test_a_password_fits_its_hash_and_no_other() -> None:
    held = passwords.hashed("correct horse battery")
    assert held.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(held, "correct horse battery")
    for other in ("", "correct horse batterx", "correct horse battery ", "x" * 100_000):
        assert not passwords.fits(held, other)
    assert passwords.hashed("correct horse battery") != held, "salted"


def test_any_characters_are_fine() -> None:
    for password in ("пароль из слов", "\x00" * 12, "🐴" * 12, "\ud800" * 12):
        assert passwords.fits(passwords.hashed(password), password)


@pytest.mark.parametrize("length", [0, 11, 1025])
def test_length_counts(length: int) -> None:
    with pytest.raises(UsageError, match="12 to 1024"):
        passwords.hashed("x" * length)


@pytest.mark.parametrize("held", [None, "", "nonsense", "$argon2id$v=19$broken"])
def test_without_a_hash_nothing_fits(held: str | None) -> None:
    for password in ("", "spawngate", "correct horse battery"):
        assert not passwords.fits(held, password)


def test_nobody_takes_as_long_as_somebody() -> None:
    """The hash that stands in for nobody's must cost what a real one does, or names could be found by the clock."""
    held = passwords.hashed("correct horse battery")

    def took(what: str | None) -> float:
        times = []
        for _ in range(3):
            begun = time.perf_counter()
            passwords.fits(what, "another password")
            times.append(time.perf_counter() - begun)
        return min(times)

    assert 0.3 < took(None) / took(held) < 3


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert not passwords.is_outdated(passwords.hashed("correct horse battery"))
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8192).hash("correct horse battery"))


def test_who_finds_no_turn_is_told_and_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT", 0.01)
    held = [passwords._turns.acquire(timeout=1) for _ in range(passwords.AT_ONCE)]
    try:
        for ask in (lambda: passwords.fits(None, "x"), lambda: passwords.hashed("correct horse battery")):
            with pytest.raises(passwords.BusyError):
                ask()
    finally:
        for _ in held:
            passwords._turns.release()
    assert not passwords.fits(None, "x")
