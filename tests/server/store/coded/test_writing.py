"""Words as they are kept, and records that share a block."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.coded import packing
from spawngate.server.store.coded.writing import FIXED, blocks, encoded


def test_words() -> None:
    assert encoded(("git status", "a\n\t\0", "Straße")) == '["git status","a\\n\\t\\u0000","Straße"]'
    assert FIXED == {"verdict": ("allow", "log", "ask", "deny")}


@given(st.lists(st.binary(min_size=1, max_size=20).filter(lambda record: b"\n" not in record), max_size=200))
def test_blocks_hold_the_records_in_their_order(records: list[bytes]) -> None:
    found = list(blocks(records))
    assert [at for at, _, _ in found] == list(range(0, len(records), packing.MOST))
    assert [record for _, count, data in found for record in packing.unpack(data, count)] == records


def test_a_block_of_large_records_ends_early() -> None:
    large = b"x" * (packing.LARGEST // 2 + 1)
    assert [(at, count) for at, count, _ in blocks([large, large, large])] == [(0, 2), (2, 1)]
