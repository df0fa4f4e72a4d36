"""A document: one file's bytes with everything a reader may know about where it came from.

Belongs here: the value that `endpoint` hands to a reader, the notes a reader leaves, and `parse`, which
runs a reader and catches what it should not have raised.
Must not be here: opening files, and the shapes of particular agents (`agents.readers`, `agents.<name>`).
"""

import plistlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from spawngate.agents.formats import Format, Problem, writable
from spawngate.agents.formats.frontmatter import parse_frontmatter
from spawngate.agents.formats.jsonlarge import LARGE, Path, keep_json
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.text import decode
from spawngate.agents.formats.toml import parse_toml
from spawngate.agents.formats.yamltext import parse_yaml
from spawngate.launch.launcher import seen_through
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic, Observed, ObservedSetting

Platform = Literal["linux", "macos", "windows"]
Sighting = Observed | ObservedSetting


@dataclass(frozen=True, slots=True)
class Sibling:
    """A file beside or below the document (a skill's scripts, a plugin's parts)."""

    path: str
    """Relative to the document's folder, with forward slashes."""
    size: int
    executable: bool
    digest: str
    """SHA-256; empty where the file was too large or unreadable."""


@dataclass(slots=True)
class Document:
    """One file, ready to be read. Readers take from it and leave notes in it; nothing else."""

    path: str
    agent: str
    scope: Scope
    format: Format
    data: bytes = b""
    """The file's bytes; for a very large file a map of it, which serves as bytes for all that is done here."""
    digest: str = ""
    """SHA-256 of the whole file."""
    home: str | None = None
    project: str | None = None
    platform: Platform = "linux"
    product: str = ""
    """Id of the VS Code family product or the browser whose folder it lies in."""
    keep: tuple[Path, ...] = ()
    siblings: tuple[Sibling, ...] = ()
    members: Mapping[str, bytes] = field(default_factory=dict)
    """Rows of a database or members of an archive, by key."""
    notes: list[Diagnostic] = field(default_factory=list)
    body: str = ""
    """After `value()` of a FRONTMATTER document: the text below the block."""
    launchers: frozenset[str] = frozenset()
    """Files that are our launcher on this machine; one in the usual place is known by that."""
    parsed: "ParsedValues | None" = None
    """Values of files that several agents read, for one scan; a file is parsed once."""
    _value: Json = None
    _read: bool = False

    def note(self, reason: str, message: str) -> None:
        """Leave a diagnostic. The message names keys and positions and no value."""
        self.notes.append(Diagnostic(self.path, reason, message, self.agent))

    def text(self) -> str:
        """The file as text; an odd encoding leaves a note."""
        text, problems = decode(bytes(self.data))
        self._report(problems)
        return text

    def value(self) -> Json:
        """The file parsed by its format, once; every problem leaves a note."""
        if not self._read:
            self._value, self._read = self._shared(), True
        return self._value

    def _shared(self) -> Json:
        key = self.path, self.format, self.keep
        if self.parsed is not None and key in self.parsed:
            value, self.body, notes = self.parsed[key]
            self.notes.extend(notes)
            return value
        before = len(self.notes)
        value = self._parse()
        if self.parsed is not None:
            self.parsed[key] = value, self.body, tuple(self.notes[before:])
        return value

    def map(self) -> Mapping[str, Json]:
        """The value where it is a map; otherwise empty, with a note unless the file holds nothing."""
        value = self.value()
        if isinstance(value, Mapping):
            return value
        if value is not None:
            self.note("wrong-type", "the document is not a map")
        elif self.data.strip() and not self.notes:
            self.note("wrong-type", "the document is null where a map was meant")
        return {}

    def _parse(self) -> Json:
        match self.format:
            case Format.JSON | Format.JSONC | Format.JSON5:
                return self._json()
            case Format.TOML:
                value, problems = parse_toml(self.text())
            case Format.YAML:
                value, problems = parse_yaml(self.text())
            case Format.FRONTMATTER:
                value, self.body, problems = parse_frontmatter(self.text())
            case Format.PLIST:
                return self._plist()
            case Format.SQLITE | Format.ZIP:
                return {key: decode(member)[0] for key, member in self.members.items()}
            case Format.TEXT:
                return self.text()
            case _:
                return None
        self._report(problems)
        return value

    def _json(self) -> Json:
        if len(self.data) >= LARGE and self.keep:
            cut = keep_json(self.data, self.keep)
            if cut is not None:
                self._report(cut[1])
                return cut[0]
        if not self.data[:4096].strip() and not bytes(self.data).strip():
            return None
        value, problems = parse_json(self.text(), self.format)
        self._report(problems)
        return value

    def _plist(self) -> Json:
        try:
            value: Any = _writable(plistlib.loads(self.data))
        except Exception as error:  # noqa: BLE001 - plistlib raises whatever its parsers raise, on foreign bytes
            self.note("malformed", f"not a property list ({type(error).__name__})")
            return None
        return value if isinstance(value, dict) else None

    def _report(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.note(problem.reason, problem.message)


def _writable(value: Any) -> Any:
    """A property list with its numbers as `formats.writable` has them: its format takes hexadecimal ones too."""
    if isinstance(value, dict):
        return {key: _writable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_writable(item) for item in value]
    return writable(value) if isinstance(value, int) and not isinstance(value, bool) else value


ParsedValues = dict[tuple[str, Format, tuple[Path, ...]], tuple[Json, str, tuple[Diagnostic, ...]]]
"""By path, format and wanted keys: value, body and what was odd."""

Reader = Callable[[Document], Iterable[Sighting]]
"""Reads one document. Yields what it finds; notes what it cannot understand; raises nothing."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one document held."""

    observed: tuple[Observed, ...] = ()
    settings: tuple[ObservedSetting, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def parse(document: Document, read: Reader, *, as_written: bool = False) -> Parsed:
    """Run a reader over a document. What it yielded before a fault of its own is kept; the fault is a diagnostic.

    `as_written`: an entry behind our launcher is not looked through.
    """
    observed: list[Observed] = []
    settings: list[ObservedSetting] = []
    try:
        for sighting in read(document):
            if isinstance(sighting, Observed):
                observed.append(sighting if as_written else _seen_through(sighting, document.launchers))
            else:
                settings.append(sighting)
    except Exception as error:  # noqa: BLE001 - a bug in a reader costs this file's rest, never the scan
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        line = f" at {where.tb_frame.f_code.co_name}:{where.tb_lineno}" if where else ""
        document.note("internal", f"reader failed with {type(error).__name__}{line}; please report it")
    return Parsed(tuple(observed), tuple(settings), tuple(document.notes))


def _seen_through(observed: Observed, launchers: frozenset[str]) -> Observed:
    """What an entry that stands behind our launcher starts: protecting it changes nothing in what it is."""
    launch = observed.launch
    if launch is None or launch.command is None:
        return observed
    command, args, entry = seen_through(launch.command, launch.args, launchers)
    return replace(observed, launch=replace(launch, command=command, args=args)) if entry else observed
