"""Words and commands that were found to be harmless: most come again, in the same text and in the next.

What is kept is a hash under a key that Python draws anew for every process, never the word: nothing that
was redacted, or should have been, stays behind. That two words share a hash of 64 bits happens once in ages, and
nobody outside knows the key by which to look for such a pair.
Must not be here: what harmless means (`redact.lines`).
"""

import re
from collections.abc import Sequence

LONGEST = 19
"""Characters of a word that is kept: longer ones can be a revision or a project reference, which the word before
excuses."""
MOST = 16_384
"""Words that are kept; when there are more, all are forgotten."""
_LONE = re.compile(r"[\w./+~@%^!#?-]{1,19}")
"""Words in which there is nothing to go into: no pair, no substitution, no document, no address. What is said about
them does not depend on where they stand."""


class KnownWords:
    """A set of words of limited size."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._hashes: set[int] = set()

    def __contains__(self, word: str) -> bool:
        return len(word) <= LONGEST and hash(word) in self._hashes

    def add(self, word: str) -> None:
        """Keep a word, if it is one that may be kept."""
        if len(word) <= LONGEST and _LONE.fullmatch(word):
            if len(self._hashes) >= self._most:
                self._hashes.clear()
            self._hashes.add(hash(word))


LONGEST_COMMAND = 200
"""Characters of a command that is kept: longer ones seldom come again."""


class KnownCommands:
    """A set of commands, each a list of words, of limited size."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._hashes: set[int] = set()

    def __contains__(self, words: Sequence[str]) -> bool:
        return hash("\0".join(words)) in self._hashes

    def add(self, words: Sequence[str]) -> None:
        """Keep a command, if it is one that may be kept."""
        text = "\0".join(words)
        if len(text) <= LONGEST_COMMAND:
            if len(self._hashes) >= self._most:
                self._hashes.clear()
            self._hashes.add(hash(text))
