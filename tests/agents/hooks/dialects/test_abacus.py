"""Abacus AI's payloads and answers: Claude Code's, but a question is refused."""

from tests.agents.hooks.speaking import CLAUDE_SHAPED, answers, claude_shaped_call, decoded, nested_refusals

AGENT = "abacus"


def test_payload() -> None:
    assert decoded(AGENT, CLAUDE_SHAPED) == claude_shaped_call(AGENT)


def test_answers() -> None:
    assert answers(AGENT, decoded(AGENT, CLAUDE_SHAPED)) == nested_refusals()
    assert answers(AGENT, None) == nested_refusals("this call")
