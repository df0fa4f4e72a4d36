"""Answers: when a decision takes effect, and that every answer is one object or nothing."""

import json

import pytest

from spawngate.agents.hooks.replies import EMPTY, SILENT, decision, effect, encoder, exit_2, flat, nested, printed
from spawngate.model.call import HookEvent, HookReply, ToolCall, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict

CALL = ToolCall("a", "Bash", ToolKind.SHELL)
PERMISSION = ToolCall("a", "Bash", ToolKind.SHELL, event=HookEvent.PERMISSION)
AFTER = ToolCall("a", "Bash", ToolKind.SHELL, event=HookEvent.AFTER_TOOL)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("event", list(HookEvent))
def test_effect(verdict: Verdict, event: HookEvent, asks: bool, mode: Mode) -> None:
    call = ToolCall("a", "Bash", ToolKind.SHELL, event=event)
    expected = Verdict.ALLOW
    if mode is Mode.ENFORCE and event in (HookEvent.BEFORE_TOOL, HookEvent.PERMISSION):
        if verdict is Verdict.DENY:
            expected = Verdict.DENY
        elif verdict is Verdict.ASK and event is HookEvent.BEFORE_TOOL:
            expected = Verdict.ASK if asks else Verdict.DENY
    assert effect(Decision(verdict, mode=mode), call, asks=asks) is expected


def test_a_call_that_was_not_understood_is_one_that_is_about_to_run() -> None:
    assert effect(Decision(Verdict.DENY), None, asks=True) is Verdict.DENY
    assert effect(Decision(Verdict.ASK), None, asks=True) is Verdict.ASK


def test_printed_is_one_line_of_ascii() -> None:
    assert printed({"reason": "caf\u00e9\n\u2028"}) == HookReply(b'{"reason":"caf\\u00e9\\n\\u2028"}\n')


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (flat, {"permissionDecision": "deny", "permissionDecisionReason": "why"}),
        (decision(), {"decision": "deny", "reason": "why"}),
        (decision(deny="block", extra={"version": 1}), {"version": 1, "decision": "block", "reason": "why"}),
        (
            nested,
            {
                "hookSpecificOutput": {
                    "hookEventName": "PreToolUse",
                    "permissionDecision": "deny",
                    "permissionDecisionReason": "why",
                }
            },
        ),
    ],
)
def test_shapes(write: object, expected: object) -> None:
    assert callable(write)
    reply = write(Verdict.DENY, "why", CALL)
    assert (json.loads(reply.stdout), reply.stderr, reply.exit_code) == (expected, b"", 0)


def test_question_words() -> None:
    reply = decision(ask="force_ask")(Verdict.ASK, "why", CALL)
    assert json.loads(reply.stdout) == {"decision": "force_ask", "reason": "why"}


def test_permission_request() -> None:
    assert json.loads(nested(Verdict.DENY, "why", PERMISSION).stdout) == {
        "hookSpecificOutput": {
            "hookEventName": "PermissionRequest",
            "decision": {"behavior": "deny", "message": "why"},
        }
    }


def test_exit_code() -> None:
    assert exit_2(Verdict.DENY, "why \u00e9", CALL) == HookReply(stderr="why \u00e9\n".encode(), exit_code=2)


def test_encoder_asks_where_the_call_lets_it() -> None:
    encode = encoder(decision(), nothing=EMPTY, asks=lambda call: call is CALL)
    question = Decision(Verdict.ASK)
    assert json.loads(encode(question, CALL).stdout)["decision"] == "ask"
    assert json.loads(encode(question, None).stdout)["decision"] == "deny"
    assert encode(question, AFTER) == EMPTY
    assert encoder(decision())(Decision(Verdict.LOG), CALL) == SILENT
