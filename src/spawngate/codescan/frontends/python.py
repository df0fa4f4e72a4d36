"""Python to the intermediate representation.

Belongs here: statements and expressions of Python's grammar (tree-sitter-python 0.25). Types are `python_types`. Not
here: what a library means.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

import tree_sitter_python
from tree_sitter import Language, Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.python_patterns import Patterns
from spawngate.codescan.frontends.python_types import lower_type, marks_of
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

GRAMMAR = Language(tree_sitter_python.language())

_ARITHMETIC = frozenset(["-", "*", "/", "//", "**", "@", "&", "^", "<<", ">>"])
_SKIPPED = frozenset(["comment", "pass_statement", "delete_statement", "type_alias_statement", "line_continuation"])


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


class _Python:
    """Lowering of one file. Methods return nodes; assignments inside expressions wait in `pending`."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.text = reading.text
        self.pending: list[ir.Statement] = []
        self.patterns = Patterns(self.text, self._pattern_value)
        self.statements: dict[str, Callable[[Node, list[ir.Statement]], None]] = {
            "expression_statement": self._expression_statement,
            "import_statement": self._import,
            "import_from_statement": self._import_from,
            "if_statement": self._if,
            "for_statement": self._for,
            "while_statement": self._while,
            "try_statement": self._try,
            "with_statement": self._with,
            "match_statement": self._match,
            "function_definition": self._definition,
            "class_definition": self._definition,
            "decorated_definition": self._definition,
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
        self.expressions: dict[str, Callable[[Node, int, int], ir.Expression]] = {
            "identifier": self._name,
            "attribute": self._chain,
            "call": self._chain,
            "subscript": self._chain,
            "string": self._string,
            "concatenated_string": self._concatenated,
            "integer": self._number,
            "float": self._number,
            "true": self._constant,
            "false": self._constant,
            "none": self._constant,
            "ellipsis": self._constant,
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

    # statements

    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block or module, in order."""
        if node is None:
            return ()
        out: list[ir.Statement] = []
        self._fill(node, out)
        return tuple(out)

    def _fill(self, node: Node, out: list[ir.Statement]) -> None:
        reading = self.reading
        if reading.depth >= MAX_DEPTH:
            reading.trouble(node, "nested too deep")
            row, column = node.start_point
            out.append(ir.Evaluate(row + 1, column, reading.flat(node, "too deep")))
            return
        reading.depth += 1
        for child in node.named_children:
            kind = child.type
            if kind in _SKIPPED:
                continue
            if not reading.spend():
                break
            handler = self.statements.get(kind)
            if handler is not None:
                outer, self.pending = self.pending, []
                lowered: list[ir.Statement] = []
                handler(child, lowered)
                out.extend(self.pending)
                out.extend(lowered)
                self.pending = outer
            elif kind in self.expressions:
                self._evaluate(child, out)
        reading.depth -= 1

    def _inner_block(self, node: Node, out: list[ir.Statement]) -> None:
        self._fill(node, out)

    def _evaluate(self, node: Node, out: list[ir.Statement]) -> None:
        outer, self.pending = self.pending, []
        value = self.expression(node)
        out.extend(self.pending)
        self.pending = outer
        if not isinstance(value, ir.Literal):
            out.append(ir.Evaluate(value.line, value.column, value))

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
                out.append(ir.Return(row + 1, column, self._only(child), final=False))
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
            self._fill(body, out)

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
        subject = subjects[0] if len(subjects) == 1 else ir.Sequence(*_at(node), tuple(subjects))
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
        return ir.Unknown(*_at(node), "pattern")

    def _definition(self, node: Node, out: list[ir.Statement]) -> None:
        decorators: tuple[ir.Expression, ...] = ()
        definition: Node | None = node
        if node.type == "decorated_definition":
            decorators = tuple(
                self.expression(child.named_children[0])
                for child in node.named_children
                if child.type == "decorator" and child.named_children
            )
            definition = node.child_by_field_name("definition")
        if definition is None:
            return
        outer, self.pending = self.pending, []
        if definition.type == "function_definition":
            out.append(self._function(definition, decorators))
        elif definition.type == "class_definition":
            out.append(self._class(definition, decorators))
        self.pending = outer

    def _function(self, node: Node, decorators: tuple[ir.Expression, ...]) -> ir.Function:
        row, column = node.start_point
        name, parameters, returns = (node.child_by_field_name(part) for part in ("name", "parameters", "return_type"))
        marks = [_last_name(decorator) for decorator in decorators]
        return ir.Function(
            row + 1,
            column,
            self.text(name) if name is not None else "",
            self._params(parameters),
            self.block(node.child_by_field_name("body")),
            lower_type(self.reading, returns) if returns is not None else None,
            decorators,
            static="staticmethod" in marks,
            getter="property" in marks or "cached_property" in marks,
            is_async=bool(node.children) and node.children[0].type == "async",
        )

    def _params(self, node: Node | None) -> tuple[ir.Param, ...]:
        out: list[ir.Param] = []
        keyword_only = False
        for child in node.named_children if node is not None else ():
            kind = child.type
            row, column = child.start_point
            spread: ir.Spreading = ""
            if kind == "keyword_separator":
                keyword_only = True
                continue
            if kind in ("positional_separator", "comment"):
                continue
            written = child.child_by_field_name("type")
            default_node = child.child_by_field_name("value")
            name_node: Node | None = child
            if kind in ("default_parameter", "typed_default_parameter"):
                name_node = child.child_by_field_name("name")
            elif kind == "typed_parameter":
                name_node = child.named_children[0]
            if name_node is not None and name_node.type in ("list_splat_pattern", "dictionary_splat_pattern"):
                spread = "*" if name_node.type == "list_splat_pattern" else "**"
                name_node = name_node.named_children[0] if name_node.named_children else None
            if name_node is None:
                keyword_only = keyword_only or spread == "*"
                continue
            out.append(
                ir.Param(
                    row + 1,
                    column,
                    self.text(name_node),
                    lower_type(self.reading, written) if written is not None else None,
                    self.expression(default_node) if default_node is not None else None,
                    spread,
                    keyword_only=keyword_only and not spread,
                    decorators=tuple(self.expression(mark) for mark in marks_of(self.reading, written)),
                )
            )
            keyword_only = keyword_only or spread == "*"
        return tuple(out)

    def _class(self, node: Node, decorators: tuple[ir.Expression, ...]) -> ir.Class:
        row, column = node.start_point
        name, supers = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
        bases: list[ir.Type] = []
        keywords: list[ir.Argument] = []
        for child in supers.named_children if supers is not None else ():
            if child.type == "keyword_argument":
                keywords.append(self._argument(child))
            elif child.type != "comment":
                bases.append(lower_type(self.reading, child))
        body = self.block(node.child_by_field_name("body"))
        title = self.text(name) if name is not None else ""
        return ir.Class(row + 1, column, title, tuple(bases), body, "class", decorators, keywords=tuple(keywords))

    def _return(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Return(*_at(node), self._only(node)))

    def _raise(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Raise(*_at(node), self._only(node)))

    def _assert(self, node: Node, out: list[ir.Statement]) -> None:
        test = self._only(node)
        if test is not None:
            at = _at(node)
            out.append(ir.If(*at, ir.Operation(*at, "not", (test,)), (ir.Raise(*at, None),)))

    def _global(self, node: Node, out: list[ir.Statement]) -> None:
        names = tuple(self.expression(child) for child in node.named_children)
        at = _at(node)
        out.append(ir.Evaluate(*at, ir.Unknown(*at, node.type.removesuffix("_statement"), names)))

    def _jump(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Jump(*_at(node), "break" if node.type == "break_statement" else "continue"))

    # expressions

    def expression(self, node: Node) -> ir.Expression:
        """An expression; what the grammar does not know becomes Unknown with its parts."""
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
            parts = tuple(self.expression(child) for child in node.named_children if child.type != "comment")
            lowered = ir.Unknown(row + 1, column, node.type, parts)
        reading.depth -= 1
        return lowered

    def _only(self, node: Node) -> ir.Expression | None:
        for child in node.named_children:
            if child.type != "comment":
                return self.expression(child)
        return None

    def _name(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Name(line, column, self.text(node))

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
            return (ir.Argument(*_at(node), self.expression(node)),)
        return tuple(self._argument(child) for child in node.named_children if child.type != "comment")

    def _argument(self, node: Node) -> ir.Argument:
        at = _at(node)
        if node.type == "keyword_argument":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None:
                return ir.Argument(*at, self.expression(value), self.text(name))
        if node.type in ("list_splat", "dictionary_splat"):
            inner = self._only(node)
            if inner is not None:
                return ir.Argument(*at, inner, "", "*" if node.type == "list_splat" else "**")
        return ir.Argument(*at, self.expression(node))

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
                    parts.append(ir.Literal(*_at(child), self.text(child)))
            return ir.Format(line, column, tuple(parts))
        return ir.Literal(line, column, _text_of(self.text(node)))

    def _concatenated(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = [self.expression(child) for child in node.named_children if child.type == "string"]
        return _joined_text(line, column, parts)

    def _number(self, node: Node, line: int, column: int) -> ir.Expression:
        text = self.text(node)
        if text.isdecimal() and len(text) < 19 and (text[0] != "0" or text == "0"):
            return ir.Literal(line, column, int(text))
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            value = None
        if not isinstance(value, int | float) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
            return ir.Literal(line, column, self.text(node)[:100])
        return ir.Literal(line, column, value)

    def _constant(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, {"true": True, "false": False}.get(node.type))

    def _sequence(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Sequence(line, column, self._items(node.named_children))

    def _items(self, nodes: Iterable[Node]) -> tuple[ir.Expression, ...]:
        return tuple(self.expression(child) for child in nodes if child.type != "comment")

    def _record(self, node: Node, line: int, column: int) -> ir.Expression:
        entries: list[ir.Entry] = []
        for child in node.named_children:
            at = _at(child)
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(ir.Entry(*at, self.expression(key), self.expression(value)))
            elif child.type == "dictionary_splat":
                inner = self._only(child)
                if inner is not None:
                    entries.append(ir.Entry(*at, None, inner))
        return ir.Record(line, column, tuple(entries))

    def _comprehension(self, node: Node, line: int, column: int) -> ir.Expression:
        clauses: list[ir.Clause] = []
        for child in node.named_children:
            if child.type == "for_in_clause":
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if left is not None and right is not None:
                    clauses.append(ir.Clause(*_at(child), self.expression(left), self.expression(right)))
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
        operands = self._items(self._left_operands(node, "boolean_operator", operator))
        if operator == "or":
            return ir.Join(line, column, operands)
        return ir.Operation(line, column, "and", operands)

    def _not(self, node: Node, line: int, column: int) -> ir.Expression:
        argument = node.child_by_field_name("argument")
        operands = (self.expression(argument),) if argument is not None else ()
        return ir.Operation(line, column, "not", operands)

    def _comparison(self, node: Node, line: int, column: int) -> ir.Expression:
        operands = self._items(node.named_children)
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
            return ir.Operation(line, column, "arith", self._items(operands))
        parts = list(self._items(operands))
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
        value = self._only(node)
        if isinstance(value, ir.Literal) and isinstance(value.value, int | float) and self.text(node)[:1] == "-":
            return ir.Literal(line, column, -value.value)
        return ir.Operation(line, column, "arith", (value,) if value is not None else ())

    def _conditional(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = self._items(node.named_children)
        if len(parts) != 3:
            return ir.Unknown(line, column, node.type, parts)
        return ir.Join(line, column, (parts[0], parts[2]), parts[1])

    def _lambda(self, node: Node, line: int, column: int) -> ir.Expression:
        body = node.child_by_field_name("body")
        value = self.expression(body) if body is not None else None
        statements = (ir.Return(value.line, value.column, value),) if value is not None else ()
        params = self._params(node.child_by_field_name("parameters"))
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
        inner = self._only(node)
        return inner if inner is not None else ir.Sequence(line, column, ())

    def _spread(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = self._only(node)
        return ir.Spread(line, column, inner) if inner is not None else ir.Unknown(line, column, node.type)

    def _yield(self, node: Node, line: int, column: int) -> ir.Expression:
        value = self._only(node)
        self.pending.append(ir.Return(line, column, value, final=False))
        return ir.Unknown(line, column, "yield")

    def _as_pattern(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = node.named_children
        return self.expression(parts[0]) if parts else ir.Unknown(line, column, node.type)


def _at(node: Node) -> tuple[int, int]:
    row, column = node.start_point
    return row + 1, column


def _call_place(node: Node) -> tuple[int, int]:
    """Where a call is reported: the line of the name that is called, which matters in chains over many lines."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "attribute":
        name = function.child_by_field_name("attribute")
        if name is not None:
            return name.start_point[0] + 1, name.start_point[1]
    return _at(node)


def _is_slice(key: ir.Expression | None) -> bool:
    return key is None or (isinstance(key, ir.Unknown) and key.what == "slice")


_PLAIN = re.compile(r"""(\"{3}|'{3}|"|')((?:(?!\1)[^\\])*)\1""")
"""A literal without a prefix and without an escape."""


def _last_name(node: ir.Expression) -> str:
    if isinstance(node, ir.Call):
        node = node.callee
    return node.name if isinstance(node, ir.Attribute) else node.id if isinstance(node, ir.Name) else ""


def _text_of(written: str) -> str:
    """Value of a string literal; its text without quotes where Python cannot read it."""
    plain = _PLAIN.fullmatch(written)
    if plain is not None:
        # Nearly every text is one; to have Python read them all is a tenth of the cost of lowering.
        return plain[2].replace("\r\n", "\n")
    try:
        value = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return written.strip("rbuRBUfF").strip("\"'")
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else written


def _joined_text(line: int, column: int, parts: list[ir.Expression]) -> ir.Expression:
    """Parts of one text; constants that stand together are one constant."""
    if parts and all(isinstance(part, ir.Literal) and isinstance(part.value, str) for part in parts):
        return ir.Literal(line, column, "".join(str(part.value) for part in parts if isinstance(part, ir.Literal)))
    if parts and all(isinstance(part, ir.Literal) and isinstance(part.value, int | float) for part in parts):
        return ir.Operation(line, column, "arith", tuple(parts))
    return ir.Format(line, column, tuple(parts))
