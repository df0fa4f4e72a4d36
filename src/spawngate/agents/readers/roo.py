"""What Roo Code and its relatives (Zoo Code, the older Kilo Code) share: custom modes, auto-approval, commands.

Format sources: RooCodeInc/Roo-Code:packages/types/src/global-settings.ts, packages/types/src/mode.ts,
src/package.json, src/core/config/CustomModesManager.ts, src/services/mcp/McpHub.ts, read 2026-11.
Must not be here: where each of them keeps its files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_flag, as_list, as_map, as_text, as_texts, observe
from spawngate.agents.readers.histories import visited
from spawngate.agents.readers.memento import memento
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields
from spawngate.model.artifact import Kind
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(auto_approve=("alwaysAllow",), include_tools=(), exclude_tools=("disabledTools",), trust=(), sandbox=())

_APPROVALS = (
    "alwaysAllowReadOnly",
    "alwaysAllowReadOnlyOutsideWorkspace",
    "alwaysAllowWrite",
    "alwaysAllowWriteOutsideWorkspace",
    "alwaysAllowWriteProtected",
    "alwaysAllowBrowser",
    "alwaysAllowMcp",
    "alwaysAllowModeSwitch",
    "alwaysAllowSubtasks",
    "alwaysAllowExecute",
    "alwaysAllowFollowupQuestions",
    "alwaysApproveResubmit",
)
_SWITCHES = ("autoApprovalEnabled", "mcpEnabled", "enableMcpServerCreation", "yoloMode")


@dataclass(frozen=True, slots=True)
class ExtensionState:
    """Reads the extension's row of `state.vscdb`: what it does without asking, and remembered workspaces."""

    key: str
    """Id of the extension as its manifest spells it."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        state = memento(document, self.key)
        yield from _approvals(document, state, self.key)
        yield from _commands(document, state, "", self.key)
        for tool in as_texts(document, state.get("disabledTools"), f"{self.key}.disabledTools"):
            yield setting(document, Topic.PERMISSION, tool, "deny", f"{self.key}.disabledTools")
        yield from _modes(document, state.get("customModes"), f"{self.key}.customModes")
        yield from visited(document, state.get("taskHistory"), f"{self.key}.taskHistory", "workspace")


@dataclass(frozen=True, slots=True)
class EditorSettings:
    """Reads the extension's keys of the editor's settings.json (`<prefix>.allowedCommands`)."""

    prefix: str

    def __call__(self, document: Document) -> Iterable[Sighting]:
        settings = document.map()
        yield from _commands(document, settings, f"{self.prefix}.", "")
        for key in ("customStoragePath", "autoImportSettingsPath", "debugProxy.enabled", "debugProxy.tlsInsecure"):
            name = f"{self.prefix}.{key}"
            if settings.get(name) not in (None, ""):
                yield setting(document, Topic.SWITCH, name, settings[name], name)


def read_modes(document: Document) -> Iterable[Sighting]:
    """`.roomodes`, `custom_modes.yaml`: modes, each with its own instructions and tool groups."""
    yield from _modes(document, document.map().get("customModes"), "customModes")


def read_history(document: Document) -> Iterable[Sighting]:
    """`tasks/_index.json`: the tasks of the past, which name the workspaces they ran in."""
    yield from visited(document, document.map().get("entries"), "entries", "workspace")


def _approvals(document: Document, state: Mapping[str, Json], pointer: str) -> Iterable[Sighting]:
    for key in _SWITCHES:
        if isinstance(state.get(key), bool):
            yield setting(document, Topic.SWITCH, key, state[key], f"{pointer}.{key}")
    if state.get("yoloMode") is True:
        yield setting(document, Topic.AUTO_APPROVE, "yoloMode", True, f"{pointer}.yoloMode")
    # Single approvals count only while the master switch is on; older versions have no such switch.
    if as_flag(state.get("autoApprovalEnabled")) is False:
        return
    for key in _APPROVALS:
        if state.get(key) is True:
            yield setting(document, Topic.AUTO_APPROVE, key, True, f"{pointer}.{key}")


def _commands(document: Document, settings: Mapping[str, Json], prefix: str, pointer: str) -> Iterable[Sighting]:
    for key, verdict in (("allowedCommands", "allow"), ("deniedCommands", "deny")):
        where = f"{pointer}.{prefix}{key}".lstrip(".")
        for command in as_texts(document, settings.get(f"{prefix}{key}"), where):
            yield setting(document, Topic.PERMISSION, f"command({command})", verdict, where)


def _modes(document: Document, container: Json, pointer: str) -> Iterable[Sighting]:
    for index, raw in enumerate(as_list(document, container, pointer)):
        where = f"{pointer}[{index}]"
        mode = as_map(document, raw, where)
        slug = as_text(document, mode.get("slug"), f"{where}.slug") or as_text(
            document, mode.get("name"), f"{where}.name"
        )
        if not slug:
            document.note("unknown-shape", f"{where} is no mode: it has no slug")
            continue
        text = "".join(
            as_text(document, mode.get(key), f"{where}.{key}") or "" for key in ("roleDefinition", "customInstructions")
        )
        detail: dict[str, Json] = {"type": "subagent", "bytes": len(text.encode("utf-8", "replace"))}
        description = mode.get("description", mode.get("whenToUse"))
        if isinstance(description, str):
            detail["description"] = description
        groups = [
            group[0] if isinstance(group, list | tuple) and group else group
            for group in as_list(document, mode.get("groups"), f"{where}.groups")
        ]
        detail["tools"] = [group for group in groups if isinstance(group, str)]
        yield observe(document, Kind.INSTRUCTION, slug, where, detail=detail, content=document.digest)
