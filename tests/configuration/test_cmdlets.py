"""What cmdlets write."""

import pytest

from spawngate.command.context import CallContext
from spawngate.command.parse import read
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.configuration.shell import run_command

FILES: dict[str, bytes] = {"/p/f": b"old\n"}


def left(text: str, dialect: str = "powershell") -> dict[str, Content]:
    files = Files(CallContext(cwd="/p"), lambda path: FILES.get(path, MISSING))
    run_command(read(text, dialect), files, (text,))  # type: ignore[arg-type]  # a dialect's name
    return {at.removeprefix("/p/"): states[-1] for at, states in files.written.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set-Content -Path n -Value 'a'", {"n": b"a\n"}),
        ("Set-Content n 'a' -NoNewline", {"n": b"a"}),
        ("Add-Content f 'a'", {"f": b"old\na\n"}),
        ("Out-File -FilePath n -InputObject 'a' -Encoding utf8", {"n": b"a\n"}),
        ("Get-Content f | Set-Content n", {"n": b"old\n"}),
        ("Get-Content f | Out-File -Append f", {"f": b"old\nold\n"}),
        ("'a' | Set-Content n", {"n": Unknown("interactive")}),
        ("New-Item -Path n -ItemType File -Value 'a' -Force", {"n": b"a"}),
        ("New-Item -ItemType SymbolicLink -Path n -Target x", {"n": Unknown("link")}),
        ("New-Item -ItemType Directory -Path n", {}),
        ("Set-Content n.json $x", {"n.json": Unknown("variable")}),
        ("Copy-Item f n", {"n": b"old\n", "n/f": b"old\n"}),
        ("Copy-Item none n", {"n": Unknown("not-there"), "n/none": Unknown("not-there")}),
        ("Move-Item -Path f -Destination n", {"n": b"old\n", "n/f": b"old\n", "f": MISSING}),
        ("Get-Content none > n", {"n": Unknown("not-there")}),
    ],
)
def test_powershell(text: str, expected: dict[str, Content]) -> None:
    assert left(text) == expected


def test_cmd() -> None:
    assert left("copy f n", "cmd") == {"n": b"old\n", "n/f": b"old\n"}
    assert left("type f > n", "cmd") == {"n": b"old\n"}
    assert left('echo {"a":1} > n', "cmd") == {"n": Unknown("expression")}
