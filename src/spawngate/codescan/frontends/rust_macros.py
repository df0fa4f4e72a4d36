"""Macros of Rust: their tokens are parsed as what they will become.

Belongs here: macros of the standard library and of a few others that carry values (`json!`, `bail!`), and the second
parse of the tokens of any other. Not here: what a library means. A macro that is not known is a Call of `name!` with
what its tokens hold, as far as they are expressions or blocks.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cache

from tree_sitter import Language, Node, Parser, Range

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import at, parts_of
from spawngate.codescan.frontends.rust_expressions import Expressions
from spawngate.codescan.frontends.rust_text import holes
from spawngate.codescan.frontends.syntax import MAX_DEPTH

_SEQUENCES = frozenset(["vec", "smallvec", "btreeset", "hashset"])
_FORMATS = frozenset(["format", "anyhow", "eyre", "format_args", "concat"])
_RECORDS = frozenset(["json", "hashmap", "btreemap", "maplit", "indexmap", "object", "toml"])
_PANICS = frozenset(["panic", "bail", "unreachable", "todo", "unimplemented", "compile_error"])
_ASSERTS = frozenset(["assert", "ensure", "debug_assert"])
MAX_TOKENS = 100_000
"""Bytes of the tokens of one macro that are parsed again."""


@cache
def grammar() -> Language:
    """The grammar of Rust."""
    import tree_sitter_rust

    return Language(tree_sitter_rust.language())


class Macros(Expressions):
    """Lowering of the macros of one file."""

    @abstractmethod
    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block."""

    def macro(self, node: Node, line: int, column: int) -> ir.Expression:
        """The value of a macro."""
        name, tokens = self._parts(node)
        if tokens is None:
            return ir.Unknown(line, column, node.type)
        if name in _RECORDS:
            return self._json(tokens, 0)
        values = self._values(tokens)
        if name in _SEQUENCES:
            return ir.Sequence(line, column, values)
        if name in _FORMATS:
            return self._format(values, line, column)
        if name in ("write", "writeln") and values:
            text = self._format(values[1:], line, column)
            given = (ir.Argument(line, column, values[0]), ir.Argument(line, column, text))
            return ir.Call(line, column, ir.Name(line, column, f"{name}!"), given)
        if name == "matches" and len(values) > 1:
            return self._matches(values, line, column)
        if name in _PANICS or name in _ASSERTS:
            out: list[ir.Statement] = []
            self.macro_statement(node, out)
            self.pending.extend(out)
            return ir.Literal(line, column, None)
        arguments = tuple([ir.Argument(value.line, value.column, value) for value in values])
        callee: ir.Expression = ir.Name(line, column, f"{name}!")
        return ir.Call(line, column, callee, arguments)

    def macro_statement(self, node: Node, out: list[ir.Statement]) -> None:
        """A macro for its effect: panics leave, assertions are choices."""
        name, tokens = self._parts(node)
        place = at(node)
        if name in _PANICS:
            values = self._values(tokens) if tokens is not None else ()
            self.flush(out)
            out.append(ir.Raise(*place, self._format(values, *place) if values else None))
        elif name in _ASSERTS and tokens is not None:
            values = self._values(tokens)
            self.flush(out)
            if values:
                failed = ir.Operation(*place, "not", (values[0],))
                out.append(ir.If(*place, failed, (ir.Raise(*place, None),)))
        else:
            value = self.expression(node)
            self.flush(out)
            if not isinstance(value, ir.Literal):
                out.append(ir.Evaluate(*place, value))

    def _parts(self, node: Node) -> tuple[str, Node | None]:
        name = node.child_by_field_name("macro")
        tokens = next((part for part in node.named_children if part.type == "token_tree"), None)
        return (self.text(name).rpartition(":")[2] if name is not None else ""), tokens

    def _values(self, tokens: Node) -> tuple[ir.Expression, ...]:
        """Expressions that the tokens between the brackets hold; statements of a block go before."""
        root = self._parsed(tokens)
        if root is None:
            return ()
        inner: Node | None = root
        while inner is not None and inner.type in ("source_file", "ERROR", "expression_statement"):
            inner = next(iter(parts_of(inner)), None)
        if inner is None:
            return ()
        if inner.type in ("tuple_expression", "array_expression", "parenthesized_expression"):
            return self._items(inner)
        if inner.type == "unit_expression":
            return ()
        if tokens.children and tokens.children[0].type == "{":
            return self._blocks(tokens, inner)
        return (self.expression(inner),)

    def _items(self, node: Node) -> tuple[ir.Expression, ...]:
        out: list[ir.Expression] = []
        repeated = node.child_by_field_name("length") is not None  # [value; length]
        for part in parts_of(node)[: 1 if repeated else None]:
            if part.type == "assignment_expression":  # a named argument
                left, right = part.child_by_field_name("left"), part.child_by_field_name("right")
                if left is not None and right is not None:
                    key = ir.Literal(*at(left), self.text(left))
                    entry = ir.Entry(*at(part), key, self.expression(right))
                    out.append(ir.Record(*at(part), (entry,)))
            elif part.type != "ERROR":
                out.append(self.expression(part))
        return tuple(out)

    def _blocks(self, tokens: Node, parsed: Node) -> tuple[ir.Expression, ...]:
        """A macro around a block, or around arms with blocks (`select!`)."""
        if not parsed.has_error and parsed.type == "block":
            self.pending.extend(self.block(parsed))
            return ()
        for part in tokens.named_children:
            if part.type == "token_tree" and part.children and part.children[0].type == "{":
                root = self._parsed(part)
                if root is not None:
                    self.pending.extend(self.block(root))
        return ()

    def _parsed(self, tokens: Node) -> Node | None:
        """The tokens as source, at their own place."""
        length = tokens.end_byte - tokens.start_byte
        if length > MAX_TOKENS or self.reading.depth >= MAX_DEPTH:
            self.reading.trouble(tokens, "macro that is too large or nested too deep")
            return None
        self.reading.budget -= length // 8
        there = Range(tokens.start_point, tokens.end_point, tokens.start_byte, tokens.end_byte)
        return Parser(grammar(), included_ranges=[there]).parse(self.reading.source).root_node

    def _format(self, values: tuple[ir.Expression, ...], line: int, column: int) -> ir.Expression:
        """`"a {} {b}", x`: the text with its holes filled."""
        if not values or not isinstance(values[0], ir.Literal) or not isinstance(values[0].value, str):
            return ir.Format(line, column, values)
        rest = list(values[1:])
        named = {
            entry.key.value: entry.value
            for value in rest
            if isinstance(value, ir.Record)
            for entry in value.entries
            if isinstance(entry.key, ir.Literal)
        }
        given = [value for value in rest if not isinstance(value, ir.Record)]
        used = 0
        parts: list[ir.Expression] = []
        for text, hole in holes(values[0].value):
            if hole is None:
                parts.append(ir.Literal(values[0].line, values[0].column, text))
            elif hole == "":
                if used < len(given):
                    parts.append(given[used])
                used += 1
            elif hole.isdecimal():
                if int(hole[:6]) < len(given):
                    parts.append(given[int(hole[:6])])
            elif hole in named:
                parts.append(named[hole])
            else:
                parts.append(ir.Name(values[0].line, values[0].column, hole))
        if all(isinstance(part, ir.Literal) for part in parts):
            return ir.Literal(line, column, "".join(str(part.value) for part in parts if isinstance(part, ir.Literal)))
        return ir.Format(line, column, tuple(parts))

    def _matches(self, values: tuple[ir.Expression, ...], line: int, column: int) -> ir.Expression:
        """`matches!(x, "a" | "b")`: membership."""
        pattern = values[1]
        items = pattern.operands if isinstance(pattern, ir.Operation) and pattern.op == "arith" else (pattern,)
        return ir.Operation(line, column, "in", (values[0], ir.Sequence(line, column, items)))

    def _json(self, tokens: Node, depth: int) -> ir.Expression:
        """`{"a": b, "c": [d]}` of `json!`."""
        line, column = at(tokens)
        children = tokens.children
        opening = children[0].type if children else ""
        parts = self._split(children[1:-1])
        if depth > 40:
            return self.reading.flat(tokens, "too deep")
        if opening == "(":
            return self._json_value(parts[0], depth) if parts else ir.Literal(line, column, None)
        if opening == "[":
            return ir.Sequence(line, column, tuple([self._json_value(part, depth) for part in parts]))
        entries: list[ir.Entry] = []
        for part in parts:
            colon = next((place for place, token in enumerate(part) if token.type in (":", "=>")), None)
            if colon is None or colon == 0 or colon + 1 >= len(part):
                continue
            key = self._json_value(part[:colon], depth)
            entries.append(ir.Entry(*at(part[0]), key, self._json_value(part[colon + 1 :], depth)))
        return ir.Record(line, column, tuple(entries))

    def _json_value(self, tokens: list[Node], depth: int) -> ir.Expression:
        first = tokens[0]
        if len(tokens) == 1:
            if first.type == "token_tree":
                return self._json(first, depth + 1)
            if first.type == "identifier" and self.text(first) == "null":
                return ir.Literal(*at(first), None)
            return self.expression(first)
        there = Range(first.start_point, tokens[-1].end_point, first.start_byte, tokens[-1].end_byte)
        self.reading.budget -= len(tokens)
        inner: Node | None = Parser(grammar(), included_ranges=[there]).parse(self.reading.source).root_node
        while inner is not None and inner.type in ("source_file", "ERROR", "expression_statement"):
            inner = next(iter(parts_of(inner)), None)
        return self.expression(inner) if inner is not None else ir.Unknown(*at(first), "tokens")

    def _split(self, tokens: list[Node]) -> list[list[Node]]:
        """Tokens between commas."""
        out: list[list[Node]] = [[]]
        for token in tokens:
            if token.type == ",":
                out.append([])
            elif token.type not in ("line_comment", "block_comment"):
                out[-1].append(token)
        return [part for part in out if part]
