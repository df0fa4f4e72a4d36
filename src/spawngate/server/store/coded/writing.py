"""What every writer of coded words does alike: how a word is kept, which codes are fixed, which records share a block.

Must not be here: any database.
"""

from collections.abc import Iterator, Sequence

import msgspec

from spawngate.server.store.coded import packing
from spawngate.server.store.coded.columns import Word
from spawngate.trail.query.fields import SCALES

CACHED = 50_000
"""Words of a column that are remembered. A word that was forgotten gets a second code, which does no harm."""
FIXED = {"verdict": SCALES["verdict"]}
"""Columns whose first codes are always these words, so that an index can be made for some of them."""
_encode = msgspec.json.Encoder().encode


def encoded(word: Word) -> str:
    """A word as it is kept: a JSON array, without control characters."""
    return _encode((word,) if isinstance(word, str) else word).decode()


def blocks(records: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Place of the first record, number of records, and bytes of each block that these records make."""
    at = 0
    while at < len(records):
        end, size = at, 0
        while end < len(records) and end - at < packing.MOST and (end == at or size < packing.LARGEST):
            size += len(records[end])
            end += 1
        yield at, end - at, packing.pack(records[at:end])
        at = end
