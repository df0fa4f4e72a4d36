"""What find, xargs and pipes of objects would add."""

import pytest

from spawngate.command.completed import completed
from spawngate.command.parse import read
from spawngate.model.call import Dialect


@pytest.mark.parametrize(
    ("command", "dialect", "expected"),
    [
        ("find /srv -name '*.log' -exec rm {} +", "posix", ("/srv/**/*.log",)),
        ("find /srv -type f | xargs rm -f", "posix", ("-f", "/srv")),
        ("echo a b | xargs rm", "posix", ("a", "b")),
        ("ls /srv | xargs rm", "posix", ("/srv/*",)),
        ("git ls-files | xargs rm", "posix", ()),
        (r"Get-ChildItem C:\x -Recurse | Remove-Item -Force", "powershell", ("-Force", r"C:\x")),
    ],
)
def test_words(command: str, dialect: Dialect, expected: tuple[str, ...]) -> None:
    program = read(command, dialect)
    at = next(at for at, spawn in enumerate(program.spawns) if spawn.program in ("rm", "remove-item"))
    spawn = program.spawns[at]
    assert completed(program, at, spawn.words, spawn.program) == expected
