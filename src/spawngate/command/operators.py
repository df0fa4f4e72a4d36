"""What the operators of `${name...}` do to a known text.

Belongs here: removal, replacement, substrings, case. Must not be here: defaults (`:-` and its kin), which depend on
whether a variable is set (`command.expand`).
Source: Bash Reference Manual 5.2, 3.5.3.
"""

from spawngate.command.arithmetic import evaluate
from spawngate.command.patterns import Pattern, Unknown
from spawngate.command.words import ansi

MAX_PLACES = 2_000
"""Letters of a text in which a pattern is looked for everywhere."""
_MAGIC = frozenset("*?[\\(")


def transform(operator: str, text: str, argument: str, second: str | None) -> str:
    """`text` after `${name<operator><argument>...}`; `argument` is a pattern. Raises Unknown."""
    if operator[0] in "#%":
        return _remove(operator, text, argument)
    if operator[0] == "/":
        return _replace(operator, text, argument, second or "")
    if operator[0] in "^,":
        return _case(operator, text, argument)
    if operator == ":":
        return substring(text, argument, second)
    if operator == "@":
        return _at(argument, text)
    raise Unknown


def substring(text: str, offset: str, length: str | None) -> str:
    """`${name:offset:length}`. Raises Unknown."""
    start = evaluate(offset or "0")
    count = None if length is None else evaluate(length or "0")
    if start is None or (length is not None and count is None):
        raise Unknown
    if start < 0:
        start += len(text)
        if start < 0:
            return ""
    if count is None:
        return text[start:]
    return text[start : len(text) + count] if count < 0 else text[start : start + count]


def _remove(operator: str, text: str, pattern: str) -> str:
    front = operator[0] == "#"
    if not _MAGIC.intersection(pattern):
        return text.removeprefix(pattern) if front else text.removesuffix(pattern)
    made = Pattern(pattern)
    lengths = made.ends(text) if front else made.starts(text)
    if not lengths:
        return text
    length = lengths[-1] if len(operator) == 2 else lengths[0]
    return text[length:] if front else text[: len(text) - length]


def _replace(operator: str, text: str, pattern: str, new: str) -> str:
    if not pattern:
        return text
    made = Pattern(pattern)
    if operator == "/#":
        lengths = made.ends(text)
        return new + text[lengths[-1] :] if lengths else text
    if operator == "/%":
        lengths = made.starts(text)
        return text[: len(text) - lengths[-1]] + new if lengths else text
    if not _MAGIC.intersection(pattern):
        return text.replace(pattern, new, -1 if operator == "//" else 1)
    if len(text) > MAX_PLACES:
        raise Unknown
    result: list[str] = []
    at = 0
    while at < len(text):
        lengths = made.ends(text[at : at + 256]) if at + 256 < len(text) else made.ends(text[at:])
        if not lengths or not lengths[-1]:
            result.append(text[at])
            at += 1
            continue
        result.append(new)
        at += lengths[-1]
        if operator == "/":
            break
    return "".join(result) + text[at:]


def _case(operator: str, text: str, pattern: str) -> str:
    made = Pattern(pattern or "?")
    change = str.upper if operator[0] == "^" else str.lower
    if len(operator) == 1:
        return change(text[:1]) + text[1:] if text and made.matches(text[0]) else text
    return "".join(change(letter) if made.matches(letter) else letter for letter in text)


def _at(letter: str, text: str) -> str:
    if letter == "U":
        return text.upper()
    if letter == "L":
        return text.lower()
    if letter == "u":
        return text[:1].upper() + text[1:]
    if letter == "E":
        return ansi(text)
    if letter in ("Q", "P"):
        return text
    raise Unknown
