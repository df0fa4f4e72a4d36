"""Qwen Code (Alibaba).

Sources, read 2026-11: QwenLM/qwen-code:packages/cli/src/config/{settings,settingsSchema,mcpApprovals,mcpJson}.ts,
docs/users/features/{hooks,sub-agents,memory}.md; paths of rules as in dyoshikawa/rulesync.
`/etc/qwen-code/settings.json` overrides every other file and is therefore `managed`; system-defaults.json yields to
all and is `system`. In a definition `url` is SSE and `httpUrl` is HTTP. Newer versions start a server of `.mcp.json`
or of the project's settings only after the person approved exactly that definition (`~/.qwen/mcpApprovals.json`);
older ones (0.15 still) start it at once unless folder trust is on.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.qwen_code import HOOK
from spawngate.agents.readers import as_map, as_texts, many, pure_path
from spawngate.agents.readers.dotenv import read_dotenv, read_project_dotenv
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import variables
from spawngate.agents.readers.permissions import claude_permissions, setting
from spawngate.agents.readers.plugins import Plugin, linked
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Topic

EXTENSIONS = "~/.qwen/extensions/*"
"""Folder of one extension."""

FIELDS = Fields(
    type=("type",),
    url={"httpUrl": Transport.HTTP, "url": Transport.SSE, "tcp": Transport.WEBSOCKET},
    auto_approve=(),
    include_tools=("includeTools",),
    exclude_tools=("excludeTools",),
    sandbox=(),
)
_CLAUDE_FIELDS = Fields(auto_approve=(), include_tools=("includeTools",), exclude_tools=("excludeTools",), sandbox=())
_SERVERS = Servers(fields=FIELDS)

_SWITCHES: tuple[tuple[str, ...], ...] = (
    ("disableAllHooks",),
    ("proxy",),
    ("plansDirectory",),
    ("tools", "sandbox"),
    ("tools", "sandboxImage"),
    ("tools", "discoveryCommand"),
    ("tools", "callCommand"),
    ("tools", "approvalMode"),
    ("tools", "computerUse", "enabled"),
    ("mcp", "serverCommand"),
    ("security", "folderTrust", "enabled"),
    ("security", "allowedHttpHookUrls"),
    ("security", "allowPrivateNetworkHooks"),
    ("policy", "permissionStrategy"),
    ("memory", "enableTeamMemory"),
    ("memory", "enableTeamMemorySync"),
    ("skills", "directories"),
    ("context", "fileName"),
    ("context", "includeDirectories"),
)
_LEGACY: tuple[tuple[tuple[str, ...], str], ...] = (
    (("tools", "allowed"), "allow"),
    (("tools", "core"), "allow"),
    (("tools", "exclude"), "deny"),
    (("tools", "disabled"), "deny"),
    (("allowedTools",), "allow"),
    (("excludeTools",), "deny"),
)
"""Permission lists of versions before `permissions`, and the first versions' top-level spelling."""
_Keys = tuple[tuple[str, ...], ...]
_MODE_KEYS: _Keys = (("tools", "approvalMode"), ("approvalMode",))
_ACCEPT_KEYS: _Keys = (("tools", "autoAccept"), ("autoAccept",))
_EXCLUDED_KEYS: _Keys = (("mcp", "excluded"), ("excludeMCPServers",))
_ALLOWED_KEYS: _Keys = (("mcp", "allowed"), ("allowMCPServers",))
_MODES = ("yolo", "auto", "auto-edit", "auto_edit")
_TRUST = {"TRUST_FOLDER": True, "TRUST_PARENT": True, "DO_NOT_TRUST": False}


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of any scope, beside its servers and hooks."""
    yield from claude_permissions(document)
    for keys, verdict in _LEGACY:
        pointer = ".".join(keys)
        for rule in as_texts(document, _at(document, keys), pointer):
            yield setting(document, Topic.PERMISSION, rule, verdict, pointer)
    for keys in _MODE_KEYS:
        mode = _at(document, keys)
        if isinstance(mode, str) and mode.lower() in _MODES:
            yield setting(document, Topic.AUTO_APPROVE, mode, True, ".".join(keys))
    for keys in _ACCEPT_KEYS:
        if _at(document, keys) is True:
            yield setting(document, Topic.AUTO_APPROVE, "safe tools", True, ".".join(keys))
    for keys in _SWITCHES:
        value = _at(document, keys)
        if value is not None:
            yield setting(document, Topic.SWITCH, ".".join(keys), value, ".".join(keys))
    for keys in _EXCLUDED_KEYS:
        for name in as_texts(document, _at(document, keys), ".".join(keys)):
            # A person's exclusion reaches the organisation's servers too; the organisation's own blocks.
            if document.scope is not Scope.MANAGED:
                yield setting(document, Topic.SERVER_STATUS, name, Status.DISABLED, ".".join(keys))
            yield setting(document, Topic.SERVER_POLICY, "deny", name, ".".join(keys))
    for keys in _ALLOWED_KEYS:
        for name in as_texts(document, _at(document, keys), ".".join(keys)):
            yield setting(document, Topic.SERVER_POLICY, "allow", name, ".".join(keys))
    yield from variables(document, document.map().get("env"), "env")


def read_trusted(document: Document) -> Iterable[Sighting]:
    """`trustedFolders.json`: path to a word; TRUST_PARENT speaks of the folder above."""
    for path, word in document.map().items():
        verdict = _TRUST.get(word) if isinstance(word, str) else None
        if verdict is None:
            document.note("unknown-shape", f"an entry of {len(path)} characters has no known word of trust")
            continue
        folder = str(pure_path(path).parent) if word == "TRUST_PARENT" else path
        yield setting(document, Topic.TRUST, folder, verdict, path)
        yield setting(document, Topic.PROJECT, path, True, path)


def read_approvals(document: Document) -> Iterable[Sighting]:
    """`mcpApprovals.json`: per project and server `{hash, status}`, bound to the definition by its hash."""
    for project, raw in document.map().items():
        yield setting(document, Topic.PROJECT, project, True, project)
        for name, item in as_map(document, raw, project).items():
            status = as_map(document, item, f"{project}.{name}").get("status")
            if status in ("approved", "rejected"):
                state = Status.APPROVED if status == "approved" else Status.DISABLED
                yield setting(document, Topic.SERVER_STATUS, name, state, f"{project}.{name}", project=project)


def read_enablement(document: Document) -> Iterable[Sighting]:
    """`extension-enablement.json`: per extension a list of folder patterns; `!` in front switches it off there."""
    for name, raw in document.map().items():
        overrides = as_texts(document, as_map(document, raw, name).get("overrides"), f"{name}.overrides")
        # The last pattern that names the whole disk or home decides everywhere; others concern single folders.
        for pattern in overrides:
            off = pattern.startswith("!")
            if not _is_project(pattern.removeprefix("!"), document.home):
                yield setting(document, Topic.PLUGIN_STATUS, name, not off, f"{name}.overrides")


def _is_project(pattern: str, home: str | None) -> bool:
    folder = pattern.rstrip("*").rstrip("/")
    return folder not in ("", (home or "").rstrip("/"))


def _at(document: Document, keys: tuple[str, ...]) -> Json:
    """The value under `keys`. A key that is a switch in one version and a map in another is passed over quietly."""
    value: Json = document.map()
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def read_install(document: Document) -> Iterable[Sighting]:
    """`.qwen-extension-install.json`: where an extension came from."""
    yield from linked(document, EXTENSIONS)


_SETTINGS = many(_SERVERS, Hooks(), read_settings)
_SYSTEM: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/qwen-code", ("linux",)),
    ("/Library/Application Support/QwenCode", ("macos",)),
    ("%PROGRAMDATA%/qwen-code", ("windows",)),
)


def _parts(folder: str, scope: Scope) -> tuple[Location, ...]:
    return (
        Location(f"{folder}/skills/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{folder}/commands/**/*.md", scope, COMMAND, Format.FRONTMATTER),
        Location(f"{folder}/commands/**/*.toml", scope, COMMAND, Format.TOML),
        Location(f"{folder}/agents/*.md", scope, SUBAGENT, Format.FRONTMATTER),
    )


AGENT = Agent(
    id="qwen-code",
    name="Qwen Code",
    vendor="Alibaba",
    detect=Detect(
        binaries=("qwen",),
        paths=("~/.qwen",),
        extension_ids=("qwenlm.qwen-code-vscode-ide-companion",),
        packages=("@qwen-code/qwen-code",),
        sessions=("~/.qwen/projects/*/chats/*.jsonl",),
    ),
    moved=(
        Moved("QWEN_CODE_MCP_APPROVALS_PATH", "~/.qwen/mcpApprovals.json"),
        Moved("QWEN_CODE_TRUSTED_FOLDERS_PATH", "~/.qwen/trustedFolders.json"),
        Moved("QWEN_HOME", "~/.qwen"),
    ),
    precedence=(Scope.MANAGED, Scope.LOCAL, Scope.PROJECT, Scope.USER, Scope.SYSTEM, Scope.PLUGIN),
    project_approval="pending",
    locations=(
        Location("~/.qwen/settings.json", Scope.USER, _SETTINGS, Format.JSONC),
        Location("{project}/.qwen/settings.json", Scope.PROJECT, _SETTINGS, Format.JSONC),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=_CLAUDE_FIELDS), Format.JSONC, shared=True),
        *(
            location
            for folder, on in _SYSTEM
            for location in (
                Location(f"{folder}/settings.json", Scope.MANAGED, _SETTINGS, Format.JSONC, on=on),
                Location(f"{folder}/system-defaults.json", Scope.SYSTEM, _SETTINGS, Format.JSONC, on=on),
            )
        ),
        Location("~/.qwen/.env", Scope.USER, read_dotenv, Format.TEXT),
        Location("{project}/.qwen/.env", Scope.PROJECT, read_dotenv, Format.TEXT),
        Location("{project}/.env", Scope.PROJECT, read_project_dotenv, Format.TEXT, shared=True),
        Location("~/.qwen/trustedFolders.json", Scope.USER, read_trusted, Format.JSONC),
        Location("~/.qwen/mcpApprovals.json", Scope.USER, read_approvals, Format.JSONC),
        Location("~/.qwen/extensions/extension-enablement.json", Scope.USER, read_enablement),
        Location(f"{EXTENSIONS}/.qwen-extension-install.json", Scope.PLUGIN, read_install),
        Location(f"{EXTENSIONS}/qwen-extension.json", Scope.PLUGIN, Plugin(levels=0, fields=FIELDS)),
        Location(f"{EXTENSIONS}/hooks/hooks.json", Scope.PLUGIN, Hooks()),
        Location(f"{EXTENSIONS}/QWEN.md", Scope.PLUGIN, RULES, Format.TEXT),
        *_parts(EXTENSIONS, Scope.PLUGIN),
        *_parts("~/.qwen", Scope.USER),
        *_parts("{project}/.qwen", Scope.PROJECT),
        Location("~/.qwen/QWEN.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.qwen/rules/**/*.md", Scope.USER, RULES, Format.FRONTMATTER),
        Location("{project}/QWEN.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.qwen/QWEN.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.qwen/QWEN.local.md", Scope.LOCAL, RULES, Format.TEXT),
        Location("{project}/.qwen/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/.qwen/team-memory/**/*.md", Scope.PROJECT, MEMORY, Format.TEXT),
        Location("~/.qwen/projects/*/memory/*.md", Scope.USER, MEMORY, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "approval": "versions before the approvals file start a project's servers without asking; they show as pending "
        "here. An approval is bound to a hash of the definition, which is not computed: after an edit Qwen asks again",
        "timeout": "hook timeouts were milliseconds before 0.23.4; values of 1000 or more are still read as such",
        "memory": "where automatic memory lies was not confirmed",
    },
)
