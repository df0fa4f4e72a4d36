"""Edits of file tools and patches, as the tools do them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.context import CallContext
from spawngate.configuration.edits import apply_diff, apply_edits, edited, is_appearance, replaced
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.model.call import Edit

CONTEXT = CallContext(home="/home/dev", cwd="/p")


def over(data: Content) -> Files:
    return Files(CONTEXT, lambda path: data if path == "/p/f" else MISSING)


@pytest.mark.parametrize(
    ("content", "edit", "expected"),
    [
        (b"a", Edit("f", None, "b"), b"b"),
        (MISSING, Edit("f", None, "b"), b"b"),
        (b"a", Edit("f"), MISSING),
        (b"one two", Edit("f", "two", "three"), b"one three"),
        (b"x x", Edit("f", "x", "y", everywhere=True), b"y y"),
        (b"x x", Edit("f", "x", "y"), Unknown("text-ambiguous")),
        (b"a", Edit("f", "z", "y"), Unknown("text-not-found")),
        (b"a\r\nb\r\n", Edit("f", "a\nb\n", "c\n"), b"c\r\n"),
        (b"  a\n    b\nc\n", Edit("f", "a\nb\n", "d\n"), b"d\nc\n"),
        (b"a", Edit("f", "", "b"), Unknown("place-not-told")),
        (b" \n", Edit("f", "", "b"), b"b"),
        (MISSING, Edit("f", "", "b"), b"b"),
        (MISSING, Edit("f", "a", "b"), Unknown("text-not-found")),
        (Unknown("network"), Edit("f", "a", "b"), Unknown("network")),
        (Unknown("network"), Edit("f", None, "b"), b"b"),
        (b"\xff\xfe", Edit("f", "a", "b"), Unknown("malformed")),
    ],
)
def test_one_edit(content: Content, edit: Edit, expected: Content) -> None:
    assert edited(content, edit) == expected


def test_edits_follow_one_another() -> None:
    files = over(b"a b")
    apply_edits([Edit("f", "a", "c"), Edit("f", "c", "d"), Edit("f", None, None, moved_to="g")], files)
    assert files.written == {"/p/f": [b"c b", b"d b", MISSING], "/p/g": [b"d b"]}


def test_a_change_that_moves() -> None:
    files = over(b"a")
    apply_edits([Edit("f", "a", "b", moved_to="g")], files)
    assert files.written == {"/p/g": [b"b"], "/p/f": [MISSING]}


@pytest.mark.parametrize(
    ("path", "strip", "target", "expected"),
    [("a/f", 1, "", "/p/f"), ("x/y/f", 3, "", "/p/f"), ("anything", 1, "f", "/p/f")],
)
def test_unified_diff(path: str, strip: int, target: str, expected: str) -> None:
    files = over(b"1\n2\n3\n")
    text = f"--- {path}\n+++ {path.replace('a/', 'b/')}\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n"
    assert apply_diff(text, files, strip=strip, target=target)
    assert files.written == {expected: [b"1\ntwo\n3\n"]}


def test_a_new_file_and_no_diff() -> None:
    files = over(MISSING)
    assert apply_diff("--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n", files)
    assert files.written == {"/p/f": [b"x\n"]}
    assert not apply_diff("nothing of the kind", files)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"theme": "dark"', '"theme": "light"', True),
        ('{\n  "model": "a",\n  "verbose": true\n}', '{\n  "model": "b",\n  "verbose": false\n}', True),
        ('model = "a"', 'model = "b"', True),
        ('"editor.fontSize": 12', '"editor.fontSize": 14.5', True),
        ('"theme": "dark"', '"theme": "dark", "hooks": {}', False),
        ('"theme": "dark"', '"theme": "a", "b": "c"', False),
        ('"theme": "dark"', '"theme": "a\\", \\"b"', False),
        ('"command": "a"', '"command": "b"', False),
        ('"mymodel": "a"', '"mymodel": "b"', False),
        ("dark", "light", False),
        ("", '"theme": "x"', False),
    ],
)
def test_appearance(old: str, new: str, expected: bool) -> None:
    assert is_appearance(Edit("f", old, new)) is expected


@given(st.text(max_size=80), st.text(max_size=8), st.text(max_size=8), st.booleans())
def test_replacing_is_total(text: str, old: str, new: str, everywhere: bool) -> None:
    one = replaced(text, old, new, everywhere=everywhere) if old else ""
    assert one == (replaced(text, old, new, everywhere=everywhere) if old else "")
    if old and text.count(old) == 1:
        assert one == text.replace(old, new)
