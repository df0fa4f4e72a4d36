"""The intermediate representation: what every front-end lowers to and the only thing that the slicer reads.

Belongs here: the nodes, and `dump`, which writes them as one line for tests. Not here: parsing, names resolved to
definitions, anything of one language.

Every node begins with `line` (from 1) and `column` (from 0, in bytes) of its first character. Nodes compare by
identity; compare `dump(node)` when the content is meant. `msgspec` encodes a `Module`, so that a cache can keep it.

Expressions
    Literal      a constant: str, int, float, bool or None. Bytes become a str. Regular expressions: their text.
    Name         a variable; `self`/`this` and `super` are the names `self` and `super` in every language.
    Attribute    `x.f`, `x?.f`, `x::f` (paths of Rust modules and types too), `X::method` references of Java.
    Index        `x[k]`; a key that is a Literal str is the same thing as an Attribute of that name.
    Call         `f(a, k=b, *c)`; `new` when it constructs with a keyword (`new T(..)`). Macros are calls of `name!`.
    Argument     one argument: `name` for keywords, `spread` "*" for a sequence, "**" for a record.
    Sequence     list, tuple, set, array. An item may be a Spread.
    Record       dict, object literal. A struct literal is a Call with `new` and keywords (`..base`: spread "**").
    Entry        `key: value`; `key` is None for a spread (`**d`, `...d`).
    Spread       `*x`, `...x` within a Sequence; the rest in a destructuring target.
    Join         one of several values: ternary, `a or b`, `a ?? b`, arms of match and if expressions. `test` is the
                 condition of a ternary, else None.
    Format       text put together: f-string, template, `+` of anything not known to be numbers, `format!`.
    Operation    comparison, negation, `and` of conditions, arithmetic: `op` is one of OPERATORS.
    Closure      an anonymous function: holds a Function. An expression body is one Return.
    Comprehension `[value for target in iterable if conditions]`; streams of Java and Rust stay calls.
    Cast         `x as T`, `(T) x`, `<T>x`; transparent to the flow.
    Unknown      whatever else: its parts flow into it. `what` names the syntax. An anonymous class of Java: `new` Call
                 whose last Argument holds Unknown("class", ..) with a Closure for each method.

`await x`, `x!`, `x?` (Rust), `&x`, `*x` (Rust), `(x)`, `yield from x` are lowered to `x`; `yield x` to a Return that
does not end the function (`final=False`).

Statements
    Assign       `target = value`. Targets: Name, Attribute, Index, Sequence and Record (destructuring: each Entry's key
                 is the field read and its value the target, which is a Join of target and default where one is given).
                 `augmented` for `+=` and its kind. A declaration without a value has `value` None. `type`: declared.
    Evaluate     an expression for its effect.
    If           `if`, `guard`, match and switch: a chain of If whose tests are Operation("==") of the subject with the
                 pattern, Operation("in") with a Sequence for several patterns; a capture is an Assign in the body.
    Loop         `for target in iterable`, `while test`.
    Try          `try`; `handlers` are Handler. `with x as y` is an Assign followed by the body.
    Return, Raise (`throw`, `panic!`, `bail!`), Jump (`break`, `continue`).
    Import       `local` is bound to `name` of `module`; `name` "" binds the module itself, "*" binds every name of it.
                 `module` keeps the language's spelling: `..x` of Python, `./x.js`; Java's `a.b.C` is module `a.b`, name
                 `C`; Rust's `crate::a::B` is module `crate::a`, name `B`. JavaScript's default import has the name
                 "default". `export` re-exports it.
    Export       `export {local as name}`, `module.exports.name = value`, `export default` (name "default"; the value of
                 a default declaration is its Name). Declarations that are exported carry `exported` themselves.
    Function     definition. Methods are Functions in a Class's body; a constructor is named `__init__` in every
                 language (Rust's `new` is no constructor: it keeps its name and is static). The receiver (`self`) is a
                 parameter only where the language writes it (Python, Rust). An accessor is a Function with `getter`.
                 A method without a body has `body` (). Rust's tail expression is a Return.
    Class        definition: class, interface, struct, enum, record, trait, `impl` block (name of the type; trait in
                 `bases`): blocks of the same name are joined by the engine. Fields are Assigns whose target is a Name.
                 A record's or a struct's fields are Assigns with a type and no value; an enum variant with data is a
                 Class of kind "variant" in the enum's body. An enum's constants are Assigns.
"""

from __future__ import annotations

from typing import Literal as Choice

import msgspec

OPERATORS = frozenset(
    ["==", "!=", "in", "not in", "is", "is not", "<", "<=", ">", ">=", "not", "and", "or", "instanceof", "arith"]
)
"""`and` and `or` only where they join conditions; a defaulting `or` is a Join."""

MUTABLE = "@mut"
"""Decorator of a Rust parameter through which the function may change what the caller gave: `&mut`, locks, cells."""
ADDED = "@added"
"""Decorator of a function that a front-end adds because an annotation or the language does (Lombok, records)."""

Constant = str | int | float | bool | None
Spreading = Choice["", "*", "**"]


class Node(msgspec.Struct, frozen=True, eq=False, tag=True, tag_field="node", array_like=True, gc=False):
    """A piece of source: `line` from 1, `column` from 0.

    Nodes form trees and never cycles, so the collector of cycles need not look at them: with it, lowering a large
    project takes a quarter longer and reading kept modules ten times as long.
    """

    line: int
    column: int


class Type(Node, frozen=True):
    """A written type: `name` as spelled (`Optional`, `list`, `a.B`), arguments, and the constants of a literal type.

    Unions are named `|`, arrays `[]`, literal types `Literal`, references and nullability are dropped.
    """

    name: str
    args: tuple[Type, ...] = ()
    literals: tuple[Constant, ...] = ()


class Literal(Node, frozen=True):
    """A constant."""

    value: Constant


class Name(Node, frozen=True):
    """A variable."""

    id: str
    path: bool = False
    """It begins a path, as `a` of Rust's `a::b` does: a module or a type, whatever variables there are."""


class Attribute(Node, frozen=True):
    """`base.name`."""

    base: Expression
    name: str


class Index(Node, frozen=True):
    """`base[key]`; `key` None for a slice."""

    base: Expression
    key: Expression | None


class Argument(Node, frozen=True):
    """One argument of a call."""

    value: Expression
    name: str = ""
    spread: Spreading = ""


class Call(Node, frozen=True):
    """`callee(args)`."""

    callee: Expression
    args: tuple[Argument, ...] = ()
    new: bool = False


class Spread(Node, frozen=True):
    """`*value` within a Sequence."""

    value: Expression


class Sequence(Node, frozen=True):
    """List, tuple, set or array."""

    items: tuple[Expression, ...]


class Entry(Node, frozen=True):
    """`key: value`, or a spread where `key` is None."""

    key: Expression | None
    value: Expression


class Record(Node, frozen=True):
    """Dict or object literal."""

    entries: tuple[Entry, ...]


class Join(Node, frozen=True):
    """One of several values."""

    branches: tuple[Expression, ...]
    test: Expression | None = None


class Format(Node, frozen=True):
    """Text put together from parts."""

    parts: tuple[Expression, ...]


class Operation(Node, frozen=True):
    """`op` over its operands."""

    op: str
    operands: tuple[Expression, ...]


class Closure(Node, frozen=True):
    """An anonymous function."""

    function: Function


class Clause(Node, frozen=True):
    """`for target in iterable if conditions` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...] = ()


class Comprehension(Node, frozen=True):
    """`key` only for dict comprehensions."""

    value: Expression
    clauses: tuple[Clause, ...]
    key: Expression | None = None


class Cast(Node, frozen=True):
    """`value as type`."""

    value: Expression
    type: Type


class Unknown(Node, frozen=True):
    """Syntax without a meaning of its own here: parts flow into it."""

    what: str
    parts: tuple[Expression, ...] = ()


Expression = (
    Literal
    | Name
    | Attribute
    | Index
    | Call
    | Spread
    | Sequence
    | Record
    | Join
    | Format
    | Operation
    | Closure
    | Comprehension
    | Cast
    | Unknown
)


class Assign(Node, frozen=True):
    """`target = value`."""

    target: Expression
    value: Expression | None
    type: Type | None = None
    augmented: bool = False
    exported: bool = False
    decorators: tuple[Expression, ...] = ()


class Evaluate(Node, frozen=True):
    """An expression for its effect."""

    value: Expression


class If(Node, frozen=True):
    """A choice."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()


class Loop(Node, frozen=True):
    """A repetition; `target` and `iterable` of a for loop, `test` of a while loop."""

    target: Expression | None
    iterable: Expression | None
    test: Expression | None
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()


class Handler(Node, frozen=True):
    """`except type as name: body`."""

    name: str
    body: tuple[Statement, ...]


class Try(Node, frozen=True):
    """`try`."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...] = ()
    orelse: tuple[Statement, ...] = ()
    final: tuple[Statement, ...] = ()


class Return(Node, frozen=True):
    """`return value`; `final` is False for `yield`."""

    value: Expression | None
    final: bool = True


class Raise(Node, frozen=True):
    """`raise value`, `throw value`, a panic."""

    value: Expression | None


class Jump(Node, frozen=True):
    """`break` or `continue`."""

    kind: Choice["break", "continue"]


class Import(Node, frozen=True):
    """A name bound to a module or to something of it."""

    module: str
    name: str
    local: str
    export: bool = False


class Export(Node, frozen=True):
    """A name that other modules may import."""

    name: str
    value: Expression


class Param(Node, frozen=True):
    """A parameter. `pattern` is its destructuring, over the parameter's own name (invented: `_0`, `_1`, ...)."""

    name: str
    type: Type | None = None
    default: Expression | None = None
    spread: Spreading = ""
    keyword_only: bool = False
    pattern: Expression | None = None
    decorators: tuple[Expression, ...] = ()
    field: bool = False
    """The parameter is also a field of the class (TypeScript's parameter properties, Java's and C#'s records)."""


class Function(Node, frozen=True):
    """A function or method; `name` "" for an anonymous one."""

    name: str
    params: tuple[Param, ...]
    body: tuple[Statement, ...]
    returns: Type | None = None
    decorators: tuple[Expression, ...] = ()
    static: bool = False
    getter: bool = False
    exported: bool = False
    is_async: bool = False


class Class(Node, frozen=True):
    """A class and its kin."""

    name: str
    bases: tuple[Type, ...]
    body: tuple[Statement, ...]
    kind: Choice["class", "interface", "struct", "enum", "variant", "record", "trait", "impl", "object"] = "class"
    decorators: tuple[Expression, ...] = ()
    exported: bool = False
    keywords: tuple[Argument, ...] = ()
    """Keywords beside the bases (`table=True` of SQLModel, `metaclass=..`)."""


Statement = Assign | Evaluate | If | Loop | Try | Return | Raise | Jump | Import | Export | Function | Class


class Trouble(Node, frozen=True):
    """A place that the front-end could not understand, or where its budget ended."""

    what: str


Language = Choice["python", "javascript", "java", "rust"]


class Module(msgspec.Struct, frozen=True, eq=False):
    """One lowered file. `path` is relative to the project, with `/`. `package` is what the source says (Java)."""

    path: str
    language: Language
    body: tuple[Statement, ...]
    package: str = ""
    troubles: tuple[Trouble, ...] = ()
    incomplete: bool = False
    """The budget ended: parts of the file are missing here."""


def dump(node: object) -> str:
    """One line for a node, a tuple of nodes or a constant: `Call(Name('f'), (Argument(Literal(1)),))`.

    Places, what begins a path, empty trailing fields and defaults are left out, so that tests compare meaning.
    Any depth.
    """
    out: list[str] = []
    stack: list[object] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, _Text):
            out.append(item)
        elif isinstance(item, tuple):
            stack.append(_Text(",)" if len(item) == 1 else ")"))
            for number, part in reversed(list(enumerate(item))):
                stack.append(part)
                if number:
                    stack.append(_Text(", "))
            stack.append(_Text("("))
        elif isinstance(item, Node):
            kind = type(item)
            shown: list[tuple[_Text, object]] = []
            defaults = kind.__struct_defaults__
            optional = len(kind.__struct_fields__) - len(defaults)
            for number, field in enumerate(kind.__struct_fields__):
                if field in ("line", "column") or (field == "path" and kind is Name):
                    continue
                value = getattr(item, field)
                if number >= optional:
                    if value != defaults[number - optional]:
                        shown.append((_Text(f"{field}="), value))
                else:
                    shown.append((_Text(""), value))
            stack.append(_Text(")"))
            for number, (label, part) in reversed(list(enumerate(shown))):
                stack.append(part)
                stack.append(label)
                if number:
                    stack.append(_Text(", "))
            stack.append(_Text(f"{kind.__name__}("))
        else:
            out.append(repr(item))
    return "".join(out)


class _Text(str):
    """Text that `dump` writes as it is."""

    __slots__ = ()
