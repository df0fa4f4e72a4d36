"""Parquet files, read back by a reader of its own, and by pyarrow where that is installed."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.report.parquet import Cell, Column, Writer

COLUMNS = (Column("name"), Column("n", "integer"), Column("at", "time"))
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
        st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
        st.none() | st.integers(-(1 << 50), 1 << 55),
    ),
    max_size=40,
)


def written(groups: list[list[tuple[Cell, ...]]]) -> bytes:
    writer = Writer(COLUMNS)
    return writer.begin() + b"".join(writer.rows(rows) for rows in groups) + writer.end()


class Thrift:
    """Reads values of the compact protocol."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def value(self, kind: int) -> Any:
        if kind in (5, 6):
            number = self.varint()
            return number >> 1 ^ -(number & 1)
        if kind == 8:
            length = self.varint()
            self.at += length
            return self.data[self.at - length : self.at]
        if kind == 9:
            head = self.data[self.at]
            self.at += 1
            count = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.value(head & 15) for _ in range(count)]
        assert kind == 12
        found: dict[int, Any] = {}
        last = 0
        while head := self.data[self.at]:
            self.at += 1
            last += head >> 4
            found[last] = self.value(head & 15)
        self.at += 1
        return found


def column(data: bytes, chunk: dict[int, Any], text: bool) -> list[Cell]:
    metadata = chunk[3]
    thrift = Thrift(data, metadata[9])
    header = thrift.value(12)
    stored = data[thrift.at : thrift.at + header[3]]
    assert metadata[7] == thrift.at - metadata[9] + header[3]
    page = zlib.decompress(stored, 31)
    assert len(page) == header[2]
    (length,) = struct.unpack_from("<I", page)
    levels = Thrift(page[4 : 4 + length])
    there: list[int] = []
    while levels.at < length:
        count = levels.varint() >> 1
        there += [levels.data[levels.at]] * count
        levels.at += 1
    assert len(there) == header[5][1] == metadata[5]
    at = 4 + length
    found: list[Cell] = []
    for one in there:
        if not one:
            found.append(None)
        elif text:
            (size,) = struct.unpack_from("<I", page, at)
            found.append(page[at + 4 : at + 4 + size].decode())
            at += 4 + size
        else:
            found.append(struct.unpack_from("<q", page, at)[0])
            at += 8
    assert at == len(page)
    return found


def read(data: bytes) -> list[tuple[Cell, ...]]:
    assert data[:4] == data[-4:] == b"PAR1"
    (length,) = struct.unpack("<I", data[-8:-4])
    footer = Thrift(data[-8 - length : -8]).value(12)
    assert [(each[4], each.get(1), each.get(6)) for each in footer[2]] == [
        (b"schema", None, None),
        (b"name", 6, 0),
        (b"n", 2, None),
        (b"at", 2, 10),
    ]
    rows: list[tuple[Cell, ...]] = []
    for group in footer[4]:
        columns = [column(data, chunk, place == 0) for place, chunk in enumerate(group[1])]
        rows += zip(*columns, strict=True)
    assert footer[3] == len(rows)
    return rows


@given(st.lists(ROWS, max_size=3))
def test_there_and_back(groups: list[list[tuple[Cell, ...]]]) -> None:
    assert read(written(groups)) == [row for rows in groups for row in rows]


def test_many_columns_and_rows() -> None:
    writer = Writer([Column(f"c{number}", "integer") for number in range(40)])
    data = writer.begin() + writer.rows([[number] * 40 for number in range(3000)]) + writer.end()
    (length,) = struct.unpack("<I", data[-8:-4])
    footer = Thrift(data[-8 - length : -8]).value(12)
    assert (len(footer[2]), footer[3], len(footer[4][0][1])) == (41, 3000, 40)
    assert column(data, footer[4][0][1][39], False) == list(range(3000))


def test_pyarrow_reads_it() -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow, the other reader, is not installed")
    table = parquet.read_table(io.BytesIO(written([[("a", 1, 2), (None, None, None)], [("Straße", -1, 0)]])))
    assert [row["name"] for row in table.to_pylist()] == ["a", None, "Straße"]
    assert [row["n"] for row in table.to_pylist()] == [1, None, -1]
