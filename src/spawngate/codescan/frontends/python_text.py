"""Values of Python's literals.

Belongs here: text of a literal to its value (The Python Language Reference, 2.4 and 2.7). Not here: nodes.
"""

from __future__ import annotations

import ast
import re

_PLAIN = re.compile(r"""(\"{3}|'{3}|"|')((?:(?!\1)[^\\])*)\1""")
"""A literal without a prefix and without an escape."""


def string_value(written: str) -> str:
    """Value of a string literal; its text without quotes where Python cannot read it."""
    plain = _PLAIN.fullmatch(written)
    if plain is not None:
        # Nearly every text is one; to have Python read them all is a tenth of the cost of lowering.
        return plain[2].replace("\r\n", "\n")
    try:
        value = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return written.strip("rbuRBUfF").strip("\"'")
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else written


def number_value(written: str) -> int | float | str:
    """Value of a number; its first 100 characters where it is none that the engine reckons with."""
    if written.isdecimal() and len(written) < 19 and (written[0] != "0" or written == "0"):
        return int(written)
    try:
        value = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    if not isinstance(value, int | float) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
        return written[:100]
    return value
