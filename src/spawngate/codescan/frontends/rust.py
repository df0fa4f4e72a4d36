"""Rust to the intermediate representation.

Belongs here: files, statements, and control flow that has a value. Types, expressions, macros and items are
`rust_types`, `_expressions`, `_macros`, `_items`. Not here: what a library means. Names of nodes: tree-sitter-rust
0.24, node-types.json.

A branch with a value becomes a choice whose arms end in what becomes of the value: `let x = match ..` assigns `x` in
each arm, a body's last expression returns in each arm. `Err(e)` in such a place, and `bail!`, is a Raise. The contents
of an inline module are lowered into the file around it, and the module to a Record of what it makes public.
"""

from __future__ import annotations

from msgspec import structs
from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends import rust_macro_rules
from spawngate.codescan.frontends.lowering import COMMENTS, Arm, at, choice, parts_of
from spawngate.codescan.frontends.rust_builders import builder_class, builds
from spawngate.codescan.frontends.rust_expressions import BRANCHING, Finish
from spawngate.codescan.frontends.rust_items import Items, derives, entity_of
from spawngate.codescan.frontends.rust_macros import grammar
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

MACRO_DEPTH = 10
"""Levels of nesting that a macro within a macro counts for: each parses the text of the inner ones again."""


def lower(path: str, source: bytes, budget: int) -> ir.Module:
    """The module of a Rust file.

    Args:
        path: relative to the project.
        source: bytes of the file; invalid UTF-8 is replaced.
        budget: syntax nodes that are visited at most.
    """
    if source.startswith(b"\xef\xbb\xbf"):
        source = source[3:]
    reading = Reading(source, budget)
    body = _Rust(reading).block(reading.parse(grammar()))
    return ir.Module(path, "rust", body, troubles=tuple(reading.troubles), incomplete=reading.incomplete)


class _Rust(Items):
    """Lowering of the statements of one file."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.loops: list[Finish] = []
        """What becomes of the value of a `break`, innermost loop last."""
        self.statements |= {
            "use_declaration": self.uses,
            "extern_crate_declaration": self.extern_crate,
            "mod_item": self._module,
            "foreign_mod_item": self._nothing,
            "function_item": self._function,
            "function_signature_item": self._function,
            "struct_item": self._struct_item,
            "union_item": self._struct_item,
            "enum_item": self._enum_item,
            "impl_item": self._impl_item,
            "trait_item": self._trait_item,
            "type_item": self._type_item,
            "const_item": self.constant,
            "static_item": self.constant,
            "macro_definition": self._rules,
            "inner_attribute_item": self._nothing,
            "empty_statement": self._nothing,
            "let_declaration": self._let,
            "expression_statement": self._expression_statement,
            "macro_invocation": self.macro_statement,
            "if_expression": self._for_effect,
            "match_expression": self._for_effect,
            "block": self._for_effect,
            "unsafe_block": self._for_effect,
            "for_expression": self._for,
            "while_expression": self._while,
            "loop_expression": self._loop,
            "return_expression": self.leave,
            "break_expression": self.leave,
            "continue_expression": self.leave,
            "ERROR": self._error,
        }

    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block or file."""
        out: list[ir.Statement] = []
        if node is not None:
            self.fill(node.named_children, node, out)
        return tuple(out)

    def _nothing(self, node: Node, out: list[ir.Statement]) -> None:
        pass

    def _error(self, node: Node, out: list[ir.Statement]) -> None:
        self.fill(node.named_children, node, out)

    # items

    def _rules(self, node: Node, out: list[ir.Statement]) -> None:
        """Each rule of a macro is a function."""
        reading = self.reading
        name = node.child_by_field_name("name")
        if name is None or reading.depth + MACRO_DEPTH >= MAX_DEPTH:
            return
        for pattern, body in rust_macro_rules.rules(node):
            made = rust_macro_rules.as_function(reading.source, pattern, body)
            if made is None or reading.budget <= 0:
                continue
            text, many = made
            inner = Reading(text, reading.budget)
            inner.depth = reading.depth + MACRO_DEPTH
            for statement in _Rust(inner).block(inner.parse(grammar())):
                if isinstance(statement, ir.Function):
                    params = [
                        structs.replace(each, spread="*") if each.name in many else each for each in statement.params
                    ]
                    title = rust_macro_rules.name_of(self._field(name))
                    out.append(structs.replace(statement, name=title, params=tuple(params), exported=True))
            reading.budget = inner.budget

    def _module(self, node: Node, out: list[ir.Statement]) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if self.is_test(self.marks) or name is None:
            return
        title = self._field(name)
        if body is None:
            out.append(ir.Import(*at(node), "self", title, title, export=True))
            return
        inner: list[ir.Statement] = []
        self.fill(body.named_children, node, inner)
        inner = [_lifted(statement) for statement in inner]
        out.extend(inner)
        entries: list[ir.Entry] = []
        for statement in inner:
            if isinstance(statement, ir.Function | ir.Class) and statement.exported:
                key = ir.Literal(statement.line, statement.column, statement.name)
                value = ir.Name(statement.line, statement.column, statement.name)
                entries.append(ir.Entry(statement.line, statement.column, key, value))
        target = ir.Name(*at(name), title)
        out.append(ir.Assign(*at(node), target, ir.Record(*at(node), tuple(entries)), exported=self.visible(node)))

    def _function(self, node: Node, out: list[ir.Statement]) -> None:
        if not self.is_test(self.marks):
            out.append(self.function(node, self.marks))

    def _struct_item(self, node: Node, out: list[ir.Statement]) -> None:
        made = self.struct(node, self.marks)
        out.extend(entity_of(made) if derives(made.decorators, "DeriveEntityModel") else (made,))
        if builds(made.decorators):
            out.append(builder_class(made.name, (made.line, made.column), made.exported))

    def _enum_item(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(self.enum(node, self.marks))

    def _impl_item(self, node: Node, out: list[ir.Statement]) -> None:
        if not self.is_test(self.marks):
            out.append(self.implementation(node, self.marks))

    def _trait_item(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(self.trait(node, self.marks))

    def _type_item(self, node: Node, out: list[ir.Statement]) -> None:
        alias = self.alias(node) if not self.itself else None
        if alias is not None:
            out.append(alias)

    # statements

    def _let(self, node: Node, out: list[ir.Statement]) -> None:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        otherwise = node.child_by_field_name("alternative")
        written = self.type_of(node.child_by_field_name("type"))
        if pattern is None:
            return
        place = at(node)
        target = self.target(pattern)
        if value is None:
            out.append(ir.Assign(*place, target, None, written))
        elif otherwise is not None:
            subject = self.expression(value)
            self.flush(out)
            test = self.test(subject, pattern)
            if test is not None:
                out.append(ir.If(*place, ir.Operation(*place, "not", (test,)), self.block(otherwise)))
            out.append(ir.Assign(*place, target, self.narrowed(subject, pattern), written))
        elif isinstance(target, ir.Literal):  # let _ = value
            self.value_into(value, out, _evaluated)
        else:
            self.value_into(
                value, out, lambda lowered: ir.Assign(*place, target, self.typed(lowered, written), written)
            )

    def _expression_statement(self, node: Node, out: list[ir.Statement]) -> None:
        for child in parts_of(node):
            handler = self.statements.get(child.type)
            if handler is not None:
                handler(child, out)
            else:
                self.effect(child, out)

    def _for_effect(self, node: Node, out: list[ir.Statement]) -> None:
        self.value_into(node, out, _evaluated)

    def leave(self, node: Node, out: list[ir.Statement]) -> None:
        """`return`, `break`, `continue`."""
        parts = [part for part in parts_of(node) if part.type != "label"]
        if node.type == "continue_expression":
            out.append(ir.Jump(*at(node), "continue"))
        elif node.type == "break_expression":
            for part in parts:
                self.value_into(part, out, self.loops[-1] if self.loops else _evaluated)
            out.append(ir.Jump(*at(node), "break"))
        elif not parts:
            out.append(ir.Return(*at(node), None))
        else:
            self.value_into(parts[0], out, lambda value: ir.Return(*at(node), value))

    # values of branches

    def value_into(self, node: Node, out: list[ir.Statement], finish: Finish) -> None:
        """Statements of an expression that may branch, and what becomes of its value at the end of each branch."""
        kind = node.type
        reading = self.reading
        if kind not in BRANCHING or reading.depth >= MAX_DEPTH:
            self._plain_value(node, out, finish)
            return
        reading.depth += 1
        if kind == "if_expression":
            self._if(node, out, finish)
        elif kind == "match_expression":
            self._match(node, out, finish)
        elif kind == "loop_expression":
            self._loop(node, out, finish)
        elif kind in ("unsafe_block", "try_block"):
            inner = next((part for part in parts_of(node) if part.type == "block"), None)
            if inner is not None:
                self.value_into(inner, out, finish)
        else:
            self._block_value(node, out, finish)
        reading.depth -= 1

    def _plain_value(self, node: Node, out: list[ir.Statement], finish: Finish) -> None:
        handler = self.statements.get(node.type) if node.type not in BRANCHING else None
        if handler is not None and not (node.type == "macro_invocation" and not self._leaves(node)):
            handler(node, out)
            return
        wrong = self._error_value(node)
        if wrong is not None:
            value = self.expression(wrong)
            self.flush(out)
            out.append(ir.Raise(*at(node), value))
            return
        value = self.expression(node)
        self.flush(out)
        lowered = finish(value)
        if not (isinstance(lowered, ir.Evaluate) and isinstance(value, ir.Literal | ir.Name)):
            out.append(lowered)

    def _leaves(self, node: Node) -> bool:
        name, _ = self._parts(node)
        return name in ("panic", "bail", "unreachable", "todo", "unimplemented")

    def _error_value(self, node: Node) -> Node | None:
        """`e` of `Err(e)` and of `Err(e)?`."""
        while node.type in ("try_expression", "parenthesized_expression") and parts_of(node):
            node = parts_of(node)[0]
        if node.type != "call_expression":
            return None
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None or self.text(function) != "Err":
            return None
        given = parts_of(arguments)
        return given[0] if len(given) == 1 else None

    def _block_value(self, node: Node, out: list[ir.Statement], finish: Finish) -> None:
        children = [child for child in node.named_children if child.type not in COMMENTS]
        last = children[-1] if children else None
        tail = last
        if last is not None and last.type == "expression_statement":
            inner = parts_of(last)
            ended = bool(last.children) and last.children[-1].type == ";"
            tail = inner[0] if inner and not ended else None
        if tail is None or (tail.type not in self.expressions and tail.type not in BRANCHING):
            self.fill(node.named_children, node, out)
            return
        self.fill(children[:-1], node, out)
        outer, self.pending = self.pending, []
        self.value_into(tail, out, finish)
        self.flush(out)
        self.pending = outer

    def _if(self, node: Node, out: list[ir.Statement], finish: Finish) -> None:
        arms: list[Arm] = []
        orelse: tuple[ir.Statement, ...] = ()
        current: Node | None = node
        while current is not None:
            test = current.child_by_field_name("condition")
            asked = self.expression(test) if test is not None else ir.Literal(*at(current), True)
            self.flush(out)
            body = self._branch(current.child_by_field_name("consequence"), finish)
            arms.append((at(current), asked, body))
            alternative = current.child_by_field_name("alternative")
            current = None
            inner = next(iter(parts_of(alternative)), None) if alternative is not None else None
            if inner is not None and inner.type == "if_expression":
                current = inner
            elif inner is not None:
                orelse = self._branch(inner, finish)
        out.extend(choice(arms, orelse))

    def _branch(self, node: Node | None, finish: Finish) -> tuple[ir.Statement, ...]:
        out: list[ir.Statement] = []
        if node is not None:
            outer, self.pending = self.pending, []
            self.value_into(node, out, finish)
            self.pending = outer
        return tuple(out)

    def _match(self, node: Node, out: list[ir.Statement], finish: Finish) -> None:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        if value is None or body is None:
            return
        subject = self.expression(value)
        self.flush(out)
        arms: list[Arm] = []
        orelse: tuple[ir.Statement, ...] = ()
        for arm in parts_of(body):
            pattern = arm.child_by_field_name("pattern")
            if arm.type != "match_arm" or pattern is None or not self.reading.spend():
                continue
            test = self.test(subject, pattern)
            captures = self.captures(subject, pattern)
            condition = pattern.child_by_field_name("condition")
            if condition is not None:
                outer, self.pending = self.pending, []
                asked = self.expression(condition)
                captures = [*captures, *self.pending]
                self.pending = outer
                out.extend(captures)  # the condition reads them
                test = asked if test is None else ir.Operation(*at(arm), "and", (test, asked))
                captures = []
            statements = (*captures, *self._branch(arm.child_by_field_name("value"), finish))
            if test is None:
                orelse = statements
                break
            arms.append((at(arm), test, statements))
        out.extend(choice(arms, orelse))

    # loops

    def _for(self, node: Node, out: list[ir.Statement]) -> None:
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if pattern is None or value is None:
            return
        iterable = self.expression(value)
        self.flush(out)
        body = self._branch(node.child_by_field_name("body"), _evaluated)
        out.append(ir.Loop(*at(node), self.target(pattern), iterable, None, body))

    def _while(self, node: Node, out: list[ir.Statement]) -> None:
        test = node.child_by_field_name("condition")
        asked = self.expression(test) if test is not None else None
        captured, self.pending = self.pending, []
        body = self._branch(node.child_by_field_name("body"), _evaluated)
        out.append(ir.Loop(*at(node), None, None, asked, (*captured, *body)))

    def _loop(self, node: Node, out: list[ir.Statement], finish: Finish | None = None) -> None:
        self.loops.append(finish or _evaluated)
        body = self._branch(node.child_by_field_name("body"), _evaluated)
        self.loops.pop()
        out.append(ir.Loop(*at(node), None, None, None, body))


def _lifted(statement: ir.Statement) -> ir.Statement:
    """A `use` of a module that is written out in its file, as seen from the file: `super` is the file itself."""
    if not isinstance(statement, ir.Import) or statement.module.partition("::")[0] != "super":
        return statement
    rest = statement.module.partition("::")[2]
    up = rest.partition("::")[0] == "super"
    return structs.replace(statement, module=rest if up else f"self::{rest}" if rest else "self")


def _evaluated(value: ir.Expression) -> ir.Statement:
    return ir.Evaluate(value.line, value.column, value)
