"""YAML text as values that remember their lines.

Belongs here: the reading of one document into mappings, lists and scalars with their places, and `ModelError`. Aliases,
anchors, tags, other keys than texts and keys given twice are refused: a file of models needs none of them, and a small
text with aliases can stand for a huge one.
Must not be here: what the keys mean (`load`).
"""

import re
from dataclasses import dataclass
from typing import NoReturn

import yaml

from spawngate.model.errors import UsageError

MAX_SIZE = 2_000_000
"""Characters of a file of models."""
MAX_DEPTH = 40
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EXAMPLES = re.compile(r"^---[ \t]*$", re.MULTILINE)


class ModelError(UsageError):
    """A file of models cannot be used. The message names the file, the line and what to do."""

    def __init__(self, path: str, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Value:
    """A value and its line, from 1."""

    data: dict[str, "Value"] | list["Value"] | str | int | float | bool | None
    line: int

    def plain(self) -> object:
        """The value without lines."""
        if isinstance(self.data, dict):
            return {key: value.plain() for key, value in self.data.items()}
        if isinstance(self.data, list):
            return [value.plain() for value in self.data]
        return self.data


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file."""

    path: str
    root: Value

    def fail(self, value: Value, problem: str) -> NoReturn:
        """Raises ModelError for the place of a value."""
        raise ModelError(self.path, value.line, problem)


def split_examples(text: str) -> tuple[str, str, int]:
    """The document of models, the one of examples behind a line `---`, and the line on which the second begins."""
    found = _EXAMPLES.search(text)
    if found is None:
        return text, "", 0
    return text[: found.start()], text[found.end() :], text.count("\n", 0, found.end())


def read_document(path: str, text: str) -> Document:
    """The document of models of a file. Raises ModelError."""
    return read_part(path, split_examples(text)[0], 0)


def read_part(path: str, text: str, before: int) -> Document:
    """One document; `before` lines stand above it in its file. Raises ModelError."""
    if len(text) > MAX_SIZE:
        raise ModelError(path, 1, f"has more than {MAX_SIZE} characters")
    try:
        loader = _LOADER(text)
    except yaml.YAMLError as error:
        raise ModelError(path, before + 1, f"is no YAML ({_first_line(error)})") from None
    try:
        events = _Events(path, before)
        while loader.check_event():
            events.add(loader.get_event())  # type: ignore[no-untyped-call]  # types-pyyaml leaves it untyped
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = before + 1 + (mark.line if mark is not None else 0)
        raise ModelError(path, line, f"is no YAML ({_first_line(error)})") from None
    finally:
        loader.dispose()
    if events.root is None:
        raise ModelError(path, before + 1, "is empty")
    return Document(path, events.root)


def _first_line(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    return str(problem).splitlines()[0] if str(problem) else "it cannot be read"


class _Events:
    """Builds values from YAML events without recursion."""

    def __init__(self, path: str, before: int) -> None:
        self.path = path
        self.before = before
        self.root: Value | None = None
        self.open: list[tuple[Value, str | None]] = []
        """Collections that are being filled, and the key that waits for its value."""

    def add(self, event: yaml.Event) -> None:
        line = self.before + 1 + (event.start_mark.line if event.start_mark else 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ModelError(self.path, line, "anchors and aliases are not read; write the value out")
        if isinstance(event, yaml.ScalarEvent):
            if event.tag is not None:
                raise ModelError(self.path, line, "tags are not read")
            if self._wants_key():
                self._key(event.value, line)
            else:
                self._put(Value(_scalar(event.value, not event.style), line))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if event.tag is not None:
                raise ModelError(self.path, line, "tags are not read")
            if self._wants_key():
                raise ModelError(self.path, line, "a key must be a text")
            if len(self.open) >= MAX_DEPTH:
                raise ModelError(self.path, line, f"is nested more than {MAX_DEPTH} deep")
            value = Value({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            self._put(value)
            self.open.append((value, None))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.open.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise ModelError(self.path, line, "has more than one document here")

    def _wants_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0].data, dict) and self.open[-1][1] is None

    def _key(self, key: str, line: int) -> None:
        mapping = self.open[-1][0]
        if isinstance(mapping.data, dict) and key in mapping.data:
            raise ModelError(self.path, line, f"the key {key!r} is given twice")
        self.open[-1] = (mapping, key)

    def _put(self, value: Value) -> None:
        if not self.open:
            self.root = value
            return
        holder, key = self.open[-1]
        if isinstance(holder.data, list):
            holder.data.append(value)
        elif isinstance(holder.data, dict) and key is not None:
            holder.data[key] = value
            self.open[-1] = (holder, None)


def _scalar(text: str, plain: bool) -> str | int | bool | None:
    if not plain:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    if re.fullmatch(r"-?\d{1,9}", text):
        return int(text)
    return text
