"""AI extensions of VS Code and of the editors built from it.

Sources: https://code.visualstudio.com/api/references/extension-manifest and .../contribution-points (package.json),
microsoft/vscode-docs api/extension-guides/ai (what an AI extension contributes); the folder's own `extensions.json` and
`.obsolete`, and `extensionsIdentifiers/disabled` of the product's state.vscdb as VS Code writes them (src/vs/platform/
extensionManagement), as remembered and not read again. Unsure: some of the known ids are from memory.
An extension is AI by its id, by a contribution point for chat, tools, models or MCP, by its category, or by a word of
its name. Descriptions and keywords do not count: they mention AI far too often.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.readers import as_list, as_map, as_text, observe
from spawngate.agents.readers.permissions import setting
from spawngate.agents.surfaces.ai_words import ai_reason
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

KNOWN: Mapping[str, str] = {
    "saoudrizwan.claude-dev": "Cline",
    "rooveterinaryinc.roo-cline": "Roo Code",
    "zoocodeorganization.zoo-code": "Zoo Code",
    "kilocode.kilo-code": "Kilo Code",
    "github.copilot": "GitHub Copilot",
    "github.copilot-chat": "GitHub Copilot Chat",
    "anthropic.claude-code": "Claude Code",
    "openai.chatgpt": "Codex",
    "continue.continue": "Continue",
    "google.geminicodeassist": "Gemini Code Assist",
    "google.gemini-cli-vscode-ide-companion": "Gemini CLI companion",
    "augment.vscode-augment": "Augment",
    "sourcegraph.amp": "Amp",
    "sourcegraph.cody-ai": "Cody",
    "amazonwebservices.amazon-q-vscode": "Amazon Q",
    "codeium.codeium": "Windsurf (Codeium)",
    "tabnine.tabnine-vscode": "Tabnine",
    "sst-dev.opencode": "OpenCode",
    "qwenlm.qwen-code-vscode-ide-companion": "Qwen Code companion",
    "supermaven.supermaven": "Supermaven",
}
"""Lower-case ids of AI extensions."""

POINTS: tuple[str, ...] = (
    "chatAgents",
    "chatInstructions",
    "chatParticipants",
    "chatPromptFiles",
    "chatSessions",
    "chatSkills",
    "languageModelChatProviders",
    "languageModelToolSets",
    "languageModelTools",
    "mcpServerDefinitionProviders",
)
"""Keys of `contributes` that only an AI extension has."""

_CATEGORIES = ("ai", "chat")
_DISABLED = "extensionsIdentifiers/disabled"


def read_package(document: Document) -> Iterable[Sighting]:
    """`<publisher>.<name>-<version>/package.json` of one installed extension."""
    package = document.map()
    publisher = as_text(document, package.get("publisher"), "publisher")
    plain = as_text(document, package.get("name"), "name")
    if not publisher or not plain:
        return
    identifier = f"{publisher}.{plain}"
    contributes = as_map(document, package.get("contributes"), "contributes")
    points = [point for point in POINTS if contributes.get(point)]
    title = as_text(document, package.get("displayName"), "displayName")
    # `%key%` stands for a text of package.nls.json.
    name = title if title and not (title.startswith("%") and title.endswith("%")) else None
    found = ai_reason(identifier, KNOWN, name, plain)
    if found is None and points:
        found = f"contributes: {points[0]}"
    if found is None:
        categories = package.get("categories")
        if isinstance(categories, Sequence) and not isinstance(categories, str):
            held = next((item for item in categories if isinstance(item, str) and item.lower() in _CATEGORIES), None)
            found = f"category: {held}" if held else None
    if found is None:
        return
    detail: dict[str, Json] = {
        "type": "vscode",
        "id": identifier,
        "version": as_text(document, package.get("version"), "version") or "",
        "publisher": publisher,
        "product": document.product,
        "contributes": list(points),
        "ai": True,
        "ai_reason": found,
    }
    servers = _ids(document, contributes, "mcpServerDefinitionProviders", "id")
    if servers:
        detail["servers"] = servers
    tools = _ids(document, contributes, "languageModelTools", "name")
    if tools:
        detail["tools"] = tools
    yield observe(
        document, Kind.EXTENSION, name or identifier, status=Status.INSTALLED, detail=detail, content=document.digest
    )


def read_obsolete(document: Document) -> Iterable[Sighting]:
    """`.obsolete`: folders that are replaced or uninstalled and wait to be deleted."""
    for folder, gone in document.map().items():
        if gone is True:
            yield setting(document, Topic.PLUGIN_STATUS, folder, False, folder)


def read_state(document: Document) -> Iterable[Sighting]:
    """`state.vscdb`: extensions that the person switched off everywhere. Names are `<product>:<id>`."""
    row = as_map(document, document.value(), "ItemTable").get(_DISABLED)
    if not isinstance(row, str):
        return
    value, problems = parse_json(row, Format.JSON)
    for problem in problems:
        document.note(problem.reason, f"{_DISABLED}: {problem.message}")
    for index, raw in enumerate(as_list(document, value, _DISABLED)):
        identifier = as_map(document, raw, f"{_DISABLED}[{index}]").get("id")
        if isinstance(identifier, str):
            name = f"{document.product}:{identifier.lower()}"
            yield setting(document, Topic.PLUGIN_STATUS, name, False, f"{_DISABLED}[{index}]")


def read_installed(document: Document) -> Iterable[Sighting]:
    """`extensions.json` of the extension folder: which folder of each extension is the one in use."""
    for index, raw in enumerate(as_list(document, document.value(), "the document")):
        entry = as_map(document, raw, f"[{index}]")
        folder = entry.get("relativeLocation")
        if isinstance(folder, str) and folder:
            yield setting(document, Topic.PLUGIN_STATUS, folder, True, f"[{index}]")


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """Off: what waits for deletion, what the folder's own list does not name, what the person switched off."""
    listed: dict[str, set[str]] = {}
    gone: set[tuple[str, str]] = set()
    off: set[str] = set()
    for item in settings:
        if item.topic is not Topic.PLUGIN_STATUS:
            continue
        root = item.path.replace("\\", "/").rpartition("/")[0]
        if item.value is True:
            listed.setdefault(root, set()).add(item.name)
        elif ":" in item.name:
            off.add(item.name)
        else:
            gone.add((root, item.name))
    settled = []
    for artifact in artifacts:
        root, folder, _ = artifact.path.replace("\\", "/").rsplit("/", 2)
        key = f"{artifact.detail.get('product')}:{str(artifact.detail.get('id')).lower()}"
        unlisted = root in listed and folder not in listed[root]
        if artifact.status is Status.INSTALLED and ((root, folder) in gone or key in off or unlisted):
            artifact = replace(artifact, status=Status.DISABLED)
        settled.append(artifact)
    return settled


def _ids(document: Document, contributes: Mapping[str, Json], point: str, key: str) -> list[Json]:
    found: list[Json] = []
    for index, raw in enumerate(as_list(document, contributes.get(point), f"contributes.{point}")):
        value = as_map(document, raw, f"contributes.{point}[{index}]").get(key)
        if isinstance(value, str):
            found.append(value)
    return found


SURFACE = Agent(
    id="vscode-extensions",
    name="VS Code extensions",
    vendor="",
    locations=(
        Location("{vscode_extensions}/*/package.json", Scope.USER, read_package),
        Location("{vscode_extensions}/extensions.json", Scope.USER, read_installed),
        Location("{vscode_extensions}/.obsolete", Scope.USER, read_obsolete),
        Location(
            "{vscode_user}/globalStorage/state.vscdb", Scope.USER, read_state, Format.SQLITE, members=(_DISABLED,)
        ),
    ),
    settle=settle,
    notes={
        "workspaces": "extensions switched off for one workspace only are shown as installed",
        "relevance": "extensions that look like nothing to do with AI are not recorded",
    },
)
