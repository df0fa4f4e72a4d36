"""What lowering is in every language: dispatch by kind of node, depth and budget, waiting statements.

Belongs here: nothing of one grammar. Not here: budgets and texts themselves (`syntax`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

COMMENTS = frozenset(["comment", "line_comment", "block_comment", "html_comment", "hash_bang_line"])
MAX_ARMS = 40
"""Arms of a switch, a match and of an `else if` that are nested; further ones begin anew beside them."""

Arm = tuple[tuple[int, int], ir.Expression, tuple[ir.Statement, ...]]
"""Place, test and body of one arm of a choice."""


def at(node: Node) -> tuple[int, int]:
    """Line and column of a node."""
    row, column = node.start_point
    return row + 1, column


def parts_of(node: Node) -> list[Node]:
    """Named children without comments."""
    return [child for child in node.named_children if child.type not in COMMENTS]


def choice(arms: list[Arm], orelse: tuple[ir.Statement, ...]) -> tuple[ir.Statement, ...]:
    """Arms as nested If; a long chain is cut into several beside each other, because the tree must not be deep."""
    pieces: list[ir.Statement] = []
    for start in range(0, len(arms), MAX_ARMS):
        rest = orelse if start + MAX_ARMS >= len(arms) else ()
        for place, test, body in reversed(arms[start : start + MAX_ARMS]):
            rest = (ir.If(*place, test, body, rest),)
        pieces.extend(rest)
    return tuple(pieces) if arms else orelse


def text_of(place: tuple[int, int], parts: tuple[ir.Expression, ...]) -> ir.Expression:
    """`a + b`: constants that stand together are one constant, as far as one of them is a text."""
    values = [part.value for part in parts if isinstance(part, ir.Literal)]
    if len(values) < len(parts):
        return ir.Format(*place, parts)
    if any(isinstance(value, str) for value in values):
        return ir.Literal(*place, "".join(str(value) for value in values))
    return ir.Operation(*place, "arith", parts)


def operator_of(node: Node) -> str:
    """The operator of an expression; empty for none."""
    mark = node.child_by_field_name("operator")
    return mark.type if mark is not None else ""


def operands_of(node: Node, operator: str, chained: frozenset[str]) -> list[Node]:
    """Operands of a binary expression, left to right; of an operator in `chained` those of the whole chain."""
    operands: list[Node] = []
    current: Node | None = node
    while current is not None and current.type == "binary_expression" and operator_of(current) == operator:
        right = current.child_by_field_name("right")
        if right is None:
            break
        operands.append(right)
        current = current.child_by_field_name("left")
        if operator not in chained:
            break
    if current is not None:
        operands.append(current)
    operands.reverse()
    return operands


class Lowering:
    """Lowering of one file. Statements that an expression needs before it wait in `pending`."""

    marks_kind = ""
    """Kind of the nodes that stand before a statement and mark it: decorators, attributes."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.pending: list[ir.Statement] = []
        self.marks: list[Node] = []
        self.invented = 0
        self.expressions: dict[str, Callable[[Node, int, int], ir.Expression]] = {}
        self.statements: dict[str, Callable[[Node, list[ir.Statement]], None]] = {}

    def expression(self, node: Node) -> ir.Expression:
        """An expression; what has no rule becomes Unknown with its parts."""
        reading = self.reading
        row, column = node.start_point
        if not reading.spend():
            return ir.Unknown(row + 1, column, "budget")
        if reading.depth >= MAX_DEPTH:
            reading.trouble(node, "nested too deep")
            return reading.flat(node, "too deep")
        reading.depth += 1
        handler = self.expressions.get(node.type)
        if handler is not None:
            lowered = handler(node, row + 1, column)
        else:
            lowered = ir.Unknown(row + 1, column, node.type, self.all(node.named_children))
        reading.depth -= 1
        return lowered

    def all(self, nodes: Iterable[Node]) -> tuple[ir.Expression, ...]:
        """Expressions of nodes, without comments."""
        return tuple([self.expression(node) for node in nodes if node.type not in COMMENTS])

    def fill(self, nodes: Iterable[Node], around: Node, out: list[ir.Statement]) -> None:
        """Statements, in order, behind those that they need before them."""
        reading = self.reading
        if reading.depth >= MAX_DEPTH:
            reading.trouble(around, "nested too deep")
            out.append(ir.Evaluate(*at(around), reading.flat(around, "too deep")))
            return
        reading.depth += 1
        marks: list[Node] = []
        for child in nodes:
            if child.type in COMMENTS:
                continue
            if not reading.spend():
                break
            if child.type == self.marks_kind:
                marks.append(child)
                continue
            self.statement(child, out, marks)
            marks = []
        reading.depth -= 1

    def statement(self, node: Node, out: list[ir.Statement], marks: list[Node] | None = None) -> None:
        """One statement; nothing for what is none."""
        outer, self.pending = self.pending, []
        self.marks = marks or []
        lowered: list[ir.Statement] = []
        handler = self.statements.get(node.type)
        if handler is not None:
            handler(node, lowered)
        elif node.type in self.expressions:
            self.effect(node, lowered)
        out.extend(self.pending)
        out.extend(lowered)
        self.pending = outer

    def effect(self, node: Node, out: list[ir.Statement]) -> None:
        """An expression that stands where a statement stands."""
        value = self.expression(node)
        self.flush(out)
        if not isinstance(value, ir.Literal | ir.Name):
            out.append(ir.Evaluate(value.line, value.column, value))

    def flush(self, out: list[ir.Statement]) -> None:
        """Move the statements that wait."""
        out.extend(self.pending)
        self.pending = []

    def invent(self, what: str) -> str:
        """A name that the source does not have."""
        self.invented += 1
        return f"_{what}{self.invented}"

    def constant_text(self, value: ir.Expression) -> str | None:
        """Text of a constant; None for anything else."""
        return value.value if isinstance(value, ir.Literal) and isinstance(value.value, str) else None

    def nothing(self, node: Node, line: int, column: int) -> ir.Expression:
        """`null` and its kin."""
        return ir.Literal(line, column, None)

    def true(self, node: Node, line: int, column: int) -> ir.Expression:
        """`true`."""
        return ir.Literal(line, column, True)

    def false(self, node: Node, line: int, column: int) -> ir.Expression:
        """`false`."""
        return ir.Literal(line, column, False)

    def myself(self, node: Node, line: int, column: int) -> ir.Expression:
        """`this`, `self`."""
        return ir.Name(line, column, "self")

    def parent(self, node: Node, line: int, column: int) -> ir.Expression:
        """`super`."""
        return ir.Name(line, column, "super")

    def name(self, node: Node, line: int, column: int) -> ir.Expression:
        """An identifier."""
        return ir.Name(line, column, self.text(node))

    def inner(self, node: Node, line: int, column: int) -> ir.Expression:
        """The value of the last part: parentheses, `await`, `&mut`."""
        current = node
        while self.expressions.get(current.type) == self.inner:
            parts = parts_of(current)
            if not parts:
                return ir.Literal(line, column, None)
            current = parts[-1]
        return self.expression(current)
