"""What programs of `command.tools.permissions` do, by their arguments."""

import pytest

from spawngate.command.tools.permissions import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("chmod 4755 x", ("mode-change", "setuid", "world-readable")),
    ("chmod -R 777 storage", ("mode-change", "world-readable", "world-writable")),
    ("chmod +x run.sh", ("mode-change",)),
    ("chown -R root:root /etc", ("owner-change",)),
    ("chattr +i a", ("attribute-lock",)),
    ("setcap cap_setuid+ep x", ("file-capability",)),
    ("setfacl -m o::rwx a", ("mode-change", "world-writable")),
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
