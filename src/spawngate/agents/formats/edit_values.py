"""What a document's value is before and after an edit, whatever its format.

Belongs here: the wanted change (`Operation`), looking up and copying parts of a value, which elements are ours.
Must not be here: text (`edit` and the formats' modules).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, cast

from spawngate.model.json import Json

Path = tuple[str | int, ...]
"""Keys and places in lists, from the root of a document."""
Pointer = Path
"""Where an operation takes place. Its places in lists must be there already."""
Ours = Callable[[Json], bool]
"""Whether an element of a list is one of ours, however it was changed."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One wanted change."""

    pointer: Pointer
    value: Json
    how: Literal["append", "set"] = "append"
    """`append`: the list at `pointer` gets the value as its last element. `set`: the key gets the value."""
    overwrite: bool = False
    """`set`: another value that is there is replaced; otherwise it stays."""


def at(value: Json, path: Path | Pointer) -> tuple[bool, Json]:
    """Whether there is something at the path, and what."""
    for key in path:
        if isinstance(key, int):
            if not is_list(value) or key >= len(value):
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
    if not is_list(node):
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
            if is_list(inner) and any(ours(item) for item in inner) and not all(ours(item) for item in inner):
                return [
                    deeper
                    for index, item in enumerate(inner)
                    if ours(item)
                    for deeper in _innermost(item, (*path, key, index), ours)
                ]
    return [path]


def pruned(value: Json, paths: list[Path], operation: Operation, made: Sequence[Pointer]) -> list[Path]:
    """The paths, or the outermost container made by us that would be left empty without them."""
    left = value
    for path in reversed(paths):
        left = without(left, path)
    pointer = operation.pointer
    for depth in range(len(pointer), 0, -1):
        found, node = at(left, pointer[:depth])
        if found and (node not in ([], {}) or pointer[:depth] not in made):
            break
        if found:
            paths = [pointer[:depth]]
            left = without(left, pointer[:depth])
    return paths


def after(value: Json, operation: Operation, stale: Ours) -> Json:
    """What the value must be once the operation is done."""
    found, node = at(value, operation.pointer)
    if operation.how == "set":
        return value if found and not operation.overwrite else with_value(value, operation.pointer, operation.value)
    if is_list(node) and operation.value in node:
        return value
    for path in reversed(ours_in(value, operation, stale)):
        value = without(value, path)
    _, node = at(value, operation.pointer)
    return with_value(value, operation.pointer, [*(node if is_list(node) else ()), operation.value])


def with_value(value: Json, pointer: Pointer, new: Json) -> Json:
    if not pointer:
        return new
    key = pointer[0]
    if isinstance(key, int):
        items = list(value) if is_list(value) else []
        items[key] = with_value(items[key], pointer[1:], new)
        return items
    table = dict(value) if isinstance(value, Mapping) else {}
    table[key] = with_value(table.get(key), pointer[1:], new)
    return table


def without(value: Json, path: Path) -> Json:
    key, rest = path[0], path[1:]
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value) if is_list(value) else []
    if rest:
        copy[key] = without(copy[key], rest)
    else:
        del copy[key]
    return cast(Json, copy)


def equal(one: Json, other: Json) -> bool:
    """Equal with types (True is not 1). Nothing (an empty document, a null that we filled) equals what is empty."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if is_list(one) and is_list(other):
        return len(one) == len(other) and all(equal(left, right) for left, right in zip(one, other, strict=True))
    if one != one and other != other:  # NaN, which some dialects allow
        return True
    if one is None or other is None:
        return (one is None or one in ({}, [])) and (other is None or other in ({}, []))
    return one == other and type(one) is type(other)


def is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
