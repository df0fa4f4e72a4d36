"""What programs of `command.tools.code_hosts` do, by their arguments."""

import pytest

from spawngate.command.tools.code_hosts import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gh repo deploy-key list", ()),
    ("gh repo deploy-key add k.pub", ("repository-access",)),
    ("svn import . https://svn.example.net/x", ("vcs-push-elsewhere",)),
    ("gh pr list", ()),
    ("gh repo delete o/r --yes", ("repository-delete",)),
    ("gh gist create a.py", ("send", "send-file")),
    ("gh auth token", ("token-print",)),
    ("gh ssh-key add k", ("repository-access",)),
    ("gh secret set A", ("repository-secret",)),
    ("gh api -X DELETE repos/o/r", ("repository-delete",)),
    ("gh pr merge 1 --admin", ("repository-merge", "vcs-protected-push")),
    ("glab repo delete o/r", ("repository-delete",)),
    ("hg push -f", ("vcs-force-push", "vcs-push")),
    ("bfg --delete-files x", ("vcs-rewrite",)),
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
