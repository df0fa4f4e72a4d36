"""Rows of words (shingles): copied text is known by them where each of its words is common.

Belongs here: what a phrase is, in content and in code that would run. Must not be here: single tokens
(`provenance.tokens`), hashing.
"""

from collections.abc import Sequence

from spawngate.provenance.common import COMMON
from spawngate.provenance.tokens import key_of

LENGTH = 5
"""Words of one phrase."""
RUN = 5
"""Phrases in a row that show copied text: 9 words."""
_BLOCK = 2_000


def phrases_of(words: Sequence[bytes], most: int = 4_000) -> set[bytes]:
    """The phrases of a content: those with a word that looks like code, which plain sentences hardly have.

    The first ones, about `most`.
    """
    found: set[bytes] = set()
    last = -1
    tries = 0
    for block in range(0, len(words), _BLOCK):
        keys = [key_of(word) for word in words[block : block + _BLOCK + LENGTH - 1]]
        for at, word in enumerate(words[block : block + _BLOCK]):
            if word.isalpha():
                continue
            for start in range(max(at - LENGTH + 1, last + 1 - block, 0), min(at + 1, len(keys) - LENGTH + 1)):
                found.add(b" ".join(keys[start : start + LENGTH]))
                last = block + start
                tries += 1
        # A text that says the same again and again would never come to an end.
        if len(found) >= most or tries > 4 * most:
            break
    return found


def all_phrases(words: Sequence[bytes]) -> list[bytes]:
    """Every phrase of a text that would run, in order; none where it is too short to tell."""
    keys = [key_of(word) for word in words]
    return [b" ".join(keys[at : at + LENGTH]) for at in range(len(keys) - LENGTH + 1)]


def telling(words: Sequence[bytes]) -> bool:
    """Whether a row of words holds two that are not common: else many texts hold it."""
    return len({word for word in words if (key := key_of(word)) not in COMMON and len(key) > 2}) >= 2
