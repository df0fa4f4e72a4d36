"""Words that a program gets only when it runs: from find, xargs, or a pipe of objects.

Belongs here: adding what the rest of the command tells about them, as patterns. Must not be here: wrappers' grammars
(`command.unwrap`).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from spawngate.command.budget import MAX_WORDS
from spawngate.command.spawn import Program, Spawn
from spawngate.command.tools.searching import found_paths

TAKES_PIPED = frozenset({"remove-item", "ri", "clear-content"})
"""Programs of PowerShell that take what they work on from the pipe."""
_FILTERS = frozenset({"-recurse", "*.log", "*.tmp"})


_LISTERS = frozenset({"get-childitem", "gci", "ls", "dir", "get-item", "gi"})
_FINDERS = frozenset({"find", "gfind", "fd"})


MOST_LISTED = 4 * MAX_WORDS
"""Words of what was listed that all spawns together are given. Behind them a spawn is given what is piped into it; its
`$_` is opaque, as every word that is known only when it runs."""


class Completion:
    """What the spawns of one program are handed when they run. What all of them are told is looked for once."""

    def __init__(self, program: Program) -> None:
        self._spawns = program.spawns
        self._left = MOST_LISTED

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        return _listed(self._spawns)

    @cached_property
    def _finders(self) -> tuple[int, ...]:
        return tuple(at for at, spawn in enumerate(self._spawns) if spawn.program in _FINDERS)

    def _near(self, at: int) -> tuple[str, ...]:
        """What the last `find` in front of a spawn would list, which started it, or else the first one behind it."""
        before = bisect_left(self._finders, at)
        place = before - 1 if before else bisect_right(self._finders, at)
        return found_paths(self._spawns[self._finders[place]].words) if place < len(self._finders) else ()

    def words(self, at: int, words: tuple[str, ...], name: str) -> tuple[str, ...]:
        """The words of the spawn at a place with what `find` or `xargs` would add, as patterns."""
        spawn = self._spawns[at]
        if name in TAKES_PIPED or any("$_" in word for word in words):
            self._left -= len(self._listed)
            listed = self._listed if self._left >= 0 else _listed([self._spawns[one] for one in spawn.reads_from])
            return (*(word for word in words if "$_" not in word), *listed) if listed else words
        added: list[str] = []
        if "find" in spawn.wrappers or "fd" in spawn.wrappers:
            added += self._near(at)
        for source in spawn.reads_from:
            if 0 <= source < len(self._spawns):
                added += _piped(self._spawns[source])
        if not added:
            return words
        if any("{}" in word for word in words):
            return _filled(words, list(dict.fromkeys(added)))
        return (*words, *added) if spawn.appended else words


def _listed(spawns: Sequence[Spawn]) -> tuple[str, ...]:
    """What programs of PowerShell that list things list first, each."""
    found: list[str] = []
    for other in spawns:
        if other.program in _LISTERS and other.words:
            found += [word for word in other.words if not word.startswith("-") and word.lower() not in _FILTERS][:1]
    return tuple(found)


def _filled(words: tuple[str, ...], added: list[str]) -> tuple[str, ...]:
    """The words with every path in the place of `{}`. What is beyond MAX_WORDS stays as it is written."""
    found: list[str] = []
    seen: set[str] = set()
    for word in words:
        if "{}" not in word or len(found) + len(added) > MAX_WORDS:
            found.append(word)
        elif word not in seen:
            seen.add(word)
            found += [word.replace("{}", path) for path in added]
    return tuple(found)


def _piped(other: Spawn) -> list[str]:
    """What a program that reads words is given by one that writes them."""
    if other.program in ("find", "gfind"):
        return list(found_paths(other.words))
    if other.program in ("echo", "printf"):
        texts = other.words[1:] if other.program == "printf" and "%" in "".join(other.words[:1]) else other.words
        return [word for text in texts for word in re.sub(r"\\[n0t]", " ", text).split()]
    if other.program == "ls":
        return [f"{word.rstrip('/')}/*" for word in other.words if not word.startswith("-")] or ["./*"]
    return []
