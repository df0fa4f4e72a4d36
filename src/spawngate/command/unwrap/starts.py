"""What wrappers have in common: a command behind options, a line for a shell, and what is not known about either.

Belongs here: how words become `Inner`s whatever the wrapper. Must not be here: any wrapper's grammar.
"""

import re
from collections.abc import Sequence
from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.programs import PROGRAMS
from spawngate.launch.argv import is_python, program

MAX_CODE = 20_000
"""Characters of code in which programs are looked for; what is behind them is not known."""
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_EXPANSION = re.compile(r"[$`]|<\(")


def plausible(word: Word) -> bool:
    """Whether a word is the name of a program that is known."""
    if word.opaque:
        return False
    name = program(word.text)
    return name in PROGRAMS or is_python(name)


def assigned(words: Sequence[Word]) -> tuple[tuple[tuple[str, Word], ...], tuple[Word, ...]]:
    """Assignments (`NAME=value`) in front of a command, and the command."""
    found: list[tuple[str, Word]] = []
    at = 0
    for word in words:
        match = _ASSIGNMENT.match(word.text)
        if match is None:
            break
        name = word.text[: match.end() - 1].rstrip("+")
        found.append((name, Word(word.text[match.end() :], word.opaque, word.glob, word.spawns)))
        at += 1
    return tuple(found), tuple(words[at:])


def command(words: Sequence[Word], *, unknown: Sequence[str] = (), **fields: Any) -> tuple[Inner, ...]:
    """The command `words`, with `fields` of `Inner`. Where options in front of it were not known, or its first word is
    known only when it runs, the first program that is recognised behind it is a second reading."""
    words = tuple(words)
    if not words:
        return ()
    opaque = tuple(fields.pop("opaque", ()))
    if unknown:
        opaque = (*opaque, "options")
    first = words[0]
    vanishing = first.opaque and _EXPANSION.match(first.text) is not None
    inners = [Inner(words=words, opaque=opaque, **fields)]
    if (unknown and not plausible(first)) or vanishing:
        for at in range(1, len(words)):
            if plausible(words[at]):
                second = opaque if "options" in opaque else (*opaque, "options")
                inners.append(Inner(words=words[at:], opaque=second, **fields))
                break
    return tuple(inners)


def unknowable(word: Word) -> bool:
    """Whether a text that is code is known only when it runs, from its first word on."""
    text = word.text.strip()
    return word.opaque and (_EXPANSION.match(text) is not None or not re.search(r"\s", text))


def line(word: Word, **fields: Any) -> tuple[Inner, ...]:
    """A word that a shell reads as a text. Nothing for an empty one."""
    if not word.text.strip():
        return ()
    opaque = tuple(fields.pop("opaque", ()))
    if unknowable(word):
        opaque = (*opaque, "code")
    return (Inner(text=word.text, opaque=opaque, **fields),)


def joined(words: Sequence[Word], **fields: Any) -> tuple[Inner, ...]:
    """Words that are joined by blanks and read by a shell, as ssh, watch and eval do."""
    return line(together(words), **fields)


def together(words: Sequence[Word]) -> Word:
    """The words as one, with blanks between."""
    if len(words) == 1:
        return words[0]
    return Word(
        " ".join(word.text for word in words),
        any(word.opaque for word in words),
        any(word.glob for word in words),
        tuple(place for word in words for place in word.spawns),
    )


def code(word: Word, language: str, **fields: Any) -> Inner:
    """A word that an interpreter of `language` is handed."""
    opaque = tuple(fields.pop("opaque", ()))
    if unknowable(word) or len(word.text) > MAX_CODE:
        opaque = (*opaque, "code")
    return Inner(code=word.text, language=language, opaque=opaque, **fields)


def reads(language: str = "", **fields: Any) -> Inner:
    """An interpreter that runs what it reads on standard input; without a language a shell. What a data base or an
    editor reads is data in the first place: that it is not known is no fact about a spawn."""
    opaque = () if language in _DATA else ("input",)
    return Inner(language=language, reads_input=True, opaque=opaque, **fields)


_DATA = frozenset(("sqlite", "psql", "mysql", "mssql", "ftp", "sftp", "lftp", "dc", "gnuplot", "ed", "vim", "m4", "c"))


def named(word: Word, *args: Word, **fields: Any) -> Inner:
    """What a file of the project defines under a name (package script, make target): its text is elsewhere."""
    return Inner(words=(Word(word.text, opaque=True), *args), via="script", opaque=("program",), **fields)


def replaced(words: Sequence[Word], marks: Sequence[str]) -> tuple[Word, ...]:
    """Words in which `marks` (`{}`) are replaced when it runs."""
    whole = "\0".join([word.text for word in words])
    if not any(mark and mark in whole for mark in marks):
        return tuple(words)
    return tuple(
        Word(word.text, True, word.glob, word.spawns) if any(mark and mark in word.text for mark in marks) else word
        for word in words
    )


SHELL = (Word("sh"),)
"""The command of a wrapper that starts the user's shell."""
