"""Python to the intermediate representation.

Belongs here: modules and statements of Python's grammar (tree-sitter-python 0.25). Expressions, definitions, patterns
of `match` and types are `python_expressions`, `_definitions`, `_patterns` and `_types`. Not here: what a library means.
"""

from __future__ import annotations

import tree_sitter_python
from tree_sitter import Language, Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import at
from spawngate.codescan.frontends.python_definitions import Definitions
from spawngate.codescan.frontends.python_patterns import Patterns
from spawngate.codescan.frontends.python_types import lower_type
from spawngate.codescan.frontends.syntax import Reading

GRAMMAR = Language(tree_sitter_python.language())


def lower(path: str, source: bytes, budget: int) -> ir.Module:
    """The module of a Python file.

    Args:
        path: relative to the project.
        source: bytes of the file; invalid UTF-8 is replaced.
        budget: syntax nodes that are visited at most.
    """
    if source.startswith(b"\xef\xbb\xbf"):
        source = source[3:]
    reading = Reading(source, budget)
    body = _Python(reading).block(reading.parse(GRAMMAR))
    return ir.Module(path, "python", body, troubles=tuple(reading.troubles), incomplete=reading.incomplete)


class _Python(Definitions):
    """Lowering of the statements of one file."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.patterns = Patterns(self.text, self._pattern_value)
        self.statements |= {
            "expression_statement": self._expression_statement,
            "import_statement": self._import,
            "import_from_statement": self._import_from,
            "if_statement": self._if,
            "for_statement": self._for,
            "while_statement": self._while,
            "try_statement": self._try,
            "with_statement": self._with,
            "match_statement": self._match,
            "function_definition": self.definition,
            "class_definition": self.definition,
            "decorated_definition": self.definition,
            "return_statement": self._return,
            "raise_statement": self._raise,
            "assert_statement": self._assert,
            "global_statement": self._global,
            "nonlocal_statement": self._global,
            "break_statement": self._jump,
            "continue_statement": self._jump,
            "block": self._inner_block,
            "ERROR": self._inner_block,
        }

    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block or module, in order."""
        if node is None:
            return ()
        out: list[ir.Statement] = []
        self.fill(node.named_children, node, out)
        return tuple(out)

    def _expression_statement(self, node: Node, out: list[ir.Statement]) -> None:
        for child in node.named_children:
            kind = child.type
            if kind == "assignment":
                self._assignment(child, out)
            elif kind == "augmented_assignment":
                row, column = child.start_point
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if left is not None and right is not None:
                    target = self.expression(left)
                    out.append(ir.Assign(row + 1, column, target, self.expression(right), augmented=True))
            elif kind == "yield":
                row, column = child.start_point
                out.append(ir.Return(row + 1, column, self.only(child), final=False))
            elif kind != "comment":
                value = self.expression(child)
                if not isinstance(value, ir.Literal):
                    out.append(ir.Evaluate(value.line, value.column, value))

    def _assignment(self, node: Node, out: list[ir.Statement]) -> None:
        row, column = node.start_point
        left, right, written = (node.child_by_field_name(name) for name in ("left", "right", "type"))
        if left is None:
            return
        declared = lower_type(self.reading, written) if written is not None else None
        targets = [self.expression(left)]
        while right is not None and right.type == "assignment":
            further = right.child_by_field_name("left")
            if further is not None:
                targets.append(self.expression(further))
            right = right.child_by_field_name("right")
        value = self.expression(right) if right is not None else None
        out.extend(ir.Assign(row + 1, column, target, value, declared) for target in targets)

    def _import(self, node: Node, out: list[ir.Statement]) -> None:
        row, column = node.start_point
        for child in node.children_by_field_name("name"):
            if child.type == "aliased_import":
                name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
                if name is not None and alias is not None:
                    out.append(ir.Import(row + 1, column, self.text(name), "", self.text(alias)))
            else:
                module = self.text(child)
                out.append(ir.Import(row + 1, column, module, "", module.partition(".")[0]))

    def _import_from(self, node: Node, out: list[ir.Statement]) -> None:
        row, column = node.start_point
        source = node.child_by_field_name("module_name")
        module = "".join(self.text(source).split()) if source is not None else ""
        for child in node.children_by_field_name("name"):
            if child.type == "aliased_import":
                name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
                if name is not None and alias is not None:
                    out.append(ir.Import(row + 1, column, module, self.text(name), self.text(alias)))
            else:
                name_text = self.text(child)
                out.append(ir.Import(row + 1, column, module, name_text, name_text))
        if any(child.type == "wildcard_import" for child in node.named_children):
            out.append(ir.Import(row + 1, column, module, "*", "*"))

    def _if(self, node: Node, out: list[ir.Statement]) -> None:
        branches: list[tuple[Node, ir.Expression, tuple[ir.Statement, ...]]] = []
        orelse: tuple[ir.Statement, ...] = ()
        for part in (node, *node.children_by_field_name("alternative")):
            if part.type == "else_clause":
                orelse = self.block(part.child_by_field_name("body"))
                continue
            condition = part.child_by_field_name("condition")
            if condition is not None:
                branches.append((part, self.expression(condition), self.block(part.child_by_field_name("consequence"))))
        for part, test, body in reversed(branches):
            row, column = part.start_point
            orelse = (ir.If(row + 1, column, test, body, orelse),)
        out.extend(orelse)

    def _for(self, node: Node, out: list[ir.Statement]) -> None:
        row, column = node.start_point
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        target = self.expression(left) if left is not None else None
        iterable = self.expression(right) if right is not None else None
        body = self.block(node.child_by_field_name("body"))
        out.append(ir.Loop(row + 1, column, target, iterable, None, body, self._else(node)))

    def _while(self, node: Node, out: list[ir.Statement]) -> None:
        row, column = node.start_point
        condition = node.child_by_field_name("condition")
        test = self.expression(condition) if condition is not None else None
        out.append(
            ir.Loop(row + 1, column, None, None, test, self.block(node.child_by_field_name("body")), self._else(node))
        )

    def _else(self, node: Node) -> tuple[ir.Statement, ...]:
        clause = node.child_by_field_name("alternative")
        return self.block(clause.child_by_field_name("body")) if clause is not None else ()

    def _try(self, node: Node, out: list[ir.Statement]) -> None:
        row, column = node.start_point
        handlers: list[ir.Handler] = []
        orelse: tuple[ir.Statement, ...] = ()
        final: tuple[ir.Statement, ...] = ()
        for child in node.named_children:
            if child.type in ("except_clause", "except_group_clause"):
                line, place = child.start_point
                name = ""
                block: Node | None = None
                for part in child.named_children:
                    if part.type == "block":
                        block = part
                    elif part.type == "as_pattern":
                        name = self.text(part.named_children[-1])
                handlers.append(ir.Handler(line + 1, place, name, self.block(block)))
            elif child.type == "else_clause":
                orelse = self.block(child.child_by_field_name("body"))
            elif child.type == "finally_clause":
                final = self.block(next((part for part in child.named_children if part.type == "block"), None))
        body = self.block(node.child_by_field_name("body"))
        out.append(ir.Try(row + 1, column, body, tuple(handlers), orelse, final))

    def _with(self, node: Node, out: list[ir.Statement]) -> None:
        for clause in node.named_children:
            if clause.type == "with_clause":
                for item in clause.named_children:
                    value = item.child_by_field_name("value") if item.type == "with_item" else None
                    if value is not None:
                        self._with_item(value, out)
        body = node.child_by_field_name("body")
        if body is not None:
            out.extend(self.pending)
            self.pending = []
            self.fill(body.named_children, body, out)

    def _with_item(self, node: Node, out: list[ir.Statement]) -> None:
        parts = node.named_children
        if node.type == "tuple":
            for part in parts:
                self._with_item(part, out)
            return
        row, column = node.start_point
        if node.type == "as_pattern" and len(parts) == 2:
            target = self.expression(parts[1])
            out.append(ir.Assign(row + 1, column, target, self.expression(parts[0])))
        else:
            out.append(ir.Evaluate(row + 1, column, self.expression(node)))

    def _match(self, node: Node, out: list[ir.Statement]) -> None:
        subjects = [self.expression(part) for part in node.children_by_field_name("subject")]
        if not subjects:
            return
        subject = subjects[0] if len(subjects) == 1 else ir.Sequence(*at(node), tuple(subjects))
        chain: tuple[ir.Statement, ...] = ()
        body = node.child_by_field_name("body")
        for case in reversed(body.named_children if body is not None else []):
            if case.type != "case_clause":
                continue
            row, column = case.start_point
            block = self.block(case.child_by_field_name("consequence"))
            patterns = [part for part in case.named_children if part.type == "case_pattern"]
            test, captures = self.patterns.case(subject, patterns)
            guard = case.child_by_field_name("guard")
            if guard is not None and guard.named_children:
                condition = self.expression(guard.named_children[0])
                test = condition if test is None else ir.Operation(row + 1, column, "and", (test, condition))
            block = (*captures, *block)
            chain = block if test is None else (ir.If(row + 1, column, test, block, chain),)
        out.extend(chain)

    def _pattern_value(self, node: Node) -> ir.Expression:
        if node.type == "case_pattern" and node.named_children:
            node = node.named_children[0]
        if node.type == "dotted_name":
            row, column = node.start_point
            names = self.text(node).split(".")
            value: ir.Expression = ir.Name(row + 1, column, names[0])
            for name in names[1:]:
                value = ir.Attribute(row + 1, column, value, name)
            return value
        if node.type in self.expressions:
            return self.expression(node)
        return ir.Unknown(*at(node), "pattern")

    def _return(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Return(*at(node), self.only(node)))

    def _raise(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Raise(*at(node), self.only(node)))

    def _assert(self, node: Node, out: list[ir.Statement]) -> None:
        test = self.only(node)
        if test is not None:
            place = at(node)
            out.append(ir.If(*place, ir.Operation(*place, "not", (test,)), (ir.Raise(*place, None),)))

    def _global(self, node: Node, out: list[ir.Statement]) -> None:
        names = tuple(self.expression(child) for child in node.named_children)
        place = at(node)
        out.append(ir.Evaluate(*place, ir.Unknown(*place, node.type.removesuffix("_statement"), names)))

    def _jump(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Jump(*at(node), "break" if node.type == "break_statement" else "continue"))

    def _inner_block(self, node: Node, out: list[ir.Statement]) -> None:
        self.fill(node.named_children, node, out)
