"""What programs of `command.tools.searching` do, by their arguments."""

import pytest

from spawngate.command.tools.searching import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("grep -r password /home", ("secret-search",)),
    ("grep -rn TODO src", ()),
    ("sed -i s/a/b/ ~/.zshrc", ()),
    ("sed -n 1p a.txt", ()),
    ("jq . a.json", ()),
    ("find . -name '*.pyc' -delete", ("delete-tree",)),
    ("find / -perm -4000", ("search-privilege",)),
    ("find / -name id_rsa", ("secret-search",)),
    ("locate id_rsa", ("secret-search",)),
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
