"""JavaScript and TypeScript to the intermediate representation.

Belongs here: modules and statements. Types, expressions and definitions are `javascript_types`, `_expressions` and
`_definitions`. Not here: what a library means. Names of nodes: tree-sitter-javascript 0.25 and -typescript 0.23.

CommonJS is lowered as if it had been written with `import` and `export`; so is what TypeScript's compiler writes for
them (`__importDefault`, `__exportStar`, `Object.defineProperty(exports, ..)`, `__awaiter`), because packages on npm are
compiled. The contents of a TypeScript namespace are lowered into the module around it, and the namespace to a Record of
what it exports.
"""

from __future__ import annotations

from functools import cache

from msgspec import structs
from tree_sitter import Language, Node

from spawngate.codescan import ir
from spawngate.codescan.frontends.javascript_definitions import Definitions, names_in
from spawngate.codescan.frontends.javascript_expressions import FUNCTIONS
from spawngate.codescan.frontends.lowering import Arm, at, choice, parts_of
from spawngate.codescan.frontends.syntax import Reading

_TYPESCRIPT = (".ts", ".mts", ".cts")


@cache
def _grammar(suffix: str) -> Language:
    if suffix in _TYPESCRIPT:
        import tree_sitter_typescript

        return Language(tree_sitter_typescript.language_typescript())
    if suffix == ".tsx":
        import tree_sitter_typescript

        return Language(tree_sitter_typescript.language_tsx())
    import tree_sitter_javascript

    return Language(tree_sitter_javascript.language())


def lower(path: str, source: bytes, budget: int) -> ir.Module:
    """The module of a JavaScript or TypeScript file.

    Args:
        path: relative to the project; its suffix chooses the grammar.
        source: bytes of the file; invalid UTF-8 is replaced.
        budget: syntax nodes that are visited at most.
    """
    if source.startswith(b"\xef\xbb\xbf"):
        source = source[3:]
    reading = Reading(source, budget)
    dot = path.rfind(".")
    root = reading.parse(_grammar(path[dot:].lower() if dot >= 0 else ""))
    body = _JavaScript(reading).block(root)
    return ir.Module(path, "javascript", body, troubles=tuple(reading.troubles), incomplete=reading.incomplete)


class _JavaScript(Definitions):
    """Lowering of the statements of one file."""

    marks_kind = "decorator"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.statements |= {
            "import_statement": self._import,
            "export_statement": self._export,
            "lexical_declaration": self._declaration,
            "variable_declaration": self._declaration,
            "using_declaration": self._declaration,
            "function_declaration": self._function_declaration,
            "generator_function_declaration": self._function_declaration,
            "class_declaration": self._class_declaration,
            "abstract_class_declaration": self._class_declaration,
            "interface_declaration": self._class_declaration,
            "enum_declaration": self._enum,
            "type_alias_declaration": self._type_alias,
            "import_alias": self._import_alias,
            "internal_module": self._namespace,
            "module": self._namespace,
            "ambient_declaration": self._inner,
            "statement_block": self._inner,
            "labeled_statement": self._labeled,
            "expression_statement": self._expression_statement,
            "if_statement": self._if,
            "switch_statement": self._switch,
            "for_statement": self._for,
            "for_in_statement": self._for_in,
            "while_statement": self._while,
            "do_statement": self._while,
            "with_statement": self._inner,
            "try_statement": self._try,
            "return_statement": self._return,
            "throw_statement": self._throw,
            "break_statement": self._break,
            "continue_statement": self._continue,
            "ERROR": self._inner,
        }

    def block(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Statements of a block, of a module, or the one statement that stands for a block."""
        out: list[ir.Statement] = []
        if node is not None:
            if node.type in self.statements and node.type not in ("statement_block", "ERROR"):
                self.fill([node], node, out)
            else:
                self.fill(node.named_children, node, out)
        return tuple(out)

    def _inner(self, node: Node, out: list[ir.Statement]) -> None:
        self.fill(node.named_children, node, out)

    def _labeled(self, node: Node, out: list[ir.Statement]) -> None:
        body = node.child_by_field_name("body")
        if body is not None:
            self.fill([body], node, out)

    def effect(self, node: Node, out: list[ir.Statement]) -> None:
        """An expression for its effect: `a && f()` is a choice."""
        while node.type in ("parenthesized_expression", "await_expression") and parts_of(node):
            node = parts_of(node)[0]
        if node.type == "binary_expression":
            operator, left, right = (node.child_by_field_name(part) for part in ("operator", "left", "right"))
            if operator is not None and left is not None and right is not None and operator.type in ("&&", "||"):
                test = self.condition(left)
                self.flush(out)
                inner: list[ir.Statement] = []
                self.fill([right], node, inner)
                if operator.type == "||":
                    test = ir.Operation(*at(node), "not", (test,))
                out.append(ir.If(*at(node), test, tuple(inner)))
                return
        value = self.expression(node)
        self.flush(out)
        directive = isinstance(value, ir.Literal) and isinstance(value.value, str) and value.value.startswith("use ")
        if directive or not isinstance(value, ir.Literal | ir.Name):
            out.append(ir.Evaluate(value.line, value.column, value))

    # modules

    def _import(self, node: Node, out: list[ir.Statement]) -> None:
        clause = next((child for child in node.named_children if child.type == "import_clause"), None)
        required = next((child for child in node.named_children if child.type == "import_require_clause"), None)
        source = (required or node).child_by_field_name("source")
        if source is None:
            return
        module, place = self._constant_text(source), at(node)
        if required is not None:
            out.append(ir.Import(*place, module, "", self.text(required.named_children[0])))
        for child in parts_of(clause) if clause is not None else ():
            if child.type == "identifier":
                out.append(ir.Import(*place, module, "default", self.text(child)))
            elif child.type == "namespace_import":
                out.append(ir.Import(*place, module, "", self.text(child.named_children[-1])))
            elif child.type == "named_imports":
                for name, local in self._specifiers(child):
                    out.append(ir.Import(*place, module, name, local))

    def _specifiers(self, node: Node) -> list[tuple[str, str]]:
        """Pairs of name and alias of `{a, b as c}`."""
        out: list[tuple[str, str]] = []
        for child in node.named_children:
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is not None:
                written = self._constant_text(name)
                out.append((written, self._constant_text(alias) if alias is not None else written))
        return out

    def _constant_text(self, node: Node) -> str:
        value = self.property_name(node)
        return str(value.value) if isinstance(value, ir.Literal) else self.text(node)

    def _import_alias(self, node: Node, out: list[ir.Statement]) -> None:
        """`import a = b.c`."""
        parts = parts_of(node)
        if len(parts) == 2:
            names = self.text(parts[1]).split(".")
            value: ir.Expression = ir.Name(*at(parts[1]), names[0])
            for name in names[1:]:
                value = ir.Attribute(*at(parts[1]), value, name)
            out.append(ir.Assign(*at(node), ir.Name(*at(parts[0]), self.text(parts[0])), value))

    def _export(self, node: Node, out: list[ir.Statement]) -> None:
        place = at(node)
        source = node.child_by_field_name("source")
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        default = any(child.type == "default" for child in node.children)
        module = self._constant_text(source) if source is not None else ""
        for child in node.named_children:
            if child.type == "export_clause":
                for name, alias in self._specifiers(child):
                    if source is not None:
                        out.append(ir.Import(*place, module, name, alias, export=True))
                    else:
                        out.append(ir.Export(*at(child), alias, ir.Name(*at(child), name)))
            elif child.type == "namespace_export":
                local = self._constant_text(child.named_children[-1])
                out.append(ir.Import(*place, module, "", local, export=True))
        if source is not None and any(child.type == "*" for child in node.children):
            out.append(ir.Import(*place, module, "*", "*", export=True))
        if declaration is not None:
            inner: list[ir.Statement] = []
            marks = [child for child in node.named_children if child.type == "decorator"]
            self.statement(declaration, inner, marks)
            named = [_exported(statement) for statement in inner]
            out.extend(named)
            if default and named and isinstance(named[-1], ir.Function | ir.Class):
                out.append(ir.Export(*place, "default", ir.Name(*place, named[-1].name)))
        elif value is not None:
            self._export_value("default", value, out)
        elif any(child.type == "=" for child in node.children):  # TypeScript's `export = value`
            self._export_value("default", parts_of(node)[-1], out)

    def _export_value(self, name: str, node: Node, out: list[ir.Statement]) -> None:
        """`export default value`, `module.exports.name = value`."""
        place = at(node)
        title = name if name != "default" else self.invent("default")
        if node.type in FUNCTIONS and name == "default":
            written = node.child_by_field_name("name")
            title = self.text(written) if written is not None else title
            out.append(_exported(self.function(node, title)))
            value: ir.Expression = ir.Name(*place, title)
        elif node.type in FUNCTIONS:
            value = ir.Closure(*place, self.function(node, title))
        elif node.type == "class":
            written = node.child_by_field_name("name")
            title = self.text(written) if written is not None else title
            out.append(_exported(self.klass(node, title)))
            value = ir.Name(*place, title)
        else:
            value = self.expression(node)
            self.flush(out)
        out.append(ir.Export(*place, name, value))

    def _namespace(self, node: Node, out: list[ir.Statement]) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        inner: list[ir.Statement] = []
        if body is not None:
            self.fill(body.named_children, node, inner)
        out.extend(inner)
        if name is None or name.type == "string":
            return
        title, place = self.text(name).split(".")[0], at(node)
        entries: list[ir.Entry] = []
        for statement in inner:
            for exported in _names_exported(statement):
                key = ir.Literal(statement.line, statement.column, exported)
                entries.append(ir.Entry(*place, key, ir.Name(statement.line, statement.column, exported)))
        out.append(ir.Assign(*place, ir.Name(*at(name), title), ir.Record(*place, tuple(entries))))

    def _commonjs(self, left: Node, right: Node, out: list[ir.Statement]) -> bool:
        """`module.exports = ..`, `module.exports.x = ..`, `exports.x = ..`: exports. True when it was one."""
        written = self.text(left) if left.type == "member_expression" and left.end_byte - left.start_byte < 200 else ""
        if written == "module.exports":
            if right.type == "object":
                value = self.expression(right)
                self.flush(out)
                if isinstance(value, ir.Record):
                    out.extend(
                        ir.Export(entry.line, entry.column, str(entry.key.value), entry.value)
                        for entry in value.entries
                        if isinstance(entry.key, ir.Literal)
                    )
                out.append(ir.Export(*at(left), "default", value))
            else:
                self._export_value("default", right, out)
            return True
        for prefix in ("module.exports.", "exports."):
            name = written.removeprefix(prefix)
            if name != written and name.isidentifier():
                names = [name]
                while right.type == "assignment_expression":  # exports.a = exports.b = value
                    further, last = right.child_by_field_name("left"), right.child_by_field_name("right")
                    if further is None or last is None:
                        return True
                    names.append(self.text(further).rpartition(".")[2])
                    right = last
                if self.text(right) != "void 0":
                    for each in names:
                        self._export_value(each, right, out)
                return True
        return False

    def _compiled(self, node: Node, out: list[ir.Statement]) -> bool:
        """Calls that compilers write for re-exports. True when it was one."""
        callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is None or arguments is None:
            return False
        name = self.text(callee) if callee.end_byte - callee.start_byte < 60 else ""
        given = parts_of(arguments)
        if name.rpartition(".")[2] == "__exportStar" and given:
            module = self.required(given[0])
            if module is not None:
                out.append(ir.Import(*at(node), module, "*", "*", export=True))
                return True
        if name == "Object.defineProperty" and len(given) == 3 and self.text(given[0]) in ("exports", "module.exports"):
            key, described = self.expression(given[1]), self.expression(given[2])
            entries = described.entries if isinstance(described, ir.Record) else ()
            for entry in entries:
                value = entry.value
                if isinstance(value, ir.Closure) and value.function.name == "get" and isinstance(key, ir.Literal):
                    returned = value.function.body[-1] if value.function.body else None
                    if isinstance(returned, ir.Return) and returned.value is not None:
                        out.append(ir.Export(*at(node), str(key.value), returned.value))
            return True
        return False

    # declarations

    def _declaration(self, node: Node, out: list[ir.Statement]) -> None:
        constant = any(child.type == "const" for child in node.children)
        for child in node.named_children:
            if child.type == "variable_declarator":
                self._declarator(child, constant, out)

    def _declarator(self, node: Node, constant: bool, out: list[ir.Statement]) -> None:
        name, value, written = (node.child_by_field_name(part) for part in ("name", "value", "type"))
        if name is None:
            return
        module = self.required(value) if value is not None else None
        if module is not None and self._required_into(name, module, out):
            return
        if value is not None and name.type == "identifier":
            if constant and value.type in FUNCTIONS:
                out.append(self.function_as(value, self.text(name)))
                return
            if value.type == "class":
                out.append(self.klass(value, self.text(name)))
                return
        declared = self.declared_type(written, value)
        lowered = self.expression(value) if value is not None else None
        target = self.expression(name)
        self.declared.update(each.id for each in names_in(target))
        self.flush(out)
        out.append(ir.Assign(*at(node), target, lowered, declared))

    def function_as(self, node: Node, name: str) -> ir.Function:
        """A function expression under the name of the constant that holds it."""
        function = self.function(node, name)
        return function if function.name == name else structs.replace(function, name=name)

    def _required_into(self, name: Node, module: str, out: list[ir.Statement]) -> bool:
        """`const m = require("m")`, `const {a, b: c} = require("m")`. False for patterns of other shapes."""
        place = at(name)
        if name.type == "identifier":
            out.append(ir.Import(*place, module, "", self.text(name)))
            return True
        if name.type != "object_pattern":
            return False
        pairs: list[tuple[str, str]] = []
        for child in parts_of(name):
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if child.type == "shorthand_property_identifier_pattern":
                pairs.append((self.text(child), self.text(child)))
            elif child.type == "pair_pattern" and key is not None and value is not None and value.type == "identifier":
                pairs.append((self._constant_text(key), self.text(value)))
            else:
                return False
        out.extend(ir.Import(*place, module, key, local) for key, local in pairs)
        return True

    def _function_declaration(self, node: Node, out: list[ir.Statement]) -> None:
        name = node.child_by_field_name("name")
        out.append(self.function(node, "" if name is not None else self.invent("default")))

    def _class_declaration(self, node: Node, out: list[ir.Statement]) -> None:
        name = node.child_by_field_name("name")
        decorators = self.decorators(self.marks)
        out.append(self.klass(node, "" if name is not None else self.invent("default"), decorators))

    def _enum(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(self.enum(node))

    def _type_alias(self, node: Node, out: list[ir.Statement]) -> None:
        alias = self.type_alias(node)
        if alias is not None:
            out.append(alias)

    # control flow

    def _expression_statement(self, node: Node, out: list[ir.Statement]) -> None:
        for child in parts_of(node):
            parts = self._comma_parts(child) if child.type == "sequence_expression" else [child]
            for part in parts:
                self._plain_effect(part, out)

    def _plain_effect(self, node: Node, out: list[ir.Statement]) -> None:
        if node.type == "assignment_expression":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                if self._commonjs(left, right, out):
                    return
                value = self.expression(right)
                target = self.expression(left)
                self.rebinds(left)
                self.flush(out)
                out.append(ir.Assign(*at(node), target, value))
        elif node.type == "augmented_assignment_expression":
            self.expression(node)
            self.flush(out)
        elif node.type == "internal_module":
            self._namespace(node, out)
        elif node.type == "yield_expression":
            self.expression(node)
            self.flush(out)
        elif not (node.type == "call_expression" and self._compiled(node, out)):
            self.effect(node, out)

    def _if(self, node: Node, out: list[ir.Statement]) -> None:
        arms: list[Arm] = []
        orelse: tuple[ir.Statement, ...] = ()
        current: Node | None = node
        while current is not None:
            test = current.child_by_field_name("condition")
            alternative = current.child_by_field_name("alternative")
            asked = self.condition(test) if test is not None else ir.Literal(*at(current), True)
            body = self.block(current.child_by_field_name("consequence"))
            arms.append((at(current), asked, body))
            current = None
            if alternative is not None:
                inner = next(iter(parts_of(alternative)), None)
                if inner is not None and inner.type == "if_statement":
                    current = inner
                else:
                    orelse = self.block(inner)
        out.extend(choice(arms, orelse))

    def _switch(self, node: Node, out: list[ir.Statement]) -> None:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        if value is None or body is None:
            return
        subject = self.condition(value)
        cases = [child for child in body.named_children if child.type in ("switch_case", "switch_default")]
        blocks = [self._case_body(case) for case in cases]
        arms: list[Arm] = []
        orelse: tuple[ir.Statement, ...] = ()
        waiting: list[ir.Expression] = []
        for number, case in enumerate(cases):
            statements, ends = blocks[number]
            pattern = case.child_by_field_name("value")
            if pattern is not None:
                waiting.append(self.expression(pattern))
            if not statements and not ends and number + 1 < len(cases) and pattern is not None:
                continue
            if not ends and number + 1 < len(cases):  # falls through into the next one
                statements = statements + blocks[number + 1][0]
            if case.type == "switch_default":
                orelse, waiting = statements, []
                continue
            if len(waiting) == 1:
                test = ir.Operation(*at(case), "==", (subject, waiting[0]))
            else:
                test = ir.Operation(*at(case), "in", (subject, ir.Sequence(*at(case), tuple(waiting))))
            if isinstance(subject, ir.Literal) and subject.value is True and len(waiting) == 1:
                arms.append((at(case), waiting[0], statements))  # switch (true)
            else:
                arms.append((at(case), test, statements))
            waiting = []
        out.extend(choice(arms, orelse))

    def _case_body(self, case: Node) -> tuple[tuple[ir.Statement, ...], bool]:
        """Statements of an arm without its `break`, and whether it ends there."""
        statements: list[ir.Statement] = []
        self.fill(case.children_by_field_name("body"), case, statements)
        ends = bool(statements) and isinstance(statements[-1], ir.Jump | ir.Return | ir.Raise)
        if ends and isinstance(statements[-1], ir.Jump) and statements[-1].kind == "break":
            statements.pop()
        return tuple(statements), ends

    def _for(self, node: Node, out: list[ir.Statement]) -> None:
        first, test, step = (node.child_by_field_name(part) for part in ("initializer", "condition", "increment"))
        if first is not None:
            self.statement(first, out)
        asked = self.condition(test) if test is not None and test.type != "empty_statement" else None
        body = list(self.block(node.child_by_field_name("body")))
        if step is not None:
            self._plain_effect(step, body)
        out.append(ir.Loop(*at(node), None, None, asked, tuple(body)))

    def _for_in(self, node: Node, out: list[ir.Statement]) -> None:
        left, right, operator = (node.child_by_field_name(part) for part in ("left", "right", "operator"))
        if left is None or right is None:
            return
        target, iterable = self.expression(left), self.expression(right)
        self.declared.update(each.id for each in names_in(target))
        if operator is not None and operator.type == "in":  # the names, not the values
            place = iterable.line, iterable.column
            callee = ir.Attribute(*place, ir.Name(*place, "Object"), "keys")
            iterable = ir.Call(*place, callee, (ir.Argument(*place, iterable),))
        body = self.block(node.child_by_field_name("body"))
        out.append(ir.Loop(*at(node), target, iterable, None, body))

    def _while(self, node: Node, out: list[ir.Statement]) -> None:
        test = node.child_by_field_name("condition")
        asked = self.condition(test) if test is not None else None
        body = self.block(node.child_by_field_name("body"))
        out.append(ir.Loop(*at(node), None, None, asked, body))

    def _try(self, node: Node, out: list[ir.Statement]) -> None:
        body = self.block(node.child_by_field_name("body"))
        handler, finalizer = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
        handlers: tuple[ir.Handler, ...] = ()
        if handler is not None:
            parameter = handler.child_by_field_name("parameter")
            name = self.text(parameter) if parameter is not None and parameter.type == "identifier" else ""
            handlers = (ir.Handler(*at(handler), name, self.block(handler.child_by_field_name("body"))),)
        final = self.block(finalizer.child_by_field_name("body")) if finalizer is not None else ()
        out.append(ir.Try(*at(node), body, handlers, (), final))

    def _return(self, node: Node, out: list[ir.Statement]) -> None:
        parts = parts_of(node)
        inner = self._awaiter(parts[0]) if parts else None
        if inner is not None:
            out.extend(self.block(inner))
            return
        out.append(ir.Return(*at(node), self.expression(parts[0]) if parts else None))

    def _awaiter(self, node: Node) -> Node | None:
        """Body of the generator in `__awaiter(this, void 0, void 0, function* () {..})`."""
        callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if node.type != "call_expression" or callee is None or arguments is None:
            return None
        if not self.text(callee).endswith("__awaiter"):
            return None
        given = parts_of(arguments)
        return given[-1].child_by_field_name("body") if given and given[-1].type == "generator_function" else None

    def _throw(self, node: Node, out: list[ir.Statement]) -> None:
        parts = parts_of(node)
        out.append(ir.Raise(*at(node), self.expression(parts[0]) if parts else None))

    def _break(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Jump(*at(node), "break"))

    def _continue(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Jump(*at(node), "continue"))


def _exported(statement: ir.Statement) -> ir.Statement:
    if isinstance(statement, ir.Function | ir.Class | ir.Assign):
        return structs.replace(statement, exported=True)
    return statement


def _names_exported(statement: ir.Statement) -> tuple[str, ...]:
    """Names that an exported declaration binds."""
    if isinstance(statement, ir.Function | ir.Class) and statement.exported:
        return (statement.name,)
    if isinstance(statement, ir.Assign) and statement.exported and isinstance(statement.target, ir.Name):
        return (statement.target.id,)
    return ()
