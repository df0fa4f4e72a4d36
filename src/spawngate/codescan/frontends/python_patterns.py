"""Python's `match` patterns: what a case tests, and which names it binds to which part of the subject.

Belongs here: the patterns of PEP 634 as tests and assignments of the intermediate representation. A test says of the
subject's parts what the pattern says (`subject["kind"] == "stdio"`), so that a guard may be read from it. Not here: the
statement itself (`python`).
"""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from spawngate.codescan import ir

MAX_PATTERN_DEPTH = 12
_CONTAINERS = frozenset(["str", "bytes", "bytearray", "list", "dict", "tuple", "set", "frozenset", "object"])
"""Builtin classes whose one positional pattern matches the subject itself."""
_NUMBERS = frozenset(["int", "float", "bool"])

Matched = tuple[ir.Expression | None, tuple[ir.Assign, ...]]
"""The test, None where it always holds, and the captures."""


class Patterns:
    """Lowering of the patterns of one file."""

    def __init__(self, text: Callable[[Node], str], value: Callable[[Node], ir.Expression]) -> None:
        """
        Args:
            text: source of a node.
            value: lowers what stands in a pattern as a value: a literal or a dotted name.
        """
        self.text = text
        self.value = value

    def case(self, subject: ir.Expression, patterns: list[Node]) -> Matched:
        """Test and captures of a case, whose patterns are several where the subject is a tuple without brackets."""
        if len(patterns) == 1:
            return self._pattern(subject, patterns[0], 0)
        return self._sequence(subject, patterns, 0)

    def _pattern(self, subject: ir.Expression, node: Node, depth: int) -> Matched:
        at = _at(node)
        while node.type == "case_pattern" and node.named_children:
            node = node.named_children[0]
        if node.type == "case_pattern":
            return None, ()
        if depth > MAX_PATTERN_DEPTH:
            return _some(subject), ()
        inner = [child for child in node.named_children if child.type != "comment"]
        if node.type in ("dotted_name", "identifier") and "." not in self.text(node):
            name = self.text(node)
            return None, () if name == "_" else (ir.Assign(*at, ir.Name(*at, name), subject),)
        if node.type == "union_pattern":
            return self._union(subject, inner, depth)
        if node.type == "dict_pattern":
            return self._dict(subject, node, depth)
        if node.type == "tuple_pattern" and len(inner) == 1 and "," not in self.text(node):
            return self._pattern(subject, inner[0], depth + 1)
        if node.type in ("list_pattern", "tuple_pattern"):
            return self._sequence(subject, inner, depth)
        if node.type == "class_pattern" and inner:
            return self._class(subject, inner, depth)
        if node.type == "as_pattern" and len(inner) == 2:
            test, captures = self._pattern(subject, inner[0], depth + 1)
            return test, (*captures, ir.Assign(*at, ir.Name(*at, self.text(inner[1])), subject))
        return ir.Operation(*at, "==", (subject, self.value(node))), ()

    def _union(self, subject: ir.Expression, alternatives: list[Node], depth: int) -> Matched:
        """`a | b`: each alternative binds the same names, to one of several parts."""
        matched = [self._pattern(subject, each, depth + 1) for each in alternatives]
        bound: dict[str, list[ir.Assign]] = {}
        for _, captures in matched:
            for capture in captures:
                if isinstance(capture.target, ir.Name):
                    bound.setdefault(capture.target.id, []).append(capture)
        captures = tuple(_joined(each) for each in bound.values())
        values: list[ir.Expression] = []
        for test, _ in matched:
            if test is None:
                return None, captures
            if isinstance(test, ir.Operation) and test.op == "==" and test.operands[0] is subject:
                values.append(test.operands[1])
        if len(values) == len(matched):
            at = subject.line, subject.column
            return ir.Operation(*at, "in", (subject, ir.Sequence(*at, tuple(values)))), captures
        return _some(subject), captures

    def _dict(self, subject: ir.Expression, node: Node, depth: int) -> Matched:
        pairs: list[Matched] = []
        keys, values = node.children_by_field_name("key"), node.children_by_field_name("value")
        for key, value in zip(keys, values, strict=False):
            part = ir.Index(*_at(key), subject, self.value(key))
            pairs.append(self._pattern(part, value, depth + 1))
        pairs.extend(self._splat(subject, child) for child in node.named_children if child.type == "splat_pattern")
        return _both(subject, pairs)

    def _sequence(self, subject: ir.Expression, items: list[Node], depth: int) -> Matched:
        pairs: list[Matched] = []
        behind = False
        for place, item in enumerate(items):
            here = item
            while here.type == "case_pattern" and here.named_children:
                here = here.named_children[0]
            at = _at(item)
            if here.type == "splat_pattern":
                behind = True
                pairs.append(self._splat(ir.Index(*at, subject, None), here))
                continue
            key = ir.Literal(*at, place - len(items) if behind else place)
            part: ir.Expression = ir.Index(*at, subject, key)
            if isinstance(subject, ir.Sequence) and not behind and place < len(subject.items):
                part = subject.items[place]
            pairs.append(self._pattern(part, item, depth + 1))
        return _both(subject, pairs)

    def _class(self, subject: ir.Expression, inner: list[Node], depth: int) -> Matched:
        """`Server(command=c)`; `str(c)`: the subject itself; `Server(c)`: its first field."""
        name, rest = self.text(inner[0]), inner[1:]
        at = _at(inner[0])
        seen = ir.Cast(*at, subject, ir.Type(*at, name))
        pairs: list[Matched] = []
        for place, item in enumerate(rest):
            here = item.named_children[0] if item.type == "case_pattern" and item.named_children else item
            if here.type == "keyword_pattern" and len(here.named_children) == 2:
                field, pattern = here.named_children
                part: ir.Expression = ir.Attribute(*_at(here), seen, self.text(field))
                pairs.append(self._pattern(part, pattern, depth + 1))
            elif name in _CONTAINERS or name in _NUMBERS:
                pairs.append(self._pattern(seen if name in _NUMBERS else subject, item, depth + 1))
            else:
                part = ir.Index(*_at(here), seen, ir.Literal(*_at(here), place))
                pairs.append(self._pattern(part, item, depth + 1))
        test, captures = _both(subject, pairs)
        kind = ir.Operation(*at, "instanceof", (subject, self.value(inner[0])))
        if isinstance(test, ir.Unknown):
            return kind, captures
        operands = (kind, *(test.operands if isinstance(test, ir.Operation) and test.op == "and" else (test,)))
        return ir.Operation(*at, "and", tuple(each for each in operands if each is not None)), captures

    def _splat(self, subject: ir.Expression, node: Node) -> Matched:
        names = [self.text(child) for child in node.named_children if child.type == "identifier"]
        at = _at(node)
        return None, tuple(ir.Assign(*at, ir.Name(*at, name), subject) for name in names if name != "_")


def _both(subject: ir.Expression, parts: list[Matched]) -> Matched:
    """Every part has to match. What has no test of its own still has a shape."""
    tests = [test for test, _ in parts if test is not None]
    captures = tuple(capture for _, several in parts for capture in several)
    if not tests:
        return _some(subject), captures
    if len(tests) == 1:
        return tests[0], captures
    return ir.Operation(subject.line, subject.column, "and", tuple(tests)), captures


def _joined(captures: list[ir.Assign]) -> ir.Assign:
    if len(captures) == 1:
        return captures[0]
    first = captures[0]
    branches = tuple(each.value for each in captures if each.value is not None)
    return ir.Assign(first.line, first.column, first.target, ir.Join(first.line, first.column, branches))


def _some(subject: ir.Expression) -> ir.Expression:
    """A test of which no more is known than what it looks at."""
    return ir.Unknown(subject.line, subject.column, "pattern", (subject,))


def _at(node: Node) -> tuple[int, int]:
    row, column = node.start_point
    return row + 1, column
