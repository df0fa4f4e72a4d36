"""Cursor's hooks, of the editor and of the CLI.

Sources, read 2026-11: https://cursor.com/docs/hooks, and a reading of the CLI bundle 2026.09.18. One shell command
raises both preToolUse and beforeShellExecution. `ask` is not enforced at preToolUse. An empty line instead of an
object at an event of permission is ignored, or blocks where the entry is closed, so an object is always printed.
"""

import shlex
from collections.abc import Mapping

from spawngate.agents.document import Platform
from spawngate.agents.hooks.decode import Payload, Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.payload import Reader
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import EMPTY, encoder, printed
from spawngate.model.artifact import Scope
from spawngate.model.call import HookEvent, HookReply, ToolCall
from spawngate.model.decision import Verdict
from spawngate.model.json import Json

_ASKING = ("beforeShellExecution", "beforeMCPExecution")
_DECIDING = ("preToolUse", "beforeShellExecution", "beforeMCPExecution", "beforeReadFile", "subagentStart")
_INFORMING = ("beforeSubmitPrompt", "postToolUse", "afterShellExecution", "afterMCPExecution", "sessionStart")
_LONGEST = 32_768
"""Characters of a line that is still taken apart into words."""

_COMMAND: dict[str, Json] = {"command": "{command}", "timeout": 10}


def reshape(source: Payload, reader: Reader) -> Payload:
    """Events of their own (a shell command, an MCP tool, a file, a sub-agent) as a call of a tool."""
    event = source.get("hook_event_name")
    if not isinstance(event, str):
        return source
    if event in ("beforeShellExecution", "afterShellExecution"):
        given: Mapping[str, Json] = {key: source[key] for key in ("command", "cwd") if key in source}
        return {**source, "tool_name": "Shell", "tool_input": given}
    if event in ("beforeMCPExecution", "afterMCPExecution"):
        name = reader.name(source, "tool_name")
        context: dict[str, Json] = {key: source[key] for key in ("url",) if key in source}
        line = source.get("command")
        if isinstance(line, str) and line:
            words = _words(line)
            context |= {"command": words[0], "args": words[1:]}
        named = name if name.startswith("MCP:") or not name else f"MCP:{name}"
        return {**source, "tool_name": named, "mcp_context": context}
    if event in ("beforeReadFile", "beforeTabFileRead"):
        return {**source, "tool_name": "Read", "tool_input": _fields(source, "file_path", "attachments")}
    if event in ("afterFileEdit", "afterTabFileEdit"):
        return {**source, "tool_name": "Write", "tool_input": _fields(source, "file_path", "edits")}
    if event == "subagentStart":
        given = _fields(source, "prompt", "task", "description", "subagent_type")
        return {**source, "tool_name": "Task", "tool_input": given}
    return source


def _words(line: str) -> list[str]:
    """The line that started a server, as words: Cursor writes program and arguments as one text."""
    if len(line) > _LONGEST:
        return [line]
    try:
        return shlex.split(line) or [line]
    except ValueError:
        return line.split() or [line]


def _fields(source: Payload, *names: str) -> Mapping[str, Json]:
    return {name: source[name] for name in names if name in source}


def write(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """The permission, for the agent and for its person."""
    return printed({"permission": str(verdict), "user_message": text, "agent_message": text})


def _asks(call: ToolCall | None) -> bool:
    return call is not None and call.event_name in _ASKING


_INSERTIONS = (
    Insertion(("version",), 1, how="set"),
    *(Insertion(("hooks", event), {**_COMMAND, "failClosed": True}, event=event) for event in _DECIDING),
    *(Insertion(("hooks", event), _COMMAND, event=event, needed=False) for event in _INFORMING),
)

_PLACES: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/cursor/hooks.json", ("linux",)),
    ("/Library/Application Support/Cursor/hooks.json", ("macos",)),
    ("%PROGRAMDATA%/Cursor/hooks.json", ("windows",)),
)

HOOK = Hook(
    decode=decoder(
        "cursor",
        Shape(
            mcp_form="cursor",
            reshape=reshape,
            # Here, unlike in its imitators, the start of a sub-agent can be refused.
            events={"subagentStart": HookEvent.BEFORE_TOOL},
        ),
    ),
    encode=encoder(write, nothing=EMPTY, asks=_asks),
    asks="no",
    environment=("CURSOR_PROJECT_DIR", "CURSOR_VERSION"),
    fails_closed=True,
    form="shell",
    mcp_form="cursor",
    registration=Registration(
        files=(
            HookFile("~/.cursor/hooks.json", Scope.USER, insertions=_INSERTIONS, dropped_whole=True, no_slashes=True),
            *(
                HookFile(template, Scope.MANAGED, insertions=_INSERTIONS, on=on, dropped_whole=True, no_slashes=True)
                for template, on in _PLACES
            ),
        ),
        fail_closed="failClosed",
    ),
    notes={
        "ask": "asked only at beforeShellExecution and beforeMCPExecution; preToolUse comes first and refuses",
        "cloud": "cloud agents run neither the user's hooks nor beforeMCPExecution",
    },
)
