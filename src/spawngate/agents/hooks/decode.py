"""Payloads of hooks to tool calls: one decoder, told by each agent what is its own.

Belongs here: where payloads hold their event, tool, input, session and the rest, over all agents, and the decoder.
Must not be here: facts about one agent (its own module under `agents.hooks.dialects`), and any decision.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from spawngate.agents.hooks import inputs
from spawngate.agents.hooks.dialect import Decode, HookInputError, Loaded, McpForm
from spawngate.agents.hooks.fields import Parts
from spawngate.agents.hooks.mcp_names import is_mcp_name, resolve
from spawngate.agents.hooks.payload import MAX_ITEMS, Reader, load, parse_value
from spawngate.agents.hooks.tools import MCP, OTHER, Tool, tool_of
from spawngate.model.call import HookEvent, ToolCall, ToolKind
from spawngate.model.json import Json

Payload = Mapping[str, Json]

Reshape = Callable[[Payload, Reader], Payload]
"""Turns a payload of a form of its own into one with the common names of fields."""


def _named(event: HookEvent, names: str) -> dict[str, HookEvent]:
    return dict.fromkeys(names.split(), event)


EVENTS: Mapping[str, HookEvent] = {
    **_named(
        HookEvent.BEFORE_TOOL,
        "pretooluse beforetool pretool beforetooluse pretoolcall beforetoolcall toolcall toolexecutebefore "
        "executebefore beforeshellexecution beforemcpexecution beforereadfile beforetabfileread premcptoolcall "
        "prereadcode prewritecode preruncommand premcptooluse toolcallbefore",
    ),
    **_named(HookEvent.PERMISSION, "permissionrequest permissionask permissionevaluate"),
    **_named(
        HookEvent.PROMPT,
        "userpromptsubmit beforesubmitprompt userpromptsubmitted preuserprompt promptsubmit beforeagent "
        "userpromptexpansion chatmessage",
    ),
    **_named(
        HookEvent.AFTER_TOOL,
        "posttooluse posttoolusefailure aftertool posttool posttoolcall aftertoolcall toolresult toolexecuteafter "
        "executeafter aftershellexecution aftermcpexecution afterfileedit aftertabfileedit postreadcode "
        "postwritecode postruncommand postmcptooluse pretooluseresult",
    ),
    **_named(HookEvent.SESSION_START, "sessionstart onsessionstart taskstart taskresume setup"),
    **_named(HookEvent.SESSION_END, "sessionend onsessionend onsessionfinalize taskcomplete"),
    **_named(HookEvent.CONFIG_CHANGE, "configchange"),
    **_named(
        HookEvent.OTHER,
        "notification stop stopfailure subagentstart subagentstop precompact postcompact precompress aftermodel "
        "beforemodel beforetoolselection afteragent afteragentresponse afteragentthought messagedisplay "
        "posttoolbatch taskcreated taskcompleted teammateidle instructionsloaded cwdchanged directoryadded "
        "filechanged worktreecreate worktreeremove elicitation elicitationresult premodelswitch postmodelswitch "
        "permissiondenied preinvocation postinvocation postagent postagentturn agentstop erroroccurred interrupt "
        "postcompaction workspaceopen taskcancel postcascaderesponse postcascaderesponsewithtranscript "
        "postsetupworktree agentstart agentend prellmcall postllmcall pretaskexec posttaskexec postfilecreate "
        "postfilesave postfiledelete manual",
    ),
}
"""By name in lower case, without separators."""

_SEPARATORS = re.compile(r"[^a-z]")
_EVENT = ("hook_event_name", "hookEventName", "event", "event_type", "hookName", "agent_action_name", "hook_name")
_TOOL = ("tool_name", "toolName", "tool")
_INPUT = ("tool_input", "toolInput", "toolArgs", "tool_args", "input", "args", "params", "arguments")
_SESSION = ("session_id", "sessionId", "sessionID", "conversation_id", "conversationId", "taskId", "trajectory_id")
_TURN = ("turn_id", "turnId", "generation_id", "prompt_id", "execution_id", "message_id", "messageID", "iteration")
_CALL = ("tool_use_id", "toolUseId", "tool_call_id", "toolCallId", "callID", "call_id", "toolUseID")
_FOLDER = ("cwd", "working_dir", "workingDirectory", "working_directory", "workspace_root", "directory")
_FOLDERS = ("workspace_roots", "workspaceRoots", "workspacePaths", "workspace_paths")
_PROMPT = ("prompt", "user_prompt", "userPrompt", "message", "user_message", "initialPrompt")
_RESPONSE = (
    "tool_response",
    "toolResponse",
    "tool_result",
    "toolResult",
    "tool_output_text",
    "tool_output",
    "toolOutput",
    "result",
    "output",
    "response",
    "result_json",
)
_MODE = ("permission_mode", "permissionMode", "approval_mode", "mode")
_SUBAGENT = ("agent_id", "agentId", "parentAgentId", "parent_agent_id", "parent_session_id", "subagent_id")
_CONFIG = ("file_path", "filePath", "path")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is an agent's own about its payloads."""

    tools: Mapping[str, Tool] = field(default_factory=dict)
    """Its tools that mean something else than in the common table, by lower-case name."""
    mcp_form: McpForm = "double"
    reshape: Reshape | None = None
    subagent: Sequence[str] = _SUBAGENT
    """Fields that only a call of a sub-agent has."""
    events: Mapping[str, HookEvent] = field(default_factory=dict)
    """Its events that mean something else than in `EVENTS`, as it writes them."""
    event: HookEvent = HookEvent.BEFORE_TOOL
    """The event of a payload that names none."""
    folder: Sequence[str] = ()
    """Environment variables that hold the project's folder, where the payload does not tell one."""
    session: Sequence[str] = ()
    """Environment variables that hold the session's id, where the payload does not tell one."""


def decoder(agent: str, shape: Shape) -> Decode:
    """The decoder of one agent."""

    def decode(payload: bytes | Loaded, environment: Mapping[str, str]) -> ToolCall:
        loaded = load(payload)
        source = loaded.source
        reader = Reader(list(loaded.problems))
        if shape.reshape is not None:
            return _call(agent, shape, shape.reshape(source, reader), reader, environment)
        return _call(agent, shape, source, reader, environment)

    return decode


def event_of(name: str) -> HookEvent | None:
    """The event that agents call by that name; None for a name that none of them uses."""
    return EVENTS.get(_SEPARATORS.sub("", name.lower()))


def _call(agent: str, shape: Shape, source: Payload, reader: Reader, environment: Mapping[str, str]) -> ToolCall:
    event_name = reader.name(source, *_EVENT)
    tool = reader.name(source, *_TOOL)
    event = _event(event_name, tool, shape, reader)
    if event in (HookEvent.BEFORE_TOOL, HookEvent.PERMISSION) and not tool:
        raise HookInputError("payload: names no tool")
    given, loose = _input(source, reader)
    name, parts = _parts(agent, shape, tool, given, loose, source, reader)
    cwd = (
        reader.text(source, *_FOLDER)
        or next(iter(reader.texts(source, *_FOLDERS)), "")
        or _first(environment, shape.folder)
    )
    prompt = parts.prompt
    if event is HookEvent.PROMPT:
        prompt = reader.text(source, *_PROMPT)
    paths = tuple(parts.paths)
    if event is HookEvent.CONFIG_CHANGE:
        paths = tuple(path for path in (reader.text(source, *_CONFIG),) if path)
    call = ToolCall(
        agent=agent,
        tool=name,
        kind=parts.kind,
        event=event,
        event_name=event_name,
        commands=_kept(parts.commands, reader, "commands"),
        argvs=_kept(parts.argvs, reader, "commands"),
        dialect=parts.dialect,
        paths=_kept(paths, reader, "paths"),
        edits=_kept(parts.edits, reader, "edits"),
        urls=_kept(parts.urls, reader, "urls"),
        server=parts.server,
        server_tool=parts.server_tool,
        server_command=_server_command(source, reader),
        server_url=_server_url(source, parts, reader),
        prompt=prompt,
        response=_response(source) if event is HookEvent.AFTER_TOOL else "",
        input=parts.input if parts.input is not None else given,
        cwd=_folder(cwd, parts.cwd),
        session=reader.name(source, *_SESSION) or _first(environment, shape.session),
        turn=reader.name(source, *_TURN),
        call=reader.name(source, *_CALL),
        permission_mode=reader.name(source, *_MODE),
        subagent=any(source.get(key) not in (None, "", False) for key in shape.subagent),
    )
    return replace(call, problems=tuple(reader.problems)) if reader.problems else call


def _event(name: str, tool: str, shape: Shape, reader: Reader) -> HookEvent:
    if not name:
        return shape.event
    event = shape.events.get(name) or event_of(name)
    if event is not None:
        return event
    if tool:
        # An event that we do not know and that is about a tool is judged like a call: a new name opens no gate.
        reader.problem("event", "not known")
        return HookEvent.BEFORE_TOOL
    return HookEvent.OTHER


def _input(source: Payload, reader: Reader) -> tuple[Payload, str]:
    """The tool's input as a map, and the text that stands in its place where an agent sends one."""
    for name in _INPUT:
        value = source.get(name)
        if value is None:
            continue
        if isinstance(value, Mapping):
            return value, ""
        if isinstance(value, str):
            parsed = parse_value(value) if value.lstrip()[:1] in ("{", "[", '"') else None
            if isinstance(parsed, Mapping):
                return parsed, ""
            reader.problem(name, "expected a map")
            return {}, value
        if isinstance(value, Sequence):
            reader.problem(name, "expected a map")
            return {"items": value}, ""
        reader.problem(name, "expected a map")
        return {}, ""
    return {}, ""


def _parts(
    agent: str, shape: Shape, tool: str, given: Payload, loose: str, source: Payload, reader: Reader
) -> tuple[str, Parts]:
    """The tool's name and what its input names."""
    context = source.get("mcp_context")
    field_server = ""
    if context is not None and isinstance(context, Mapping):
        field_server = reader.name(context, "server_name")
    if field_server or source.get("is_mcp_tool") is True or is_mcp_name(shape.mcp_form, tool):
        known = None if field_server or tool.lower().startswith("mcp") else tool_of(tool, shape.tools)
        described = known or MCP
    else:
        described = tool_of(tool, shape.tools) or OTHER
    parts = Parts(described.kind)
    if not tool:
        return tool, parts
    if loose:
        given = {_loose_field(described): loose}
    below = reader.below("tool_input")
    described.read(given, parts, below)
    if described.kind is ToolKind.SHELL:
        parts.dialect = described.dialect
        folder = parts.cwd or reader.text(source, *_FOLDER)
        if described.windows is not None and inputs.is_windows(folder):
            parts.dialect = described.windows
    if described is MCP:
        if field_server and isinstance(context, Mapping):
            parts.server, parts.server_tool = field_server, reader.name(context, "tool_name") or tool
        else:
            form: McpForm = "double" if tool.startswith("mcp__") else shape.mcp_form
            found = resolve(form, tool)
            parts.server, parts.server_tool = found.server, found.tool
            parts.server = parts.server or reader.name(source, "mcp_server_name", "server_name")
            parts.server_tool = parts.server_tool or tool
    return tool, parts


def _loose_field(described: Tool) -> str:
    """The field under which a text that stands in place of the input is read."""
    if described.kind is ToolKind.SHELL:
        return "command"
    fields = {ToolKind.WRITE: "patch", ToolKind.FETCH: "url", ToolKind.READ: "path", ToolKind.SEARCH: "path"}
    return fields.get(described.kind, "prompt")


def _server_command(source: Payload, reader: Reader) -> tuple[str, ...]:
    """How the agent says it started the server of an MCP tool."""
    context = source.get("mcp_context")
    if context is None or not isinstance(context, Mapping):
        return ()
    below = reader.below("mcp_context")
    command = below.text(context, "command")
    return (command, *below.texts(context, "args")) if command else ()


def _server_url(source: Payload, parts: Parts, reader: Reader) -> str:
    context = source.get("mcp_context")
    if context is None or not isinstance(context, Mapping) or parts.kind is not ToolKind.MCP:
        return ""
    return reader.below("mcp_context").text(context, "url", "http_url", "httpUrl", "server_url")


def _response(source: Payload) -> str:
    """What a tool gave back, as one text: every text of the answer, in its order."""
    for name in _RESPONSE:
        value = source.get(name)
        if value is not None and value != "":
            return "\n".join(_texts(value))
    return ""


def _texts(value: Json) -> list[str]:
    found: list[str] = []
    waiting: list[Json] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, Mapping):
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, Sequence):
            waiting.extend(reversed(item))
    return found


def _folder(cwd: str, own: str) -> str:
    """The folder of a call: the tool's own where it names one, below the session's where that is relative."""
    if not own:
        return cwd
    if not cwd or own.startswith(("/", "~", "\\")) or inputs.is_windows(own):
        return own
    return f"{cwd}\\{own}" if inputs.is_windows(cwd) else posixpath.normpath(posixpath.join(cwd, own))


def _first(environment: Mapping[str, str], names: Sequence[str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")


_Item = TypeVar("_Item")


def _kept(found: Sequence[_Item], reader: Reader, name: str) -> tuple[_Item, ...]:
    if not found:
        return ()
    if len(found) > MAX_ITEMS:
        reader.problem(name, f"more than {MAX_ITEMS}; the rest was left out")
    return tuple(found[:MAX_ITEMS])
