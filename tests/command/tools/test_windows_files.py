"""What programs of `command.tools.windows_files` do, by their arguments."""

import pytest

from spawngate.command.tools.windows_files import READERS
from tests.command.told import acts, tried

CASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Remove-Item -Recurse -Force build", ("delete-tree",)),
    ("del /s /q build", ("delete-tree",)),
    ("Get-Content a", ()),
    ("Set-Content -Path a -Value b", ()),
    ("Get-ChildItem env:", ("environment-dump",)),
    ("reg query HKCU", ()),
    ('reg add "HKCU\\\\Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run" /v a', ("registry-run",)),
    ('reg save "HKLM\\\\SAM" a', ("hash-dump",)),
    ('reg delete "HKLM\\\\Software\\\\x" /f', ("registry-delete",)),
    ("icacls a /grant everyone:F", ("mode-change", "world-writable")),
    ("robocopy a b /mir", ("delete-tree",)),
)


@pytest.mark.parametrize(("command", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_acts(command: str, expected: tuple[str, ...]) -> None:
    assert acts(command) == expected


def test_readers_survive_anything() -> None:
    """No arguments, odd ones and many: a reader says something or nothing, and never raises."""
    for program in READERS:
        for words in (
            (),
            ("-",),
            ("--",),
            ("-x", "-x"),
            ("=", ":", "@"),
            ("a", "b:c", "http://["),
            ("-" * 9, "$x", "*"),
        ):
            assert isinstance(tried(program, words), tuple)
