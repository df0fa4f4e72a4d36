"""Which commands are looked into although they name no agent's file, and what is told of them."""

import pytest

from spawngate.configuration.unnamed import filled, may_write_unnamed
from tests.configuration.called import outcome, shell


@pytest.mark.parametrize(
    ("command", "may"),
    [
        ("git status", False),
        ("git commit -m x", False),
        ("git stash pop", True),
        ("git apply x.patch", True),
        ("patch -p1 < x", True),
        ("tar xf a.tar", True),
        ("python3 -m zipfile -e a.zip .", True),
        ("python3 manage.py migrate", False),
        ("python3 -c 'print(1)'", False),
        ("python3 -c 'open(p, \"w\")'", True),
        ("node -e 'console.log(1)'", False),
        ("julia -e 'write(p, x)'", True),
        ("cp -r a/. .", True),
        ("cp -r a b", False),
        ("sed 's/a/b/' f", False),
        ("sed 's/a/b/w out' f", True),
        ("npm test", False),
    ],
)
def test_what_is_looked_into(command: str, may: bool) -> None:
    _, understood, _ = outcome(shell(command))
    assert may_write_unnamed(understood) is may


@pytest.mark.parametrize(
    ("command", "reasons"),
    [
        ("cp -r /tmp/x ~/.claude/", ["program"]),
        ("git clone https://x.example/r ~/.claude/skills", ["version-control"]),
        ("rsync -a host:x ~/.cursor/", ["network"]),
        ("cp a.json ~/.claude/settings.json", []),
        ("cp -r /tmp/x build/", []),
    ],
)
def test_folders_of_agents_that_are_filled(command: str, reasons: list[str]) -> None:
    _, understood, context = outcome(shell(command))
    assert sorted({one.reason for one in filled(understood, context)}) == reasons
