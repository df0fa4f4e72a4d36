"""What jq's operators do to values: look up, set, delete, merge, add.

Belongs here: the operators. Must not be here: the language (`configuration.jq`).
Source: the jq 1.7 manual, "Builtin operators and functions", read 2026-11.
"""

from typing import Any

Step = str | int


class NotUnderstood(Exception):
    """The program holds what is not computed here, or would fail."""


def get(value: Any, step: Step) -> Any:
    """What stands at one step; null where there is nothing. Raises NotUnderstood."""
    if value is None:
        return None
    if isinstance(step, str) and isinstance(value, dict):
        return value.get(step)
    if isinstance(step, int) and isinstance(value, list):
        return value[step] if -len(value) <= step < len(value) else None
    raise NotUnderstood("index")


def put(value: Any, steps: tuple[Step, ...], new: Any) -> Any:
    """The value with `new` at a path; containers are made on the way. Raises NotUnderstood."""
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(step, str) and isinstance(value, dict | None):
        table = dict(value or {})
        table[step] = put(table.get(step), rest, new)
        return table
    if isinstance(step, int) and isinstance(value, list | None):
        items = list(value or [])
        if step < -len(items) or step > len(items) + 100:
            raise NotUnderstood("index")
        items.extend([None] * (step + 1 - len(items)))  # nothing for an index that is there
        items[step] = put(items[step], rest, new)
        return items
    raise NotUnderstood("assign")


def delete(value: Any, steps: tuple[Step, ...]) -> Any:
    """The value without what stands at a path. Raises NotUnderstood."""
    if not steps:
        return None
    step, rest = steps[0], steps[1:]
    if value is None:
        return None
    if isinstance(step, str) and isinstance(value, dict):
        if step not in value:
            return value
        table = dict(value)
        if rest:
            table[step] = delete(table[step], rest)
        else:
            del table[step]
        return table
    if isinstance(step, int) and isinstance(value, list):
        if not -len(value) <= step < len(value):
            return value
        items = list(value)
        if rest:
            items[step] = delete(items[step], rest)
        else:
            del items[step]
        return items
    raise NotUnderstood("delete")


def merge(one: Any, other: Any) -> Any:
    """Two maps, the second over the first, maps inside them too: `*`. Raises NotUnderstood."""
    if isinstance(one, dict) and isinstance(other, dict):
        table = dict(one)
        for key, value in other.items():
            table[key] = (
                merge(table[key], value) if isinstance(table.get(key), dict) and isinstance(value, dict) else value
            )
        return table
    raise NotUnderstood("merge")


def add(one: Any, other: Any) -> Any:
    """`+` of null, maps, lists, texts and numbers. Raises NotUnderstood."""
    if one is None:
        return other
    if other is None:
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    plain = isinstance(one, bool) or isinstance(other, bool)
    if (isinstance(one, list) and isinstance(other, list)) or (isinstance(one, str) and isinstance(other, str)):
        return one + other  # type: ignore[operator]  # both are lists or both are texts
    if isinstance(one, int | float) and isinstance(other, int | float) and not plain:
        return one + other
    raise NotUnderstood("add")


def subtract(one: Any, other: Any) -> Any:
    """`-` of lists. Raises NotUnderstood."""
    if isinstance(one, list) and isinstance(other, list):
        return [item for item in one if item not in other]
    raise NotUnderstood("subtract")
