"""Kiro (AWS): the IDE and kiro-cli.

Sources, read 2026-11: https://kiro.dev/docs/mcp/configuration, /docs/cli/mcp/configuration,
/docs/cli/custom-agents/configuration-reference, /docs/cli/v3/permissions, /docs/chat/permissions, /docs/hooks,
/docs/cli/hooks; dyoshikawa/rulesync:src/constants/kiro-paths.ts. Servers: agent file, project, user. Hooks lie in the
agent file (engines V1 and V2) or in files of their own (V3, IDE 1.x, older `.kiro.hook`). Workspace permissions lie
outside the repository, under a hash of its path. Not read at the vendor: the folders of powers and the `powers` map
that an installed power adds to `settings/mcp.json`; the IDE's keys `kiroAgent.*`; the path of managed-settings.json.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.kiro import HOOK
from spawngate.agents.readers import as_map, as_text, as_texts, many, observe, pure_path
from spawngate.agents.readers.cli_agent import agent_grants, capability_rules
from spawngate.agents.readers.hook_lists import HookList
from spawngate.agents.readers.hooks import hook
from spawngate.agents.readers.named_settings import Switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import describe
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.agents.readers.vscode_projects import remembered
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=("autoApprove",), trust=(), sandbox=())


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`permissions.yaml`: rules by capability, of the user or of one workspace."""
    yield from capability_rules(document, document.map().get("rules"), "rules")


def read_old_hook(document: Document) -> Iterable[Sighting]:
    """A `.kiro.hook` file of an older IDE: `when {type, patterns}`, `then {type, command or prompt}`."""
    whole = document.map()
    when, then = as_map(document, whole.get("when"), "when"), as_map(document, whole.get("then"), "then")
    if not when and not then:
        return
    event = as_text(document, when.get("type"), "when.type") or "unknown"
    patterns = as_texts(document, when.get("patterns"), "when.patterns")
    fields = {**then, "enabled": whole.get("enabled")}
    yield hook(document, event, " ".join(patterns) or None, fields, "then")


def read_editor_settings(document: Document) -> Iterable[Sighting]:
    """Settings of the IDE that start with `kiroAgent.`."""
    for name in as_texts(document, document.map().get("kiroAgent.trustedCommands"), "kiroAgent.trustedCommands"):
        yield setting(document, Topic.PERMISSION, f"shell({name})", "allow", "kiroAgent.trustedCommands")
        if name == "*":
            yield setting(document, Topic.AUTO_APPROVE, "shell", True, "kiroAgent.trustedCommands")
    mode = document.map().get("kiroAgent.agentAutonomy")
    if isinstance(mode, str):
        yield setting(document, Topic.SWITCH, "kiroAgent.agentAutonomy", mode, "kiroAgent.agentAutonomy")
        if mode.lower() == "autopilot":
            yield setting(document, Topic.AUTO_APPROVE, "autopilot", True, "kiroAgent.agentAutonomy")
    yield from Switches(("kiroAgent.configureMCP",))(document)


def read_power(document: Document) -> Iterable[Sighting]:
    """`POWER.md` of an installed power: its front matter describes it."""
    front = document.map()
    name = front.get("name")
    folder = pure_path(document.path).parent
    yield observe(
        document,
        Kind.PLUGIN,
        name if isinstance(name, str) and name else folder.name,
        status=Status.INSTALLED,
        detail={"type": "power", "root": str(folder), **describe(document, front)},
        content=document.digest,
    )


_AGENT_FILE = many(SUBAGENT, agent_grants)
_SWITCHES = Switches(("chat.defaultAgent", "chat.agentEngine", "telemetry.enabled"))
_HOOKS = HookList(event="trigger", action="action")

AGENT = Agent(
    id="kiro",
    name="Kiro",
    vendor="AWS",
    detect=Detect(
        binaries=("kiro", "kiro-cli", "kiro-cli-chat"),
        paths=("~/.kiro", "{appdata}/Kiro", "~/.local/share/kiro-cli", "~/Library/Application Support/kiro-cli"),
        apps=("/Applications/Kiro.app", "/Applications/Kiro CLI.app", "%LOCALAPPDATA%/Programs/Kiro/Kiro.exe"),
        sessions=("~/.kiro/sessions/cli/*", "~/.local/share/kiro-cli/data.sqlite3"),
    ),
    moved=(Moved("KIRO_HOME", "~/.kiro"),),
    locations=(
        Location(
            "~/.kiro/settings/mcp.json",
            Scope.USER,
            many(Servers(fields=FIELDS), Servers(("powers", "mcpServers"), FIELDS, scope=Scope.PLUGIN)),
        ),
        Location("{project}/.kiro/settings/mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        Location("~/.kiro/powers/installed/*/mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location("~/.kiro/powers/installed/*/POWER.md", Scope.PLUGIN, read_power, Format.FRONTMATTER),
        Location("~/.kiro/powers/installed/*/steering/*.md", Scope.PLUGIN, RULES, Format.FRONTMATTER),
        Location("~/.kiro/agents/*.json", Scope.USER, _AGENT_FILE),
        Location("{project}/.kiro/agents/*.json", Scope.PROJECT, _AGENT_FILE),
        Location("~/.kiro/agents/*.md", Scope.USER, _AGENT_FILE, Format.FRONTMATTER),
        Location("{project}/.kiro/agents/*.md", Scope.PROJECT, _AGENT_FILE, Format.FRONTMATTER),
        Location("~/.kiro/settings/cli.json", Scope.USER, _SWITCHES),
        Location("{project}/.kiro/settings/cli.json", Scope.PROJECT, _SWITCHES),
        Location("~/.kiro/settings/permissions.yaml", Scope.USER, read_permissions, Format.YAML),
        Location("~/.kiro/workspace-roots/*/permissions.yaml", Scope.USER, read_permissions, Format.YAML),
        Location("{appdata}/Kiro/User/settings.json", Scope.USER, read_editor_settings, Format.JSONC),
        Location("{project}/.vscode/settings.json", Scope.PROJECT, read_editor_settings, Format.JSONC, shared=True),
        Location("~/.kiro/hooks/*.json", Scope.USER, _HOOKS),
        Location("{project}/.kiro/hooks/*.json", Scope.PROJECT, _HOOKS),
        Location("{project}/.kiro/hooks/*.kiro.hook", Scope.PROJECT, read_old_hook),
        Location("~/.kiro/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.kiro/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.kiro/prompts/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.kiro/prompts/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.kiro/steering/**/*.md", Scope.USER, RULES, Format.FRONTMATTER),
        Location("{project}/.kiro/steering/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        *remembered(frozenset({"kiro"})),
    ),
    process_names=("Kiro",),
    hook=HOOK,
    notes={
        "home": "engine V3 ignores KIRO_HOME",
        "trust": "whether the IDE asks before it starts a project's servers is not documented; they count as in force",
        "hooks": "hooks of an agent file run only while that agent is active; hooks in files run in V3 and the IDE",
        "permissions": "which project a workspace-roots folder belongs to is not known, its name is a hash",
        "managed": "the path of managed-settings.json is not documented",
    },
)
