"""Patches in every form that patch reads: what is computed, and what is told of the rest."""

import pytest

from spawngate.configuration.files import MISSING, Content
from tests.configuration.called import FILES, MCP, outcome, shell

BEFORE = FILES[MCP]
assert isinstance(BEFORE, bytes)
LINE = BEFORE.decode().rstrip("\n")
EVIL = LINE.replace("npx", "evil")
UNIFIED = f"--- a/.mcp.json\n+++ b/.mcp.json\n@@ -1 +1 @@\n-{LINE}\n+{EVIL}\n"


@pytest.mark.parametrize("command", ["patch -p1", "git apply", "patch .mcp.json"])
def test_a_unified_diff_is_computed(command: str) -> None:
    found, *_ = outcome(shell(f"{command} <<'E'\n{UNIFIED}E"))
    assert ([one.facts.line for one in found.differences], found.unknown) == (["evil -y a"], ())


@pytest.mark.parametrize(
    "command",
    [
        f"patch -p0 <<'E'\n*** .mcp.json\n--- .mcp.json\n***************\n*** 1 ****\n! {LINE}\n--- 1 ---\n! {EVIL}\nE",
        f"patch -p1 <<'E'\nIndex: .mcp.json\n--- a/no\n+++ b/no2\n@@ -1 +1 @@\n-{LINE}\n+{EVIL}\nE",
        "patch -p1 <<'E'\ndiff --git a/x.json b/.mcp.json\nsimilarity index 9%\ncopy from x.json\ncopy to .mcp.json\nE",
        "git apply <<'E'\ndiff --git a/x b/.mcp.json\nsimilarity index 100%\nrename from x\nrename to .mcp.json\nE",
        "patch -o .mcp.json notes <<'E'\n--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\nE",
        "patch --output=.mcp.json notes < d.diff",
        f"patch -R -p1 <<'E'\n--- a/.mcp.json\n+++ b/.mcp.json\n@@ -1 +1 @@\n-{EVIL}\n+{LINE}\nE",
    ],
)
def test_what_is_not_computed_is_told(command: str) -> None:
    held: dict[str, Content] = {**FILES, "/home/dev/p/x.json": b"{}", "/home/dev/p/notes": b"a\n"}
    found, *_ = outcome(shell(command), lambda path: held.get(path, MISSING))
    assert MCP in {one.path for one in found.unknown}


def test_a_patch_of_other_files_says_nothing() -> None:
    found, *_ = outcome(shell("patch -R -p1 <<'E'\n--- a/code.py\n+++ b/code.py\n@@ -1 +1 @@\n-a\n+b\nE"))
    assert (found.differences, found.unknown) == ((), ())
