"""Values of Rust's literals, and the parts of format strings.

Belongs here: text of a literal to its value (Rust reference, Literal expressions), `std::fmt`'s syntax of holes. Not
here: nodes.
"""

from __future__ import annotations

import re
from math import isinf

_ESCAPE = re.compile(r"\\(u\{[0-9A-Fa-f_]{1,8}\}|x[0-9A-Fa-f]{2}|\r?\n\s*|[\s\S])")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_SUFFIX = re.compile(r"(?:[iu](?:8|16|32|64|128|size)|f32|f64)\Z")
_RAW = re.compile(r"[bc]?r(#*)\"")
_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def string_value(written: str) -> str:
    """Value of a string literal as written, raw and byte strings too."""
    raw = _RAW.match(written)
    if raw is not None:
        return written[raw.end() : len(written) - 1 - len(raw[1])]
    return unescape(written.lstrip("bc")[1:-1])


def unescape(text: str) -> str:
    """Text of a literal with its escapes replaced."""
    if "\\" not in text:
        return text
    value = _ESCAPE.sub(lambda match: _escape(match[1]), text)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(text: str) -> str:
    if text[0] in "ux" and len(text) > 1:
        code = int(text[1:].strip("{}").replace("_", "") or "0", 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    if text[0] in "\r\n":
        return ""
    return _SIMPLE.get(text, text)


def number_value(written: str) -> int | float | str:
    """Value of a number literal; its text where no 64 bits hold it."""
    text = written.replace("_", "")
    based = text[:2] in ("0x", "0o", "0b")
    if not (based and text[:2] == "0x"):
        text = _SUFFIX.sub("", text)
    else:
        text = re.sub(r"[iu](?:8|16|32|64|128|size)\Z", "", text)
    try:
        value: int | float
        if based:
            value = int(text, 0)
        elif text.isdecimal():
            value = int(text) if len(text) < 20 else 2**63
        else:
            value = float(text)
    except ValueError:
        return written[:100]
    if isinstance(value, float):
        return written[:100] if isinf(value) else value
    return value if -(2**63) <= value < 2**63 else written[:100]


def holes(text: str) -> list[tuple[str, str | None]]:
    """Parts of a format string: (text, None), and ("", name) for a hole; the name is "" for the next argument."""
    out: list[tuple[str, str | None]] = []
    last = 0
    for match in _HOLE.finditer(text):
        before = text[last : match.start()]
        if before:
            out.append((before, None))
        if match[0] in ("{{", "}}"):
            out.append((match[0][0], None))
        else:
            out.append(("", match[1].partition(":")[0].strip()))
        last = match.end()
    if text[last:]:
        out.append((text[last:], None))
    return out
