"""Skills, commands, sub-agents and instruction files: text that steers an agent.

Only metadata is taken: name, description, declared tools, size and digest, and counts of what a reader
cannot see. The text itself never becomes part of a record.
Format source: https://agentskills.io/specification.
Must not be here: judgement of the text (`rules`).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers import as_list, as_text, as_texts, observe, pure_path
from spawngate.agents.readers.hooks import hook_table
from spawngate.agents.readers.servers import server, servers
from spawngate.model.artifact import Kind, Scope
from spawngate.model.json import Json
from spawngate.rules.text_signals import signals_of

_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\u00ad\ufeff\U000e0000-\U000e007f]")
_BIDIRECTIONAL = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DYNAMIC = re.compile(r"!`[^`\n]+`|!\{[^}\n]+\}")
"""Lines that the agent replaces by a command's output when the text is expanded."""
_LAUNCHES = ("command", "url", "serverUrl")


@dataclass(frozen=True, slots=True)
class Text:
    """Reads a file that is one artifact: `kind` SKILL or INSTRUCTION; `type` says which sort."""

    kind: Kind
    type: str
    """skill, command, subagent, rules, memory, output-style, prompt, recipe, ..."""
    named_by_folder: bool = False
    """The folder's name is the artifact's (SKILL.md), else the file's stem."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        front: Mapping[str, Json] = {}
        if document.format in (Format.FRONTMATTER, Format.TOML, Format.YAML, Format.JSON, Format.JSONC):
            front = document.map()
        text = document.body if document.format is Format.FRONTMATTER else document.text()
        path = pure_path(document.path)
        fallback = path.parent.name if self.named_by_folder else path.name if path.suffix == "" else path.stem
        stated = front.get("name")
        name = stated if isinstance(stated, str) and stated.strip() and self.kind is Kind.SKILL else fallback
        if self.kind is Kind.INSTRUCTION and self.type != "subagent":
            name = path.name
        yield observe(
            document,
            self.kind,
            name,
            detail=_detail(document, self.type, front, text),
            content=content_digest(document),
        )
        for key in ("mcpServers", "mcp_servers"):
            yield from _own_servers(document, front.get(key), key)
        if isinstance(front.get("hooks"), Mapping):
            yield from hook_table(document, front["hooks"], "hooks", scope=Scope.SUBAGENT)


def _own_servers(document: Document, declared: Json, key: str) -> Iterable[Sighting]:
    """Servers of a sub-agent's own: a map, or a list of names of known servers (which are no definitions), of
    one-entry maps of name to definition, and of definitions that hold their name."""
    if isinstance(declared, str):
        return
    if isinstance(declared, Mapping):
        yield from servers(document, declared, key, scope=Scope.SUBAGENT)
        return
    for index, entry in enumerate(as_list(document, declared, key)):
        if isinstance(entry, str):
            continue
        if isinstance(entry, Mapping) and any(isinstance(entry.get(field), str) for field in ("name", *_LAUNCHES)):
            stated = entry.get("name")
            name = stated if isinstance(stated, str) and stated else f"#{index + 1}"
            yield server(document, name, entry, f"{key}[{name}]", scope=Scope.SUBAGENT)
        elif isinstance(entry, Mapping):
            yield from servers(document, entry, key, scope=Scope.SUBAGENT)
        else:
            document.note("wrong-type", f"{key}[{index}] is neither a name nor a server")


def _detail(document: Document, type_: str, front: Mapping[str, Json], text: str) -> dict[str, Json]:
    detail: dict[str, Json] = {
        "type": type_,
        "bytes": len(document.data),
        "lines": text.count("\n") + (1 if text and not text.endswith("\n") else 0),
    }
    description = as_text(document, front.get("description"), "description")
    if description:
        detail["description"] = description
    for key in ("version", "license", "model", "permissionMode"):
        value = front.get(key)
        stated = None if isinstance(value, bool) else as_text(document, value, key)
        if stated is not None:
            detail[_snake(key)] = stated
    tools = front.get("allowed-tools", front.get("tools"))
    if tools is not None:
        detail["tools"] = list(_tools(document, tools))
    for key, pattern in (
        ("invisible", _INVISIBLE),
        ("bidirectional", _BIDIRECTIONAL),
        ("dynamic_commands", _DYNAMIC),
    ):
        count = len(pattern.findall(text))
        if count:
            detail[key] = count
    signals = dict(signals_of(text))
    if signals:
        detail["signals"] = signals
    if document.siblings:
        detail["files"] = list_files(document)
    return detail


def _tools(document: Document, value: Json) -> Iterable[str]:
    """Declared tools: a list, or text divided by commas or spaces outside parentheses."""
    if isinstance(value, Mapping):
        return [name for name, on in value.items() if on]
    if not isinstance(value, str):
        return as_texts(document, value, "tools")
    return re.findall(r"[^\s,(]+(?:\([^)]*\))?", value)


def _snake(key: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", key).lower()


def list_files(document: Document) -> list[Json]:
    """The files that come with the document, for its detail."""
    return [
        {"path": item.path, "bytes": item.size, "executable": item.executable, "digest": item.digest}
        for item in document.siblings
    ]


def content_digest(document: Document) -> str:
    """Digest of the document and of every file that comes with it."""
    if not document.siblings:
        return document.digest
    total = hashlib.sha256(document.digest.encode())
    for item in sorted(document.siblings, key=lambda sibling: sibling.path):
        total.update(f"\0{item.path}\0{item.digest}".encode(errors="replace"))
    return total.hexdigest()


SKILL = Text(Kind.SKILL, "skill", named_by_folder=True)
COMMAND = Text(Kind.SKILL, "command")
SUBAGENT = Text(Kind.INSTRUCTION, "subagent")
RULES = Text(Kind.INSTRUCTION, "rules")
MEMORY = Text(Kind.INSTRUCTION, "memory")
