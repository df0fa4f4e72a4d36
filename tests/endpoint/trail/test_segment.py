"""Lines of a segment, forwards and backwards."""

import os
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.trail import segment
from spawngate.endpoint.trail.segment import backward, content_end, forward, name, open_to_read, segments

LINES = st.lists(st.binary(min_size=1, max_size=30).filter(lambda b: b"\n" not in b and b"\0" not in b), max_size=12)


def test_names(tmp_path: Path) -> None:
    for each in (
        "2026-11-21.ndjson",
        "2026-02-30.ndjson",
        "2026-11-20.ndjson",
        "lock",
        "torn-2026-11-20-0",
        "x.ndjson",
    ):
        (tmp_path / each).touch()
    assert segments(tmp_path) == [
        (date(2026, 11, 20), tmp_path / "2026-11-20.ndjson"),
        (date(2026, 11, 21), tmp_path / "2026-11-21.ndjson"),
    ]
    assert name(date(2026, 11, 21)) == "2026-11-21.ndjson"
    assert segments(tmp_path / "none") == []


@given(LINES, st.binary(max_size=5).filter(lambda b: b"\n" not in b and b"\0" not in b), st.integers(0, 50))
def test_both_ways_tell_the_same(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], rest: bytes, room: int
) -> None:
    path = tmp_path_factory.mktemp("s") / "x"
    path.write_bytes(b"".join(line + b"\n" for line in lines) + rest + b"\0" * room)
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines) + 1)]
    for block in (1, 3, 7, 1 << 18):
        with mock.patch.object(segment, "BLOCK", block):
            assert list(forward(path)) == list(zip(starts[1:], lines, strict=True))
            assert list(backward(path)) == list(zip(starts, lines, strict=False))[::-1]
            whole = starts[-1] + len(rest)
            told = list(forward(path, partial=True))
            assert told == list(zip(starts[1:], lines, strict=True)) + ([(whole, rest)] if rest else [])
            for start in starts:
                assert [line for _, line in forward(path, start)] == lines[starts.index(start) :]
            descriptor = open_to_read(path)
            try:
                assert content_end(descriptor) == whole
            finally:
                os.close(descriptor)


def test_link_and_pipe_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(OSError, match="symbolic"):
        open_to_read(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    assert list(forward(tmp_path / "pipe")) == []
