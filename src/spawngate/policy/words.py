"""What a decision says to a person: what was refused or noticed, why, and how to go on.

Must not be here: the verdict (`policy.evaluate`), and the form in which an agent passes it on (`agents.hooks`).
"""

from collections.abc import Sequence

from spawngate.model.decision import Verdict
from spawngate.model.finding import Finding
from spawngate.policy.policies import Policy

_WORDS = {
    Verdict.DENY: "Refused",
    Verdict.ASK: "Needs a person's approval",
    Verdict.LOG: "Allowed and recorded",
    Verdict.ALLOW: "Allowed",
}


def message(
    verdict: Verdict, decided: Sequence[Policy], findings: Sequence[Finding], errors: Sequence[str] = ()
) -> str:
    """One or a few sentences. `findings` are those that counted, the gravest first."""
    word = _WORDS[verdict]
    if verdict is Verdict.ALLOW:
        return f"{word}."
    if findings and findings[0].severity.rank > 0:
        first = findings[0]
        return f"{word}: {first.message} {first.remediation}".strip()
    if errors:
        return f"{word}: {errors[0]}."
    if decided:
        return f"{word}: {decided[0].reason}"
    return f"{word}: no policy permits it."


def asked_instead(message: str) -> str:
    """The message of a refusal that a person is asked about instead."""
    return f"{_WORDS[Verdict.ASK]}{message.removeprefix(_WORDS[Verdict.DENY])}"


def from_elsewhere(sources: Sequence[str]) -> str:
    """What a person is told of a call that is made of text which the session has read: `KIND: source read ... ago`."""
    kind, _, source = sources[0].partition(": ")
    return (
        f"The {kind} comes from {source}, and from none of your prompts. "
        "Where you want it, say so in a prompt with the very words, or approve it."
    )
