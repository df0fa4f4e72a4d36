"""Warp (terminal and its agent; the command-line agent Oz).

Sources, read 2026-11 in warpdotdev/warp: app/src/ai/mcp/{mod,parsing,file_based_manager}.rs (files, shapes, what starts
by itself), crates/warp_core/src/paths.rs (folders), app/src/settings/ai.rs and app/src/ai/execution_profiles/config.rs
(settings.toml); https://docs.warp.dev/agents/capabilities/mcp.md. Servers of `~/.warp/.mcp.json` always start, servers
of any project never do before the person starts them, and servers from other agents' home files start only with
`agents.mcp_servers.file_based_mcp_enabled`; without it they are pending. A file may hold the servers under
`mcp.servers`, `servers` or `mcpServers`, or be the map itself.
Not on disk in readable form: servers added in the app (Warp Drive, account), remembered projects and which servers run
(tables of warp.sqlite). The preview and development channels use folders of their own (`~/.warp-dev`) and are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_map, as_text, as_texts, descend
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, server, servers
from spawngate.agents.readers.texts import RULES, SKILL
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(cwd=("working_directory",), env_file=(), auto_approve=(), trust=(), sandbox=())
_CODEX = Fields(
    env_names=("env_vars",),
    headers=("http_headers",),
    header_names=("env_http_headers",),
    bearer=("bearer_token_env_var",),
)
_CONTAINERS = (("mcp", "servers"), ("servers",), ("mcpServers",))

_LEVELS = (
    "apply_code_diffs",
    "read_files",
    "execute_commands",
    "write_to_pty",
    "mcp_permissions",
    "ask_user_question",
    "run_agents",
    "computer_use",
)
"""Fields of an execution profile that hold a level (`always_allow`, `always_ask`, `agent_decides`, ...)."""

_SWITCHES = (
    ("agents", "mcp_servers", "file_based_mcp_enabled"),
    ("agents", "warp_agent", "other", "auto_approve_bypasses_command_denylist"),
    ("agents", "warp_agent", "is_any_ai_enabled"),
    ("agents", "profiles", "agent_mode_coding_permissions"),
    ("agents", "profiles", "agent_mode_execute_readonly_commands"),
)


@dataclass(frozen=True, slots=True)
class ServerFile:
    """Reads a file of servers in any of the forms that Warp takes."""

    status: Status | None = None

    def __call__(self, document: Document) -> Iterable[Sighting]:
        content = document.map()
        for keys in _CONTAINERS:
            value: Json = content
            for key in keys:
                value = value.get(key) if isinstance(value, Mapping) else None
            if isinstance(value, Mapping):
                yield from servers(document, value, ".".join(keys), FIELDS, status=self.status)
                return
        if content.get("command") is not None or content.get("url") is not None:
            yield server(document, "#1", content, "", FIELDS, status=self.status)
            return
        # Without one of the containers the document itself is the map; what is no map in it is no server.
        for name, item in content.items():
            if isinstance(item, Mapping):
                yield server(document, name, item, name, FIELDS, status=self.status)


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Reads servers at a fixed key of another agent's file."""

    key: tuple[str, ...]
    fields: Fields
    status: Status | None = None

    def __call__(self, document: Document) -> Iterable[Sighting]:
        yield from servers(document, descend(document, self.key), ".".join(self.key), self.fields, status=self.status)


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.toml`: switches, and what each execution profile lets the agent do."""
    for keys in _SWITCHES:
        value = descend(document, keys)
        if isinstance(value, bool | str):
            yield setting(document, Topic.SWITCH, ".".join(keys), value, ".".join(keys))
    if descend(document, _SWITCHES[0]) is True:
        yield setting(document, Topic.AUTO_APPROVE, "MCP servers of other agents", True, ".".join(_SWITCHES[0]))
    if descend(document, _SWITCHES[4]) is True:
        yield setting(document, Topic.AUTO_APPROVE, "read-only commands", True, ".".join(_SWITCHES[4]))
    legacy = as_map(document, descend(document, ("agents", "profiles")), "agents.profiles")
    for key, rule, verdict in (
        ("agent_mode_command_execution_allowlist", "Command", "allow"),
        ("agent_mode_command_execution_denylist", "Command", "ask"),
        ("agent_mode_coding_file_read_allowlist", "Read", "allow"),
    ):
        yield from _rules(document, legacy, key, f"agents.profiles.{key}", rule, verdict)
    profiles = as_map(document, descend(document, ("agents", "execution_profiles")), "agents.execution_profiles")
    for name, raw in profiles.items():
        pointer = f"agents.execution_profiles.{name}"
        profile = as_map(document, raw, pointer)
        for key in _LEVELS:
            level = as_text(document, profile.get(key), f"{pointer}.{key}")
            if level is None:
                continue
            yield setting(document, Topic.SWITCH, f"profile {name}: {key}", level, f"{pointer}.{key}")
            if level == "always_allow":
                yield setting(document, Topic.AUTO_APPROVE, f"profile {name}: {key}", True, f"{pointer}.{key}")
        for key, rule, verdict in (
            ("command_allowlist", "Command", "allow"),
            ("command_denylist", "Command", "ask"),
            ("directory_allowlist", "Read", "allow"),
            ("mcp_allowlist", "MCP", "allow"),
            ("mcp_denylist", "MCP", "ask"),
        ):
            yield from _rules(document, profile, key, f"{pointer}.{key}", rule, verdict)


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """A project's servers wait for the person; those of other agents' home files start where the switch is on."""
    name = ".".join(_SWITCHES[0])
    borrowed = any(s.topic is Topic.SWITCH and s.name == name and s.value is True for s in settings)
    return [_settled(artifact, borrowed) for artifact in artifacts]


def _settled(artifact: Artifact, borrowed: bool) -> Artifact:
    if artifact.kind is not Kind.MCP_SERVER:
        return artifact
    if artifact.scope is Scope.PROJECT and artifact.status is Status.ENABLED:
        return replace(artifact, status=Status.PENDING)
    if borrowed and artifact.scope is Scope.USER and artifact.status is Status.PENDING:
        return replace(artifact, status=Status.ENABLED)
    return artifact


def _rules(
    document: Document, table: Mapping[str, Json], key: str, pointer: str, rule: str, verdict: str
) -> Iterable[Sighting]:
    """A list of patterns. Warp's deny lists do not forbid: what they name always needs an approval."""
    for item in as_texts(document, table.get(key), pointer):
        yield setting(document, Topic.PERMISSION, f"{rule}({item})", verdict, pointer)


_SETTINGS: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("~/.config/warp-terminal", ("linux",)),
    ("~/.warp", ("macos",)),
    ("%LOCALAPPDATA%/warp/Warp/config", ("windows",)),
)
_CLI: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("~/.config/warp-terminal/cli", ("linux",)),
    ("~/.warp_cli", ("macos",)),
    ("%LOCALAPPDATA%/warp/Warp/config/cli", ("windows",)),
)

AGENT = Agent(
    id="warp",
    name="Warp",
    vendor="Warp",
    detect=Detect(
        binaries=("warp-terminal",),
        paths=("~/.warp", "~/.config/warp-terminal", "%LOCALAPPDATA%/warp/Warp"),
        apps=("/Applications/Warp.app", "/opt/warpdotdev/warp-terminal", "%LOCALAPPDATA%/Programs/Warp/warp.exe"),
    ),
    project_approval="pending",
    settle=settle,
    locations=(
        Location("~/.warp/.mcp.json", Scope.USER, ServerFile()),
        *(Location(f"{folder}/.mcp.json", Scope.USER, ServerFile(), on=on) for folder, on in _CLI),
        Location("{project}/.warp/.mcp.json", Scope.PROJECT, ServerFile()),
        Location("{project}/.mcp.json", Scope.PROJECT, ServerFile(), shared=True),
        Location("{project}/.agents/.mcp.json", Scope.PROJECT, ServerFile(), shared=True),
        Location(
            "{project}/.codex/config.toml", Scope.PROJECT, Borrowed(("mcp_servers",), _CODEX), Format.TOML, shared=True
        ),
        Location(
            "~/.claude.json",
            Scope.USER,
            Borrowed(("mcpServers",), FIELDS, Status.PENDING),
            shared=True,
            keep=(("mcpServers",),),
        ),
        Location("~/.agents/.mcp.json", Scope.USER, ServerFile(Status.PENDING), shared=True),
        Location(
            "~/.codex/config.toml",
            Scope.USER,
            Borrowed(("mcp_servers",), _CODEX, Status.PENDING),
            Format.TOML,
            shared=True,
        ),
        *(
            Location(f"{folder}/settings.toml", Scope.USER, read_settings, Format.TOML, on=on)
            for folder, on in _SETTINGS
        ),
        *(Location(f"{folder}/settings.toml", Scope.USER, read_settings, Format.TOML, on=on) for folder, on in _CLI),
        Location("~/.warp/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.warp/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/WARP.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    process_names=("warp", "stable", "oz"),
    notes={
        "account": "servers added in the app, remembered projects and running servers are not in a readable file",
    },
)
