"""SHELL. Imported advisories: reading OSV files, folders and archives, and keeping them in the state folder.

Belongs here: opening what a person names, and the one file (0600) that the imported records are kept in.
Must not be here: what a record means (`advisories.osv`) and which one wins (`advisories.database`).
"""

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spawngate.advisories.database import Database, shipped, with_imported
from spawngate.advisories.osv import Malformed, read
from spawngate.agents.formats.text import decode
from spawngate.endpoint import files
from spawngate.model.errors import StateError, UsageError
from spawngate.model.observed import Diagnostic

FILE = "advisories.jsonl"
MAX_ARCHIVE = 512 << 20
MAX_RECORD = 4 << 20
"""Bytes of one member of an archive."""
MAX_DOCUMENT = 64 << 20
MAX_FILES = 300_000
MAX_RECORDS = 300_000
"""Records that are kept; the whole export of npm is below it."""
_KEPT = frozenset(
    [
        "schema_version",
        "id",
        "modified",
        "published",
        "withdrawn",
        "aliases",
        "summary",
        "details",
        "affected",
        "severity",
        "references",
        "database_specific",
    ]
)
MAX_DETAILS = 500
MAX_REFERENCES = 10

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    added: int
    updated: int
    unchanged: int
    """Records that were there already, in the same or a newer state."""
    diagnostics: tuple[Diagnostic, ...]


def load(folder: Path) -> tuple[Database, tuple[Diagnostic, ...]]:
    """The advisories in the wheel joined with those imported into the state folder; a damaged record is left out."""
    records, diagnostics = _stored(folder / FILE)
    return (with_imported(records.values()) if records else shipped()), tuple(diagnostics)


def import_path(folder: Path, path: str) -> Imported:
    """Imports an OSV file (one record, a list, or an object with a list `vulns`), a folder of them, or a ZIP archive.

    Good records are kept beside bad ones, which become diagnostics. Raises UsageError when nothing is there, and
    StateError when the result cannot be written.
    """
    if not os.path.exists(path):
        raise UsageError(f"{path}: no such file or folder; name an OSV file, a folder of them or a ZIP archive")
    known, diagnostics = _stored(folder / FILE)
    added = updated = unchanged = 0
    for where, value in _documents(path, diagnostics):
        for place, record in _records(where, value):
            try:
                read(record)
            except Malformed as error:
                diagnostics.append(Diagnostic(place, "malformed", f"{error}; the record was left out"))
                continue
            identifier = str(record["id"])
            old = known.get(identifier)
            if old is not None and str(old["modified"]) >= str(record["modified"]):
                unchanged += 1
                continue
            if old is None and len(known) >= MAX_RECORDS:
                diagnostics.append(
                    Diagnostic(place, "budget", f"more than {MAX_RECORDS} records; the rest was left out")
                )
                break
            known[identifier] = _trimmed(record)
            added, updated = added + (old is None), updated + (old is not None)
    if added or updated:
        _write(folder / FILE, known)
    return Imported(added, updated, unchanged, tuple(diagnostics))


def _trimmed(record: Record) -> Record:
    """Only what is used: the whole text of a large export would be read at every run."""
    kept = {key: value for key, value in record.items() if key in _KEPT}
    if isinstance(kept.get("details"), str):
        kept["details"] = kept["details"][:MAX_DETAILS]
    if kept.get("summary"):
        kept.pop("details", None)
    if isinstance(kept.get("references"), list):
        kept["references"] = kept["references"][:MAX_REFERENCES]
    return kept


def _records(where: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("vulns"), list):
        value = value["vulns"]
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield f"{where}[{index}]", item
    else:
        yield where, value


def _documents(path: str, diagnostics: list[Diagnostic]) -> Iterator[tuple[str, Any]]:
    if os.path.isdir(path):
        count = 0
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".json", ".zip")):
                    count += 1
                    if count > MAX_FILES:
                        diagnostics.append(
                            Diagnostic(path, "budget", f"more than {MAX_FILES} files; the rest was left out")
                        )
                        return
                    yield from _file(os.path.join(folder, name), diagnostics)
    else:
        yield from _file(path, diagnostics)


def _file(path: str, diagnostics: list[Diagnostic]) -> Iterator[tuple[str, Any]]:
    archive = path.endswith(".zip")
    try:
        data = files.read(path, MAX_ARCHIVE if archive else MAX_DOCUMENT)
    except files.Unreadable as error:
        diagnostics.append(Diagnostic(path, error.reason, error.message))
        return
    if archive or data.startswith(b"PK\x03\x04"):
        yield from _members(path, data, diagnostics)
    else:
        yield from _document(path, data, diagnostics)


def _members(path: str, data: bytes, diagnostics: list[Diagnostic]) -> Iterator[tuple[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for count, member in enumerate(archive.infolist()):
                if count >= MAX_FILES:
                    diagnostics.append(
                        Diagnostic(path, "budget", f"more than {MAX_FILES} members; the rest was left out")
                    )
                    return
                if not member.filename.endswith(".json"):
                    continue
                place = f"{path}!{member.filename}"
                with archive.open(member) as file:  # bounded by what is read, not by what the header claims
                    content = file.read(MAX_RECORD + 1)
                if len(content) > MAX_RECORD:
                    diagnostics.append(Diagnostic(place, "oversized", f"has more than {MAX_RECORD} bytes"))
                    continue
                yield from _document(place, content, diagnostics)
    except Exception as error:  # noqa: BLE001 - zipfile raises what its parts raise, on foreign bytes
        diagnostics.append(Diagnostic(path, "malformed", f"is not a readable archive ({type(error).__name__})"))


def _document(path: str, data: bytes, diagnostics: list[Diagnostic]) -> Iterator[tuple[str, Any]]:
    try:
        value = json.loads(decode(data)[0])
    except (ValueError, RecursionError):
        diagnostics.append(Diagnostic(path, "malformed", "is not JSON"))
        return
    yield path, value


def _stored(path: Path) -> tuple[dict[str, Record], list[Diagnostic]]:
    records: dict[str, Record] = {}
    damaged = 0
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}, []
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror}); restore it or remove it") from None
    for line in data.splitlines():
        try:
            record = json.loads(line)
            records[record["id"]] = record
            damaged += not isinstance(record["modified"], str)
        except (ValueError, KeyError, TypeError, RecursionError):
            damaged += 1
    if not damaged:
        return records, []
    return records, [Diagnostic(str(path), "malformed", f"{damaged} records are damaged; import them again")]


def _write(path: Path, records: Mapping[str, Record]) -> None:
    """The new file takes the old one's place whole, so that a crash leaves the one or the other."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mkstemp makes it 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            for identifier in sorted(records):
                file.write(json.dumps(records[identifier], separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise StateError(f"cannot write {path} ({error.strerror})") from None
