"""A short, complete spelling of what `unwrap` says, so that tables of tests can hold whole values.

`PROGRAM`, or `PROGRAM+` where it stays, then one text for each inner: its words (`~` before an opaque one), `$ TEXT`
(`cmd$ TEXT` in another dialect), `LANGUAGE> CODE`, `< LANGUAGE` where it reads input, or `?`; behind ` | ` every field
that is not at its default.
"""

import shlex

from msgspec.structs import fields

from spawngate.command.spawn import Word
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.table import unwrap

_BODY = ("words", "text", "dialect", "code", "language", "reads_input")


def words_of(line: str) -> tuple[Word, ...]:
    """The words of a line of tests; a word that begins with `$` or a backtick is opaque, as a parser would say."""
    return tuple(Word(text, opaque=text[:1] in ("$", "`")) for text in shlex.split(line))


def _words(words: tuple[Word, ...]) -> str:
    return " ".join(("~" if word.opaque else "") + shlex.quote(word.text) for word in words)


def show_inner(inner: Inner) -> str:
    """One inner as a text."""
    dialect = "" if inner.dialect == "posix" else inner.dialect
    if inner.words:
        body = _words(inner.words)
    elif inner.text is not None:
        body = f"{dialect}$ {inner.text}"
    elif inner.code is not None:
        body = f"{inner.language}> {inner.code}"
    elif inner.reads_input:
        body = f"< {inner.language or dialect or 'shell'}"
    else:
        body = f"{dialect}?"
    extra = []
    for field in fields(Inner):
        value = getattr(inner, field.name)
        if field.name in _BODY or value == field.default:
            continue
        if field.name == "parameters":
            text = f"({_words(value)})"
        elif field.name == "assignments":
            text = " ".join(f"{name}={word.text}" for name, word in value)
        elif value is True:
            text = field.name
        else:
            text = f"{field.name}={','.join(value) if isinstance(value, tuple) else value}"
        extra.append(text)
    return f"{body} | {' '.join(extra)}" if extra else body


def show(found: Unwrapped | None) -> list[str] | None:
    """All of an answer as texts."""
    if found is None:
        return None
    return [found.wrapper + ("+" if found.stays else ""), *(show_inner(inner) for inner in found.inners)]


def shown(line: str) -> list[str] | None:
    """What `unwrap` says of a line."""
    return show(unwrap(words_of(line)))
