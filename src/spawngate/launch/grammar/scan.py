"""Reading options even where a grammar does not know them all.

`argv.parse_options` gives up at an unknown option, which is right for naming a package. Dangers must not hide behind
one, so this reader goes on and says what it did not know.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.launch.argv import Grammar


@dataclass(frozen=True, slots=True)
class Scanned:
    """Options in order, the words behind them, and the options that were not known."""

    options: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    def values(self, *names: str) -> tuple[str, ...]:
        """Values given to any of these options, in order."""
        return tuple(value for name, value in self.options if name in names)

    def has(self, *names: str) -> bool:
        """Whether any of these options is there."""
        return any(name in names for name, _ in self.options)

    def last(self, *names: str) -> str:
        """The last value of any of these options; empty where there is none."""
        found = self.values(*names)
        return found[-1] if found else ""


def scan(words: Sequence[str], grammar: Grammar, *, unknown_takes_value: bool = False) -> Scanned:
    """Options up to the first positional word or `--`. An unknown option is a flag, or takes the next word where
    `unknown_takes_value` says so and that word is no option."""
    found: list[tuple[str, str]] = []
    unknown: list[str] = []
    at, length = 0, len(words)
    while at < length:
        word = words[at]
        if word == "--":
            at += 1
            break
        if not word.startswith("-") or word == "-":
            break
        at += 1
        name, equals, value = word.partition("=")
        if name in grammar.values:
            if not equals and at < length:
                value, at = words[at], at + 1
            found.append((name, value))
            continue
        if name in grammar.flags or (grammar.prefixes and name.startswith(grammar.prefixes)):
            found.append((name, value))
            continue
        if not word.startswith("--") and (cluster := _cluster(word, words, at, grammar)) is not None:
            options, at = cluster
            found.extend(options)
            continue
        unknown.append(name)
        found.append((name, value))
        if unknown_takes_value and not equals and at < length and not words[at].startswith("-"):
            at += 1
    return Scanned(tuple(found), tuple(words[at:]), tuple(unknown))


def _cluster(word: str, words: Sequence[str], at: int, grammar: Grammar) -> tuple[list[tuple[str, str]], int] | None:
    found: list[tuple[str, str]] = []
    for place, letter in enumerate(word[1:], start=1):
        name = f"-{letter}"
        if name in grammar.flags:
            found.append((name, ""))
            continue
        if name not in grammar.values:
            return None
        value = word[place + 1 :].removeprefix("=")
        if not value and at < len(words):
            value, at = words[at], at + 1
        found.append((name, value))
        break
    return found, at


def off(value: str) -> bool:
    """Whether the value of a Boolean option switches it off (`--privileged=false`)."""
    return value.strip().lower() in ("false", "0", "f", "no", "n", "off")


def is_url(word: str) -> bool:
    """Whether a word is an http address."""
    return re.match(r"https?://", word, re.IGNORECASE) is not None


def is_local(specifier: str) -> bool:
    """Whether a package specifier names a local folder or archive."""
    if specifier.startswith(("./", "../", "/", "~", "file:", "link:", ".\\", "..\\", "\\")) or specifier in (".", ".."):
        return True
    if re.match(r"[A-Za-z]:[\\/]", specifier):
        return True
    return "://" not in specifier and "@" not in specifier and specifier.endswith((".tgz", ".tar.gz", ".whl", ".zip"))
