"""What the shipped `baseline` stops and lets pass: attacks and siblings, what developers do that looks alike.

One line of `tests/fixtures/siblings.txt` is a command, or the JSON of a call; `stop` is denied or asked, `pass` is not.
Every line was written from public knowledge (MITRE ATT&CK, manuals, advisories), tried, and kept: a rule that is made
narrower, or a fact that gets lost, shows here.
"""

import json

import pytest

from spawngate.model.decision import Verdict
from tests.policy.labelled import lines_of, parts_of, verdict_of

LINES = lines_of("siblings.txt")
PARTS = parts_of(LINES)


def _request(text: str) -> dict[str, object]:
    if text.startswith('{"'):
        value: dict[str, object] = json.loads(text)
        return value
    return {"command": text.replace("\\n", "\n") if "<<" in text else text}


@pytest.mark.parametrize("part", PARTS)
def test_siblings(part: str) -> None:
    wrong = []
    for line in PARTS[part]:
        expected, _, text = line.partition(" ")
        verdict = verdict_of(_request(text))
        if (verdict in (Verdict.DENY, Verdict.ASK)) is not (expected == "stop"):
            wrong.append(f"{verdict.value}: {line}")
    assert wrong == []


def test_enough_of_both() -> None:
    assert sum(line.startswith("stop ") for line in LINES) >= 2200
    assert sum(line.startswith("pass ") for line in LINES) >= 500
    assert {line.partition(" ")[0] for line in LINES} == {"#", "stop", "pass"}
