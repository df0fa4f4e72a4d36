"""What a statement of SQL says of the data that goes with it: its table, and which value becomes which column.

Belongs here: the few statements that programs write out (`INSERT`, `UPDATE`, `SELECT`), as far as a store's name and
its columns need. Not here: dialects, nested statements (the outermost decides), running anything.
"""

from __future__ import annotations

import re

_TABLE = re.compile(
    r"\b(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update(?:\s+or\s+\w+)?|from)\s+[\"'`\[]?([\w.$]+)",
    re.IGNORECASE,
)
_INSERT = re.compile(r"\binto\s+[\"'`\[\]\w.$]+\s*\(([^()]*)\)\s*values?\s*\(((?:[^()]|%\(\w+\)s)*)\)", re.IGNORECASE)
_WRITING = re.compile(rb"\binto\b|\bupdate\s[^;]{1,200}\sset\b|\bupsert\b", re.IGNORECASE)
_SET = re.compile(r"\bset\s+(.*?)(?:\bwhere\b|\breturning\b|$)", re.IGNORECASE | re.DOTALL)
_STATEMENT = re.compile(r"\s*(?:insert|replace|update|select|delete|with)\b", re.IGNORECASE)
_HOLDER = re.compile(r"\?\d*|\$\d+|%s|%\((?P<percent>\w+)\)s|[:@$](?P<named>[A-Za-z_]\w*)")
_SELECT = re.compile(r"\s*select\s+(?:distinct\s+)?(.*?)\s+from\b", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r"([A-Za-z_]\w*)[\"'`\]]?\s*$")
MAX_TEXT = 4_000


def writes(source: bytes) -> bool:
    """Whether the beginning of a statement that writes stands in a text."""
    return _WRITING.search(source) is not None


def table(text: str) -> str:
    """The table of a statement, in lower case; "" for a text that is none."""
    if len(text) > MAX_TEXT or _STATEMENT.match(text) is None:
        return ""
    found = _TABLE.search(text)
    return found[1].rpartition(".")[2].lower() if found is not None else ""


def selected(text: str) -> tuple[str, ...]:
    """Names of the columns that a statement gives, in order; () for `*`, and where they are not plain."""
    if len(text) > MAX_TEXT:
        return ()
    found = _SELECT.match(text)
    out: list[str] = []
    for part in found[1].split(",") if found is not None else ():
        named = _COLUMN.search(part)
        if named is None:
            return ()
        out.append(named[1].lower())
    return tuple(out)


def columns(text: str) -> list[tuple[str, str]]:
    """Columns that a statement writes, each with its placeholder: a number from 0 as text, or a name.

    Columns that get a constant or an expression are left out.
    """
    if len(text) > MAX_TEXT:
        return []
    found = _INSERT.search(text)
    if found is not None:
        pairs = list(zip(found[1].split(","), found[2].split(","), strict=False))
    else:
        changed = _SET.search(text)
        parts = changed[1].split(",") if changed is not None else []
        pairs = [(left, right) for left, _, right in (each.partition("=") for each in parts)]
    out: list[tuple[str, str]] = []
    count = 0
    for column, value in pairs:
        holder = _HOLDER.search(value)
        if holder is None:
            continue
        name = holder["percent"] or holder["named"]
        number = holder[0][1:] if holder[0][:1] in "$?" and holder[0][1:].isdecimal() else ""
        place = name or (str(int(number) - 1) if number else str(count))
        count += 1
        out.append((column.strip(" \"'`[]\n\t").rpartition(".")[2].lower(), place))
    return out
