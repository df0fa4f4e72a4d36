"""Tables and columns of written statements."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.sql import columns, table, writes


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SELECT command FROM tools WHERE id = ?", "tools"),
        ("select * from public.Tools t join x on 1=1", "tools"),
        ('INSERT INTO "tools" (a) VALUES ($1)', "tools"),
        ("INSERT OR REPLACE INTO tools VALUES (?)", "tools"),
        ("UPDATE `tools` SET a = ?", "tools"),
        ("DELETE FROM tools", "tools"),
        ("mcp:servers", ""),
        ("note from you", ""),
    ],
)
def test_table(text: str, name: str) -> None:
    assert table(text) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INSERT INTO t (a, b) VALUES (?, ?)", [("a", "0"), ("b", "1")]),
        ("INSERT INTO t (a, `B`) VALUES ($2, $1)", [("a", "1"), ("b", "0")]),
        ("INSERT INTO t (a, made, b) VALUES (%s, now, %s)", [("a", "0"), ("b", "1")]),
        ("INSERT INTO t (a, b) VALUES (:x, @y)", [("a", "x"), ("b", "y")]),
        ("INSERT INTO t (a) VALUES (%(cmd)s)", [("a", "cmd")]),
        ("UPDATE t SET a = ?, b = 'x', c = ? WHERE id = ?", [("a", "0"), ("c", "1")]),
        ("SELECT a FROM t", []),
    ],
)
def test_columns(text: str, found: list[tuple[str, str]]) -> None:
    assert columns(text) == found


@pytest.mark.parametrize("text", ["insert into t " + "(" * 3_900, "update t set " + "a=?," * 900, "from " * 700])
def test_hostile_statements_take_no_time(text: str) -> None:
    start = time.process_time()
    table(text)
    columns(text)
    assert time.process_time() - start < 1


@given(st.text(alphabet="insert values set=?,()$1 from\n", max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(table(text), str)
    assert all(isinstance(column, str) and place for column, place in columns(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (b"x = 'INSERT INTO t (a) VALUES (?)'", True),
        (b"update tools\n  set a = 1", True),
        (b"UPSERT t", True),
        (b"CREATE TABLE t (updated_at text); SELECT a FROM t", False),
        (b"the updated settings", False),
    ],
)
def test_texts_with_statements_that_write(text: bytes, wanted: bool) -> None:
    assert writes(text) is wanted
