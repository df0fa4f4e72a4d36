"""Gemini CLI (Google).

Sources, read at google-gemini/gemini-cli 5411f113 (August 2026): docs/reference/configuration.md, docs/hooks,
docs/reference/policy-engine.md, docs/cli/trusted-folders.md, packages/core/src/config/{storage,projectRegistry}.ts,
packages/core/src/hooks/trustedHooks.ts, packages/cli/src/config/mcp/mcpServerEnablement.ts,
packages/cli/src/config/extensions/extensionEnablement.ts. settings.json takes comments. The
machine-wide settings.json wins over everything and is therefore `managed`, system-defaults.json yields to everything
and is `system`. Folder trust is on by default in this version; an untrusted folder drops the project's settings. `url`
alone means streamable HTTP (observed with 0.61.0; SSE in releases before `type`), as `httpUrl` does; `tcp` is a web
socket. Older releases wrote some keys flat (`allowedTools`, `allowMCPServers`), both forms are read. Server ids of
mcp-server-enablement.json are lower case.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.gemini_cli import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, many, pure_path
from spawngate.agents.readers.dotenv import read_dotenv, read_project_dotenv
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import lookup, switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import Plugin, linked
from spawngate.agents.readers.servers import Fields, Servers, server
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT
from spawngate.agents.settle import settle as settle_by_fields
from spawngate.model.artifact import Artifact, Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

EXTENSIONS = "~/.gemini/extensions/*"
"""Folder of one extension."""

FIELDS = Fields(
    url={"httpUrl": Transport.HTTP, "url": Transport.HTTP, "tcp": Transport.WEBSOCKET},
    env_file=(),
    auto_approve=(),
    sandbox=(),
    include_tools=("includeTools",),
    exclude_tools=("excludeTools",),
)
HOOKS = Hooks(timeout_unit="ms", ignore=("enabled", "disabled", "notifications"))

_SWITCHES = (
    "general.defaultApprovalMode",
    "hooksConfig.enabled",
    "hooksConfig.disabled",
    "security.folderTrust.enabled",
    "security.disableYoloMode",
    "security.disableAlwaysAllow",
    "security.enablePermanentToolApproval",
    "security.autoAddToPolicyByDefault",
    "security.blockGitExtensions",
    "security.allowedExtensions",
    "security.toolSandboxing",
    "security.environmentVariableRedaction",
    "security.auth.selectedType",
    "tools.sandbox",
    "tools.sandboxAllowedPaths",
    "tools.sandboxNetworkAccess",
    "tools.discoveryCommand",
    "tools.callCommand",
    "context.fileName",
    "context.includeDirectories",
    "policyPaths",
    "adminPolicyPaths",
    "skills.enabled",
    "skills.disabled",
    "advanced.ignoreLocalEnv",
    "admin.secureModeEnabled",
    "admin.extensions.enabled",
    "admin.mcp.enabled",
    "telemetry.otlpEndpoint",
    "telemetry.logPrompts",
    "sandbox",
    "autoAccept",
    "toolDiscoveryCommand",
    "toolCallCommand",
)


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of any scope."""
    values = document.map()
    yield from switches(document, values, _SWITCHES)
    if lookup(values, "general.defaultApprovalMode") in ("yolo", "auto_edit"):
        mode = str(lookup(values, "general.defaultApprovalMode"))
        yield setting(document, Topic.AUTO_APPROVE, mode, True, "general.defaultApprovalMode")
    if values.get("autoAccept") is True or lookup(values, "tools.autoAccept") is True:
        yield setting(document, Topic.AUTO_APPROVE, "safe tools", True, "tools.autoAccept")
    for key, word in (
        ("tools.allowed", "allow"),
        ("allowedTools", "allow"),
        ("tools.confirmationRequired", "ask"),
        ("tools.exclude", "deny"),
        ("excludeTools", "deny"),
    ):
        for rule in as_texts(document, lookup(values, key), key):
            yield setting(document, Topic.PERMISSION, rule, word, key)
    for key, word in (
        ("mcp.allowed", "allow"),
        ("allowMCPServers", "allow"),
        ("mcp.excluded", "deny"),
        ("excludeMCPServers", "deny"),
    ):
        for name in as_texts(document, lookup(values, key), key):
            yield setting(document, Topic.SERVER_POLICY, word, name, key)
            # A person's exclusion reaches the organisation's servers too; the organisation's own blocks.
            if word == "deny" and document.scope is not Scope.MANAGED:
                yield setting(document, Topic.SERVER_STATUS, name, Status.DISABLED, key)
    for key in ("mcp.serverCommand", "mcpServerCommand"):
        command = as_text(document, lookup(values, key), key)
        if command:
            # The agent splits the text as a shell would and calls the server "mcp".
            yield server(document, "mcp", {"command": _words(command)}, key, FIELDS)
    for name in as_texts(document, lookup(values, "extensions.disabled"), "extensions.disabled"):
        yield setting(document, Topic.PLUGIN_STATUS, name, False, "extensions.disabled")


def _words(command: str) -> list[Json]:
    try:
        return list(shlex.split(command))
    except ValueError:
        return list(command.split())


def read_trusted_folders(document: Document) -> Iterable[Sighting]:
    """`trustedFolders.json`: folder to TRUST_FOLDER, TRUST_PARENT (the folder above counts) or DO_NOT_TRUST."""
    for folder, level in document.map().items():
        where = str(pure_path(folder).parent) if level == "TRUST_PARENT" else folder
        if level not in ("TRUST_FOLDER", "TRUST_PARENT", "DO_NOT_TRUST"):
            document.note("unknown-shape", f"{folder} has no known trust level")
            continue
        yield setting(document, Topic.TRUST, where, level != "DO_NOT_TRUST", folder)
        yield setting(document, Topic.PROJECT, folder, True, folder)


def read_projects(document: Document) -> Iterable[Sighting]:
    """`projects.json`: every folder that Gemini CLI was started in, with its short name."""
    for folder in as_map(document, document.map().get("projects"), "projects"):
        yield setting(document, Topic.PROJECT, folder, True, f"projects.{folder}")


def read_project_root(document: Document) -> Iterable[Sighting]:
    """`.project_root` in a folder of `history` or `tmp`: the path of the project it belongs to."""
    folder = document.text().strip()
    if folder and "\n" not in folder:
        yield setting(document, Topic.PROJECT, folder, True, "")


def read_trusted_hooks(document: Document) -> Iterable[Sighting]:
    """`trusted_hooks.json`: project to hooks (`name:command`) that the person was warned about once."""
    for folder, raw in document.map().items():
        yield setting(document, Topic.PROJECT, folder, True, folder)
        for hook in as_texts(document, raw, folder):
            yield setting(document, Topic.SWITCH, "trusted_hook", hook, folder, project=folder)


def read_server_enablement(document: Document) -> Iterable[Sighting]:
    """`mcp-server-enablement.json`: servers that the person switched off or on again."""
    for name, raw in document.map().items():
        enabled = as_map(document, raw, name).get("enabled")
        if isinstance(enabled, bool):
            status = Status.ENABLED if enabled else Status.DISABLED
            yield setting(document, Topic.SERVER_STATUS, name, status, name)


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """The common rules, once the lower-case ids of mcp-server-enablement.json are the servers' names again."""
    names: dict[str, set[str]] = {}
    for artifact in artifacts:
        if artifact.kind is Kind.MCP_SERVER:
            names.setdefault(artifact.name.strip().lower(), set()).add(artifact.name)
    named = [
        replace(item, name=name)
        for item in settings
        for name in (sorted(names.get(item.name, {item.name})) if _is_enablement(item) else (item.name,))
    ]
    return settle_by_fields(replace(AGENT, settle=None), artifacts, named)


def _is_enablement(item: Setting) -> bool:
    return item.topic is Topic.SERVER_STATUS and item.path.endswith("mcp-server-enablement.json")


def read_extension_enablement(document: Document) -> Iterable[Sighting]:
    """`extension-enablement.json`: folder patterns per extension, `!` switches off, the last match counts.

    An extension counts as off where the last rule that covers the whole home switches it off; what holds for
    single folders is kept as a switch.
    """
    home = (document.home or "").replace("\\", "/").rstrip("/")
    for name, raw in document.map().items():
        overrides = as_texts(document, as_map(document, raw, name).get("overrides"), f"{name}.overrides")
        on = True
        for rule in overrides:
            folder = rule.removeprefix("!").replace("\\", "/").rstrip("*").rstrip("/")
            if not folder or (home and (home == folder or home.startswith(f"{folder}/"))):
                on = not rule.startswith("!")
        yield setting(document, Topic.PLUGIN_STATUS, name, on, f"{name}.overrides")
        if overrides:
            yield setting(document, Topic.SWITCH, f"extension.{name}.overrides", list(overrides), f"{name}.overrides")


def read_install(document: Document) -> Iterable[Sighting]:
    """`.gemini-extension-install.json`: where an extension came from."""
    name = pure_path(document.path).parent.name
    yield from switches(
        document, document.map(), ("source", "type", "ref", "releaseTag", "autoUpdate"), prefix=f"extension.{name}."
    )
    yield from linked(document, EXTENSIONS)


def read_policies(document: Document) -> Iterable[Sighting]:
    """A policy file: `[[rule]]` with a tool, a narrowing condition and a decision."""
    rules = as_list(document, document.map().get("rule"), "rule")
    for index, raw in enumerate(rules):
        where = f"rule[{index}]"
        rule = as_map(document, raw, where)
        verdict = {"allow": "allow", "deny": "deny", "ask_user": "ask"}.get(str(rule.get("decision")))
        if verdict is None:
            document.note("unknown-shape", f"{where} has no known decision")
            continue
        for text in _matched(document, rule, where):
            yield setting(document, Topic.PERMISSION, text, verdict, where)


def _matched(document: Document, rule: Mapping[str, Json], pointer: str) -> Iterable[str]:
    tools: tuple[str, ...] = as_texts(document, rule.get("toolName"), f"{pointer}.toolName")
    prefixes = as_texts(document, rule.get("commandPrefix"), f"{pointer}.commandPrefix")
    pattern = as_text(document, rule.get("argsPattern", rule.get("commandRegex")), f"{pointer}.argsPattern")
    if not tools:
        tools = ("run_shell_command",) if prefixes or rule.get("commandRegex") is not None else ("*",)
    owner = as_text(document, rule.get("mcpName"), f"{pointer}.mcpName")
    for tool in tools:
        name = f"mcp_{owner}_{tool}" if owner else tool
        if prefixes:
            yield from (f"{name}({prefix})" for prefix in prefixes)
        else:
            yield f"{name}(/{pattern}/)" if pattern else name


_SETTINGS = many(read_settings, Servers(fields=FIELDS), HOOKS)
_SYSTEM: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/gemini-cli", ("linux",)),
    ("/Library/Application Support/GeminiCli", ("macos",)),
    ("%PROGRAMDATA%/gemini-cli", ("windows",)),
)

AGENT = Agent(
    id="gemini-cli",
    name="Gemini CLI",
    vendor="Google",
    detect=Detect(
        binaries=("gemini",),
        paths=("~/.gemini/settings.json", "~/.gemini/projects.json", "~/.gemini/installation_id"),
        packages=("@google/gemini-cli",),
        sessions=("~/.gemini/tmp/*/chats/*", "~/.gemini/tmp/*/logs.json"),
    ),
    moved=(
        Moved("GEMINI_CLI_TRUSTED_FOLDERS_PATH", "~/.gemini/trustedFolders.json"),
        Moved("GEMINI_CLI_HOME", "~/.gemini", "{value}/.gemini"),
    ),
    precedence=(Scope.MANAGED, Scope.PROJECT, Scope.USER, Scope.PLUGIN, Scope.SYSTEM),
    project_approval="trust",
    settle=settle,
    locations=(
        Location("~/.gemini/settings.json", Scope.USER, _SETTINGS, Format.JSONC),
        Location("{project}/.gemini/settings.json", Scope.PROJECT, _SETTINGS, Format.JSONC),
        *(
            location
            for folder, on in _SYSTEM
            for location in (
                Location(f"{folder}/settings.json", Scope.MANAGED, _SETTINGS, Format.JSONC, on=on),
                Location(f"{folder}/system-defaults.json", Scope.SYSTEM, _SETTINGS, Format.JSONC, on=on),
                Location(f"{folder}/policies/*.toml", Scope.MANAGED, read_policies, Format.TOML, on=on),
            )
        ),
        Location("~/.gemini/policies/*.toml", Scope.USER, read_policies, Format.TOML),
        Location("{project}/.gemini/policies/*.toml", Scope.PROJECT, read_policies, Format.TOML),
        Location("~/.gemini/.env", Scope.USER, read_dotenv, Format.TEXT),
        Location("{project}/.gemini/.env", Scope.PROJECT, read_dotenv, Format.TEXT),
        Location("{project}/.env", Scope.PROJECT, read_project_dotenv, Format.TEXT, shared=True),
        Location("~/.gemini/trustedFolders.json", Scope.USER, read_trusted_folders, Format.JSONC),
        Location("~/.gemini/projects.json", Scope.USER, read_projects),
        Location("~/.gemini/history/*/.project_root", Scope.USER, read_project_root, Format.TEXT),
        Location("~/.gemini/tmp/*/.project_root", Scope.USER, read_project_root, Format.TEXT),
        Location("~/.gemini/trusted_hooks.json", Scope.USER, read_trusted_hooks),
        Location("~/.gemini/mcp-server-enablement.json", Scope.USER, read_server_enablement),
        Location("~/.gemini/extensions/extension-enablement.json", Scope.USER, read_extension_enablement),
        Location(f"{EXTENSIONS}/gemini-extension.json", Scope.PLUGIN, Plugin(0, FIELDS)),
        Location(f"{EXTENSIONS}/.gemini-extension-install.json", Scope.PLUGIN, read_install),
        Location(f"{EXTENSIONS}/.env", Scope.PLUGIN, read_dotenv, Format.TEXT),
        Location(f"{EXTENSIONS}/hooks/hooks.json", Scope.PLUGIN, HOOKS),
        Location(f"{EXTENSIONS}/policies/*.toml", Scope.PLUGIN, read_policies, Format.TOML),
        Location(f"{EXTENSIONS}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{EXTENSIONS}/commands/**/*.toml", Scope.PLUGIN, COMMAND, Format.TOML),
        Location(f"{EXTENSIONS}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location(f"{EXTENSIONS}/GEMINI.md", Scope.PLUGIN, RULES, Format.TEXT),
        Location("~/.gemini/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.gemini/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.gemini/commands/**/*.toml", Scope.USER, COMMAND, Format.TOML),
        Location("{project}/.gemini/commands/**/*.toml", Scope.PROJECT, COMMAND, Format.TOML),
        Location("~/.gemini/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.gemini/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("~/.gemini/GEMINI.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/GEMINI.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.gemini/GEMINI.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.gemini/system.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("~/.gemini/tmp/*/memory/**/*.md", Scope.USER, MEMORY, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "context": "files that context.fileName names instead of GEMINI.md are not followed",
        "system": "GEMINI_CLI_SYSTEM_SETTINGS_PATH and GEMINI_CLI_SYSTEM_DEFAULTS_PATH are not followed",
        "trust": "a trusted editor window or GEMINI_CLI_TRUST_WORKSPACE counts as trust and is not on disk",
        "hooks": "project hooks run in a trusted folder after one warning, which trusted_hooks.json records",
    },
)
