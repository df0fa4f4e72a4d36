"""What programs of `command.tools.secrets` do, by their arguments."""

import pytest

from spawngate.command.tools.secrets import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("unset HISTFILE", ("history-clear",)),
    ("set +o history", ("history-clear",)),
    ("export -p", ("environment-dump",)),
    ("env", ("environment-dump",)),
    ("printenv PATH", ()),
    ("printenv GITHUB_TOKEN", ("environment-secret",)),
    ("echo $AWS_SECRET_ACCESS_KEY", ("environment-secret",)),
    ("echo hi", ()),
    ("security find-generic-password -w -s x", ("keychain-read",)),
    ("security delete-keychain login.keychain", ("wipe",)),
    ("security add-trusted-cert x.pem", ("trust-certificate",)),
    ("pass show a", ("keychain-read",)),
    ("vault kv get a", ("cloud-secret",)),
    ("op item get x", ("keychain-read",)),
    ("gcore 4711", ("memory-dump",)),
    ("strace ls", ()),
    ("hashcat -m 0 h", ("crack",)),
    ("scrot a.png", ("watch-user",)),
    ("ffmpeg -i a b", ()),
    ("pbpaste", ("clipboard-read",)),
    ("xclip -o", ("clipboard-read",)),
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
