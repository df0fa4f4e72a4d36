"""Leaves of a day's tree."""

import hashlib

from spawngate.trail import leaf


def test_a_leaf_covers_when_who_and_what() -> None:
    data = b'2026-11-21T10:00:00.000000Z laptop\n{"a":1}'
    assert leaf.data("2026-11-21T10:00:00.000000Z", "laptop", b'{"a":1}') == data
    hashed = leaf.hashed("2026-11-21T10:00:00.000000Z", "laptop", b'{"a":1}')
    assert hashed == hashlib.sha256(b"\0" + data).digest()
    assert leaf.mark(hashed) == int.from_bytes(hashed[:8], "big", signed=True)
    assert leaf.mark(b"\xff" * 32) == -1
