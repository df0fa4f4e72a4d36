"""Windsurf Cascade's hooks, of builds before Devin Desktop 3.9.19.

Source, read 2026-11: https://docs.windsurf.com/windsurf/cascade/hooks. Only exit code 2 blocks; stdout is not read.
"""

from collections.abc import Mapping

from spawngate.agents.document import Platform
from spawngate.agents.hooks.decode import Payload, Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.payload import Reader
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, exit_2
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_TOOLS = {
    "read_code": "read_file",
    "write_code": "edit",
    "run_command": "run_command",
    "mcp_tool_use": "use_mcp_tool",
}
_DECIDING = ("pre_run_command", "pre_mcp_tool_use", "pre_write_code", "pre_read_code")
_INFORMING = ("pre_user_prompt", "post_run_command", "post_mcp_tool_use", "post_read_code")


def reshape(source: Payload, reader: Reader) -> Payload:
    """`tool_info` by its event as a tool and its input."""
    event = source.get("agent_action_name")
    info = source.get("tool_info")
    if info is not None and not isinstance(info, Mapping):
        reader.problem("tool_info", "expected a map")
        info = None
    given: Mapping[str, Json] = info or {}
    if event == "pre_user_prompt":
        return {**source, "user_prompt": given.get("user_prompt")}
    name = event.partition("_")[2] if isinstance(event, str) else ""
    shaped = {**source, "tool_name": _TOOLS.get(name, name), "tool_input": given}
    for key in ("cwd", "response", "output", "mcp_result", "stdout"):
        if key in given:
            shaped["tool_response" if key != "cwd" else "cwd"] = given[key]
    return shaped


def _entry(line: str, key: str) -> Mapping[str, Json]:
    return {key: line, "show_output": True}


_UNIX: tuple[Platform, ...] = ("linux", "macos")
_INSERTIONS = tuple(
    Insertion(("hooks", event), _entry(line, key), event=event, needed=event in _DECIDING, on=on)
    for event in (*_DECIDING, *_INFORMING)
    for line, key, on in (("{command}", "command", _UNIX), ("{powershell}", "powershell", ("windows",)))
)
_PLACES: tuple[tuple[str, Scope, tuple[Platform, ...]], ...] = (
    ("~/.codeium/windsurf/hooks.json", Scope.USER, ("linux", "macos", "windows")),
    ("/etc/windsurf/hooks.json", Scope.MANAGED, ("linux",)),
    ("/Library/Application Support/Windsurf/hooks.json", Scope.MANAGED, ("macos",)),
    ("%PROGRAMDATA%/Windsurf/hooks.json", Scope.MANAGED, ("windows",)),
)

HOOK = Hook(
    decode=decoder("windsurf", Shape(mcp_form="fields", reshape=reshape)),
    encode=encoder(exit_2),
    asks="no",
    form="shell",
    mcp_form="fields",
    registration=Registration(
        files=tuple(HookFile(template, scope, insertions=_INSERTIONS, on=on) for template, scope, on in _PLACES),
    ),
    notes={"version": "removed with Cascade in Devin Desktop 3.9.19, whose hooks are Devin's"},
)
