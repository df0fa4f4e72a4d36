"""An agent that speaks a dialect of its own, a decider that reads its verdict from the command, and a daemon's parts.

The dialect is strict on purpose: a payload that is no JSON object with a text `run` is HookInputError.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from spawngate.agents.hooks.dialect import Hook, HookInputError, Payload
from spawngate.agents.hooks.payload import load
from spawngate.endpoint.daemon.service import Service
from spawngate.model.call import HookReply, ToolCall, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.policy.decider import Decided, Looked
from spawngate.policy.question import Question
from spawngate.policy.settings import PolicySettings
from spawngate.redact.redactor import Redactor

AGENT = "fake-agent"
REDACTOR = Redactor(b"k" * 32)


def decode(payload: Payload, environment: Mapping[str, str]) -> ToolCall:
    try:
        value = load(payload).source
        command = value["run"]
    except (HookInputError, KeyError):
        raise HookInputError("no run") from None
    if not isinstance(command, str):
        raise HookInputError("run is no text")
    return ToolCall(
        AGENT,
        "shell",
        ToolKind.SHELL,
        commands=(command,),
        cwd=environment.get("FAKE_CWD", ""),
        session=str(value.get("session", "s")),
        call=str(value.get("call", "")),
    )


def encode(decision: Decision, call: ToolCall | None) -> HookReply:
    if decision.mode is Mode.MONITOR or decision.verdict in (Verdict.ALLOW, Verdict.LOG):
        return HookReply()
    body = {"decision": decision.verdict.value, "reason": list(decision.reasons)}
    return HookReply(stdout=json.dumps(body).encode(), exit_code=0)


HOOK = Hook(decode, encode, environment=("FAKE_CWD",))


class Decides:
    """deny, ask, log: what the command's first word says; `crash` raises; everything else is allowed."""

    def rehearse(self, call: ToolCall) -> Decided:
        return self.conclude(call, self.look(call))

    def look(self, call: ToolCall) -> Looked | None:
        if call.commands[0].startswith("crash"):
            raise RuntimeError(f"a value of the call: {call.commands[0]}")
        return None

    def conclude(self, call: ToolCall, looked: Looked | None) -> Decided:
        word = (call.commands[0].split() or [""])[0]
        verdict = Verdict(word) if word in ("deny", "ask", "log") else Verdict.ALLOW
        reasons = () if verdict is Verdict.ALLOW else (f"because-{word}",)
        command = REDACTOR.command_line(call.commands[0]).text
        return Decided(
            Decision(verdict, reasons, policy="rev"), Question(call.agent, "shell", tool=call.tool, command=command)
        )


def find(agent: str) -> Hook | None:
    return HOOK if agent == AGENT else None


def service(settings: PolicySettings | None = None) -> Service:
    return Service(Decides(), REDACTOR, settings=settings, endpoint="e", user="ann", find=find)


def payload(command: str, **more: str) -> bytes:
    return json.dumps({"run": command, **more}).encode()


def socket_in(tmp_path: Path) -> Path:
    """A socket's path that is short enough."""
    return tmp_path / "d.sock"
