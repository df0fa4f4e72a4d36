"""Which models can match anything in a project at all, by the words that its texts say.

Belongs here: what a program must write somewhere before a name of a library can mean anything. Most libraries that are
modelled do not occur in a project; without them fewer words are looked for, and fewer files read for them. Not here:
matching itself (`match`).

A name is only left out where nothing leads to it: a class that a call of another library returns (`types`), or another
name for it (`aliases`), counts as said where that call or name does.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from spawngate.codescan.models.model import LibraryModel, Target

_FIRST = re.compile(r"[A-Za-z_$][\w$]*")
_GIVEN = frozenset(["builtins", "string", "object", "type", "std", "java", "javax", "jakarta"])
"""First words that need not be written: of builtins, literals, preludes, and packages that Java takes for granted."""


class Said:
    """The libraries of one language, and what a project says of them."""

    def __init__(self, libraries: Iterable[LibraryModel], says: Callable[[str], bool]) -> None:
        """says: whether an identifier stands in any file."""
        self._says = says
        self._known: dict[str, bool] = {}
        self._ways: dict[str, set[str]] = {}
        """By the first word of a name, those of what leads to it."""
        for library in libraries:
            for model in library.types:
                for target in model.targets:
                    for name in (*target.names, *target.on, *target.hints):
                        self._ways.setdefault(_first(model.result), set()).add(_first(name))
                    if not (target.names or target.on):
                        self._ways.setdefault(_first(model.result), set()).add("")
            for name, meant in library.aliases.items():
                self._ways.setdefault(_first(meant), set()).add(_first(name))

    def may_match(self, target: Target) -> bool:
        """Whether the project says anything that the target could be."""
        names = target.names or (*target.on, *target.hints)
        known = self._known
        for name in names:  # no generator: thousands of targets are asked about for each of many small trees
            word = _first(name)
            if known[word] if word in known else self._is(word):
                return True
        return not names

    def _is(self, word: str) -> bool:
        todo, seen = [word], {word}
        found = False
        while todo and not found:
            here = todo.pop()
            found = not here or here in _GIVEN or self._says(here)
            todo.extend(self._ways.get(here, set()) - seen)
            seen |= self._ways.get(here, set())
        self._known[word] = found
        return found


@lru_cache(maxsize=16_384)
def _first(name: str) -> str:
    """The first identifier of a qualified name; "" where it may be anything: `*.http.HttpServletRequest`."""
    name = name.removeprefix("node:").removeprefix("bun:")
    found = _FIRST.search(name)
    return "" if found is None or "*" in name[: found.end() + 1] else found.group()
