"""A mapping of a file of models, taken key by key, so that what nobody asked for is an error.

Belongs here: the plain kinds of values a key may have. Must not be here: what any key means (`parts`, `load`).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NoReturn, TypeVar

from spawngate.codescan.models.document import Document, Value

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Table:
    """A mapping of the file whose keys are taken one by one; what is left over at the end is an error."""

    def __init__(self, value: Value, document: Document) -> None:
        if not isinstance(value.data, dict):
            document.fail(value, "must be a mapping")
        self.value = value
        self.document = document
        self.left: dict[str, Value] = dict(value.data)

    def fail(self, key: str, problem: str) -> NoReturn:
        at = self.value.data.get(key, self.value) if isinstance(self.value.data, dict) else self.value
        self.document.fail(at, f"{key}: {problem}" if key else problem)

    def take(self, key: str) -> Value | None:
        return self.left.pop(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        found = self.take(key)
        if found is None:
            if default is None:
                self.fail("", f"the key {key!r} is missing")
            return default
        if not isinstance(found.data, str) or not found.data.strip():
            self.fail(key, "must be a text")
        return " ".join(found.data.split()) if "\n" in found.data else found.data

    def flag(self, key: str) -> bool:
        found = self.take(key)
        if found is None:
            return False
        if not isinstance(found.data, bool):
            self.fail(key, "must be true or false")
        return found.data

    def number(self, key: str) -> int | None:
        found = self.take(key)
        if found is None:
            return None
        if not isinstance(found.data, int) or isinstance(found.data, bool):
            self.fail(key, "must be a whole number")
        return found.data

    def texts(self, key: str) -> tuple[str, ...]:
        """A text, or a list of texts."""
        found = self.take(key)
        if found is None:
            return ()
        entries = found.data if isinstance(found.data, list) else [found]
        out: list[str] = []
        for entry in entries:
            if not isinstance(entry.data, str) or not entry.data:
                self.document.fail(entry, f"{key}: must be a text or a list of texts")
            out.append(entry.data)
        return tuple(out)

    def word(self, key: str, words: type[E], default: E | None = None) -> E:
        found = self.text(key, None if default is None else default.value)
        if found not in set(words):
            self.fail(key, f"is {found!r} and must be one of {', '.join(words)}")
        return words(found)

    def many(self, key: str, read: Callable[[Value], T]) -> tuple[T, ...]:
        """A list of anything; one alone needs no list."""
        found = self.take(key)
        if found is None:
            return ()
        return tuple(read(entry) for entry in (found.data if isinstance(found.data, list) else [found]))

    def parsed(self, key: str, read: Callable[[str], T]) -> tuple[T, ...]:
        """Texts that have a grammar of their own."""
        out: list[T] = []
        for text in self.texts(key):
            try:
                out.append(read(text))
            except ValueError as error:
                self.fail(key, str(error))
        return tuple(out)

    def table(self, value: Value) -> "Table":
        return Table(value, self.document)

    def done(self) -> None:
        for key, value in self.left.items():
            self.document.fail(value, f"{key!r} is no key here")
