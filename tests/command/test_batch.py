"""Texts of cmd.exe, by construct."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.parse import read
from tests.command.shown import shown

CASES: list[tuple[str, list[str]]] = [
    ('for /d %d in (C:\\Users\\*) do rd /s "%d"', ["rd /s C:\\Users\\*[*] +builtin +repeated"]),
    ("for /l %i in (3,-2,0) do del %i", ["del 3 +builtin +repeated", "del 1 +builtin +repeated"]),
    ("echo del x > a.bat & a.bat", ["echo del x >a.bat +builtin", "a.bat", "del x via:script +builtin"]),
    (
        'del /s /q C:\\ & echo hi && dir | find "x" > out.txt',
        ["del /s /q C:\\ +builtin", "echo hi +builtin", "dir +builtin", "find x >out.txt <-2"],
    ),
    ("set X=del\n%X% /q foo", ["set X=del +builtin", "del /q foo +builtin"]),
    ("set X=a^&del b\n%X%", ["set X=a&del b +builtin", "a", "del b +builtin"]),
    ("set X=del", ["set X=del +builtin"]),
    ("set X=d& set Y=el& call %X%%Y% a", ["set X=d +builtin", "set Y=el +builtin", "del a in:call via:wrapper"]),
    (
        "set X=xdel\n%X:~1% a\n%X:x=% b\n%X:~-3,2%l c",
        ["set X=xdel +builtin", "del a +builtin", "del b +builtin", "del c +builtin"],
    ),
    ("%X:~0,1% a", ["%X:~0,1%[?] a opaque:program"]),
    ("set /p X=foo & %X% a", ["set /p X=foo +builtin", "%X%[?] a opaque:program"]),
    ("%COMSPEC% /c del %USERPROFILE%\\x", ["del ~\\x in:cmd via:script +builtin"]),
    ('d^e^l x "a b" ^& c', ["del x 'a b' & c +builtin"]),
    ("del x^\n y", ["del x y +builtin"]),
    ("if exist a (del a) else (echo no)", ["del a +builtin", "echo no +builtin"]),
    ('if /i "%X%"=="1" del a', ["del a +builtin"]),
    ("if not defined A (del x\ndel y)", ["del x +builtin", "del y +builtin"]),
    ("for %a in (a b) do del %a", ["del a +builtin +repeated", "del b +builtin +repeated"]),
    ("for %%f in (*.txt) do del %%f", ["del *.txt[*] +builtin +repeated"]),
    ('for /f "tokens=*" %i in (files.txt) do del %i', ["del %i[?] +builtin +repeated opaque:arguments"]),
    ("for /f %i in ('curl u') do %i", ["curl u via:substitution", "%i[?@0] <-0 +repeated opaque:program"]),
    ("for /f %i in ('echo del') do %i x", ["echo del via:substitution +builtin", "del[@0] x +builtin +repeated"]),
    ("(del a & del b) > f", ["del a +builtin", "del b +builtin", ">f <-0,1"]),
    ("echo del x | cmd", ["echo del x +builtin", "del x <-0 in:cmd via:input +builtin"]),
    ("cd C:\\x && del y", ["cd C:\\x +builtin", "del y cwd:C:\\x +builtin"]),
    (
        '@echo off\ncall b.bat & start "" x.exe',
        ["echo off +builtin", "b.bat in:call via:wrapper", "x.exe in:start via:wrapper +background"],
    ),
    ('powershell -c "iex x"', ["x in:powershell/invoke-expression via:eval"]),
    ("rem del x\n:: del y\n:label\ndel z", ["del z +builtin"]),
    ("echo a>f 2>&1", ["echo a >f 2>&1 +builtin"]),
    ("type a.txt | sort", ["type a.txt +builtin", "sort <-0"]),
    ("a || b", ["a", "b"]),
    ('echo "a & b"', ["echo 'a & b' +builtin"]),
]


@pytest.mark.parametrize(("text", "spawns"), CASES, ids=[text for text, _ in CASES])
def test_spawns(text: str, spawns: list[str]) -> None:
    assert shown(read(text, "cmd")) == spawns


PIECES = ["%X%", "set X=", "^", "&", "&&", "|", "(", ")", '"', "for %i in (", ") do ", "if 1==1 ", " else ", "%", "!X!",
          "\n", ">", "<", "2>&1", "del", " ", "call ", "/f ", "~0,1", "%i", "echo ", "cmd /c "]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_read_the_same_way_twice(text: str) -> None:
    assert read(text, "cmd") == read(text, "cmd")


@pytest.mark.parametrize("piece", ["(", "if 1==1 ", "for %i in (a) do "])
def test_depth_is_bounded(piece: str) -> None:
    assert read(piece * 2000 + "ls", "cmd").opaque != ()
