"""What programs of `command.tools.accounts` do, by their arguments."""

import pytest

from spawngate.command.tools.accounts import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("dscl . -read /Users/a ShadowHashData", ("keychain-read",)),
    ("useradd eve", ("account-create",)),
    ("usermod -aG sudo eve", ("account-admin",)),
    ("passwd root", ("account-password",)),
    ("userdel eve", ("account-delete",)),
    ("dscl . -create /Users/eve", ("account-create",)),
    ("last", ("list-accounts",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
