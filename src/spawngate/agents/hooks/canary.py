"""Canaries: events as each agent sends them, about a command that does nothing, and what an answer to one means.

Belongs here: one payload shape for each agent's hook before a shell command, and reading an answer by holding it
against what the agent's own encoder would have said. Every payload is held against the agent's decoder by a test.
Must not be here: running anything (`endpoint.protect.trial`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from spawngate.agents.hooks.dialect import Hook
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json

DENIED = "spawngate-canary-deny"
"""Program that no machine has and that the shipped rules refuse wherever it stands."""
ALLOWED = "echo spawngate-canary-allow"
"""Command that nothing speaks against."""


class Answer(StrEnum):
    """What an agent does after an answer."""

    REFUSES = "refuses"
    ASKS = "asks"
    GOES_ON = "goes on"
    NOT_UNDERSTOOD = "not understood"
    """What an agent makes of it is not known; most go on."""


def _claude(tool: str, event: str = "PreToolUse") -> Callable[[str, str, str], Mapping[str, Json]]:
    def shape(command: str, session: str, cwd: str) -> Mapping[str, Json]:
        return {
            "session_id": session,
            "cwd": cwd,
            "hook_event_name": event,
            "tool_name": tool,
            "tool_input": {"command": command},
            "tool_use_id": f"call-{session}",
        }

    return shape


def _antigravity(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {
        "hookEventName": "PreToolUse",
        "conversationId": session,
        "workspacePaths": [cwd],
        "stepIdx": 1,
        "toolCall": {"name": "run_command", "args": {"CommandLine": command, "Cwd": cwd}},
    }


def _camel(tool: str) -> Callable[[str, str, str], Mapping[str, Json]]:
    def shape(command: str, session: str, cwd: str) -> Mapping[str, Json]:
        return {"sessionId": session, "timestamp": 0, "cwd": cwd, "toolName": tool, "toolArgs": {"command": command}}

    return shape


def _cline(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {
        "clineVersion": "",
        "hookName": "tool_call",
        "taskId": session,
        "workspaceRoots": [cwd],
        "tool_call": {"id": f"call-{session}", "name": "run_commands", "input": {"commands": [command]}},
        "preToolUse": {"toolName": "run_commands", "parameters": {"commands": json.dumps([command])}},
    }


def _cursor(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {
        "conversation_id": session,
        "generation_id": f"call-{session}",
        "session_id": session,
        "hook_event_name": "beforeShellExecution",
        "workspace_roots": [cwd],
        "command": command,
        "cwd": cwd,
    }


def _event(tool: str) -> Callable[[str, str, str], Mapping[str, Json]]:
    def shape(command: str, session: str, cwd: str) -> Mapping[str, Json]:
        return {
            "event": "PreToolUse",
            "session_id": session,
            "cwd": cwd,
            "working_dir": cwd,
            "tool_name": tool,
            "tool_input": {"command": command},
        }

    return shape


def _grok(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {
        "hookEventName": "pre_tool_use",
        "sessionId": session,
        "cwd": cwd,
        "toolName": "run_terminal_command",
        "toolInput": {"command": command},
    }


def _openhands(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {
        "event_type": "pre_tool_use",
        "session_id": session,
        "working_dir": cwd,
        "tool_name": "terminal",
        "tool_input": {"command": command},
    }


def _reasonix(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {"event": "PreToolUse", "cwd": cwd, "toolName": "run_command", "toolArgs": {"command": command}}


def _windsurf(command: str, session: str, cwd: str) -> Mapping[str, Json]:
    return {
        "agent_action_name": "pre_run_command",
        "trajectory_id": session,
        "execution_id": f"call-{session}",
        "tool_info": {"command_line": command, "cwd": cwd},
    }


def _plugin(tool: str, argument: str = "command") -> Callable[[str, str, str], Mapping[str, Json]]:
    def shape(command: str, session: str, cwd: str) -> Mapping[str, Json]:
        return {
            "hook_event_name": "tool.execute.before",
            "tool_name": tool,
            "tool_input": {argument: command},
            "session_id": session,
            "tool_use_id": f"call-{session}",
            "cwd": cwd,
        }

    return shape


SHAPES: Mapping[str, Callable[[str, str, str], Mapping[str, Json]]] = {
    "abacus": _claude("Bash"),
    "amazon-q-cli": _claude("execute_bash", "preToolUse"),
    "amp": _plugin("Bash", "cmd"),
    "antigravity": _antigravity,
    "augment": _claude("launch-process"),
    "claude-code": _claude("Bash"),
    "cline": _cline,
    "codebuddy": _claude("Bash"),
    "codex-cli": _claude("Bash"),
    "copilot-cli": _camel("bash"),
    "crush": _event("bash"),
    "cursor": _cursor,
    "deepagents-cli": _claude("Bash"),
    "devin-cli": _claude("exec"),
    "factory-droid": _claude("Execute"),
    "gemini-cli": _claude("run_shell_command", "BeforeTool"),
    "goose": _event("developer__shell"),
    "grok-build": _grok,
    "hermes": _claude("terminal", "pre_tool_call"),
    "junie": _claude("Bash"),
    "kilo-code": _plugin("bash"),
    "kimi-code": _claude("Bash"),
    "kiro": _claude("execute_bash", "preToolUse"),
    "mistral-vibe": _claude("bash", "pre_tool"),
    "openclaw": _plugin("exec"),
    "opencode": _plugin("bash"),
    "openhands": _openhands,
    "pi": _plugin("bash"),
    "qoder": _claude("Bash"),
    "qwen-code": _claude("run_shell_command"),
    "reasonix": _reasonix,
    "trae": _claude("RunCommand"),
    "vscode": _claude("run_in_terminal"),
    "windsurf": _windsurf,
}
"""By agent: the event before a shell command, from command, session and folder."""

LOGIN_SHELL = frozenset({"codex-cli"})
"""Agents that start the hook through the user's login shell, whose profile can spoil an answer."""


def payload(agent: str, command: str, session: str, cwd: str) -> bytes:
    """The event that the agent sends before it runs that command. Raises KeyError for an agent without a hook."""
    return json.dumps(SHAPES[agent](command, session, cwd)).encode("ascii") + b"\n"


def read_answer(hook: Hook, reply: HookReply, call: ToolCall | None) -> Answer:
    """What the agent does after that answer."""
    found = _shape(reply)
    meanings = (
        (Verdict.DENY, Answer.REFUSES),
        (Verdict.ASK, Answer.ASKS),
        (Verdict.ALLOW, Answer.GOES_ON),
    )
    for verdict, answer in meanings:
        if _shape(hook.encode(Decision(verdict, mode=Mode.ENFORCE, message="because of it"), call)) == found:
            return answer
    return Answer.NOT_UNDERSTOOD


def text_of(reply: HookReply) -> str:
    """Everything that an answer says in words."""
    return (reply.stdout + b" " + reply.stderr).decode("utf-8", "replace")


def _shape(reply: HookReply) -> tuple[int, object, bool]:
    """Exit code, printed object without its prose, and whether stderr says something."""
    text = reply.stdout.strip()
    try:
        value = json.loads(text) if text else ""
    except (ValueError, RecursionError):
        return reply.exit_code, text, bool(reply.stderr.strip())
    return reply.exit_code, _without_prose(value), bool(reply.stderr.strip())


def _without_prose(value: object) -> object:
    if isinstance(value, str):
        return "*" if " " in value else value
    if isinstance(value, Mapping):
        return {key: _without_prose(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_without_prose(item) for item in value]
    return value
