"""The configuration of OpenCode and of Kilo Code, which is built on it.

Format sources: https://opencode.ai/docs/config, /permissions, /plugins, https://opencode.ai/v2/docs (read 2026-11);
anomalyco/opencode:packages/opencode/src/config/config.ts; Kilo-Org/kilocode:packages/opencode/src/kilocode/config.
1.x keeps servers in `mcp`, 2.x in `mcp.servers`; both may stand in one file. An entry that holds nothing but
`enabled` switches a server of another layer on or off.
Must not be here: where either keeps its configuration folders.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, observe
from spawngate.agents.readers.hooks import hook
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.scripts import SCRIPT, TOOL
from spawngate.agents.readers.servers import Fields, server
from spawngate.agents.readers.texts import SKILL
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(
    env=("environment", "env"),
    url={"url": None},
    auto_approve=(),
    trust=(),
    sandbox=(),
    include_tools=("enabledTools", "enabled_tools"),
    exclude_tools=("disabledTools", "disabled_tools"),
)
_LAUNCH = ("type", "command", "url")
_SWITCHES = ("share", "shell")


def read_config(document: Document) -> Iterable[Sighting]:
    """`opencode.json`, `kilo.jsonc`: servers, permissions, plugins, inline agents and commands, helper commands."""
    config = document.map()
    yield from _servers(document, config.get("mcp"))
    yield from permissions(document, config.get("permission"), "permission")
    yield from permissions(document, config.get("permissions"), "permissions")
    for tool, on in as_map(document, config.get("tools"), "tools").items():
        if isinstance(on, bool):
            yield setting(document, Topic.PERMISSION, tool, "allow" if on else "deny", f"tools.{tool}")
    for key in ("plugin", "plugins"):
        yield from _plugins(document, config.get(key), key)
    for key in ("agent", "agents", "mode"):
        yield from _agents(document, config.get(key), key)
    for key in ("command", "commands"):
        yield from _texts(document, config.get(key), key, Kind.SKILL, "command", "template")
    for entry in as_texts(document, config.get("instructions"), "instructions"):
        yield observe(document, Kind.INSTRUCTION, entry, "instructions", detail={"type": "rules"})
    yield from _hooks(document, config)
    yield from _switches(document, config)


def read_project(document: Document) -> Iterable[Sighting]:
    """`storage/project/*.json`: one remembered project. The one named `/` stands for work outside any project."""
    worktree = as_text(document, document.map().get("worktree"), "worktree")
    if worktree and worktree != "/":
        yield setting(document, Topic.PROJECT, worktree, True, "worktree")


def permissions(document: Document, rules: Json, pointer: str, prefix: str = "") -> Iterable[Sighting]:
    """One word for everything, a word or patterns per tool, or (2.x) a list of rules."""
    if isinstance(rules, str):
        yield setting(document, Topic.PERMISSION, f"{prefix}*", rules, pointer)
        if rules == "allow":
            yield setting(document, Topic.AUTO_APPROVE, f"{prefix}*", True, pointer)
        return
    if isinstance(rules, list | tuple):
        yield from _rule_list(document, rules, pointer, prefix)
        return
    for tool, rule in as_map(document, rules, pointer).items():
        where = f"{pointer}.{tool}"
        if isinstance(rule, str):
            yield setting(document, Topic.PERMISSION, f"{prefix}{tool}", rule, where)
            if tool == "*" and rule == "allow":
                yield setting(document, Topic.AUTO_APPROVE, f"{prefix}*", True, where)
            continue
        for pattern, action in as_map(document, rule, where).items():
            word = as_text(document, action, f"{where}.{pattern}")
            if word:
                yield setting(document, Topic.PERMISSION, f"{prefix}{tool}({pattern})", word, f"{where}.{pattern}")


def _rule_list(document: Document, rules: Iterable[Json], pointer: str, prefix: str) -> Iterable[Sighting]:
    for index, raw in enumerate(rules):
        where = f"{pointer}[{index}]"
        rule = as_map(document, raw, where)
        tool = as_text(document, rule.get("permission", rule.get("tool", rule.get("action"))), where)
        word = as_text(document, rule.get("effect", rule.get("action")), where)
        pattern = as_text(document, rule.get("pattern", rule.get("resource")), where)
        if tool and word:
            name = f"{prefix}{tool}({pattern})" if pattern and pattern != "*" else f"{prefix}{tool}"
            yield setting(document, Topic.PERMISSION, name, word, where)


def _servers(document: Document, container: Json) -> Iterable[Sighting]:
    entries = dict(as_map(document, container, "mcp"))
    nested = entries.get("servers")
    if isinstance(nested, Mapping) and not any(isinstance(nested.get(key), str | list) for key in _LAUNCH):
        del entries["servers"]
        # Beside `servers`, 2.x keeps defaults for all of them (`timeout`); only definitions are servers.
        entries = {name: item for name, item in entries.items() if isinstance(item, Mapping) and _is_server(item)}
        yield from _entries(document, nested, "mcp.servers")
    yield from _entries(document, entries, "mcp")


def _is_server(item: Mapping[str, Json]) -> bool:
    return any(key in item for key in (*_LAUNCH, "enabled"))


def _entries(document: Document, entries: Mapping[str, Json], pointer: str) -> Iterable[Sighting]:
    for name, item in entries.items():
        where = f"{pointer}.{name}"
        if isinstance(item, Mapping) and not any(key in item for key in _LAUNCH):
            on = item.get("enabled", item.get("disabled") is not True if "disabled" in item else None)
            if isinstance(on, bool):
                state = Status.ENABLED if on else Status.DISABLED
                yield setting(document, Topic.SERVER_STATUS, name, state, where)
                continue
        yield server(document, name, item, where, FIELDS)


def _plugins(document: Document, container: Json, pointer: str) -> Iterable[Sighting]:
    for index, item in enumerate(as_list(document, container, pointer)):
        where = f"{pointer}[{index}]"
        spec: Json = item
        if isinstance(item, list | tuple):
            spec = item[0] if item else None
        elif isinstance(item, Mapping):
            spec = item.get("package", item.get("name", item.get("path")))
        if isinstance(spec, str) and spec:
            yield observe(document, Kind.PLUGIN, spec, where, detail={"type": "package"})
        else:
            document.note("wrong-type", f"{where} names no plugin")


def _agents(document: Document, container: Json, pointer: str) -> Iterable[Sighting]:
    yield from _texts(document, container, pointer, Kind.INSTRUCTION, "subagent", "prompt")
    for name, raw in as_map(document, container, pointer).items():
        if isinstance(raw, Mapping):
            where = f"{pointer}.{name}.permission"
            yield from permissions(document, raw.get("permission"), where, f"agent({name}):")


def _texts(document: Document, container: Json, pointer: str, kind: Kind, sort: str, body: str) -> Iterable[Sighting]:
    for name, raw in as_map(document, container, pointer).items():
        where = f"{pointer}.{name}"
        entry = as_map(document, raw, where)
        if not entry:
            continue
        text = as_text(document, entry.get(body), f"{where}.{body}") or ""
        detail: dict[str, Json] = {"type": sort, "bytes": len(text.encode("utf-8", "replace"))}
        for key in ("description", "model"):
            if isinstance(entry.get(key), str):
                detail[key] = entry[key]
        status = Status.DISABLED if entry.get("disable") is True else Status.ENABLED
        yield observe(document, kind, name, where, status=status, detail=detail)


def _hooks(document: Document, config: Mapping[str, Json]) -> Iterable[Sighting]:
    """`experimental.hook` of early 1.x: commands run after an edit of a matching file, and at the session's end."""
    experimental = as_map(document, config.get("experimental"), "experimental")
    for event, table in as_map(document, experimental.get("hook"), "experimental.hook").items():
        pointer = f"experimental.hook.{event}"
        groups: Mapping[str, Json] = table if isinstance(table, Mapping) else {"": table}
        for pattern, handlers in groups.items():
            where = f"{pointer}.{pattern}" if pattern else pointer
            for index, raw in enumerate(as_list(document, handlers, where)):
                entry = as_map(document, raw, f"{where}[{index}]")
                if entry:
                    laid = {"command": entry.get("command"), "env": entry.get("environment")}
                    yield hook(document, event, pattern or None, laid, f"{where}[{index}]")


def _switches(document: Document, config: Mapping[str, Json]) -> Iterable[Sighting]:
    for key in _SWITCHES:
        if isinstance(config.get(key), str | bool):
            yield setting(document, Topic.SWITCH, key, config[key], key)
    for key in ("lsp", "formatter"):
        table = config.get(key)
        for name, raw in table.items() if isinstance(table, Mapping) else ():
            command = raw.get("command") if isinstance(raw, Mapping) else None
            if command:
                words = as_texts(document, command, f"{key}.{name}.command")
                yield setting(document, Topic.SWITCH, f"{key}.{name}.command", list(words), f"{key}.{name}")
    skills = config.get("skills")
    for key in ("paths", "urls") if isinstance(skills, Mapping) else ():
        for entry in as_texts(document, as_map(document, skills, "skills").get(key), f"skills.{key}"):
            yield setting(document, Topic.SWITCH, f"skills.{key}", entry, f"skills.{key}")
    for key in ("hostname", "mdns", "cors"):
        value = as_map(document, config.get("server"), "server").get(key)
        if value is not None:
            yield setting(document, Topic.SWITCH, f"server.{key}", value, f"server.{key}")


def folder_parts(folder: str, scope: Scope) -> tuple[Location, ...]:
    """Skills, plugins and tools below a configuration folder, each sort in a folder of either number."""
    return (
        *(
            Location(f"{folder}/{name}/*/SKILL.md", scope, SKILL, Format.FRONTMATTER, siblings=True)
            for name in ("skill", "skills")
        ),
        *(
            Location(f"{folder}/{name}/*.{ending}", scope, reader, Format.NONE)
            for singular, reader in (("plugin", SCRIPT), ("tool", TOOL))
            for name in (singular, f"{singular}s")
            for ending in ("ts", "js")
        ),
    )
