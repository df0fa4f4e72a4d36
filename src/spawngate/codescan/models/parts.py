"""The parts that several kinds of models share: targets, conditions, selectors, handlers, references.

Belongs here: their keys and their checks. Must not be here: the models themselves (`load`).
"""

import re
from collections.abc import Iterable

from spawngate.codescan.models.document import Value
from spawngate.codescan.models.model import Condition, Handler, ParamPick, Path, Selector, Target
from spawngate.codescan.models.patterns import check_pattern
from spawngate.codescan.models.selector import parse_path, parse_selector
from spawngate.codescan.models.table import Table

_REFERENCE = re.compile(r"CVE-\d{4}-\d{4,7}|GHSA(?:-[0-9a-z]{4}){3}|CWE-\d{1,5}")
_SHAPES = ("function", "text", "number", "list", "object", "call")


def read_references(table: Table) -> tuple[str, ...]:
    """CVE, GHSA and CWE ids. Raises ModelError."""
    found = table.texts("references")
    for reference in found:
        if not _REFERENCE.fullmatch(reference):
            table.fail("references", f"{reference!r} is no CVE, GHSA or CWE id")
    return found


def read_selectors(table: Table, key: str) -> tuple[Selector, ...]:
    """Selectors under a key. Raises ModelError."""
    return table.parsed(key, parse_selector)


def read_selector(table: Table, key: str, default: Selector | None = None) -> Selector | None:
    """At most one selector under a key. Raises ModelError."""
    found = read_selectors(table, key)
    if len(found) > 1:
        table.fail(key, "must be one selector")
    return found[0] if found else default


def read_targets(table: Table, key: str) -> tuple[Target, ...]:
    """A qualified name, a list of them, or mappings that say more."""
    found = table.take(key)
    if found is None:
        return ()
    entries = found.data if isinstance(found.data, list) else [found]
    names: list[str] = []
    targets: list[Target] = []
    for entry in entries:
        if isinstance(entry.data, str):
            names.append(entry.data)
        else:
            targets.append(_target(table.table(entry)))
    _check_names(table, key, names)
    return ((Target(names=tuple(names)),) if names else ()) + tuple(targets)


def _check_names(table: Table, key: str, names: Iterable[str]) -> None:
    for name in names:
        if "*" in re.split(r"[.#]|::", name)[-1]:
            table.fail(key, f"the last part of {name!r} may hold no *")


def _target(table: Table) -> Target:
    target = Target(
        names=table.texts("names"),
        members=table.texts("member"),
        on=table.texts("on"),
        hints=table.texts("hints"),
        receivers=table.texts("receivers"),
        where=_conditions(table),
    )
    if bool(target.names) == bool(target.members):
        table.fail("", "give either names or member")
    if target.names and (target.on or target.hints or target.receivers):
        table.fail("", "on, hints and receivers go with member")
    if target.members and not (target.on or target.hints or target.receivers or target.where):
        table.fail("member", "says nothing about its object; give on, hints, receivers or where")
    _check_names(table, "names", target.names)
    table.done()
    return target


def _conditions(table: Table) -> tuple[Condition, ...]:
    found = table.take("where")
    if found is None:
        return ()
    inner = table.table(found)
    return tuple(_condition(inner, key) for key in list(inner.left))


def _condition(table: Table, key: str) -> Condition:
    try:
        at = parse_selector(key)
    except ValueError as error:
        table.fail(key, str(error))
    value = table.left.pop(key)
    if not isinstance(value.data, dict):
        entries = value.data if isinstance(value.data, list) else [value]
        return Condition(at, literals=tuple(_literal(table, entry) for entry in entries))
    inner = table.table(value)
    literals = inner.take("literal")
    entries = [] if literals is None else literals.data if isinstance(literals.data, list) else [literals]
    condition = Condition(
        at,
        literals=tuple(_literal(inner, entry) for entry in entries),
        pattern=inner.text("pattern", ""),
        shape=inner.text("shape", ""),
        absent=inner.flag("absent"),
        negated=inner.flag("not"),
    )
    if sum(map(bool, (condition.literals, condition.pattern, condition.shape, condition.absent))) != 1:
        inner.fail("", "give one of literal, pattern, shape, absent")
    if condition.shape and condition.shape not in _SHAPES:
        inner.fail("shape", f"must be one of {', '.join(_SHAPES)}")
    try:
        check_pattern(condition.pattern)
    except ValueError as error:
        inner.fail("pattern", str(error))
    inner.done()
    return condition


def _literal(table: Table, value: Value) -> str:
    data = value.data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str | int):
        return str(data)
    return table.document.fail(value, "must be a constant")


def read_handler(table: Table) -> Handler:
    """How a function becomes a handler. Raises ModelError."""
    handler = Handler(
        decorators=read_targets(table, "decorators"),
        class_decorators=read_targets(table, "class_decorators"),
        bases=table.texts("bases"),
        methods=table.texts("methods"),
        registered=read_targets(table, "registered"),
        at=read_selectors(table, "at"),
        files=table.texts("files"),
        exports=table.texts("exports"),
        directive=table.text("directive", ""),
        functions=table.texts("functions"),
        takes=table.texts("takes"),
        returns=table.flag("returns"),
        under=table.texts("under"),
        beside=table.texts("beside"),
    )
    if bool(handler.registered) != bool(handler.at):
        table.fail("at", "goes with registered: where in the call the function stands")
    ways = (handler.decorators, handler.class_decorators, handler.bases, handler.registered, handler.files)
    if not any(ways) and not (
        handler.directive or handler.functions or handler.takes or handler.under or handler.beside
    ):
        table.fail(
            "",
            "give decorators, class_decorators, bases, registered, files, directive, functions, takes, under or beside",
        )
    table.done()
    return handler


def read_pick(table: Table) -> ParamPick:
    """Which parameters. Raises ModelError."""
    pick = ParamPick(
        index=table.number("index"),
        rest=table.flag("rest"),
        names=table.texts("names"),
        types=table.texts("types"),
        marks=table.texts("marks"),
        unmarked=table.flag("unmarked"),
        untyped=table.flag("untyped"),
        not_types=table.texts("not_types"),
        not_marks=table.texts("not_marks"),
        not_names=table.texts("not_names"),
        paths=_paths(table),
    )
    table.done()
    return pick


def _paths(table: Table) -> tuple[Path, ...]:
    return table.parsed("paths", lambda text: parse_path("" if text == "whole" else text)) or ((),)
