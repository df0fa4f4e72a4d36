"""Hooks that are not a table by event: a list whose items name their event, and folders with a manifest.

Format sources: MoonshotAI/kimi-code:docs/en/configuration/config-files.md, mistralai/mistral-vibe:README.md,
https://kiro.dev/docs/hooks (lists); openclaw/openclaw:docs/automation/hooks.md,
NousResearch/hermes-agent:website/docs (folders).
Must not be here: tables by event (`readers.hooks`), and running or parsing of handlers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_map, as_text, as_texts, descend, observe, pure_path, records
from spawngate.agents.readers.hooks import hook
from spawngate.agents.readers.named_settings import lookup
from spawngate.agents.readers.texts import content_digest, list_files
from spawngate.model.artifact import Kind, Status
from spawngate.model.json import Json


@dataclass(frozen=True, slots=True)
class HookList:
    """Reads a list of hooks. The handler's fields stand in the item, or in a map under `action` of it."""

    key: tuple[str, ...] = ("hooks",)
    event: str = "event"
    """Field that names the event."""
    matcher: str = "matcher"
    action: str | None = None
    timeout_unit: str = "s"

    def __call__(self, document: Document) -> Iterable[Sighting]:
        pointer = ".".join(self.key)
        for spot, entry in records(document, descend(document, self.key), pointer):
            event = as_text(document, entry.get(self.event), f"{spot}.{self.event}") or "unknown"
            matcher = as_text(document, entry.get(self.matcher), f"{spot}.{self.matcher}")
            fields = {name: value for name, value in entry.items() if name not in (self.event, self.action)}
            if self.action is not None:
                fields.update(as_map(document, entry.get(self.action), f"{spot}.{self.action}"))
            yield hook(document, event, matcher, fields, spot, timeout_unit=self.timeout_unit)


@dataclass(frozen=True, slots=True)
class HookFolder:
    """Reads the manifest of a folder that is a hook: its events, and the handler beside it, which is not run."""

    events: str = "events"
    """Path of the list of events in the manifest."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        manifest = document.map()
        folder = pure_path(document.path).parent
        handler = next((item.path for item in document.siblings if _stem(item.path) in ("handler", "index")), None)
        detail: dict[str, Json] = {"type": "file"}
        if handler is not None:
            detail["command"] = str(folder / handler)
        description = as_text(document, manifest.get("description"), "description")
        if description:
            detail["description"] = description
        detail["files"] = list_files(document)
        found = lookup(manifest, self.events)
        events = as_texts(document, found, self.events) if not isinstance(found, Mapping) else ()
        for event in events or ("unknown",):
            yield observe(
                document,
                Kind.HOOK,
                event,
                status=Status.ENABLED if events else Status.UNREADABLE,
                detail={"event": event, **detail},
                content=content_digest(document),
            )


def _stem(path: str) -> str:
    return path.partition(".")[0]
