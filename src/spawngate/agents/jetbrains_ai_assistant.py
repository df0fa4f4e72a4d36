"""JetBrains AI Assistant, the plugin of the JetBrains IDEs.

Sources, read 2026-11: https://www.jetbrains.com/help/ai-assistant/mcp.html; the layouts of llm.mcpServers.xml and of
workspace.xml as an open scanner documents them from the plugin's builds 252 and 262 (component
McpApplicationServerCommands, McpProjectServerCommands), and a fixer for Rider 2025.3 that writes a third one. Since
2025.3 definitions lie in `.ai/mcp/mcp.json` (`mcpServers`, or the bare map) and the XML keeps only state beside them.
~/.jetbrains/acp.json lists external agents. The IDE's own lists of recent and trusted projects are read as well; `~/`
stands for the macro `$USER_HOME$` in them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_map, as_texts, pure_path
from spawngate.agents.readers.acp import agent_servers
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import BareServers, Fields, server
from spawngate.agents.readers.texts import RULES
from spawngate.model.artifact import Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic

FIELDS = Fields(
    command=("command", "programPath"),
    args=("args", "arguments"),
    env=("env", "envs"),
    cwd=("cwd", "workingDirectory"),
    auto_approve=(),
    trust=(),
    sandbox=(),
)

_COMPONENTS = ("McpApplicationServerCommands", "McpProjectServerCommands")
_IDES = "{appdata}/JetBrains/*"
_DECLARATION = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_xml_servers(document: Document) -> Iterable[Sighting]:
    """`llm.mcpServers.xml` and `workspace.xml`: definitions, and the state of servers that are defined elsewhere."""
    for component in _components(document, _COMPONENTS):
        pointer = component.get("name", "")
        for element in _entries(component):
            fields = _fields(element)
            name = fields.get("name")
            if not isinstance(name, str) or not name:
                continue
            where = f"{pointer}.{name}"
            if any(fields.get(key) for key in ("command", "programPath", "url")):
                yield server(document, name, fields, where, FIELDS)
            elif fields.get("enabled") in ("true", "false"):
                on = fields["enabled"] == "true"
                state = Status.ENABLED if on else Status.DISABLED
                yield setting(document, Topic.SERVER_STATUS, name, state, where)
            tools_at = f"{where}.allowedToolsNames"
            if isinstance(fields.get("allowedToolsNames"), list):
                for tool in as_texts(document, fields["allowedToolsNames"], tools_at):
                    yield setting(document, Topic.PERMISSION, f"{name}:{tool}", "allow", tools_at)


def read_trusted(document: Document) -> Iterable[Sighting]:
    """`trusted-paths.xml`: folders that the person trusts or does not."""
    for component in _components(document, ("Trusted.Paths", "Trusted.Paths.Settings")):
        for entry in component.iter("entry"):
            folder = _path(document, entry.get("key"))
            if folder:
                yield setting(document, Topic.TRUST, folder, entry.get("value") == "true", "TRUSTED_PROJECT_PATHS")
        for option in component.iter("option"):
            if option.get("name") == "TRUSTED_PATHS":
                for item in option.iter("option"):
                    folder = _path(document, item.get("value"))
                    if folder:
                        yield setting(document, Topic.TRUST, folder, True, "TRUSTED_PATHS")


def read_recent(document: Document) -> Iterable[Sighting]:
    """`recentProjects.xml`."""
    for component in _components(document, ("RecentProjectsManager", "RiderRecentProjectsManager")):
        for option in component:
            if option.get("name") != "additionalInfo":
                continue
            for entry in option.iter("entry"):
                folder = _path(document, entry.get("key"))
                # Rider remembers the solution's file; the project is the folder that it lies in.
                if folder and folder.endswith((".sln", ".slnx")):
                    folder = str(pure_path(folder).parent)
                if folder:
                    yield setting(document, Topic.PROJECT, folder, True, "additionalInfo")


def read_acp(document: Document) -> Iterable[Sighting]:
    """`~/.jetbrains/acp.json`: external agents, and which servers all of them are given."""
    config = document.map()
    yield from agent_servers(document, config.get("agent_servers"), "agent_servers")
    for key, value in as_map(document, config.get("default_mcp_settings"), "default_mcp_settings").items():
        if isinstance(value, bool):
            name = f"default_mcp_settings.{key}"
            yield setting(document, Topic.SWITCH, name, value, name)


def _components(document: Document, names: tuple[str, ...]) -> Iterator[Element]:
    """Components of those names. A document type is refused: the IDE writes none, and entities can be a bomb."""
    text = document.text()
    if not text.strip():
        return
    if _DECLARATION.search(text):
        document.note("malformed", "the XML declares a document type or entities, which the IDE never writes")
        return
    try:
        # Without entities and a document type, expat has nothing to expand or fetch.
        root = ElementTree.fromstring(text.lstrip("\ufeff"))  # noqa: S314 - declarations were refused above
    except (ElementTree.ParseError, ValueError) as error:
        position = getattr(error, "position", None)
        place = f" at line {position[0]}, column {position[1] + 1}" if position else ""
        document.note("malformed", f"not well-formed XML{place}")
        return
    for component in root.iter("component"):
        if component.get("name") in names:
            yield component


def _entries(component: Element) -> Iterator[Element]:
    for child in component:
        if child.tag in ("commands", "urls"):
            yield from child
        else:
            yield child


def _fields(element: Element) -> Mapping[str, Json]:
    """An element's options as a map: values, lists and maps; `<envs>` is a list of its own."""
    fields: dict[str, Json] = {}
    for child in element:
        if child.tag == "envs":
            fields["envs"] = _pairs(child, "env")
            continue
        name = child.get("name")
        if child.tag != "option" or not name or name in fields:
            continue
        if child.find("map") is not None:
            fields[name] = _pairs(child, "entry")
        elif child.find("list") is not None or child.find("set") is not None:
            fields[name] = [item.get("value", "") for item in child.iter("option") if item is not child]
        elif child.get("value") is not None:
            fields[name] = child.get("value") or None
    return fields


def _pairs(element: Element, tag: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for item in element.iter(tag):
        key = item.get("name") or item.get("key")
        if key:
            found[key] = item.get("value", "")
    return found


def _path(document: Document, written: str | None) -> str | None:
    if not written:
        return None
    home = (document.home or "~").rstrip("/\\")
    return written.replace("$USER_HOME$", home)


AGENT = Agent(
    id="jetbrains-ai-assistant",
    name="JetBrains AI Assistant",
    vendor="JetBrains",
    detect=Detect(
        paths=("~/.ai/mcp", "{appdata}/JetBrains/*/options/llm.mcpServers.xml", "~/.jetbrains/acp.json"),
        apps=(
            "~/.local/share/JetBrains/*/ml-llm",
            "~/Library/Application Support/JetBrains/*/plugins/ml-llm",
            "%APPDATA%/JetBrains/*/plugins/ml-llm",
        ),
    ),
    precedence=(Scope.LOCAL, Scope.PROJECT, Scope.USER),
    project_approval="none",
    locations=(
        Location("~/.ai/mcp/mcp.json", Scope.USER, BareServers(fields=FIELDS)),
        Location("{project}/.ai/mcp/mcp.json", Scope.PROJECT, BareServers(fields=FIELDS)),
        Location(f"{_IDES}/options/llm.mcpServers.xml", Scope.USER, read_xml_servers, Format.XML),
        Location("{project}/.idea/workspace.xml", Scope.LOCAL, read_xml_servers, Format.XML, shared=True),
        Location("{project}/.idea/.idea.*/.idea/workspace.xml", Scope.LOCAL, read_xml_servers, Format.XML, shared=True),
        Location(f"{_IDES}/options/trusted-paths.xml", Scope.USER, read_trusted, Format.XML, shared=True),
        *(
            Location(f"{_IDES}/options/{name}.xml", Scope.USER, read_recent, Format.XML, shared=True)
            for name in ("recentProjects", "recentSolutions")
        ),
        Location("~/.jetbrains/acp.json", Scope.USER, read_acp),
        Location("{project}/.aiassistant/rules/**/*.md", Scope.PROJECT, RULES, Format.FRONTMATTER),
    ),
    notes={
        "paths": "the registry keys llm.mcp.client.*.mcp.json.path move mcp.json; they are not followed",
        "approval": "whether a project's mcp.json asks before its servers start was not found out",
        "brave mode": "where the IDE keeps the permission to run without asking was not found out",
        "android studio": "it keeps the same files below {appdata}/Google, which is not looked at",
    },
)
