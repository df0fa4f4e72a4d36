"""What the shipped `baseline` stops and lets pass: attacks and siblings, what developers do that looks alike.

One line of `tests/fixtures/siblings.txt` is a command, or the JSON of a call; `stop` is denied or asked, `pass` is not.
Every line was written from public knowledge (MITRE ATT&CK, manuals, advisories), tried, and kept: a rule that is made
narrower, or a fact that gets lost, shows here.
"""

import json
from pathlib import Path

import pytest

from spawngate.model.decision import Verdict
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object
from spawngate.redact.redactor import Redactor

DECIDER = Decider(Redactor(b"k" * 32), home="/home/dev")
LINES = (Path(__file__).parents[1] / "fixtures" / "siblings.txt").read_text(encoding="utf-8").splitlines()


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


def _request(text: str) -> dict[str, object]:
    if text.startswith('{"'):
        value: dict[str, object] = json.loads(text)
        return {"cwd": "/home/dev/project", **value}
    return {"command": text.replace("\\n", "\n") if "<<" in text else text, "cwd": "/home/dev/project"}


@pytest.mark.parametrize("part", PARTS)
def test_siblings(part: str) -> None:
    wrong = []
    for line in PARTS[part]:
        expected, _, text = line.partition(" ")
        verdict = decide_object(DECIDER, _request(text)).decision.verdict
        if (verdict in (Verdict.DENY, Verdict.ASK)) is not (expected == "stop"):
            wrong.append(f"{verdict.value}: {line}")
    assert wrong == []


def test_enough_of_both() -> None:
    assert sum(line.startswith("stop ") for line in LINES) >= 2200
    assert sum(line.startswith("pass ") for line in LINES) >= 500
    assert {line.partition(" ")[0] for line in LINES} == {"#", "stop", "pass"}
