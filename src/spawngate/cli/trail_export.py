"""SHELL. `spawngate audit export` and the parts of `audit verify` that are about stores and exports.

Must not be here: reading records (`trail_source`), the forms (`report.trail_table`, `report.parquet`).
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import click
import msgspec

from spawngate.cli.trail_served import Served
from spawngate.cli.trail_source import Source, Stored
from spawngate.endpoint.trail import segment
from spawngate.model.errors import StateError, UsageError
from spawngate.report.terminal import escape
from spawngate.server.store import keys
from spawngate.server.store.port import StoreError
from spawngate.server.store.verify import Report, verify_store
from spawngate.trail import manifest
from spawngate.trail.event import Event, EventType
from spawngate.trail.manifest import Making
from spawngate.trail.note import NoteError, Verifier, read_verifier
from spawngate.trail.query import Query

GROUP = 10_000
"""Rows of one group of a Parquet file."""
FAULT = 1
"""Exit code where something is not as it was written."""


def write_export(source: Source, wanted: Query, asked: str, output: str, style: str) -> None:
    """Write an export to a new file, or to stdout. Raises UsageError."""
    if isinstance(source, Served) and style == "ndjson" and output != "-":
        try:
            _new_file(output, (line + b"\n" for line in source.exported()))
        except StateError:
            Path(output).unlink(missing_ok=True)
            raise
        _new_file(f"{output}.manifest", [source.manifest.encode()])
        return
    records = source.oldest(wanted)
    signer = None
    if isinstance(source, Stored) and style == "ndjson" and output != "-":
        try:
            signer = keys.signer_of(source.folder, make=False)
        except StoreError as error:
            click.echo(f"spawngate: no manifest: {escape(str(error))}", err=True)
    making = Making.begin()
    if style == "csv":
        pieces = _csv(records)
    elif style == "parquet":
        pieces = _parquet(records)
    else:
        pieces = _lines(records, making if signer is not None else None)
    if output == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    _new_file(output, pieces)
    if signer is not None:
        _new_file(f"{output}.manifest", [making.signed(asked, signer).encode()])


def _new_file(path: str, pieces: Iterable[bytes]) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name a file that is not there yet") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}; what is there of it is not whole") from None


Records = Iterable[tuple[Mapping[str, Any], bytes]]


def _lines(records: Records, making: Making | None) -> Iterator[bytes]:
    for _, line in records:
        if making is not None:
            making.add(line)
        yield line + b"\n"


def _csv(records: Records) -> Iterator[bytes]:
    from spawngate.report.trail_table import csv_header, csv_line

    yield csv_header()
    for record, line in records:
        yield csv_line(record, line)


def _parquet(records: Records) -> Iterator[bytes]:
    from spawngate.report.parquet import Writer
    from spawngate.report.trail_table import COLUMNS, row

    writer = Writer(COLUMNS)
    yield writer.begin()
    rest = iter(records)
    while rows := [row(record, line) for record, line in islice(rest, GROUP)]:
        yield writer.rows(rows)
    yield writer.end()


def verify_export(file: Path, beside: Path, key: str | None, style: str) -> int:
    """Check an export against its manifest, print what is not right, and give the exit code."""
    if key is None:
        raise UsageError("a manifest is checked with --key: the public key of the store that wrote it (its key.pub)")
    try:
        text = beside.read_text("utf-8")
        found = manifest.check(text, (line for _, line in segment.forward(file, partial=True)), [_verifier(key)])
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read with {beside} ({error})") from None
    except NoteError as error:
        return _told(style, [{"kind": "altered", "file": beside.name, "message": f"the manifest: {error}"}], {})
    return _told(style, [{"file": file.name, **msgspec.to_builtins(each)} for each in found], {})


def verify_a_store(folder: Path, key: str | None, checkpoints: Sequence[str], style: str, address: str = "") -> int:
    """Check a store, print what is not right, and give the exit code. `address`: of one that servers share; then the
    folder has its key."""
    try:
        noted = [note for path in checkpoints for note in _notes(Path(path).read_text("utf-8"))]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"a checkpoint cannot be read ({error})") from None
    verifier = None if key is None else _verifier(key)
    if address:
        from spawngate.server.store.open import verify_address

        report = verify_address(address, folder, os.environ, verifier, noted)
    else:
        report = verify_store(folder, verifier, noted)
    findings = [msgspec.to_builtins(each) for each in report.findings]
    return _told(style, findings, _summary(report))


def _notes(text: str) -> list[str]:
    """The notes of a file: it is one, or has events of checkpoints as NDJSON. Raises UsageError."""
    if not text.lstrip().startswith("{"):
        return [text]
    try:
        events = [msgspec.json.decode(line, type=Event) for line in text.splitlines() if line.strip()]
    except msgspec.MsgspecError as error:
        raise UsageError(f"a checkpoint's line is no event ({error})") from None
    notes = [event.detail.get("note") for event in events if event.type == EventType.CHECKPOINT]
    found = [note for note in notes if isinstance(note, str)]
    if not found:
        raise UsageError("a file of checkpoints holds none")
    return found


def _summary(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(report)
    del document["findings"]
    return document


def _told(style: str, findings: Sequence[Mapping[str, Any]], summary: Mapping[str, Any]) -> int:
    if style == "json":
        document = {"schema_version": 1, "findings": findings, **summary}
        sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
        return FAULT if findings else 0
    lines = []
    if "events" in summary:
        lines.append(f"{summary['events']} events of {summary['days']} days were read")
        lines += [f"deleted, as the log of days says: {', '.join(summary['expired'])}"] if summary["expired"] else []
        lines += [f"never arrived: {gap}" for gap in summary["gaps"][:20]]
        if summary["uncovered"]:
            lines.append(f"the last {summary['uncovered']} events are newer than the last checkpoint")
        lines.append(f"key: {summary['verifier']}")
    lines += [f"{each['kind']}: {each['file']}: {each['message']}" for each in findings]
    if not findings:
        lines.append("everything is as it was written")
    sys.stdout.buffer.write("".join(escape(line) + "\n" for line in lines).encode("utf-8", "replace"))
    return FAULT if findings else 0


def _verifier(given: str) -> Verifier:
    text = given
    if "+" not in given:
        try:
            text = Path(given).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--key {given}: cannot be read ({error})") from None
    try:
        return read_verifier(text)
    except NoteError as error:
        raise UsageError(f"--key: {error}") from None
