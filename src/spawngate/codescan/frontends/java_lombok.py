"""Members that Java classes have without writing them: Lombok's, and the accessors of records.

Belongs here: which members an annotation adds (projectlombok.org/features, JLS 8.10.3). Not here: nodes. Members stand
at the place of their field. A builder is lowered to the class itself: `builder()` makes an instance, a method per field
sets it and gives the instance back, `build()` gives the instance.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from spawngate.codescan import ir

_GETTERS = frozenset(["Getter", "Data", "Value"])
_SETTERS = frozenset(["Setter", "Data"])
_BUILDERS = frozenset(["Builder", "SuperBuilder"])
_ALL_ARGS = frozenset(["AllArgsConstructor", "Value"])
_REQUIRED_ARGS = frozenset(["RequiredArgsConstructor", "Data"])
_SINGLE = re.compile(r"(?<=[sxz])es$|(?<=[cs]h)es$|s$|List$")
"""What Lombok takes from the name of many to get the name of one."""


def mark_names(decorators: tuple[ir.Expression, ...]) -> frozenset[str]:
    """Last names of annotations."""
    names = set()
    for mark in decorators:
        called = mark.callee if isinstance(mark, ir.Call) else mark
        if isinstance(called, ir.Attribute):
            names.add(called.name)
        elif isinstance(called, ir.Name):
            names.add(called.id)
    return frozenset(names)


def added_members(
    title: str,
    kind: str,
    decorators: tuple[ir.Expression, ...],
    fields: list[ir.Assign],
    required: Collection[str],
    declared: Collection[str],
) -> tuple[ir.Statement, ...]:
    """Members of a class beside those that are written.

    Args:
        title: name of the class.
        kind: kind of the class.
        decorators: its annotations.
        fields: its fields that are not static; the components of a record.
        required: names of fields that a required-arguments constructor takes: final or `@NonNull`, without a value.
        declared: names of the methods that are written.
    """
    marks = mark_names(decorators)
    out: list[ir.Statement] = []
    names: set[str] = set(declared)
    builds = bool(marks & _BUILDERS)
    for field in fields:
        if isinstance(field.target, ir.Name):
            for function in _accessors(field, field.target.id, kind, marks | mark_names(field.decorators), builds):
                if function.name not in names:
                    names.add(function.name)
                    out.append(function)
    if "__init__" not in declared and kind != "record":
        taken = fields if marks & _ALL_ARGS else []
        if not taken and marks & _REQUIRED_ARGS:
            taken = [field for field in fields if isinstance(field.target, ir.Name) and field.target.id in required]
        params = tuple([_field_param(field) for field in taken])
        if params:
            place = params[0].line, params[0].column
            out.append(ir.Function(*place, "__init__", params, (), decorators=_added(place)))
    if builds and fields:
        out.extend(_builder(title, (fields[0].line, fields[0].column)))
    return tuple(out)


def _added(place: tuple[int, int]) -> tuple[ir.Expression, ...]:
    return (ir.Name(*place, ir.ADDED),)


def _field_param(field: ir.Assign) -> ir.Param:
    name = field.target.id if isinstance(field.target, ir.Name) else ""
    return ir.Param(field.line, field.column, name, field.type, field=True)


def _accessors(field: ir.Assign, name: str, kind: str, marks: frozenset[str], builds: bool) -> Iterator[ir.Function]:
    place = field.line, field.column
    own = ir.Attribute(*place, ir.Name(*place, "self"), name)
    given = ir.Name(*place, name)
    fluent: ir.Expression = ir.Name(*place, "self")
    if builds and "Singular" in marks:
        yield from _singular(field, name)
    elif builds:
        value = ir.Join(*place, (fluent, own)) if kind == "record" else fluent
        body = (ir.Assign(*place, own, given), ir.Return(*place, value))
        params = (ir.Param(*place, name, field.type),)
        yield ir.Function(*place, name, params, body, decorators=_added(place), exported=True)
    elif kind == "record":
        yield ir.Function(*place, name, (), (ir.Return(*place, own),), field.type, exported=True)
    bean = name[:1].upper() + name[1:]
    truth = field.type is not None and field.type.name == "boolean"
    if marks & _GETTERS:
        getter = f"is{bean.removeprefix('Is')}" if truth else f"get{bean}"
        yield ir.Function(*place, getter, (), (ir.Return(*place, own),), field.type, exported=True)
    if marks & _SETTERS:
        setter = f"set{bean.removeprefix('Is') if truth else bean}"
        body = (ir.Assign(*place, own, given), ir.Return(*place, fluent))
        params = (ir.Param(*place, name, field.type),)
        yield ir.Function(*place, setter, params, body, decorators=_added(place), exported=True)


def _singular(field: ir.Assign, name: str) -> Iterator[ir.Function]:
    """`@Singular`: one element, or all of a collection, are added to what the builder has."""
    place = field.line, field.column
    one = _SINGLE.sub("", name) if not name.endswith("ies") else f"{name[:-3]}y"
    for mark in field.decorators:
        given = mark.args[0].value if isinstance(mark, ir.Call) and mark_names((mark,)) == {"Singular"} else None
        if isinstance(given, ir.Literal):
            one = str(given.value)
    own = ir.Attribute(*place, ir.Name(*place, "self"), name)
    mapping = field.type is not None and field.type.name.rpartition(".")[2].endswith("Map")
    names = ("key", "value") if mapping else ("value",)
    for called, given_as, adds in ((one, names, "put" if mapping else "add"), (name, ("all",), "addAll")):
        adds = "putAll" if mapping and adds == "addAll" else adds
        args = tuple(ir.Argument(*place, ir.Name(*place, each)) for each in given_as)
        call = ir.Call(*place, ir.Attribute(*place, own, adds), args)
        body = (ir.Evaluate(*place, call), ir.Return(*place, ir.Name(*place, "self")))
        params = tuple(ir.Param(*place, each) for each in given_as)
        yield ir.Function(*place, called, params, body, decorators=_added(place), exported=True)


def _builder(title: str, place: tuple[int, int]) -> Iterator[ir.Function]:
    made = ir.Call(*place, ir.Name(*place, title), (), new=True)
    written = ir.Type(*place, title)
    itself = (ir.Return(*place, ir.Name(*place, "self")),)
    yield ir.Function(*place, "builder", (), (ir.Return(*place, made),), written, static=True, exported=True)
    yield ir.Function(*place, "toBuilder", (), itself, written, exported=True)
    yield ir.Function(*place, "build", (), itself, written, exported=True)
