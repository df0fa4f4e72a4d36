"""A content to fingerprints: which parts of it are read, and what of them is kept.

Belongs here: the bounds of one content and the sampling of what is over them.
Must not be here: where it came from (`provenance.sources`), and what it is compared with (`provenance.session`).
"""

from collections.abc import Collection
from dataclasses import dataclass

from spawngate.provenance.encodings import hidden_texts
from spawngate.provenance.fingerprint import Digests, Fingerprinter
from spawngate.provenance.phrases import phrases_of
from spawngate.provenance.tokens import tokens_of_words, words_of

WHOLE = 1_048_576
"""Characters of a content that is read whole. Of a longer one the beginning, the end and slices between are."""
SEARCHED = 163_840
"""Characters of a content in which encodings are searched."""
_SLICE = 65_536
MOST_MARKED = 24_000
"""Fingerprints of names, addresses and literals that one content yields."""
MOST_PLAIN = 24_000
"""The same of plain words."""
MOST_PHRASES = 3_000
_MOST_HIDDEN = 300
"""Phrases of one text that was written in another spelling."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one content."""

    marked: Digests
    """In any order."""
    plain: Digests
    phrases: Digests
    """Both sorted."""
    partial: bool = False
    """Not all of the content was looked at."""


def prints_of(text: str, fingerprinter: Fingerprinter, *, encodings: bool = True) -> Prints:
    """The fingerprints of a content of any length. In time and size bounded; raises nothing.

    Without `encodings` only what stands there as it is.
    """
    partial = len(text) > WHOLE
    whole = _sampled(text, WHOLE) if partial else text
    searched = whole
    if encodings and len(whole) > SEARCHED:
        searched, partial = _sampled(whole, SEARCHED), True
    words = words_of(whole)
    phrases = phrases_of(words, MOST_PHRASES)
    tokens = set(words)
    for hidden in hidden_texts(searched) if encodings else ():
        inner = words_of(hidden)
        tokens.update(inner)
        if len(phrases) < MOST_PHRASES:
            phrases |= phrases_of(inner, _MOST_HIDDEN)
    found = tokens_of_words(tokens)
    marked, plain = found.marked, found.plain
    partial = partial or len(marked) > MOST_MARKED or len(plain) > MOST_PLAIN
    return Prints(
        # Nobody searches in these: only the others have to be in order.
        fingerprinter.many(_longest(marked, MOST_MARKED)),
        Digests("Q", sorted(fingerprinter.many(_longest(plain, MOST_PLAIN)))),
        Digests("Q", sorted(fingerprinter.many(phrases))),
        partial,
    )


def _longest(keys: set[bytes], most: int) -> Collection[bytes]:
    """The longest tell most; of equal ones always the same."""
    if len(keys) <= most:
        return keys
    by_length: dict[int, list[bytes]] = {}
    for key in keys:
        by_length.setdefault(len(key), []).append(key)
    chosen: list[bytes] = []
    for length in sorted(by_length, reverse=True):
        its = by_length[length]
        chosen += its if len(chosen) + len(its) <= most else sorted(its)[: most - len(chosen)]
        if len(chosen) == most:
            break
    return chosen


def _sampled(text: str, most: int) -> str:
    """Half from the beginning, a quarter from the end, and slices at equal distances between."""
    head, tail = most // 2, most // 4
    slices = max((most - head - tail) // _SLICE, 1)
    step = max((len(text) - head - tail) // slices, _SLICE)
    width = (most - head - tail) // slices
    between = [text[at : at + width] for at in range(head, len(text) - tail, step)]
    return "\n".join([text[:head], *between[:slices], text[-tail:]])
