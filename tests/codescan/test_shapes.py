"""Shapes: which published cases a finding is like, and that every id is one of our own advisories."""

import json
from pathlib import Path

import pytest

from spawngate import advisories
from spawngate.codescan.finding import GuardStrength, GuardUse, SourceKind
from spawngate.codescan.shapes import SHAPES, explain, shapes_of

WEAK = GuardUse(GuardStrength.WEAK, "commands limited to {npx}", "a.py", 1, "if x")
TEXT = GuardUse(GuardStrength.WEAK, "text test for 'stdio'", "a.py", 1, "if x")
AUTH = GuardUse(GuardStrength.AUTH, "role of Depends(admin)", "a.py", 1, "Depends(admin)")


@pytest.mark.parametrize(
    ("source", "slots", "guards", "kind", "names"),
    [
        ("http", ["command"], [], "launch", ["anyone-may-start-servers", "signed-in-users-start-servers"]),
        ("http", ["command"], [AUTH], "launch", ["signed-in-users-start-servers"]),
        ("http", ["command"], [WEAK], "launch", ["allow-list-with-free-arguments", "signed-in-users-start-servers"]),
        ("http", ["command"], [TEXT], "launch", ["transport-test-passed-by", "allow-list-with-free-arguments"]),
        ("http", ["args[0]", "args"], [WEAK], "launch", ["allow-list-with-free-arguments", "free-arguments"]),
        ("http", ["args"], [AUTH], "launch", ["free-arguments", "signed-in-users-start-servers"]),
        ("http", ["command"], [], "registration", ["stored-and-started-later", "anyone-may-start-servers"]),
        ("ws", ["command"], [], "launch", ["page-starts-servers-by-websocket", "signed-in-users-start-servers"]),
        ("llm", ["definition"], [], "registration", ["agent-writes-its-configuration", "model-chooses-the-launch"]),
        ("llm", ["command"], [], "launch", ["model-chooses-the-launch"]),
        ("remote", ["command"], [], "launch", ["remote-answer-becomes-a-command"]),
        ("ipc", ["command"], [], "launch", ["link-or-message-starts-servers"]),
        ("plugin", ["command"], [], "launch", ["plugin-of-a-shared-workflow"]),
        ("file", ["command"], [], "launch", ["project-file-starts-servers"]),
        ("cli", ["args"], [], "launch", ["option-of-the-command-line"]),
        ("param", ["command"], [], "launch", []),
    ],
)
def test_shapes(source: str, slots: list[str], guards: list[GuardUse], kind: str, names: list[str]) -> None:
    assert [shape.name for shape in shapes_of(SourceKind(source), slots, guards, kind)] == names


def test_the_text_says_what_happened_to_others() -> None:
    assert explain("It runs.", SourceKind.CLI, ["command"], [], "launch") == (
        "It runs. PraisonAI split the value of its option --mcp and started it.",
        ("CVE-2026-34935",),
    )
    assert explain("It runs.", SourceKind.PARAM, ["command"], [], "launch") == ("It runs.", ())


def test_ids_are_in_our_own_database() -> None:
    data = json.loads((Path(str(advisories.__file__)).parent / "data" / "advisories.json").read_text())
    known = {each["id"] for each in data}
    assert {each for shape in SHAPES for each in shape.advisories} - known == set()


def test_names_are_unique() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)
