"""Projects and trusted folders that an editor built from VS Code remembers.

Sources: microsoft/vscode src/vs/platform/workspaces (workspace.json of a workspaceStorage folder, the key
`history.recentlyOpenedPathsList`) and src/vs/workbench/services/workspaces/common/workspaceTrust.ts (the key
`content.trust.model.key`), both in the table ItemTable of globalStorage/state.vscdb.
Must not be here: settings of a product, and the MCP servers of any agent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from spawngate.agents.agent import Location
from spawngate.agents.document import Document, Reader, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.readers import as_list, as_map, as_text
from spawngate.agents.readers.permissions import setting
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Topic

RECENT = "history.recentlyOpenedPathsList"
TRUST = "content.trust.model.key"


@dataclass(frozen=True, slots=True)
class OfProducts:
    """Reads a document only where it lies in the folder of one of `products`; other agents handle the rest."""

    products: frozenset[str]
    read: Reader

    def __call__(self, document: Document) -> Iterable[Sighting]:
        if document.product in self.products:
            yield from self.read(document)


def remembered(products: frozenset[str]) -> tuple[Location, ...]:
    """Locations of the projects that these products remember."""
    return (
        Location("{vscode_user}/workspaceStorage/*/workspace.json", Scope.USER, OfProducts(products, read_workspace)),
        Location(
            "{vscode_user}/globalStorage/state.vscdb",
            Scope.USER,
            OfProducts(products, read_state),
            Format.SQLITE,
            members=(RECENT, TRUST),
        ),
    )


def read_workspace(document: Document) -> Iterable[Sighting]:
    """`workspace.json`: the folder, or the workspace file, that a window was opened on."""
    value = document.map()
    yield from _projects(document, value, "")


def read_state(document: Document) -> Iterable[Sighting]:
    """`state.vscdb`: recently opened folders, and folders with the answer of the trust dialog."""
    rows = document.map()
    recent = as_map(document, _row(document, rows, RECENT), RECENT)
    for index, entry in enumerate(as_list(document, recent.get("entries"), f"{RECENT}.entries")):
        pointer = f"{RECENT}.entries[{index}]"
        yield from _projects(document, as_map(document, entry, pointer), pointer)
    trust = as_map(document, _row(document, rows, TRUST), TRUST)
    for index, entry in enumerate(as_list(document, trust.get("uriTrustInfo"), f"{TRUST}.uriTrustInfo")):
        pointer = f"{TRUST}.uriTrustInfo[{index}]"
        info = as_map(document, entry, pointer)
        uri = as_map(document, info.get("uri"), f"{pointer}.uri")
        path = uri.get("path")
        if uri.get("scheme") != "file" or uri.get("authority") or not isinstance(path, str):
            continue
        if isinstance(info.get("trusted"), bool):
            yield setting(document, Topic.TRUST, _local(path), info["trusted"], pointer)


def _row(document: Document, rows: Mapping[str, Json], key: str) -> Json:
    text = rows.get(key)
    if not isinstance(text, str):
        return None
    value, problems = parse_json(text)
    for problem in problems:
        document.note(problem.reason, f"{key}: {problem.message}")
    return value


def _projects(document: Document, entry: Mapping[str, Json], pointer: str) -> Iterable[Sighting]:
    """The folder of one entry; a workspace file stands for the folder it lies in."""
    dot = "." if pointer else ""
    for key in ("folder", "folderUri"):
        path = file_path(as_text(document, entry.get(key), f"{pointer}{dot}{key}"))
        if path is not None:
            yield setting(document, Topic.PROJECT, path, True, f"{pointer}{dot}{key}")
    workspace = entry.get("workspace", entry.get("configuration"))
    if isinstance(workspace, Mapping):
        workspace = workspace.get("configPath")
    path = file_path(as_text(document, workspace, f"{pointer}{dot}workspace"))
    if path is not None and path.endswith(".code-workspace"):
        yield setting(document, Topic.PROJECT, path.rpartition("/")[0] or "/", True, f"{pointer}{dot}workspace")


def file_path(uri: str | None) -> str | None:
    """Local path of a `file:` address, with forward slashes; None for remote, network and other addresses."""
    if not uri:
        return None
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not parts.path:
        return None
    return _local(unquote(parts.path))


def _local(path: str) -> str:
    """`/c:/Users/dev` is `C:/Users/dev`; a trailing slash goes."""
    if len(path) > 2 and path[0] == "/" and path[2] == ":" and path[1].isalpha():
        path = path[1].upper() + path[2:]
    return path.rstrip("/") or "/"
