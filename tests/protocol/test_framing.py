"""Lines out of pieces: any cut of the bytes gives the same lines."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.framing import Lines, LineTooLong
from tests.protocol.strategies import chunks


@given(
    st.data(),
    st.binary(max_size=200) | st.lists(st.sampled_from([b"a", b"\n", b"\r\n", b"\r"]), max_size=40).map(b"".join),
)
def test_pieces_of_a_stream_make_the_same_lines(data: st.DataObject, stream: bytes) -> None:
    lines = Lines()
    found = [line for piece in data.draw(chunks(stream)) for line in lines.feed(piece)]
    expected = stream.split(b"\n")
    assert (found, lines.pending) == ([line + b"\n" for line in expected[:-1]], expected[-1])


def test_lines_keep_every_byte() -> None:
    lines = Lines()
    assert lines.feed(b"\xef\xbb\xbf{}\r\n\n\x00\xff\r") == [b"\xef\xbb\xbf{}\r\n", b"\n"]
    assert lines.pending == b"\x00\xff\r"
    assert lines.feed(b"\n") == [b"\x00\xff\r\n"]
    assert lines.pending == b""


@given(st.data(), st.lists(st.integers(0, 12), max_size=6))
def test_a_long_line_is_refused_after_those_before_it(data: st.DataObject, sizes: list[int]) -> None:
    stream = b"".join(b"x" * size + b"\n" for size in sizes)
    good = 0
    while good < len(sizes) and sizes[good] < 8:
        good += 1
    lines, found, refused = Lines(limit=8), list[bytes](), False
    for piece in data.draw(chunks(stream)):
        try:
            found += lines.feed(piece)
        except LineTooLong as problem:
            found += problem.lines
            refused = True
            break
    assert (found, refused) == ([b"x" * size + b"\n" for size in sizes[:good]], good < len(sizes))


def test_a_broken_stream_stays_broken() -> None:
    lines = Lines(limit=4)
    with pytest.raises(LineTooLong):
        lines.feed(b"12345")
    with pytest.raises(LineTooLong):
        lines.feed(b"\n{}\n")
    assert lines.pending == b""


def test_the_limit_counts_the_end_of_the_line() -> None:
    assert Lines(limit=4).feed(b"123\n") == [b"123\n"]
    with pytest.raises(LineTooLong, match="a line is longer than 4 bytes"):
        Lines(limit=4).feed(b"1234\n")


def test_a_line_of_many_pieces_costs_linear_time() -> None:
    def seconds(pieces: int) -> float:
        lines = Lines()
        start = time.process_time()
        for _ in range(pieces):
            lines.feed(b"x" * 4096)
        assert len(lines.feed(b"\n")[0]) == pieces * 4096 + 1
        return time.process_time() - start

    seconds(100)
    assert seconds(8192) < 40 * max(seconds(1024), 0.002)
