"""What programs of `command.tools.language_packages` do, by their arguments."""

import pytest

from spawngate.command.tools.language_packages import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gem install rails", ("package-install", "package-unpinned")),
    ("bundle install", ("package-install-all",)),
    ("cargo install ripgrep", ("package-install", "package-unpinned")),
    (
        "cargo install --git https://git.example.net/x",
        ("package-git", "package-install", "package-stranger", "package-unpinned"),
    ),
    ("cargo publish", ("package-publish",)),
    ("go install example.com/x@latest", ("package-install", "package-stranger", "package-unpinned")),
    ("go install golang.org/x/tools/gopls@latest", ("package-install", "package-unpinned")),
    ("go install github.com/o/x@latest", ("package-install", "package-unpinned")),
    ("go build ./...", ()),
    ("composer require a/b", ("package-install", "package-unpinned")),
    ("dotnet tool install x", ("package-install", "package-unpinned")),
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
