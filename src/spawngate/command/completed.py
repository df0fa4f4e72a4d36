"""Words that a program gets only when it runs: from find, xargs, or a pipe of objects.

Belongs here: adding what the rest of the command tells about them, as patterns. Must not be here: wrappers' grammars
(`command.unwrap`).
"""

import re

from spawngate.command.spawn import Program
from spawngate.command.tools.searching import found_paths

TAKES_PIPED = frozenset({"remove-item", "ri", "clear-content"})
"""Programs of PowerShell that take what they work on from the pipe."""
_FILTERS = frozenset({"-recurse", "*.log", "*.tmp"})


def completed(program: Program, at: int, words: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The words with what `find` or `xargs` would add, as patterns."""
    spawn = program.spawns[at]
    added: list[str] = []
    if name in TAKES_PIPED or any("$_" in word for word in words):
        for other in program.spawns:
            if other.program in ("get-childitem", "gci", "ls", "dir", "get-item", "gi") and other.words:
                added += [word for word in other.words if not word.startswith("-") and word.lower() not in _FILTERS][:1]
        if added:
            kept = tuple(word for word in words if "$_" not in word)
            return (*kept, *added)
        return words
    if "find" in spawn.wrappers or "fd" in spawn.wrappers:
        near = [
            other
            for other in (*program.spawns[at + 1 :], *reversed(program.spawns[:at]))
            if other.program in ("find", "gfind", "fd")
        ]
        added += found_paths(near[0].words) if near else []
    for source in spawn.reads_from:
        if not 0 <= source < len(program.spawns):
            continue
        other = program.spawns[source]
        if other.program in ("find", "gfind"):
            added += found_paths(other.words)
        elif other.program in ("echo", "printf"):
            texts = other.words[1:] if other.program == "printf" and "%" in "".join(other.words[:1]) else other.words
            added += [word for text in texts for word in re.sub(r"\\[n0t]", " ", text).split()]
        elif other.program in ("ls",):
            added += [f"{word.rstrip('/')}/*" for word in other.words if not word.startswith("-")] or ["./*"]
    if not added:
        return words
    if any("{}" in word for word in words):
        return tuple(word.replace("{}", path) for word in words for path in (added if "{}" in word else [""]))
    return (*words, *added) if spawn.appended else words
