"""Small changes of a configuration file that leave every other byte as it is.

Belongs here: what can be changed (`Operation`), what was changed (`Change`, which undoes it), what the value must be
afterwards, and the check that the changed text says exactly that.
Must not be here: the syntax of any format (`edit_json`, `edit_toml`, `edit_yaml`), files, what an entry means.

An undo first takes out the very characters that were put in, and where somebody has changed those since, the entry as
the parser sees it. Both are checked against the value, so an undo can refuse but never break a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Protocol, cast

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import (
    Operation,
    Ours,
    Path,
    Pointer,
    after,
    at,
    equal,
    is_list,
    ours_in,
    pruned,
    with_value,
    without,
)
from spawngate.model.json import Json

MAX_CHARACTERS = 16 << 20
"""Length of a document that is edited. No agent keeps a larger one that people may edit."""
MAX_PLACES = 64
"""Places at which a text that was put in is looked for."""

BOM = b"\xef\xbb\xbf"


class EditError(Exception):
    """The document cannot be edited safely. Says where and why, and quotes no value."""


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
        wanted = after(wanted, operation, _stale(operations, operation, ours))
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


def take_out(data: bytes, form: Format, path: Path) -> bytes:
    """The document without what is at `path`, which is there. Raises EditError as `edit` does."""
    editor = _editor(form)
    text, mark = _text(data)
    value = _parse(editor, text, form)
    if not at(value, path)[0]:
        raise EditError(f"{_name(path)} is not there")
    changed = apply(text, editor.delete(text, path, form))
    wanted = without(value, path)
    if not _says(editor, changed, form, wanted):
        # A format without empty maps (TOML: a table that is there by its parts alone) loses what held the last one.
        for depth in range(len(path) - 1, 0, -1):
            if at(wanted, path[:depth])[1] != {}:
                break
            wanted = without(wanted, path[:depth])
        _check(editor, changed, form, wanted)
    return mark + changed.encode("utf-8")


def parse(data: bytes, form: Format) -> Json:
    """The value as the check sees it; None for an empty document. Raises EditError."""
    text, _ = _text(data)
    return _parse(_editor(form), text, form)


def _do(editor: Editor, text: str, form: Format, operation: Operation, stale: Ours) -> tuple[str, Change | None]:
    value = _parse(editor, text, form)
    found, node = at(value, operation.pointer)
    _containers(value, operation)
    if operation.how == "set":
        if found and (node == operation.value or not operation.overwrite):
            return text, None
        pieces = editor.put(text, operation.pointer, operation.value, form)
        return apply(text, pieces), _change(text, operation, value, pieces, had=found, old=node)
    if is_list(node) and operation.value in node:
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
    for depth, key in enumerate(operation.pointer):
        found, node = at(value, operation.pointer[:depth])
        if isinstance(key, int):
            if not is_list(node) or key >= len(node):
                raise EditError(f"{_name(operation.pointer[: depth + 1])} is not there")
        elif found and node is not None and not isinstance(node, Mapping):
            raise EditError(f"{_name(operation.pointer[:depth])} is not a map of keys")
    if operation.how == "append":
        found, node = at(value, operation.pointer)
        if found and node is not None and not is_list(node):
            raise EditError(f"{_name(operation.pointer)} is not a list")


def _undo(editor: Editor, text: str, form: Format, change: Change, ours: Ours) -> str:
    value = _parse(editor, text, form)
    paths = ours_in(value, change.operation, ours)
    if not paths:
        return text
    if change.operation.how == "set" and change.had:
        wanted = with_value(value, change.operation.pointer, change.old)
        for candidate in _reversals(text, change):
            if _says(editor, candidate, form, wanted):
                return candidate
        restored = apply(text, editor.put(text, change.operation.pointer, change.old, form))
        _check(editor, restored, form, wanted)
        return restored
    paths = pruned(value, paths, change.operation, change.made)
    wanted = value
    for path in reversed(paths):
        wanted = without(wanted, path)
    for candidate in _reversals(text, change):
        if _says(editor, candidate, form, wanted):
            return candidate
    for path in reversed(paths):
        text = apply(text, editor.delete(text, path, form))
    _check(editor, text, form, wanted)
    return text


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


def _says(editor: Editor, text: str, form: Format, wanted: Json) -> bool:
    try:
        return equal(_parse(editor, text, form), wanted)
    except EditError:
        return False


def _check(editor: Editor, text: str, form: Format, wanted: Json) -> None:
    if not _says(editor, text, form, wanted):
        raise EditError("the change would not leave the file as it should be")


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


def made_keys(rest: Pointer) -> tuple[str, ...]:
    """The keys that have to be made. Raises EditError for a place in a list, which cannot be."""
    keys = tuple(key for key in rest if isinstance(key, str))
    if len(keys) != len(rest):
        raise EditError(f"{_name(rest)} is not there")
    return keys


def _editor(form: Format) -> Editor:
    if form not in _EDITORS:
        raise EditError(f"files of the form {form.value} cannot be edited")
    return cast(Editor, import_module(f"spawngate.agents.formats.{_EDITORS[form]}"))


def _name(pointer: Pointer) -> str:
    return ".".join(map(str, pointer)) if pointer else "the root"
