"""Functions and classes of JavaScript and TypeScript to the intermediate representation.

Belongs here: functions, parameters, classes, interfaces, enums, object types. Not here: statements, expressions.
Names of nodes: tree-sitter-javascript 0.25 and -typescript 0.23, node-types.json.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from msgspec import structs
from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.javascript_expressions import FUNCTIONS, Expressions
from spawngate.codescan.frontends.javascript_types import lower_type
from spawngate.codescan.frontends.lowering import at, parts_of

_PROPERTY_MARKS = frozenset(["accessibility_modifier", "readonly", "override_modifier"])
_SIGNATURES = frozenset(["method_signature", "abstract_method_signature", "function_signature"])
_FIELDLESS = frozenset(
    ["", "|", "&", "{}", "Literal", "function", "[]", "()", "string", "number", "boolean", "any", "unknown"]
)
_CONTAINERS = frozenset(["Map", "Set", "WeakMap", "Array"])
"""Whose type arguments say of which class what they hold is."""
_FIELDS = frozenset(["public_field_definition", "field_definition", "property_signature"])


def names_in(pattern: ir.Expression) -> Iterable[ir.Name]:
    """Names that a pattern binds."""
    todo = [pattern]
    while todo:
        node = todo.pop()
        if isinstance(node, ir.Name):
            yield node
        elif isinstance(node, ir.Sequence):
            todo.extend(node.items)
        elif isinstance(node, ir.Record):
            todo.extend(entry.value for entry in node.entries)
        elif isinstance(node, ir.Join):
            todo.extend(node.branches[:1])
        elif isinstance(node, ir.Spread | ir.Cast):
            todo.append(node.value)


class Definitions(Expressions):
    """Lowering of the functions and classes of one file."""

    @abstractmethod
    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block."""

    def function(self, node: Node, name: str = "") -> ir.Function:
        """A function, method, arrow or signature; `name` where the node itself has none."""
        outer, self.pending = self.pending, []
        around = self.rebound, self.declared
        self.rebound, self.declared = {}, set()
        own = node.child_by_field_name("name")
        if own is not None:
            written = self.property_name(own)
            name = str(written.value) if isinstance(written, ir.Literal) else name
        marks = {child.type for child in node.children if not child.is_named}
        kind = node.type
        parameters, single = node.child_by_field_name("parameters"), node.child_by_field_name("parameter")
        written_params = parts_of(parameters) if parameters is not None else [single] if single is not None else []
        params: tuple[ir.Param, ...] = self.params(written_params)
        body_node = node.child_by_field_name("body")
        body: tuple[ir.Statement, ...] = ()
        if body_node is not None and body_node.type == "statement_block":
            body = self.block(body_node)
        elif body_node is not None:
            value = self.expression(body_node)
            body = (*self.pending, ir.Return(value.line, value.column, value))
        body = self._outer_names(node, params, body)
        self.rebound, self.declared = around
        if kind == "method_definition" and "set" in marks and params:
            body = self._setter(name, params[0], body)
            params = ()
        returns = node.child_by_field_name("return_type")
        function = ir.Function(
            *at(node),
            "__init__" if name == "constructor" and kind == "method_definition" else name,
            params,
            body,
            lower_type(self.reading, returns) if returns is not None else None,
            static="static" in marks,
            getter="get" in marks and kind == "method_definition",
            is_async="async" in marks,
        )
        self.pending = outer
        return function

    def _outer_names(
        self, node: Node, params: tuple[ir.Param, ...], body: tuple[ir.Statement, ...]
    ) -> tuple[ir.Statement, ...]:
        """The body, with what Python writes as `nonlocal` before it: variables of a scope around that it binds."""
        own = self.declared | {param.name for param in params}
        own |= {leaf.id for param in params if param.pattern is not None for leaf in names_in(param.pattern)}
        outer = [name for name in self.rebound if name not in own]
        if not outer:
            return body
        place = at(node)
        names = tuple(ir.Name(*place, name) for name in outer)
        return (ir.Evaluate(*place, ir.Unknown(*place, "nonlocal", names)), *body)

    def _setter(self, name: str, param: ir.Param, body: tuple[ir.Statement, ...]) -> tuple[ir.Statement, ...]:
        """A setter reads what others write to the property of its name."""
        place = param.line, param.column
        written = ir.Attribute(*place, ir.Name(*place, "self"), name)
        target = param.pattern if param.pattern is not None else ir.Name(*place, param.name)
        return (ir.Assign(*place, target, written, param.type), *body)

    def params(self, nodes: Iterable[Node]) -> tuple[ir.Param, ...]:
        """Parameters; a pattern gets the invented name `_0`, `_1`, ... of its position."""
        out: list[ir.Param] = []
        for node in nodes:
            target: Node | None = node
            default: Node | None = None
            written: Node | None = None
            field = False
            decorators: tuple[ir.Expression, ...] = ()
            if node.type in ("required_parameter", "optional_parameter"):
                target = node.child_by_field_name("pattern")
                default, written = node.child_by_field_name("value"), node.child_by_field_name("type")
                field = any(child.type in _PROPERTY_MARKS for child in node.children)
                decorators = self.decorators(node.named_children)
            elif node.type == "assignment_pattern":
                target, default = node.child_by_field_name("left"), node.child_by_field_name("right")
            if target is None or target.type == "this":
                continue
            spread: ir.Spreading = ""
            if target.type == "rest_pattern":
                spread = "*"
                inner = parts_of(target)
                if not inner:
                    continue
                target = inner[0]
            named = target.type == "identifier"
            out.append(
                ir.Param(
                    *at(node),
                    self.text(target) if named else f"_{len(out)}",
                    lower_type(self.reading, written) if written is not None else None,
                    self.expression(default) if default is not None else None,
                    spread,
                    pattern=None if named else self.expression(target),
                    decorators=decorators,
                    field=field,
                )
            )
        return tuple(out)

    def decorators(self, nodes: Iterable[Node]) -> tuple[ir.Expression, ...]:
        """Expressions of the decorators among some nodes."""
        return tuple(
            self.expression(inner) for node in nodes if node.type == "decorator" for inner in parts_of(node)[:1]
        )

    def klass(self, node: Node, name: str = "", decorators: tuple[ir.Expression, ...] = ()) -> ir.Class:
        """A class or interface; `name` where the node itself has none."""
        outer, self.pending = self.pending, []
        own = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        lowered = ir.Class(
            *at(node),
            name or (self.text(own) if own is not None else ""),
            self._bases(node),
            (*self._heritage(node), *(self._members(body) if body is not None else ())),
            "interface" if node.type == "interface_declaration" else "class",
            (*decorators, *self.decorators(node.named_children)),
        )
        self.pending = outer
        return lowered

    def _bases(self, node: Node) -> tuple[ir.Type, ...]:
        out: list[ir.Type] = []
        for child in node.named_children:
            clauses = child.named_children if child.type == "class_heritage" else [child]
            for clause in clauses:
                if clause.type in ("extends_clause", "implements_clause", "extends_type_clause"):
                    parts = [part for part in parts_of(clause) if part.type != "type_arguments"]
                elif child.type == "class_heritage":
                    parts = [clause]
                else:
                    continue
                for part in parts:
                    base = lower_type(self.reading, part)
                    mixed = base.args if part.type == "call_expression" else ()
                    out.extend([base, *(arg for arg in mixed if arg.name)])
        return tuple(out)

    def _heritage(self, node: Node) -> tuple[ir.Statement, ...]:
        """Functions that a class is made with: `class X extends Service<X>()("x", { make: () => .. })`."""
        out: list[ir.Statement] = []
        for child in node.named_children:
            for clause in child.named_children if child.type == "class_heritage" else ():
                made = parts_of(clause) if clause.type == "extends_clause" else [clause]
                out.extend(
                    ir.Evaluate(*at(each), self.expression(each)) for each in made if self._makes_functions(each)
                )
        return tuple(out)

    def _makes_functions(self, node: Node) -> bool:
        text = self.text(node) if node.type == "call_expression" else ""
        return "=>" in text or "function" in text

    def _members(self, body: Node) -> tuple[ir.Statement, ...]:
        out: list[ir.Statement] = []
        marks: list[Node] = []
        for child in parts_of(body):
            if not self.reading.spend():
                break
            kind = child.type
            if kind == "decorator":
                marks.append(child)
                continue
            decorators = self.decorators((*marks, *child.named_children))
            marks = []
            if kind == "method_definition" or kind in _SIGNATURES:
                out.append(_decorated(self.function(child), decorators))
            elif kind in _FIELDS:
                self._field(child, decorators, out)
            elif kind == "class_static_block":
                out.extend(self.block(child.child_by_field_name("body")))
            elif kind == "ERROR":
                out.append(ir.Evaluate(*at(child), self.reading.flat(child, "ERROR")))
        return tuple(out)

    def _field(self, node: Node, decorators: tuple[ir.Expression, ...], out: list[ir.Statement]) -> None:
        name = node.child_by_field_name("name") or node.child_by_field_name("property")
        value, written = node.child_by_field_name("value"), node.child_by_field_name("type")
        if name is None:
            return
        key = self.property_name(name)
        if not isinstance(key, ir.Literal):
            return
        title = str(key.value)
        if value is not None and value.type in FUNCTIONS:
            out.append(_decorated(self.function(value, title), decorators))
            return
        lowered = self.expression(value) if value is not None else None
        out.extend(self.pending)
        self.pending = []
        declared = self.declared_type(written, value)
        out.append(ir.Assign(*at(node), ir.Name(*at(name), title), lowered, declared, decorators=decorators))

    def declared_type(self, written: Node | None, value: Node | None) -> ir.Type | None:
        """The type that is written beside a variable or a field, or within `new Map<string, Server>()`."""
        if written is not None:
            return lower_type(self.reading, written)
        made = (
            value.child_by_field_name("constructor") if value is not None and value.type == "new_expression" else None
        )
        told = value.child_by_field_name("type_arguments") if value is not None and made is not None else None
        if made is None or told is None or self.text(made) not in _CONTAINERS:
            return None
        return ir.Type(*at(made), self.text(made), tuple(lower_type(self.reading, part) for part in parts_of(told)))

    def enum(self, node: Node) -> ir.Class:
        """An enum; a member without a value is its position."""
        out: list[ir.Statement] = []
        body = node.child_by_field_name("body")
        for number, child in enumerate(parts_of(body) if body is not None else ()):
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            key = self.property_name(name if name is not None else child)
            if isinstance(key, ir.Literal):
                constant = self.expression(value) if value is not None else ir.Literal(*at(child), number)
                out.append(ir.Assign(*at(child), ir.Name(*at(child), str(key.value)), constant))
        title = node.child_by_field_name("name")
        return ir.Class(*at(node), self.text(title) if title is not None else "", (), tuple(out), "enum")

    def type_alias(self, node: Node) -> ir.Class | None:
        """`type X = {..}`, `A & B`, `A | B` or `A`: an interface. None for other types, which have no fields."""
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return None
        bases: list[ir.Type] = []
        body: list[ir.Statement] = []
        parts = parts_of(value) if value.type == "intersection_type" else [value]
        for part in parts:
            if part.type == "object_type":
                body.extend(self._members(part))
            else:
                base = lower_type(self.reading, part)
                members = base.args if base.name == "|" else (base,)
                bases.extend(member for member in members if member.name not in _FIELDLESS)
        if not bases and not body:
            return None
        return ir.Class(*at(node), self.text(name), tuple(bases), tuple(body), "interface")


def _decorated(function: ir.Function, decorators: tuple[ir.Expression, ...]) -> ir.Function:
    return structs.replace(function, decorators=decorators) if decorators else function
