"""What a decision says to a person."""

import pytest

from spawngate.model.decision import Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.policies import Policy
from spawngate.policy.words import from_elsewhere, message

FINDING = Finding("r", "T", Severity.HIGH, Confidence.HIGH, "It wipes a disk.", "Name a file.")
POLICY = Policy("p", "a.cedar", True, Verdict.DENY, "Not here.")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((Verdict.ALLOW, [], [FINDING]), "Allowed."),
        ((Verdict.DENY, [POLICY], [FINDING]), "Refused: It wipes a disk. Name a file."),
        ((Verdict.DENY, [POLICY], []), "Refused: Not here."),
        ((Verdict.ASK, [POLICY], [], ["it is no JSON"]), "Needs a person's approval: it is no JSON."),
        ((Verdict.DENY, [], []), "Refused: no policy permits it."),
        ((Verdict.LOG, [POLICY], [FINDING]), "Allowed and recorded: It wipes a disk. Name a file."),
    ],
)
def test_message(arguments: tuple[Verdict, list[Policy], list[Finding]], text: str) -> None:
    assert message(*arguments) == text


def test_from_elsewhere() -> None:
    assert from_elsewhere(("launch: web page https://a.example/x read 3 calls ago", "code: b")) == (
        "The launch comes from web page https://a.example/x read 3 calls ago, and from none of your prompts. "
        "Where you want it, say so in a prompt with the very words, or approve it."
    )
