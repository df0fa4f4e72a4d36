"""`report.csv`: rows, quoting, and cells that no spreadsheet takes for a formula."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.artifact import Kind
from spawngate.report.csv import COLUMNS, render_csv
from spawngate.report.terminal import is_hidden
from tests.report.samples import EMPTY, GITHUB, SNAPSHOT, artifact, hostile


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def test_a_row() -> None:
    snapshot = replace(EMPTY, artifacts=(GITHUB,))
    assert rows(render_csv(snapshot)) == [
        list(COLUMNS),
        [
            "8d0c4b1e7a3f4f0c9f27a6d5",
            "ana-laptop",
            "2026-11-20T09:30:12Z",
            "mcp_server",
            "claude-code",
            "user",
            "github",
            "enabled",
            "running",
            "",
            "",
            "stdio",
            "npx",
            '["-y","@modelcontextprotocol/server-github@2025.4.8"]',
            "pkg:npm/%40modelcontextprotocol/server-github@2025.4.8",
            "",
            "",
            '["GITHUB_PERSONAL_ACCESS_TOKEN"]',
            "",
            "",
            "/home/ana/.claude.json",
            GITHUB.id,
            GITHUB.fingerprint,
        ],
    ]


def test_an_empty_inventory_is_its_header() -> None:
    assert render_csv(EMPTY) == (",".join(f'"{name}"' for name in COLUMNS) + "\r\n").encode()


def test_one_row_for_each_artifact_of_one_width() -> None:
    for snapshot in (SNAPSHOT, hostile()[0]):
        table = rows(render_csv(snapshot))
        assert len(table) == 1 + len(snapshot.artifacts)
        assert {len(row) for row in table} == {len(COLUMNS)}


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\\t=1"),
        ("\r=1", "'\\r=1"),
        ("\n=1", "'\\n=1"),
        ("＝1", "'＝1"),
        ('say "hi", you', 'say "hi", you'),
        ("a;=1", "a;=1"),
        ("two\nlines\x00", "two\\nlines\\x00"),
        ("\udc80", "\\udc80"),
        ("'quoted", "'quoted"),
    ],
)
def test_cells(name: str, cell: str) -> None:
    snapshot = replace(EMPTY, artifacts=(artifact(Kind.CLI, name),))
    assert rows(render_csv(snapshot))[1][COLUMNS.index("name")] == cell


@given(st.text(st.characters(exclude_categories=())))
def test_no_cell_starts_a_formula_or_hides_anything(text: str) -> None:
    data = render_csv(replace(EMPTY, host=text, artifacts=(artifact(Kind.CLI, text, path=text),)))
    table = rows(data)
    assert len(table) == 2
    assert [cell for cell in table[1] if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []
    assert [character for cell in table[1] for character in cell if is_hidden(character)] == []
