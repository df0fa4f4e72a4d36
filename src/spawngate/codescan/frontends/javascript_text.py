"""Values of JavaScript's literals.

Belongs here: text of a literal to its value (ECMA-262, 12.9 Literals). Not here: nodes.
"""

from __future__ import annotations

import re
from math import isinf

_ESCAPE = re.compile(r"\\(u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|\r\n|[\s\S])")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_LINE_ENDS = frozenset(["\n", "\r", "\r\n", "\u2028", "\u2029"])


def string_value(written: str) -> str:
    """Value of a string literal with its quotes."""
    return unescape(written[1:-1] if len(written) > 1 else "")


def unescape(text: str) -> str:
    """Text of a string or template with its escapes replaced; a lone surrogate becomes U+FFFD."""
    if "\\" not in text:
        return text
    value = _ESCAPE.sub(lambda match: _escape(match[1]), text)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(text: str) -> str:
    if text[0] in "ux" and len(text) > 1:
        code = int(text[1:].strip("{}"), 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    if text in _LINE_ENDS:
        return ""
    return _SIMPLE.get(text, text)


def number_value(written: str) -> int | float | str:
    """Value of a number literal; its text where no 64 bits hold it."""
    text = written.replace("_", "")
    try:
        value: int | float
        if text.endswith("n"):
            value = int(text[:-1], 0)
        elif text[:2].lower() in ("0x", "0o", "0b"):
            value = int(text, 0)
        elif text.isdecimal() and (text[0] != "0" or len(text) == 1):
            value = int(text) if len(text) < 20 else 2**63
        else:
            value = float(text)
    except ValueError:
        return written[:100]
    if isinstance(value, float) and isinf(value):
        return written[:100]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return written[:100]
    return value
