"""SHELL. Tool lists as they were when their server was approved, `<state>/pins`, and what is another one since.

The first list of a launch is taken as it comes. What changes later is kept beside it until somebody approves it.
Must not be here: what follows from a change (`service`).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from spawngate.endpoint.launching import store
from spawngate.endpoint.launching.known import Running
from spawngate.endpoint.launching.requests import Tools
from spawngate.launch.identity import LENGTH
from spawngate.model.errors import StateError

FOLDER = "pins"
INSTRUCTIONS = ""
"""What stands for the server's instructions among names of tools that are withheld."""
_BODY = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
_HINTS = {
    "readOnlyHint": "read-only",
    "destructiveHint": "destructive",
    "idempotentHint": "idempotent",
    "openWorldHint": "open-world",
}


class Pinned(msgspec.Struct, frozen=True, omit_defaults=True):
    """The lists of one launch, as digests."""

    name: str
    at: str
    tools: dict[str, str] | None = None
    """By name; None where no list was seen yet."""
    instructions: str | None = None
    pending: dict[str, str] = {}
    """A later list that differs; empty where there is none."""
    pending_instructions: str | None = None
    changes: tuple[str, ...] = ()
    """How the pending ones differ, in words."""
    hints: dict[str, tuple[str, ...]] = {}
    """What the annotations of the approved list say, by tool."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a list is beside the approved one."""

    what: str
    """pinned, same, changed."""
    told: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()
    """Tools that are new or another one; the empty name stands for the instructions."""
    count: int = 0
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    new: bool = False
    """Nobody was told of it yet."""


class ToolLists:
    """The folder of pinned lists. A list that cannot be read counts as changed whole."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER

    def held(self, body: str) -> Pinned | None:
        """What is pinned for a launch. Raises StateError where that cannot be read."""
        if not _BODY.fullmatch(body):
            return None
        path = self._folder / f"{body}.json"
        return store.load(path, Pinned, Pinned("", "")) if store.stamp(path) is not None else None

    def hints(self, body: str) -> dict[str, tuple[str, ...]]:
        """What the approved list says about its tools."""
        try:
            held = self.held(body)
        except StateError:
            return {}
        return held.hints if held is not None else {}

    def compare(self, running: Running, asked: Tools, now: str) -> Changed:
        """What the listed tools are beside the approved ones. The first list is approved as it comes."""
        listed = [tool for tool in asked.tools or () if isinstance(tool, Mapping)]
        tools = {str(tool.get("name", "")): _digest(tool) for tool in listed}
        instructions = None if asked.instructions is None else _digest(asked.instructions)
        try:
            held = self.held(running.body)
        except StateError as error:
            return Changed("changed", (str(error),), (*tools, INSTRUCTIONS), len(tools), {}, new=True)
        held = held or Pinned(running.name, now)
        first = Pinned(
            running.name,
            now,
            held.tools if held.tools is not None or asked.tools is None or asked.more else tools,
            held.instructions if held.instructions is not None else instructions,
            held.pending,
            held.pending_instructions,
            held.changes,
            held.hints if held.tools is not None else hints_of(listed),
        )
        known = first.tools if first.tools is not None else tools
        told, withhold = _differences(known, tools if asked.tools is not None else known, partial=asked.more)
        if instructions is not None and instructions != first.instructions:
            told, withhold = (*told, "the instructions are others"), (*withhold, INSTRUCTIONS)
        if not told:
            pinned = (first.tools, first.instructions) != (held.tools, held.instructions)
            if pinned:
                self._save(running.body, first)
            return Changed("pinned" if pinned else "same", (), (), len(tools), first.hints, new=pinned)
        new = told != held.changes
        if new and not asked.more:
            later = tools if asked.tools is not None else known
            changed = msgspec.structs.replace(
                first, pending=later, pending_instructions=instructions or first.instructions, changes=told
            )
            self._save(running.body, changed)
        return Changed("changed", told, withhold, len(tools), first.hints, new=new)

    def waiting(self, body: str) -> tuple[str, ...]:
        """How a later list differs from the approved one, in words."""
        try:
            held = self.held(body)
        except StateError as error:
            return (str(error),)
        return held.changes if held is not None else ()

    def approve(self, body: str, now: str) -> tuple[str, ...]:
        """Make the later list the approved one, and tell what changed. Raises StateError."""
        held = self.held(body)
        if held is None or not held.changes:
            return ()
        self._save(body, Pinned(held.name, now, held.pending, held.pending_instructions, hints=held.hints))
        return held.changes

    def _save(self, body: str, held: Pinned) -> None:
        if _BODY.fullmatch(body):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            store.save(self._folder / f"{body}.json", held)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("ascii")).hexdigest()


def _differences(
    known: Mapping[str, str], now: Mapping[str, str], *, partial: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is another list in words, and the names of tools that nobody approved."""
    told = [f"{name!r} is new" for name in now if name not in known]
    told += [f"{name!r} is another one" for name in now if name in known and known[name] != now[name]]
    told += [f"{name!r} is gone" for name in known if name not in now and not partial]
    return tuple(told), tuple(name for name in now if known.get(name) != now[name])


def hints_of(tools: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """What the annotations of tools say: only what is stated, and only where it is a plain yes."""
    found: dict[str, tuple[str, ...]] = {}
    for tool in tools:
        annotations = tool.get("annotations")
        name = tool.get("name")
        if isinstance(annotations, Mapping) and isinstance(name, str):
            said = tuple(word for key, word in _HINTS.items() if annotations.get(key) is True)
            if said:
                found[name] = said
    return found
