"""Patterns of Rust to the intermediate representation: what they bind, and what they test.

Belongs here: everything that takes a value apart. Not here: what has a value (`rust_expressions`). Names of nodes:
tree-sitter-rust 0.24, node-types.json.
"""

from __future__ import annotations

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import COMMENTS, Lowering, at, parts_of
from spawngate.codescan.frontends.rust_types import lower_type
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

_HELD = frozenset(["Some", "Ok", "Err", "Json", "Form", "Query", "Path", "State", "Extension", "Data", "Parameters"])
"""Patterns with one place that give the value itself; extractors of Axum, Actix and rmcp among them."""
_PATTERN_WRAPPERS = frozenset(["match_pattern", "ref_pattern", "mut_pattern", "reference_pattern", "parameter"])


class Patterns(Lowering):
    """Lowering of the patterns of one file."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.itself = ""
        """What `Self` stands for."""

    def _field(self, node: Node | None) -> str:
        return self.text(node).removeprefix("r#") if node is not None else ""

    def captures(self, subject: ir.Expression, pattern: Node) -> list[ir.Statement]:
        """Assignments of the variables that a pattern binds."""
        out: list[ir.Statement] = []
        for each in self._alternatives(pattern):
            target = self.target(each)
            if not isinstance(target, ir.Literal | ir.Unknown):
                out.append(ir.Assign(*at(each), target, self.narrowed(subject, each)))
        return out

    def narrowed(self, subject: ir.Expression, pattern: Node) -> ir.Expression:
        """The subject as the variant that a pattern names: `E::A { x }` takes nothing out of an `E::B`."""
        pattern = self._bare(pattern)
        name = pattern.child_by_field_name("type")
        if pattern.type not in ("struct_pattern", "tuple_struct_pattern") or name is None:
            return subject
        if name.type not in ("scoped_identifier", "scoped_type_identifier"):
            return subject
        return ir.Cast(*at(pattern), subject, lower_type(self.reading, name, self.itself))

    def _alternatives(self, pattern: Node) -> list[Node]:
        """Parts of `a | b | c`, without recursion along it."""
        pattern = self._bare(pattern)
        out: list[Node] = []
        while pattern.type == "or_pattern":
            parts = parts_of(pattern)
            if len(parts) < 2:
                break
            out.extend(reversed(parts[1:]))
            pattern = parts[0]
        out.append(pattern)
        out.reverse()
        return [self._bare(each) for each in out]

    def _bare(self, pattern: Node) -> Node:
        while pattern.type in _PATTERN_WRAPPERS:
            parts = [part for part in parts_of(pattern) if part.type not in ("mutable_specifier", "lifetime")]
            inner = pattern.child_by_field_name("pattern") or (parts[0] if parts else None)
            if inner is None:
                break
            pattern = inner
        return pattern

    def target(self, pattern: Node) -> ir.Expression:
        """A pattern as the target of an assignment; a Literal where nothing is bound."""
        node = self._bare(pattern)
        kind, place = node.type, at(node)
        if kind in ("identifier", "shorthand_field_identifier"):
            text = self.text(node).removeprefix("r#")
            constant = text[:1].isupper()
            return ir.Literal(*place, None) if constant else ir.Name(*place, text)
        if self.reading.depth >= MAX_DEPTH or not self.reading.spend():
            self.reading.trouble(node, "nested too deep")
            return ir.Literal(*place, None)
        self.reading.depth += 1
        target = self._inner_target(node, kind, place)
        self.reading.depth -= 1
        return target

    def _inner_target(self, node: Node, kind: str, place: tuple[int, int]) -> ir.Expression:
        if kind in ("tuple_pattern", "slice_pattern"):
            return ir.Sequence(*place, self._target_items(node.children))
        if kind == "tuple_struct_pattern":
            name = node.child_by_field_name("type")
            inner = parts_of(node)[1:]
            last = self.text(name).rpartition(":")[2] if name is not None else ""
            if last in _HELD and len(inner) == 1:
                return self.target(inner[0])
            items = self._target_items(node.children[1:])
            places = [
                ir.Entry(item.line, item.column, ir.Literal(item.line, item.column, str(number)), item)
                for number, item in enumerate(items)
                if not isinstance(item, ir.Literal | ir.Spread)
            ]
            return ir.Record(*place, tuple(places))
        if kind == "struct_pattern":
            entries: list[ir.Entry] = []
            for part in parts_of(node):
                field, inner_pattern = part.child_by_field_name("name"), part.child_by_field_name("pattern")
                if part.type == "field_pattern" and field is not None:
                    key = ir.Literal(*at(field), self._field(field))
                    entries.append(ir.Entry(*at(part), key, self.target(inner_pattern or field)))
            return ir.Record(*place, tuple(entries))
        if kind == "captured_pattern":
            return self.target(parts_of(node)[0])
        if kind == "or_pattern":
            return self.target(self._alternatives(node)[0])
        return ir.Literal(*place, None)

    def _target_items(self, parts: list[Node]) -> tuple[ir.Expression, ...]:
        items: list[ir.Expression] = []
        for part in parts:
            if part.type == "captured_pattern" and any(
                child.type == "remaining_field_pattern" for child in part.children
            ):
                items.append(ir.Spread(*at(part), self.target(parts_of(part)[0])))
            elif part.type == "_":
                items.append(ir.Literal(*at(part), None))
            elif part.type == "remaining_field_pattern":
                items.append(ir.Spread(*at(part), ir.Literal(*at(part), None)))
            elif part.is_named and part.type not in COMMENTS:
                items.append(self.target(part))
        return tuple(items)

    def test(self, subject: ir.Expression, pattern: Node) -> ir.Expression | None:
        """The test that a pattern makes; None for one that always holds."""
        alternatives = self._alternatives(pattern)
        place = at(pattern)
        if len(alternatives) == 1:
            return self._test_of(subject, alternatives[0], place)
        values = [self._constant_of(each) for each in alternatives]
        constants = [value for value in values if value is not None]
        if len(constants) == len(values):
            return ir.Operation(*place, "in", (subject, ir.Sequence(*place, tuple(constants))))
        tests = [self._test_of(subject, each, place) for each in alternatives]
        kept = tuple([test for test in tests if test is not None])
        return ir.Operation(*place, "or", kept) if len(kept) == len(tests) else None

    def _constant_of(self, node: Node) -> ir.Expression | None:
        """Value of a pattern that is a constant or a path."""
        kind = node.type
        if kind.endswith("_literal") or kind == "scoped_identifier":
            return self.expression(node)
        if kind == "identifier" and self.text(node)[:1].isupper():
            return self.expression(node)
        return None

    def _test_of(self, subject: ir.Expression, node: Node, place: tuple[int, int]) -> ir.Expression | None:
        value = self._constant_of(node)
        if value is not None:
            return ir.Operation(*place, "==", (subject, value))
        if node.type in ("tuple_struct_pattern", "struct_pattern"):
            name = node.child_by_field_name("type")
            if name is None:
                return None
            if self.text(name) == "Some":
                inner = self.test(subject, parts_of(node)[-1]) if len(parts_of(node)) > 1 else None
                absent = ir.Operation(*place, "is not", (subject, ir.Literal(*place, None)))
                return absent if inner is None else inner
            return ir.Operation(*place, "instanceof", (subject, self.expression(name)))
        if node.type == "captured_pattern":
            return self.test(subject, parts_of(node)[-1]) if len(parts_of(node)) > 1 else None
        if node.type == "tuple_pattern":
            return self._test_of_tuple(subject, node, place)
        if node.type == "slice_pattern":
            return ir.Unknown(*place, "pattern", (subject,))
        if node.type == "range_pattern":
            return ir.Operation(*place, "<=", (subject, *self.all(node.named_children)))
        return None

    def _test_of_tuple(self, subject: ir.Expression, node: Node, place: tuple[int, int]) -> ir.Expression | None:
        tests: list[ir.Expression] = []
        parts = [part for part in node.children if part.type == "_" or (part.is_named and part.type not in COMMENTS)]
        for number, part in enumerate(parts):
            if isinstance(subject, ir.Sequence) and number < len(subject.items):
                item = subject.items[number]
            else:
                item = ir.Index(*place, subject, ir.Literal(*place, number))
            test = self.test(item, part) if part.is_named and self.reading.spend() else None
            if test is not None:
                tests.append(test)
        if len(tests) < 2:
            return tests[0] if tests else None
        return ir.Operation(*place, "and", tuple(tests))
