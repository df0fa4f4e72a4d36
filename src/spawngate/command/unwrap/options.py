"""Options as programs read them with getopt(3): which words are options, which their values, and what follows.

A `Syntax` is written as the program's own source writes it: the getopt string, and the long options with their
one-letter twin. Words stay `Word`s, so that a value knows whether a part of it is unknown. Unlike `launch.argv`, which
gives up at an unknown option, this reader goes on and says what it did not know: a spawn must not hide behind one.
Must not be here: any program's options.
Sources: POSIX.1-2024 XBD 12.2; getopt(3) and getopt_long(3) of glibc (letters written together, values glued on,
unambiguous beginnings of long options, `::` and `[=]` for values that can only be glued on, `+` for options that end
at the first operand); package flag of Go (one dash or two, a value after `=` or as the next word).
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from spawngate.command.spawn import Word

NOTHING = Word("")
"""The value of an option that has none."""


def cut(word: Word, start: int) -> Word:
    """What is left of a word from the character `start` on."""
    return Word(word.text[start:], word.opaque, word.glob, word.spawns) if start else word


class Syntax:
    """Which options a program knows.

    `short` is a getopt string: a letter, then `:` where it takes a value, `::` where the value can only be glued on.
    `long` holds words `name`, `name=` (takes a value), `name?` (only after `=`), each with `/key` behind it where it is
    the same as another option. Options are told by their key: the letter, or the long name without dashes.
    """

    __slots__ = ("digits", "fuzzy", "letters", "names", "permutes", "plus", "single")

    def __init__(
        self,
        short: str = "",
        long: str = "",
        *,
        permutes: bool = False,
        single: bool = False,
        plus: bool = False,
        digits: bool = False,
        fuzzy: bool = True,
    ) -> None:
        self.permutes = permutes
        """Options may stand behind operands too."""
        self.single = single
        """Long options may begin with one dash (getopt_long_only, Go)."""
        self.plus = plus
        """`+x` is an option too."""
        self.digits = digits
        """`-5` and `--5` are options, told by the key `0`."""
        self.fuzzy = fuzzy
        """An unambiguous beginning of a long option is enough."""
        self.letters: dict[str, int] = {}
        at = 0
        while at < len(short):
            letter = short[at]
            at += 1
            colons = 0
            while at < len(short) and short[at] == ":":
                colons, at = colons + 1, at + 1
            self.letters[letter] = colons
        self.names: dict[str, tuple[int, str]] = {}
        for item in long.split():
            name, _, key = item.partition("/")
            arity = 1 if name.endswith("=") else 2 if name.endswith("?") else 0
            name = name.rstrip("=?")
            self.names[name] = (arity, key or name)

    def named(self, name: str) -> tuple[int, str] | None:
        """Arity (0 flag, 1 value, 2 value only after `=`) and key of a long option; None where there is none."""
        exact = self.names.get(name)
        if exact is not None or not self.fuzzy or not name:
            return exact
        found = {what for full, what in self.names.items() if full.startswith(name)}
        return found.pop() if len(found) == 1 else None


class Options(Struct, frozen=True):
    """What was read of a program's arguments."""

    found: tuple[tuple[str, Word], ...]
    """Key and value in order; `NOTHING` for a flag."""
    rest: tuple[Word, ...]
    """The operands; without permutation everything from the first of them on."""
    unknown: tuple[str, ...] = ()
    """Options that the syntax does not have. They are taken for flags."""
    dashed: bool = False
    """A `--` stood in front of what was not read."""

    def has(self, *keys: str) -> bool:
        """Whether any of these options is there."""
        return any(key in keys for key, _ in self.found)

    def values(self, *keys: str) -> tuple[Word, ...]:
        """Values given to any of these options, in order."""
        return tuple(value for key, value in self.found if key in keys)

    def last(self, *keys: str) -> Word | None:
        """The last value of any of these options."""
        found = self.values(*keys)
        return found[-1] if found else None

    def text(self, *keys: str) -> str:
        """The text of the last value; empty where there is none."""
        found = self.last(*keys)
        return found.text if found is not None else ""


def read(words: Sequence[Word], syntax: Syntax) -> Options:
    """The options of `words`, which hold no program name. Total: an option without its value has `NOTHING`."""
    found: list[tuple[str, Word]] = []
    rest: list[Word] = []
    unknown: list[str] = []
    dashed = False
    at, length = 0, len(words)
    while at < length:
        word = words[at]
        text = word.text
        if text == "--":
            rest.extend(words[at + 1 :])
            dashed = True
            break
        if len(text) < 2 or not (text[0] == "-" or (syntax.plus and text[0] == "+")):
            if syntax.permutes:
                rest.append(word)
                at += 1
                continue
            rest.extend(words[at:])
            break
        at += 1
        if syntax.digits and re.match(r"--?\d", text):
            found.append(("0", cut(word, 1)))
            continue
        if text.startswith("--") or (syntax.single and text[0] == "-"):
            dashes = 2 if text.startswith("--") else 1
            name, equals, _ = text[dashes:].partition("=")
            what = syntax.named(name)
            if what is not None:
                arity, key = what
                value = NOTHING
                if equals:
                    value = cut(word, dashes + len(name) + 1)
                elif arity == 1 and at < length:
                    value, at = words[at], at + 1
                found.append((key, value))
                continue
            if dashes == 2 or not syntax.letters:
                unknown.append(text[: dashes + len(name)])
                continue
        at = _letters(word, words, at, syntax, found, unknown)
    return Options(tuple(found), tuple(rest), tuple(unknown), dashed)


def _letters(
    word: Word, words: Sequence[Word], at: int, syntax: Syntax, found: list[tuple[str, Word]], unknown: list[str]
) -> int:
    """Letters that are written together; the place behind the value of the last of them."""
    text = word.text
    for place in range(1, len(text)):
        letter = text[place]
        arity = syntax.letters.get(letter)
        if arity is None:
            # What follows may be its value or further letters: nothing to build on.
            unknown.append(f"-{letter}")
            return at
        if arity == 0:
            found.append((letter if text[0] == "-" else f"+{letter}", NOTHING))
            continue
        if place + 1 < len(text):
            found.append((letter, cut(word, place + 1)))
        elif arity == 1 and at < len(words):
            found.append((letter, words[at]))
            at += 1
        else:
            found.append((letter, NOTHING))
        return at
    return at
