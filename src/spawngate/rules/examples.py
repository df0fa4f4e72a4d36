"""Running the examples that a rule carries.

Belongs here: facts from an example, and the list of examples a rule gets wrong. Used by the tests of the shipped rules
and by whoever writes rules of their own.
Must not be here: the form of an example (`rules.rule`).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from spawngate.agents import load_agent
from spawngate.agents.hooks.dialect import HookInputError
from spawngate.command.call_facts import CallFacts
from spawngate.command.calls import Understood, understand_call
from spawngate.command.context import context_of
from spawngate.command.inventory import InventoryView, ServerView
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.understand import understand
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.call import ToolCall, ToolKind
from spawngate.rules.artifact_facts import ArtifactFacts, artifact_facts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.rule import Example, Rule
from spawngate.rules.tool_facts import ToolFacts, instruction_facts, tool_facts

Facts = LaunchFacts | ArtifactFacts | EndpointFacts | SpawnFacts | CallFacts | ChangeFacts | ToolFacts
_KINDS: Mapping[str, Callable[..., Facts]] = {
    "launch": LaunchFacts,
    "artifact": ArtifactFacts,
    "endpoint": EndpointFacts,
    "spawn": SpawnFacts,
    "call": CallFacts,
    "change": ChangeFacts,
    "tool": ToolFacts,
}
_SEQUENCES: Mapping[str, Callable[[list[str]], Any]] = {"present": frozenset, "writable_by_others": tuple}


def facts_of(subject: str, example: Example) -> tuple[Facts, ...]:
    """The facts that an example states, or that are established from what it gives. A command has facts for each spawn.

    Raises ValueError for what no agent would send.
    """
    if example.facts is not None:
        return (_KINDS[subject](**example.facts),)
    raw = example.raw or {}
    if subject == "artifact":
        return (artifact_facts(artifact_of(raw)),)
    if subject == "tool":
        text, others = raw.get("instructions"), raw.get("others", {})
        if text is not None:
            return (instruction_facts("example", str(text), others=others),)
        return (tool_facts("example", raw.get("definition", {}), others=others),)
    if subject in ("spawn", "call"):
        understood = call_of(raw, example.platform)
        return understood.spawns if subject == "spawn" else (understood.call,)
    around = {
        name: _SEQUENCES[name](v) if name in _SEQUENCES else v for name, v in (example.surroundings or {}).items()
    }
    return (understand(from_mapping(raw, example.platform), Surroundings(**around)),)


def wrong_examples(rule: Rule) -> tuple[str, ...]:
    """Names of the examples for which the rule says the opposite of what it must, or that cannot be run."""
    wrong: list[str] = []
    for example in rule.examples:
        try:
            matched = any(map(rule.matcher.test, facts_of(rule.subject, example)))
        except (TypeError, ValueError) as error:
            wrong.append(f"{example.name}: {error}")
            continue
        if matched is not example.matches:
            wrong.append(f"{example.name}: {'matched' if matched else 'did not match'}")
    return tuple(wrong)


def call_of(raw: Mapping[str, Any], platform: str) -> Understood:
    """What is established about the command or call that an example gives. Raises ValueError for what no agent
    sends."""
    agent, cwd = raw.get("agent", "claude-code"), raw.get("cwd", "/home/dev/project")
    if "command" in raw:
        dialect = raw.get("dialect", "posix")
        call = ToolCall(agent, "Bash", ToolKind.SHELL, commands=(raw["command"],), dialect=dialect, cwd=cwd)
    else:
        hook = load_agent(agent).hook
        if hook is None:
            raise ValueError(f"{agent} has no hook")
        payload = raw.get("payload") or {
            "hook_event_name": "PreToolUse",
            "tool_name": raw["tool"],
            "tool_input": raw.get("input", {}),
            "cwd": cwd,
        }
        try:
            call = hook.decode(json.dumps(payload).encode(), {})
        except HookInputError as error:
            raise ValueError(str(error)) from None
    servers = {name: ServerView(name, **_view(item)) for name, item in raw.get("servers", {}).items()}
    context = context_of(
        call,
        home=raw.get("home", "/home/dev"),
        project=raw.get("project", ""),
        platform=platform,  # type: ignore[arg-type]  # the rule's reader checked it
        inventory=InventoryView(servers, complete="servers" in raw),
    )
    return understand_call(call, context)


def _view(item: Mapping[str, Any]) -> dict[str, Any]:
    """A server of an example's inventory: lists become tuples and sets."""
    view = dict(item)
    if "capabilities" in view:
        view["capabilities"] = tuple(view["capabilities"])
    if "hints" in view:
        view["hints"] = {tool: frozenset(words) for tool, words in view["hints"].items()}
    return view


def artifact_of(raw: Mapping[str, Any]) -> Artifact:
    """The artifact that an example describes. Raises ValueError for a kind, scope or state that does not exist."""
    launch = raw.get("launch")
    return Artifact(
        kind=Kind(raw.get("kind", "")),
        id="example",
        fingerprint="example",
        agent=raw.get("agent", "claude-code"),
        scope=Scope(raw.get("scope", "user")),
        name=raw.get("name", "example"),
        path=raw.get("path", "/home/dev/example"),
        status=Status(raw.get("status", "enabled")),
        detail=raw.get("detail", {}),
        launch=Launch(
            transport=Transport(launch.get("transport", "stdio")),
            command=launch.get("command"),
            args=tuple(launch.get("args", ())),
            url=launch.get("url"),
            header_command=launch.get("header_command"),
        )
        if isinstance(launch, Mapping)
        else None,
    )
