"""What programs of `command.tools.versioning` do, by their arguments."""

import pytest

from spawngate.command.tools.versioning import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("git status", ()),
    ("git push", ("vcs-push",)),
    ("git push -f origin main", ("vcs-force-push", "vcs-protected-push", "vcs-push")),
    ("git push origin :main", ("vcs-delete-remote", "vcs-protected-push", "vcs-push")),
    ("git push --force-with-lease origin feature", ("vcs-push",)),
    ("git push --mirror", ("vcs-mirror-push", "vcs-push")),
    ("git push https://git.example.net/x.git HEAD", ("send", "send-file", "vcs-push", "vcs-push-elsewhere")),
    ("git push --no-verify", ("vcs-push", "vcs-skip-hooks")),
    ("git reset --hard", ("vcs-discard",)),
    ("git reset --soft HEAD~1", ()),
    ("git clean -fdx", ("vcs-clean",)),
    ("git clean -n", ()),
    ("git checkout -- .", ("vcs-discard",)),
    ("git checkout main", ()),
    ("git restore .", ("vcs-discard",)),
    ("git stash clear", ("vcs-discard",)),
    ("git branch -D main", ("vcs-discard",)),
    ("git filter-branch --tree-filter x HEAD", ("vcs-rewrite",)),
    ("git reflog expire --expire=now --all", ("vcs-purge",)),
    ("git gc", ()),
    ("git remote set-url origin https://git.example.net/x", ("vcs-remote-change",)),
    ("git remote -v", ()),
    ("git config user.email a@b", ("vcs-identity",)),
    ("git config --global core.pager 'sh -c id'", ("reconnaissance", "vcs-runs-program")),
    ("git config core.hooksPath /tmp/h", ("vcs-hooks-path",)),
    ("git config --get core.hooksPath", ()),
    ("git -c core.sshCommand=/tmp/x fetch", ("runs-temporary", "vcs-runs-program")),
    ("git -c alias.x='!id' x", ("reconnaissance", "vcs-runs-program")),
    ("git -c http.sslVerify=false pull", ("tls-off",)),
    ("git clone https://git.example.net/x.git", ("download", "vcs-clone")),
    ("git clone 'ext::sh -c id' x", ("reconnaissance", "vcs-runs-program")),
    ("git clone --template=/tmp/t https://git.example.net/x.git", ("download", "vcs-clone", "vcs-hooks-path")),
    ("git commit -m x", ("vcs-commit",)),
    ("git commit --no-verify -m x", ("vcs-commit", "vcs-skip-hooks")),
    ("git credential fill", ("token-print",)),
    ("git rm -r src", ("delete-tree",)),
    ("git diff --no-index /dev/null ~/.netrc", ()),
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
