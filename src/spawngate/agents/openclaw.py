"""OpenClaw, formerly Clawdbot and Moltbot.

Sources, read 2026-11: openclaw/openclaw:docs/cli/mcp.md (mcp.servers; an address without a transport is SSE),
docs/tools/exec-approvals.md, docs/plugins/hooks.md, docs/gateway/configuration-reference.md (in part);
snyk/agent-scan:src/agent_scan/well_known_clients.py (older names). The configuration is JSON5. Plugins are
TypeScript that OpenClaw runs in its own process; internal hooks are folders with a HOOK.md and a handler. Not read at
the vendor: the front matter of HOOK.md, names of some switches (`channels.*.dmPolicy`, `gateway.*`), the file names of
the older homes.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.openclaw import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, descend, many, pure_path, records
from spawngate.agents.readers.hook_lists import HookFolder
from spawngate.agents.readers.named_settings import Environment, PluginFlags, Switches, lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import Plugin
from spawngate.agents.readers.reshape import lift_filter, reshape
from spawngate.agents.readers.servers import Fields, servers
from spawngate.agents.readers.texts import MEMORY, RULES, SKILL
from spawngate.model.artifact import Scope, Transport
from spawngate.model.observed import Topic

FIELDS = Fields(
    cwd=("cwd", "workingDirectory"),
    url={"url": Transport.SSE},
    env_file=(),
    auto_approve=(),
    trust=(),
    include_tools=("includeTools",),
    exclude_tools=("excludeTools",),
    timeout=("timeout", "requestTimeoutMs"),
    sandbox=(),
)
_SWITCHES = Switches(
    (
        "gateway.bind",
        "gateway.auth.mode",
        "gateway.controlUi.allowInsecureAuth",
        "gateway.controlUi.dangerouslyDisableDeviceAuth",
        "agents.defaults.sandbox.mode",
        "tools.profile",
        "tools.elevated.enabled",
        "tools.elevated.allowFrom",
        "tools.exec.host",
        "tools.exec.security",
        "tools.exec.ask",
        "tools.exec.safeBins",
        "tools.exec.strictInlineEval",
        "hooks.enabled",
        "hooks.internal.enabled",
        "browser.enabled",
        "plugins.enabled",
        "plugins.deny",
        "plugins.entries.spawngate.enabled",
        "plugins.load.paths",
        "skills.load.extraDirs",
        "commands.bash",
    )
)


def read_servers(document: Document) -> Iterable[Sighting]:
    """`mcp.servers`."""
    declared = reshape(descend(document, ("mcp", "servers")), lift_filter("toolFilter"))
    yield from servers(document, declared, "mcp.servers", FIELDS)


def read_config(document: Document) -> Iterable[Sighting]:
    """Tools allowed and denied, how commands are approved, who may write to the agent, workspaces, skills off."""
    config = document.map()
    for word in ("allow", "alsoAllow", "deny"):
        for rule in as_texts(document, lookup(config, f"tools.{word}"), f"tools.{word}"):
            yield setting(document, Topic.PERMISSION, rule, "deny" if word == "deny" else "allow", f"tools.{word}")
    if lookup(config, "tools.exec.security") == "full" and lookup(config, "tools.exec.ask") == "off":
        yield setting(document, Topic.AUTO_APPROVE, "exec", True, "tools.exec")
    for channel, raw in as_map(document, config.get("channels"), "channels").items():
        policy = lookup(raw, "dmPolicy") or lookup(raw, "dm.policy")
        if isinstance(policy, str):
            yield setting(document, Topic.SWITCH, f"channels.{channel}.dmPolicy", policy, f"channels.{channel}")
    workspace = as_text(document, lookup(config, "agents.defaults.workspace"), "agents.defaults.workspace")
    yield from _workspace(document, workspace, "agents.defaults.workspace")
    for pointer, entry in records(document, lookup(config, "agents.list"), "agents.list"):
        folder = as_text(document, entry.get("workspace"), f"{pointer}.workspace")
        yield from _workspace(document, folder, f"{pointer}.workspace")


def _workspace(document: Document, folder: str | None, pointer: str) -> Iterable[Sighting]:
    if not folder:
        return
    if folder.startswith("~/") and document.home is not None:
        folder = f"{document.home.rstrip('/')}/{folder[2:]}"
    if pure_path(folder).is_absolute():
        yield setting(document, Topic.PROJECT, folder, True, pointer)


def read_exec_approvals(document: Document) -> Iterable[Sighting]:
    """`exec-approvals.json`: which programs each agent may start on this machine without a question."""
    approvals = document.map()
    holders = {"defaults": as_map(document, approvals.get("defaults"), "defaults")}
    for agent, raw in as_map(document, approvals.get("agents"), "agents").items():
        holders[f"agents.{agent}"] = as_map(document, raw, f"agents.{agent}")
    for pointer, holder in holders.items():
        for key in ("security", "ask", "askFallback", "autoAllowSkills"):
            value = holder.get(key)
            if isinstance(value, str | bool):
                yield setting(document, Topic.SWITCH, f"{pointer}.{key}", value, f"{pointer}.{key}")
        if holder.get("security") == "full" and holder.get("ask") == "off":
            yield setting(document, Topic.AUTO_APPROVE, "exec", True, pointer)
        for index, raw in enumerate(as_list(document, holder.get("allowlist"), f"{pointer}.allowlist")):
            spot = f"{pointer}.allowlist[{index}]"
            entry: Mapping[str, object] = raw if isinstance(raw, Mapping) else {"pattern": raw}
            pattern = entry.get("pattern")
            if isinstance(pattern, str) and pattern:
                yield setting(document, Topic.PERMISSION, f"exec({pattern})", "allow", spot)
            else:
                document.note("unknown-shape", f"{spot} has no pattern")


_CONFIG = many(read_servers, read_config, PluginFlags("plugins.entries"), Environment("env.vars"), _SWITCHES)
_WORKSPACE_FILES = ("AGENTS", "SOUL", "TOOLS", "USER", "IDENTITY", "HEARTBEAT", "BOOTSTRAP")
_PLUGIN = Plugin(levels=0)
_INTERNAL_HOOK = HookFolder("metadata.openclaw.events")
_HOMES = ("~/.openclaw", "~/.clawdbot")

AGENT = Agent(
    id="openclaw",
    name="OpenClaw",
    vendor="OpenClaw project",
    detect=Detect(
        binaries=("openclaw", "clawdbot", "moltbot"),
        paths=(*_HOMES, "~/.moltbot"),
        apps=("/Applications/OpenClaw.app", "/Applications/Clawdbot.app"),
        packages=("openclaw", "clawdbot"),
        sessions=("~/.openclaw/agents/*/sessions/*.jsonl",),
    ),
    moved=(
        Moved("OPENCLAW_CONFIG_PATH", "~/.openclaw/openclaw.json", "{value}"),
        Moved("OPENCLAW_STATE_DIR", "~/.openclaw"),
    ),
    locations=(
        Location("~/.openclaw/openclaw.json", Scope.USER, _CONFIG, Format.JSON5),
        Location("~/.clawdbot/clawdbot.json", Scope.USER, _CONFIG, Format.JSON5),
        Location("~/.moltbot/moltbot.json", Scope.USER, _CONFIG, Format.JSON5),
        *(
            location
            for home in _HOMES
            for location in (
                Location(f"{home}/exec-approvals.json", Scope.USER, read_exec_approvals),
                Location(f"{home}/extensions/*/openclaw.plugin.json", Scope.PLUGIN, _PLUGIN, siblings=True),
                Location(f"{home}/extensions/*/clawdbot.plugin.json", Scope.PLUGIN, _PLUGIN, siblings=True),
                Location(f"{home}/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
                Location(f"{home}/workspace/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
                Location(f"{home}/hooks/*/HOOK.md", Scope.USER, _INTERNAL_HOOK, Format.FRONTMATTER, siblings=True),
            )
        ),
        Location(
            "~/.openclaw/workspace/hooks/*/HOOK.md", Scope.USER, _INTERNAL_HOOK, Format.FRONTMATTER, siblings=True
        ),
        *(Location(f"~/.openclaw/workspace/{name}.md", Scope.USER, RULES, Format.TEXT) for name in _WORKSPACE_FILES),
        Location("~/.openclaw/workspace/MEMORY.md", Scope.USER, MEMORY, Format.TEXT),
        Location("~/.openclaw/workspace/memory/*.md", Scope.USER, MEMORY, Format.TEXT),
        Location("{project}/.openclaw/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
    ),
    hook=HOOK,
    notes={
        "defaults": "without tools.exec settings commands run without a question on the gateway's host",
        "plugins": "what a plugin hooks into is decided by its code and is not known from its files",
        "mcporter": "servers of mcporter (config/mcporter.json) are its own and are not read",
        "workspace": "files of a workspace moved elsewhere are found only if it is scanned as a project",
    },
)
