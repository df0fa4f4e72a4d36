"""Expressions of Java to the intermediate representation.

Belongs here: everything that has a value. Not here: classes and methods (`java_definitions`), statements (`java`).
Names of nodes: tree-sitter-java 0.23, node-types.json; literals: JLS 3.10.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from math import isinf

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.java_scopes import CALLS, Scope, Scopes
from spawngate.codescan.frontends.java_types import lower_type
from spawngate.codescan.frontends.lowering import Lowering, at, operands_of, operator_of, parts_of, text_of
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

_CHAIN = {"method_invocation": "object", "field_access": "object", "array_access": "array"}
_CHAINED = frozenset(["+", "&&", "||", "-", "*"])
"""Operators whose chains are lowered as one operation."""
_COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">="])
_ESCAPE = re.compile(r"\\(u+[0-9A-Fa-f]{4}|[0-7]{1,3}|\r\n|[\s\S])")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "s": " ", "\n": "", "\r\n": "", "\r": ""}


class Expressions(Lowering, ABC):
    """Lowering of the expressions of one file."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.scopes = Scopes()
        self.expressions |= {
            "identifier": self._variable,
            "type_identifier": self._type_name,
            "scoped_type_identifier": self._type_name,
            "scoped_identifier": self._type_name,
            "generic_type": self._type_name,
            "array_type": self._type_name,
            "integral_type": self._type_name,
            "floating_point_type": self._type_name,
            "boolean_type": self._type_name,
            "this": self.myself,
            "super": self.parent,
            "null_literal": self.nothing,
            "true": self.true,
            "false": self.false,
            "string_literal": self._string,
            "character_literal": self._character,
            "decimal_integer_literal": self._number,
            "hex_integer_literal": self._number,
            "octal_integer_literal": self._number,
            "binary_integer_literal": self._number,
            "decimal_floating_point_literal": self._number,
            "hex_floating_point_literal": self._number,
            "parenthesized_expression": self.inner,
            "method_invocation": self._chain,
            "field_access": self._chain,
            "array_access": self._chain,
            "object_creation_expression": self._new,
            "array_creation_expression": self._new_array,
            "array_initializer": self._array,
            "element_value_array_initializer": self._array,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "update_expression": self._update,
            "ternary_expression": self._ternary,
            "instanceof_expression": self._instanceof,
            "cast_expression": self._cast,
            "assignment_expression": self._assignment,
            "lambda_expression": self._lambda,
            "method_reference": self._reference,
            "class_literal": self._class_literal,
            "switch_expression": self._switch_value,
        }

    @abstractmethod
    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block, in a scope of their own."""

    @abstractmethod
    def params(self, node: Node | None) -> tuple[ir.Param, ...]:
        """Parameters of a method or lambda, declared in the scope that is open."""

    @abstractmethod
    def anonymous(self, node: Node) -> ir.Unknown:
        """Body of an anonymous class."""

    @abstractmethod
    def switch_arms(self, node: Node) -> list[tuple[Node, list[Node], list[Node], Node | None]]:
        """Arms of a switch: place, labels, statements, guard."""

    # leaves

    def _variable(self, node: Node, line: int, column: int) -> ir.Expression:
        return self.scopes.variable(self.text(node), (line, column))

    def _type_name(self, node: Node, line: int, column: int) -> ir.Expression:
        return self.dotted(lower_type(self.reading, node).name, (line, column))

    def dotted(self, text: str, place: tuple[int, int]) -> ir.Expression:
        """`a.b.C` as a chain of attributes."""
        names = text.split(".")[:MAX_DEPTH]
        value: ir.Expression = ir.Name(*place, names[0])
        for name in names[1:]:
            value = ir.Attribute(*place, value, name)
        return value

    def _string(self, node: Node, line: int, column: int) -> ir.Expression:
        text = self.text(node)
        if text.startswith('"""'):
            return ir.Literal(line, column, _unescape(_block_text(text)))
        return ir.Literal(line, column, _unescape(text[1:-1]))

    def _character(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, _unescape(self.text(node)[1:-1]))

    def _number(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, number_value(self.text(node)))

    # chains

    def _chain(self, node: Node, line: int, column: int) -> ir.Expression:
        """`a.b(c).d[e]`: from the inside out, so that a long chain is no deep recursion."""
        links: list[Node] = []
        room = self.reading.room()
        inner: Node | None = node
        while inner is not None and inner.type in _CHAIN and len(links) < room:
            links.append(inner)
            inner = inner.child_by_field_name(_CHAIN[inner.type])
        value: ir.Expression | None = None
        if inner is not None and inner.type in _CHAIN:
            self.reading.trouble(inner, "nested too deep")
            value = self.reading.flat(inner, "too deep")
        elif inner is not None:
            value = self.expression(inner)
        self.reading.depth += len(links) // 2
        for link in reversed(links):
            value = self._link(link, value)
        self.reading.depth -= len(links) // 2
        return value if value is not None else ir.Unknown(line, column, node.type)

    def _link(self, link: Node, value: ir.Expression | None) -> ir.Expression:
        if link.type == "array_access":
            index = link.child_by_field_name("index")
            key = self.expression(index) if index is not None else None
            return ir.Index(*at(link), value if value is not None else ir.Unknown(*at(link), link.type), key)
        if link.type == "field_access":
            field = link.child_by_field_name("field")
            name = self.text(field) if field is not None else ""
            if value is None or name in ("this", "super"):  # Outer.this
                return value if name == "this" and value is not None else ir.Name(*at(link), "super")
            return ir.Attribute(*at(link), value, name)
        name_node = link.child_by_field_name("name")
        name = self.text(name_node) if name_node is not None else ""
        place = at(name_node) if name_node is not None else at(link)
        if value is None:
            callee = self.scopes.method(name, place)
        elif name in CALLS and self._holds_function(link):
            callee = value
        else:
            callee = ir.Attribute(*place, value, name)
        return ir.Call(*place, callee, self.arguments(link.child_by_field_name("arguments")))

    def _holds_function(self, link: Node) -> bool:
        """`f.apply(x)`, `this.f.apply(x)` where `f` is of a functional interface."""
        holder = link.child_by_field_name("object")
        if holder is not None and holder.type == "field_access":
            inner = holder.child_by_field_name("object")
            holder = holder.child_by_field_name("field") if inner is not None and inner.type == "this" else None
        return holder is not None and holder.type == "identifier" and self.scopes.is_callable(self.text(holder))

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """Arguments of a call."""
        parts = parts_of(node) if node is not None else []
        return tuple([ir.Argument(*at(part), self.expression(part)) for part in parts])

    def _new(self, node: Node, line: int, column: int) -> ir.Expression:
        written = node.child_by_field_name("type")
        if written is None:
            return self.reading.flat(node, "incomplete")
        callee = self.dotted(lower_type(self.reading, written).name, at(written))
        arguments = self.arguments(node.child_by_field_name("arguments"))
        body = next((part for part in node.named_children if part.type == "class_body"), None)
        if body is not None:
            arguments = (*arguments, ir.Argument(*at(body), self.anonymous(body)))
        return ir.Call(line, column, callee, arguments, new=True)

    def _new_array(self, node: Node, line: int, column: int) -> ir.Expression:
        value = node.child_by_field_name("value")
        return self.expression(value) if value is not None else ir.Sequence(line, column, ())

    def _array(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Sequence(line, column, self.all(node.named_children))

    # operators

    def _binary(self, node: Node, line: int, column: int) -> ir.Expression:
        operator = operator_of(node)
        operands = self.all(operands_of(node, operator, _CHAINED))
        if operator in ("&&", "||"):
            return ir.Operation(line, column, "and" if operator == "&&" else "or", operands)
        if operator in _COMPARISONS:
            return ir.Operation(line, column, operator, operands)
        if operator == "+":
            return text_of((line, column), operands)
        return ir.Operation(line, column, "arith", operands)

    def _unary(self, node: Node, line: int, column: int) -> ir.Expression:
        operand = node.child_by_field_name("operand")
        if operand is None:
            return self.reading.flat(node, "incomplete")
        value = self.expression(operand)
        operator = operator_of(node)
        number = value.value if isinstance(value, ir.Literal) else None
        if operator == "-" and isinstance(number, int | float) and not isinstance(number, bool):
            return ir.Literal(line, column, -number)
        return ir.Operation(line, column, "not" if operator == "!" else "arith", (value,))

    def _update(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Operation(line, column, "arith", self.all(node.named_children))

    def _ternary(self, node: Node, line: int, column: int) -> ir.Expression:
        test, yes, no = (node.child_by_field_name(part) for part in ("condition", "consequence", "alternative"))
        if test is None or yes is None or no is None:
            return self.reading.flat(node, "incomplete")
        asked = self.expression(test)
        return ir.Join(line, column, (self.expression(yes), self.expression(no)), asked)

    def _instanceof(self, node: Node, line: int, column: int) -> ir.Expression:
        left, right, name = (node.child_by_field_name(part) for part in ("left", "right", "name"))
        pattern = node.child_by_field_name("pattern")
        if left is None:
            return self.reading.flat(node, "incomplete")
        value = self.expression(left)
        if pattern is not None:
            return self.pattern(value, pattern)
        if right is None:
            return self.reading.flat(node, "incomplete")
        written = lower_type(self.reading, right)
        if name is not None:
            self.capture(name, ir.Cast(line, column, value, written))
        return ir.Operation(line, column, "instanceof", (value, self.dotted(written.name, at(right))))

    def capture(self, name: Node, value: ir.Expression) -> None:
        """A variable that a pattern binds."""
        self.scopes.declare(self.text(name))
        self.pending.append(ir.Assign(*at(name), ir.Name(*at(name), self.text(name)), value))

    def pattern(self, subject: ir.Expression, node: Node) -> ir.Expression:
        """Test of a type or record pattern; its variables are assigned before, from the subject as a whole."""
        place = at(node)
        parts = parts_of(node)
        if node.type == "method_invocation":
            return self._record(subject, node)
        for _ in range(4):  # a pattern that only holds another one
            if node.type != "pattern" or not parts:
                break
            node = parts[0]
            parts = parts_of(node)
        if node.type not in ("type_pattern", "record_pattern") or not parts:
            return ir.Operation(*place, "==", (subject, self.expression(node)))
        written = lower_type(self.reading, parts[0])
        cast = ir.Cast(*place, subject, written)
        names = parts[1:]
        if node.type == "record_pattern":
            names = [part for child in names for component in parts_of(child) for part in parts_of(component)[-1:]]
        for name in names:
            if name.type == "identifier":
                self.capture(name, cast)
        return ir.Operation(*place, "instanceof", (subject, self.dotted(written.name, place)))

    def _record(self, subject: ir.Expression, node: Node) -> ir.Expression:
        """`Outer.Record(String a, var b)`, which the grammar takes for a call with errors among its arguments."""
        place = at(node)
        arguments = node.child_by_field_name("arguments")
        named = self.text(node)[: (arguments.start_byte if arguments is not None else node.end_byte) - node.start_byte]
        written = ir.Type(*place, "".join(named.split()))
        cast = ir.Cast(*place, subject, written)
        todo = list(reversed(parts_of(arguments))) if arguments is not None else []
        while todo and self.reading.spend():
            part = todo.pop()
            if part.type == "identifier":
                self.capture(part, cast)
            elif part.type == "method_invocation":
                inner = part.child_by_field_name("arguments")
                todo.extend(reversed(parts_of(inner)) if inner is not None else [])
        return ir.Operation(*place, "instanceof", (subject, self.dotted(written.name, place)))

    def _cast(self, node: Node, line: int, column: int) -> ir.Expression:
        written, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        if written is None or value is None:
            return self.reading.flat(node, "incomplete")
        return ir.Cast(line, column, self.expression(value), lower_type(self.reading, written))

    def _assignment(self, node: Node, line: int, column: int) -> ir.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.reading.flat(node, "incomplete")
        value, target = self.expression(right), self.expression(left)
        operator = operator_of(node)
        if operator not in ("=", "+="):
            value = ir.Operation(line, column, "arith", (value,))
        self.pending.append(ir.Assign(line, column, target, value, augmented=operator != "="))
        return target if isinstance(target, ir.Name | ir.Attribute) else value

    # functions as values

    def _lambda(self, node: Node, line: int, column: int) -> ir.Expression:
        outer, self.pending = self.pending, []
        self.scopes.stack.append(Scope())
        params = self.params(node.child_by_field_name("parameters"))
        body_node = node.child_by_field_name("body")
        body: tuple[ir.Statement, ...] = ()
        if body_node is not None and body_node.type == "block":
            body = self.block(body_node)
        elif body_node is not None:
            value = self.expression(body_node)
            body = (*self.pending, ir.Return(value.line, value.column, value))
        self.scopes.stack.pop()
        self.pending = outer
        return ir.Closure(line, column, ir.Function(line, column, "", params, body))

    def _reference(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = [part for part in parts_of(node) if part.type != "type_arguments"]
        if not parts:
            return self.reading.flat(node, "incomplete")
        base = self.expression(parts[0])
        if len(parts) < 2:  # X::new
            return base
        return ir.Attribute(line, column, base, self.text(parts[1]))

    def _class_literal(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = parts_of(node)
        base = self.expression(parts[0]) if parts else ir.Unknown(line, column, node.type)
        return ir.Attribute(line, column, base, "class")

    def _switch_value(self, node: Node, line: int, column: int) -> ir.Expression:
        """A switch as a value: one of the values of its arms. What else is in the arms goes before it."""
        condition = node.child_by_field_name("condition")
        subject = self.expression(condition) if condition is not None else None
        branches: list[ir.Expression] = []
        known: list[ir.Expression] = []
        for group, labels, statements, guard in self.switch_arms(node):
            tests: list[ir.Expression] = []
            if subject is not None:
                tests = [self.label(subject, label) for label in labels]
            if guard is not None:
                self.expression(guard)
            before: list[ir.Statement] = []
            for statement in statements:
                if statement.type == "expression_statement" and len(statements) == 1:
                    branches.extend(self.all(statement.named_children))
                    continue
                for lowered in self.block(statement):
                    if isinstance(lowered, ir.Return) and not lowered.final and lowered.value is not None:
                        branches.append(lowered.value)
                    else:
                        before.append(lowered)
            test = _either(tests, at(group)) if tests else _none(known, at(group))
            known.extend(tests)
            if before:
                self.pending.append(ir.If(*at(group), test, tuple(before)))
        return ir.Join(line, column, tuple(branches), subject)

    def label(self, subject: ir.Expression, node: Node) -> ir.Expression:
        """Test of one label of a switch; the variables of a pattern are assigned before."""
        if is_pattern(node):
            return self.pattern(subject, node)
        return ir.Operation(*at(node), "==", (subject, self.expression(node)))


def is_pattern(label: Node) -> bool:
    """A label of a switch that takes a value apart, also one that the grammar takes for a call."""
    if label.type != "method_invocation":
        return label.type == "pattern"
    arguments = label.child_by_field_name("arguments")
    return arguments is not None and arguments.has_error


def _either(tests: list[ir.Expression], place: tuple[int, int]) -> ir.Expression:
    """One of the labels of an arm matched."""
    if len(tests) == 1:
        return tests[0]
    if all(isinstance(test, ir.Operation) and test.op == "==" for test in tests):
        pairs = [test.operands for test in tests if isinstance(test, ir.Operation)]
        return ir.Operation(*place, "in", (pairs[0][0], ir.Sequence(*place, tuple([right for _, right in pairs]))))
    return ir.Operation(*place, "or", tuple(tests))


def _none(tests: list[ir.Expression], place: tuple[int, int]) -> ir.Expression:
    """No label before `default` matched."""
    if not tests:
        return ir.Literal(*place, True)
    return ir.Operation(*place, "not", (_either(tests, place),))


def number_value(written: str) -> int | float | str:
    """Value of a number literal; its text where no 64 bits hold it."""
    text = written.replace("_", "")
    try:
        value: int | float
        if text[:2].lower() in ("0x", "0b") and "p" not in text.lower():
            value = int(text.rstrip("lL"), 0)
        elif text[:1] == "0" and text.rstrip("lL").isdecimal() and len(text.rstrip("lL")) > 1:
            value = int(text.rstrip("lL"), 8)
        elif text.rstrip("lL").isdecimal():
            value = int(text.rstrip("lL")) if len(text) < 22 else 2**63
        elif text[:2].lower() == "0x":
            value = float.fromhex(text.rstrip("fFdD") if "p" in text.lower() else text)
        else:
            value = float(text.rstrip("fFdD"))
    except (ValueError, OverflowError):
        return written[:100]
    if isinstance(value, float) and isinf(value):
        return written[:100]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return written[:100]
    return value


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    value = _ESCAPE.sub(lambda match: _escape(match[1]), text)
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escape(text: str) -> str:
    if text[0] == "u" and len(text) > 4:
        return chr(int(text.lstrip("u"), 16))
    if text[0] in "01234567":
        return chr(int(text, 8))
    return _SIMPLE.get(text, text)


def _block_text(written: str) -> str:
    """Text of a text block: behind its first line, without the indent that all lines share."""
    body = written[3:-3].partition("\n")[2]
    lines = body.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines[:-1] if line.strip()] + [
        len(lines[-1]) - len(lines[-1].lstrip())
    ]
    indent = min(indents)
    return "\n".join(line[indent:].rstrip() for line in lines)
