"""Constant expressions of PowerShell, seen through what `iex` is given."""

import pytest

from spawngate.command.parse import read
from spawngate.command.psvalues import unescaped
from tests.command.shown import shown


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'a''b'", "a'b"),
        ('"a`tb""c"', 'a\tb"c'),
        ("1+2", "3"),
        ("'1'+'a'", "1a"),
        ("'{0}{1}' -f 'a','b'", "ab"),
        ("('a','b') -join '-'", "a-b"),
        ("-join ('a','b')", "ab"),
        ("'aXb' -replace 'x',''", "ab"),
        ("[char]97", "a"),
        ("[string]'a'", "a"),
        ("'A'.ToLower()", "a"),
        ("' a '.Trim()", "a"),
        ("'aXb'.Replace('X','')", "ab"),
        ("[Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('YQBiAA=='))", "ab"),
        ("$HOME", "~"),
        ("@'\na b\n'@", "a b"),
    ],
)
def test_known(expression: str, text: str) -> None:
    spawns = read(f"run ({expression})", "powershell").spawns
    assert [(word.text, word.opaque) for word in spawns[-1].argv] == [("run", False), (text, False)]


@pytest.mark.parametrize(
    "expression",
    ["$x", "[Convert]::FromBase64String('!')", "'a' -replace 'a+','b'", "$x.Replace('a','b')", "[int]$x"],
)
def test_unknown(expression: str) -> None:
    assert read(f"run ({expression})", "powershell").spawns[-1].argv[1].opaque


def test_array_in_a_string() -> None:
    assert shown(read("$a = 'r','m'; run \"$a\"", "powershell")) == ["run 'r m'"]


def test_unescaped() -> None:
    assert unescaped("w`get`n") == "wget\n"


def test_a_variable_without_a_name() -> None:
    (spawn,) = read('rm "${}x"', "powershell").spawns
    assert [(word.text, word.opaque) for word in spawn.argv] == [("rm", False), ("${}x", True)]
