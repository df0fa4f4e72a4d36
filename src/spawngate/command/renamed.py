"""Programs that run under another name: a copy, link or table entry that the same command made.

Belongs here: which spawn is really which program. Must not be here: what programs do.
"""

import re

from spawngate.command.spawn import Program, Spawn
from spawngate.launch.argv import program as base_name
from spawngate.launch.argv import word_set

_COPIES = word_set("cp ln install mv cat gcp ditto")
_NAMERS = word_set("command which type whereis")
_FOLDER = re.compile(r"(?:/usr)?(?:/local)?/s?bin/|/opt/homebrew/bin/|[A-Za-z]:[\\\\/]windows[\\\\/]", re.IGNORECASE)


def renamed(program: Program) -> dict[int, str]:
    """By place of a spawn: the program that it really is, where the command itself made it bear another name."""
    names: dict[str, str] = {}
    found: dict[int, str] = {}
    for at, spawn in enumerate(program.spawns):
        if not spawn.argv:
            continue
        first = _plain(spawn.argv[0].text)
        if first in names:
            found[at] = names[first]
        if spawn.program in _COPIES:
            source, target = _copied(program, spawn)
            name = base_name(source) if source else ""
            if name and target and base_name(target) != name:
                names[_plain(target)] = name
        elif spawn.program in ("set-alias", "new-alias", "sal", "nal"):
            given = [word for word in spawn.words if not word.startswith("-")]
            if len(given) > 1:
                names[_plain(given[0])] = base_name(given[1])
        elif spawn.program == "hash" and spawn.words[:1] == ("-p",) and len(spawn.words) > 2:
            names[_plain(spawn.words[2])] = base_name(spawn.words[1])
    return found


def _copied(program: Program, spawn: Spawn) -> tuple[str, str]:
    words = [word for word in spawn.argv[1:] if not word.text.startswith("-")]
    target = (
        words[-1].text
        if len(words) > 1
        else next((each.target.text for each in spawn.redirects if each.operator in (">", ">|")), "")
    )
    if not words:
        return "", ""
    source = words[0]
    if _FOLDER.match(source.text):
        return source.text, target
    for at in source.spawns:
        if 0 <= at < len(program.spawns) and program.spawns[at].program in _NAMERS:
            named = [word for word in program.spawns[at].words if not word.startswith("-")]
            return (named[-1] if named else ""), target
    return "", target


def _plain(path: str) -> str:
    return path.removeprefix("./")
