"""Zed.

Sources, read 2026-11: https://zed.dev/docs/ai/mcp, /ai/tool-permissions, /ai/external-agents, /ai/instructions,
/extensions/agent-servers, /extensions/mcp-extensions; the shapes of a server as in
dyoshikawa/rulesync:docs/reference/file-formats.md. A server is told by its fields alone: a command, an address, or
neither where an extension provides it. External agents (`agent_servers`) are child processes of the editor. Trust in
worktrees and the remembered worktrees lie in a database of Zed's own tables, which is not read: a project's server is
`unknown` unless `session.trust_all_worktrees` is on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import UNIX, Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, descend, observe, pure_path
from spawngate.agents.readers.acp import agent_servers
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import describe
from spawngate.agents.readers.servers import Fields, server
from spawngate.agents.readers.texts import RULES, Text
from spawngate.model.artifact import Artifact, Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch, Topic
from spawngate.model.setting import Setting

FIELDS = Fields(auto_approve=(), trust=(), sandbox=(), include_tools=(), exclude_tools=(), disabled=())

_TRUST_ALL = "session.trust_all_worktrees"
_VERDICTS = {"confirm": "ask"}
_LISTS = (("always_allow", "allow"), ("always_deny", "deny"), ("always_confirm", "ask"))
_PROMPT = Text(Kind.INSTRUCTION, "prompt")


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json`: servers, external agents, tool permissions."""
    settings = document.map()
    for name, item in as_map(document, settings.get("context_servers"), "context_servers").items():
        yield _server(document, name, item, f"context_servers.{name}")
    yield from agent_servers(document, settings.get("agent_servers"), "agent_servers")
    yield from _permissions(document, as_map(document, settings.get("agent"), "agent"))
    trust_all = descend(document, ("session", "trust_all_worktrees"))
    if isinstance(trust_all, bool):
        yield setting(document, Topic.SWITCH, _TRUST_ALL, trust_all, _TRUST_ALL)
    if isinstance(settings.get("disable_ai"), bool):
        yield setting(document, Topic.SWITCH, "disable_ai", settings["disable_ai"], "disable_ai")


def read_extension(document: Document) -> Iterable[Sighting]:
    """`extension.toml` of an installed extension, where it brings servers, agents or slash commands."""
    manifest = document.map()
    parts = {key: manifest.get(key) for key in ("context_servers", "agent_servers", "slash_commands")}
    if not any(parts.values()):
        return
    name = manifest.get("id", manifest.get("name"))
    authors = as_texts(document, manifest.get("authors"), "authors")
    detail = describe(document, manifest)
    if authors:
        detail["publisher"] = authors[0]
    yield observe(
        document,
        Kind.PLUGIN,
        name if isinstance(name, str) and name else pure_path(document.path).parent.name,
        status=Status.INSTALLED,
        detail=detail,
        content=document.digest,
    )
    for key in as_map(document, parts["context_servers"], "context_servers"):
        yield _provided(document, key, {}, f"context_servers.{key}")
    for key, raw in as_map(document, parts["agent_servers"], "agent_servers").items():
        yield from _packaged_agents(document, key, raw)


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """A project's server starts once its worktree is trusted, which only the switch tells here."""
    # A project cannot trust itself: the switch counts only in the person's own settings.
    trusted = any(
        item.topic is Topic.SWITCH
        and item.name == _TRUST_ALL
        and item.value is True
        and item.scope is not Scope.PROJECT
        for item in settings
    )
    return [
        replace(artifact, status=Status.APPROVED if trusted else Status.UNKNOWN)
        if artifact.kind is Kind.MCP_SERVER and artifact.scope is Scope.PROJECT and artifact.status is Status.ENABLED
        else artifact
        for artifact in artifacts
    ]


def _server(document: Document, name: str, item: Json, pointer: str) -> Observed:
    entry = item if isinstance(item, Mapping) else {}
    if entry and not entry.get("command") and not entry.get("url"):
        return _provided(document, name, entry, pointer)
    return server(document, name, item, pointer, FIELDS)


def _provided(document: Document, name: str, entry: Mapping[str, Json], pointer: str) -> Observed:
    """A server whose command an extension computes when it starts."""
    return observe(
        document,
        Kind.MCP_SERVER,
        name,
        pointer,
        status=Status.DISABLED if entry.get("enabled") is False else Status.ENABLED,
        launch=ObservedLaunch(transport=Transport.STDIO),
        detail={"source": "extension"},
    )


def _packaged_agents(document: Document, key: str, raw: Json) -> Iterable[Sighting]:
    """An agent that an extension downloads: one program for each platform."""
    pointer = f"agent_servers.{key}"
    entry = as_map(document, raw, pointer)
    for target, item in as_map(document, entry.get("targets"), f"{pointer}.targets").items():
        where = f"{pointer}.targets.{target}"
        program = as_map(document, item, where)
        laid = {"command": program.get("cmd"), "args": program.get("args"), "env": program.get("env")}
        if laid["command"] is None:
            document.note("unknown-shape", f"{where} names no command")
            continue
        found = server(document, key, laid, where)
        yield replace(
            found,
            kind=Kind.AGENT,
            status=Status.CONFIGURED,
            detail={"type": "extension", "source": as_text(document, program.get("archive"), where), "target": target},
        )


def _permissions(document: Document, agent: Mapping[str, Json]) -> Iterable[Sighting]:
    if agent.get("always_allow_tool_actions") is True:
        yield setting(document, Topic.AUTO_APPROVE, "tools", True, "agent.always_allow_tool_actions")
    pointer = "agent.tool_permissions"
    permissions = as_map(document, agent.get("tool_permissions"), pointer)
    default = permissions.get("default")
    if isinstance(default, str):
        yield setting(document, Topic.PERMISSION, "*", _VERDICTS.get(default, default), f"{pointer}.default")
        if default == "allow":
            yield setting(document, Topic.AUTO_APPROVE, "tools", True, f"{pointer}.default")
    for tool, raw in as_map(document, permissions.get("tools"), f"{pointer}.tools").items():
        where = f"{pointer}.tools.{tool}"
        rules = as_map(document, raw, where)
        word = rules.get("default")
        if isinstance(word, str):
            yield setting(document, Topic.PERMISSION, tool, _VERDICTS.get(word, word), f"{where}.default")
        for key, verdict in _LISTS:
            for item in as_list(document, rules.get(key), f"{where}.{key}"):
                pattern = item.get("pattern") if isinstance(item, Mapping) else item
                text = as_text(document, pattern, f"{where}.{key}")
                if text:
                    yield setting(document, Topic.PERMISSION, f"{tool}({text})", verdict, f"{where}.{key}")


AGENT = Agent(
    id="zed",
    name="Zed",
    vendor="Zed Industries",
    detect=Detect(
        binaries=("zed", "zeditor"),
        paths=(
            "~/.config/zed",
            "~/.local/share/zed",
            "~/Library/Application Support/Zed",
            "%APPDATA%/Zed",
            "%LOCALAPPDATA%/Zed",
        ),
        apps=("/Applications/Zed.app", "/Applications/Zed Preview.app", "%LOCALAPPDATA%/Programs/Zed/Zed.exe"),
        sessions=("~/.local/share/zed/logs/Zed.log", "~/Library/Logs/Zed/Zed.log", "%LOCALAPPDATA%/Zed/logs/Zed.log"),
    ),
    precedence=(Scope.PROJECT, Scope.USER, Scope.PLUGIN),
    project_approval="trust",
    settle=settle,
    process_names=("zed-editor",),
    locations=(
        Location("~/.config/zed/settings.json", Scope.USER, read_settings, Format.JSONC, on=UNIX),
        Location("%APPDATA%/Zed/settings.json", Scope.USER, read_settings, Format.JSONC, on=("windows",)),
        Location(
            "~/.var/app/dev.zed.Zed/config/zed/settings.json", Scope.USER, read_settings, Format.JSONC, on=("linux",)
        ),
        Location("{project}/.zed/settings.json", Scope.PROJECT, read_settings, Format.JSONC),
        Location(
            "~/.local/share/zed/extensions/installed/*/extension.toml",
            Scope.PLUGIN,
            read_extension,
            Format.TOML,
            on=("linux",),
        ),
        Location(
            "~/Library/Application Support/Zed/extensions/installed/*/extension.toml",
            Scope.PLUGIN,
            read_extension,
            Format.TOML,
            on=("macos",),
        ),
        Location(
            "%LOCALAPPDATA%/Zed/extensions/installed/*/extension.toml",
            Scope.PLUGIN,
            read_extension,
            Format.TOML,
            on=("windows",),
        ),
        Location("~/.config/zed/AGENTS.md", Scope.USER, RULES, Format.TEXT, on=UNIX),
        Location("%APPDATA%/Zed/AGENTS.md", Scope.USER, RULES, Format.TEXT, on=("windows",)),
        Location("~/.config/zed/prompt_overrides/*.hbs", Scope.USER, _PROMPT, Format.TEXT, on=UNIX),
        Location("%APPDATA%/Zed/prompt_overrides/*.hbs", Scope.USER, _PROMPT, Format.TEXT, on=("windows",)),
    ),
    notes={
        "trust": "trusted worktrees lie in Zed's database, which is not read",
        "projects": "remembered worktrees lie in the same database",
        "rules library": "the prompt library is an LMDB database and is not read",
        "first-match": "of several instruction files Zed reads the first; they are recorded by their owners",
    },
)
