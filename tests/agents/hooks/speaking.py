"""How the tests of dialects speak: one payload in, one whole call out; one decision in, one whole answer out."""

import json
from collections.abc import Mapping
from functools import cache

from spawngate.agents import load_agent
from spawngate.agents.hooks.dialect import Hook
from spawngate.model.call import HookReply, ToolCall, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json

DENY = Decision(Verdict.DENY, reasons=("block-it",), message="It deletes a home folder.")
ASK = Decision(Verdict.ASK, reasons=("ask-first",), message="It publishes a package.")
LOG = Decision(Verdict.LOG, reasons=("note",), message="Noted.")
ALLOW = Decision(Verdict.ALLOW)
MONITORED = Decision(Verdict.DENY, reasons=("block-it",), message="It deletes a home folder.", mode=Mode.MONITOR)

TAIL = (
    "Do not try another way to the same end. A person can look at it with `spawngate audit tail`, "
    "and allow it by a policy or with `spawngate approve`."
)


@cache
def hook_of(agent: str) -> Hook:
    """The agent's hook, which it must have."""
    hook = load_agent(agent).hook
    assert hook is not None
    return hook


def decoded(agent: str, payload: Json, environment: Mapping[str, str] | None = None) -> ToolCall:
    """The call that a payload becomes."""
    return hook_of(agent).decode(json.dumps(payload).encode(), environment or {})


def answered(agent: str, decision: Decision, call: ToolCall | None) -> HookReply:
    """The answer that a decision becomes."""
    return hook_of(agent).encode(decision, call)


def refused(what: str = "this command") -> str:
    """Words of `DENY`."""
    return f"Spawngate refused {what}. It deletes a home folder. (policy block-it) {TAIL}"


def stopped(what: str = "this command") -> str:
    """Words of `ASK` where the agent cannot ask."""
    return (
        f"Spawngate stopped {what}: a person has to approve it, and this agent cannot ask one here. "
        f"It publishes a package. (policy ask-first) {TAIL}"
    )


def asked(what: str = "this command") -> str:
    """Words of `ASK` where the agent asks."""
    tail = "Where nobody answers it is refused; then do not try another way to the same end."
    return f"Spawngate asks before {what}. It publishes a package. (policy ask-first) {tail}"


def line(value: Json) -> HookReply:
    """An answer that is one JSON object on a line."""
    return HookReply(stdout=json.dumps(value, separators=(",", ":")).encode() + b"\n")


def nested(verdict: str, reason: str) -> HookReply:
    """An answer in Claude Code's form."""
    return line(
        {
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": verdict,
                "permissionDecisionReason": reason,
            }
        }
    )


def exit_2(reason: str) -> HookReply:
    """An answer by exit code."""
    return HookReply(stderr=reason.encode() + b"\n", exit_code=2)


SILENT = HookReply()
EMPTY = HookReply(stdout=b"{}\n")


def answers(agent: str, call: ToolCall | None) -> list[HookReply]:
    """Answers to all decisions that could stop anything: deny, ask; then those that never do: log, allow, monitored."""
    return [answered(agent, decision, call) for decision in (DENY, ASK, LOG, ALLOW, MONITORED)]


CLAUDE_SHAPED: Json = {
    "session_id": "s",
    "cwd": "/w",
    "hook_event_name": "PreToolUse",
    "tool_name": "Bash",
    "tool_input": {"command": "ls"},
    "tool_use_id": "t",
}
"""What agents send that copy Claude Code's payload."""


def claude_shaped_call(agent: str) -> ToolCall:
    """The call that `CLAUDE_SHAPED` becomes."""
    return ToolCall(
        agent=agent,
        event_name="PreToolUse",
        session="s",
        cwd="/w",
        call="t",
        tool="Bash",
        kind=ToolKind.SHELL,
        commands=("ls",),
        input={"command": "ls"},
    )


def nested_refusals(what: str = "this command") -> list[HookReply]:
    """`answers` of an agent that speaks Claude Code's form and cannot ask."""
    return [nested("deny", refused(what)), nested("deny", stopped(what)), SILENT, SILENT, SILENT]


def plugin_answers(what: str = "this command", *, asks: bool) -> list[HookReply]:
    """`answers` to one of our own plugins, which speak one form."""
    second = {"verdict": "ask", "reason": asked(what)} if asks else {"verdict": "deny", "reason": stopped(what)}
    return [line({"verdict": "deny", "reason": refused(what)}), line(second), *[line({"verdict": "none"})] * 3]
