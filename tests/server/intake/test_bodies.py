"""Bodies in bounds: what they claim, what they are, and what comes out of them."""

import contextlib
import gzip
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.intake.bodies import BodyError, unpacked

TEXT = b"a line\n" * 1_000
MOST = 10_000


def zstd(data: bytes, *, stated: bool = True) -> bytes:
    return zstandard.ZstdCompressor(write_content_size=stated).compress(data)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), " GZIP "),
        (zstd(TEXT), "zstd"),
        (zstd(TEXT, stated=False), "zstd"),
    ],
)
def test_what_was_packed_is_unpacked(data: bytes, encoding: str) -> None:
    assert unpacked(data, encoding, MOST) == TEXT


_WIDE = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=27)).compressobj()
WIDE = _WIDE.compress(TEXT) + _WIDE.flush()
"""Wants more memory to be unpacked than anybody gives it."""
BOMB = b"\0" * (64 << 20)


@pytest.mark.parametrize(
    ("data", "encoding", "status"),
    [
        (b"x" * (MOST + 1), "", 413),
        (gzip.compress(BOMB), "gzip", 413),
        (zstd(BOMB), "zstd", 413),
        (zstd(BOMB, stated=False), "zstd", 413),
        (gzip.compress(gzip.compress(BOMB)), "gzip", 413),
        (gzip.compress(TEXT)[:-1], "gzip", 400),
        (gzip.compress(TEXT) + b"more", "gzip", 400),
        (gzip.compress(TEXT) * 2, "gzip", 400),
        (zlib.compress(TEXT), "gzip", 400),
        (b"", "gzip", 400),
        (b"", "zstd", 400),
        (b"rubbish", "zstd", 400),
        (zstd(TEXT)[:-5], "zstd", 400),
        (WIDE, "zstd", 400),
        (TEXT, "br", 415),
        (TEXT, "gzip, gzip", 415),
    ],
)
def test_everything_else_is_refused(data: bytes, encoding: str, status: int) -> None:
    with pytest.raises(BodyError) as error:
        unpacked(data, encoding, MOST)
    assert error.value.status == status


@given(st.binary(max_size=300), st.sampled_from(["gzip", "zstd", "", "deflate"]))
def test_any_bytes_come_out_in_bounds_or_not_at_all(data: bytes, encoding: str) -> None:
    with contextlib.suppress(BodyError):
        assert len(unpacked(data, encoding, 1_000)) <= 1_000
