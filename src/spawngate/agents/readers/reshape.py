"""Server definitions of a deviating shape, brought into the one that `readers.servers` understands.

Format sources are named by the agents that use each function.
Must not be here: anything that yields records.
"""

import shlex
from collections.abc import Callable, Mapping, Sequence

from spawngate.model.json import Json

Change = Callable[[Mapping[str, Json]], Mapping[str, Json]]


def reshape(container: Json, *changes: Change) -> Json:
    """The map or list of definitions with every change made to each definition that is a map."""

    def one(item: Json) -> Json:
        if not isinstance(item, Mapping):
            return item
        for change in changes:
            item = change(item)
        return item

    if isinstance(container, Mapping):
        return {name: one(item) for name, item in container.items()}
    if isinstance(container, Sequence) and not isinstance(container, str):
        return [one(item) for item in container]
    return container


def split_command(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """A command that is a whole command line becomes a program and its arguments, as a shell splits it. With a
    backslash in it, which is a Windows path, backslashes stay and double quotes around a word go."""
    command = item.get("command")
    if not isinstance(command, str):
        return item
    try:
        if "\\" in command:
            words = [word.strip('"') for word in shlex.split(command, posix=False)]
        else:
            words = shlex.split(command)
    except ValueError:
        # An unclosed quote: left as written, so that the record shows what the file says.
        return item
    return {**item, "command": words} if len(words) > 1 else item


def lay_flat(key: str) -> Change:
    """A launch that lies in a map under `key` (`{"transport": {"type": "stdio", "command": ...}}`) moves to the
    definition itself."""

    def change(item: Mapping[str, Json]) -> Mapping[str, Json]:
        inner = item.get(key)
        if not isinstance(inner, Mapping):
            return item
        return {**{name: value for name, value in item.items() if name != key}, **inner}

    return change


def lift_filter(key: str) -> Change:
    """Tool filters that lie in a map under `key` (`{include, exclude}`) move to the definition itself."""

    def change(item: Mapping[str, Json]) -> Mapping[str, Json]:
        inner = item.get(key)
        if not isinstance(inner, Mapping):
            return item
        rest = {name: value for name, value in item.items() if name != key}
        for name, plain in (("include", "includeTools"), ("exclude", "excludeTools")):
            if inner.get(name) is not None:
                rest[plain] = inner[name]
        return rest

    return change
