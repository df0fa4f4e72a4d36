"""Small changes of a configuration file that leave every other byte as it is.

Belongs here: what can be changed (`Operation`), what was changed (`Change`, which undoes it), what the value must be
afterwards, and the check that the changed text says exactly that.
Must not be here: the syntax of any format (`edit_json`, `edit_toml`, `edit_yaml`), files, what an entry means.

An undo first takes out the very characters that were put in, and where somebody has changed those since, the entry as
the parser sees it. Both are checked against the value, so an undo can refuse but never break a file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any, Literal, Protocol, TypeGuard

from spawngate.agents.formats import Format
from spawngate.model.json import Json

Pointer = tuple[str, ...]
"""Keys from the root of a document."""
Path = tuple[str | int, ...]
"""Keys and places in lists, from the root of a document."""
Ours = Callable[[Json], bool]
"""Whether an element of a list is one of ours, however it was changed."""

MAX_CHARACTERS = 16 << 20
"""Length of a document that is edited. No agent keeps a larger one that people may edit."""
MAX_PLACES = 64
"""Places at which a text that was put in is looked for."""

BOM = b"\xef\xbb\xbf"


class EditError(Exception):
    """The document cannot be edited safely. Says where and why, and quotes no value."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One wanted change."""

    pointer: Pointer
    value: Json
    how: Literal["append", "set"] = "append"
    """`append`: the list at `pointer` gets the value as its last element. `set`: the key gets the value."""
    overwrite: bool = False
    """`set`: another value that is there is replaced; otherwise it stays."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One replacement in a text."""

    at: int
    """Characters before it, in the text as it was."""
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one operation did, enough to undo it."""

    operation: Operation
    made: tuple[Pointer, ...] = ()
    """Containers and keys that were not there before, outermost first."""
    pieces: tuple[Piece, ...] = ()
    between: tuple[str, ...] = ()
    """The texts between the pieces, one fewer than pieces."""
    had: bool = False
    """`set`: there was a value before, namely `old`."""
    old: Json = None


@dataclass(frozen=True, slots=True)
class Edited:
    """A changed document."""

    data: bytes
    changes: tuple[Change, ...]
    """Empty where everything was there already."""


class Editor(Protocol):
    """What a format's module offers, as functions. Each raises EditError and nothing else."""

    def parse(self, text: str, form: Format) -> Json:
        """The value; refuses whatever the format's readers would stumble over."""

    def append(self, text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
        """Pieces that add `value` to the list at `pointer`, which is made where it is missing."""

    def put(self, text: str, pointer: Pointer, value: Json, form: Format) -> list[Piece]:
        """Pieces that give the key at `pointer` that value."""

    def delete(self, text: str, path: Path, form: Format) -> list[Piece]:
        """Pieces that take out what is at `path`, which exists."""


_EDITORS = {
    Format.JSON: "edit_json",
    Format.JSONC: "edit_json",
    Format.JSON5: "edit_json",
    Format.TOML: "edit_toml",
    Format.YAML: "edit_yaml",
}


def edit(data: bytes, form: Format, operations: Sequence[Operation], ours: Ours) -> Edited:
    """The document with all operations done, each at most once.

    An element of ours that differs from the wanted one is taken out first. Empty input is an empty document. Raises
    EditError where the document does not parse as its agent parses it, has another type where a container is needed,
    or is not what it should be after the change.
    """
    editor = _editor(form)
    text, mark = _text(data)
    before = _parse(editor, text, form)
    changes: list[Change] = []
    for operation in operations:
        text, change = _do(editor, text, form, operation, _stale(operations, operation, ours))
        if change is not None:
            changes.append(change)
    wanted = before
    for operation in operations:
        wanted = _after(wanted, operation, _stale(operations, operation, ours))
    _check(editor, text, form, wanted)
    return Edited(mark + text.encode("utf-8"), tuple(changes))


def _stale(operations: Sequence[Operation], operation: Operation, ours: Ours) -> Ours:
    """What is ours in the operation's list and wanted by none of the operations."""
    wanted = [item.value for item in operations if item.how == "append" and item.pointer == operation.pointer]
    return lambda entry: entry not in wanted and ours(entry)


def undo(data: bytes, form: Format, changes: Sequence[Change], ours: Ours) -> bytes:
    """The document without what `changes` put into it; everything that others wrote since stays.

    What is no longer there is passed over. Raises EditError as `edit` does.
    """
    editor = _editor(form)
    text, mark = _text(data)
    for change in reversed([change for change in changes if not _is_ground(change)]):
        text = _undo(editor, text, form, change, ours)
    for change in reversed([change for change in changes if _is_ground(change)]):
        _, around = at(_parse(editor, text, form), change.operation.pointer[:-1])
        if isinstance(around, Mapping) and around.keys() <= {change.operation.pointer[-1]}:
            text = _undo(editor, text, form, change, ours)
    return mark + text.encode("utf-8")


def _is_ground(change: Change) -> bool:
    """Whether the change laid what entries of others may stand on by now: a file's `version`. It goes last, and only
    where nothing else is left beside it."""
    return change.operation.how == "set" and not change.operation.overwrite and not change.had


def strip(data: bytes, form: Format, operations: Sequence[Operation], ours: Ours) -> bytes:
    """The document without any element of ours in the places of `operations`, when nothing is known of how they came
    there. Containers that this leaves empty go too. Raises EditError as `edit` does."""
    changes = [
        Change(operation, made=tuple(operation.pointer[: depth + 1] for depth in range(len(operation.pointer))))
        for operation in operations
        if operation.how == "append" or ours(operation.value)
    ]
    return undo(data, form, changes, ours)


def parse(data: bytes, form: Format) -> Json:
    """The value as the check sees it; None for an empty document. Raises EditError."""
    text, _ = _text(data)
    return _parse(_editor(form), text, form)


def at(value: Json, path: Path | Pointer) -> tuple[bool, Json]:
    """Whether there is something at the path, and what."""
    for key in path:
        if isinstance(key, int):
            if not _is_list(value) or key >= len(value):
                return False, None
            value = value[key]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            return False, None
    return True, value


def ours_in(value: Json, operation: Operation, ours: Ours) -> list[Path]:
    """Where entries of ours lie for one operation: the wanted entry itself, or else whatever `ours` recognises.

    Of an element that holds handlers of others too only our handlers are named.
    """
    found, node = at(value, operation.pointer)
    if not found:
        return []
    if operation.how == "set":
        return [operation.pointer] if node == operation.value or ours(node) else []
    if not _is_list(node):
        return []
    elements = node
    exact = [index for index, element in enumerate(elements) if element == operation.value]
    if exact:
        return [(*operation.pointer, exact[-1])]
    return [
        path
        for index, element in enumerate(elements)
        if ours(element)
        for path in _innermost(element, (*operation.pointer, index), ours)
    ]


def _innermost(element: Json, path: Path, ours: Ours) -> list[Path]:
    if isinstance(element, Mapping):
        for key, inner in element.items():
            if _is_list(inner) and any(ours(item) for item in inner) and not all(ours(item) for item in inner):
                return [
                    deeper
                    for index, item in enumerate(inner)
                    if ours(item)
                    for deeper in _innermost(item, (*path, key, index), ours)
                ]
    return [path]


def _do(editor: Editor, text: str, form: Format, operation: Operation, stale: Ours) -> tuple[str, Change | None]:
    value = _parse(editor, text, form)
    found, node = at(value, operation.pointer)
    _containers(value, operation)
    if operation.how == "set":
        if found and (node == operation.value or not operation.overwrite):
            return text, None
        pieces = editor.put(text, operation.pointer, operation.value, form)
        return apply(text, pieces), _change(text, operation, value, pieces, had=found, old=node)
    if _is_list(node) and operation.value in node:
        return text, None
    for path in reversed(ours_in(value, operation, stale)):
        text = apply(text, editor.delete(text, path, form))
    value = _parse(editor, text, form)
    pieces = editor.append(text, operation.pointer, operation.value, form)
    return apply(text, pieces), _change(text, operation, value, pieces)


def _change(
    text: str, operation: Operation, value: Json, pieces: Sequence[Piece], *, had: bool = False, old: Json = None
) -> Change:
    ordered = sorted(pieces, key=lambda piece: piece.at)
    between = tuple(text[left.at + len(left.old) : right.at] for left, right in pairwise(ordered))
    made = tuple(
        operation.pointer[: depth + 1]
        for depth in range(len(operation.pointer))
        if not at(value, operation.pointer[: depth + 1])[0]
    )
    return Change(operation, made, tuple(ordered), between, had, old)


def _containers(value: Json, operation: Operation) -> None:
    """Refuse a path that leads through something that is no map, or to something that is no list."""
    for depth in range(len(operation.pointer)):
        found, node = at(value, operation.pointer[:depth])
        if found and node is not None and not isinstance(node, Mapping):
            raise EditError(f"{_name(operation.pointer[:depth])} is not a map of keys")
    if operation.how == "append":
        found, node = at(value, operation.pointer)
        if found and node is not None and not _is_list(node):
            raise EditError(f"{_name(operation.pointer)} is not a list")


def _undo(editor: Editor, text: str, form: Format, change: Change, ours: Ours) -> str:
    value = _parse(editor, text, form)
    paths = ours_in(value, change.operation, ours)
    if not paths:
        return text
    if change.operation.how == "set" and change.had:
        wanted = _with(value, change.operation.pointer, change.old)
        for candidate in _reversals(text, change):
            if _says(editor, candidate, form, wanted):
                return candidate
        restored = apply(text, editor.put(text, change.operation.pointer, change.old, form))
        _check(editor, restored, form, wanted)
        return restored
    paths = _pruned(value, paths, change)
    wanted = value
    for path in reversed(paths):
        wanted = _without(wanted, path)
    for candidate in _reversals(text, change):
        if _says(editor, candidate, form, wanted):
            return candidate
    for path in reversed(paths):
        text = apply(text, editor.delete(text, path, form))
    _check(editor, text, form, wanted)
    return text


def _pruned(value: Json, paths: list[Path], change: Change) -> list[Path]:
    """The paths, or the outermost container made by us that would be left empty without them."""
    left = value
    for path in reversed(paths):
        left = _without(left, path)
    pointer = change.operation.pointer
    for depth in range(len(pointer), 0, -1):
        found, node = at(left, pointer[:depth])
        if found and (node not in ([], {}) or pointer[:depth] not in change.made):
            break
        if found:
            paths = [pointer[:depth]]
            left = _without(left, pointer[:depth])
    return paths


def _reversals(text: str, change: Change) -> list[str]:
    """Texts without what was put in, one for every place where it stands unchanged, last place first."""
    if not change.pieces:
        return []
    whole = change.pieces[0].new
    kept = change.pieces[0].old
    for gap, piece in zip(change.between, change.pieces[1:], strict=True):
        whole += gap + piece.new
        kept += gap + piece.old
    found: list[str] = []
    place = text.rfind(whole)
    while place >= 0 and len(found) < MAX_PLACES:
        found.append(text[:place] + kept + text[place + len(whole) :])
        place = text.rfind(whole, 0, place + len(whole) - 1)
    return found


def apply(text: str, pieces: Sequence[Piece]) -> str:
    """The text with the pieces replaced. Raises EditError where one does not fit."""
    for piece in sorted(pieces, key=lambda piece: piece.at, reverse=True):
        if text[piece.at : piece.at + len(piece.old)] != piece.old:
            raise EditError("the text changed while it was edited")
        text = text[: piece.at] + piece.new + text[piece.at + len(piece.old) :]
    return text


def _after(value: Json, operation: Operation, stale: Ours) -> Json:
    """What the value must be once the operation is done."""
    found, node = at(value, operation.pointer)
    if operation.how == "set":
        return value if found and not operation.overwrite else _with(value, operation.pointer, operation.value)
    if _is_list(node) and operation.value in node:
        return value
    for path in reversed(ours_in(value, operation, stale)):
        value = _without(value, path)
    _, node = at(value, operation.pointer)
    return _with(value, operation.pointer, [*(node if _is_list(node) else ()), operation.value])


def _with(value: Json, pointer: Pointer, new: Json) -> Json:
    if not pointer:
        return new
    table = dict(value) if isinstance(value, Mapping) else {}
    table[pointer[0]] = _with(table.get(pointer[0]), pointer[1:], new)
    return table


def _without(value: Json, path: Path) -> Json:
    key, rest = path[0], path[1:]
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value) if _is_list(value) else []
    if rest:
        copy[key] = _without(copy[key], rest)
    else:
        del copy[key]
    return copy  # type: ignore[no-any-return]


def _says(editor: Editor, text: str, form: Format, wanted: Json) -> bool:
    try:
        return _equal(_parse(editor, text, form), wanted)
    except EditError:
        return False


def _check(editor: Editor, text: str, form: Format, wanted: Json) -> None:
    if not _says(editor, text, form, wanted):
        raise EditError("the change would not leave the file as it should be")


def _equal(one: Json, other: Json) -> bool:
    """Equal with types (True is not 1). Nothing (an empty document, a null that we filled) equals what is empty."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if _is_list(one) and _is_list(other):
        return len(one) == len(other) and all(_equal(left, right) for left, right in zip(one, other, strict=True))
    if one != one and other != other:  # NaN, which some dialects allow
        return True
    if one is None or other is None:
        return (one is None or one in ({}, [])) and (other is None or other in ({}, []))
    return one == other and type(one) is type(other)


def _parse(editor: Editor, text: str, form: Format) -> Json:
    value = editor.parse(text, form)
    if value is not None and not isinstance(value, Mapping):
        raise EditError("the file holds no map of keys")
    return value


def _text(data: bytes) -> tuple[str, bytes]:
    mark = BOM if data.startswith(BOM) else b""
    if len(data) > MAX_CHARACTERS:
        raise EditError(f"the file has more than {MAX_CHARACTERS} bytes")
    try:
        return data[len(mark) :].decode("utf-8"), mark
    except UnicodeDecodeError as error:
        raise EditError(f"the file is not UTF-8 (byte {error.start + len(mark)})") from None


def _editor(form: Format) -> Editor:
    if form not in _EDITORS:
        raise EditError(f"files of the form {form.value} cannot be edited")
    module: Any = import_module(f"spawngate.agents.formats.{_EDITORS[form]}")
    return module  # type: ignore[no-any-return]


def _is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _name(pointer: Pointer) -> str:
    return ".".join(pointer) if pointer else "the root"
