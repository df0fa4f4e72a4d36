"""What front-ends share: a parse under a budget, texts of nodes, and the walk over what is nested too deep.

Belongs here: nothing of one language. Not here: lowering.
"""

from __future__ import annotations

import re

from tree_sitter import Language, Node, Parser, Point

from spawngate.codescan import ir

MAX_DEPTH = 110
"""Levels of nesting that are lowered. Deeper source becomes an `ir.Unknown` that still holds the names in it. At four
frames a level this stays far below Python's recursion limit."""

MAX_TROUBLES = 50

MAX_OPEN = 150
"""Angle brackets that may be open at once. Each may be a comparison or a list of types, and the parser keeps all ways:
16 kB of `A<B,A<B,` took 400 MB, 60 kB of `a<a<` 23 GB (Java and TypeScript)."""
MENDING = 8_000
"""Reports of progress after the first error; one stands for a hundred steps and takes up to 0.3 ms then."""
STUCK, STUCK_BYTES, STUCK_WITHOUT_ERROR = 100, 45, 18
"""No more than one report for so many bytes, once there are so many reports: after the first error, and before it.
Sources that people write need one for 56 bytes or more, and 100,000 brackets one for 25; 8 kB of `a<a=>` in Java needed
one for 12 bytes, 26 s and 2 GB, with no error to be seen."""
CHUNK = 4_096
READ_AGAIN = 16
"""How often the whole text may be read: the scanners of raw strings and templates can go back to the same place again
and again (`r#"r#"`, 60 kB took minutes), which no report of progress shows."""
BEGINNING = 32_768
"""Bytes that are read of a file that is given up."""
MAX_STRANGE = 20
"""Signs that the language does not have, in one piece between brackets and semicolons. 9 kB of `a=>a=>` took Java's
grammar 140 s and 3 GB, in one step at the end of the text that no callback can end."""
_BREAKS = re.compile(rb"[;(){}]")


class Reading:
    """One file while it is lowered."""

    __slots__ = ("budget", "depth", "incomplete", "source", "troubles")

    def __init__(self, source: bytes, budget: int) -> None:
        self.source = source
        self.budget = budget
        self.depth = 0
        self.incomplete = False
        self.troubles: list[ir.Trouble] = []

    def parse(self, language: Language, strange: re.Pattern[bytes] | None = None) -> Node:
        """Root of the syntax tree; errors in it are recorded as troubles.

        `strange`: a sign that the language does not have, and that its grammar takes too long over.
        """
        cut = _too_open(self.source, strange)
        text = self.source if cut is None else self.source[:cut]
        root, known = _parsed(language, text)
        for end in (known, min(known, BEGINNING), 0):
            if root is None:
                text = text[:end]
                root, _ = _parsed(language, text)
        if root is None:
            root = Parser(language).parse(b"").root_node
        if len(text) < len(self.source):
            self.incomplete = True
            line = text.count(b"\n") + 1
            self.troubles.append(ir.Trouble(line, 0, "source that takes too long to parse: not read from here"))
        if root.has_error:
            self._errors(root)
        return root

    def _errors(self, root: Node) -> None:
        cursor = root.walk()
        seen = 0
        while seen < self.budget and len(self.troubles) < MAX_TROUBLES:
            seen += 1
            node = cursor.node
            if node is not None and (node.is_error or node.is_missing):
                self.trouble(node, "syntax that the grammar does not know")
            elif node is not None and node.has_error and cursor.goto_first_child():
                continue
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    return

    def room(self) -> int:
        """Links that a chain may have here: two count as one level, because the tree of a chain is as deep."""
        return max(2 * (MAX_DEPTH - self.depth), 2)

    def trouble(self, node: Node, what: str) -> None:
        """Record a place that is not understood, at most MAX_TROUBLES of them."""
        if len(self.troubles) < MAX_TROUBLES:
            row, column = node.start_point
            self.troubles.append(ir.Trouble(row + 1, column, what))

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def spend(self) -> bool:
        """Take one step of the budget; False when it is used up."""
        self.budget -= 1
        if self.budget < 0:
            self.incomplete = True
            return False
        return True

    def flat(self, node: Node, what: str) -> ir.Unknown:
        """A node whose inside is not lowered: the identifiers in it, at most a hundred, without recursion."""
        row, column = node.start_point
        names: dict[str, ir.Name] = {}
        cursor = node.walk()
        while len(names) < 100 and self.spend():
            here = cursor.node
            if here is not None and here.type == "identifier":
                line, place = here.start_point
                name = self.text(here)
                names.setdefault(name, ir.Name(line + 1, place, name))
            if cursor.goto_first_child():
                continue
            done = False
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    done = True
                    break
            if done:
                break
        return ir.Unknown(row + 1, column, what, tuple(names.values()))


def _too_open(source: bytes, strange: re.Pattern[bytes] | None) -> int | None:
    """Where more than MAX_OPEN angle brackets are open in one piece between brackets and semicolons, or more than
    MAX_STRANGE strange signs stand; None: nowhere."""
    suspect = strange is not None and len(strange.findall(source)) > MAX_STRANGE
    if source.count(b"<") <= MAX_OPEN and not suspect:
        return None
    start = 0
    for piece in _BREAKS.split(source):
        if piece.count(b"<") > MAX_OPEN and piece.count(b"<") - piece.count(b">") > MAX_OPEN // 2:
            return start
        if suspect and strange is not None and len(strange.findall(piece)) > MAX_STRANGE:
            return start
        start += len(piece) + 1
    return None


def _parsed(language: Language, source: bytes) -> tuple[Node | None, int]:
    """The tree of a text, None where it would take too long; and how far it was read without an error.

    The bounds count work, never time, so that a text is always read in the same way.
    """
    mending = first = calls = 0
    left = 64 + READ_AGAIN * len(source) // CHUNK
    # py-tree-sitter 0.26 never lets go of what this callback returns: so it is one buffer, emptied in the end.
    buffer = bytearray()

    def chunk(offset: int, _place: Point) -> bytearray:
        nonlocal left
        left -= 1
        buffer[:] = source[offset : offset + CHUNK] if left >= 0 else b""
        return buffer

    def give_up(offset: int, has_error: bool) -> bool:
        nonlocal mending, first, calls
        calls += 1
        if not has_error:
            first = max(first, offset)
            return calls > STUCK and calls * STUCK_WITHOUT_ERROR > offset
        mending += 1
        return mending > MENDING or (mending > STUCK and mending * STUCK_BYTES > offset - first)

    try:
        root = Parser(language).parse(chunk, progress_callback=give_up).root_node
    except ValueError:  # tree-sitter's word for a parse that its callback ended
        return None, first
    finally:
        buffer.clear()
    return (root if left >= 0 else None), first
