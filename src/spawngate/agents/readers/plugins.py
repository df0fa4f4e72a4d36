"""Plugin and marketplace manifests, in the form that Claude Code made and others took over.

Format source: https://code.claude.com/docs/en/plugins-reference.
Must not be here: the parts of a plugin that lie in files of their own (their locations name them).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_list, as_text, observe, pure_path
from spawngate.agents.readers.hooks import hook_table
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.servers import FIELDS, Fields, servers
from spawngate.agents.readers.texts import content_digest, list_files
from spawngate.model.artifact import Kind, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic


@dataclass(frozen=True, slots=True)
class Plugin:
    """Reads a manifest: the plugin itself, and servers and hooks written into it."""

    levels: int = 1
    """Folders between the plugin's root and its manifest (`.claude-plugin/plugin.json` is 1)."""
    fields: Fields = FIELDS
    server_key: str = "mcpServers"

    def __call__(self, document: Document) -> Iterable[Sighting]:
        manifest = document.map()
        root = folder_above(document.path, self.levels)
        name = manifest.get("name")
        yield observe(
            document,
            Kind.PLUGIN,
            name if isinstance(name, str) and name else root.name,
            status=Status.INSTALLED if manifest else Status.UNREADABLE,
            detail={"root": str(root), **describe(document, manifest), **_files(document)},
            content=content_digest(document),
        )
        declared = manifest.get(self.server_key)
        if isinstance(declared, Mapping):
            inner = declared.get(self.server_key)
            yield from servers(
                document, inner if isinstance(inner, Mapping) else declared, self.server_key, self.fields
            )
        hooks = manifest.get("hooks")
        if isinstance(hooks, Mapping):
            inner = hooks.get("hooks")
            yield from hook_table(document, inner if isinstance(inner, Mapping) else hooks, "hooks")


def _files(document: Document) -> dict[str, Json]:
    return {"files": list_files(document)} if document.siblings else {}


def folder_above(path: str, levels: int) -> PurePath:
    """The folder of a file, or the one so many levels above it; the topmost where there are not as many."""
    above = pure_path(path).parents
    return above[min(levels, len(above) - 1)] if above else pure_path(path)


def describe(document: Document, manifest: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a manifest that say who made it and where it comes from."""
    detail: dict[str, Json] = {}
    for key in ("version", "description", "homepage", "license"):
        text = as_text(document, manifest.get(key), key)
        if text:
            detail[key] = text
    for key in ("author", "publisher", "owner", "vendor"):
        value = manifest.get(key)
        name = value.get("name") if isinstance(value, Mapping) else value
        if isinstance(name, str):
            detail["publisher"] = name
            break
    repository = manifest.get("repository")
    address = repository.get("url") if isinstance(repository, Mapping) else repository
    if isinstance(address, str):
        detail["repository"] = address
    return detail


def read_marketplace(document: Document) -> Iterable[Sighting]:
    """A marketplace: a list of plugins that can be installed from it."""
    manifest = document.map()
    name = manifest.get("name")
    offered = as_list(document, manifest.get("plugins"), "plugins")
    names = [item.get("name") for item in offered if isinstance(item, Mapping)]
    yield observe(
        document,
        Kind.PLUGIN,
        name if isinstance(name, str) and name else folder_above(document.path, 1).name,
        status=Status.INSTALLED,
        detail={
            "type": "marketplace",
            "plugins": sorted(item for item in names if isinstance(item, str)),
            **describe(document, manifest),
        },
        content=document.digest,
    )


PLUGIN = Plugin()
MARKETPLACE = read_marketplace


def linked(document: Document, template: str) -> Iterable[Sighting]:
    """The note that Gemini CLI and Qwen Code leave for a linked extension: `{source, type: "link"}`.

    The agent loads the extension from `source`; the folder that holds the note holds nothing else. Seen with Gemini CLI
    0.61.0 and Qwen Code 0.24.4.
    """
    install = document.map()
    source = install.get("source")
    absolute = isinstance(source, str) and (source.startswith("/") or source[1:3] in (":\\", ":/"))
    if install.get("type") == "link" and isinstance(source, str) and absolute:
        yield setting(document, Topic.PLUGIN_ROOT, source, template, "source")
