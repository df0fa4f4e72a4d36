"""The Merkle tree of RFC 6962 (section 2.1; RFC 9162 has the same): one hash for all records of a day, short proofs.

A leaf's hash is SHA-256 of a zero byte and the record's bytes, a node's that of a one byte and its two halves; the left
half holds the largest power of two of leaves that is smaller than all. Proofs verify as RFC 9162, sections 2.1.3.2 and
2.1.4.2, says.
Must not be here: records, signatures (`trail.note`), files.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""Root of a tree without leaves."""
SIZE = 32
"""Bytes of a hash."""


class ProofError(Exception):
    """A proof does not prove what it should. The message says why."""


def leaf(data: bytes) -> bytes:
    """Hash of a leaf."""
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of a node above two others."""
    return sha256(b"\1" + left + right).digest()


@dataclass(slots=True)
class Growing:
    """A tree that only grows, held as the roots of its whole parts: memory of the logarithm of its size."""

    size: int = 0
    parts: list[bytes] = field(default_factory=list)
    """Roots of the whole subtrees from left to right, one for each one-bit of `size`, highest first."""

    def append(self, hashed: bytes) -> None:
        """Add one leaf's hash."""
        size = self.size
        while size & 1:
            hashed = node(self.parts.pop(), hashed)
            size >>= 1
        self.parts.append(hashed)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add the hashes of many leaves."""
        size, parts = self.size, self.parts
        for hashed in leaves:
            done = size
            while done & 1:
                hashed = sha256(b"\1" + parts.pop() + hashed).digest()  # `node`, without a call
                done >>= 1
            parts.append(hashed)
            size += 1
        self.size = size

    @property
    def root(self) -> bytes:
        """The root now."""
        return fold(self.parts)


def fold(parts: Sequence[bytes]) -> bytes:
    """The root above whole subtrees, given from left to right."""
    if not parts:
        return EMPTY
    hashed = parts[-1]
    for part in reversed(parts[:-1]):
        hashed = node(part, hashed)
    return hashed


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of these leaves' hashes."""
    growing = Growing()
    growing.extend(leaves)
    return growing.root


Range = Callable[[int, int], bytes]
"""Root of the leaves from one place up to, not including, another."""


def ranges(leaves: Sequence[bytes]) -> Range:
    """Roots of ranges of these leaves."""
    return lambda start, end: root_of(leaves[start:end])


def inclusion(index: int, size: int, of: Range) -> list[bytes]:
    """Proof that the leaf at `index` (from 0) is in the tree of `size` leaves. Raises ValueError where it is not."""
    if not 0 <= index < size:
        raise ValueError("there is no such leaf")
    return _path(index, 0, size, of)


def _path(index: int, start: int, end: int, of: Range) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, start, middle, of), of(middle, end)]
    return [*_path(index, middle, end, of), of(start, middle)]


def consistency(old: int, new: int, of: Range) -> list[bytes]:
    """Proof that the tree of `new` leaves begins with that of `old`. Raises ValueError."""
    if not 0 <= old <= new:
        raise ValueError("an older tree is not larger")
    return _between(old, 0, new, of, whole=True) if 0 < old < new else []


def _between(old: int, start: int, end: int, of: Range, *, whole: bool) -> list[bytes]:
    if old == end:
        return [] if whole else [of(start, end)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_between(old, start, middle, of, whole=whole), of(middle, end)]
    return [*_between(old, middle, end, of, whole=False), of(start, middle)]


def _split(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def check_inclusion(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofError where the proof does not show that the leaf is at that place of the tree with that root."""
    if not 0 <= index < size:
        raise ProofError("there is no such place in a tree of that size")
    place, last = index, size - 1
    for part in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if place & 1 or place == last:
            hashed = node(part, hashed)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            hashed = node(hashed, part)
        place >>= 1
        last >>= 1
    if last:
        raise ProofError("the proof is too short")
    if hashed != root:
        raise ProofError("the proof leads to another root")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ProofError where the proof does not show that the newer tree begins with the older one."""
    if not 0 <= old <= new:
        raise ProofError("an older tree is not larger")
    if old in (0, new):
        if proof:
            raise ProofError("the proof is too long")
        if old and old_root != new_root:
            raise ProofError("two trees of one size have two roots")
        if not old and old_root != EMPTY:
            raise ProofError("the root of an empty tree is another one")
        return
    parts = list(proof)
    if old & (old - 1) == 0:
        parts.insert(0, old_root)
    if not parts:
        raise ProofError("the proof is too short")
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = parts[0]
    for part in parts[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if place & 1 or place == last:
            before, after = node(part, before), node(part, after)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            after = node(after, part)
        place >>= 1
        last >>= 1
    if last:
        raise ProofError("the proof is too short")
    if before != old_root:
        raise ProofError("the proof leads to another older root")
    if after != new_root:
        raise ProofError("the proof leads to another newer root")
