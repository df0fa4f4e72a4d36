"""Which sources people write: bundles, minified files and embedded data are told from them by their lines.

Belongs here: what the bytes of one file say. Not here: names of files and folders that are left out (the walk).
"""

LONGEST_LINE = 500
"""Bytes a line, on average: beyond it a file is minified, or holds data."""
FEWEST_LINES = 4
"""A file is held to have as many lines, so that a short one with a long line is read."""
HAND_WRITTEN = 10
"""Lines of code of a usual length: with as many a long line beside them is data, and no bundle."""
_COMMENTS = (b"//", b"/*", b"*", b"#")
_STATEMENTS = (b";", b"=>", b"){")
DENSE = 0.003
"""Ends of statements and beginnings of functions in a byte of long lines: bundles have twice as many and more, also
those with texts of many short lines in them; keys, tables of a tokenizer, pictures and translations at most half."""


def is_minified(source: bytes) -> bool:
    """Whether a file is made of lines longer than people write them, but for a head of comments."""
    if len(source) <= LONGEST_LINE * max(source.count(b"\n") + 1, FEWEST_LINES):
        return False
    short, long, statements = 0, 0, 0
    for line in source.split(b"\n"):
        if len(line) > LONGEST_LINE:
            long += len(line)
            statements += sum(line.count(each) for each in _STATEMENTS)
        elif (text := line.strip()) and not text.startswith(_COMMENTS):
            short += 1
    return short < HAND_WRITTEN or statements > DENSE * long


def with_line_feeds(source: bytes) -> bytes:
    """A file whose lines end in carriage returns alone, which no grammar knows, with line feeds instead."""
    return source.replace(b"\r", b"\n") if b"\r" in source and b"\n" not in source else source
