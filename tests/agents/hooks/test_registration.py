"""Entries of agents' files: placeholders, quoting, and telling ours from others."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.registration import command_line, is_ours, powershell_line, render, text
from spawngate.model.json import Json

NATIVE = ("/home/ana/.local/state/spawngate/hook/spawngate-hook", "cursor")
PYTHON = ("/usr/bin/python3", "-I", "-S", "/home/a b/hook/spawngate_hook.py", "cursor")
WINDOWS = ("C:\\Users\\Ana B\\spawngate\\hook\\spawngate-hook.exe", "cursor")


def test_entry_is_rendered_whole() -> None:
    entry: Json = {
        "command": "{program}",
        "args": ["{args}"],
        "timeout": 10,
        "shell": "{command}",
        "deep": [{"x": None}],
    }
    assert render(entry, PYTHON, "linux") == {
        "command": "/usr/bin/python3",
        "args": ["-I", "-S", "/home/a b/hook/spawngate_hook.py", "cursor"],
        "timeout": 10,
        "shell": "/usr/bin/python3 -I -S '/home/a b/hook/spawngate_hook.py' cursor",
        "deep": [{"x": None}],
    }


def test_no_client_is_refused() -> None:
    with pytest.raises(ValueError, match="at least a program"):
        render({"command": "{command}"}, (), "linux")


def test_a_placeholder_in_a_path_is_not_replaced_in_turn() -> None:
    assert text("run {program} {other}", ("/tmp/{command}/x", "a"), "linux") == "run /tmp/{command}/x {other}"


def test_windows_command_line() -> None:
    assert command_line(WINDOWS, "windows") == '"C:\\Users\\Ana B\\spawngate\\hook\\spawngate-hook.exe" cursor'
    assert command_line(('a"b', "c\\", "d e\\", ""), "windows") == '"a\\"b" c\\ "d e\\\\" ""'


def test_powershell_line() -> None:
    assert powershell_line(("C:\\it's\\x.exe", "gemini-cli")) == "& 'C:\\it''s\\x.exe' 'gemini-cli'; exit $LASTEXITCODE"


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1))
def test_posix_command_line_splits_back(argv: list[str]) -> None:
    assert shlex.split(command_line(argv, "linux")) == argv


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"hooks": [{"command": NATIVE[0], "args": ["cursor"]}]}, True),
        ({"command": command_line(PYTHON, "linux")}, True),
        ({"command": command_line(WINDOWS, "windows")}, True),
        ({"powershell": powershell_line(WINDOWS)}, True),
        ("/opt/x/spawngate-hook kiro", True),
        ({"command": "/opt/guard/spawngate-hooks cursor"}, False),
        ({"command": "echo spawngate-hook-like"}, False),
        ({"command": "it's unbalanced"}, False),
        ({"timeout": 10, "on": None}, False),
    ],
)
def test_is_ours(entry: Json, expected: bool) -> None:
    assert is_ours(entry) is expected
