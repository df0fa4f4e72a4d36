"""Expressions of Rust to the intermediate representation.

Belongs here: everything that has a value. Not here: what takes one apart (`rust_patterns`), items (`rust_items`),
macros (`rust_macros`), statements (`rust`). Names of nodes: tree-sitter-rust 0.24, node-types.json.

`Some(x)`, `Ok(x)`, `Box::new(x)` and their kin, and the methods that only change how a value is held (`clone`,
`as_ref`, `unwrap`), are lowered to the value: the flow goes through them and a path into the value keeps its meaning.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.lowering import at, operands_of, operator_of, parts_of, text_of
from spawngate.codescan.frontends.rust_patterns import Patterns
from spawngate.codescan.frontends.rust_text import number_value, string_value, unescape
from spawngate.codescan.frontends.rust_types import lower_type
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading

Finish = Callable[[ir.Expression], ir.Statement]
"""What becomes of a value: a Return, an Assign, an Evaluate."""

BRANCHING = frozenset(["if_expression", "match_expression", "block", "unsafe_block", "loop_expression", "try_block"])
HOLDERS = frozenset(["Some", "Ok", "Box", "Arc", "Rc", "Mutex", "RwLock", "RefCell", "Cell", "Cow", "Pin"])
LAZY = frozenset(["LazyLock", "LazyCell", "Lazy", "OnceCell", "OnceLock"])
_IN_PLACE = frozenset(["configure", "tap", "tap_mut"])
"""Methods that hand their object to a closure and give it back."""
_NUMBERS = frozenset(
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64", "bool"]
)
# fmt: off
_KEEPING = frozenset(
    [
        "clone", "cloned", "copied", "to_owned", "into_owned", "as_ref", "as_mut", "as_deref", "as_deref_mut",
        "as_str", "as_slice", "as_path", "as_os_str", "unwrap", "expect", "unwrap_or_default", "into_iter",
        "iter", "iter_mut", "borrow", "borrow_mut", "into", "into_boxed_str", "to_vec", "into_inner",
        "to_string", "ok_or", "ok_or_else", "map_err", "context", "with_context", "ok", "to_path_buf",
        "to_str", "lock", "take", "by_ref", "boxed",
    ]
)
# fmt: on
_DEFAULTING = frozenset(["unwrap_or", "or", "unwrap_or_else", "or_else"])
_CHAIN = frozenset(["call_expression", "field_expression", "index_expression", "try_expression", "await_expression"])
_TRANSPARENT = ("parenthesized_expression", "reference_expression", "await_expression", "try_expression")
_CHAINED = frozenset(["+", "&&", "||", "-", "*", "|"])
"""Operators whose chains are lowered as one operation."""
_COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">="])


class Expressions(Patterns, ABC):
    """Lowering of the expressions of one file."""

    marks_kind = "attribute_item"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.expressions |= {
            "identifier": self._identifier,
            "self": self.myself,
            "super": self.parent,
            "crate": self.name,
            "type_identifier": self._identifier,
            "primitive_type": self.name,
            "shorthand_field_identifier": self.name,
            "field_identifier": self.name,
            "scoped_identifier": self._path,
            "scoped_type_identifier": self._path,
            "generic_type": self._path,
            "generic_type_with_turbofish": self._path,
            "generic_function": self._path,
            "bracketed_type": self._path,
            "string_literal": self._string,
            "raw_string_literal": self._string,
            "char_literal": self._char,
            "integer_literal": self._number,
            "float_literal": self._number,
            "negative_literal": self._number,
            "boolean_literal": self._boolean,
            "unit_expression": self.nothing,
            "call_expression": self._chain,
            "field_expression": self._chain,
            "index_expression": self._chain,
            "struct_expression": self._struct,
            "tuple_expression": self._sequence,
            "array_expression": self._array,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "range_expression": self._range,
            "type_cast_expression": self._cast,
            "assignment_expression": self._assignment,
            "compound_assignment_expr": self._assignment,
            "closure_expression": self._closure,
            "async_block": self._async_block,
            "return_expression": self._leave,
            "break_expression": self._leave,
            "continue_expression": self._leave,
            "let_condition": self._let_condition,
            "let_chain": self._conjunction,
            "macro_invocation": self.macro,
            "if_expression": self._branching,
            "match_expression": self._branching,
            "block": self._branching,
            "unsafe_block": self._branching,
            "loop_expression": self._branching,
            "try_block": self._branching,
        }
        for kind in _TRANSPARENT:
            self.expressions[kind] = self.inner

    @abstractmethod
    def value_into(self, node: Node, out: list[ir.Statement], finish: Finish) -> None:
        """Statements of an expression that may branch, and what becomes of its value at the end of each branch."""

    @abstractmethod
    def leave(self, node: Node, out: list[ir.Statement]) -> None:
        """`return`, `break`, `continue`."""

    @abstractmethod
    def macro(self, node: Node, line: int, column: int) -> ir.Expression:
        """A macro's value."""

    @abstractmethod
    def params(self, nodes: list[Node]) -> tuple[ir.Param, ...]:
        """Parameters of a function or closure."""

    def type_of(self, node: Node | None) -> ir.Type | None:
        """A type, None where none is written."""
        return lower_type(self.reading, node, self.itself) if node is not None else None

    # leaves

    def _identifier(self, node: Node, line: int, column: int) -> ir.Expression:
        text = self.text(node).removeprefix("r#")
        if text == "None":
            return ir.Literal(line, column, None)
        return ir.Name(line, column, self.itself if text == "Self" and self.itself else text)

    def _path(self, node: Node, line: int, column: int) -> ir.Expression:
        """`a::b::C::<T>` as a chain of attributes."""
        names: list[str] = []
        current: Node | None = node
        while current is not None and len(names) < MAX_DEPTH:
            kind = current.type
            if kind in ("scoped_identifier", "scoped_type_identifier"):
                name = current.child_by_field_name("name")
                names.append(self.text(name).removeprefix("r#") if name is not None else "")
                current = current.child_by_field_name("path")
            elif kind in ("generic_type", "generic_type_with_turbofish", "generic_function"):
                current = current.child_by_field_name("type") or current.child_by_field_name("function")
                if current is not None and current.type == "field_expression":
                    return self.expression(current)
            elif kind in ("bracketed_type", "qualified_type"):
                current = next(iter(parts_of(current)), None)
            else:
                names.append(self.text(current).removeprefix("r#"))
                current = None
        names.reverse()
        if len(names) > 1 and names[0] == "self":  # relative to this module
            names = names[1:]
        if names and names[0] == "Self" and self.itself:
            names[:1] = self.itself.split("::")
        value: ir.Expression = ir.Name(line, column, names[0] if names else "", len(names) > 1)
        for name_text in names[1:]:
            value = ir.Attribute(line, column, value, name_text)
        return value

    def _string(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, string_value(self.text(node)))

    def _char(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, unescape(self.text(node).lstrip("b")[1:-1]))

    def _number(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, number_value(self.text(node)))

    def _boolean(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, self.text(node) == "true")

    # chains

    def _chain(self, node: Node, line: int, column: int) -> ir.Expression:
        """`a.b(c)?.d[e].await`: from the inside out, so that a long chain is no deep recursion."""
        links: list[Node] = []
        room = self.reading.room()
        inner: Node | None = node
        while inner is not None and inner.type in _CHAIN and len(links) < room:
            links.append(inner)
            kind = inner.type
            if kind == "call_expression":
                inner = inner.child_by_field_name("function")
                if inner is not None and inner.type == "generic_function":
                    called = inner.child_by_field_name("function")
                    inner = called if called is not None and called.type == "field_expression" else inner
            elif kind == "field_expression":
                inner = inner.child_by_field_name("value")
            else:
                inner = next(iter(parts_of(inner)), None)
        if inner is None:
            return self.reading.flat(node, "incomplete")
        if inner.type in _CHAIN:
            self.reading.trouble(inner, "nested too deep")
            value: ir.Expression = self.reading.flat(inner, "too deep")
        else:
            value = self.expression(inner)
        self.reading.depth += len(links) // 2
        for link in reversed(links):
            value = self._link(link, value)
        self.reading.depth -= len(links) // 2
        return value

    def _link(self, link: Node, value: ir.Expression) -> ir.Expression:
        kind, place = link.type, at(link)
        if kind == "field_expression":
            field = link.child_by_field_name("field")
            return ir.Attribute(*(at(field) if field is not None else place), value, self._field(field))
        if kind == "index_expression":
            parts = parts_of(link)
            key = parts[1] if len(parts) > 1 else None
            sliced = key is None or key.type == "range_expression"
            return ir.Index(*place, value, None if sliced or key is None else self.expression(key))
        if kind != "call_expression":
            return value
        arguments = self.arguments(link.child_by_field_name("arguments"))
        if isinstance(value, ir.Attribute):
            place = value.line, value.column
        lowered = self.called(place, value, arguments)
        function = link.child_by_field_name("function")
        if function is not None and function.type == "generic_function" and isinstance(lowered, ir.Call):
            types = function.child_by_field_name("type_arguments")
            written = parts_of(types) if types is not None else []
            if len(written) == 1 and self.text(written[0]) != "_":
                return self.typed(lowered, lower_type(self.reading, written[0], self.itself))
        return lowered

    def typed(self, value: ir.Expression, written: ir.Type | None) -> ir.Expression:
        """A call whose type is written; what is read from a text as a number is a number."""
        if written is None or not isinstance(value, ir.Call):
            return value
        if written.name in _NUMBERS and isinstance(value.callee, ir.Attribute) and value.callee.name == "parse":
            return ir.Operation(value.line, value.column, "arith", (value.callee.base,))
        return ir.Cast(value.line, value.column, value, written)

    def called(
        self, place: tuple[int, int], callee: ir.Expression, arguments: tuple[ir.Argument, ...]
    ) -> ir.Expression:
        """A call; what only holds a value is the value."""
        name = callee.name if isinstance(callee, ir.Attribute) else callee.id if isinstance(callee, ir.Name) else ""
        if isinstance(callee, ir.Attribute):
            if name in _KEEPING and not _is_type(callee.base):
                converts = name == "into" and not isinstance(callee.base, ir.Literal | ir.Format)
                return ir.Call(*place, callee, ()) if converts else callee.base
            if name in _DEFAULTING and len(arguments) == 1:
                return ir.Join(*place, (callee.base, _result_of(arguments[0].value)))
            if name in _IN_PLACE and len(arguments) == 1 and isinstance(arguments[0].value, ir.Closure):
                return self._in_place(callee, arguments[0].value.function)
            holder = _last(callee.base) if name == "new" and len(arguments) == 1 else ""
            if holder in HOLDERS:
                return arguments[0].value
            if holder in LAZY:
                return _result_of(arguments[0].value)
        elif name in HOLDERS and len(arguments) == 1:
            return arguments[0].value
        return ir.Call(*place, callee, arguments, new=name[:1].isupper())

    def _in_place(self, callee: ir.Attribute, function: ir.Function) -> ir.Expression:
        """`x.configure(|c| { c.arg(a); })`: what the closure does to the object, and the object."""
        if len(function.params) != 1 or function.params[0].pattern is not None:
            return ir.Unknown(callee.line, callee.column, callee.name, (callee.base,))
        place = callee.line, callee.column
        name = ir.Name(*place, function.params[0].name)
        self.pending.append(ir.Assign(*place, name, callee.base))
        for statement in function.body:
            if isinstance(statement, ir.Return) and statement.value is not None:
                self.pending.append(ir.Evaluate(statement.line, statement.column, statement.value))
            elif not isinstance(statement, ir.Return):
                self.pending.append(statement)
        return name

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """Arguments of a call."""
        parts = [part for part in parts_of(node) if part.type != "attribute_item"] if node is not None else []
        return tuple([ir.Argument(*at(part), self.expression(part)) for part in parts])

    def _struct(self, node: Node, line: int, column: int) -> ir.Expression:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None:
            return self.reading.flat(node, "incomplete")
        arguments: list[ir.Argument] = []
        for part in parts_of(body) if body is not None else []:
            if part.type == "shorthand_field_initializer":
                inner = [child for child in parts_of(part) if child.type == "identifier"]
                if inner:
                    arguments.append(ir.Argument(*at(part), self.expression(inner[0]), self._field(inner[0])))
            elif part.type == "field_initializer":
                field, value = part.child_by_field_name("field"), part.child_by_field_name("value")
                if field is not None and value is not None:
                    arguments.append(ir.Argument(*at(part), self.expression(value), self._field(field)))
            elif part.type == "base_field_initializer":
                arguments.extend(ir.Argument(*at(part), value, "", "**") for value in self.all(part.named_children))
        return ir.Call(line, column, self.expression(name), tuple(arguments), new=True)

    def _sequence(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Sequence(line, column, self.all(node.named_children))

    def _array(self, node: Node, line: int, column: int) -> ir.Expression:
        if node.child_by_field_name("length") is not None:  # [value; length]
            return ir.Sequence(line, column, self.all(parts_of(node)[:1]))
        return ir.Sequence(line, column, self.all(node.named_children))

    # operators

    def _binary(self, node: Node, line: int, column: int) -> ir.Expression:
        operator = operator_of(node)
        operands = self.all(operands_of(node, operator, _CHAINED))
        if operator in ("&&", "||"):
            return ir.Operation(line, column, "and" if operator == "&&" else "or", operands)
        if operator in _COMPARISONS:
            return ir.Operation(line, column, operator, operands)
        if operator == "+":
            return text_of((line, column), operands)
        return ir.Operation(line, column, "arith", operands)

    def _unary(self, node: Node, line: int, column: int) -> ir.Expression:
        parts = parts_of(node)
        if not parts:
            return self.reading.flat(node, "incomplete")
        value = self.expression(parts[0])
        mark = node.children[0].type
        if mark == "*":
            return value
        number = value.value if isinstance(value, ir.Literal) else None
        if mark == "-" and isinstance(number, int | float) and not isinstance(number, bool):
            return ir.Literal(line, column, -number)
        return ir.Operation(line, column, "not" if mark == "!" else "arith", (value,))

    def _range(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Operation(line, column, "arith", self.all(node.named_children))

    def _cast(self, node: Node, line: int, column: int) -> ir.Expression:
        value, written = node.child_by_field_name("value"), node.child_by_field_name("type")
        if value is None or written is None:
            return self.reading.flat(node, "incomplete")
        return ir.Cast(line, column, self.expression(value), lower_type(self.reading, written, self.itself))

    def _assignment(self, node: Node, line: int, column: int) -> ir.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.reading.flat(node, "incomplete")
        value, target = self.expression(right), self.expression(left)
        operator = operator_of(node)
        if operator not in ("", "="):
            value = value if operator == "+=" else ir.Operation(line, column, "arith", (value,))
        self.pending.append(ir.Assign(line, column, target, value, augmented=operator not in ("", "=")))
        return ir.Literal(line, column, None)

    # functions and branches as values

    def _closure(self, node: Node, line: int, column: int) -> ir.Expression:
        parameters, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
        params = self.params(parts_of(parameters) if parameters is not None else [])
        return ir.Closure(line, column, ir.Function(line, column, "", params, self.returned(body)))

    def _async_block(self, node: Node, line: int, column: int) -> ir.Expression:
        body = next((part for part in parts_of(node) if part.type == "block"), None)
        return ir.Closure(line, column, ir.Function(line, column, "", (), self.returned(body), is_async=True))

    def returned(self, body: Node | None) -> tuple[ir.Statement, ...]:
        """Body of a function: its value at the end of each branch is returned."""
        out: list[ir.Statement] = []
        if body is None:
            return ()
        outer, self.pending = self.pending, []
        if body.type == "async_block":
            body = next((part for part in parts_of(body) if part.type == "block"), body)
        self.value_into(body, out, lambda value: ir.Return(value.line, value.column, value))
        self.pending = outer
        return tuple(out)

    def _branching(self, node: Node, line: int, column: int) -> ir.Expression:
        """A branch in the midst of an expression: its value waits in an invented variable."""
        name = self.invent("value")
        out: list[ir.Statement] = []
        outer, self.pending = self.pending, []
        self.value_into(
            node, out, lambda value: ir.Assign(value.line, value.column, ir.Name(line, column, name), value)
        )
        self.pending = outer
        self.pending.extend(out)
        return ir.Name(line, column, name)

    def _leave(self, node: Node, line: int, column: int) -> ir.Expression:
        out: list[ir.Statement] = []
        self.leave(node, out)
        self.pending.extend(out)
        return ir.Literal(line, column, None)

    # patterns

    def _let_condition(self, node: Node, line: int, column: int) -> ir.Expression:
        """`let P = x` as a test; what it binds is assigned before."""
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if pattern is None or value is None:
            return self.reading.flat(node, "incomplete")
        subject = self.expression(value)
        self.pending.extend(self.captures(subject, pattern))
        test = self.test(subject, pattern)
        return test if test is not None else ir.Literal(line, column, True)

    def _conjunction(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Operation(line, column, "and", self.all(node.named_children))


def _is_type(node: ir.Expression) -> bool:
    """A path that ends in a type: `Foo` of `Foo::take`, not the variable of `foo.take()`, nor the static `FOO`."""
    name = _last(node)
    return name[:1].isupper() and not (len(name) > 1 and name.isupper())


def _last(node: ir.Expression) -> str:
    return node.name if isinstance(node, ir.Attribute) else node.id if isinstance(node, ir.Name) else ""


def _result_of(value: ir.Expression) -> ir.Expression:
    """What a closure of one Return gives, or a function that is named, else the value itself."""
    if isinstance(value, ir.Attribute) and value.name in ("new", "default") and _is_type(value.base):
        return ir.Call(value.line, value.column, value)
    if isinstance(value, ir.Closure) and len(value.function.body) == 1:
        only = value.function.body[0]
        if isinstance(only, ir.Return) and only.value is not None:
            return only.value
    return value
