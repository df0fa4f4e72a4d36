"""The objects that `spawngate decide` and policy cases give to decide about, and which part decides each.

    {"launch": {"command": ..., "args": [...], "env": {...}, "cwd": ..., "url": ...}}   a launch definition
    {"command": "..."}                      a shell command (`dialect`: posix, powershell, cmd)
    {"tool": "...", "input": {...}}         a tool call in Claude Code's naming
    {"agent": "...", "payload": {...}}      a hook payload as that agent sends it
    {"question": {...}, "findings": [...]}  a question as the trail holds it

Beside each: `agent`, `cwd`, `permission_mode`.
Must not be here: parsing of JSON, files.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import msgspec

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.dialect import HookInputError
from spawngate.launch.definition import from_mapping
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.finding import Finding
from spawngate.policy.decider import Decided, Decider
from spawngate.policy.question import ACTIONS, Question
from spawngate.policy.replay import finding_of

FORMS = ("launch", "command", "tool", "payload", "question")
DIALECTS = ("posix", "powershell", "cmd")
NAMING = "claude-code"
"""The agent whose names of tools `tool` uses."""


def decide_object(decider: Decider, value: object, *, platform: str = "linux", agent: str = "") -> Decided:
    """The decision about one object. Raises nothing: what cannot be understood is an error of the decision."""
    if not isinstance(value, Mapping):
        return unreadable(decider, agent, "the input is not a JSON object")
    named = value.get("agent")
    who = named if isinstance(named, str) and named else agent
    form = next((form for form in FORMS if form in value), None)
    match form:
        case "launch":
            return _launch(decider, value["launch"], platform, who)
        case "command":
            return _command(decider, value, who)
        case "tool":
            return _tool(decider, value, who)
        case "payload":
            return _payload(decider, value["payload"], who)
        case "question":
            return _question(decider, value, who)
    return unreadable(decider, who, f"the object needs one of {', '.join(FORMS)}")


def unreadable(decider: Decider, agent: str, problem: str) -> Decided:
    """The decision about something that could not be understood at all."""
    return decider.answer(Question(agent, "other"), (), (problem,))


def _launch(decider: Decider, launch: object, platform: str, agent: str) -> Decided:
    if not isinstance(launch, Mapping):
        return unreadable(decider, agent, 'the object needs a "launch" with a command or an address')
    return decider.launch(from_mapping(launch, platform, agent))


def _command(decider: Decider, value: Mapping[str, Any], agent: str) -> Decided:
    text, dialect = value["command"], value.get("dialect", "posix")
    if not isinstance(text, str):
        return unreadable(decider, agent, '"command" must be a text')
    if dialect not in DIALECTS:
        return unreadable(decider, agent, f'"dialect" must be one of {", ".join(DIALECTS)}')
    return decider.decide(
        ToolCall(
            agent=agent,
            tool="PowerShell" if dialect == "powershell" else "Bash",
            kind=ToolKind.SHELL,
            commands=(text,),
            dialect=dialect,
            input={"command": text},
            cwd=_text(value, "cwd"),
            permission_mode=_text(value, "permission_mode"),
        )
    )


def _tool(decider: Decider, value: Mapping[str, Any], agent: str) -> Decided:
    """In Claude Code's naming, so by Claude Code's decoder; the call is another agent's where one is named."""
    if not isinstance(value["tool"], str):
        return unreadable(decider, agent, '"tool" must be a text')
    payload = {
        "hook_event_name": "PreToolUse",
        "tool_name": value["tool"],
        "tool_input": value.get("input", {}),
        "cwd": _text(value, "cwd"),
        "permission_mode": _text(value, "permission_mode"),
    }
    return _payload(decider, payload, NAMING, agent)


def _payload(decider: Decider, payload: object, agent: str, named: str = "") -> Decided:
    if agent not in AGENTS:
        return unreadable(decider, agent, f"{agent!r} is no agent that is known")
    hook = load_agent(agent).hook
    if hook is None:
        return unreadable(decider, agent, f"{agent} has no hook that could be used")
    try:
        call = hook.decode(msgspec.json.encode(payload), {})
    except HookInputError as error:
        return unreadable(decider, agent, str(error))
    except (TypeError, ValueError, RecursionError):
        return unreadable(decider, agent, "the payload is no JSON document")
    return decider.decide(replace(call, agent=named) if named else call)


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key, "")
    return found if isinstance(found, str) else ""


def _question(decider: Decider, value: Mapping[str, Any], agent: str) -> Decided:
    try:
        stated = {"agent": agent, **cast(Mapping[str, Any], value["question"])}
        question = msgspec.convert(stated, Question)
        findings: list[Finding] = [finding_of(item) for item in value.get("findings", ())]
    except (msgspec.ValidationError, TypeError, ValueError, KeyError) as error:
        return unreadable(decider, agent, f'"question" cannot be read ({error})')
    if question.action not in ACTIONS:
        return unreadable(decider, agent, f'"question": action must be one of {", ".join(ACTIONS)}')
    return decider.answer(question, findings)
