"""What the tree of a day is made of: one leaf for each event, in the order of arrival.

A leaf's data is `RECEIVED ENDPOINT`, a newline, and the record's bytes: the tree covers when an event came and who sent
it, beside what it says. Must not be here: trees (`trail.tree`), stores.
"""

from spawngate.trail import tree

MARK = 8
"""Bytes of a leaf's hash that make its mark."""


def data(received: str, endpoint: str, record: bytes) -> bytes:
    """Data of a leaf."""
    return b"%b %b\n%b" % (received.encode(), endpoint.encode(), record)


def hashed(received: str, endpoint: str, record: bytes) -> bytes:
    """Hash of a leaf."""
    return tree.leaf(data(received, endpoint, record))


def mark(leaf: bytes) -> int:
    """A leaf's mark: the begin of its hash as a signed number."""
    return int.from_bytes(leaf[:MARK], "big", signed=True)
