"""JetBrains Junie: the CLI and the IDE plugin.

Sources, read 2026-11: https://junie.jetbrains.com/docs/junie-cli-hooks.html, /action-allowlist-junie-cli.html;
the allowlist's shape as dyoshikawa/rulesync:src/features/permissions/junie-permissions.ts took it from release
2383.10; paths from rulesync:src/constants/junie-paths.ts; an extension's parts from JetBrains/junie-extensions.
Hooks count only in `~/.junie/config.json`, in a file given with --config-location and in extensions; a project's are
ignored. Where extensions are installed (`~/.junie/extensions`) was not confirmed.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.junie import HOOK
from spawngate.agents.readers import as_list, as_map, as_text
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import Plugin
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.model.artifact import Scope
from spawngate.model.observed import Topic

FIELDS = Fields(auto_approve=(), trust=(), sandbox=())
_SERVERS = Servers(fields=FIELDS)


def read_allowlist(document: Document) -> Iterable[Sighting]:
    """`allowlist.json`: groups of rules, each `{default, rules: [{prefix | pattern, action}]}`, once a bare list."""
    allowlist = document.map()
    default = as_text(document, allowlist.get("defaultBehavior"), "defaultBehavior")
    if default:
        yield setting(document, Topic.PERMISSION, "*", default, "defaultBehavior")
        if default == "allow":
            yield setting(document, Topic.AUTO_APPROVE, "actions", True, "defaultBehavior")
    if allowlist.get("allowReadonlyCommands") is True:
        yield setting(document, Topic.AUTO_APPROVE, "read-only commands", True, "allowReadonlyCommands")
    for group, raw in as_map(document, allowlist.get("rules"), "rules").items():
        where = f"rules.{group}"
        listed = raw
        if isinstance(raw, Mapping):
            word = as_text(document, raw.get("default"), f"{where}.default")
            if word:
                yield setting(document, Topic.PERMISSION, group, word, f"{where}.default")
            listed = raw.get("rules")
        for index, item in enumerate(as_list(document, listed, where)):
            rule = as_map(document, item, f"{where}[{index}]")
            prefix, pattern = rule.get("prefix"), rule.get("pattern")
            action = as_text(document, rule.get("action"), f"{where}[{index}].action")
            # A prefix matches whatever follows it; the star says so in the one notation that rules have here.
            text = f"{prefix}*" if isinstance(prefix, str) else pattern
            if isinstance(text, str) and action:
                yield setting(document, Topic.PERMISSION, f"{group}({text})", action, f"{where}[{index}]")


def _texts(folder: str, scope: Scope) -> tuple[Location, ...]:
    return (
        Location(f"{folder}/skills/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{folder}/commands/**/*.md", scope, COMMAND, Format.FRONTMATTER),
        Location(f"{folder}/agents/*.md", scope, SUBAGENT, Format.FRONTMATTER),
        Location(f"{folder}/guidelines/**/*.md", scope, RULES, Format.TEXT),
    )


AGENT = Agent(
    id="junie",
    name="Junie",
    vendor="JetBrains",
    detect=Detect(
        binaries=("junie",),
        paths=("~/.junie", "~/.local/share/junie"),
        sessions=("~/.junie/sessions/*",),
    ),
    precedence=(Scope.PROJECT, Scope.USER, Scope.PLUGIN),
    project_approval="none",
    locations=(
        Location("~/.junie/mcp/mcp.json", Scope.USER, _SERVERS),
        Location("{project}/.junie/mcp/mcp.json", Scope.PROJECT, _SERVERS),
        Location("~/.junie/config.json", Scope.USER, Hooks()),
        Location("~/.junie/allowlist.json", Scope.USER, read_allowlist),
        *_texts("~/.junie", Scope.USER),
        *_texts("{project}/.junie", Scope.PROJECT),
        *_texts("~/.junie/extensions/*", Scope.PLUGIN),
        Location("~/.junie/extensions/*/extension.json", Scope.PLUGIN, Plugin(levels=0)),
        Location("~/.junie/extensions/*/mcp/.mcp.json", Scope.PLUGIN, _SERVERS),
        Location("~/.junie/extensions/*/hooks/hooks.json", Scope.PLUGIN, Hooks()),
        Location("~/.junie/AGENTS.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/.junie/AGENTS.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.junie/guidelines.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "first-match": "of .junie/AGENTS.md, AGENTS.md and .junie/guidelines.md Junie reads the first",
        "extensions": "the folder of installed extensions, and where in it hooks lie, were not confirmed",
        "allowlist": "Junie drops the whole file over one bad shape; here its good part is read",
        "ide": "the IDE plugin's own settings (brave mode) were not found out",
        "hooks": "not run in ACP and server hosts",
    },
)
