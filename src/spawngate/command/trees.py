"""tree-sitter, bounded.

Belongs here: the call of the parser and when it is given up. Must not be here: any grammar's nodes.
Once it has met an error its time may grow with the square of the text (20,000 bars take a second), and a tree with
errors is not trusted anyway: a long text is given up at its first error. Bounds count work, never time, so that a text
always ends in the same way.
"""

import re
from functools import cache

from tree_sitter import Language, Node, Parser, Point, Query, QueryCursor

CHUNK = 512
"""Bytes that the parser is handed at a time. It asks for the same ones again when it goes back."""
MOST_READS = 1_000
"""Chunks that any text may be read in; a longer one may be read GONE_BACK times. The lexer can go back to the same
place for every few letters (`x@x@x@`, one word of 20,000 letters, took two seconds), which the callback for progress
never sees. Scripts that people write are read three times."""
GONE_BACK = 16
SKIPPED = 8
"""Bytes of what is a word, or a sign, and no statement."""
MOST_MENDED = 200
"""Errors, and words skipped for them, after which nothing further is read of a long text. The parser tells of an
error only when it cannot go on; where it skips a word and goes on, each takes it tens of microseconds (20,000 letters
of `1 1 1` took 0.35 s)."""
MENDED_BYTES = 24
"""Of a beginning, in which one error for so many bytes is too many: 4,000 letters of `2>&1 x *` took 25 ms."""
MARK = "_"
_OTHER = re.compile(r"[^\x01-\x7f]")
STEP = 4_000
"""Bytes that a beginning grows by at most where errors are dear."""
SHORT = 2_000
"""Bytes of a text that is always read to its end."""


def plain(text: str) -> bytes:
    """One byte for every letter of `text`, so that places in the tree are places in the text. What is not ASCII, and a
    letter in a word wherever it stands, is MARK: the scanners of these grammars look such letters up in a table that
    ends at 255 (`{` in front of U+60476 ended the process)."""
    return _OTHER.sub(MARK, text).encode("ascii")


def root(language: Language, data: bytes, patience: int, *, dear: bool = False) -> Node | None:
    """The tree of a text; None where it was given up. `patience` is how often the parser may report progress, which it
    does every hundred steps; what a step costs depends on the grammar. `dear`: an error takes it longer than a line."""
    if len(data) <= SHORT:
        return Parser(language).parse(data).root_node
    # Its beginning first, then twice as much, and so on: what is read twice costs less than what is mended in vain. Up
    # to a half, or where errors are dear in short steps up to the end.
    end = SHORT
    while end == SHORT or (end if dear else 2 * end) < len(data):
        found = _read(language, data[:end], patience, cut=True)
        if found is None or _mended(language, found, data) > min(MOST_MENDED, end // MENDED_BYTES):
            return None
        end = min(2 * end, end + STEP) if dear else 2 * end
    return _read(language, data, patience)


@cache
def _query(language: Language) -> Query:
    return Query(language, "(ERROR) @error (MISSING) @error")


def _mended(language: Language, node: Node, data: bytes) -> int:
    """Errors; words that the parser put in; the short pieces in errors, which are skipped words and not the statements
    of a block that was cut open; and statements that nothing but blanks parts, where it had to begin anew."""
    if not node.has_error:
        return 0
    mended = 0
    for error in QueryCursor(_query(language)).captures(node).get("error", ()):
        mended += 1
        last = -1
        for child in error.children:
            start, end = child.start_byte, child.end_byte
            mended += end - start <= SKIPPED or (last >= 0 and not data[last:start].strip(b" \t"))
            last = end
    return mended


def _read(language: Language, data: bytes, patience: int, *, cut: bool = False) -> Node | None:
    """The tree of a text; that of one that was cut has errors because of that."""
    calls = 0

    def give_up(_offset: int, has_error: bool) -> bool:
        nonlocal calls
        calls += 1
        return (has_error and not cut) or calls > patience

    # py-tree-sitter 0.26 never lets go of what this callback returns: it is one buffer, emptied in the end, and not a
    # piece of the text each time, which leaked megabytes for a text that makes the parser go back often.
    buffer = bytearray()
    left = max(MOST_READS, GONE_BACK * len(data) // CHUNK)

    def chunk(offset: int, _place: Point) -> bytearray:
        nonlocal left
        left -= 1
        buffer[:] = data[offset : offset + CHUNK] if left >= 0 else b""  # nothing more ends the text
        return buffer

    try:
        found = Parser(language).parse(chunk, progress_callback=give_up).root_node
        return found if left >= 0 else None
    except ValueError:  # tree-sitter's word for a parse that its callback ended
        return None
    finally:
        buffer.clear()
