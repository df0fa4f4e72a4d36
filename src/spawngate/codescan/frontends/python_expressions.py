"""Expressions of Python to the intermediate representation.

Belongs here: everything that has a value. Not here: functions and classes (`python_definitions`), statements
(`python`), what a library means. Names of nodes: tree-sitter-python 0.25, node-types.json.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import COMMENTS, Lowering, at
from spawngate.codescan.frontends.python_text import number_value, string_value
from spawngate.codescan.frontends.syntax import Reading

_ARITHMETIC = frozenset(["-", "*", "/", "//", "**", "@", "&", "^", "<<", ">>"])


class Expressions(Lowering, ABC):
    """Lowering of the expressions of one file. Assignments inside expressions wait in `pending`."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.expressions |= {
            "identifier": self.name,
            "attribute": self._chain,
            "call": self._chain,
            "subscript": self._chain,
            "string": self._string,
            "concatenated_string": self._concatenated,
            "integer": self._number,
            "float": self._number,
            "true": self.true,
            "false": self.false,
            "none": self.nothing,
            "ellipsis": self.nothing,
            "list": self._sequence,
            "tuple": self._sequence,
            "set": self._sequence,
            "expression_list": self._sequence,
            "pattern_list": self._sequence,
            "tuple_pattern": self._sequence,
            "list_pattern": self._sequence,
            "dictionary": self._record,
            "list_comprehension": self._comprehension,
            "set_comprehension": self._comprehension,
            "dictionary_comprehension": self._comprehension,
            "generator_expression": self._comprehension,
            "boolean_operator": self._boolean,
            "not_operator": self._not,
            "comparison_operator": self._comparison,
            "binary_operator": self._binary,
            "unary_operator": self._unary,
            "conditional_expression": self._conditional,
            "lambda": self._lambda,
            "named_expression": self._walrus,
            "assignment": self._inner_assignment,
            "await": self._transparent,
            "parenthesized_expression": self._transparent,
            "list_splat": self._spread,
            "list_splat_pattern": self._spread,
            "yield": self._yield,
            "as_pattern": self._as_pattern,
            "as_pattern_target": self._transparent,
            "type": self._transparent,
        }

    @abstractmethod
    def params(self, node: Node | None) -> tuple[ir.Param, ...]:
        """Parameters of a function."""

    def _chain(self, node: Node, line: int, column: int) -> ir.Expression:
        """`a.b(c)[d].e`: from the inside out, so that a long chain is no deep recursion."""
        links: list[Node] = []
        room = self.reading.room()
        inner: Node | None = node
        while inner is not None and len(links) < room:
            if inner.type == "attribute":
                links.append(inner)
                inner = inner.child_by_field_name("object")
            elif inner.type == "call":
                links.append(inner)
                inner = inner.child_by_field_name("function")
            elif inner.type == "subscript":
                links.append(inner)
                inner = inner.child_by_field_name("value")
            else:
                break
        if inner is None:
            return self.reading.flat(node, "incomplete")
        if inner.type in ("attribute", "call", "subscript"):
            self.reading.trouble(inner, "nested too deep")
            value: ir.Expression = self.reading.flat(inner, "too deep")
        else:
            value = self.expression(inner)
        self.reading.depth += len(links) // 2
        if isinstance(value, ir.Call) and isinstance(value.callee, ir.Name) and value.callee.id == "super":
            value = value.callee
        for link in reversed(links):
            if link.type == "attribute":
                name = link.child_by_field_name("attribute")
                value = ir.Attribute(line, column, value, self.text(name) if name is not None else "")
            elif link.type == "call":
                arguments = link.child_by_field_name("arguments")
                row, place = _call_place(link)
                if isinstance(value, ir.Name) and value.id == "super":
                    continue
                value = ir.Call(row, place, value, self._arguments(arguments))
            else:
                keys = [self.expression(part) for part in link.children_by_field_name("subscript")]
                key = keys[0] if len(keys) == 1 else ir.Sequence(line, column, tuple(keys)) if keys else None
                value = ir.Index(line, column, value, None if _is_slice(key) else key)
        self.reading.depth -= len(links) // 2
        return value

    def _arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        if node is None:
            return ()
        if node.type == "generator_expression":
            return (ir.Argument(*at(node), self.expression(node)),)
        return tuple(self.argument(child) for child in node.named_children if child.type not in COMMENTS)

    def argument(self, node: Node) -> ir.Argument:
        """One argument of a call, or a keyword beside the bases of a class."""
        place = at(node)
        if node.type == "keyword_argument":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None:
                return ir.Argument(*place, self.expression(value), self.text(name))
        if node.type in ("list_splat", "dictionary_splat"):
            inner = self.only(node)
            if inner is not None:
                return ir.Argument(*place, inner, "", "*" if node.type == "list_splat" else "**")
        return ir.Argument(*place, self.expression(node))

    def _string(self, node: Node, line: int, column: int) -> ir.Expression:
        children = node.named_children
        if any(child.type == "interpolation" for child in children):
            parts: list[ir.Expression] = []
            for child in children:
                if child.type == "interpolation":
                    inner = child.child_by_field_name("expression")
                    if inner is not None:
                        parts.append(self.expression(inner))
                elif child.type == "string_content":
                    parts.append(ir.Literal(*at(child), self.text(child)))
            return ir.Format(line, column, tuple(parts))
        return ir.Literal(line, column, string_value(self.text(node)))

    def _concatenated(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = [self.expression(child) for child in node.named_children if child.type == "string"]
        return _joined_text(line, column, parts)

    def _number(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, number_value(self.text(node)))

    def _sequence(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Sequence(line, column, self.all(node.named_children))

    def _record(self, node: Node, line: int, column: int) -> ir.Expression:
        entries: list[ir.Entry] = []
        for child in node.named_children:
            place = at(child)
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(ir.Entry(*place, self.expression(key), self.expression(value)))
            elif child.type == "dictionary_splat":
                inner = self.only(child)
                if inner is not None:
                    entries.append(ir.Entry(*place, None, inner))
        return ir.Record(line, column, tuple(entries))

    def _comprehension(self, node: Node, line: int, column: int) -> ir.Expression:
        clauses: list[ir.Clause] = []
        for child in node.named_children:
            if child.type == "for_in_clause":
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if left is not None and right is not None:
                    clauses.append(ir.Clause(*at(child), self.expression(left), self.expression(right)))
            elif child.type == "if_clause" and clauses and child.named_children:
                last = clauses[-1]
                conditions = (*last.conditions, self.expression(child.named_children[0]))
                clauses[-1] = ir.Clause(last.line, last.column, last.target, last.iterable, conditions)
        body = node.child_by_field_name("body")
        if body is None:
            return self.reading.flat(node, node.type)
        key: ir.Expression | None = None
        if body.type == "pair":
            key_node, value_node = body.child_by_field_name("key"), body.child_by_field_name("value")
            if key_node is None or value_node is None:
                return self.reading.flat(node, node.type)
            key, value = self.expression(key_node), self.expression(value_node)
        else:
            value = self.expression(body)
        return ir.Comprehension(line, column, value, tuple(clauses), key)

    def _left_operands(self, node: Node, kind: str, operator: str) -> list[Node]:
        """Operands of a chain of one operator, left to right, without recursion."""
        operands: list[Node] = []
        current: Node | None = node
        while current is not None and current.type == kind:
            mark = current.child_by_field_name("operator")
            right = current.child_by_field_name("right")
            if mark is None or mark.type != operator or right is None:
                break
            operands.append(right)
            current = current.child_by_field_name("left")
        if current is not None:
            operands.append(current)
        operands.reverse()
        return operands

    def _boolean(self, node: Node, line: int, column: int) -> ir.Expression:
        mark = node.child_by_field_name("operator")
        operator = mark.type if mark is not None else "and"
        operands = self.all(self._left_operands(node, "boolean_operator", operator))
        if operator == "or":
            return ir.Join(line, column, operands)
        return ir.Operation(line, column, "and", operands)

    def _not(self, node: Node, line: int, column: int) -> ir.Expression:
        argument = node.child_by_field_name("argument")
        operands = (self.expression(argument),) if argument is not None else ()
        return ir.Operation(line, column, "not", operands)

    def _comparison(self, node: Node, line: int, column: int) -> ir.Expression:
        operands = self.all(node.named_children)
        marks = [" ".join(mark.type.split()) for mark in node.children_by_field_name("operators")]
        if len(operands) == 2 and len(marks) == 1:
            operator = {"<>": "!="}.get(marks[0], marks[0])
            return ir.Operation(line, column, operator, operands)
        pairs = [
            ir.Operation(line, column, mark if mark in ir.OPERATORS else "==", operands[at : at + 2])
            for at, mark in enumerate(marks[: len(operands) - 1])
        ]
        return ir.Operation(line, column, "and", tuple(pairs))

    def _binary(self, node: Node, line: int, column: int) -> ir.Expression:
        mark = node.child_by_field_name("operator")
        operator = mark.type if mark is not None else "+"
        operands = self._left_operands(node, "binary_operator", operator)
        if operator in _ARITHMETIC:
            return ir.Operation(line, column, "arith", self.all(operands))
        parts = list(self.all(operands))
        if operator == "|":
            return ir.Record(line, column, tuple(ir.Entry(part.line, part.column, None, part) for part in parts))
        if operator == "+" and any(isinstance(part, ir.Sequence | ir.Comprehension) for part in parts):
            return ir.Sequence(
                line,
                column,
                tuple(
                    item
                    for part in parts
                    for item in (
                        part.items if isinstance(part, ir.Sequence) else (ir.Spread(part.line, part.column, part),)
                    )
                ),
            )
        if operator == "%" and len(parts) == 2 and isinstance(parts[1], ir.Sequence):
            parts = [parts[0], *parts[1].items]
        return _joined_text(line, column, parts)

    def _unary(self, node: Node, line: int, column: int) -> ir.Expression:
        value = self.only(node)
        if isinstance(value, ir.Literal) and isinstance(value.value, int | float) and self.text(node)[:1] == "-":
            return ir.Literal(line, column, -value.value)
        return ir.Operation(line, column, "arith", (value,) if value is not None else ())

    def _conditional(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = self.all(node.named_children)
        if len(parts) != 3:
            return ir.Unknown(line, column, node.type, parts)
        return ir.Join(line, column, (parts[0], parts[2]), parts[1])

    def _lambda(self, node: Node, line: int, column: int) -> ir.Expression:
        body = node.child_by_field_name("body")
        value = self.expression(body) if body is not None else None
        statements = (ir.Return(value.line, value.column, value),) if value is not None else ()
        params = self.params(node.child_by_field_name("parameters"))
        return ir.Closure(line, column, ir.Function(line, column, "", params, statements))

    def _walrus(self, node: Node, line: int, column: int) -> ir.Expression:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return self.reading.flat(node, node.type)
        target = self.expression(name)
        self.pending.append(ir.Assign(line, column, target, self.expression(value)))
        return target

    def _inner_assignment(self, node: Node, line: int, column: int) -> ir.Expression:
        right = node.child_by_field_name("right")
        return self.expression(right) if right is not None else ir.Unknown(line, column, "assignment")

    def _transparent(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = self.only(node)
        return inner if inner is not None else ir.Sequence(line, column, ())

    def _spread(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = self.only(node)
        return ir.Spread(line, column, inner) if inner is not None else ir.Unknown(line, column, node.type)

    def _yield(self, node: Node, line: int, column: int) -> ir.Expression:
        value = self.only(node)
        self.pending.append(ir.Return(line, column, value, final=False))
        return ir.Unknown(line, column, "yield")

    def _as_pattern(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = node.named_children
        return self.expression(parts[0]) if parts else ir.Unknown(line, column, node.type)

    def only(self, node: Node) -> ir.Expression | None:
        """The first part that is no comment."""
        for child in node.named_children:
            if child.type not in COMMENTS:
                return self.expression(child)
        return None


def _call_place(node: Node) -> tuple[int, int]:
    """Where a call is reported: the line of the name that is called, which matters in chains over many lines."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        name = function.child_by_field_name("attribute")
        if name is not None:
            return name.start_point[0] + 1, name.start_point[1]
    return at(node)


def _is_slice(key: ir.Expression | None) -> bool:
    return key is None or (isinstance(key, ir.Unknown) and key.what == "slice")


def _joined_text(line: int, column: int, parts: list[ir.Expression]) -> ir.Expression:
    """Parts of one text; constants that stand together are one constant."""
    if parts and all(isinstance(part, ir.Literal) and isinstance(part.value, str) for part in parts):
        return ir.Literal(line, column, "".join(str(part.value) for part in parts if isinstance(part, ir.Literal)))
    if parts and all(isinstance(part, ir.Literal) and isinstance(part.value, int | float) for part in parts):
        return ir.Operation(line, column, "arith", tuple(parts))
    return ir.Format(line, column, tuple(parts))
