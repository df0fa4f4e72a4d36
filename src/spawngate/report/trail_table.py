"""Records of the trail as rows of a table: what CSV and Parquet exports have for columns.

A row is for reading and counting; the record itself stands in the last column as it was written, so nothing is lost.
CSV: RFC 4180, every cell quoted; characters that act on a display are written visibly, and a cell that a spreadsheet
would take for a formula gets an apostrophe in front. Must not be here: files, which records there are.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from spawngate.report.parquet import Cell, Column, Kind
from spawngate.report.terminal import escape
from spawngate.trail import moment
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.match import values_at

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_FIELDS = (
    "type", "endpoint", "channel", "agent", "user", "session", "verdict", "mode", "severity", "kind", "tool", "server",
    "command", "program", "path", "url", "rule", "reason", "policy", "fingerprint", "name", "package", "cwd", "message",
    "route", "destination", "state",
)  # fmt: skip


def _field(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    paths = FIELDS[name].paths

    def found(record: Mapping[str, Any]) -> Cell:
        values = [value for path in paths for value in values_at(record, path)]
        if len(values) < 2:
            return values[0] if values else None
        return msgspec.json.encode(values).decode()

    return found


def _time(record: Mapping[str, Any]) -> Cell:
    try:
        return moment.microseconds(str(record.get("at")))
    except ValueError:
        return None


def _integer(path: str) -> Callable[[Mapping[str, Any]], Cell]:
    def found(record: Mapping[str, Any]) -> Cell:
        for value in values_at(record, path):
            try:
                number = int(value)
            except ValueError:
                continue
            if -(1 << 63) <= number < 1 << 63:
                return number
        return None

    return found


_CELLS: Sequence[tuple[str, Kind, Callable[[Mapping[str, Any]], Cell]]] = (
    ("time", "time", _time),
    *((name, "text", _field(name)) for name in _FIELDS),
    ("latency_us", "integer", _integer("decision.latency_us")),
    ("stream", "text", _field("stream")),
    ("sequence", "integer", _integer("sequence")),
    ("hash", "text", _field("hash")),
)
COLUMNS = (*(Column(name, kind) for name, kind, _ in _CELLS), Column("record"))
"""New ones are added before `record`. Where a record has several values of a field, the cell is a JSON array."""


def row(record: Mapping[str, Any], line: bytes) -> list[Cell]:
    """The cells of one record; `line` is the record as it was written."""
    return [*(cell(record) for _, _, cell in _CELLS), line.decode("utf-8", "replace")]


def csv_header() -> bytes:
    """The first line."""
    return _csv([column.name for column in COLUMNS])


def csv_line(record: Mapping[str, Any], line: bytes) -> bytes:
    """The line of one record; a time as records write it."""
    cells = row(record, line)
    if isinstance(cells[0], int):
        cells[0] = moment.text(cells[0])
    return _csv(["" if cell is None else str(cell) for cell in cells])


def _csv(cells: Sequence[str]) -> bytes:
    shown = (escape(cell) for cell in cells)
    safe = (f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in shown)
    return (",".join('"' + cell.replace('"', '""') + '"' for cell in safe) + "\r\n").encode("utf-8", "replace")
