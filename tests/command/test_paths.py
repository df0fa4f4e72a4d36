"""Paths in one form: homes, drives, variables, `..`, and where relative ones start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command import paths
from spawngate.command.paths import Normal, normal


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/./b//c/", ("a", "b", "c")),
        ("/a/../../b", ("b",)),
        ("~", ("~",)),
        ("~/a/../b", ("~", "b")),
        ("~/..", ("home",)),
        ("$HOME/a", ("~", "a")),
        ("${HOME}/a", ("~", "a")),
        ("${XDG_CONFIG_HOME:-~/.config}/a", ("~", ".config", "a")),
        ("/home/dev/a", ("~", "a")),
        ("/Users/eve/a", ("~", "a")),
        ("/root/a", ("~", "a")),
        ("/mnt/c/Users/eve/a", ("~", "a")),
        ("$X/a", ("?", "a")),
        ("a/b", ("~", "project", "a", "b")),
        ("..", ("~",)),
        ("$PROFILE.AllUsersAllHosts", ("~", "Documents", "PowerShell", "Microsoft.PowerShell_profile.ps1")),
        ("file:///etc/passwd", ("etc", "passwd")),
    ],
)
def test_parts(path: str, expected: tuple[str, ...]) -> None:
    assert normal(path, "/home/dev", "/home/dev/project").parts == expected


@pytest.mark.parametrize(
    ("path", "depth"),
    [(".", 0), ("a", 1), ("/home/dev/project/a/b", 2), ("..", -1), ("/etc", -1), ("~/project", 0), ("~/project2", -1)],
)
def test_depth_below_the_project(path: str, depth: int) -> None:
    assert normal(path, "/home/dev", "/home/dev/project").depth == depth


def test_a_home_is_no_project() -> None:
    assert normal("a", "/home/dev", "/home/dev").depth == -1
    assert normal("a", "", "/").depth == -1


def test_the_folder_of_a_spawn_stands_in_the_folder_of_the_call() -> None:
    assert normal("*", "/home/dev", "/home/dev/project", cwd="build") == Normal(("~", "project", "build", "*"), 2)
    assert normal("*", "/home/dev", "/home/dev/project", cwd="/") == Normal(("*",), -1)
    assert normal("*", cwd="build") == Normal((".", "build", "*"), 2)


def test_homes_of_others() -> None:
    assert normal("/home/eve/a", "/home/dev", "/srv").other_home
    assert normal("~eve/a", "/home/dev", "/srv").other_home
    assert not normal("~dev/a", "/home/dev", "/srv").other_home
    assert not normal("/home/eve/a").other_home


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Users\Eve\a", ("~", "a")),
        (r"%USERPROFILE%\a", ("~", "a")),
        (r"%APPDATA%\a", ("~", "AppData", "Roaming", "a")),
        (r"$env:LOCALAPPDATA\a", ("~", "AppData", "Local", "a")),
        (r"D:\a", ("a",)),
        (r"\\?\C:\Windows\a", ("Windows", "a")),
        (r"~\.ssh\a", ("~", ".ssh", "a")),
    ],
)
def test_windows(path: str, expected: tuple[str, ...]) -> None:
    assert normal(path).parts == expected


def test_shares() -> None:
    assert normal(r"\\srv\x\a").share
    assert not normal(r"C:\a").share


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_any_texts_have_a_form(path: str, home: str, base: str, cwd: str, windows: bool) -> None:
    found = normal(path, home, base, cwd=cwd, windows=windows)
    assert all(part for part in found.parts)
    assert found.depth >= -1


def test_long_paths_are_not_remembered() -> None:
    paths._remembered.cache_clear()
    assert normal("a" * 2_000).parts == (".", "a" * 2_000)
    assert normal("a", cwd="/" + "b" * 2_000).parts == ("b" * 2_000, "a")
    assert paths._remembered.cache_info().currsize == 0
    assert normal("a") == normal("a")
    assert paths._remembered.cache_info()[:2] == (1, 1)
