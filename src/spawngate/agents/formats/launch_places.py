"""Where in an agent's file one server's command and arguments stand, and the changes that put others in their place.

The readers of `agents` bring many spellings into one record; this goes the way back, by looking for the spelling that
gives this very record. What is not found exactly once is not guessed.
Must not be here: reading files for the inventory (`agents.readers`), the text of files (`agents.formats`), what the new
command is (`launch.launcher`).
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from spawngate.agents.formats.edit_values import Operation, Path, at, is_list
from spawngate.model.json import Json

COMMANDS = ("command", "cmd", "executable", "path")
ARGUMENTS = ("args", "arguments", "argv")
MAX_NODES = 20_000
_DEPTH = 2
"""Maps inside an entry in which the launch may lie: `transport`, `launch`, `server`."""
Form = Literal["separate", "list", "line", "split"]


@dataclass(frozen=True, slots=True)
class LaunchPlace:
    """Where one launch stands."""

    path: Path
    """The map that holds it."""
    form: Form
    """`separate`: program and arguments. `list`: one list of both. `line`: one text that is split as a shell splits.
    `split`: such a text, and a list of further arguments."""
    command: str
    args: str
    """The keys. The second one may not be there yet."""
    line: bool = False
    """`separate`: the arguments are one text."""


def find(value: Json, pointer: str, name: str, command: str, args: Sequence[str]) -> LaunchPlace | None:
    """Where the launch of the server `name` stands, that a reader saw at `pointer`; None where that is not clear."""
    exact = list(_paths(value, pointer)) if pointer else [()]
    for path in exact:
        _, node = at(value, path)
        if isinstance(node, str) and path and isinstance(path[-1], str) and _split(node) == [command, *args]:
            return LaunchPlace(path[:-1], "line", path[-1], "")
    found = [place for path in exact for place in _places(value, path, command, args)]
    if not found:
        # A reader may name a place of its own making; the entry's name then has to tell which one it is.
        found = [
            place
            for path in _maps(value)
            if (path and path[-1] == name) or _named(value, path, name)
            for place in _places(value, path, command, args)
        ]
    unique = {place.path: place for place in found}
    return next(iter(unique.values())) if len(unique) == 1 else None


def find_again(value: Json, place: LaunchPlace, command: str, args: Sequence[str]) -> LaunchPlace | None:
    """The place in the map that held it before, with the words that stand there now; None where they are others."""
    return next(_places(value, place.path, command, args, inside=False), None)


def all_places(value: Json) -> Iterator[tuple[LaunchPlace, tuple[str, ...]]]:
    """Every way to read a launch out of a document, with its words."""
    for path in _maps(value):
        _, node = at(value, path)
        assert isinstance(node, Mapping)
        yield from _read(node, path)
        yield from _lines(node, path)


def operations(place: LaunchPlace, words: Sequence[str]) -> tuple[Operation, ...]:
    """The changes that put `words` (a program and its arguments) there."""

    def put(value: Json, key: str) -> Operation:
        return Operation((*place.path, key), value, "set", overwrite=True)

    program, args = words[0], list(words[1:])
    arguments: Json = shlex.join(args) if place.line else args
    if place.form == "split":
        return put(shlex.quote(program), place.command), put(arguments, place.args)
    if place.form == "list":
        return (put(list(words), place.command),)
    if place.form == "line":
        return (put(shlex.join(words), place.command),)
    return put(program, place.command), put(arguments, place.args)


def _places(
    value: Json, path: Path, command: str, args: Sequence[str], *, inside: bool = True
) -> Iterator[LaunchPlace]:
    """The places in the map at `path`, or in a map inside it, whose words are exactly these."""
    wanted = (command, *args)
    todo: list[tuple[Path, int]] = [(path, 0)]
    while todo:
        here, depth = todo.pop(0)
        _, node = at(value, here)
        if not isinstance(node, Mapping):
            continue
        found = [place for place, words in (*_read(node, here), *_lines(node, here)) if words == wanted]
        if found:
            yield found[0]
            return
        if inside and depth < _DEPTH:
            todo.extend(((*here, key), depth + 1) for key, inner in node.items() if isinstance(inner, Mapping))


def _read(node: Mapping[str, Json], path: Path) -> Iterator[tuple[LaunchPlace, tuple[str, ...]]]:
    """Every way to read a launch out of a map, with its words; the first one is the plainest."""
    for key in COMMANDS:
        raw = node.get(key)
        arguments = next((name for name in ARGUMENTS if name in node), ARGUMENTS[0])
        if arguments not in node and node.get("type") == "stdio" and isinstance(node.get("url"), str):
            arguments = "url"  # Witsy: the arguments of a process stand where the address of a remote server does
        given = node.get(arguments)
        if isinstance(raw, str) and raw.strip():
            if isinstance(given, str):
                split = _split(given)
                if split is not None:
                    yield LaunchPlace(path, "separate", key, arguments, line=True), (raw, *split)
                continue
            rest = _texts(given)
            if rest is None:
                continue
            yield LaunchPlace(path, "separate", key, arguments), (raw, *rest)
            line = _split(raw)
            if line and len(line) > 1:
                yield LaunchPlace(path, "split" if rest else "line", key, arguments), (*line, *rest)
        elif is_list(raw):
            words, rest = _texts(raw), _texts(given)
            if words and not rest:
                yield LaunchPlace(path, "list", key, arguments), words


def _lines(node: Mapping[str, Json], path: Path) -> Iterator[tuple[LaunchPlace, tuple[str, ...]]]:
    """Texts under other keys that are whole command lines (`mcp.serverCommand`)."""
    for key, raw in node.items():
        if isinstance(raw, str) and key not in COMMANDS and key.lower().endswith("command"):
            words = _split(raw)
            if words:
                yield LaunchPlace(path, "line", key, ""), tuple(words)


def _texts(raw: Json) -> tuple[str, ...] | None:
    """A list's members as words; None where one has none."""
    if raw is None:
        return ()
    if not is_list(raw):
        return None
    words: list[str] = []
    for item in raw:
        if isinstance(item, bool):
            words.append("true" if item else "false")
        elif isinstance(item, str | int | float):
            words.append(str(item))
        else:
            return None
    return tuple(words)


def _split(text: str) -> list[str] | None:
    try:
        return shlex.split(text)
    except ValueError:
        return None


def _paths(value: Json, pointer: str) -> Iterator[Path]:
    """Every path whose text is the pointer. Names may hold dots, so there can be several."""
    todo: list[tuple[Path, str, Json]] = [((), "", value)]
    seen = 0
    while todo and seen < MAX_NODES:
        path, text, node = todo.pop()
        seen += 1
        if text == pointer and path:
            yield path
        if isinstance(node, Mapping):
            for key, inner in node.items():
                told = f"{text}.{key}" if text else str(key)
                if pointer == told or pointer.startswith((f"{told}.", f"{told}[")):
                    todo.append(((*path, key), told, inner))
        elif is_list(node):
            for index, inner in enumerate(node):
                for told in _item_texts(text, index, inner):
                    if pointer == told or pointer.startswith((f"{told}.", f"{told}[")):
                        todo.append(((*path, index), told, inner))
                        break


def entry_of(value: Json, pointer: str, name: str) -> Path | None:
    """Where the map of the entry `name` lies that a reader saw at `pointer`; None where that is not clear."""
    found = [path for path in _paths(value, pointer) if isinstance(at(value, path)[1], Mapping)]
    if len(found) > 1:
        found = [path for path in found if path[-1] == name or _named(value, path, name)]
    return found[0] if len(found) == 1 else None


def _item_texts(text: str, index: int, item: Json) -> list[str]:
    name = item.get("name") if isinstance(item, Mapping) else None
    told = [f"{text}[{name}]"] if isinstance(name, str) and name else [f"{text}[#{index + 1}]"]
    return [*told, f"{text}[{index}]"]


def _maps(value: Json) -> Iterator[Path]:
    todo: list[tuple[Path, Json]] = [((), value)]
    seen = 0
    while todo and seen < MAX_NODES:
        path, node = todo.pop()
        seen += 1
        if isinstance(node, Mapping):
            yield path
            todo.extend(((*path, key), inner) for key, inner in node.items())
        elif is_list(node):
            todo.extend(((*path, index), inner) for index, inner in enumerate(node))


def _named(value: Json, path: Path, name: str) -> bool:
    _, node = at(value, path)
    return isinstance(node, Mapping) and node.get("name") == name
