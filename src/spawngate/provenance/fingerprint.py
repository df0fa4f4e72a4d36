"""Keyed fingerprints of tokens: 64 bits each, of which nobody without the installation's key learns a text.

Belongs here: hashing. Must not be here: what a token is (`provenance.tokens`).
BLAKE2s of the key and the token: BLAKE2 knows no extension of a message (its last block is marked), so that a secret
prefix makes it a message authentication code, and short tokens cannot be guessed from their fingerprints without the
key. Its keyed mode (RFC 7693, section 2.9) would compress one block more for each token.
"""

from array import array
from collections.abc import Iterable
from hashlib import blake2b, blake2s
from struct import unpack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Digests = array[int]
else:
    Digests = array  # Before Python 3.12 it takes no parameter.

BYTES = 8
"""Bytes of one fingerprint. Of a million fingerprints a foreign token hits one with probability 5e-14."""

MOST_KEPT = 2_048
"""Paths whose fingerprints are kept; when there are more, all are forgotten."""
LONGEST_KEPT = 200
"""Characters of such a path: all together take less than a megabyte."""


class Fingerprinter:
    """Makes the fingerprints of one installation. `key` is its secret key, of 1 to 64 bytes."""

    def __init__(self, key: bytes) -> None:
        own = blake2b(key, digest_size=32, person=b"sg.provenance").digest()
        self._key = own
        self._paths: dict[str, int] = {}

    def one(self, token: bytes) -> int:
        """The fingerprint of one token."""
        return int.from_bytes(blake2s(self._key + token, digest_size=BYTES).digest(), "little")

    def path(self, path: str) -> int:
        """The fingerprint of a path. That of a short one is kept for a while: folders come again in every call."""
        digest = self._paths.get(path)
        if digest is None:
            digest = self.one(b"path\0" + path.encode("utf-8", "replace"))
            if len(path) <= LONGEST_KEPT:
                if len(self._paths) >= MOST_KEPT:
                    self._paths.clear()
                self._paths[path] = digest
        return digest

    def many(self, tokens: Iterable[bytes]) -> Digests:
        """The fingerprints of many tokens, in their order."""
        key, size = self._key, BYTES
        digests = [blake2s(key + token, digest_size=size).digest() for token in tokens]
        return array("Q", unpack(f"<{len(digests)}Q", b"".join(digests)))
