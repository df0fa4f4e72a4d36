"""Wrappers of the plain kind: options, some operands of their own, then the command.

Belongs here: the kind. Must not be here: the wrappers (`plain_system`, `plain_tools`), and those whose command is
elsewhere than behind the options (`privilege`, `environment`, `repeat`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read

_NO_OPTIONS = Syntax()


@dataclass(frozen=True, slots=True)
class Plain:
    """One wrapper: its options and what stands between them and the command."""

    syntax: Syntax = _NO_OPTIONS
    operands: int = 0
    """Words of its own before the command."""
    first: str = ""
    """An operand in front of the options, by its pattern."""
    optional: str = ""
    """An operand that may be missing: it is one where its whole text matches."""
    assigns: bool = False
    """`NAME=value` words may stand before the command."""
    joined: bool = False
    """The words are joined and read by a shell."""
    bare: bool = False
    """Without a command it starts a shell."""
    text: str = ""
    """Keys of options whose value is a line for a shell, parted by blanks; it takes the command's place."""
    idle: str = ""
    """Keys of options with which it starts nothing."""
    user: str = ""
    """Key of the option that names the user."""
    becomes: str = ""
    """The user where none is named."""
    cwd: str = ""
    """Key of the option that names the folder."""
    sets: str = ""
    """Key of the option that sets a variable (`NAME=value`)."""
    background: bool = False
    detaches: str = ""
    """Keys of options with which the command outlives it."""
    repeated: bool = False
    stays: bool = False
    """The program itself does something worth a look too."""
    dashes: bool = False
    """The command stands behind `--` only."""
    lenient: bool = False
    """Options that the syntax does not have are flags, every value stands behind `=`."""
    also: str = ""
    """Keys of options whose value is a line for a shell that runs beside the command."""


def unwrapped(name: str, words: Sequence[Word], what: Plain) -> Unwrapped | None:
    """What a wrapper of the plain kind starts."""
    if what.first and words and re.fullmatch(what.first, words[0].text):
        words = words[1:]
    if len(words) == 1 and words[0].text in ("--help", "--version"):
        return None
    options = read(words, what.syntax)
    unknown = () if what.lenient else options.unknown
    if what.idle and options.has(*what.idle.split()):
        return None
    sets = tuple(pair for value in options.values(what.sets) if (pair := _pair(value)) is not None) if what.sets else ()
    rest = options.rest[what.operands :]
    if what.optional and rest and re.fullmatch(what.optional, rest[0].text):
        rest = rest[1:]
    if (what.operands or what.optional) and rest and rest[0].text == "--":
        rest = rest[1:]
    if what.dashes and not options.dashed:
        rest = ()
    assignments: tuple[tuple[str, Word], ...] = ()
    if what.assigns:
        assignments, rest = starts.assigned(rest)
    fields: dict[str, Any] = {
        "assignments": (*sets, *assignments),
        "user": (options.text(what.user).partition(":")[0] if what.user else "") or what.becomes,
        "cwd": options.text(what.cwd) if what.cwd else "",
        "background": what.background or (bool(what.detaches) and options.has(*what.detaches.split())),
        "repeated": what.repeated,
    }
    if name in _USERS and options.rest:
        fields["user"] = options.rest[0].text.partition(":")[0]
    beside = tuple(
        inner for value in (options.values(*what.also.split()) if what.also else ()) for inner in starts.line(value)
    )
    texts = options.values(*what.text.split()) if what.text else ()
    inners: tuple[Inner, ...]
    if texts:
        inners = tuple(inner for text in texts for inner in starts.line(text, **fields))
    elif what.joined:
        inners = tuple(inner for word in rest for inner in starts.line(word, **fields))
    elif rest:
        inners = starts.command(rest, unknown=unknown, **fields)
    elif what.bare and len(options.rest) >= what.operands:
        inners = starts.command(starts.SHELL, **fields)
    else:
        inners = ()
    if not (inners or beside):
        return None
    return Unwrapped(name, (*beside, *inners), what.stays)


_USERS = frozenset(("gosu", "su-exec", "setuidgid", "s6-setuidgid"))
"""Wrappers whose operand is the user."""


def _pair(value: Word) -> tuple[str, Word] | None:
    name, equals, _ = value.text.partition("=")
    return (name, cut(value, len(name) + 1)) if equals and name else None
