"""Decisions' records as questions."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.decision import Verdict
from spawngate.model.json import Json
from spawngate.policy.question import Question
from spawngate.trail.asked import recorded

EVENT: dict[str, Json] = {
    "type": "decision",
    "at": "2026-11-21T10:00:00.000000Z",
    "actor": {"agent": "cursor"},
    "call": {"tool": "Bash", "commands": ["rm -r /"], "programs": ["rm"]},
    "decision": {
        "verdict": "deny",
        "hits": [{"rule": "destructive", "severity": "high", "confidence": "high", "pack": ""}],
        "errors": ["one"],
    },
    "question": {"action": "shell"},
}


def test_a_decision_is_asked_as_it_was() -> None:
    found = recorded(EVENT, "e1")
    assert found is not None
    assert found.question == Question("cursor", "shell", tool="Bash", command="rm -r /", programs=("rm",))
    assert ([each.rule for each in found.findings], found.verdict, found.errors, found.place, found.endpoint) == (
        ["destructive"],
        Verdict.DENY,
        ("one",),
        "2026-11-21T10:00:00.000000Z",
        "e1",
    )


def test_what_holds_no_question_is_none() -> None:
    wrong: tuple[tuple[str, Json], ...] = (
        ("decision", None),
        ("decision", {"verdict": "perhaps"}),
        ("decision", {"verdict": "deny", "hits": 3}),
        ("decision", {"verdict": "deny", "hits": [{"rule": "x"}]}),
        ("question", None),
        ("call", "x"),
    )
    for name, value in wrong:
        assert recorded({**EVENT, name: value}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(EVENT)), JSON))
def test_any_record_is_read_or_none(changed: dict[str, object]) -> None:
    value = msgspec.json.decode(msgspec.json.encode({**EVENT, **changed}))
    found = recorded(value)
    assert found is None or isinstance(found.verdict, Verdict)
