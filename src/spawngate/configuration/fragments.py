"""Definitions of servers inside texts whose effect cannot be computed: code, programs of other tools, parts of files.

Belongs here: finding what looks like a definition in JSON, JavaScript, Python or TOML, without understanding the rest.
A false find is judged once more; a missed one leaves what the place of the write says.
Must not be here: texts whose effect is known (`configuration.difference`).
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json

LONGEST = 32_768
"""Characters of a text that are searched."""
MOST = 16
MOST_TRIED = 32
LONGEST_DEFINITION = 2_048
"""Characters of one definition: bounds what a text full of braces costs."""
_KEY = re.compile(r"[\"']?\b(?:command|cmd|url|serverUrl)\b[\"']?\s*[:=]")
_TOML = re.compile(r"^[ \t]*command[ \t]*=[^\n]*(?:\n[ \t]*(?:args|env|cwd|url|type)[ \t]*=[^\n]*)*", re.MULTILINE)


def definitions(text: str) -> tuple[Mapping[str, Any], ...]:
    """Maps in a text that have a command or an address. Raises nothing."""
    part = text[:LONGEST].replace('\\"', '"') if '\\"command' in text else text[:LONGEST]
    found: list[Mapping[str, Any]] = []
    done = 0
    tried = 0
    for match in _KEY.finditer(part):
        if match.start() < done:
            continue
        tried += 1
        if len(found) >= MOST or tried > MOST_TRIED:
            break
        start = _opening(part, match.start())
        end = _closing(part, start) if start >= 0 else -1
        if end < 0 or end - start > LONGEST_DEFINITION:
            continue
        value = _parsed(part[start : end + 1])
        if value is not None:
            found.append(value)
            done = end
    if not found:
        found.extend(_from_toml(part))
    return tuple(found[:MOST])


def _opening(text: str, at: int) -> int:
    """The brace that opens the map in which a place lies; braces inside texts may mislead, and then nothing parses."""
    depth = 0
    for place in range(at - 1, max(-1, at - LONGEST_DEFINITION), -1):
        if text[place] == "}":
            depth += 1
        elif text[place] == "{":
            if depth == 0:
                return place
            depth -= 1
    return -1


def _closing(text: str, start: int) -> int:
    depth = 0
    quote = ""
    place = start
    while place < min(len(text), start + LONGEST_DEFINITION):
        character = text[place]
        if quote:
            if character == "\\":
                place += 1
            elif character == quote:
                quote = ""
        elif character in "\"'`":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return place
        place += 1
    return -1


def _parsed(text: str) -> Mapping[str, Any] | None:
    value, problems = parse_json(text, Format.JSON5)
    if isinstance(value, Mapping) and not problems:
        return value if _starts(value) else None
    try:
        literal = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return literal if isinstance(literal, dict) and _starts(literal) else None


def _starts(value: Mapping[Any, Any]) -> bool:
    return any(isinstance(value.get(key), str | list) and value[key] for key in ("command", "cmd", "url", "serverUrl"))


def _from_toml(text: str) -> Iterator[Mapping[str, Any]]:
    for match in _TOML.finditer(text):
        try:
            value = tomllib.loads(match[0])
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        if _starts(value):
            yield value
