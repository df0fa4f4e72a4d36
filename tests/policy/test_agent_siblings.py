"""What the shipped `baseline` stops and lets pass about agents, MCP servers and Spawngate itself: attacks with their
siblings, and what developers do that looks alike.

One line of `tests/fixtures/agent_siblings.txt` is a command, or the JSON of an object for `decide`; `stop` is denied or
asked, `pass` neither. Every line was written from public knowledge (agents' command-line references, tool lists of MCP
servers, MITRE ATT&CK, OWASP), tried, and kept: a rule that is made narrower, or a fact that gets lost, shows here.
"""

import json

import pytest

from spawngate.model.decision import Verdict
from tests.policy.labelled import lines_of, parts_of, verdict_of

LINES = lines_of("agent_siblings.txt")
PARTS = parts_of(LINES)


def _stopped(text: str) -> bool:
    asked = json.loads(text) if text.startswith('{"') else {"command": text}
    return verdict_of(asked) in (Verdict.DENY, Verdict.ASK)


@pytest.mark.parametrize("part", PARTS)
def test_siblings(part: str) -> None:
    wrong = [line for line in PARTS[part] if _stopped(line.partition(" ")[2]) is not line.startswith("stop ")]
    assert wrong == []


def test_enough_of_both() -> None:
    assert sum(line.startswith("stop ") for line in LINES) >= 1800
    assert sum(line.startswith("pass ") for line in LINES) >= 1800
