"""Kimi Code (Moonshot AI) and the older kimi-cli.

Sources, read 2026-11: MoonshotAI/kimi-code:docs/en/configuration/{config-files,data-locations}.md,
docs/en/customization/{mcp,plugins}.md, packages/agent-core/src/plugin/store.ts;
https://moonshotai.github.io/kimi-cli/en/configuration/config-files.html;
dyoshikawa/rulesync:src/constants/kimi-code-paths.ts. A project's definition hides a user's; a project's servers start
without a question. Plugins run from their copy under plugins/managed/<id>; plugins/installed.json says which of them,
and which of their servers, are on. Not read at the vendor: `work_dirs` of kimi-cli's kimi.json.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.hooks.dialects.kimi_code import HOOK
from spawngate.agents.readers import as_map, as_text, as_texts, many, records
from spawngate.agents.readers.hook_lists import HookList
from spawngate.agents.readers.named_settings import Switches, lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import Plugin
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(
    env_file=(),
    bearer=("bearerTokenEnvVar",),
    auto_approve=(),
    trust=(),
    include_tools=("enabledTools",),
    exclude_tools=("disabledTools",),
    timeout=("toolTimeoutMs", "startupTimeoutMs"),
    sandbox=(),
)
_SWITCHES = Switches(
    ("extra_skill_dirs", "extra_agent_dirs", "telemetry", "default_plan_mode", "secondary_model.force")
)


def read_permissions(document: Document) -> Iterable[Sighting]:
    """Rules, the default mode (`default_yolo` in kimi-cli), and tools switched on or off."""
    for pointer, rule in records(document, lookup(document.map(), "permission.rules"), "permission.rules"):
        pattern = as_text(document, rule.get("pattern"), f"{pointer}.pattern")
        decision = as_text(document, rule.get("decision"), f"{pointer}.decision")
        if not pattern or decision not in ("allow", "ask", "deny"):
            document.note("unknown-shape", f"{pointer} has no pattern or no known decision")
            continue
        yield setting(document, Topic.PERMISSION, pattern, decision, pointer)
    mode = document.map().get("default_permission_mode")
    if isinstance(mode, str):
        yield setting(document, Topic.SWITCH, "default_permission_mode", mode, "default_permission_mode")
        if mode in ("yolo", "auto"):
            yield setting(document, Topic.AUTO_APPROVE, mode, True, "default_permission_mode")
    if document.map().get("default_yolo") is True:
        yield setting(document, Topic.AUTO_APPROVE, "yolo", True, "default_yolo")
    for tool in as_texts(document, lookup(document.map(), "tools.disabled"), "tools.disabled"):
        yield setting(document, Topic.PERMISSION, tool, "deny", "tools.disabled")


def read_installed(document: Document) -> Iterable[Sighting]:
    """`plugins/installed.json`: which plugins, and which of their servers, are on."""
    for pointer, record in records(document, document.map().get("plugins"), "plugins"):
        plugin = as_text(document, record.get("id"), f"{pointer}.id")
        if not plugin:
            document.note("unknown-shape", f"{pointer} has no id")
            continue
        yield setting(document, Topic.PLUGIN_STATUS, plugin, record.get("enabled") is not False, pointer)
        states = as_map(document, lookup(record, "capabilities.mcpServers"), f"{pointer}.capabilities.mcpServers")
        for name, state in states.items():
            where = f"{pointer}.capabilities.mcpServers.{name}"
            if as_map(document, state, where).get("enabled") is False:
                yield setting(document, Topic.SERVER_STATUS, f"{plugin}/{name}", Status.DISABLED, where)


def read_sessions(document: Document) -> Iterable[Sighting]:
    """`session_index.jsonl`: one session a line, each with its `workDir`."""
    seen: set[str] = set()
    for number, line in enumerate(document.text().splitlines(), start=1):
        if not line.strip():
            continue
        record, problems = parse_json(line, Format.JSON)
        if problems or not isinstance(record, Mapping):
            document.note("malformed", f"line {number}: not a JSON object; the line was skipped")
            continue
        folder = as_text(document, record.get("workDir"), f"line {number}: workDir")
        if folder and folder not in seen:
            seen.add(folder)
            yield setting(document, Topic.PROJECT, folder, True, f"line {number}")


def read_old_state(document: Document) -> Iterable[Sighting]:
    """kimi-cli's `kimi.json`: `work_dirs`, each with its path."""
    for pointer, record in records(document, document.map().get("work_dirs"), "work_dirs"):
        folder = as_text(document, record.get("path"), f"{pointer}.path")
        if folder:
            yield setting(document, Topic.PROJECT, folder, True, pointer)


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """A plugin's server is off where installed.json says so; the name there is `plugin/server`."""
    off = {entry.name for entry in settings if entry.topic is Topic.SERVER_STATUS and entry.value == Status.DISABLED}
    return [
        replace(artifact, status=Status.DISABLED)
        if artifact.kind is Kind.MCP_SERVER
        and artifact.scope is Scope.PLUGIN
        and artifact.status is Status.ENABLED
        and f"{_plugin_of(artifact.path)}/{artifact.name}" in off
        else artifact
        for artifact in artifacts
    ]


def _plugin_of(path: str) -> str:
    """Folder below plugins/managed, which is the plugin's id."""
    return path.replace("\\", "/").rpartition("/plugins/managed/")[2].partition("/")[0]


_CONFIG = many(read_permissions, HookList(), _SWITCHES)
_HOME = "~/.kimi-code"
_PLUGINS = f"{_HOME}/plugins/managed/*"

AGENT = Agent(
    id="kimi-code",
    name="Kimi Code",
    vendor="Moonshot AI",
    detect=Detect(
        binaries=("kimi",),
        paths=(_HOME, "~/.kimi/config.toml", "~/.kimi/kimi.json"),
        packages=("@moonshot-ai/kimi-code", "kimi-cli"),
        sessions=(f"{_HOME}/session_index.jsonl", "~/.kimi/sessions/*"),
    ),
    # KIMI_CODE_HOME moves all but the skills.
    moved=(Moved("KIMI_CODE_HOME", f"{_HOME}/skills", f"{_HOME}/skills"), Moved("KIMI_CODE_HOME", _HOME)),
    settle=settle,
    locations=(
        Location(f"{_HOME}/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.kimi-code/mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True),
        Location("~/.kimi/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location(f"{_HOME}/config.toml", Scope.USER, _CONFIG, Format.TOML),
        Location("~/.kimi/config.toml", Scope.USER, _CONFIG, Format.TOML),
        Location(f"{_HOME}/session_index.jsonl", Scope.USER, read_sessions, Format.TEXT),
        Location("~/.kimi/kimi.json", Scope.USER, read_old_state),
        Location(f"{_HOME}/plugins/installed.json", Scope.USER, read_installed),
        Location(f"{_PLUGINS}/kimi.plugin.json", Scope.PLUGIN, Plugin(levels=0, fields=FIELDS)),
        Location(f"{_PLUGINS}/.kimi-plugin/plugin.json", Scope.PLUGIN, Plugin(fields=FIELDS)),
        Location(f"{_PLUGINS}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{_PLUGINS}/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/commands/**/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location(f"{_PLUGINS}/SYSTEM.md", Scope.PLUGIN, RULES, Format.TEXT),
        Location(f"{_HOME}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.kimi/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.kimi-code/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{_HOME}/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.kimi-code/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location(f"{_HOME}/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.kimi/AGENTS.md", Scope.USER, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "hooks": "one unknown key or event makes Kimi Code drop the whole section; the hooks are listed all the same",
        "plugins": "a manifest may name other folders for its skills; only the usual ones are looked into",
        "sessions": "approvals given for a session are not kept",
    },
)
