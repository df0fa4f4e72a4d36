"""Patches and blocks: what they change, and nothing where they are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.patch import is_patch, patch_edits, search_replace_edits, unified_edits
from spawngate.agents.hooks.payload import MAX_ITEMS
from spawngate.model.call import Edit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*** Begin Patch\n*** Add File: a b.txt\n+one\n+two\n*** End Patch", (Edit("a b.txt", None, "one\ntwo\n"),)),
        ("*** Begin Patch\n*** Add File: empty\n*** End Patch", (Edit("empty", None, ""),)),
        ("*** Begin Patch\n*** Delete File: old\n*** End Patch", (Edit("old"),)),
        (
            "*** Update File: a\n@@ class A:\n def f():\n-    1\n+    2\n@@\n-x\n*** End of File\n*** End Patch",
            (Edit("a", "def f():\n    1\n", "def f():\n    2\n"), Edit("a", "x\n", "")),
        ),
        (
            "*** Update File: a\n*** Move to: b\n@@\n-1\n+2\n",
            (Edit("a", "1\n", "2\n", moved_to="b"),),
        ),
        ("*** Update File: a\n*** Move to: b\n", (Edit("a", moved_to="b"),)),
        (
            "cat <<'EOF' | apply_patch\r\n*** Begin Patch\r\n*** Add File: x\r\n+y\r\n*** End Patch\r\nEOF\r\n",
            (Edit("x", None, "y\n"),),
        ),
        ("*** Add File: a\n+1\n*** Add File: b\n+2\n", (Edit("a", None, "1\n"), Edit("b", None, "2\n"))),
        ("hello", ()),
        ("", ()),
    ],
    ids=["add", "empty", "delete", "hunks", "move and change", "move", "here-document", "two", "text", "nothing"],
)
def test_patch(text: str, expected: tuple[Edit, ...]) -> None:
    assert patch_edits(text) == expected
    assert is_patch(text) is bool(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("------- SEARCH\nx\n=======\ny\n+++++++ REPLACE\n", (Edit("f", "x\n", "y\n"),)),
        ("<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE", (Edit("f", "x\n", "y\n"),)),
        ("<<<<<<< SEARCH\n=======\nall\n>>>>>>> REPLACE", (Edit("f", None, "all\n"),)),
        ("<<<<<<< SEARCH\nx\n=======\n>>>>>>> REPLACE", (Edit("f", "x\n", ""),)),
        (
            "text\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n<<<<<<< SEARCH\nc\n=======\nd\n",
            (Edit("f", "a\n", "b\n"), Edit("f", "c\n", "d\n")),
        ),
        ("=======\n>>>>>>> REPLACE", ()),
    ],
    ids=["new marks", "old marks", "whole file", "removal", "two, the last without end", "none"],
)
def test_blocks(text: str, expected: tuple[Edit, ...]) -> None:
    assert search_replace_edits("f", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n", (Edit("x", "1\n", "2\n"),)),
        ("--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+1\n", (Edit("new", None, "1\n"),)),
        ("--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n", (Edit("old"),)),
        (
            "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n@@ -9 +9 @@\n c\n-3\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
            (Edit("x", "1\n", "2\n"), Edit("x", "c\n3\n", "c\n"), Edit("y", "a\n", "b\n")),
        ),
        ("- a list\n+ of points\n", ()),
    ],
    ids=["change", "new", "removed", "two files", "none"],
)
def test_unified(text: str, expected: tuple[Edit, ...]) -> None:
    assert unified_edits(text) == expected


LINES = st.lists(
    st.sampled_from(
        [
            "*** Begin Patch",
            "*** Add File: a",
            "*** Update File: b",
            "*** Delete File: c",
            "*** Move to: d",
            "*** End Patch",
            "@@",
            "+x",
            "-x",
            " x",
            "",
            "--- a/x",
            "+++ b/x",
            "<<<<<<< SEARCH",
            "=======",
            ">>>>>>> REPLACE",
        ]
    )
    | st.text(max_size=5)
).map("\n".join)


@given(LINES)
def test_any_lines(text: str) -> None:
    for edits in (patch_edits(text), search_replace_edits("f", text), unified_edits(text)):
        assert len(edits) <= MAX_ITEMS + 1
        assert all(isinstance(edit, Edit) for edit in edits)


def test_many_changes_are_bounded() -> None:
    assert len(patch_edits("*** Delete File: a\n" * (MAX_ITEMS + 5))) == MAX_ITEMS + 1
    assert (
        len(search_replace_edits("f", "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n" * (MAX_ITEMS + 5)))
        == MAX_ITEMS + 1
    )
    assert len(unified_edits("--- a\n+++ a\n" + "@@ -1 +1 @@\n-1\n+2\n" * (MAX_ITEMS + 5))) == MAX_ITEMS + 1
