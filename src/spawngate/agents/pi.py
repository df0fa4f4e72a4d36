"""Pi coding agent, and Oh My Pi, which keeps the same tree below ~/.omp.

Sources, read 2026-11: badlogic/pi-mono packages/coding-agent/docs/{settings,packages,skills,extensions}.md and
README.md (folders, settings, PI_CODING_AGENT_DIR); docs/security.md of the same (trust of project resources,
`trust.json` keyed by folder, `defaultProjectTrust`). MCP comes from an extension: nicobailon/pi-mcp-adapter README.md
names its files, in rising order of precedence ~/.config/mcp/mcp.json, ~/.agents/mcp.json, ~/.agents/mcp/mcp.json,
~/.pi/agent/mcp.json, .mcp.json, .pi/mcp.json. Extensions are TypeScript or JavaScript that Pi loads and runs with all
of the user's rights: they are recorded and never run. Values `!command` in models.json are run by Pi to obtain a key.
Unsure: the shape of a decision in trust.json (a boolean, or a map with `trusted`), and how far Oh My Pi has diverged.
Packages from npm lie in node_modules and are known here by the settings that name them.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.pi import HOOK
from spawngate.agents.readers import as_list, as_map, as_texts, observe, pure_path
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.plugins import describe
from spawngate.agents.readers.scripts import Script
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, Text
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=(), exclude_tools=("excludeTools",))

_SWITCHES = ("defaultProjectTrust", "shellPath", "shellCommandPrefix", "npmCommand", "defaultTools")
"""Settings that decide about trust or name something that Pi runs."""


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json`: switches, packages, and resources loaded from elsewhere."""
    settings = document.map()
    yield from switches(document, settings, _SWITCHES)
    if settings.get("defaultProjectTrust") == "always":
        yield setting(document, Topic.AUTO_APPROVE, "project resources", True, "defaultProjectTrust")
    for key in ("extensions", "skills", "prompts"):
        for index, path in enumerate(as_texts(document, settings.get(key), key)):
            yield setting(document, Topic.SWITCH, f"{key}[{index}]", path, f"{key}[{index}]")
    for index, item in enumerate(as_list(document, settings.get("packages"), "packages")):
        pointer = f"packages[{index}]"
        source = item.get("source") if isinstance(item, Mapping) else item
        if not isinstance(source, str) or not source:
            document.note("wrong-type", f"{pointer} names no package")
            continue
        detail: dict[str, Json] = {"type": "package", "source": source}
        if isinstance(item, Mapping):
            # An empty list switches that kind of resource off; a missing one loads everything.
            detail["only"] = {
                key: list(as_texts(document, item.get(key), f"{pointer}.{key}"))
                for key in ("extensions", "skills", "prompts", "themes")
                if item.get(key) is not None
            }
        yield observe(document, Kind.PLUGIN, source, pointer, detail=detail)


def read_trust(document: Document) -> Iterable[Sighting]:
    """`trust.json`: folder to decision; the nearest folder above a project counts."""
    for folder, raw in document.map().items():
        decision = raw.get("trusted") if isinstance(raw, Mapping) else raw
        if isinstance(decision, bool):
            yield setting(document, Topic.PROJECT, folder, True, folder)
            yield setting(document, Topic.TRUST, folder, decision, folder, project=folder)


def read_models(document: Document) -> Iterable[Sighting]:
    """`models.json`: commands that Pi runs to obtain keys. The keys themselves are left alone."""
    for name, raw in as_map(document, document.map().get("providers"), "providers").items():
        provider = as_map(document, raw, f"providers.{name}")
        key = provider.get("apiKey")
        if isinstance(key, str) and key.startswith("!"):
            pointer = f"providers.{name}.apiKey"
            yield setting(document, Topic.SWITCH, pointer, key, pointer)


def read_package(document: Document) -> Iterable[Sighting]:
    """`package.json` of a package that Pi cloned: what it brings along."""
    package = document.map()
    stated = package.get("name")
    path = pure_path(document.path)
    detail: dict[str, Json] = {"type": "package", "root": str(path.parent), **describe(document, package)}
    parts = as_map(document, package.get("pi"), "pi")
    for key in ("extensions", "skills", "prompts"):
        if parts.get(key) is not None:
            detail[key] = list(as_texts(document, parts.get(key), f"pi.{key}"))
    yield observe(
        document,
        Kind.PLUGIN,
        stated if isinstance(stated, str) and stated else path.parent.name,
        scope=Scope.PLUGIN,
        status=Status.INSTALLED if package else Status.UNREADABLE,
        detail=detail,
        content=document.digest,
    )


_SYSTEM = Text(Kind.INSTRUCTION, "system-prompt")
_SINGLE = Text(Kind.SKILL, "skill")
_EXTENSION = Script("extension")


def _tree(root: str, scope: Scope) -> Iterable[Location]:
    yield Location(f"{root}/mcp.json", scope, Servers(fields=FIELDS))
    yield Location(f"{root}/settings.json", scope, read_settings)
    yield Location(f"{root}/skills/**/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True)
    yield Location(f"{root}/skills/*.md", scope, _SINGLE, Format.FRONTMATTER)
    yield Location(f"{root}/prompts/*.md", scope, COMMAND, Format.FRONTMATTER)
    for name in ("*.ts", "*.js", "*/index.ts", "*/index.js"):
        yield Location(f"{root}/extensions/{name}", scope, _EXTENSION, Format.NONE)
    yield Location(f"{root}/SYSTEM.md", scope, _SYSTEM, Format.TEXT)
    yield Location(f"{root}/APPEND_SYSTEM.md", scope, _SYSTEM, Format.TEXT)
    yield Location(f"{root}/git/*/*/*/package.json", scope, read_package)


def _locations() -> Iterable[Location]:
    for home, project in (("~/.pi/agent", "{project}/.pi"), ("~/.omp/agent", "{project}/.omp")):
        yield from _tree(home, Scope.USER)
        yield Location(f"{home}/AGENTS.md", Scope.USER, RULES, Format.TEXT)
        yield Location(f"{home}/trust.json", Scope.USER, read_trust)
        yield Location(f"{home}/models.json", Scope.USER, read_models)
        yield from _tree(project, Scope.PROJECT)
    yield Location("{project}/.mcp.json", Scope.PROJECT, Servers(fields=FIELDS), shared=True)
    for path in ("~/.config/mcp/mcp.json", "~/.agents/mcp.json", "~/.agents/mcp/mcp.json"):
        yield Location(path, Scope.USER, Servers(fields=FIELDS), shared=True)


AGENT = Agent(
    id="pi",
    name="Pi",
    vendor="Mario Zechner and community",
    detect=Detect(
        binaries=("omp",),
        paths=("~/.pi/agent", "~/.omp/agent"),
        packages=("@mariozechner/pi-coding-agent", "@oh-my-pi/pi-coding-agent"),
        sessions=("~/.pi/agent/sessions/*/*.jsonl", "~/.omp/agent/sessions/*/*.jsonl"),
    ),
    moved=(Moved("PI_CODING_AGENT_DIR", "~/.pi/agent"),),
    project_approval="trust",
    locations=tuple(_locations()),
    process_names=("pi", "omp"),
    hook=HOOK,
    notes={
        "mcp": "servers are used only where an extension such as pi-mcp-adapter is installed",
        "binary": "`pi` is also the name of other programs and does not count as a sign",
        "npm packages": "are known by the settings that name them; their folders are not opened",
    },
)
