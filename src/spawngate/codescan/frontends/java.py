"""Java to the intermediate representation.

Belongs here: files and statements. Types, expressions, classes and what Lombok adds are `java_types`, `_expressions`,
`_definitions`, `_lombok`. Not here: what a library means. Names of nodes: tree-sitter-java 0.23, node-types.json.
"""

from __future__ import annotations

import re
from functools import cache

from tree_sitter import Language, Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.java_definitions import KINDS, Definitions
from spawngate.codescan.frontends.java_expressions import is_pattern
from spawngate.codescan.frontends.java_scopes import Scope
from spawngate.codescan.frontends.java_types import declared_type
from spawngate.codescan.frontends.lowering import Arm, at, choice, parts_of
from spawngate.codescan.frontends.syntax import Reading

_STRANGE = re.compile(rb"=\s*>")


@cache
def _grammar() -> Language:
    import tree_sitter_java

    return Language(tree_sitter_java.language())


def lower(path: str, source: bytes, budget: int) -> ir.Module:
    """The module of a Java file.

    Args:
        path: relative to the project.
        source: bytes of the file; invalid UTF-8 is replaced.
        budget: syntax nodes that are visited at most.
    """
    if source.startswith(b"\xef\xbb\xbf"):
        source = source[3:]
    reading = Reading(source, budget)
    lowering = _Java(reading)
    body = lowering.block(reading.parse(_grammar(), _STRANGE))
    troubles = tuple(reading.troubles)
    return ir.Module(path, "java", body, lowering.package, troubles, incomplete=reading.incomplete)


class _Java(Definitions):
    """Lowering of the statements of one file."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.package = ""
        self.stars = 0
        """How many `import static a.B.*` there are."""
        self.statements |= {
            "package_declaration": self._package,
            "import_declaration": self._import,
            "local_variable_declaration": self._locals,
            "field_declaration": self._locals,
            "expression_statement": self._expression_statement,
            "block": self._inner_block,
            "constructor_body": self._inner_block,
            "explicit_constructor_invocation": self._constructor_call,
            "if_statement": self._if,
            "switch_expression": self._switch,
            "for_statement": self._for,
            "enhanced_for_statement": self._for_each,
            "while_statement": self._while,
            "do_statement": self._while,
            "try_statement": self._try,
            "try_with_resources_statement": self._try,
            "synchronized_statement": self._body_only,
            "labeled_statement": self._labeled,
            "return_statement": self._return,
            "yield_statement": self._yield,
            "throw_statement": self._throw,
            "assert_statement": self._assert,
            "break_statement": self._break,
            "continue_statement": self._continue,
            "method_declaration": self._stray_method,
            "ERROR": self._inner_block,
        }
        for kind in KINDS:
            self.statements[kind] = self._class

    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block or file, or the one statement that stands for a block, in a scope of their own."""
        out: list[ir.Statement] = []
        if node is not None:
            self.scopes.stack.append(Scope())
            single = node.type in self.statements and node.type not in ("block", "constructor_body", "ERROR")
            self.fill([node] if single else node.named_children, node, out)
            self.scopes.stack.pop()
        return tuple(out)

    def _inner_block(self, node: Node, out: list[ir.Statement]) -> None:
        out.extend(self.block(node))

    def _body_only(self, node: Node, out: list[ir.Statement]) -> None:
        out.extend(self.block(node.child_by_field_name("body")))

    def _labeled(self, node: Node, out: list[ir.Statement]) -> None:
        self.fill(parts_of(node)[1:], node, out)

    # files

    def _package(self, node: Node, out: list[ir.Statement]) -> None:
        for part in parts_of(node):
            if part.type in ("scoped_identifier", "identifier"):
                self.package = "".join(self.text(part).split())

    def _import(self, node: Node, out: list[ir.Statement]) -> None:
        parts = parts_of(node)
        if not parts:
            return
        written = "".join(self.text(parts[0]).split())
        static = any(child.type == "static" for child in node.children)
        star = any(part.type == "asterisk" for part in parts)
        module, _, name = written.rpartition(".")
        if static:
            owner, _, title = (written if star else module).rpartition(".")
            local = self.invent("static")
            out.append(ir.Import(*at(node), owner, title, local))
            if star:
                self.stars += 1
                self.scopes.star = local if self.stars == 1 else ""
            else:
                self.scopes.imported[name] = local
        elif star:
            out.append(ir.Import(*at(node), written, "*", "*"))
        else:
            out.append(ir.Import(*at(node), module, name, name))

    def _class(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(self.klass(node))

    def _stray_method(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(self._method(node, "class"))

    # statements

    def _locals(self, node: Node, out: list[ir.Statement]) -> None:
        declared = declared_type(self.reading, node.child_by_field_name("type"))
        for part in node.children_by_field_name("declarator"):
            lowered = self.declarator(part, declared)
            self.flush(out)
            if lowered is not None:
                out.append(lowered)
                if isinstance(lowered.target, ir.Name):
                    self.scopes.declare(lowered.target.id, declared.name if declared is not None else "")

    def _expression_statement(self, node: Node, out: list[ir.Statement]) -> None:
        for child in parts_of(node):
            if child.type == "assignment_expression":
                self.expression(child)
                self.flush(out)
            elif child.type == "switch_expression":
                self._switch(child, out)
            else:
                self.effect(child, out)

    def _constructor_call(self, node: Node, out: list[ir.Statement]) -> None:
        """`super(..)` and `this(..)`."""
        called = node.child_by_field_name("constructor")
        name = "super" if called is not None and called.type == "super" else "self"
        callee = ir.Attribute(*at(node), ir.Name(*at(node), name), "__init__")
        call = ir.Call(*at(node), callee, self.arguments(node.child_by_field_name("arguments")))
        self.flush(out)
        out.append(ir.Evaluate(*at(node), call))

    def _if(self, node: Node, out: list[ir.Statement]) -> None:
        arms: list[Arm] = []
        orelse: tuple[ir.Statement, ...] = ()
        current: Node | None = node
        while current is not None:
            test = current.child_by_field_name("condition")
            asked = self.expression(test) if test is not None else ir.Literal(*at(current), True)
            arms.append((at(current), asked, self.block(current.child_by_field_name("consequence"))))
            alternative = current.child_by_field_name("alternative")
            current = None
            if alternative is not None and alternative.type == "if_statement":
                current = alternative
            elif alternative is not None:
                orelse = self.block(alternative)
        self.flush(out)
        out.extend(choice(arms, orelse))

    def switch_arms(self, node: Node) -> list[tuple[Node, list[Node], list[Node], Node | None]]:
        """Arms of a switch: place, labels (none for `default`), statements, guard."""
        body = node.child_by_field_name("body")
        out: list[tuple[Node, list[Node], list[Node], Node | None]] = []
        for group in parts_of(body) if body is not None else []:
            labels: list[Node] = []
            statements: list[Node] = []
            guard: Node | None = None
            default = False
            for part in parts_of(group):
                if part.type == "switch_label":
                    inner = parts_of(part)
                    guards = [each for each in inner if each.type == "guard"]
                    guard = next(iter(parts_of(guards[0])), None) if guards else guard
                    labels.extend(each for each in inner if each.type != "guard")
                    default = default or not inner or any(child.type == "default" for child in part.children)
                else:
                    statements.append(part)
            out.append((group, [] if default else labels, statements, guard))
        return out

    def _switch(self, node: Node, out: list[ir.Statement]) -> None:
        condition = node.child_by_field_name("condition")
        if condition is None:
            return
        subject = self.expression(condition)
        arms: list[Arm] = []
        orelse: tuple[ir.Statement, ...] = ()
        waiting: list[ir.Expression] = []
        groups = self.switch_arms(node)
        blocks = [self._arm_body(statements, group) for group, _, statements, _ in groups]
        for number, (group, labels, _, guard) in enumerate(groups):
            statements, ends = blocks[number]
            rule = group.type == "switch_rule"
            before = len(self.pending)
            tests = [self.pattern(subject, label) for label in labels if is_pattern(label)]
            captures = tuple(self.pending[before:])
            del self.pending[before:]
            waiting.extend(self.expression(label) for label in labels if not is_pattern(label))
            if not statements and not rule and not ends and number + 1 < len(groups) and labels:
                continue
            if not rule and not ends and number + 1 < len(groups):  # falls through into the next one
                statements = statements + blocks[number + 1][0]
            if not labels:
                orelse, waiting = statements, []
                continue
            if tests:
                test = tests[0]
            elif len(waiting) == 1:
                test = ir.Operation(*at(group), "==", (subject, waiting[0]))
            else:
                test = ir.Operation(*at(group), "in", (subject, ir.Sequence(*at(group), tuple(waiting))))
            if guard is not None:
                test = ir.Operation(*at(group), "and", (test, self.expression(guard)))
            arms.append((at(group), test, (*captures, *statements)))
            waiting = []
        self.flush(out)
        out.extend(choice(arms, orelse))

    def _arm_body(self, nodes: list[Node], group: Node) -> tuple[tuple[ir.Statement, ...], bool]:
        """Statements of an arm without its `break`, and whether it ends there."""
        statements: list[ir.Statement] = []
        self.scopes.stack.append(Scope())
        self.fill(nodes, group, statements)
        self.scopes.stack.pop()
        ends = bool(statements) and isinstance(statements[-1], ir.Jump | ir.Return | ir.Raise)
        if ends and isinstance(statements[-1], ir.Jump) and statements[-1].kind == "break":
            statements.pop()
        return tuple(statements), ends

    def _for(self, node: Node, out: list[ir.Statement]) -> None:
        self.scopes.stack.append(Scope())
        self.fill(node.children_by_field_name("init"), node, out)
        test = node.child_by_field_name("condition")
        asked = self.expression(test) if test is not None else None
        self.flush(out)
        body = list(self.block(node.child_by_field_name("body")))
        self.fill(node.children_by_field_name("update"), node, body)
        self.scopes.stack.pop()
        out.append(ir.Loop(*at(node), None, None, asked, tuple(body)))

    def _for_each(self, node: Node, out: list[ir.Statement]) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return
        iterable = self.expression(value)
        self.flush(out)
        self.scopes.stack.append(Scope())
        self.scopes.declare(self.text(name))
        target: ir.Expression = ir.Name(*at(name), self.text(name))
        declared = declared_type(self.reading, node.child_by_field_name("type"))
        body = self.block(node.child_by_field_name("body"))
        self.scopes.stack.pop()
        if declared is not None:
            out.append(ir.Assign(*at(name), target, None, declared))
        out.append(ir.Loop(*at(node), target, iterable, None, body))

    def _while(self, node: Node, out: list[ir.Statement]) -> None:
        test = node.child_by_field_name("condition")
        asked = self.expression(test) if test is not None else None
        self.flush(out)
        out.append(ir.Loop(*at(node), None, None, asked, self.block(node.child_by_field_name("body"))))

    def _try(self, node: Node, out: list[ir.Statement]) -> None:
        self.scopes.stack.append(Scope())
        opened: list[ir.Statement] = []
        resources = node.child_by_field_name("resources")
        for part in parts_of(resources) if resources is not None else []:
            name, value = part.child_by_field_name("name"), part.child_by_field_name("value")
            if name is not None and value is not None:
                declared = declared_type(self.reading, part.child_by_field_name("type"))
                lowered = self.expression(value)
                self.flush(opened)
                opened.append(ir.Assign(*at(part), ir.Name(*at(name), self.text(name)), lowered, declared))
                self.scopes.declare(self.text(name))
        body = (*opened, *self.block(node.child_by_field_name("body")))
        self.scopes.stack.pop()
        handlers: list[ir.Handler] = []
        final: tuple[ir.Statement, ...] = ()
        for child in parts_of(node):
            if child.type == "catch_clause":
                caught = next((part for part in parts_of(child) if part.type == "catch_formal_parameter"), None)
                name = caught.child_by_field_name("name") if caught is not None else None
                title = self.text(name) if name is not None else ""
                self.scopes.stack.append(Scope(names={title}))
                handlers.append(ir.Handler(*at(child), title, self.block(child.child_by_field_name("body"))))
                self.scopes.stack.pop()
            elif child.type == "finally_clause":
                final = self.block(next(iter(parts_of(child)), None))
        out.append(ir.Try(*at(node), body, tuple(handlers), (), final))

    def _only(self, node: Node, out: list[ir.Statement]) -> ir.Expression | None:
        parts = parts_of(node)
        value = self.expression(parts[0]) if parts else None
        self.flush(out)
        return value

    def _return(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Return(*at(node), self._only(node, out)))

    def _yield(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Return(*at(node), self._only(node, out), final=False))

    def _throw(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Raise(*at(node), self._only(node, out)))

    def _assert(self, node: Node, out: list[ir.Statement]) -> None:
        test = self._only(node, out)
        if test is not None:
            out.append(ir.If(*at(node), ir.Operation(*at(node), "not", (test,)), (ir.Raise(*at(node), None),)))

    def _break(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Jump(*at(node), "break"))

    def _continue(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Jump(*at(node), "continue"))
