"""Answers of a hook in the shapes that agents share: what to print and how to exit for each decision.

Belongs here: when a decision takes effect at all, and one function per shape of answer that makes an encoder. Every
shape prints one JSON object or nothing: text in front of it lets the call through in every agent that was measured.
Must not be here: which agent takes which shape (`agents.hooks.dialects`), and the wording (`agents.hooks.words`).
"""

import json
from collections.abc import Callable, Mapping

from spawngate.agents.hooks.dialect import Encode
from spawngate.agents.hooks.words import question, refusal
from spawngate.model.call import HookEvent, HookReply, ToolCall
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json

SILENT = HookReply()
"""Nothing printed, exit code 0: no opinion in most agents."""

EMPTY = HookReply(stdout=b"{}\n")
"""An empty object: no opinion where an agent wants an object."""

_DECIDED = (HookEvent.BEFORE_TOOL, HookEvent.PERMISSION)

Write = Callable[[Verdict, str, ToolCall | None], HookReply]
"""Writes a refusal or a question with its text."""


def effect(decision: Decision, call: ToolCall | None, *, asks: bool) -> Verdict:
    """What the agent is told: DENY, ASK, or ALLOW for no opinion.

    Monitoring, `log` and `allow` are no opinion, and so is every event at which nothing is about to run. Where an agent
    cannot ask, a question is a refusal; where it is asking its user already, a question is left to it.
    """
    if decision.mode is Mode.MONITOR or decision.verdict in (Verdict.ALLOW, Verdict.LOG):
        return Verdict.ALLOW
    if call is not None and call.event not in _DECIDED:
        return Verdict.ALLOW
    if decision.verdict is Verdict.ASK:
        if call is not None and call.event is HookEvent.PERMISSION:
            return Verdict.ALLOW
        return Verdict.ASK if asks else Verdict.DENY
    return Verdict.DENY


def encoder(
    write: Write, *, nothing: HookReply = SILENT, asks: Callable[[ToolCall | None], bool] | bool = False
) -> Encode:
    """An encoder: `nothing` for no opinion, `write` for the rest."""

    def encode(decision: Decision, call: ToolCall | None) -> HookReply:
        can_ask = asks if isinstance(asks, bool) else asks(call)
        verdict = effect(decision, call, asks=can_ask)
        if verdict is Verdict.ALLOW:
            return nothing
        text = question(decision, call) if verdict is Verdict.ASK else refusal(decision, call)
        return write(verdict, text, call)

    return encode


def printed(value: Mapping[str, Json], exit_code: int = 0) -> HookReply:
    """One JSON object on one line of ASCII, which no code page and no reader of lines can break."""
    return HookReply(stdout=json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n", exit_code=exit_code)


def nested(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """Claude Code's form: the decision under `hookSpecificOutput`; at PermissionRequest a `decision` object."""
    if call is not None and call.event is HookEvent.PERMISSION:
        return printed(
            {
                "hookSpecificOutput": {
                    "hookEventName": "PermissionRequest",
                    "decision": {"behavior": "deny", "message": text},
                }
            }
        )
    return printed(
        {
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": str(verdict),
                "permissionDecisionReason": text,
            }
        }
    )


def flat(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """`permissionDecision` at the top (Copilot CLI)."""
    return printed({"permissionDecision": str(verdict), "permissionDecisionReason": text})


def decision(*, deny: str = "deny", ask: str = "ask", extra: Mapping[str, Json] | None = None) -> Write:
    """`{"decision": ..., "reason": ...}` with the agent's own words for refusing and asking."""

    def write(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
        return printed({**(extra or {}), "decision": ask if verdict is Verdict.ASK else deny, "reason": text})

    return write


def exit_2(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """Exit code 2 with the reason on stderr, and nothing on stdout."""
    return HookReply(stderr=text.encode("utf-8") + b"\n", exit_code=2)
