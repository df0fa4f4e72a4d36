"""Tables as Apache Parquet files, written piece by piece: flat, optional columns of texts, integers and times.

Parquet libraries for Python bring 40 to 150 MB with them; what an export needs of the format is small: one data page a
column and row group (PLAIN values, RLE definition levels, GZIP), and a footer in Thrift's compact protocol. Sources:
https://parquet.apache.org/docs/file-format/ and the format's parquet.thrift (2.11), Thrift's compact-protocol.md.
Must not be here: what the columns mean (`report.trail_table`), reading.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

MAGIC = b"PAR1"
Cell = str | int | None
Kind = Literal["text", "integer", "time"]
"""A time is microseconds after 1970, UTC."""
_BINARY, _I32, _I64, _LIST, _STRUCT = 8, 5, 6, 9, 12
_INT64, _BYTE_ARRAY = 2, 6
_CONVERTED = {"text": 0, "time": 10}
_OPTIONAL, _PLAIN, _RLE, _GZIP, _DATA_PAGE = 1, 0, 3, 2, 0


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    kind: Kind = "text"


@dataclass(slots=True)
class _Chunk:
    """Where a column of a row group lies."""

    offset: int
    raw: int
    stored: int


@dataclass
class Writer:
    """Gives the bytes of a file: `begin`, `rows` as often as needed, `end`."""

    columns: Sequence[Column]
    created_by: str = "spawngate"
    _at: int = 0
    _groups: list[tuple[int, list[_Chunk]]] = field(default_factory=list)

    def begin(self) -> bytes:
        """The first bytes."""
        return self._given(MAGIC)

    def rows(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """One row group; some thousand rows make a good one."""
        if not rows:
            return b""
        chunks: list[_Chunk] = []
        data = bytearray()
        for place, column in enumerate(self.columns):
            page = _page(column.kind, [row[place] for row in rows])
            compressor = zlib.compressobj(6, zlib.DEFLATED, 31)
            stored = compressor.compress(page) + compressor.flush()
            header = _struct(
                (1, _I32, _DATA_PAGE),
                (2, _I32, len(page)),
                (3, _I32, len(stored)),
                (5, _STRUCT, _struct((1, _I32, len(rows)), (2, _I32, _PLAIN), (3, _I32, _RLE), (4, _I32, _RLE))),
            )
            chunks.append(_Chunk(self._at + len(data), len(header) + len(page), len(header) + len(stored)))
            data += header + stored
        self._groups.append((len(rows), chunks))
        return self._given(bytes(data))

    def end(self) -> bytes:
        """The last bytes."""
        schema = [_struct((3, _I32, 0), (4, _BINARY, b"schema"), (5, _I32, len(self.columns)))]
        for column in self.columns:
            type_ = _BYTE_ARRAY if column.kind == "text" else _INT64
            fields = [(1, _I32, type_), (3, _I32, _OPTIONAL), (4, _BINARY, column.name.encode())]
            if column.kind in _CONVERTED:
                fields.append((6, _I32, _CONVERTED[column.kind]))
            schema.append(_struct(*fields))
        footer = _struct(
            (1, _I32, 1),
            (2, _LIST, (_STRUCT, schema)),
            (3, _I64, sum(count for count, _ in self._groups)),
            (4, _LIST, (_STRUCT, [self._group(count, chunks) for count, chunks in self._groups])),
            (6, _BINARY, self.created_by.encode()),
        )
        return self._given(footer + struct.pack("<I", len(footer)) + MAGIC)

    def _group(self, count: int, chunks: Sequence[_Chunk]) -> bytes:
        columns = []
        for column, chunk in zip(self.columns, chunks, strict=True):
            metadata = _struct(
                (1, _I32, _BYTE_ARRAY if column.kind == "text" else _INT64),
                (2, _LIST, (_I32, [_PLAIN, _RLE])),
                (3, _LIST, (_BINARY, [column.name.encode()])),
                (4, _I32, _GZIP),
                (5, _I64, count),
                (6, _I64, chunk.raw),
                (7, _I64, chunk.stored),
                (9, _I64, chunk.offset),
            )
            columns.append(_struct((2, _I64, chunk.offset), (3, _STRUCT, metadata)))
        return _struct((1, _LIST, (_STRUCT, columns)), (2, _I64, sum(each.raw for each in chunks)), (3, _I64, count))

    def _given(self, data: bytes) -> bytes:
        self._at += len(data)
        return data


def _page(kind: Kind, cells: Iterable[Cell]) -> bytes:
    """Definition levels and values of a data page (version 1)."""
    values = list(cells)
    levels = b"".join(
        _varint(sum(1 for _ in run) << 1) + (b"\1" if there else b"\0")
        for there, run in groupby(value is not None for value in values)
    )
    if kind == "text":
        texts = [str(value).encode("utf-8", "replace") for value in values if value is not None]
        data = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    else:
        data = b"".join(struct.pack("<q", value) for value in values if value is not None)
    return struct.pack("<I", len(levels)) + levels + data


def _struct(*fields: tuple[int, int, object]) -> bytes:
    """A struct of Thrift's compact protocol; ids ascend and lie less than 16 apart."""
    data = bytearray()
    last = 0
    for number, kind, value in fields:
        data.append((number - last) << 4 | kind)
        data += _value(kind, value)
        last = number
    return bytes(data) + b"\0"


def _value(kind: int, value: object) -> bytes:
    if isinstance(value, int):
        return _varint((value << 1) ^ (value >> 63))
    if isinstance(value, bytes):
        return value if kind == _STRUCT else _varint(len(value)) + value
    assert isinstance(value, tuple)
    inner, items = value
    count = len(items)
    head = bytes([count << 4 | inner]) if count < 15 else bytes([0xF0 | inner]) + _varint(count)
    return head + b"".join(_value(inner, item) for item in items)


def _varint(value: int) -> bytes:
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)
