"""Crush (Charm).

Sources, read 2026-11: charmbracelet/crush:internal/config/{config,load,config_unix}.go, internal/commands/commands.go,
internal/projects/projects.go, docs/config, docs/hooks, README.md. `crushrc` is a Bash script that Crush runs when it
starts: it is recorded by presence. `$(...)` inside any value of crush.json is run as well. On every system the user's
folder is `~/.config/crush`; `~/.local/share/crush` (Windows: %LOCALAPPDATA%\\crush) and `<project>/.crush` hold a
crush.json that Crush writes itself and loads too. Calls made by sub-agents pass no hook.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from spawngate.agents.agent import UNIX, Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.crush import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, descend, many
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import variables
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.scripts import STARTUP
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL
from spawngate.model.artifact import Scope
from spawngate.model.observed import Observed, Topic

FIELDS = Fields(auto_approve=(), trust=(), sandbox=(), include_tools=("enabled_tools",))


def read_settings(document: Document) -> Iterable[Sighting]:
    """`crush.json` beside its servers and hooks: permissions, helper commands, variables."""
    for tool in as_texts(document, descend(document, ("permissions", "allowed_tools")), "permissions.allowed_tools"):
        yield setting(document, Topic.PERMISSION, tool, "allow", "permissions.allowed_tools")
    for tool in as_texts(document, descend(document, ("options", "disabled_tools")), "options.disabled_tools"):
        yield setting(document, Topic.PERMISSION, tool, "deny", "options.disabled_tools")
    for key in ("skills_paths", "context_paths", "global_context_paths", "data_directory"):
        value = descend(document, ("options", key))
        if value is not None:
            yield setting(document, Topic.SWITCH, f"options.{key}", value, f"options.{key}")
    for name, raw in as_map(document, document.map().get("lsp"), "lsp").items():
        entry = as_map(document, raw, f"lsp.{name}")
        command = as_text(document, entry.get("command"), f"lsp.{name}.command")
        if command and entry.get("disabled") is not True:
            words = [command, *as_texts(document, entry.get("args"), f"lsp.{name}.args")]
            yield setting(document, Topic.SWITCH, f"lsp.{name}.command", words, f"lsp.{name}")
    for name, raw in as_map(document, document.map().get("providers"), "providers").items():
        if not isinstance(raw, Mapping):
            continue
        where = f"providers.{name}.aws_auth_refresh"
        refresh = as_text(document, raw.get("aws_auth_refresh"), where)
        if refresh:
            yield setting(document, Topic.SWITCH, where, refresh, where)
    yield from variables(document, document.map().get("env"), "env")


def read_hooks(document: Document) -> Iterable[Sighting]:
    """Hooks, with the one event there is in its usual spelling: Crush takes it in any case."""
    for found in Hooks()(document):
        event = found.detail.get("event") if isinstance(found, Observed) else None
        if isinstance(found, Observed) and isinstance(event, str) and event.lower() == "pretooluse":
            name = "PreToolUse" + found.name[len(event) :]
            yield replace(found, name=name, detail={**found.detail, "event": "PreToolUse"})
        else:
            yield found


def read_projects(document: Document) -> Iterable[Sighting]:
    """`projects.json`: folders that Crush was used in."""
    for index, item in enumerate(as_list(document, document.map().get("projects"), "projects")):
        where = f"projects[{index}]"
        path = as_text(document, as_map(document, item, where).get("path"), f"{where}.path")
        if path:
            yield setting(document, Topic.PROJECT, path, True, where)


_CONFIG = many(Servers(key=("mcp",), fields=FIELDS), read_hooks, read_settings)

AGENT = Agent(
    id="crush",
    name="Crush",
    vendor="Charm",
    detect=Detect(
        binaries=("crush",),
        paths=("~/.config/crush", "~/.local/share/crush", "%LOCALAPPDATA%/crush"),
        packages=("@charmland/crush",),
        sessions=("~/.local/share/crush/projects.json", "%LOCALAPPDATA%/crush/projects.json"),
    ),
    moved=(
        Moved("CRUSH_SKILLS_DIR", "~/.config/crush/skills"),
        Moved("CRUSH_GLOBAL_CONFIG", "~/.config/crush"),
        Moved("CRUSH_GLOBAL_DATA", "~/.local/share/crush"),
        Moved("CRUSH_GLOBAL_DATA", "%LOCALAPPDATA%/crush"),
    ),
    precedence=(Scope.LOCAL, Scope.PROJECT, Scope.USER, Scope.SYSTEM),
    project_approval="none",
    locations=(
        Location("~/.config/crush/crush.json", Scope.USER, _CONFIG),
        Location("~/.local/share/crush/crush.json", Scope.USER, _CONFIG, on=UNIX),
        Location("%LOCALAPPDATA%/crush/crush.json", Scope.USER, _CONFIG, on=("windows",)),
        Location("/etc/crush/crush.json", Scope.SYSTEM, _CONFIG, on=UNIX),
        Location("{project}/crush.json", Scope.PROJECT, _CONFIG),
        Location("{project}/.crush.json", Scope.PROJECT, _CONFIG),
        Location("{project}/.crush/crush.json", Scope.LOCAL, _CONFIG),
        Location("~/.config/crush/crushrc", Scope.USER, STARTUP, Format.NONE),
        Location("{project}/crushrc", Scope.PROJECT, STARTUP, Format.NONE),
        Location("{project}/.crushrc", Scope.PROJECT, STARTUP, Format.NONE),
        Location("~/.local/share/crush/projects.json", Scope.USER, read_projects, on=UNIX),
        Location("%LOCALAPPDATA%/crush/projects.json", Scope.USER, read_projects, on=("windows",)),
        Location("~/.config/crush/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location(
            "%LOCALAPPDATA%/crush/skills/*/SKILL.md",
            Scope.USER,
            SKILL,
            Format.FRONTMATTER,
            on=("windows",),
            siblings=True,
        ),
        Location("{project}/.crush/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.config/crush/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("~/.crush/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.crush/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("{project}/CRUSH.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/CRUSH.local.md", Scope.LOCAL, RULES, Format.TEXT),
        Location("~/.config/crush/CRUSH.md", Scope.USER, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "crushrc": "servers, hooks and permissions that a crushrc sets up are invisible until it runs",
        "data directory": "options.data_directory moves <project>/.crush; it is recorded and not followed",
        "rules": "Crush also reads Crush.md and crush.md; looking for those too would count a file thrice where "
        "names have no case",
        "precedence": "the crush.json below .crush is what Crush wrote for the workspace",
    },
)
