"""Classes and methods of Java to the intermediate representation.

Belongs here: classes, interfaces, records, enums, methods, parameters, annotations. Not here: statements, expressions.
Names of nodes: tree-sitter-java 0.23, node-types.json.
"""

from __future__ import annotations

from typing import Literal as Choice

from msgspec import structs
from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.java_enums import joined
from spawngate.codescan.frontends.java_expressions import Expressions
from spawngate.codescan.frontends.java_lombok import added_members, mark_names
from spawngate.codescan.frontends.java_scopes import FUNCTIONAL, Scope
from spawngate.codescan.frontends.java_types import declared_type, lower_type
from spawngate.codescan.frontends.lowering import at, parts_of
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

Kind = Choice["class", "interface", "enum", "record"]
KINDS: dict[str, Kind] = {
    "class_declaration": "class",
    "interface_declaration": "interface",
    "annotation_type_declaration": "interface",
    "enum_declaration": "enum",
    "record_declaration": "record",
}
_FIELDS = frozenset(["field_declaration", "constant_declaration"])
_METHODS = frozenset(["method_declaration", "constructor_declaration", "compact_constructor_declaration"])


_OPTIONS = frozenset(["Option", "Parameters", "Parameter", "Argument", "Arguments"])
"""Annotations by which picocli, JCommander, args4j and Airline fill a field from the command line."""


def _injected(decorators: tuple[ir.Expression, ...]) -> ir.Expression | None:
    """Value of a field that a framework fills.

    Under Spring's `@Value("${key:default}")`: a property, and what holds where nobody sets it. Under the annotation of
    an option of the command line: a call of that annotation, which the models know.
    """
    for mark in decorators:
        named = mark_names((mark,))
        first = mark.args[0].value if isinstance(mark, ir.Call) and mark.args else None
        if _OPTIONS & set(named):
            return mark if isinstance(mark, ir.Call) else ir.Call(mark.line, mark.column, mark)
        if "Value" not in named or not isinstance(first, ir.Literal) or not isinstance(first.value, str):
            continue
        text = first.value.strip()
        if text.startswith("${") and text.endswith("}"):
            key, colon, default = text[2:-1].partition(":")
            place = first.line, first.column
            given = [ir.Argument(*place, ir.Literal(*place, key))]
            given += [ir.Argument(*place, ir.Literal(*place, default))] if colon else []
            callee = ir.Attribute(*place, ir.Name(*place, "System"), "getProperty")
            return ir.Call(*place, callee, tuple(given))
    return None


class Definitions(Expressions):
    """Lowering of the classes and methods of one file."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        for kind in ("annotation", "marker_annotation"):  # within another annotation
            self.expressions[kind] = lambda node, _line, _column: self._annotation(node)

    def modifiers(self, node: Node) -> tuple[frozenset[str], tuple[ir.Expression, ...]]:
        """Words and annotations before a declaration."""
        for child in node.children[:2]:
            if child.type == "modifiers":
                words = frozenset([part.type for part in child.children if not part.is_named])
                marks = [part for part in child.named_children if part.type in ("annotation", "marker_annotation")]
                return words, tuple([self._annotation(mark) for mark in marks])
        return frozenset(), ()

    def _annotation(self, node: Node) -> ir.Expression:
        name, arguments = node.child_by_field_name("name"), node.child_by_field_name("arguments")
        mark = self.dotted("".join(self.text(name).split()) if name is not None else "", at(node))
        if arguments is None:
            return mark
        given: list[ir.Argument] = []
        for part in parts_of(arguments):
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if part.type == "element_value_pair" and key is not None and value is not None:
                given.append(ir.Argument(*at(part), self.expression(value), self.text(key)))
            else:
                given.append(ir.Argument(*at(part), self.expression(part)))
        return ir.Call(*at(node), mark, tuple(given))

    def klass(self, node: Node) -> ir.Class:
        """A class, interface, record, enum or annotation type."""
        if self.reading.depth >= MAX_DEPTH:
            self.reading.trouble(node, "nested too deep")
            return ir.Class(*at(node), "", (), (ir.Evaluate(*at(node), self.reading.flat(node, "too deep")),))
        self.reading.depth += 1
        outer, self.pending = self.pending, []
        words, decorators = self.modifiers(node)
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        title = self.text(name) if name is not None else ""
        kind = KINDS[node.type]
        bases = self._bases(node)
        members = self._flat_members(body)
        components = self._components(node) if kind == "record" else []
        scope = self._scope(title, members, inherits=node.child_by_field_name("superclass") is not None)
        scope.names.update(part.target.id for part in components if isinstance(part.target, ir.Name))
        self.scopes.stack.append(scope)
        out: list[ir.Statement] = [*components]
        fields: list[ir.Assign] = [*components]
        required: set[str] = set()
        for member in members:
            if not self.reading.spend():
                break
            self._member(member, kind, out, fields, required)
        if kind == "record":
            out = self._record_constructor(components, out, at(node))
        elif kind == "enum":
            out = joined(out, self._constant_bodies(members))
        declared = {each.name for each in out if isinstance(each, ir.Function)}
        out.extend(added_members(title, kind, decorators, fields, required, declared))
        self.scopes.stack.pop()
        self.pending = outer
        self.reading.depth -= 1
        exported = "public" in words
        return ir.Class(*at(node), title, bases, tuple(out), kind, decorators, exported)

    def _bases(self, node: Node) -> tuple[ir.Type, ...]:
        found: list[Node] = []
        for child in node.named_children:
            if child.type == "superclass":
                found.extend(parts_of(child))
            elif child.type in ("super_interfaces", "extends_interfaces"):
                for each in parts_of(child):
                    found.extend(parts_of(each) if each.type == "type_list" else [each])
        return tuple([lower_type(self.reading, each) for each in found])

    def _flat_members(self, body: Node | None) -> list[Node]:
        out: list[Node] = []
        for child in parts_of(body) if body is not None else []:
            if child.type in ("enum_body_declarations", "ERROR"):
                out.extend(parts_of(child))
            else:
                out.append(child)
        return out

    def _scope(self, title: str, members: list[Node], *, inherits: bool) -> Scope:
        """What a class declares, known before its methods are lowered."""
        scope = Scope(title=title, is_class=True, inherits=inherits)
        for member in members:
            if member.type in _FIELDS:
                static = member.type == "constant_declaration" or "static" in self._words(member)
                written = declared_type(self.reading, member.child_by_field_name("type"))
                for part in member.children_by_field_name("declarator"):
                    name = part.child_by_field_name("name")
                    if name is not None:
                        scope.names.add(self.text(name))
                        if written is not None and written.name.rpartition(".")[2] in FUNCTIONAL:
                            scope.callables.add(self.text(name))
                        if static:
                            scope.statics.add(self.text(name))
            elif member.type in ("method_declaration", "enum_constant"):
                name = member.child_by_field_name("name")
                if name is not None and member.type == "method_declaration":
                    scope.methods.add(self.text(name))
                elif name is not None:
                    scope.names.add(self.text(name))
                    scope.statics.add(self.text(name))
        return scope

    def _words(self, node: Node) -> frozenset[str]:
        """Words before a declaration, without its annotations."""
        modifiers = node.children[0] if node.children and node.children[0].type == "modifiers" else None
        return frozenset([part.type for part in modifiers.children]) if modifiers is not None else frozenset()

    def _components(self, node: Node) -> list[ir.Assign]:
        """Fields of a record."""
        self.scopes.stack.append(Scope())
        params = self.params(node.child_by_field_name("parameters"))
        self.scopes.stack.pop()
        return [
            ir.Assign(
                param.line,
                param.column,
                ir.Name(param.line, param.column, param.name),
                None,
                param.type,
                decorators=param.decorators,
            )
            for param in params
        ]

    def _record_constructor(
        self, components: list[ir.Assign], out: list[ir.Statement], place: tuple[int, int]
    ) -> list[ir.Statement]:
        params = tuple(
            [
                ir.Param(field.line, field.column, field.target.id, field.type, decorators=field.decorators, field=True)
                for field in components
                if isinstance(field.target, ir.Name)
            ]
        )
        body: tuple[ir.Statement, ...] = ()
        rest: list[ir.Statement] = []
        for each in out:
            if isinstance(each, ir.Function) and each.name == "":  # the compact constructor
                body = each.body
            else:
                rest.append(each)
        return [*rest, ir.Function(*place, "__init__", params, body, exported=True)]

    def _member(
        self, node: Node, kind: Kind, out: list[ir.Statement], fields: list[ir.Assign], required: set[str]
    ) -> None:
        if node.type in _METHODS:
            out.append(self._method(node, kind))
        elif node.type in _FIELDS:
            words, decorators = self.modifiers(node)
            declared = declared_type(self.reading, node.child_by_field_name("type"))
            for part in node.children_by_field_name("declarator"):
                field = self.declarator(part, declared)
                if field is None:
                    continue
                injected = _injected(decorators)
                value = field.value or injected
                if field.value is not None and isinstance(injected, ir.Call) and mark_names(decorators) & _OPTIONS:
                    value = ir.Join(field.line, field.column, (injected, field.value))
                field = structs.replace(field, decorators=decorators, value=value)
                self.flush(out)
                out.append(field)
                if "static" not in words and kind != "interface":
                    fields.append(field)
                    marked = "final" in words or "NonNull" in mark_names(decorators)
                    if marked and field.value is None and isinstance(field.target, ir.Name):
                        required.add(field.target.id)
        elif node.type == "enum_constant":
            out.append(self._constant(node))
        elif node.type in KINDS:
            out.append(self.klass(node))
        elif node.type in ("static_initializer", "block"):
            block = node if node.type == "block" else next(iter(parts_of(node)), None)
            out.extend(self.block(block))

    def _constant(self, node: Node) -> ir.Assign:
        """A constant of an enum: its name, or an instance where it has arguments."""
        name, arguments = node.child_by_field_name("name"), node.child_by_field_name("arguments")
        title = self.text(name) if name is not None else ""
        value: ir.Expression = ir.Literal(*at(node), title)
        if arguments is not None:
            owner = self.scopes.stack[-1].title
            value = ir.Call(*at(node), ir.Name(*at(node), owner), self.arguments(arguments), new=True)
        return ir.Assign(*at(node), ir.Name(*at(node), title), value)

    def _constant_bodies(self, members: list[Node]) -> list[tuple[str, list[ir.Function]]]:
        """Methods that constants of an enum have for themselves."""
        out: list[tuple[str, list[ir.Function]]] = []
        for member in members:
            name, body = member.child_by_field_name("name"), member.child_by_field_name("body")
            if member.type == "enum_constant" and name is not None and body is not None:
                inner = self._flat_members(body)
                self.scopes.stack.append(self._scope("", inner, inherits=True))
                methods = [self._method(each, "class") for each in inner if each.type == "method_declaration"]
                self.scopes.stack.pop()
                out.append((self.text(name), methods))
        return out

    def declarator(self, node: Node, declared: ir.Type | None) -> ir.Assign | None:
        """One variable of a declaration, of a field or a local."""
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return None
        if node.child_by_field_name("dimensions") is not None and declared is not None:
            declared = ir.Type(declared.line, declared.column, "[]", (declared,))
        lowered = self.expression(value) if value is not None else None
        return ir.Assign(*at(node), ir.Name(*at(name), self.text(name)), lowered, declared)

    def _method(self, node: Node, kind: Kind) -> ir.Function:
        words, decorators = self.modifiers(node)
        name = node.child_by_field_name("name")
        title = self.text(name) if name is not None and node.type == "method_declaration" else "__init__"
        if node.type == "compact_constructor_declaration":
            title = ""
        outer, self.pending = self.pending, []
        self.scopes.stack.append(Scope())
        params = self.params(node.child_by_field_name("parameters"))
        body = self.block(node.child_by_field_name("body"))
        self.scopes.stack.pop()
        self.pending = outer
        returns = node.child_by_field_name("type")
        return ir.Function(
            *at(node.child_by_field_name("name") or node),  # annotations above are no place to point at
            title,
            params,
            body,
            lower_type(self.reading, returns) if returns is not None and title != "__init__" else None,
            decorators,
            static="static" in words,
            exported="public" in words or (kind == "interface" and "private" not in words),
        )

    def params(self, node: Node | None) -> tuple[ir.Param, ...]:
        """Parameters of a method or lambda; they are declared in the scope that is open."""
        if node is None:
            return ()
        if node.type == "identifier":
            self.scopes.declare(self.text(node))
            return (ir.Param(*at(node), self.text(node)),)
        out: list[ir.Param] = []
        for part in parts_of(node):
            if part.type == "identifier":
                out.append(ir.Param(*at(part), self.text(part)))
            elif part.type in ("formal_parameter", "spread_parameter"):
                name, written = part.child_by_field_name("name"), part.child_by_field_name("type")
                if part.type == "spread_parameter":
                    inner = [child for child in parts_of(part) if child.type != "modifiers"]
                    written = inner[0] if inner else None
                    name = inner[-1].child_by_field_name("name") if inner else None
                if name is None:
                    continue
                _, decorators = self.modifiers(part)
                declared = declared_type(self.reading, written)
                if part.child_by_field_name("dimensions") is not None and declared is not None:
                    declared = ir.Type(declared.line, declared.column, "[]", (declared,))
                spread: ir.Spreading = "*" if part.type == "spread_parameter" else ""
                out.append(ir.Param(*at(part), self.text(name), declared, spread=spread, decorators=decorators))
        for param in out:
            self.scopes.declare(param.name, param.type.name if param.type is not None else "")
        return tuple(out)

    def anonymous(self, node: Node) -> ir.Unknown:
        """Body of an anonymous class: a closure for each method."""
        members = self._flat_members(node)
        self.scopes.stack.append(self._scope("", members, inherits=False))
        out: list[ir.Expression] = []
        for member in members:
            if member.type == "method_declaration":
                out.append(ir.Closure(*at(member), self._method(member, "class")))
            elif member.type in _FIELDS:
                lowered: list[ir.Statement] = []
                self._member(member, "class", lowered, [], set())
                out.extend(each.value for each in lowered if isinstance(each, ir.Assign) and each.value is not None)
            elif member.type == "block":  # `new HashMap<>() {{ put(a, b); }}`
                out.append(ir.Closure(*at(member), ir.Function(*at(member), "", (), self.block(member))))
        self.scopes.stack.pop()
        return ir.Unknown(*at(node), "class", tuple(out))
