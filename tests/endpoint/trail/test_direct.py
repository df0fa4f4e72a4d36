"""Writes past the page cache: the same bytes as any other way, or none."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.endpoint.trail import direct
from spawngate.endpoint.trail.direct import BLOCK, LONGEST, Direct

ROOM = 64 * BLOCK


@pytest.fixture
def file(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    path = tmp_path / "file"
    path.write_bytes(bytes(ROOM))
    descriptor = os.open(path, os.O_RDWR)
    if not Direct(path, descriptor).write(b"tried", 0, ROOM):
        os.close(descriptor)
        pytest.skip("this file system cannot be written past the page cache")
    os.pwrite(descriptor, bytes(5), 0)
    yield path, descriptor
    os.close(descriptor)


def content(path: Path) -> bytes:
    return path.read_bytes().rstrip(b"\0")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    lengths=st.lists(st.integers(1, 9000) | st.just(BLOCK), min_size=1, max_size=12), cached=st.sets(st.integers(0, 11))
)
def test_the_same_bytes_as_through_the_cache(file: tuple[Path, int], lengths: list[int], cached: set[int]) -> None:
    path, descriptor = file
    os.ftruncate(descriptor, 0)
    os.ftruncate(descriptor, ROOM)
    made = Direct(path, descriptor)
    expected = b""
    for number, length in enumerate(lengths):
        data = bytes([65 + number]) * length
        if number in cached:
            os.pwrite(descriptor, data, len(expected))
        else:
            assert made.write(data, len(expected), ROOM)
        expected += data
        assert content(path) == expected
    assert path.stat().st_size == ROOM
    made.close()


def test_what_does_not_fit_is_left_to_others(file: tuple[Path, int]) -> None:
    path, descriptor = file
    made = Direct(path, descriptor)
    assert made.write(b"a" * LONGEST, 0, ROOM)
    for data, end, room in (
        (b"b" * (LONGEST + 1), LONGEST, ROOM),  # too long
        (b"b", LONGEST, LONGEST + BLOCK - 1),  # the room ends inside the block
        (b"b", ROOM + 1, ROOM + 2 * BLOCK),  # behind the end of the file
    ):
        assert not made.write(data, end, room)
    assert content(path) == b"a" * LONGEST
    assert path.stat().st_size == ROOM
    made.close()
    made.close()
    assert not made.write(b"b", LONGEST, ROOM)


def test_a_file_system_that_refuses_is_not_asked_again(file: tuple[Path, int]) -> None:
    path, descriptor = file
    made = Direct(path, descriptor)
    with mock.patch.object(os, "pwrite", side_effect=OSError(errno.EINVAL, "Invalid argument")) as asked:
        assert [made.write(b"a", 0, ROOM) for _ in range(3)] == [False, False, False]
    assert asked.call_count == 1


def test_a_fault_of_the_disk_is_told(file: tuple[Path, int]) -> None:
    path, descriptor = file
    made = Direct(path, descriptor)
    assert made.write(b"a", 0, ROOM)
    with (
        mock.patch.object(os, "pwrite", side_effect=OSError(errno.EIO, "Input/output error")),
        pytest.raises(OSError, match="Input/output error"),
    ):
        made.write(b"b", 1, ROOM)
    assert made.write(b"c", 1, ROOM)
    assert content(path) == b"ac"
    made.close()


def test_half_a_write_is_none(file: tuple[Path, int]) -> None:
    path, descriptor = file
    made = Direct(path, descriptor)
    real = os.pwrite
    with mock.patch.object(os, "pwrite", lambda at, data, offset: real(at, data[:512], offset)):
        assert not made.write(b"a" * 1000, 0, ROOM)
    assert made.write(b"b" * 1000, 0, ROOM)
    assert content(path) == b"b" * 1000
    made.close()


def test_another_file_of_that_name_is_not_written(file: tuple[Path, int]) -> None:
    path, descriptor = file
    path.rename(path.with_name("before"))
    path.write_bytes(bytes(ROOM))
    assert not Direct(path, descriptor).write(b"a", 0, ROOM)
    assert content(path) == b""


@pytest.mark.parametrize("flags", [0, os.O_WRONLY | os.O_DIRECTORY])
def test_where_it_cannot_be_opened_nothing_is_written(
    file: tuple[Path, int], monkeypatch: pytest.MonkeyPatch, flags: int
) -> None:
    monkeypatch.setattr(direct, "_FLAGS", flags)
    path, descriptor = file
    assert not Direct(path, descriptor).write(b"a", 0, ROOM)
    assert content(path) == b""
