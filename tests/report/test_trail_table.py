"""Records as rows."""

import csv
import io
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from spawngate.report.trail_table import COLUMNS, csv_header, csv_line, row

NAMES = [column.name for column in COLUMNS]
RECORD: dict[str, Any] = {
    "type": "decision",
    "at": "2026-11-21T10:00:00.000001Z",
    "actor": {"agent": "claude-code", "user": "=cmd"},
    "call": {"commands": ["=1+1", 'say "hi"'], "tool": "-x", "cwd": "a\x1b[2J\r\nb"},
    "decision": {"verdict": "deny", "latency_us": 7},
    "sequence": 3,
    "stream": "s",
    "hash": "h",
}
LINE = msgspec.json.encode(RECORD)


def test_a_row() -> None:
    cells = {name: cell for name, cell in zip(NAMES, row(RECORD, LINE), strict=True) if cell is not None}
    assert cells == {
        "time": 1795255200000001,
        "type": "decision",
        "agent": "claude-code",
        "user": "=cmd",
        "command": '["=1+1","say \\"hi\\""]',
        "tool": "-x",
        "cwd": "a\x1b[2J\r\nb",
        "verdict": "deny",
        "latency_us": 7,
        "stream": "s",
        "sequence": 3,
        "hash": "h",
        "record": LINE.decode(),
    }


def test_a_spreadsheet_sees_texts() -> None:
    (line,) = csv.DictReader(io.StringIO((csv_header() + csv_line(RECORD, LINE)).decode(), newline=""))
    assert line["time"] == "2026-11-21T10:00:00.000001Z"
    assert (line["user"], line["tool"], line["latency_us"]) == ("'=cmd", "'-x", "7")
    assert line["cwd"] == "a\\x1b[2J\\r\\nb"
    assert line["url"] == ""


@given(st.dictionaries(st.sampled_from(["at", "type", "call", "decision", "sequence", "message"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["tool", "latency_us", "x"]), below),
    max_leaves=9)))  # fmt: skip
def test_any_record_is_one_line_without_formulas(record: dict[str, Any]) -> None:
    line = csv_line(record, b"x")
    (cells,) = csv.reader(io.StringIO(line.decode(), newline=""))
    assert len(cells) == len(NAMES)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)
