"""What front-ends share: a parse under a budget, texts of nodes, and the walk over what is nested too deep.

Belongs here: nothing of one language. Not here: lowering.
"""

from __future__ import annotations

from tree_sitter import Language, Node, Parser

from spawngate.codescan import ir

MAX_DEPTH = 110
"""Levels of nesting that are lowered. Deeper source becomes an `ir.Unknown` that still holds the names in it. At four
frames a level this stays far below Python's recursion limit."""

MAX_TROUBLES = 50


class Reading:
    """One file while it is lowered."""

    __slots__ = ("budget", "depth", "incomplete", "source", "troubles")

    def __init__(self, source: bytes, budget: int) -> None:
        self.source = source
        self.budget = budget
        self.depth = 0
        self.incomplete = False
        self.troubles: list[ir.Trouble] = []

    def parse(self, language: Language) -> Node:
        """Root of the syntax tree; errors in it are recorded as troubles."""
        root = Parser(language).parse(self.source).root_node
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
