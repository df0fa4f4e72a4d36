"""Settings that matter to security, picked from a file by name, and the variables a file sets for its agent.

Belongs here: lists of names turned into readers, and the same for one part of a document, with a prefix that tells
where it stood (tables that come several times in one file: profiles, workspace files).
Must not be here: which names matter to which agent (its module), and judgement of the values (`rules`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_map, as_text, as_texts
from spawngate.agents.readers.permissions import setting
from spawngate.model.json import Json
from spawngate.model.observed import Topic


def switches(
    document: Document, container: Mapping[str, Json], names: Iterable[str], *, prefix: str = ""
) -> Iterable[Sighting]:
    """A switch for each of the names, a key of the container or a path of keys with dots between, that it holds."""
    for name in names:
        value = lookup(container, name)
        if value is not None:
            yield setting(document, Topic.SWITCH, f"{prefix}{name}", value, f"{prefix}{name}")


def variables(document: Document, value: Json, pointer: str) -> Iterable[Sighting]:
    """Environment variables that a settings file sets: a switch `env.NAME` each."""
    for name, raw in as_map(document, value, pointer).items():
        where = f"{pointer}.{name}"
        text = as_text(document, raw, where)
        if text is not None:
            yield setting(document, Topic.SWITCH, f"env.{name}", text, where)


def lookup(value: Json, name: str) -> Json:
    """Value under the key `name`, else under the path that it spells; None where there is neither."""
    if not isinstance(value, Mapping):
        return None
    # VS Code and others write `a.b` as one key; a map of that name wins over the path.
    if value.get(name) is not None:
        return value[name]
    for key in name.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


@dataclass(frozen=True, slots=True)
class Switches:
    """Reads the `switches` of a whole document."""

    names: tuple[str, ...]

    def __call__(self, document: Document) -> Iterable[Sighting]:
        yield from switches(document, document.map(), self.names)


@dataclass(frozen=True, slots=True)
class Environment:
    """Reads the `variables` under a key of a document."""

    key: str = "env"

    def __call__(self, document: Document) -> Iterable[Sighting]:
        yield from variables(document, lookup(document.map(), self.key), self.key)


@dataclass(frozen=True, slots=True)
class PluginFlags:
    """Reads which plugins are on: a map of name to flag or to `{enabled}`, or a list of names."""

    key: str = "enabledPlugins"
    listed: bool = True
    """What standing in a list means."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        found = lookup(document.map(), self.key)
        if isinstance(found, Mapping):
            for name, value in found.items():
                flag = value.get("enabled") if isinstance(value, Mapping) else value
                yield setting(document, Topic.PLUGIN_STATUS, name, flag is not False, f"{self.key}.{name}")
            return
        for name in as_texts(document, found, self.key):
            yield setting(document, Topic.PLUGIN_STATUS, name, self.listed, self.key)
