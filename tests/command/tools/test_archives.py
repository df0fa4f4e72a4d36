"""What programs of `command.tools.archives` do, by their arguments."""

import pytest

from spawngate.command.tools.archives import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tar czf - ~/.ssh", ()),
    ("tar cf a --checkpoint=1 --checkpoint-action=exec=sh .", ("interactive-shell", "runs-input", "shell-escape")),
    ("tar xf a.tar -C /", ()),
    ("zip -r a.zip ~/.ssh", ()),
    ("7z a -sdel -pX o.7z docs", ("encrypt-files",)),
    ("gzip a", ()),
    ("base64 -d a", ("decode",)),
    ("openssl s_client -connect h.example.net:443", ("connect",)),
    ("openssl enc -d -aes-256-cbc -in a -out b", ("decode",)),
    ("gpg --export-secret-keys", ("keychain-read",)),
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
