"""TOML to values; a fault in one table loses that table only.

Format source: https://toml.io/en/v1.0.0, read by the standard library's tomllib.
Must not be here: what any key means.
"""

import re
import tomllib
from typing import Any

from spawngate.agents.formats import Problem, writable
from spawngate.model.json import Json

_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_AT_LINE = re.compile(r"at line (\d+)")


def parse_toml(text: str) -> tuple[Json, tuple[Problem, ...]]:
    """Value of a document, and what was wrong with it. Never raises.

    When the whole does not parse, every table is read alone, in order, and the good ones are merged.
    """
    text = text.replace("\r\n", "\n")
    try:
        return _plain(tomllib.loads(text)), ()
    except (ValueError, RecursionError) as error:
        first = _problem(error, 0)
    merged: dict[str, Any] = {}
    problems: list[Problem] = []
    starts = [0, *(match.start() for match in _HEADER.finditer(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        block = text[start:end]
        try:
            _merge(merged, tomllib.loads(block))
        except (ValueError, RecursionError) as error:
            problems.append(_problem(error, text.count("\n", 0, start)))
    return _plain(merged), tuple(problems[:20]) or (first,)


def _problem(error: Exception, lines_before: int) -> Problem:
    if isinstance(error, RecursionError):
        return Problem("too-deep", "values are nested too deep; the table was skipped")
    match = _AT_LINE.search(str(error))
    where = f"line {int(match.group(1)) + lines_before}: " if match else f"after line {lines_before}: "
    reason = "duplicate-key" if "overwrite" in str(error) or "twice" in str(error) else "malformed"
    return Problem(reason, f"{where}not valid TOML; the table was skipped")


def _merge(into: dict[str, Any], new: dict[str, Any]) -> None:
    for key, value in new.items():
        old = into.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            old.extend(value)
        else:
            into[key] = value


def _plain(value: Any) -> Json:
    """Dates, times and numbers too long to write become text; everything else is JSON already."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return writable(value)
    if value is None or isinstance(value, bool | float | str):
        return value
    return str(value)
