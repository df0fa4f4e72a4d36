"""Functions and classes of Python to the intermediate representation.

Belongs here: definitions with their decorators, parameters and bases. Not here: what stands in a body (`python`),
written types (`python_types`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.python_expressions import Expressions
from spawngate.codescan.frontends.python_types import lower_type, marks_of


class Definitions(Expressions, ABC):
    """Lowering of the functions and classes of one file."""

    @abstractmethod
    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block or module, in order."""

    def definition(self, node: Node, out: list[ir.Statement]) -> None:
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
        marks = [_mark(decorator) for decorator in decorators]
        return ir.Function(
            row + 1,
            column,
            self.text(name) if name is not None else "",
            self.params(parameters),
            self.block(node.child_by_field_name("body")),
            lower_type(self.reading, returns) if returns is not None else None,
            decorators,
            static="staticmethod" in marks,
            getter="property" in marks or "cached_property" in marks,
            is_async=bool(node.children) and node.children[0].type == "async",
        )

    def params(self, node: Node | None) -> tuple[ir.Param, ...]:
        """Parameters; what `Annotated` says beside a type are their decorators."""
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
                keywords.append(self.argument(child))
            elif child.type != "comment":
                bases.append(lower_type(self.reading, child))
        body = self.block(node.child_by_field_name("body"))
        title = self.text(name) if name is not None else ""
        return ir.Class(row + 1, column, title, tuple(bases), body, "class", decorators, keywords=tuple(keywords))


def _mark(node: ir.Expression) -> str:
    if isinstance(node, ir.Call):
        node = node.callee
    return node.name if isinstance(node, ir.Attribute) else node.id if isinstance(node, ir.Name) else ""
