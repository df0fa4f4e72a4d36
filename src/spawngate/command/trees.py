"""tree-sitter, bounded.

Belongs here: the call of the parser and when it is given up. Must not be here: any grammar's nodes.
Once it has met an error its time may grow with the square of the text (20,000 bars take a second), and a tree with
errors is not trusted anyway: a long text is given up at its first error. Bounds count work, never time, so that a text
always ends in the same way.
"""

import re
from collections.abc import Iterator
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
"""Errors, and words skipped for them, after which nothing further is read of a text. The parser tells of an error only
when it cannot go on; where it skips a word and goes on, each takes it tens of microseconds (20,000 letters of `1 1 1`
took 0.35 s)."""
FEW_MENDED = 64
MENDED_BYTES = 24
"""Of a beginning, in which one error for so many bytes is too many, and more than a few: 4,000 letters of `2>&1 x *`
took 25 ms."""
MARK = "_"
_OTHER = re.compile(r"[^\x01-\x7f]")
SHORT = 2_000
"""Bytes of a text that is not given up for its first error."""
FIRST = 256
"""Bytes of a text that is always read to its end, and of the first beginning."""
DENSE = 5
"""Bytes for one error, on average, with which a stretch of text is no program: `!/` in PowerShell and `~&&` in Bash's
`[[` took 0.3 and 0.2 s for 2,000 letters, four times that for 4,000. What people write and a grammar does not know has
one in a few dozen."""
LOOKS = 512
"""Bytes from one stretch of FIRST bytes that is read by itself to the next."""
DEEPEST = 96
"""Nodes inside each other at the end of a beginning. Backquotes that all open something, 1,000 inside each other, took
0.25 s between two reports of progress. `budget.MAX_NESTED` commands inside each
other are as many nodes."""


def plain(text: str) -> bytes:
    """One byte for every letter of `text`, so that places in the tree are places in the text. What is not ASCII, and a
    letter in a word wherever it stands, is MARK: the scanners of these grammars look such letters up in a table that
    ends at 255 (`{` in front of U+60476 ended the process)."""
    return _OTHER.sub(MARK, text).encode("ascii")


def root(language: Language, data: bytes, patience: int) -> Node | None:
    """The tree of a text; None where it was given up. `patience` is how often the parser may report progress, which it
    does every hundred steps; what a step costs depends on the grammar, and grows with errors that stand close."""
    parser = Parser(language)
    if len(data) <= FIRST:
        return parser.parse(data).root_node
    # Its beginning first, then twice as much, up to a half: what is read twice costs less than what is mended in vain.
    # Where a stretch looks broken by itself the text is read up to there, before the parser goes on behind it.
    start = before = 0
    for end in _ends(parser, language, data):
        found = _read(parser, data[:end], patience, cut=True)
        if found is None or _deep(found, end):
            return None
        mended = _mended(language, found, data)
        many = min(MOST_MENDED, max(FEW_MENDED, end // MENDED_BYTES))
        if mended > many or DENSE * (mended - before) > max(end - start, FIRST):
            return None
        start, before = end, mended
    return _read(parser, data, patience, cut=len(data) <= SHORT)


def _ends(parser: Parser, language: Language, data: bytes) -> Iterator[int]:
    """Where the beginnings of a text end that are read before the whole."""
    end = FIRST
    while end < len(data):
        if 2 * end < len(data) or end == FIRST:
            yield end
        for at in range(end, min(2 * end, len(data) - FIRST), LOOKS):
            line = data.find(b"\n", at, at + FIRST) + 1 or at
            stretch = data[line : line + FIRST]
            if DENSE * _mended(language, parser.parse(stretch).root_node, stretch) > FIRST:
                yield line + FIRST  # one such stretch: it may stand in a quotation
                break
        end *= 2


def _deep(root: Node, end: int) -> bool:
    """Whether too many nodes stand inside each other. What opens again and again closes behind the middle of a text, be
    it by the parser."""
    for place in (end // 4, end // 2, end - 1):
        node, depth = root.descendant_for_byte_range(place, place), 0
        while node is not None and depth <= DEEPEST:
            node, depth = node.parent, depth + 1
        if depth > DEEPEST:
            return True
    return False


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


def _read(parser: Parser, data: bytes, patience: int, *, cut: bool) -> Node | None:
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
        found = parser.parse(chunk, progress_callback=give_up).root_node
        return found if left >= 0 else None
    except ValueError:  # tree-sitter's word for a parse that its callback ended
        parser.reset()
        return None
    finally:
        buffer.clear()
