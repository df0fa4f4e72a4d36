"""Who really calls: several agents also run the hook files of others, and must be answered in their own dialect, once.

The argument that a hook was registered with says in whose file it stands. An agent that runs that file although it is
not its own shows in the payload's shape, in the names of its tools and in variables that it sets for hooks. Only
agents known to run that file count, so nothing that a payload says can choose a foreign dialect. Sources:
https://cursor.com/docs/hooks (third-party hooks), https://code.visualstudio.com/docs/copilot/customization/hooks,
https://docs.github.com/en/copilot (CLI hooks reference), https://docs.devin.ai/cli/extensibility/hooks,
https://docs.x.ai/build/features/hooks, https://docs.trae.ai; payloads as Copilot CLI 1.0.102 sent them.
Must not be here: decoding of calls, memory of earlier ones (the daemon keeps the keys).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import astuple

from spawngate.agents.hooks.dialect import HookInputError, Payload
from spawngate.agents.hooks.payload import load
from spawngate.model.call import ToolCall
from spawngate.model.json import Json

RUNS: Mapping[str, tuple[str, ...]] = {
    "claude-code": ("cursor", "grok-build", "trae", "copilot-cli", "vscode", "devin-cli"),
    "cursor": ("grok-build",),
    "copilot-cli": ("vscode",),
    "vscode": ("copilot-cli",),
}
"""By the agent in whose file a hook stands, the agents that run the file too, surest sign first."""

ENVIRONMENT = ("COPILOT_CLI", "COPILOT_PROJECT_DIR", "DEVIN_PROJECT_DIR", "GROK_HOOK_EVENT", "TRAE_PROJECT_DIR")
"""Variables that are looked at."""

WINDOW = 5.0
"""Seconds within which two calls with a common key are one."""

_TWICE = frozenset({"cursor", "copilot-cli", "vscode", "grok-build", "devin-cli", "trae"})
"""Agents that raise two events for one call, or run several files, and do not always give the call's id."""

_VSCODE_TOOLS = frozenset(
    {
        "run_in_terminal",
        "read_file",
        "create_file",
        "replace_string_in_file",
        "multi_replace_string_in_file",
        "insert_edit_into_file",
        "apply_patch",
        "fetch_webpage",
        "editFiles",
        "runSubagent",
        "create_and_run_task",
        "list_dir",
        "grep_search",
        "file_search",
        "semantic_search",
    }
)
_DEVIN_TOOLS = frozenset({"exec", "read", "write", "edit", "webfetch", "run_subagent", "mcp_call_tool", "skill"})

Sign = Callable[[Mapping[str, Json], Mapping[str, str]], bool]


def _cursor(payload: Mapping[str, Json], environment: Mapping[str, str]) -> bool:
    return "cursor_version" in payload or ("generation_id" in payload and "conversation_id" in payload)


def _grok(payload: Mapping[str, Json], environment: Mapping[str, str]) -> bool:
    return "hookEventName" in payload and ("toolName" in payload or "GROK_HOOK_EVENT" in environment)


def _trae(payload: Mapping[str, Json], environment: Mapping[str, str]) -> bool:
    return "llm_tool_name" in payload or ("TRAE_PROJECT_DIR" in environment and not _is_claude(payload))


def _copilot(payload: Mapping[str, Json], environment: Mapping[str, str]) -> bool:
    if "toolName" in payload and "hookEventName" not in payload:
        return True
    named = "COPILOT_CLI" in environment or "COPILOT_PROJECT_DIR" in environment
    return named and "timestamp" in payload and not _is_claude(payload) and not _vscode(payload, environment)


def _vscode(payload: Mapping[str, Json], environment: Mapping[str, str]) -> bool:
    if "timestamp" not in payload or "hook_event_name" not in payload or _is_claude(payload):
        return False
    transcript = payload.get("transcript_path")
    stored = isinstance(transcript, str) and "workspaceStorage" in transcript
    return stored or _tool(payload) in _VSCODE_TOOLS


def _devin(payload: Mapping[str, Json], environment: Mapping[str, str]) -> bool:
    if "transcript_path" in payload or "timestamp" in payload:
        return False
    return "DEVIN_PROJECT_DIR" in environment or _tool(payload) in _DEVIN_TOOLS


def _tool(payload: Mapping[str, Json]) -> str:
    name = payload.get("tool_name")
    return name if isinstance(name, str) else ""


def _is_claude(payload: Mapping[str, Json]) -> bool:
    """Fields that only Claude Code itself sends together. Its processes inherit other agents' variables."""
    return "permission_mode" in payload and "transcript_path" in payload


_SIGNS: Mapping[str, Sign] = {
    "cursor": _cursor,
    "grok-build": _grok,
    "trae": _trae,
    "copilot-cli": _copilot,
    "vscode": _vscode,
    "devin-cli": _devin,
}


def opened(payload: bytes) -> Payload:
    """The payload decoded, for `caller` and the decoder behind it; as it is where it cannot be read."""
    try:
        return load(payload)
    except HookInputError:
        return payload


def caller(registered: str, payload: Payload, environment: Mapping[str, str]) -> str:
    """Id of the agent that calls. `registered` is the argument that the hook was registered with.

    An agent that does not know the exec form of Claude Code's file starts our client without an argument: an empty
    one is taken for Claude Code's. A payload that cannot be read gives the registered agent, whose decoder then says
    so.
    """
    owner = registered or "claude-code"
    others = RUNS.get(owner, ())
    if not others:
        return owner
    try:
        source = load(payload).source
    except HookInputError:
        return owner
    return next((agent for agent in others if _SIGNS[agent](source, environment)), owner)


def keys(call: ToolCall) -> tuple[str, ...]:
    """Keys of a call: two calls of `WINDOW` with a common key are one call that two hooks tell of. Ids and digests.

    Empty where the agent tells nothing by which its calls could be told apart.
    """
    found = []
    if call.call:
        # Ids are no secrets and of bounded length; the length in front keeps two from running into one another.
        found.append(f"{len(call.session)} {call.agent} {call.event.value} {call.session} {call.call}")
    if call.agent in _TWICE and (call.session or call.turn):
        edits = [list(astuple(item)) for item in call.edits]
        what: list[Json] = [
            [str(call.kind), call.server_tool],
            list(call.commands),
            [list(argv) for argv in call.argvs],
            list(call.paths),
            list(call.urls),
            edits,
            dict(call.input) if call.server_tool else None,
        ]
        found.append(_digest(["content", call.agent, call.session, call.turn, str(call.event), what]))
    return tuple(found)


def _digest(value: Json) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:32]
