"""The few wanted keys of a very large JSON file, without building the rest.

An agent's state file may hold tens of megabytes of history beside a handful of server definitions.
msgspec checks the syntax of what it skips and allocates nothing for it.
Must not be here: the parsing of what is kept (`jsontext`).
"""

import msgspec

from spawngate.agents.formats import Format, Problem
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.text import decode
from spawngate.model.json import Json

LARGE = 1 << 20
"""Bytes from which on a file is read this way, where its location says which keys it wants."""

Path = tuple[str, ...]
"""Keys from the root; `*` stands for every key of that level."""

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


def keep_json(data: bytes, keep: tuple[Path, ...]) -> tuple[Json, tuple[Problem, ...]] | None:
    """The document cut down to the paths in `keep`; None where the file needs the tolerant parser."""
    problems: list[Problem] = []
    try:
        return _cut(msgspec.Raw(data), keep, problems), tuple(problems)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def _cut(raw: msgspec.Raw, keep: tuple[Path, ...], problems: list[Problem]) -> Json:
    if () in keep:
        text, odd = decode(bytes(raw))
        value, wrong = parse_json(text, Format.JSON)
        problems.extend((*odd, *wrong))
        return value
    members = _object.decode(raw)
    kept: dict[str, Json] = {}
    for name, member in members.items():
        below = tuple(path[1:] for path in keep if path[0] in (name, "*"))
        if not below:
            continue
        try:
            kept[name] = _cut(member, below, problems)
        except msgspec.ValidationError:
            # Not an object where one was meant: the reader says so when it meets the value.
            kept[name] = None
    return kept
