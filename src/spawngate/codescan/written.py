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


def is_minified(source: bytes) -> bool:
    """Whether a file is made of lines longer than people write them, but for a head of comments."""
    if len(source) <= LONGEST_LINE * max(source.count(b"\n") + 1, FEWEST_LINES):
        return False
    lines = 0
    for line in source.split(b"\n"):
        if len(line) <= LONGEST_LINE and (text := line.strip()) and not text.startswith(_COMMENTS):
            lines += 1
            if lines >= HAND_WRITTEN:
                return False
    return True


def with_line_feeds(source: bytes) -> bytes:
    """A file whose lines end in carriage returns alone, which no grammar knows, with line feeds instead."""
    return source.replace(b"\r", b"\n") if b"\r" in source and b"\n" not in source else source
