"""Blocks of records: there and back, whatever a record is, and what is left of a broken one."""

import random
import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.coded import packing
from spawngate.trail import chain
from spawngate.trail.event import Event


def sealed(count: int, stream: str = "s") -> list[bytes]:
    head, found = chain.Head(stream), []
    for number in range(count):
        line, head = chain.seal(Event("decision", f"t{number}", 1, message=f"m{number} " * 5), head)
        found.append(line)
    return found


def tried(block: bytes, count: int) -> tuple[list[bytes], bool]:
    """What can be had of a block, and whether that is all."""
    try:
        return packing.unpack(block, count), True
    except packing.BlockError as error:
        return error.good, False


HEX = st.sampled_from(["0" * 64, "a" * 64, "f" * 64])
RECORDS = st.one_of(
    st.sampled_from(sealed(6) + sealed(3, "t")),
    st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")),
    HEX.map(lambda digest: b'{"previous":"%b","hash":"%b"}' % (digest.encode(), digest.encode())),
    HEX.map(lambda digest: b'{"previous":"","previous":"%b","a":1,"hash":"%b"}' % (digest.encode(), digest.encode())),
)


@given(st.lists(RECORDS, min_size=1, max_size=packing.MOST))
def test_there_and_back(records: list[bytes]) -> None:
    assert packing.unpack(packing.pack(records), len(records)) == records


def test_hashes_are_not_kept() -> None:
    records = sealed(64)
    assert len(packing.pack(records)) < 10 * 64 + 300
    two = [record for pair in zip(sealed(20), sealed(20, "t"), strict=True) for record in pair]
    assert packing.unpack(packing.pack(two), 40) == two
    assert len(packing.pack(two)) < 10 * 40 + 400


@given(st.data())
def test_what_was_altered_is_no_block_or_another_one(data: st.DataObject) -> None:
    records = sealed(20)
    block = bytearray(packing.pack(records))
    place = data.draw(st.integers(0, len(block) - 1))
    block[place] ^= 1 << data.draw(st.integers(0, 7))
    assert len(tried(bytes(block), 20)[0]) <= 20


@given(st.binary(max_size=300), st.integers(0, 64))
def test_any_bytes(data: bytes, count: int) -> None:
    found, whole = tried(data, count)
    assert len(found) == count if whole else len(found) <= count


def deflated(data: bytes) -> bytes:
    """A block as stores had them before."""
    packer = zlib.compressobj(3, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, packing._DICTIONARY)
    return packer.compress(data) + packer.flush()


def lines_of(records: list[bytes]) -> bytes:
    """What a block holds."""
    known = zstandard.ZstdCompressionDict(packing._DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdDecompressor(known).decompress(packing.pack(records))


@given(st.lists(RECORDS, min_size=1, max_size=packing.MOST))
def test_blocks_of_before_are_read(records: list[bytes]) -> None:
    assert packing.unpack(deflated(lines_of(records)), len(records)) == records


@pytest.mark.parametrize("pack", [packing.pack, lambda records: deflated(lines_of(records))], ids=["now", "before"])
def test_the_records_before_a_cut_are_had(pack: Callable[[list[bytes]], bytes]) -> None:
    source = random.Random(1)
    records = [b'{"n":%d,"x":"%b"}' % (number, source.randbytes(5000).hex().encode()) for number in range(40)]
    block = pack(records)
    good, whole = tried(block[: len(block) // 2], 40)
    assert not whole
    assert 5 < len(good) < 40
    assert good == records[: len(good)]


@given(st.binary(max_size=300), st.integers(0, 64))
def test_any_bytes_of_a_frame(data: bytes, count: int) -> None:
    found, whole = tried(b"\x28\xb5\x2f\xfd" + data, count)
    assert len(found) == count if whole else len(found) <= count


def test_what_stands_behind_a_frame_is_no_part_of_it() -> None:
    assert tried(packing.pack(sealed(2)) + b"x", 2) == (sealed(2)[:1], False)


def test_frames_that_do_not_say_how_much_they_hold_are_none() -> None:
    known = zstandard.ZstdCompressionDict(packing._DICTIONARY, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    silent = zstandard.ZstdCompressor(1, known, write_dict_id=False, write_content_size=False)
    assert tried(silent.compress(b"0a\n0b"), 2) == ([b"a"], False)


def test_a_frame_that_lies_about_its_size_takes_no_room() -> None:
    frame = b"\x28\xb5\x2f\xfd\xe0" + (1 << 50).to_bytes(8, "little") + b"\x01\x00\x00"
    assert zstandard.frame_content_size(frame) == 1 << 50
    assert tried(frame, 1) == ([], False)


def test_a_block_that_is_larger_than_its_records_is_none() -> None:
    for bomb in (packing.pack([b"0" * (64 << 20)]), deflated(b"0" * (64 << 20))):
        assert tried(bomb, 1) == ([], False)
