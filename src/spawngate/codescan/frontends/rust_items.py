"""Items of Rust to the intermediate representation: functions, structs, enums, traits, impls, constants, `use`.

Belongs here: declarations. Not here: statements (`rust`), expressions. Names of nodes: tree-sitter-rust 0.24.

Modules under `#[cfg(test)]` and functions under `#[test]` are left out: they are not part of the program.
"""

from __future__ import annotations

from msgspec import structs
from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends import rust_builders
from spawngate.codescan.frontends.lowering import at, parts_of
from spawngate.codescan.frontends.rust_macros import Macros

_VISIBLE = "visibility_modifier"
_CELLS = ("Mutex", "RwLock", "Cell", "DashMap", "Atomic", "Pin<&mut")


class Items(Macros):
    """Lowering of the items of one file."""

    def decorators(self, nodes: list[Node]) -> tuple[ir.Expression, ...]:
        """Attributes: a path, or a call with the literals and names between its brackets."""
        out: list[ir.Expression] = []
        for node in nodes:
            attribute = next(iter(parts_of(node)), None)
            parts = parts_of(attribute) if attribute is not None else []
            if not parts:
                continue
            path = self.expression(parts[0])
            tokens = parts[1] if len(parts) > 1 else None
            if tokens is None:
                out.append(path)
            elif tokens.type == "token_tree":
                out.append(ir.Call(*at(node), path, self._attribute_arguments(tokens)))
            else:
                out.append(ir.Call(*at(node), path, (ir.Argument(*at(tokens), self.expression(tokens)),)))
        return tuple(out)

    def _attribute_arguments(self, tokens: Node) -> tuple[ir.Argument, ...]:
        out: list[ir.Argument] = []
        for part in self._split(tokens.children[1:-1]):
            value = part[-1]
            name = self.text(part[0]) if len(part) == 3 and part[1].type == "=" else ""
            if value.type != "token_tree":
                out.append(ir.Argument(*at(value), self.expression(value), name))
        return tuple(out)

    def is_test(self, marks: list[Node]) -> bool:
        """An item that is compiled for tests only."""
        words = ["".join(self.text(mark).split()) for mark in marks if mark.end_byte - mark.start_byte < 100]
        return any("cfg(test)" in word or word in ("#[test]", "#[tokio::test]") for word in words)

    def visible(self, node: Node) -> bool:
        """`pub` in any form."""
        return any(child.type == _VISIBLE for child in node.children[:2])

    # functions

    def function(self, node: Node, marks: list[Node]) -> ir.Function:
        """A function, method or signature."""
        name, parameters = node.child_by_field_name("name"), node.child_by_field_name("parameters")
        params = self.params(parts_of(parameters) if parameters is not None else [])
        modifiers = next((child for child in node.children if child.type == "function_modifiers"), None)
        outer, self.pending = self.pending, []
        body = self.returned(node.child_by_field_name("body"))
        self.pending = outer
        return ir.Function(
            *at(node),
            self._field(name),
            params,
            body,
            self.type_of(node.child_by_field_name("return_type")),
            self.decorators(marks),
            static=not params or params[0].name != "self",
            exported=self.visible(node),
            is_async=modifiers is not None and "async" in self.text(modifiers).split(),
        )

    def params(self, nodes: list[Node]) -> tuple[ir.Param, ...]:
        """Parameters; a pattern gets the invented name `_0`, `_1`, ... of its position."""
        out: list[ir.Param] = []
        marks: list[Node] = []
        for node in nodes:
            if node.type == "attribute_item":
                marks.append(node)
                continue
            decorators = self.decorators(marks)
            marks = []
            if node.type == "self_parameter":
                changes = any(child.type == "mutable_specifier" for child in node.children)
                out.append(ir.Param(*at(node), "self", decorators=_mutable(node) if changes else ()))
                continue
            pattern, written = node, None
            if node.type == "parameter":
                inner = node.child_by_field_name("pattern")
                if inner is None:
                    continue
                pattern, written = inner, node.child_by_field_name("type")
                if written is not None and self._changes(written):
                    decorators = (*decorators, *_mutable(node))
            target = self.target(pattern)
            if isinstance(target, ir.Name):
                out.append(ir.Param(*at(node), target.id, self.type_of(written), decorators=decorators))
            elif self.text(pattern) == "self":  # self: Arc<Self>
                out.append(ir.Param(*at(node), "self", self.type_of(written)))
            else:
                bound = None if isinstance(target, ir.Literal) else target
                name = f"_{len(out)}"
                out.append(ir.Param(*at(node), name, self.type_of(written), pattern=bound, decorators=decorators))
        return tuple(out)

    def _changes(self, written: Node) -> bool:
        """A type through which what the caller gave can be changed."""
        if written.type == "reference_type" and any(child.type == "mutable_specifier" for child in written.children):
            return True
        text = self.text(written) if written.end_byte - written.start_byte < 300 else ""
        return any(cell in text for cell in _CELLS)

    # types

    def struct(self, node: Node, marks: list[Node]) -> ir.Class:
        """A struct or union."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        title = self._field(name)
        members = self._fields(body, at(node))
        decorators = self.decorators(marks)
        if derives(decorators, "Default"):
            members = (*members, _default(title, at(node)))
        if rust_builders.builds(decorators):
            members = (*members, *rust_builders.members(title, members, at(node)))
        return ir.Class(*at(node), title, (), members, "struct", decorators, self.visible(node))

    def _fields(self, body: Node | None, place: tuple[int, int]) -> tuple[ir.Statement, ...]:
        """Fields of a struct or variant; those of a tuple are named "0", "1", .. and have a constructor."""
        out: list[ir.Statement] = []
        marks: list[Node] = []
        params: list[ir.Param] = []
        for part in parts_of(body) if body is not None else []:
            if part.type == "attribute_item":
                marks.append(part)
            elif part.type == "field_declaration":
                name, written = part.child_by_field_name("name"), part.child_by_field_name("type")
                if name is not None:
                    target = ir.Name(*at(name), self._field(name))
                    decorators = self.decorators(marks)
                    out.append(ir.Assign(*at(part), target, None, self.type_of(written), decorators=decorators))
                marks = []
            elif body is not None and body.type == "ordered_field_declaration_list" and part.type != _VISIBLE:
                params.append(ir.Param(*at(part), str(len(params)), self.type_of(part), field=True))
                marks = []
        if params:
            out.append(ir.Function(*place, "__init__", tuple(params), (), exported=True))
        return tuple(out)

    def enum(self, node: Node, marks: list[Node]) -> ir.Class:
        """An enum: plain variants are constants, those with data are subclasses."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        out: list[ir.Statement] = []
        waiting: list[Node] = []
        for part in parts_of(body) if body is not None else []:
            if part.type == "attribute_item":
                waiting.append(part)
                continue
            if part.type != "enum_variant":
                continue
            title, fields = part.child_by_field_name("name"), part.child_by_field_name("body")
            label = self._field(title)
            decorators = self.decorators(waiting)
            waiting = []
            if fields is None:
                target = ir.Name(*at(part), label)
                out.append(ir.Assign(*at(part), target, ir.Literal(*at(part), label), decorators=decorators))
            else:
                members = self._fields(fields, at(part))
                bases = (ir.Type(*at(part), self._field(name)),)
                out.append(ir.Class(*at(part), label, bases, members, "variant", decorators))
        return ir.Class(
            *at(node), self._field(name), (), tuple(out), "enum", self.decorators(marks), self.visible(node)
        )

    def implementation(self, node: Node, marks: list[Node]) -> ir.Class:
        """An `impl` block: methods of a type; its trait is a base."""
        written, trait = node.child_by_field_name("type"), node.child_by_field_name("trait")
        kind = self.type_of(written)
        title = kind.name if kind is not None else ""
        outer, self.itself = self.itself, title
        base = self.type_of(trait)
        body = node.child_by_field_name("body")
        members = self._members(body)
        own = self._associated(body, title)
        if own:
            members = tuple([_with_types(each, own) if isinstance(each, ir.Function) else each for each in members])
        self.itself = outer
        bases = (base,) if base is not None else ()
        return ir.Class(*at(node), title, bases, members, "impl", self.decorators(marks))

    def _associated(self, body: Node | None, title: str) -> dict[str, ir.Type]:
        """`type Args = Launch;` of an `impl` block, under the name that its methods call it by."""
        out: dict[str, ir.Type] = {}
        for item in body.named_children if body is not None else ():
            name = item.child_by_field_name("name") if item.type == "type_item" else None
            written = self.type_of(item.child_by_field_name("type")) if name is not None else None
            if written is not None:
                out[f"{title}::{self._field(name)}"] = written
        return out

    def trait(self, node: Node, marks: list[Node]) -> ir.Class:
        """A trait."""
        name, bounds = node.child_by_field_name("name"), node.child_by_field_name("bounds")
        parts = [part for part in parts_of(bounds) if part.type != "lifetime"] if bounds is not None else []
        bases = [self.type_of(part) for part in parts]
        members = self._members(node.child_by_field_name("body"))
        kept = tuple([base for base in bases if base is not None])
        return ir.Class(
            *at(node), self._field(name), kept, members, "trait", self.decorators(marks), self.visible(node)
        )

    def _members(self, body: Node | None) -> tuple[ir.Statement, ...]:
        out: list[ir.Statement] = []
        if body is not None:
            self.fill(body.named_children, body, out)
        return tuple(out)

    def constant(self, node: Node, out: list[ir.Statement]) -> None:
        """`const` and `static`."""
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return
        lowered = self.expression(value) if value is not None else None
        self.flush(out)
        written = self.type_of(node.child_by_field_name("type"))
        target = ir.Name(*at(name), self._field(name))
        out.append(ir.Assign(*at(node), target, lowered, written, exported=self.visible(node)))

    def alias(self, node: Node) -> ir.Class | None:
        """`type A = B`: a class that is only its base."""
        name, written = node.child_by_field_name("name"), self.type_of(node.child_by_field_name("type"))
        if written is None or written.name in ("", "()", "[]", "function"):
            return None
        return ir.Class(*at(node), self._field(name), (written,), (), "struct", (), self.visible(node))

    # modules

    def uses(self, node: Node, out: list[ir.Statement]) -> None:
        """`use a::{b, c as d, e::*}`, without recursion along the tree."""
        exported = self.visible(node)
        argument = node.child_by_field_name("argument")
        stack: list[tuple[Node, str]] = [(argument, "")] if argument is not None else []
        while stack and self.reading.spend():
            part, prefix = stack.pop()
            place = at(part)
            kind = part.type
            if kind == "scoped_use_list":
                path, inner = part.child_by_field_name("path"), part.child_by_field_name("list")
                joined = _joined(prefix, self._use_text(path))
                if inner is not None:
                    stack.extend((child, joined) for child in reversed(parts_of(inner)))
            elif kind == "use_list":
                stack.extend((child, prefix) for child in reversed(parts_of(part)))
            elif kind == "use_as_clause":
                path, alias = part.child_by_field_name("path"), part.child_by_field_name("alias")
                module, name = _split_path(_joined(prefix, self._use_text(path)))
                local = self._field(alias)
                if local != "_":
                    out.append(ir.Import(*place, module, name, local, exported))
            elif kind == "use_wildcard":
                path = next(iter(parts_of(part)), None)
                out.append(ir.Import(*place, _joined(prefix, self._use_text(path)), "*", "*", exported))
            elif kind == "self":
                module, name = _split_path(prefix)
                out.append(ir.Import(*place, module, name, name, exported))
            else:
                module, name = _split_path(_joined(prefix, self._use_text(part)))
                out.append(ir.Import(*place, module, name, name, exported))

    def extern_crate(self, node: Node, out: list[ir.Statement]) -> None:
        """`extern crate a as b`; `#[macro_use]` brings the crate's macros and attributes in as well."""
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        crate = self._field(name)
        out.append(ir.Import(*at(node), crate, "", self._field(alias) if alias is not None else crate))
        if any("macro_use" in self.text(mark) for mark in self.marks if mark.end_byte - mark.start_byte < 100):
            out.append(ir.Import(*at(node), crate, "*", "*"))

    def _use_text(self, node: Node | None) -> str:
        if node is None or node.end_byte - node.start_byte > 1000:
            return ""
        return "".join(self.text(node).split()).replace("r#", "")


def _mutable(node: Node) -> tuple[ir.Expression, ...]:
    return (ir.Name(*at(node), ir.MUTABLE),)


def derives(decorators: tuple[ir.Expression, ...], trait: str) -> bool:
    """Whether a `#[derive(..)]` names the trait."""
    for mark in decorators:
        if isinstance(mark, ir.Call) and isinstance(mark.callee, ir.Name) and mark.callee.id == "derive":
            named = [each.value.id for each in mark.args if isinstance(each.value, ir.Name)]
            if trait in named:
                return True
    return False


def entity_of(model: ir.Class) -> tuple[ir.Class, ...]:
    """A model of SeaORM and what its macro writes beside it: the entity that is asked for rows, and the class that is
    filled with what is stored."""
    place = model.line, model.column
    base = (ir.Type(*place, model.name),)
    entity = ir.Class(*place, "Entity", base, (), "struct", model.decorators, exported=True)
    return model, entity, ir.Class(*place, "ActiveModel", base, (), "struct", (), exported=True)


def _default(title: str, place: tuple[int, int]) -> ir.Function:
    """`T::default()` of `#[derive(Default)]`."""
    made = ir.Call(*place, ir.Name(*place, title), (), new=True)
    body = (ir.Return(*place, made),)
    return ir.Function(*place, "default", (), body, ir.Type(*place, title), static=True, exported=True)


def _joined(prefix: str, path: str) -> str:
    return f"{prefix}::{path}" if prefix and path else prefix or path


def _split_path(path: str) -> tuple[str, str]:
    module, _, name = path.rpartition("::")
    return module, name


def _with_types(function: ir.Function, associated: dict[str, ir.Type]) -> ir.Function:
    """A method whose parameters are of the types that `Self::Args` stands for."""
    params = tuple(
        [
            structs.replace(each, type=associated[each.type.name])
            if each.type is not None and each.type.name in associated
            else each
            for each in function.params
        ]
    )
    return structs.replace(function, params=params)
