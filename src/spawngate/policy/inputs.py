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
from typing import Any, cast

import msgspec

from spawngate.launch.definition import from_mapping
from spawngate.model.finding import Finding
from spawngate.policy.decider import Decided, Decider
from spawngate.policy.question import ACTIONS, Question
from spawngate.policy.replay import finding_of

FORMS = ("launch", "command", "tool", "payload", "question")


def decide_object(decider: Decider, value: object, *, platform: str = "linux", agent: str = "") -> Decided:
    """The decision about one object. Raises nothing: what cannot be understood is an error of the decision."""
    if not isinstance(value, Mapping):
        return unreadable(decider, agent, "the input is not a JSON object")
    named = value.get("agent")
    who = named if isinstance(named, str) and named else agent
    if "launch" in value:
        launch = value["launch"]
        if not isinstance(launch, Mapping):
            return unreadable(decider, who, 'the object needs a "launch" with a command or an address')
        return decider.launch(from_mapping(launch, platform, who))
    if "question" in value:
        return _question(decider, value, who)
    if any(key in value for key in ("command", "tool", "payload")):
        known = next(key for key in ("command", "tool", "payload") if key in value)
        return unreadable(decider, who, f"{known!r} cannot be judged yet; this version judges launches")
    return unreadable(decider, who, 'the object needs a "launch" with a command or an address')


def unreadable(decider: Decider, agent: str, problem: str) -> Decided:
    """The decision about something that could not be understood at all."""
    return decider.answer(Question(agent, "other"), (), (problem,))


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
