"""What happens to the word behind a flag or a name that announces a value, and what the rooms share.

Belongs here: treatments of one coming word, and `Pass`, through which the rooms for flags, assignments and single
arguments call each other.
Must not be here: deciding which word is announced (`lines`, `flags`, `assignments`).
"""

import re
from collections.abc import Callable
from typing import Protocol

from spawngate.redact import fields
from spawngate.redact.documents import Treatments
from spawngate.redact.marks import Marker
from spawngate.redact.urls import keep

Treat = Callable[[str], str]
"""A word in, the same word safe out."""


_MEANT = re.compile(r"[^\s()\[\]{}<>,;:=\"'`]")
"""A word of brackets and separators only ends what came before; it is no value."""


class Pass(Treatments, Protocol):
    """One pass over one value: what every room can ask for."""

    def argument(self, value: str, place: str, prose: bool = False, parent: str = "") -> str:
        """A value for which no flag speaks. `parent` is the flag or key before it."""
        ...

    def single(self, value: str, place: str) -> str:
        """A value without blanks that is no document and no address."""
        ...

    def phrase(self, value: str, place: str, prose: bool) -> str:
        """A value with blanks, one level deeper: a command inside an argument, or prose."""
        ...


class Hide:
    """Hides the next word."""

    def __init__(self, marker: Marker, type_: str, place: str, scheme: bool = False) -> None:
        self._marker = marker
        self._type = type_
        self.place = place
        self.scheme = scheme

    def __call__(self, word: str) -> str:
        if not _MEANT.search(word) or any(
            keep(word[: len(word) - cut].strip("\"'`")) for cut in range(min(5, len(word)))
        ):
            return word
        if self._type == "basic-auth":
            return self._marker.hide_basic(word, self.place)
        default = fields.defaults(self._marker, word, self.place, self._type)
        if default is not None:
            return default
        if self.scheme and " " in word.strip():
            return fields.header_value(self._marker, "Authorization", word, lambda _marker, value, _place: value)
        return self._marker.hide(word, self._type, self.place)


class Env:
    """Treats the next word as the value of a variable."""

    def __init__(self, line: Pass, name: str) -> None:
        self._line = line
        self._name = name

    def __call__(self, word: str) -> str:
        return self._line.env(self._name, word)


class Cookie:
    """Treats words as cookies."""

    def __init__(self, marker: Marker, place: str) -> None:
        self._marker = marker
        self._place = place

    def __call__(self, word: str) -> str:
        return fields.cookies(self._marker, word, self._place)
