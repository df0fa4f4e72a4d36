"""Pins: what a server offered when it was approved, as digests, and how a later offer differs.

Belongs here: the canonical form of a tool, digests of its fields, and the difference of two offers. Must not be here:
what a difference means (rules, policy), where pins are kept (the daemon), what is taken out of a list (`relay`).

A pin holds no text: it can be stored and shown. Canonical form: keys sorted, ASCII, `required`, `enum` and `type` of
schemas sorted (some servers make them from sets), a whole float as an integer. `_meta` and `icons` are left out: no
model reads them, and servers put times and links there. Every other field is pinned, also one of a later revision.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spawngate.model.json import Json

_LEFT_OUT = frozenset({"_meta", "icons", "name"})
_SETS = frozenset({"required", "enum", "type"})
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Pins:
    """One offer: SHA-256 digests in hexadecimal."""

    instructions: str = ""
    """Empty where the server gives none."""
    tools: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By name: the digest of each field that the tool has. Of a name that stands twice, fields of both."""

    @property
    def digest(self) -> str:
        """One digest of the whole offer."""
        return _digest(
            {"instructions": self.instructions, "tools": {name: dict(has) for name, has in self.tools.items()}}
        )

    def tool_digest(self, name: str) -> str:
        """One digest of a tool; empty for one that is not offered."""
        return _digest({name: dict(self.tools[name])}) if name in self.tools else ""

    def as_json(self) -> dict[str, Json]:
        """What is stored; `pins_from_json` reads it."""
        return {"instructions": self.instructions, "tools": {name: dict(has) for name, has in self.tools.items()}}


@dataclass(frozen=True, slots=True)
class Difference:
    """How an offer differs from an earlier one. Names and fields are sorted."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Tools that are in both, by name, with the fields that were added, removed or changed."""
    instructions: str = ""
    """added, removed, changed, or empty."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.instructions)

    def of(self, tool: str) -> str:
        """What happened to a tool: added, removed, changed, or empty."""
        if tool in self.changed:
            return "changed"
        return "added" if tool in self.added else "removed" if tool in self.removed else ""


def pins_of(instructions: str | None, tools: Iterable[Mapping[str, object]]) -> Pins:
    """The pins of an offer. Entries without a name that is a text are passed over; nothing raises."""
    found: dict[str, list[Mapping[str, object]]] = {}
    for tool in tools:
        name = tool.get("name")
        if isinstance(name, str):
            found.setdefault(name, []).append(tool)
    return Pins(
        instructions=_digest(instructions) if instructions else "",
        tools={name: _fields(same) for name, same in sorted(found.items())},
    )


def pins_from_json(value: object) -> Pins | None:
    """The pins that `as_json` wrote; None for anything else."""
    if not isinstance(value, Mapping):
        return None
    instructions, tools = value.get("instructions"), value.get("tools")
    if not isinstance(instructions, str) or not isinstance(tools, Mapping):
        return None
    found: dict[str, dict[str, str]] = {}
    for name, has in tools.items():
        if not isinstance(name, str) or not isinstance(has, Mapping):
            return None
        fields = {key: digest for key, digest in has.items() if isinstance(key, str) and isinstance(digest, str)}
        if len(fields) != len(has):
            return None
        found[name] = fields
    return Pins(instructions, found)


def difference(before: Pins, after: Pins, *, more: bool = False, tools_known: bool = True) -> Difference:
    """How `after` differs from `before`.

    `more`: further pages of `after` are missing, so that nothing counts as removed. `tools_known` is False where only
    the instructions of `after` are known.
    """
    changed: dict[str, tuple[str, ...]] = {}
    for name in sorted(before.tools.keys() & after.tools.keys()):
        old, new = before.tools[name], after.tools[name]
        fields = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        if fields:
            changed[name] = tuple(fields)
    gone = () if more or not tools_known else sorted(before.tools.keys() - after.tools.keys())
    instructions = ""
    if before.instructions != after.instructions:
        instructions = (
            "changed" if before.instructions and after.instructions else "added" if after.instructions else "removed"
        )
    return Difference(tuple(sorted(after.tools.keys() - before.tools.keys())), tuple(gone), changed, instructions)


def _fields(same: Sequence[Mapping[str, object]]) -> dict[str, str]:
    if len(same) == 1:
        return {key: _digest(value) for key, value in sorted(same[0].items()) if key not in _LEFT_OUT}
    keys = sorted({key for tool in same for key in tool} - _LEFT_OUT)
    values = {key: _digest([tool.get(key) for tool in same]) for key in keys}
    return {**values, "(repeated)": _digest(len(same))}


def _digest(value: object) -> str:
    text = json.dumps(_canonical(value, "", 0), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(value: object, key: str, depth: int) -> object:
    if depth > _DEEPEST:
        # Deeper than any schema: what stands there is pinned as written, so that it cannot change unseen.
        return repr(value) if not isinstance(value, (dict, list)) else _flat(value)
    if isinstance(value, Mapping):
        return {str(name): _canonical(inner, str(name), depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_canonical(inner, "", depth + 1) for inner in value]
        if key in _SETS and all(isinstance(item, str) for item in items):
            return sorted(str(item) for item in items)
        return items
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _flat(value: object) -> str:
    """Whatever stands too deep, in one text, without recursion."""
    parts: list[str] = []
    open_values = [value]
    while open_values:
        found = open_values.pop()
        if isinstance(found, Mapping):
            parts.append(f"{{{len(found)}")
            for name in sorted(found, key=str):
                open_values += [found[name], str(name)]
        elif isinstance(found, (list, tuple)):
            parts.append(f"[{len(found)}")
            open_values += found
        else:
            parts.append(repr(found))
    return "\n".join(parts)
