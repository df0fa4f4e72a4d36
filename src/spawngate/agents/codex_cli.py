"""Codex CLI (OpenAI); its editor extension and desktop app use the same files.

Sources, read 2026-11: https://developers.openai.com/codex/{config-reference,config-advanced,hooks,mcp,skills,plugins,
rules}, openai/codex codex-rs (config, hooks/src/engine). Layers, strongest first: managed, project, profile, user,
system. A project's config.toml, hooks and rules count only in a folder with `projects."<path>".trust_level =
"trusted"`. Profiles are files `~/.codex/<name>.config.toml` since 0.134, tables `[profiles.<name>]` before. Hooks that
are not managed run only when their hash is recorded under `hooks.state`; the hash is not checked here.
requirements.toml lists the allowed servers by identity, and an empty list allows none. Rules are Starlark: they are
not run, and only plain `prefix_rule(pattern=[...], decision="...")` calls are read. The managed preference keys on
macOS and the desktop app's state file are from prior knowledge.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence

from spawngate.agents.agent import UNIX, Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Reader, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.hooks.dialects.codex_cli import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, many
from spawngate.agents.readers.dotenv import read_dotenv
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import lookup, switches, variables
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import MARKETPLACE, Plugin
from spawngate.agents.readers.servers import Fields, Servers, servers
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, SUBAGENT, Text
from spawngate.model.artifact import Kind, Scope
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic

FIELDS = Fields(
    env_names=("env_vars",),
    env_file=(),
    headers=("http_headers", "headers"),
    header_names=("env_http_headers",),
    bearer=("bearer_token_env_var",),
    auto_approve=(),
    trust=(),
    sandbox=(),
    timeout=("tool_timeout_sec", "timeout"),
)
HOOKS = Hooks(ignore=("state", "managed_dir", "windows_managed_dir", "description"))

_SWITCHES = (
    "approval_policy",
    "approvals_reviewer",
    "sandbox_mode",
    "sandbox_workspace_write.network_access",
    "default_permissions",
    "allow_login_shell",
    "notify",
    "profile",
    "shell_environment_policy.inherit",
    "shell_environment_policy.ignore_default_excludes",
    "features.hooks",
    "features.codex_hooks",
    "features.plugin_hooks",
    "features.plugins",
    "features.apps",
    "features.exec_permission_approvals",
    "notice.hide_full_access_warning",
    "model_instructions_file",
    "project_doc_fallback_filenames",
    "mcp_oauth_credentials_store",
    "cli_auth_credentials_store",
    "otel",
    "web_search",
)
_REQUIREMENTS = (
    "allowed_approval_policies",
    "allowed_sandbox_modes",
    "allowed_web_search_modes",
    "allow_managed_hooks_only",
    "hooks.managed_dir",
    "hooks.windows_managed_dir",
    "enforce_residency",
    "features",
)
_PROVIDER = ("base_url", "env_key", "env_http_headers", "auth.command")
_PROVIDER_SECRETS = ("experimental_bearer_token", "http_headers", "query_params")
_RULE = re.compile(r"prefix_rule\s*\(")
_PATTERN = re.compile(r"\bpattern\s*=\s*(\[(?:[^\[\]]|\[[^\[\]]*\])*\])")
_DECISION = re.compile(r"\bdecision\s*=\s*[\"'](\w+)[\"']")
_VERDICTS = {"allow": "allow", "prompt": "ask", "forbidden": "deny"}
_RULE_TEXT = 4096
"""Characters of a rules file that one call may take."""


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.toml` of any layer."""
    values = document.map()
    yield from servers(document, values.get("mcp_servers"), "mcp_servers", FIELDS)
    yield from _layer(document, values, "")
    for name, raw in as_map(document, values.get("profiles"), "profiles").items():
        yield from _layer(document, as_map(document, raw, f"profiles.{name}"), f"profiles.{name}.")
    for folder, raw in as_map(document, values.get("projects"), "projects").items():
        pointer = f"projects.{folder}"
        level = as_map(document, raw, pointer).get("trust_level")
        yield setting(document, Topic.PROJECT, folder, True, pointer)
        if isinstance(level, str):
            yield setting(document, Topic.TRUST, folder, level == "trusted", f"{pointer}.trust_level")
    for name, raw in as_map(document, values.get("plugins"), "plugins").items():
        on = as_map(document, raw, f"plugins.{name}").get("enabled") is not False
        yield setting(document, Topic.PLUGIN_STATUS, name, on, f"plugins.{name}")
    for name, raw in as_map(document, values.get("marketplaces"), "marketplaces").items():
        source = as_text(document, as_map(document, raw, f"marketplaces.{name}").get("source"), "source")
        if source:
            yield setting(document, Topic.SWITCH, f"marketplaces.{name}", source, f"marketplaces.{name}.source")
    state = as_map(document, lookup(values, "hooks.state"), "hooks.state")
    for name, raw in state.items():
        entry = as_map(document, raw, f"hooks.state.{name}")
        trusted = isinstance(entry.get("trusted_hash"), str) and entry.get("enabled") is not False
        yield setting(document, Topic.SWITCH, f"hooks.state.{name}", trusted, f"hooks.state.{name}")
    table = values.get("mcp_servers")
    for name, raw in table.items() if isinstance(table, Mapping) else ():
        entry = raw if isinstance(raw, Mapping) else {}
        if entry.get("default_tools_approval_mode") == "approve":
            yield setting(
                document, Topic.AUTO_APPROVE, f"mcp__{name}__*", True, f"mcp_servers.{name}.default_tools_approval_mode"
            )
        tools = entry.get("tools")
        for tool, rule in tools.items() if isinstance(tools, Mapping) else ():
            if isinstance(rule, Mapping) and rule.get("approval_mode") == "approve":
                where = f"mcp_servers.{name}.tools.{tool}"
                yield setting(document, Topic.PERMISSION, f"mcp__{name}__{tool}", "allow", where)


def _layer(document: Document, values: Mapping[str, Json], prefix: str) -> Iterable[Sighting]:
    """The settings that a profile may hold as well."""
    yield from switches(document, values, _SWITCHES, prefix=prefix)
    if values.get("approval_policy") == "never":
        yield setting(document, Topic.AUTO_APPROVE, "approval_policy never", True, f"{prefix}approval_policy")
    if values.get("sandbox_mode") == "danger-full-access":
        yield setting(document, Topic.AUTO_APPROVE, "sandbox_mode danger-full-access", True, f"{prefix}sandbox_mode")
    if values.get("default_permissions") == ":danger-full-access":
        yield setting(document, Topic.AUTO_APPROVE, ":danger-full-access", True, f"{prefix}default_permissions")
    roots = lookup(values, "sandbox_workspace_write.writable_roots")
    for root in as_texts(document, roots, f"{prefix}sandbox_workspace_write.writable_roots"):
        yield setting(document, Topic.PERMISSION, f"Write({root})", "allow", f"{prefix}sandbox_workspace_write")
    for name, raw in as_map(document, values.get("permissions"), f"{prefix}permissions").items():
        yield from _profile(document, as_map(document, raw, f"permissions.{name}"), f"{prefix}permissions.{name}")
    variables_set = lookup(values, "shell_environment_policy.set")
    yield from variables(document, variables_set, f"{prefix}shell_environment_policy.set")
    for name, raw in as_map(document, values.get("model_providers"), f"{prefix}model_providers").items():
        pointer = f"{prefix}model_providers.{name}"
        provider = as_map(document, raw, pointer)
        yield from switches(document, provider, _PROVIDER, prefix=f"{pointer}.")
        secrets: dict[str, Json] = {key: provider[key] for key in _PROVIDER_SECRETS if provider.get(key) is not None}
        if secrets:
            # One map, so that each value is redacted by its name.
            yield setting(document, Topic.SWITCH, pointer, secrets, pointer)


def _profile(document: Document, profile: Mapping[str, Json], pointer: str) -> Iterable[Sighting]:
    """A permission profile: `filesystem` maps paths to read, write or deny; `network.domains` maps to allow or deny."""
    for path, access in as_map(document, profile.get("filesystem"), f"{pointer}.filesystem").items():
        below = access.items() if isinstance(access, Mapping) else (("", access),)
        for part, word in below:
            where = f"{path}/{part}" if part not in ("", ".") else path
            if word in ("read", "write"):
                rule = f"{str(word).capitalize()}({where})"
                yield setting(document, Topic.PERMISSION, rule, "allow", f"{pointer}.filesystem")
            elif word in ("none", "deny"):
                yield setting(document, Topic.PERMISSION, f"Read({where})", "deny", f"{pointer}.filesystem")
    yield from switches(document, profile, ("network.enabled", "extends"), prefix=f"{pointer}.")
    for domain, word in as_map(document, lookup(profile, "network.domains"), f"{pointer}.network.domains").items():
        if word in ("allow", "deny"):
            yield setting(document, Topic.PERMISSION, f"Network({domain})", word, f"{pointer}.network.domains")


def read_requirements(document: Document) -> Iterable[Sighting]:
    """`requirements.toml`: what an administrator allows."""
    values = document.map()
    yield from switches(document, values, _REQUIREMENTS, prefix="requirements.")
    allowed = values.get("mcp_servers")
    table = as_map(document, allowed, "mcp_servers")
    if isinstance(allowed, Mapping) and not table:
        # An allow list that names nobody: no server can have the empty name.
        yield setting(document, Topic.SERVER_POLICY, "allow", {"serverName": ""}, "mcp_servers")
    for name, raw in table.items():
        pointer = f"mcp_servers.{name}"
        identity = as_map(document, as_map(document, raw, pointer).get("identity"), f"{pointer}.identity")
        entry: dict[str, Json] = {"serverName": name}
        url = as_text(document, identity.get("url"), f"{pointer}.identity.url")
        command = as_text(document, identity.get("command"), f"{pointer}.identity.command")
        if url:
            entry["serverUrl"] = url
        if command:
            entry["command"] = command
        yield setting(document, Topic.SERVER_POLICY, "allow", entry, pointer)
    rules = as_list(document, lookup(values, "rules.prefix_rules"), "rules.prefix_rules")
    for index, raw in enumerate(rules):
        where = f"rules.prefix_rules[{index}]"
        rule = as_map(document, raw, where)
        words: list[str] = []
        for token in as_list(document, rule.get("pattern"), f"{where}.pattern"):
            part = as_map(document, token, f"{where}.pattern")
            several = part.get("any_of")
            words.append(_alternatives(several) if several is not None else str(part.get("token", "")))
        verdict = _VERDICTS.get(str(rule.get("decision")))
        if words and verdict:
            yield setting(document, Topic.PERMISSION, f"Bash({' '.join(words)}:*)", verdict, where)


def read_rules(document: Document) -> Iterable[Sighting]:
    """A `.rules` file: the file itself, and the plain prefix rules in it. Nothing is evaluated."""
    yield from Text(Kind.INSTRUCTION, "exec-policy")(document)
    text = "\n".join(line for line in document.text().splitlines() if not line.lstrip().startswith("#"))
    starts = [match.end() for match in _RULE.finditer(text)]
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(text)
        call = text[start : min(end, start + _RULE_TEXT)]
        pattern, decision = _PATTERN.search(call), _DECISION.search(call)
        value = parse_json(pattern.group(1), Format.JSON5)[0] if pattern else None
        verdict = _VERDICTS.get(decision.group(1)) if decision else "allow"
        if not isinstance(value, Sequence) or isinstance(value, str) or verdict is None:
            document.note("unknown-shape", f"prefix rule {index + 1} is not a plain list with a known decision")
            continue
        words = " ".join(item if isinstance(item, str) else _alternatives(item) for item in value)
        yield setting(document, Topic.PERMISSION, f"Bash({words}:*)", verdict, f"prefix_rule[{index}]")


def _alternatives(value: Json) -> str:
    """`[a|b]` for a place of a pattern where one of several words may stand."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{'|'.join(item for item in value if isinstance(item, str))}]"
    return str(value)


def read_subagent(document: Document) -> Iterable[Sighting]:
    """An agent file in TOML: the sub-agent, with servers of its own in Codex's words."""
    for sighting in SUBAGENT(document):
        if not (isinstance(sighting, Observed) and sighting.kind is Kind.MCP_SERVER):
            yield sighting
    yield from servers(document, document.map().get("mcp_servers"), "mcp_servers", FIELDS, scope=Scope.SUBAGENT)


def read_preferences(document: Document) -> Iterable[Sighting]:
    """Managed preferences of macOS: whole TOML files, in base64."""
    parts: tuple[tuple[str, Reader], ...] = (
        ("config_toml_base64", _CONFIG),
        ("requirements_toml_base64", _REQUIREMENTS_FILE),
    )
    for key, read in parts:
        encoded = document.map().get(key)
        if not isinstance(encoded, str):
            continue
        try:
            data = base64.b64decode(encoded, validate=False)
        except (binascii.Error, ValueError):
            document.note("malformed", f"{key} is not base64")
            continue
        inner = Document(
            document.path,
            document.agent,
            document.scope,
            Format.TOML,
            data,
            document.digest,
            document.home,
            document.project,
            document.platform,
            notes=document.notes,
        )
        yield from read(inner)


def read_app_state(document: Document) -> Iterable[Sighting]:
    """`.codex-global-state.json` of the desktop app: folders that were added to it."""
    for key in ("electron-saved-workspace-roots", "active-workspace-roots"):
        for folder in as_texts(document, document.map().get(key), key):
            yield setting(document, Topic.PROJECT, folder, True, key)


_CONFIG = many(read_config, HOOKS)
_REQUIREMENTS_FILE = many(read_requirements, HOOKS)
_PLUGINS = "~/.codex/plugins/cache/*/*/*"

AGENT = Agent(
    id="codex-cli",
    name="Codex CLI",
    vendor="OpenAI",
    detect=Detect(
        binaries=("codex",),
        paths=("~/.codex/config.toml", "~/.codex/auth.json", "~/.codex/sessions"),
        apps=("/Applications/Codex.app",),
        extension_ids=("openai.chatgpt",),
        packages=("@openai/codex",),
        sessions=("~/.codex/sessions/*/*/*/rollout-*.jsonl",),
    ),
    moved=(Moved("CODEX_HOME", "~/.codex"),),
    precedence=(Scope.MANAGED, Scope.PROJECT, Scope.PROFILE, Scope.USER, Scope.SYSTEM, Scope.PLUGIN),
    project_approval="trust",
    locations=(
        Location("~/.codex/config.toml", Scope.USER, _CONFIG, Format.TOML),
        Location("~/.codex/*.config.toml", Scope.PROFILE, _CONFIG, Format.TOML),
        Location("{project}/.codex/config.toml", Scope.PROJECT, _CONFIG, Format.TOML),
        Location("/etc/codex/config.toml", Scope.SYSTEM, _CONFIG, Format.TOML, on=UNIX),
        Location("%PROGRAMDATA%/OpenAI/Codex/config.toml", Scope.SYSTEM, _CONFIG, Format.TOML, on=("windows",)),
        Location("/etc/codex/managed_config.toml", Scope.MANAGED, _CONFIG, Format.TOML, on=UNIX),
        Location("~/.codex/managed_config.toml", Scope.MANAGED, _CONFIG, Format.TOML, on=("windows",)),
        Location("/etc/codex/requirements.toml", Scope.MANAGED, _REQUIREMENTS_FILE, Format.TOML, on=UNIX),
        Location(
            "%PROGRAMDATA%/OpenAI/Codex/requirements.toml",
            Scope.MANAGED,
            _REQUIREMENTS_FILE,
            Format.TOML,
            on=("windows",),
        ),
        Location(
            "/Library/Managed Preferences/com.openai.codex.plist",
            Scope.MANAGED,
            read_preferences,
            Format.PLIST,
            on=("macos",),
        ),
        Location("~/.codex/hooks.json", Scope.USER, HOOKS),
        Location("{project}/.codex/hooks.json", Scope.PROJECT, HOOKS),
        Location("/etc/codex/hooks.json", Scope.SYSTEM, HOOKS, on=UNIX),
        Location("~/.codex/.env", Scope.USER, read_dotenv, Format.TEXT),
        Location(
            "~/.codex/.codex-global-state.json",
            Scope.USER,
            read_app_state,
            keep=(
                ("electron-saved-workspace-roots",),
                ("active-workspace-roots",),
            ),
        ),
        Location(f"{_PLUGINS}/.codex-plugin/plugin.json", Scope.PLUGIN, Plugin(1, FIELDS)),
        Location(f"{_PLUGINS}/.mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location(f"{_PLUGINS}/hooks.json", Scope.PLUGIN, HOOKS),
        Location(f"{_PLUGINS}/hooks/hooks.json", Scope.PLUGIN, HOOKS),
        Location(f"{_PLUGINS}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.codex/.tmp/marketplaces/*/.agents/plugins/marketplace.json", Scope.PLUGIN, MARKETPLACE),
        Location("~/.codex/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.codex/skills/.system/*/SKILL.md", Scope.SYSTEM, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.codex/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("/etc/codex/skills/*/SKILL.md", Scope.SYSTEM, SKILL, Format.FRONTMATTER, on=UNIX, siblings=True),
        Location("~/.codex/prompts/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("~/.codex/agents/*.toml", Scope.USER, read_subagent, Format.TOML),
        Location("{project}/.codex/agents/*.toml", Scope.PROJECT, read_subagent, Format.TOML),
        Location("~/.codex/rules/*.rules", Scope.USER, read_rules, Format.TEXT),
        Location("{project}/.codex/rules/*.rules", Scope.PROJECT, read_rules, Format.TEXT),
        Location("~/.codex/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.codex/AGENTS.override.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.codex/memories/*.md", Scope.USER, MEMORY, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "hooks": "hooks that are not managed run only once their hash is trusted; the hash is not checked here",
        "profiles": "which profile is in force is chosen when Codex starts",
        "policy": "the managed preference keys on macOS are from prior knowledge; cloud policies are not on disk",
        "rules": "rules that are not plain prefix_rule calls are recorded by their file only",
        "app": "the state file of the desktop app is from prior knowledge",
    },
)
