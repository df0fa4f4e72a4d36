"""Readers that several agents share: one shape of file each, told apart by data.

Belongs here: the shapes that recur (a map of servers, a skill folder, an instruction file, hook tables).
Must not be here: the places of a particular agent's files.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from spawngate.agents.document import Document, Reader, Sighting
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch

_LONGEST_NUMBER = 1024
"""Bits of a number that is still spelled out in decimal."""


@dataclass(frozen=True, slots=True)
class Many:
    """Reads one document with several readers, in order."""

    readers: tuple[Reader, ...]

    def __call__(self, document: Document) -> Iterable[Sighting]:
        for read in self.readers:
            yield from read(document)


def many(*readers: Reader) -> Many:
    """All of `readers` over one document."""
    return Many(readers)


def observe(
    document: Document,
    kind: Kind,
    name: str,
    pointer: str = "",
    *,
    scope: Scope | None = None,
    status: Status = Status.ENABLED,
    launch: ObservedLaunch | None = None,
    detail: Mapping[str, Json] | None = None,
    project: str | None = None,
    content: str | None = None,
) -> Observed:
    """An artifact at `pointer` of the document; its scope and project are the document's unless given."""
    return Observed(
        kind=kind,
        agent=document.agent,
        scope=scope or document.scope,
        name=name,
        path=document.path,
        pointer=pointer,
        status=status,
        launch=launch,
        detail=detail or {},
        project=project or document.project,
        content=content,
    )


def descend(document: Document, keys: Sequence[str]) -> Json:
    """Value under `keys` of the document; None where a level is missing, with a note where it is no map."""
    value: Json = document.map()
    for depth, key in enumerate(keys):
        if value is None:
            return None
        if not isinstance(value, Mapping):
            document.note("wrong-type", f"{'.'.join(keys[:depth])} is not a map")
            return None
        value = value.get(key)
    return value


def as_map(document: Document, value: Json, pointer: str) -> Mapping[str, Json]:
    """`value` as a map; empty with a note where it is something else, silently where it is missing."""
    if isinstance(value, Mapping):
        return value
    if value is not None:
        document.note("wrong-type", f"{pointer} is not a map")
    return {}


def as_list(document: Document, value: Json, pointer: str) -> Sequence[Json]:
    """`value` as a list; empty with a note where it is something else, silently where it is missing."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    if value is not None:
        document.note("wrong-type", f"{pointer} is not a list")
    return ()


def records(document: Document, value: Json, pointer: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Place and map of every item of a list that is one; each other item, null too, leaves one note."""
    for index, item in enumerate(as_list(document, value, pointer)):
        spot = f"{pointer}[{index}]"
        if isinstance(item, Mapping):
            yield spot, item
        else:
            document.note("wrong-type", f"{spot} is not a map")


def as_text(document: Document, value: Json, pointer: str) -> str | None:
    """`value` as text; numbers and booleans are spelled out; None with a note for maps and lists."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # Python refuses to write thousands of digits in decimal, and a hexadecimal number may have them.
        return hex(value) if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER else str(value)
    document.note("wrong-type", f"{pointer} is not text")
    return None


def as_texts(document: Document, value: Json, pointer: str) -> tuple[str, ...]:
    """The text items of a list; a single text counts as a list of one."""
    if isinstance(value, str):
        return (value,)
    found = (as_text(document, item, f"{pointer}[{i}]") for i, item in enumerate(as_list(document, value, pointer)))
    return tuple(text for text in found if text is not None)


def as_number(value: Json) -> int | float | None:
    """`value` as a number that every JSON reader understands: finite, at most 64 bits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    fits = value.bit_length() < 64 if isinstance(value, int) else math.isfinite(value)
    return value if fits else None


def as_flag(value: Json) -> bool | None:
    """`value` as a boolean; None where it is neither a boolean nor its name."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return None


def pure_path(path: str) -> PurePosixPath | PureWindowsPath:
    """`path` in the syntax it is written in, whatever system this runs on."""
    return PureWindowsPath(path) if re.match(r"[A-Za-z]:[\\/]|\\\\", path) else PurePosixPath(path)
