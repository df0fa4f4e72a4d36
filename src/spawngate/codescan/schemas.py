"""Schemas that are enforced when data arrives: whether a part of it can still carry a text of the sender's choice.

Belongs here: zod (and valibot, which is spelled alike) around handlers, tools and `parse`; types of Python's parameters
and fields that FastAPI, pydantic and msgspec check. Not here: types that nobody enforces, validators that are code
(`conditions`).

Sources: the manuals of zod 4 (objects strip unknown keys), valibot 1, pydantic 2, FastAPI, msgspec.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.constants import Constants
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import ANY, KEYS, Parameter, Path
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

MAX_DEPTH = 12
PARSES = frozenset(["parse", "parseAsync", "safeParse", "safeParseAsync"])
_ROOTS = frozenset(["z", "zod", "v", "yup", "Joi", "joi", "t", "s", "Type", "S", "Schema"])
_CLOSED = frozenset(
    [
        "enum",
        "literal",
        "nativeEnum",
        "number",
        "boolean",
        "bigint",
        "date",
        "int",
        "uuid",
        "null",
        "undefined",
        "picklist",
        "integer",
        "numeric",
        "booleanString",
        "valid",
    ]
)
"""Values of these are numbers or one of written constants."""
_LISTS = frozenset(["oneOf", "valid", "equal", "only", "allow"])
"""Behind a type of yup and Joi: the value is one of the arguments."""
_OBJECTS = frozenset(["object", "strictObject", "interface", "struct"])
_OPEN = frozenset(
    ["passthrough", "catchall", "loose", "looseObject", "unknown", "any", "transform", "preprocess", "pipe"]
)
_INNER = frozenset(["array", "set", "record", "map", "optional", "nullable", "nullish", "readonly", "promise"])
_SAME_TYPES = frozenset(["Annotated", "Optional", "|", "list", "set", "tuple", "Sequence", "List", "Set", "frozenset"])
_NUMBERS = frozenset(["int", "float", "bool", "UUID", "Decimal", "datetime", "date", "UUID4", "PositiveInt"])
_ENFORCING = ("pydantic.", "sqlmodel.", "msgspec.", "ninja.")
_ENUMS = ("enum.",)
_PARTS = {"body": "body", "querystring": "query", "query": "query", "params": "params", "headers": "headers"}
_PARTS["payload"] = "payload"
"""Keys of a route's schemas in Fastify and Elysia, with the field of the request that each is about."""
_JSON_TYPES = frozenset(["object", "array", "string", "integer", "number", "boolean", "null"])
_STRIPPED = frozenset(["input", "parsedInput", "rawInput", "data", "context"])
"""Where a handler finds what the schema around it let through."""


def is_schema(calls: Calls, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> bool:
    """The expression is a schema that is written out somewhere: it begins with `z.`."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(node, ir.Call):
        root: ir.Expression = node
        while isinstance(root, ir.Call | ir.Attribute):
            root = root.callee if isinstance(root, ir.Call) else root.base
        if isinstance(root, ir.Name) and root.id in _ROOTS:
            return True
        return isinstance(root, ir.Name) and any(
            is_schema(calls, found, around, depth + 1) for found, around in Constants(calls).definitions(root, function)
        )
    if isinstance(node, ir.Name | ir.Attribute):
        return any(
            is_schema(calls, found, around, depth + 1) for found, around in Constants(calls).definitions(node, function)
        )
    return False


def passes(calls: Calls, node: ir.Expression, function: FunctionInfo, path: Path, depth: int = 0) -> bool:
    """Whether a text can stand at `path` of what the schema lets through; True where that is not known."""
    if depth > MAX_DEPTH:
        return True
    if isinstance(node, ir.Record):
        if any(_is_json_schema(entry) for entry in node.entries):
            return _in_json_schema(calls, node, function, path, depth)
        return _in_record(calls, node, function, path, depth)
    if isinstance(node, ir.Name | ir.Attribute):
        found = Constants(calls).definitions(node, function)
        return not found or any(passes(calls, each, around, path, depth + 1) for each, around in found)
    if not isinstance(node, ir.Call) or not isinstance(node.callee, ir.Attribute):
        return True
    name, base = node.callee.name, node.callee.base
    plain = [argument.value for argument in node.args if not argument.name and not argument.spread]
    if name == "transform" and plain and isinstance(plain[0], ir.Closure):
        return _transformed(calls, base, function.module.of[plain[0].function], function, path, depth)
    if name in _OPEN:
        return True
    if isinstance(base, ir.Name) and base.id in _ROOTS:
        lower = f"{name[:1].lower()}{name[1:]}"  # TypeBox writes `Type.Object`
        return _made(calls, lower, plain, function, path, depth)
    if name in _LISTS and plain:
        return False
    if name in ("extend", "safeExtend", "merge", "and") and plain:
        both = (plain[0], base)
        return any(passes(calls, each, function, path, depth + 1) for each in both)
    if name in ("or",) and plain:
        return any(passes(calls, each, function, path, depth + 1) for each in (base, plain[0]))
    if name == "items" and plain and path:
        return any(passes(calls, each, function, path[1:], depth + 1) for each in plain)
    if name == "array":
        return passes(calls, base, function, path[1:], depth + 1)
    return passes(calls, base, function, path, depth + 1)


def _transformed(
    calls: Calls, base: ir.Expression, made: FunctionInfo, function: FunctionInfo, path: Path, depth: int
) -> bool:
    """Whether a text can stand at `path` of what `base.transform(made)` gives: of constants alone none can."""
    todo = [(each.value, path) for each in calls.project.flow(made).returns if each.value is not None]
    while todo:
        node, part = todo.pop()
        if isinstance(node, ir.Literal):
            continue
        if isinstance(node, ir.Join):
            todo.extend((each, part) for each in node.branches)
        elif isinstance(node, ir.Record) and part and isinstance(part[0], str):
            todo.extend(
                (each.value, part[1:])
                for each in node.entries
                if not isinstance(each.key, ir.Literal) or str(each.key.value) == part[0]
            )
        elif isinstance(node, ir.Sequence) and part:
            todo.extend((each, part[1:]) for each in node.items)
        elif isinstance(node, ir.Name) and isinstance(version := calls.project.flow(made).uses.get(node), Parameter):
            if version.index != 0 or passes(calls, base, function, (*version.path, *part), depth + 1):
                return True
        else:
            return True
    return False


def _made(calls: Calls, name: str, plain: list[ir.Expression], function: FunctionInfo, path: Path, depth: int) -> bool:
    if name in _CLOSED:
        return False
    if name in _OBJECTS and plain:
        return passes(calls, plain[0], function, path, depth + 1)
    if name in ("union", "xor") and plain and isinstance(plain[0], ir.Sequence):
        return any(passes(calls, each, function, path, depth + 1) for each in plain[0].items)
    if name in ("discriminatedUnion", "variant") and len(plain) > 1 and isinstance(plain[1], ir.Sequence):
        return any(passes(calls, each, function, path, depth + 1) for each in plain[1].items)
    if name in ("intersection",):
        return any(passes(calls, each, function, path, depth + 1) for each in plain)
    if name in _INNER and plain:
        if path[:1] == (KEYS,):
            return name not in ("record", "map") or len(plain) < 2 or passes(calls, plain[0], function, (), depth + 1)
        inner = path[1:] if name in ("array", "set", "record", "map") else path
        return passes(calls, plain[-1], function, inner, depth + 1)
    return True


def _in_record(calls: Calls, node: ir.Record, function: FunctionInfo, path: Path, depth: int) -> bool:
    spread = [each.value for each in node.entries if each.key is None]
    if not path or path[0] in (ANY, KEYS):
        return True
    for entry in reversed(node.entries):
        if isinstance(entry.key, ir.Literal) and str(entry.key.value) == str(path[0]):
            return passes(calls, entry.value, function, path[1:], depth + 1)
    if any(not isinstance(each.key, ir.Literal) for each in node.entries if each.key is not None):
        return True
    return any(passes(calls, _shape_of(each), function, path, depth + 1) for each in spread)


def _is_json_schema(entry: ir.Entry) -> bool:
    key = entry.key.value if isinstance(entry.key, ir.Literal) else ""
    if key == "type":
        return isinstance(entry.value, ir.Literal) and entry.value.value in _JSON_TYPES
    return key in ("enum", "anyOf", "oneOf") and isinstance(entry.value, ir.Sequence)


def _in_json_schema(calls: Calls, node: ir.Record, function: FunctionInfo, path: Path, depth: int) -> bool:
    """A JSON Schema as an object literal: only what `enum`, `const` and types without text say for sure is closed."""
    told = {str(each.key.value): each.value for each in node.entries if isinstance(each.key, ir.Literal)}
    if "enum" in told or "const" in told:
        return False
    for key in ("anyOf", "oneOf"):
        inner = told.get(key)
        if isinstance(inner, ir.Sequence):
            return any(passes(calls, each, function, path, depth + 1) for each in inner.items)
    kind = told.get("type")
    if isinstance(kind, ir.Literal) and kind.value in ("integer", "number", "boolean", "null"):
        return False
    if path and "items" in told:
        return passes(calls, told["items"], function, path[1:], depth + 1)
    fields = told.get("properties")
    if path and isinstance(fields, ir.Record):
        for entry in fields.entries:
            if isinstance(entry.key, ir.Literal) and str(entry.key.value) == str(path[0]):
                return passes(calls, entry.value, function, path[1:], depth + 1)
    return True


def _shape_of(node: ir.Expression) -> ir.Expression:
    """`...Base.shape`."""
    return node.base if isinstance(node, ir.Attribute) and node.name in ("shape", "entries") else node


def around(function: FunctionInfo, calls: Calls, beside: bool = False) -> list[tuple[ir.Expression, FunctionInfo]]:
    """Schemas that the call enforces that is given the function: `.input(S)` before it.

    `beside`: instead those of validators beside it, whose result the function has to ask for (`c.req.valid("json")`).
    """
    closure, module = function.closure, function.module
    if closure is None or module.language != "javascript" or function.parent is None:
        return []
    out: list[ir.Expression] = []
    holder = module.argument_of.get(closure)
    call = holder[0] if holder is not None else module.entry_of.get(closure)
    if call is None:
        return []
    for argument in call.args:
        value = argument.value
        if isinstance(value, ir.Call) and last_name(value.callee).lower().endswith("validator") and value.args:
            out.extend([value.args[-1].value] if beside else [])
        elif isinstance(value, ir.Call) and not beside and is_schema(calls, value, function.parent):
            out.append(value)
        elif isinstance(value, ir.Record) and not beside:
            told = {str(each.key.value): each.value for each in value.entries if isinstance(each.key, ir.Literal)}
            out.extend(
                told[key] for key in ("inputSchema", "parameters", "paramsSchema", "input", "schema") if key in told
            )
    here: ir.Expression = call.callee
    while isinstance(here, ir.Attribute | ir.Call) and not beside:
        if isinstance(here, ir.Call):
            if last_name(here.callee) in ("input", "inputSchema", "schema", "validator") and here.args:
                out.append(here.args[0].value)
            here = here.callee
        else:
            here = here.base
    parent = function.parent
    return [(each, parent) for each in out if isinstance(each, ir.Record) or is_schema(calls, each, parent)]


def refuses(function: FunctionInfo, calls: Calls, path: Path) -> bool:
    """What is asked of a handler's parameter cannot get through the schema around the handler."""
    wanted = path[1:] if path and path[0] in _STRIPPED else path
    if any(not passes(calls, schema, place, wanted) for schema, place in around(function, calls)):
        return True
    return any(not passes(calls, schema, place, path[1:]) for schema, place in _of_route(function, calls, path))


def refuses_read(calls: Calls, node: ir.Expression, function: FunctionInfo, path: Path) -> bool:
    """What is asked of `request.body` cannot get through the schema of the route in whose handler it is read."""
    if not isinstance(node, ir.Attribute) or not isinstance(node.base, ir.Name) or node.name not in _PARTS.values():
        return False
    here: FunctionInfo | None = function
    while here is not None and not any(param.name == node.base.id for param in here.params):
        here = here.parent
    asked = (node.name, *path)
    found = _of_route(here, calls, asked) if here is not None else []
    return any(not passes(calls, schema, place, path) for schema, place in found)


def _of_route(function: FunctionInfo, calls: Calls, path: Path) -> list[tuple[ir.Expression, FunctionInfo]]:
    """Schemas that a route names for the part of the request that is asked: `{ schema: { body: S } }`."""
    closure, parent = function.closure, function.parent
    if closure is None or parent is None or not path or function.module.language != "javascript":
        return []
    holder = function.module.argument_of.get(closure)
    call = holder[0] if holder is not None else function.module.entry_of.get(closure)
    out: list[tuple[ir.Expression, FunctionInfo]] = []
    todo: list[ir.Expression] = [argument.value for argument in call.args] if call is not None else []
    while todo:
        record = todo.pop()
        for entry in record.entries if isinstance(record, ir.Record) else ():
            key = str(entry.key.value) if isinstance(entry.key, ir.Literal) else ""
            if key in ("schema", "options", "config", "validate", "validation"):
                todo.append(entry.value)
            elif _PARTS.get(key) == path[0]:
                out.append((entry.value, parent))
    return out


def refuses_valid(function: FunctionInfo, calls: Calls, path: Path) -> bool:
    """What is asked of `c.req.valid(..)` cannot get through the validator beside the handler."""
    here: FunctionInfo | None = function
    while here is not None:
        found = around(here, calls, beside=True)
        if found:
            return any(not passes(calls, schema, place, path) for schema, place in found)
        here = here.parent
    return False


def typed(calls: Calls, function: FunctionInfo, param: ir.Param, path: Path) -> bool:
    """By the type of a Python parameter that a framework checks, the part is a number or one of written constants."""
    if function.module.language == "javascript":
        return _marked(calls, param, function, path)
    if function.module.language != "python" or param.spread:
        return False
    return _closed(calls, param.type, function, path, 0)


_CLOSED_MARKS = frozenset(
    ["IsIn", "IsEnum", "IsInt", "IsNumber", "IsBoolean", "IsUUID", "IsDate", "Equals", "IsMongoId"]
)


def _marked(calls: Calls, param: ir.Param, function: FunctionInfo, path: Path) -> bool:
    """NestJS checks the class of a body by the marks of its fields: `@IsIn(["a", "b"]) command: string`."""
    for kind in calls.resolver.kinds_of_type(param.type, function) if path and isinstance(path[0], str) else ():
        field = _field(calls, kind.cls, str(path[0])) if kind.cls is not None else None
        marks = (
            {last_name(each.callee if isinstance(each, ir.Call) else each) for each in field.decorators}
            if field
            else ()
        )
        if any(mark in _CLOSED_MARKS for mark in marks):
            return True
    return False


def _closed(calls: Calls, written: ir.Type | None, function: FunctionInfo, path: Path, depth: int) -> bool:
    if written is None or depth > MAX_DEPTH:
        return False
    name = written.name.rpartition(".")[2]
    if name in _SAME_TYPES:
        args = written.args[:1] if name == "Annotated" else written.args
        real = [each for each in args if each.name not in ("None", "")]
        inner = path[1:] if name not in ("Annotated", "Optional", "|") else path
        return bool(real) and all(_closed(calls, each, function, inner, depth + 1) for each in real)
    if name in ("dict", "Dict", "Mapping"):
        return (
            len(written.args) == 2
            and bool(path)
            and path[0] != KEYS
            and _closed(calls, written.args[1], function, path[1:], depth + 1)
        )
    if name == "Literal" or name in _NUMBERS:
        return True
    for kind in calls.resolver.kinds_of_type(written, function):
        if kind.cls is None:
            continue
        bases = calls.resolver.class_names(kind.cls)
        if any(each.startswith(_ENUMS) for each in bases):
            return True
        if path and isinstance(path[0], str) and any(each.startswith(_ENFORCING) for each in bases):
            declared = _field(calls, kind.cls, path[0])
            return declared is not None and _closed(calls, declared.type, kind.cls.module.top, path[1:], depth + 1)
    return False


def _field(calls: Calls, cls: ClassInfo, name: str) -> ir.Assign | None:
    for each in (cls, *calls.resolver.bases(cls)):
        if name in each.fields:
            return each.fields[name]
    return None
