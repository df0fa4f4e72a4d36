"""One spelling for every file."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.provenance.paths import absolute, below


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b", "/p/a/b"),
        ("./a/../b", "/p/b"),
        ("/x//y/", "/x/y"),
        ("~/a", "/home/ann/a"),
        ("~", "/home/ann"),
        ("~bob/a", "/p/~bob/a"),
        ("file:///x", "/x"),
        ("C:\\a\\b", "C:/a/b"),
    ],
)
def test_absolute(path: str, expected: str) -> None:
    assert absolute(path, "/p", "/home/ann") == expected


def test_below() -> None:
    assert list(below("/a/b")) == ["/a/b", "/a", "/"]
    assert list(below("a")) == ["a"]
    assert list(below("")) == []


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_path(path: str, cwd: str) -> None:
    assert len(list(below(absolute(path, cwd, "/h")))) < 100


@given(st.text("ab/.", max_size=12))
def test_folders_above_are_those_of_posixpath(path: str) -> None:
    expected, upper = [], path
    while upper and upper not in expected:
        expected.append(upper)
        upper = posixpath.dirname(upper)
    assert list(below(path)) == expected
