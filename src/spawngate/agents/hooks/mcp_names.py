"""Names of MCP tools in hooks: from one text to the server and its tool.

Eight forms are in use (`dialect.McpForm`). `_` is legal in names of servers and of tools, and agents replace what
they do not like in a name by `_`, so most forms can be split only with the list of configured servers: the longest
server whose name fits is taken, and where another fits too, that is said.
Must not be here: reading of payloads, and the inventory itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from spawngate.agents.hooks.dialect import McpForm
from spawngate.model.call import ToolCall, ToolKind

_SEPARATOR: dict[McpForm, str] = {
    "double": "__",
    "bare-double": "__",
    "prefixed": "_",
    "single": "_",
    "dash": "-",
    "at": "/",
}
_PREFIX: dict[McpForm, tuple[str, ...]] = {
    "double": ("mcp__",),
    "prefixed": ("mcp_",),
    "at": ("@",),
    "cursor": ("MCP:", "mcp:"),
}
_PLUGIN = "plugin_"
_LONGEST = 512
_CUT = re.compile(r"^(?=.*+$)(.{20,}?)_{2,3}(.{20,})$")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A server and its tool. Empty where the name says neither."""

    server: str = ""
    tool: str = ""
    others: tuple[str, ...] = ()
    """Further servers of the list whose name fits too: the choice is a guess."""
    known: bool = False
    """The server stands in the list."""


def resolve(form: McpForm, name: str, servers: Iterable[str] = ()) -> Resolved:
    """Server and tool of a name, against the names of the configured servers.

    Without a fitting server the forms that mark where the server ends are split there; the others give no server, and
    all after the prefix as the tool. A name that is not of the form gives nothing.
    """
    body = _body(form, name[:_LONGEST])
    if body is None:
        return Resolved()
    if form in ("cursor", "fields"):
        return Resolved(tool=body)
    separator = _SEPARATOR[form]
    fitting = sorted(
        {
            (len(prefix), server, body[len(prefix) :])
            for server in servers
            for prefix in _prefixes(server, body, separator)
        },
        key=lambda item: (-item[0], item[1] not in body, item[1]),
    )
    fitting = [item for item in fitting if item[2]]
    if fitting:
        _, server, tool = fitting[0]
        others = dict.fromkeys(other for _, other, _ in fitting[1:] if other != server)
        return Resolved(server, tool, tuple(others), known=True)
    if form in ("double", "bare-double", "at"):
        server, found, tool = body.partition(separator)
        if found and server and tool:
            return Resolved(server, tool)
    return Resolved(tool=body)


def is_mcp_name(form: McpForm, name: str) -> bool:
    """Whether the name alone says that it is a tool of an MCP server."""
    if name.startswith("mcp__") and len(name) > len("mcp__"):
        return True
    if form == "bare-double":
        server, found, tool = name.partition("__")
        return bool(found and server and tool)
    return form in _PREFIX and _body(form, name) is not None


def settle(call: ToolCall, form: McpForm, servers: Iterable[str]) -> ToolCall:
    """The call with the server of its MCP tool named as the inventory names it.

    A call of a tool that we do not know becomes one of an MCP tool where a configured server fits. What is ambiguous is
    said in `problems`. Calls that name their server in a field of its own keep it.
    """
    if call.kind not in (ToolKind.MCP, ToolKind.OTHER) or (call.kind is ToolKind.MCP and _in_field(call, form)):
        return call
    found = resolve("double" if call.tool.startswith("mcp__") else form, call.tool, servers)
    if call.kind is ToolKind.OTHER and not found.known:
        return call
    problems = call.problems
    if found.others:
        problems = (*problems, "tool_name: more than one MCP server fits")
    return replace(call, kind=ToolKind.MCP, server=found.server, server_tool=found.tool, problems=problems)


def sanitised(server: str) -> tuple[str, ...]:
    """Forms under which agents write a server's name, its own first."""
    forms = (
        server,
        re.sub(r"[^A-Za-z0-9_-]", "_", server),
        re.sub(r"[^A-Za-z0-9_.-]", "_", server),
        re.sub(r"[^A-Za-z0-9_]", "_", server),
        re.sub(r"[^A-Za-z0-9_-]+", "_", server).strip("_"),
        re.sub(r"\s+", "", server),
    )
    return tuple(form for form in dict.fromkeys((*forms, *(form.lower() for form in forms))) if form)


def _in_field(call: ToolCall, form: McpForm) -> bool:
    """The server did not come out of the tool's name."""
    guess = resolve("double" if call.tool.startswith("mcp__") else form, call.tool)
    return bool(call.server) and call.server != guess.server


def _body(form: McpForm, name: str) -> str | None:
    prefixes = _PREFIX.get(form, ("",))
    for prefix in prefixes:
        if name.startswith(prefix) and len(name) > len(prefix):
            body = name[len(prefix) :]
            if form == "double" or _SEPARATOR.get(form, "") in body:
                return body
    return None


def _prefixes(server: str, body: str, separator: str) -> set[str]:
    """Beginnings of `body`, with the separator, under which the server may stand."""
    found = {f"{form}{separator}" for form in sanitised(server)}
    kept = {prefix for prefix in found if body.startswith(prefix)}
    if body.startswith(_PLUGIN):
        # A plugin's server: mcp__plugin_<plugin>_<server>__<tool>; the plugin's name is not ours to know.
        kept |= {
            body[: at + len(mark)]
            for form in sanitised(server)
            for mark in (f"_{form}{separator}",)
            if (at := body.find(mark)) > len(_PLUGIN)
        }
    cut = _CUT.match(body) if len(body) >= 56 and not kept else None
    if cut is not None:
        # Names beyond the 63 characters of the model's interface are cut in their middle (Gemini CLI).
        kept |= {prefix for prefix in found if cut.group(1).startswith(prefix)}
    return kept
