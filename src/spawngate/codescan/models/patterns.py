"""Regular expressions that a model may hold: models of a scanned project are read as well, so none may take for ever.

Belongs here: the check. A pattern is short, repeats no group without bound, and has few unbounded repetitions; then its
time grows at most with the fourth power of a text that `MAX_TEXT` bounds.
"""

import re

MAX_PATTERN = 400
"""Characters of a pattern."""
MAX_REPEATS = 4
"""Unbounded repetitions in a pattern."""
MAX_TEXT = 200
"""Characters of a text that patterns are tried on."""
_ESCAPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}|\{\d*,?\d{3,}\}")
_BACK = re.compile(r"\(\?P=|\\[1-9]")


def check_pattern(text: str) -> None:
    """Raises ValueError that says why a pattern is not taken."""
    if len(text) > MAX_PATTERN:
        raise ValueError(f"the pattern has more than {MAX_PATTERN} characters")
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{text!r} is no regular expression ({error})") from None
    if _BACK.search(text):
        raise ValueError(f"{text!r} refers back to a group, which can take for ever")
    plain = _ESCAPED.sub("x", text)
    if _REPEATED_GROUP.search(plain):
        raise ValueError(f"{text!r} repeats a group, which can take for ever; spell it out or use ?")
    if len(_UNBOUNDED.findall(plain)) > MAX_REPEATS:
        raise ValueError(f"{text!r} has more than {MAX_REPEATS} unbounded repetitions")


def found(pattern: str, text: str) -> bool:
    """Whether a pattern is found in the beginning of a text."""
    return re.search(pattern, text[:MAX_TEXT]) is not None
