"""Constant programs of raw process calls: which of them can start an MCP server at all.

Belongs here: reading the first word that a call names, as far as it is written there, and the launchers and
interpreters that run what their arguments name. `git clone <url>` beside an MCP client is no launch of a server;
`npx <package>` is.
Must not be here: which calls start processes (`models`), and values that are not constant (`slicer`).
"""

import re

from spawngate.codescan import ir
from spawngate.codescan.models.match import select
from spawngate.codescan.models.model import Form, SinkModel, Slot
from spawngate.codescan.walk import last_name

_launcher_words = """
npx npm pnpm pnpx yarn bunx bun deno node nodejs tsx ts-node corepack
uvx uv pipx pip python python3 pypy pypy3 py poetry hatch pdm rye conda mamba pixi micromamba
sh bash dash zsh ksh ash fish busybox cmd powershell pwsh env sudo doas su nohup setsid nice timeout stdbuf xargs script
docker podman nerdctl container docker-compose kubectl helm nsenter chroot bwrap firejail wsl ssh
java javaw jbang kotlin scala mvn gradle ruby gem bundle perl php composer lua dotnet mono go cargo rustc swift
osascript open start rundll32 wscript cscript mshta supergateway mcp-proxy mcp-remote mcp fastmcp npm-cli
"""
LAUNCHERS = frozenset(_launcher_words.split())
"""Programs that run what their arguments name."""
_SUFFIX = re.compile(r"\.(exe|cmd|bat|ps1|com)$")
_VERSION = re.compile(r"(?<=[a-z])[\d.]+$")
_LISTS = frozenset(["of", "asList", "vec!", "vec", "list", "tuple", "Array", "from"])
_MAX_STEPS = 20


def runs_its_arguments(word: str) -> bool:
    """Whether a program of that name, or at that path, runs what its arguments name."""
    name = _SUFFIX.sub("", word.strip().strip("\"'").replace("\\", "/").rpartition("/")[2].lower())
    return name in LAUNCHERS or _VERSION.sub("", name) in LAUNCHERS


def is_other_program(call: ir.Call, model: SinkModel) -> bool:
    """Whether a raw process call starts a constant program that runs nothing its arguments name.

    False where the program is not written as a constant in the call itself.
    """
    words = [
        word for slot in model.slots for expression, left in select(call, slot.at) if not left
        for word in [_first_word(expression, slot.slot, slot.form)] if word != _ABSENT
    ]  # fmt: skip
    return bool(words) and all(word is not None and not runs_its_arguments(word) for word in words)


_SERVING = re.compile(r"mcp|server|stdio|launch|install|connect", re.IGNORECASE)


def is_work_of_a_tool(source_model: str, functions: tuple[str, ...]) -> bool:
    """Whether a raw process call is what a tool does for the model (`run_command`, `render_graph`).

    The arguments of a program's own tools reach a process, and neither the tool nor the function around the call is
    about servers by its name (`functions`, qualified): nothing then says that a server is started.
    """
    is_tool = source_model.rpartition(".")[2].startswith("tool")
    return is_tool and not any(_SERVING.search(name.rpartition(".")[2]) for name in functions)


_ABSENT = "\0"


def _first_word(expression: ir.Expression, slot: Slot, form: Form) -> str | None:
    """The constant word; None where it is not constant, `_ABSENT` where the slot names no program."""
    if form is Form.BUILDER:
        return _of_builder(expression)
    if slot is not Slot.COMMAND:
        return _ABSENT
    if form is Form.ARGV and isinstance(expression, ir.Sequence):
        return _text(expression.items[0]) if expression.items else None
    if form is Form.ARGV and isinstance(expression, ir.Call) and last_name(expression.callee) in _LISTS:
        return _text(expression.args[0].value) if expression.args and not expression.args[0].spread else None
    text = _text(expression)
    if form is Form.LINE and isinstance(expression, ir.Format):
        first = _text(expression.parts[0]) if expression.parts else None
        text = first if first is not None and len(first.split()) and re.search(r"\S\s", first) else None
    if text is not None and form is Form.LINE:
        return None if re.search(r"[;&|`$()<>\n]", text) or not text.split() else text.split()[0]
    return text


def _of_builder(expression: ir.Expression) -> str | None:
    """`git` of `Command::new("git").arg(x)`."""
    for _ in range(_MAX_STEPS):
        if not isinstance(expression, ir.Call):
            return None
        if last_name(expression.callee) == "new":
            return _text(expression.args[0].value) if expression.args else None
        if not isinstance(expression.callee, ir.Attribute):
            return None
        expression = expression.callee.base
    return None


def _text(expression: ir.Expression) -> str | None:
    return (
        expression.value if isinstance(expression, ir.Literal) and isinstance(expression.value, str) else None
    ) or None
