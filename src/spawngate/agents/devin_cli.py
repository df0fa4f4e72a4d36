"""Devin CLI and Devin Desktop with Devin Local (Cognition).

Sources, read 2026-11: https://docs.devin.ai/cli/extensibility/configuration (config.json of user and project in
JSON with comments; a project may set permissions, mcpServers, read_config_from and hooks only), /extensibility/mcp,
/extensibility/hooks, /extensibility/rules, /subagents, /reference/permissions (Read, Write, Exec, Fetch and
mcp__server__tool); dyoshikawa/rulesync src/constants/devin-paths.ts (mcp_config.json since the Local 3.6 release; older
`mcpServers` in config.json are moved there at start; agents/<name>/AGENT.md). Which files of other agents it imports:
/reference/configuration/read-config-from (Windsurf's of the stable channel only). Whether it knows the newer form of
opencode.json, where the servers lie in `mcp.servers`, is not said there; both are read. Whether project servers wait
for an approval, and where remembered projects lie, is not documented.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import UNIX, Agent, Detect, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.devin_cli import HOOK
from spawngate.agents.readers import as_map, many
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import lookup, switches, variables
from spawngate.agents.readers.permissions import rule_lists, setting
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import RULES, SKILL, Text
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(type=("transport", "type"), auto_approve=(), trust=())
_OPENCODE = Fields(env=("environment", "env"), auto_approve=(), trust=())

_SWITCHES = ("read_config_from", "sandbox", "agent.permission_mode", "permission_mode", "auto_update")


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.json` of a user or project, `config.local.json`: permissions and switches."""
    values = document.map()
    permissions = as_map(document, values.get("permissions"), "permissions")
    yield from rule_lists(document, permissions, "permissions", ("allow", "ask", "deny"))
    yield from switches(document, values, _SWITCHES)
    for key in ("permission_mode", "agent.permission_mode"):
        mode = lookup(values, key)
        if mode in ("dangerous", "bypass", "yolo"):
            yield setting(document, Topic.AUTO_APPROVE, str(mode), True, key)
    yield from variables(document, values.get("env"), "env")


def read_opencode(document: Document) -> Iterable[Sighting]:
    """`opencode.json`, for its servers only: in `mcp`, or in `mcp.servers` beside defaults for all of them. Entries
    that only switch a server of another layer on or off are OpenCode's own affair."""
    container = as_map(document, document.map().get("mcp"), "mcp")
    nested = container.get("servers")
    if isinstance(nested, Mapping) and not _launches(nested):
        yield from servers(document, nested, "mcp.servers", _OPENCODE)
    yield from servers(
        document,
        {name: item for name, item in container.items() if isinstance(item, Mapping) and _launches(item)},
        "mcp",
        _OPENCODE,
    )


def _launches(item: Mapping[str, Json]) -> bool:
    return isinstance(item.get("command"), str | list) or isinstance(item.get("url"), str)


_IMPORTED = {
    ".claude.json": "claude",
    ".mcp.json": "claude",
    ".claude/settings.json": "claude",
    ".claude/settings.local.json": "claude",
    ".claude/mcp_servers.json": "claude",
    ".cursor/mcp.json": "cursor",
    "windsurf/mcp_config.json": "windsurf",
    "opencode.json": "opencode",
    ".zed/settings.json": "zed",
}
"""The end of an imported file's path, and what `read_config_from` calls the tool that it belongs to."""


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """What comes from another tool's file is off where `read_config_from` says so; the nearest statement counts."""
    return [_imported(artifact, settings) for artifact in artifacts]


def _imported(artifact: Artifact, settings: Sequence[Setting]) -> Artifact:
    parts = artifact.path.replace("\\", "/").split("/")
    tool = _IMPORTED.get("/".join(parts[-2:]), _IMPORTED.get(parts[-1]))
    if tool is None or artifact.status is not Status.ENABLED:
        return artifact
    project = artifact.detail.get("project")
    for scope in (Scope.LOCAL, Scope.PROJECT, Scope.USER):
        for stated in settings:
            if stated.topic is not Topic.SWITCH or stated.name != "read_config_from" or stated.scope is not scope:
                continue
            wanted = stated.value.get(tool) if isinstance(stated.value, Mapping) else None
            if isinstance(wanted, bool) and (stated.project is None or stated.project == project):
                return artifact if wanted else replace(artifact, status=Status.DISABLED)
    return artifact


_CONFIG = many(read_config, Servers(fields=FIELDS), Hooks())
_CLAUDE = many(Servers(fields=FIELDS), Hooks())
_AGENT_FILE = Text(Kind.INSTRUCTION, "subagent", named_by_folder=True)
_USER: tuple[tuple[str, tuple[Platform, ...]], ...] = (("~/.config/devin", UNIX), ("%APPDATA%/devin", ("windows",)))

AGENT = Agent(
    id="devin-cli",
    name="Devin CLI and Devin Desktop",
    vendor="Cognition",
    detect=Detect(
        binaries=("devin",),
        paths=("~/.config/devin/config.json", "%APPDATA%/devin/config.json", "~/.config/devin/mcp_config.json"),
        apps=("/Applications/Devin.app",),
    ),
    process_names=("Devin",),
    settle=settle,
    locations=(
        *(
            location
            for root, on in _USER
            for location in (
                Location(f"{root}/mcp_config.json", Scope.USER, Servers(fields=FIELDS), Format.JSONC, on=on),
                Location(f"{root}/config.json", Scope.USER, _CONFIG, Format.JSONC, on=on),
                Location(f"{root}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, on=on, siblings=True),
                Location(f"{root}/agents/*/AGENT.md", Scope.USER, _AGENT_FILE, Format.FRONTMATTER, on=on),
                Location(f"{root}/AGENTS.md", Scope.USER, RULES, Format.TEXT, on=on),
            )
        ),
        Location("{project}/.devin/mcp_config.json", Scope.PROJECT, Servers(fields=FIELDS), Format.JSONC),
        Location("{project}/.devin/mcp_config.local.json", Scope.LOCAL, Servers(fields=FIELDS), Format.JSONC),
        Location("{project}/.devin/config.json", Scope.PROJECT, _CONFIG, Format.JSONC),
        Location("{project}/.devin/config.local.json", Scope.LOCAL, _CONFIG, Format.JSONC),
        Location("{project}/.devin/hooks.v1.json", Scope.PROJECT, Hooks(key=()), Format.JSONC),
        Location("{project}/.cursor/mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("{project}/opencode.json", Scope.PROJECT, read_opencode, Format.JSONC, shared=True),
        Location("~/.config/opencode/opencode.json", Scope.USER, read_opencode, Format.JSONC, shared=True),
        Location("~/.codeium/windsurf/mcp_config.json", Scope.USER, Servers(fields=FIELDS), shared=True),
        Location("~/.claude.json", Scope.USER, Servers(fields=FIELDS), keep=(("mcpServers",),), shared=True),
        Location("~/.claude/mcp_servers.json", Scope.USER, Servers(fields=FIELDS), shared=True),
        Location(
            "{project}/.zed/settings.json",
            Scope.PROJECT,
            Servers(("context_servers",), FIELDS),
            Format.JSONC,
            shared=True,
        ),
        Location("~/.claude/settings.json", Scope.USER, _CLAUDE, shared=True),
        Location("~/.claude/settings.local.json", Scope.USER, _CLAUDE, shared=True),
        Location("{project}/.claude/settings.json", Scope.PROJECT, _CLAUDE, shared=True),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, _CLAUDE, shared=True),
        Location("{project}/.devin/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.devin/agents/*/AGENT.md", Scope.PROJECT, _AGENT_FILE, Format.FRONTMATTER),
        Location("{project}/.devin/rules/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
    ),
    hook=HOOK,
    notes={
        "approval": "whether servers of a project wait for an approval is not documented",
        "projects": "where Devin remembers projects is not known",
        "desktop": "the folder of the desktop editor after its new name is not known",
        "plugins": "where plugins lie is not documented; their hooks fail open",
        "imports": "what VS Code's own files give to Devin was not found out",
    },
)
