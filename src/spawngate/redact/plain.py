"""Words and paths in which there is nothing to redact, told by their shape alone.

Most of what is redacted is a path of short words, and the whole way through documents, pairs, addresses and random
strings costs a hundred times what this look costs. Whatever is plain here, no method of the redactor changes; tests
try it against the redactor itself.
Must not be here: anything that makes a text a secret (`patterns`, `opaque`, `names`).
"""

import re

from spawngate.redact import patterns

_PIECE = r"(?:[a-z]{1,11}|\d{1,6})"
_SEGMENT = rf"(?=[^/]{{1,19}}(?:/|\Z)){_PIECE}(?:[._-]{_PIECE})*"
_LAST = rf"(?=[^/]{{1,19}}[.,]?\Z)[a-z]{{1,11}}(?:[._-]{_PIECE})*"
_PATH = re.compile(rf"(?:/|\.{{1,2}}/)(?:{_SEGMENT}/){{0,12}}{_LAST}[.,]?|(?:{_SEGMENT}/){{2,12}}{_LAST}[.,]?")
"""Runs of digits and of letters are apart, and no run is long enough to be random. A path ends in a name, because
digits and slashes alone may be base64; one slash between two words may part an account and its password."""


LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789._-/,"
_FORMATS = tuple((each.keyword, each.regex.search) for each in patterns.within(LETTERS, 20))
"""The vendors' formats that may have this shape: `glpat-` and what follows. A segment has 19 letters, and a sign may
end the last."""
_MOST = 4_096
_known: set[str] = set()
"""Paths that were found plain: one call asks for the same path several times."""


def is_plain_path(text: str) -> bool:
    """Whether `text` is a path with folders that every method of the redactor but `url` leaves as it is."""
    if text in _known:
        return True
    if _PATH.fullmatch(text) is None:
        return False
    for keyword, search in _FORMATS:
        if keyword in text and search(text):
            return False
    if len(_known) >= _MOST:
        _known.clear()
    _known.add(text)
    return True
