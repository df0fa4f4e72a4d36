"""What the shipped `baseline` stops and lets pass about agents, MCP servers and Spawngate itself: attacks with their
siblings, and what developers do that looks alike.

One line of `tests/fixtures/agent_siblings.txt` is a command, or the JSON of an object for `decide`; `stop` is denied or
asked, `pass` neither. Every line was written from public knowledge (agents' command-line references, tool lists of MCP
servers, MITRE ATT&CK, OWASP), tried, and kept: a rule that is made narrower, or a fact that gets lost, shows here.
"""

import json
from pathlib import Path

import pytest

from spawngate.model.decision import Verdict
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object
from spawngate.redact.redactor import Redactor

DECIDER = Decider(Redactor(b"k" * 32), home="/home/dev")
LINES = (Path(__file__).parents[1] / "fixtures" / "agent_siblings.txt").read_text(encoding="utf-8").splitlines()


def _parts(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    heading = ""
    for line in lines:
        if line.startswith("# "):
            heading = line[2:]
        else:
            found.setdefault(heading, []).append(line)
    return found


PARTS = _parts(LINES)


def _stopped(text: str) -> bool:
    asked = json.loads(text) if text.startswith('{"') else {"command": text}
    verdict = decide_object(DECIDER, {"cwd": "/home/dev/project", **asked}).decision.verdict
    return verdict in (Verdict.DENY, Verdict.ASK)


@pytest.mark.parametrize("part", PARTS)
def test_siblings(part: str) -> None:
    wrong = [line for line in PARTS[part] if _stopped(line.partition(" ")[2]) is not line.startswith("stop ")]
    assert wrong == []


def test_enough_of_both() -> None:
    assert sum(line.startswith("stop ") for line in LINES) >= 1800
    assert sum(line.startswith("pass ") for line in LINES) >= 1800
