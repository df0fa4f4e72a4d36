"""SHELL. Passwords: argon2id, with the parameters of RFC 9106's second choice (64 MiB, 3 passes, 4 lanes).

Must not be here: where the hashes are kept (`fleet.users`), how often somebody may try (`limits`).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from spawngate.model.errors import UsageError
from spawngate.server.store.port import StoreBusyError

SHORTEST, LONGEST = 12, 1_024
AT_ONCE = 2
"""Passwords that are tried at the same time: each takes 64 MiB and 50 ms of a core."""
WAIT = 3.0
"""Seconds that somebody waits for a turn. Many who try at once must not keep every thread of the server waiting."""


class BusyError(StoreBusyError):
    """Too many sign in at once."""


_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_turns = threading.BoundedSemaphore(AT_ONCE)
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$c3Bhd25nYXRlc3Bhd25nYQ$Kv3fNVfm6YIH1JbdiWD0J8EbUQ2nAr3hT0mWg0n7Dvs"
"""Fits no password. Tried for names that nobody has, so that they take as long as others."""


def hashed(password: str) -> str:
    """What is kept of a password. Raises UsageError for one that is too short or too long, BusyError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters")
    with _turn():
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def fits(held: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; never for None, in the same time. Raises BusyError."""
    given = password[: LONGEST + 1].encode("utf-8", "surrogatepass")
    with _turn():
        try:
            return _hasher.verify(held or _NOBODYS, given) and bool(held)
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT):
        raise BusyError("too many sign in at once")
    try:
        yield
    finally:
        _turns.release()


def is_outdated(held: str) -> bool:
    """Whether a hash was made with other parameters and should be made anew at the next login."""
    return _hasher.check_needs_rehash(held)
