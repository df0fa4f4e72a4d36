"""Visual Studio with Copilot agent mode (Microsoft). Windows only.

Sources, read 2026-11: https://learn.microsoft.com/visualstudio/ide/mcp-servers (the five places, in the order the
IDE looks: the user's .mcp.json, the solution's .vs/mcp.json, .mcp.json, .vscode/mcp.json, .cursor/mcp.json).
Opened solutions: the collection `CodeContainers.Offline` of ApplicationPrivateSettings.xml, a JSON list inside XML
(third-party readings agree; the vendor does not document the file). Tool approvals are not on disk in a known form.
"""

import html
import re
from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.readers import as_list, pure_path
from spawngate.agents.readers.named_settings import lookup
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import Fields, servers
from spawngate.model.artifact import Scope
from spawngate.model.observed import Topic

FIELDS = Fields(auto_approve=(), trust=(), sandbox=())
_COLLECTION = '<collection name="CodeContainers.Offline"'
_VALUE = re.compile(r"<value\b[^<>]*>([^<]*)</value>")


def read_servers(document: Document) -> Iterable[Sighting]:
    """Servers under `servers`; files written for other programs have them under `mcpServers`."""
    values = document.map()
    key = "mcpServers" if values.get("servers") is None and values.get("mcpServers") is not None else "servers"
    yield from servers(document, values.get(key), key, FIELDS)


def read_containers(document: Document) -> Iterable[Sighting]:
    """ApplicationPrivateSettings.xml: solutions and folders that were opened. Only this one element is looked at."""
    text = document.text()
    start = text.find(_COLLECTION)
    if start < 0:
        return
    end = text.find("</collection>", start)
    found = _VALUE.search(text, start, end if end >= 0 else len(text))
    if found is None:
        return
    value, problems = parse_json(html.unescape(found.group(1)))
    for problem in problems:
        document.note(problem.reason, f"CodeContainers.Offline: {problem.message}")
    for index, entry in enumerate(as_list(document, value, "CodeContainers.Offline")):
        path = lookup(entry, "Value.LocalProperties.FullPath")
        if not isinstance(path, str):
            path = entry.get("Key") if isinstance(entry, Mapping) else None
        if isinstance(path, str) and re.match(r"[A-Za-z]:[\\/]", path):
            file = pure_path(path)
            folder = file.parent if re.fullmatch(r"\.(?:sln|slnx|slnf|[a-z]+proj)", file.suffix.lower()) else file
            yield setting(document, Topic.PROJECT, folder.as_posix(), True, f"CodeContainers.Offline[{index}]")


AGENT = Agent(
    id="visual-studio",
    name="Visual Studio",
    vendor="Microsoft",
    detect=Detect(
        binaries=("devenv",),
        paths=("%LOCALAPPDATA%/Microsoft/VisualStudio/*/ApplicationPrivateSettings.xml",),
        apps=("%PROGRAMFILES%/Microsoft Visual Studio/*/*/Common7/IDE/devenv.exe",),
        sessions=("%LOCALAPPDATA%/Microsoft/VisualStudio/*/ApplicationPrivateSettings.xml",),
    ),
    precedence=(Scope.USER, Scope.LOCAL, Scope.PROJECT),
    locations=(
        Location("~/.mcp.json", Scope.USER, read_servers, on=("windows",)),
        Location("{project}/.vs/mcp.json", Scope.LOCAL, read_servers),
        Location("{project}/.mcp.json", Scope.PROJECT, read_servers, shared=True),
        Location("{project}/.vscode/mcp.json", Scope.PROJECT, read_servers, Format.JSONC, shared=True),
        Location("{project}/.cursor/mcp.json", Scope.PROJECT, read_servers, shared=True),
        Location(
            "%LOCALAPPDATA%/Microsoft/VisualStudio/*/ApplicationPrivateSettings.xml",
            Scope.USER,
            read_containers,
            Format.XML,
            on=("windows",),
        ),
    ),
    notes={
        "approvals": "which tools run without asking is not on disk in a known form",
        "precedence": "which file wins for one name is not documented; the order of discovery is assumed",
        "jsonc": "whether comments are accepted in .mcp.json is not documented",
    },
)
