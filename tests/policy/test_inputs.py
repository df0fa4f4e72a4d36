"""Objects to decide about: every form, and every way to be wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.decision import Verdict
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object, unreadable
from spawngate.policy.question import Question
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
        ({"command": 5}, Verdict.ASK, ('"command" must be a text',)),
        ({"command": "ls", "dialect": "tcl"}, Verdict.ASK, ('"dialect" must be one of posix, powershell, cmd',)),
        ({"payload": {}, "agent": "nobody"}, Verdict.ASK, ("'nobody' is no agent that is known",)),
        ({"payload": {}, "agent": "claude-desktop"}, Verdict.ASK, ("claude-desktop has no hook that could be used",)),
        ({"payload": [], "agent": "codex-cli"}, Verdict.ASK, None),
        ({"tool": 5}, Verdict.ASK, None),
        ({}, Verdict.ASK, ("the object needs one of launch, command, tool, payload, question",)),
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


@pytest.mark.parametrize(
    ("value", "question"),
    [
        (
            {"command": "sudo ls /srv", "cwd": "/srv", "agent": "crush"},
            Question("crush", "shell", tool="Bash", cwd="/srv", command="sudo ls /srv", programs=("ls",)),
        ),
        (
            {"tool": "Bash", "input": {"command": "ls"}, "agent": "crush", "permission_mode": "yolo"},
            Question("crush", "shell", tool="Bash", command="ls", programs=("ls",), permission_mode="yolo"),
        ),
        (
            {"agent": "codex-cli", "payload": {"tool_name": "Bash", "tool_input": {"command": "ls"}, "cwd": "/a"}},
            Question("codex-cli", "shell", tool="Bash", command="ls", programs=("ls",), cwd="/a"),
        ),
        (
            {"tool": "Read", "input": {"file_path": "/srv/a"}},
            Question("claude-code", "read", tool="Read", path="/srv/a", paths=("/srv/a",)),
        ),
        (
            {"tool": "mcp__notes__add", "input": {}},
            Question("claude-code", "mcp", tool="mcp__notes__add", server="notes", server_tool="add"),
        ),
    ],
)
def test_calls(value: dict[str, object], question: Question) -> None:
    """The fields that the forms fill in; facts have their own tests."""
    decided = decide_object(DECIDER, value)
    names = (
        "agent",
        "action",
        "tool",
        "cwd",
        "command",
        "programs",
        "permission_mode",
        "path",
        "server",
        "server_tool",
    )
    assert {name: getattr(decided.question, name) for name in names} == {
        name: getattr(question, name) for name in names
    }
    assert decided.decision.errors == ()


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
