"""Walking paths through the table."""

import pytest

from spawngate.command.path_tree import matched, pattern, table
from spawngate.command.paths import normal


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/etc/passwd", {"accounts"}),
        ("/etc/sudoers.d/x", {"accounts", "account-secrets"}),
        ("/etc/p*wd", {"accounts"}),
        ("~/.ssh/id_ed25519", {"private-key", "credentials"}),
        ("deep/in/a/tree/.git/hooks/x", {"vcs", "vcs-hooks"}),
        ("/proc/*/environ", {"proc", "process-secrets"}),
        ("src/main.py", set()),
        ("*.key", set()),
    ],
)
def test_rows(path: str, expected: set[str]) -> None:
    assert set(matched(normal(path), fold=False)) == expected


def test_case() -> None:
    assert set(matched(normal("/ETC/PASSWD"), fold=False)) == set()
    assert set(matched(normal("/etc/passwd"), fold=True)) == {"accounts"}
    assert table(True) is table(True)


def test_patterns() -> None:
    assert pattern("a*").match("abc")
    assert not pattern("a*").match("b")
