"""Objects to decide about: every form, and every way to be wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.decision import Verdict
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object, unreadable
from spawngate.redact.redactor import Redactor

DECIDER = Decider(Redactor(b"k" * 32))


@pytest.mark.parametrize(
    ("value", "verdict", "errors"),
    [
        ({"launch": {"command": "npx", "args": ["-y", "x-mcp@1.0.0"]}}, Verdict.ALLOW, ()),
        ({"question": {"action": "shell"}, "findings": [{"id": "a", "severity": "high"}]}, Verdict.DENY, ()),
        ({"question": {"action": "shell"}, "agent": "crush"}, Verdict.ALLOW, ()),
        ({"launch": 5}, Verdict.ASK, ('the object needs a "launch" with a command or an address',)),
        ({"question": {"action": "fly"}}, Verdict.ASK, None),
        ({"question": {"action": "shell", "severity": "x"}}, Verdict.ASK, None),
        ({"question": 5}, Verdict.ASK, None),
        ({"question": {"action": "shell"}, "findings": [{}]}, Verdict.ASK, None),
        ([], Verdict.ASK, ("the input is not a JSON object",)),
    ],
)
def test_forms(value: object, verdict: Verdict, errors: tuple[str, ...] | None) -> None:
    decision = decide_object(DECIDER, value).decision
    assert decision.verdict is verdict
    if errors is None:
        assert len(decision.errors) == 1
    else:
        assert decision.errors == errors


def test_the_agent_of_the_object_wins() -> None:
    value = {"question": {"action": "shell"}, "agent": "crush"}
    assert decide_object(DECIDER, value, agent="cursor").question.agent == "crush"
    assert decide_object(DECIDER, {"question": {"action": "shell"}}, agent="cursor").question.agent == "cursor"


def test_unreadable() -> None:
    decision = unreadable(DECIDER, "a", "no").decision
    assert (decision.verdict, decision.errors) == (Verdict.ASK, ("no",))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["launch", "command", "tool", "input", "agent", "payload", "question", "findings", "cwd"])


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_any_object_is_answered(value: dict[str, object]) -> None:
    assert decide_object(DECIDER, value).decision.verdict in tuple(Verdict)
