"""Expressions and patterns of JavaScript and TypeScript to the intermediate representation.

Belongs here: everything that has a value. Not here: functions and classes (`javascript_definitions`), statements
(`javascript`), what a library means. Names of nodes: tree-sitter-javascript 0.25 and -typescript 0.23, node-types.json.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable

from msgspec import structs
from tree_sitter import Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.javascript_pipes import piped
from spawngate.codescan.frontends.javascript_text import number_value, string_value, unescape
from spawngate.codescan.frontends.javascript_types import lower_type
from spawngate.codescan.frontends.lowering import COMMENTS, Lowering, at, operands_of, operator_of, parts_of, text_of
from spawngate.codescan.frontends.syntax import MAX_DEPTH, Reading
from spawngate.codescan.walk import last_name

FUNCTIONS = frozenset(["arrow_function", "function_expression", "function", "generator_function"])
_CHAIN = frozenset(["member_expression", "subscript_expression", "call_expression", "non_null_expression"])
_CHAINED = frozenset(["+", "&&", "||", "??", "-", "*"])
"""Operators whose chains are lowered as one operation."""
_COMPARISONS = {"===": "==", "!==": "!=", "==": "==", "!=": "!="} | {
    name: name for name in ("<", "<=", ">", ">=", "in", "instanceof")
}
_LOCATORS = frozenset(
    ["resolve", "get", "inject", "make", "lookup", "resolveAsync", "getAsync", "getInstance", "useService", "service"]
)
"""Methods of containers, whose type argument says what they give: `container.resolve<Store>("store")`."""
_TYPE = re.compile(r"[A-Z]\w*(\.\w+)*")
_MODULE_WRAPPERS = frozenset(["__importDefault", "__importStar", "_interopRequireDefault", "_interopRequireWildcard"])
"""What TypeScript and Babel write around `require` when they compile imports."""


class Expressions(Lowering, ABC):
    """Lowering of the expressions of one file. Assignments inside expressions wait in `pending`."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.rebound: dict[str, None] = {}
        """Names that the current function assigns to."""
        self.declared: set[str] = set()
        """Names that it declares."""
        self.expressions |= {
            "identifier": self.name,
            "shorthand_property_identifier": self.name,
            "shorthand_property_identifier_pattern": self.name,
            "type_identifier": self.name,
            "property_identifier": self.name,
            "private_property_identifier": self.name,
            "undefined": self.nothing,
            "null": self.nothing,
            "this": self.myself,
            "super": self.parent,
            "true": self.true,
            "false": self.false,
            "string": self._string,
            "number": self._number,
            "regex": self._regex,
            "template_string": self._template,
            "member_expression": self._chain,
            "subscript_expression": self._chain,
            "call_expression": self._chain,
            "non_null_expression": self._chain,
            "new_expression": self._new,
            "object": self._object,
            "object_pattern": self._object,
            "array": self._array,
            "array_pattern": self._array,
            "assignment_pattern": self._assignment_pattern,
            "object_assignment_pattern": self._assignment_pattern,
            "rest_pattern": self._spread,
            "spread_element": self._spread,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "update_expression": self._update,
            "ternary_expression": self._ternary,
            "assignment_expression": self._assignment,
            "augmented_assignment_expression": self._augmented,
            "sequence_expression": self._comma,
            "await_expression": self.inner,
            "parenthesized_expression": self.inner,
            "instantiation_expression": self._first,
            "yield_expression": self._yield,
            "as_expression": self._as,
            "satisfies_expression": self._as,
            "type_assertion": self._type_assertion,
            "class": self._class_expression,
        }
        for kind in FUNCTIONS:
            self.expressions[kind] = self._function_expression

    @abstractmethod
    def function(self, node: Node, name: str = "") -> ir.Function:
        """A function of any spelling."""

    @abstractmethod
    def klass(self, node: Node, name: str = "") -> ir.Class:
        """A class of any spelling."""

    def condition(self, node: Node) -> ir.Expression:
        """An expression that is asked for its truth: `&&`, `||` and `!` are Operations in it."""
        inner: Node | None = node
        while inner is not None and inner.type == "parenthesized_expression":
            inner = next(iter(parts_of(inner)), None)
        if inner is None or self.reading.depth >= MAX_DEPTH:
            return self.expression(node)
        line, column = at(inner)
        if inner.type == "unary_expression" and operator_of(inner) == "!":
            argument = inner.child_by_field_name("argument")
            self.reading.depth += 1
            negated = (self.condition(argument),) if argument is not None else ()
            self.reading.depth -= 1
            return ir.Operation(line, column, "not", negated)
        if inner.type == "binary_expression" and operator_of(inner) in ("&&", "||"):
            operator = operator_of(inner)
            self.reading.depth += 1
            operands = tuple(self.condition(part) for part in operands_of(inner, operator, _CHAINED))
            self.reading.depth -= 1
            return ir.Operation(line, column, "and" if operator == "&&" else "or", operands)
        asked = self.expression(inner)
        if inner.type in _CHAIN and isinstance(asked, ir.Join) and asked.test is not None:
            return ir.Operation(line, column, "and", (asked.test, asked.branches[0]))  # `a && b!.c`: see `_at_the_end`
        return asked

    # leaves

    def _string(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, string_value(self.text(node)))

    def _number(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, number_value(self.text(node)))

    def _regex(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Literal(line, column, self.text(node))

    def _template(self, node: Node, line: int, column: int) -> ir.Expression:
        parts: list[ir.Expression] = []
        end = node.start_byte + 1
        for child in (*node.children[1:-1], node.children[-1]):
            if child.type in ("template_substitution", "`") and child.start_byte > end:
                text = self.reading.source[end : child.start_byte].decode("utf-8", "replace")
                parts.append(ir.Literal(*at(child), unescape(text)))
            if child.type == "template_substitution":
                parts.extend(self.all(child.named_children))
                end = child.end_byte
        if all(isinstance(part, ir.Literal) for part in parts):
            return ir.Literal(line, column, "".join(str(part.value) for part in parts if isinstance(part, ir.Literal)))
        return ir.Format(line, column, tuple(parts))

    # chains of members, indexes and calls

    def _chain(self, node: Node, line: int, column: int) -> ir.Expression:
        """`a.b(c)[d]!.e`: from the inside out, so that a long chain is no deep recursion."""
        links: list[Node] = []
        room = self.reading.room()
        inner: Node | None = node
        while inner is not None and inner.type in _CHAIN and len(links) < room:
            links.append(inner)
            kind = inner.type
            if kind == "call_expression":
                inner = inner.child_by_field_name("function")
            elif kind == "non_null_expression":
                inner = next(iter(parts_of(inner)), None)
            else:
                inner = inner.child_by_field_name("object")
        if inner is None:
            return self.reading.flat(node, "incomplete")
        value: ir.Expression | None = None
        while links and value is None:
            if links[-1].type != "call_expression" or inner.type not in ("import", "identifier"):
                break
            value = self._module_call(links[-1], inner)
            if value is None:
                break
            links.pop()
        if value is None:
            if inner.type in _CHAIN:
                self.reading.trouble(inner, "nested too deep")
                value = self.reading.flat(inner, "too deep")
            else:
                value = self.expression(inner)
        self.reading.depth += len(links) // 2

        def linked(start: ir.Expression) -> ir.Expression:
            for link in reversed(links):
                start = self._link(link, start, line, column)
            return start

        loose = bool(links) and links[-1].type == "non_null_expression"
        value = _at_the_end(inner, value, linked) if loose else linked(value)
        self.reading.depth -= len(links) // 2
        return value

    def _link(self, link: Node, value: ir.Expression, line: int, column: int) -> ir.Expression:
        if link.type == "member_expression":
            name = link.child_by_field_name("property")
            return ir.Attribute(line, column, value, self.text(name) if name is not None else "")
        if link.type == "subscript_expression":
            index = link.child_by_field_name("index")
            return ir.Index(line, column, value, self.expression(index) if index is not None else None)
        if link.type == "non_null_expression":
            return value
        if isinstance(value, ir.Name) and value.id == "super":
            value = ir.Attribute(value.line, value.column, value, "__init__")
        arguments = link.child_by_field_name("arguments")
        if arguments is not None and arguments.type == "template_string":
            text = self.expression(arguments)
            return ir.Call(*_call_place(link), value, (ir.Argument(text.line, text.column, text),))
        call = ir.Call(*_call_place(link), value, self.arguments(arguments))
        if last_name(value) == "pipe":
            return piped(call) or call
        told = link.child_by_field_name("type_arguments")
        if told is not None and len(call.args) < 2 and last_name(value) in _LOCATORS:
            types = [lower_type(self.reading, part) for part in parts_of(told)]
            if len(types) == 1 and _TYPE.fullmatch(types[0].name):
                return ir.Cast(call.line, call.column, call, types[0])
        return call

    def _module_call(self, call: Node, callee: Node) -> ir.Expression | None:
        """`require("m")`, `import("m")` and their compiled wrappers: the name of an Import that goes before."""
        arguments = call.child_by_field_name("arguments")
        given = parts_of(arguments) if arguments is not None else []
        module = self.required(call)
        if module is not None:
            name = self.invent("module")
            self.pending.append(ir.Import(*at(call), module, "", name))
            return ir.Name(*at(call), name)
        if callee.type == "identifier" and self.text(callee) in _MODULE_WRAPPERS and len(given) == 1:
            return self.expression(given[0])
        return None

    def required(self, node: Node) -> str | None:
        """Module that a `require("m")` or `import("m")` names, awaited or wrapped; None for anything else."""
        for _ in range(6):
            if node.type in ("await_expression", "parenthesized_expression", "as_expression", "non_null_expression"):
                parts = parts_of(node)
                if not parts:
                    return None
                node = parts[0]
                continue
            if node.type != "call_expression":
                return None
            callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            if callee is None or arguments is None or arguments.type != "arguments":
                return None
            given = parts_of(arguments)
            name = self.text(callee) if callee.type in ("identifier", "import") else ""
            if callee.type == "member_expression":
                last = callee.child_by_field_name("property")
                name = self.text(last) if last is not None else ""
                name = name if name in _MODULE_WRAPPERS else ""
            if not given:
                return None
            if name in _MODULE_WRAPPERS:
                node = given[0]
                continue
            plain = given[0].type in ("string", "template_string")
            if name in ("require", "import") and plain:
                value = self.expression(given[0])
                return value.value if isinstance(value, ir.Literal) and isinstance(value.value, str) else None
            return None
        return None

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        """Arguments of a call."""
        out: list[ir.Argument] = []
        for child in parts_of(node) if node is not None else ():
            inner = next(iter(parts_of(child)), None) if child.type == "spread_element" else None
            if inner is not None:
                out.append(ir.Argument(*at(child), self.expression(inner), "", "*"))
            else:
                out.append(ir.Argument(*at(child), self.expression(child)))
        return tuple(out)

    def _new(self, node: Node, line: int, column: int) -> ir.Expression:
        callee = node.child_by_field_name("constructor")
        if callee is None:
            return self.reading.flat(node, "incomplete")
        arguments = self.arguments(node.child_by_field_name("arguments"))
        return ir.Call(line, column, self.expression(callee), arguments, new=True)

    # objects and arrays, as values and as patterns

    def _object(self, node: Node, line: int, column: int) -> ir.Expression:
        entries: list[ir.Entry] = []
        for child in parts_of(node):
            kind, place = child.type, at(child)
            if kind in ("pair", "pair_pattern"):
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(ir.Entry(*place, self.property_name(key), self._named_value(key, value)))
            elif kind in ("shorthand_property_identifier", "shorthand_property_identifier_pattern"):
                name = self.text(child)
                entries.append(ir.Entry(*place, ir.Literal(*place, name), ir.Name(*place, name)))
            elif kind == "object_assignment_pattern":
                left = child.child_by_field_name("left")
                if left is not None:
                    entries.append(ir.Entry(*place, ir.Literal(*place, self.text(left)), self.expression(child)))
            elif kind in ("spread_element", "rest_pattern"):
                inner = parts_of(child)
                if inner:
                    entries.append(ir.Entry(*place, None, self.expression(inner[0])))
            elif kind == "method_definition":
                name_node = child.child_by_field_name("name")
                if name_node is not None:
                    key_value = self.property_name(name_node)
                    entries.append(ir.Entry(*place, key_value, ir.Closure(*place, self.function(child))))
            else:
                entries.append(ir.Entry(*place, None, self.expression(child)))
        return ir.Record(line, column, tuple(entries))

    def _named_value(self, key: Node, value: Node) -> ir.Expression:
        """A function that is a property carries the property's name."""
        if value.type in FUNCTIONS:
            return ir.Closure(*at(value), self.function(value, self.text(key).strip("\"'")[:80]))
        return self.expression(value)

    def property_name(self, node: Node) -> ir.Expression:
        """Name of a property: a Literal, or the expression of a computed one."""
        if node.type in ("string", "number"):
            return self.expression(node)
        if node.type == "computed_property_name":
            inner = parts_of(node)
            return self.expression(inner[0]) if inner else ir.Literal(*at(node), "")
        return ir.Literal(*at(node), self.text(node))

    def _array(self, node: Node, line: int, column: int) -> ir.Expression:
        items: list[ir.Expression] = []
        empty = True
        for child in node.children[1:]:
            if child.type == ",":
                if empty:
                    items.append(ir.Literal(*at(child), None))
                empty = True
            elif child.is_named and child.type not in COMMENTS:
                items.append(self.expression(child))
                empty = False
        return ir.Sequence(line, column, tuple(items))

    def _assignment_pattern(self, node: Node, line: int, column: int) -> ir.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.reading.flat(node, "incomplete")
        return ir.Join(line, column, (self.expression(left), self.expression(right)))

    def _spread(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = parts_of(node)
        return ir.Spread(line, column, self.expression(inner[0])) if inner else ir.Unknown(line, column, node.type)

    # operators

    def _binary(self, node: Node, line: int, column: int) -> ir.Expression:
        operator = operator_of(node)
        nodes = operands_of(node, operator, _CHAINED)
        if operator == "&&" and len(nodes) > 1:
            tests = tuple(self.condition(part) for part in nodes[:-1])
            test = tests[0] if len(tests) == 1 else ir.Operation(line, column, "and", tests)
            return ir.Join(line, column, (self.expression(nodes[-1]), ir.Literal(line, column, False)), test)
        operands = self.all(nodes)
        if operator in ("||", "??"):
            return ir.Join(line, column, operands)
        if operator in _COMPARISONS:
            return ir.Operation(line, column, _COMPARISONS[operator], operands)
        if operator != "+":
            return ir.Operation(line, column, "arith", operands)
        return text_of((line, column), operands)

    def _unary(self, node: Node, line: int, column: int) -> ir.Expression:
        operator, argument = operator_of(node), node.child_by_field_name("argument")
        if argument is None:
            return self.reading.flat(node, "incomplete")
        if operator == "!":
            return self.condition(node)
        value = self.expression(argument)
        if operator == "void":
            if not isinstance(value, ir.Literal):
                self.pending.append(ir.Evaluate(line, column, value))
            return ir.Literal(line, column, None)
        if operator == "typeof":
            return ir.Operation(line, column, "instanceof", (value,))
        if operator == "delete":
            return ir.Operation(line, column, "is not", (value,))
        number = value.value if isinstance(value, ir.Literal) else None
        if operator == "-" and isinstance(number, int | float) and not isinstance(number, bool):
            return ir.Literal(line, column, -number)
        return ir.Operation(line, column, "arith", (value,))

    def _update(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Operation(line, column, "arith", self.all(node.named_children))

    def _ternary(self, node: Node, line: int, column: int) -> ir.Expression:
        test, yes, no = (node.child_by_field_name(part) for part in ("condition", "consequence", "alternative"))
        if test is None or yes is None or no is None:
            return self.reading.flat(node, "incomplete")
        asked = self.condition(test)
        return ir.Join(line, column, (self.expression(yes), self.expression(no)), asked)

    def _assignment(self, node: Node, line: int, column: int) -> ir.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.reading.flat(node, "incomplete")
        value = self.expression(right)
        target = self.expression(left)
        self.rebinds(left)
        self.pending.append(ir.Assign(line, column, target, value))
        return target if isinstance(target, ir.Name | ir.Attribute) else value

    def rebinds(self, left: Node) -> None:
        """Names that an assignment binds again: another function's, unless this one declares them."""
        todo = [left]
        while todo:
            node = todo.pop()
            if node.type in ("identifier", "shorthand_property_identifier_pattern"):
                self.rebound.setdefault(self.text(node))
            elif node.type in ("array_pattern", "object_pattern", "pair_pattern", "rest_pattern"):
                todo.extend(node.named_children)

    def _augmented(self, node: Node, line: int, column: int) -> ir.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self.reading.flat(node, "incomplete")
        target, value = self.expression(left), self.expression(right)
        self.rebinds(left)
        operator = operator_of(node)
        if operator == "&&=":
            self.pending.append(ir.If(line, column, target, (ir.Assign(line, column, target, value),)))
        elif operator in ("||=", "??="):
            joined = ir.Join(line, column, (target, value))
            self.pending.append(ir.Assign(line, column, target, joined))
        elif operator == "+=":
            self.pending.append(ir.Assign(line, column, target, value, augmented=True))
        else:
            number = ir.Operation(line, column, "arith", (value,))
            self.pending.append(ir.Assign(line, column, target, number, augmented=True))
        return target

    def _comma(self, node: Node, line: int, column: int) -> ir.Expression:
        values = [self.expression(part) for part in self._comma_parts(node)]
        for value in values[:-1]:
            if not isinstance(value, ir.Literal):
                self.pending.append(ir.Evaluate(value.line, value.column, value))
        return values[-1] if values else ir.Literal(line, column, None)

    def _comma_parts(self, node: Node) -> list[Node]:
        """Parts of `a, b, c`, which some grammars nest to the right, without recursion."""
        out: list[Node] = []
        current: Node | None = node
        while current is not None:
            parts = parts_of(current)
            if parts and parts[-1].type == "sequence_expression":
                out.extend(parts[:-1])
                current = parts[-1]
            else:
                out.extend(parts)
                current = None
        return out

    # the rest

    def _first(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = parts_of(node)
        return self.expression(inner[0]) if inner else ir.Unknown(line, column, node.type)

    def _yield(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = parts_of(node)
        value = self.expression(inner[0]) if inner else None
        if any(child.type == "*" for child in node.children):
            return value if value is not None else ir.Unknown(line, column, "yield")
        self.pending.append(ir.Return(line, column, value, final=False))
        return ir.Unknown(line, column, "yield")

    def _as(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = parts_of(node)
        if not inner:
            return ir.Unknown(line, column, node.type)
        value = self.expression(inner[0])
        if len(inner) < 2:  # `as const`
            return value
        return ir.Cast(line, column, value, lower_type(self.reading, inner[1]))

    def _type_assertion(self, node: Node, line: int, column: int) -> ir.Expression:
        inner = parts_of(node)
        if len(inner) != 2:
            return self.reading.flat(node, node.type)
        types = parts_of(inner[0])
        value = self.expression(inner[1])
        return ir.Cast(line, column, value, lower_type(self.reading, types[0])) if types else value

    def _function_expression(self, node: Node, line: int, column: int) -> ir.Expression:
        return ir.Closure(line, column, self.function(node))

    def _class_expression(self, node: Node, line: int, column: int) -> ir.Expression:
        name = node.child_by_field_name("name")
        called = self.text(name) if name is not None else self.invent("class")
        self.pending.append(self.klass(node, called))
        return ir.Name(line, column, called)


def _call_place(node: Node) -> tuple[int, int]:
    """Where a call is reported: the line of the name that is called, which matters in chains over many lines."""
    function = node.child_by_field_name("function")
    if function is not None and function.type == "member_expression":
        name = function.child_by_field_name("property")
        if name is not None:
            return at(name)
    return at(node)


def _at_the_end(node: Node, value: ir.Expression, linked: Callable[[ir.Expression], ir.Expression]) -> ir.Expression:
    """What stands behind `!` belongs to the last operand: the grammar reads `a && b!.c` as `(a && b)!.c`."""
    if node.type not in ("binary_expression", "unary_expression"):
        return linked(value)
    last = node.child_by_field_name("right") or node.child_by_field_name("argument")

    def change(operand: ir.Expression) -> ir.Expression:
        return _at_the_end(last, operand, linked) if last is not None else linked(operand)

    match value:
        case ir.Join(test=None):
            return structs.replace(value, branches=(*value.branches[:-1], change(value.branches[-1])))
        case ir.Join():
            return structs.replace(value, branches=(change(value.branches[0]), *value.branches[1:]))
        case ir.Operation():
            return structs.replace(value, operands=(*value.operands[:-1], change(value.operands[-1])))
        case ir.Format():
            return structs.replace(value, parts=(*value.parts[:-1], change(value.parts[-1])))
        case _:
            return linked(value)
