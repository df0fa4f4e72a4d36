"""Calls that change agents' files, the files before, and the outcomes."""

import json

from spawngate.command.calls import Understood, understand_call
from spawngate.command.context import CallContext, context_of
from spawngate.configuration.files import MISSING, Content, Present
from spawngate.configuration.outcome import Outcome, outcome_of
from spawngate.model.call import Edit, ToolCall, ToolKind

HOME = "/home/dev"
MCP = "/home/dev/p/.mcp.json"
SETTINGS = "/home/dev/.claude/settings.json"
FILES: dict[str, Content] = {
    MCP: b'{"mcpServers": {"a": {"command": "npx", "args": ["-y", "a"]}}}\n',
    SETTINGS: b'{\n  "theme": "dark"\n}\n',
}


def present(path: str) -> Content:
    return FILES.get(path, MISSING)


def shell(command: str) -> ToolCall:
    return ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(command,), cwd="/home/dev/p")


def write(path: str, content: str | None, old: str | None = None) -> ToolCall:
    edits = (Edit(path, old, content),)
    return ToolCall("claude-code", "Write", ToolKind.WRITE, paths=(path,), edits=edits, cwd="/home/dev/p")


def outcome(call: ToolCall, reader: Present = present) -> tuple[Outcome, Understood, CallContext]:
    context = context_of(call, home=HOME)
    understood = understand_call(call, context)
    return outcome_of(call, understood, context, reader), understood, context


SERVER = json.dumps({"mcpServers": {"a": {"command": "npx", "args": ["-y", "a"]}, "b": {"command": "evil"}}})
