"""What the tree of a day is made of: one leaf for each event, in the order of arrival.

A leaf's data is `RECEIVED ENDPOINT`, a newline, and the record's bytes: the tree covers when an event came and who sent
it, beside what it says. Must not be here: trees (`trail.tree`), stores.
"""

from hashlib import sha256

MARK = 8
"""Bytes of a leaf's hash that make its mark."""


def data(received: str, endpoint: str, record: bytes) -> bytes:
    """Data of a leaf."""
    return b"%b %b\n%b" % (received.encode(), endpoint.encode(), record)


def hashed(received: str, endpoint: str, record: bytes) -> bytes:
    """Hash of a leaf."""
    # As `tree.leaf` of `data` has it; two copies of the record less for each event that is stored.
    return sha256(b"\0%b %b\n%b" % (received.encode(), endpoint.encode(), record)).digest()


def mark(leaf: bytes) -> int:
    """A leaf's mark: the begin of its hash as a signed number."""
    return int.from_bytes(leaf[:MARK], "big", signed=True)
