"""Windsurf with Cascade (Cognition, formerly Codeium): legacy, the product is now Devin Desktop.

Sources, read 2026-11: https://docs.windsurf.com/windsurf/cascade/{mcp,hooks,memories,workflows,skills}. The one MCP
file is the user's; the JetBrains plugin has its own beside it. Cascade, its hooks and its MCP file went with Devin
Desktop 3.9.19, which keeps reading `.windsurf/rules` and `.windsurf/skills`. Memories that Cascade makes itself and
the user's in-app settings (among them the automatic execution mode) are protocol buffers and are only counted.
Rules, workflows and skills in the system folder are for enterprises.
"""

from collections.abc import Iterable

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.windsurf import HOOK
from spawngate.agents.readers import as_texts
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.scripts import Script
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL
from spawngate.agents.readers.vscode_projects import OfProducts, remembered
from spawngate.model.artifact import Kind, Scope
from spawngate.model.observed import Topic

PRODUCTS = frozenset({"windsurf", "windsurf-server"})
FIELDS = Fields(url={"serverUrl": None, "url": None}, trust=(), sandbox=(), auto_approve=("alwaysAllow",))

_SWITCHES = (
    "windsurf.autoExecutionPolicy",
    "windsurf.enableCascadeTerminalSandbox",
    "security.workspace.trust.enabled",
    "task.allowAutomaticTasks",
)


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of the editor: commands that Cascade runs, or never runs, without asking."""
    values = document.map()
    for key, word in (("windsurf.cascadeCommandsAllowList", "allow"), ("windsurf.cascadeCommandsDenyList", "deny")):
        for command in as_texts(document, values.get(key), key):
            yield setting(document, Topic.PERMISSION, f"Terminal({command})", word, key)
    yield from switches(document, values, _SWITCHES)


_HOOKS = Hooks()
_STORED = Script("memory", Kind.INSTRUCTION)
_SYSTEM: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/windsurf", ("linux",)),
    ("/Library/Application Support/Windsurf", ("macos",)),
    ("%PROGRAMDATA%/Windsurf", ("windows",)),
)

AGENT = Agent(
    id="windsurf",
    name="Windsurf",
    vendor="Cognition",
    detect=Detect(
        binaries=("windsurf",),
        paths=("~/.codeium/windsurf", "{appdata}/Windsurf/User", "~/.windsurf/extensions"),
        apps=("/Applications/Windsurf.app", "%LOCALAPPDATA%/Programs/Windsurf/Windsurf.exe", "/usr/share/windsurf"),
        sessions=("~/.codeium/windsurf/cascade/*.pb",),
    ),
    process_names=("Windsurf",),
    locations=(
        Location("~/.codeium/windsurf/mcp_config.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.codeium/windsurf-next/mcp_config.json", Scope.USER, Servers(fields=FIELDS)),
        Location("~/.codeium/mcp_config.json", Scope.USER, Servers(fields=FIELDS)),
        *(
            location
            for folder, on in _SYSTEM
            for location in (
                Location(f"{folder}/hooks.json", Scope.MANAGED, _HOOKS, on=on),
                Location(f"{folder}/rules/*.md", Scope.MANAGED, RULES, Format.FRONTMATTER, on=on),
                Location(f"{folder}/workflows/*.md", Scope.MANAGED, COMMAND, Format.FRONTMATTER, on=on),
                Location(f"{folder}/skills/*/SKILL.md", Scope.MANAGED, SKILL, Format.FRONTMATTER, on=on, siblings=True),
            )
        ),
        Location("~/.codeium/windsurf/hooks.json", Scope.USER, _HOOKS),
        Location("~/.codeium/hooks.json", Scope.USER, _HOOKS),
        Location("{project}/.windsurf/hooks.json", Scope.PROJECT, _HOOKS),
        Location("{vscode_user}/settings.json", Scope.USER, OfProducts(PRODUCTS, read_settings), Format.JSONC),
        *remembered(PRODUCTS),
        Location("~/.codeium/windsurf/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.windsurf/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.codeium/windsurf/global_workflows/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.windsurf/workflows/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.codeium/windsurf/memories/*.md", Scope.USER, RULES, Format.TEXT),
        Location("~/.codeium/windsurf/memories/*.pb", Scope.USER, _STORED, Format.NONE),
        Location("{project}/.windsurf/rules/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/.windsurfrules", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "approvals": "the in-app execution mode (turbo) is in a binary file that is not read",
        "status": "superseded by Devin Desktop 3.9.19, which no longer reads the hooks and the MCP file",
    },
)
