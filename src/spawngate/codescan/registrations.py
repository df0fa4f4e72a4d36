"""Places where servers are registered, to be started later: the second class of sinks, and what is asked of each.

Belongs here: writes to files in which agents and products keep server definitions, rows of a class that holds a
command, and entries of mappings like `mcpServers`. What they look like is said by the models (`RegistrationModel`).
Must not be here: what the written values are made of (`slicer`), and which stores exist (`stores`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.finding import CodeFinding, LaunchSite, SourceKind
from spawngate.codescan.flow import ANY, Handed, Path
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.model import (
    Form,
    RegistrationModel,
    Root,
    Selector,
    SinkKind,
    SinkModel,
    Slot,
    SlotModel,
    StoreKind,
)
from spawngate.codescan.project import is_test
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.sinks import Question, Sink
from spawngate.codescan.store_writes import Write
from spawngate.codescan.stores import Stores
from spawngate.codescan.walk import last_name

_ABOUT = re.compile(r"mcp|stdio|tool_?server|server_?(config|definition|entry)", re.IGNORECASE)
"""Names of classes and tables whose rows are servers."""
_ADDERS = frozenset(["set", "append", "push", "add", "put", "insert", "update", "setdefault"])
_COMMAND = "command"
_MAPPING = ".server-container"
"""End of the ids of models for entries of mappings."""
_OWN_KEYS = frozenset(["mcpServers", "mcp_servers", "context_servers"])
"""Names that only ever hold definitions: a project that writes one down keeps its servers under it."""
MAX_SITES = 60
"""Registrations of one language that are followed."""


def registrations(stores: Stores, resolver: Resolver, knowledge: Knowledge) -> tuple[Sink, ...]:
    """Every place of one language that registers servers, in order of path and line; at most MAX_SITES."""
    found: dict[ir.Node, Sink] = {}
    for model in knowledge.registrations:
        for sink in (
            *_files(stores, resolver, knowledge, model),
            *_rows(stores, resolver, knowledge, model),
            *_entries(resolver, knowledge, model),
        ):
            found.setdefault(sink.call, sink)
    order = sorted(found.values(), key=lambda sink: (sink.site.in_test, sink.site.path, sink.site.line))
    return tuple(order[:MAX_SITES])


def apart(launches: Sequence[CodeFinding], registered: Iterable[CodeFinding]) -> Iterator[CodeFinding]:
    """Findings of registrations that are a story of their own.

    Left out are those whose source reaches a launch of the project; entries of a mapping that is written to a file or a
    row afterwards, since there the farther place is told; and rows and files that are made of stored ones.
    """
    known = {_source(finding) for finding in launches}
    own = [
        finding
        for finding in registered
        if _source(finding) not in known and finding.source not in (SourceKind.DB, SourceKind.FILE)
    ]
    farther = {_source(finding) for finding in own if not finding.site.model.endswith(_MAPPING)}
    for finding in own:
        if _round(finding):
            continue
        if _source(finding) not in farther or not finding.site.model.endswith(_MAPPING):
            yield finding


def _round(finding: CodeFinding) -> bool:
    """The file is written back with what it held: who put it there is told where that is done."""
    _, named, name = finding.site.call.partition("the file ")
    return bool(named) and any(hop.what == f"written to {name}" for hop in finding.trace)


def _source(finding: CodeFinding) -> tuple[str, int]:
    return finding.trace[0].path, finding.trace[0].line


def _sink(
    model: RegistrationModel,
    call: ir.Call,
    function: FunctionInfo,
    what: str,
    questions: tuple[Question, ...],
    resolver: Resolver,
) -> Sink:
    slot = SlotModel(Slot.DEFINITION, Selector(Root.ARG, 0), Form.DEFINITION)
    sink = SinkModel(model.id, SinkKind.LAUNCH, (), (slot,), model.why, model.fix, model.references)
    path = function.module.path
    site = LaunchSite(
        path=path,
        line=call.line,
        column=call.column,
        text=resolver.project.text(path, call.line),
        call=what,
        model=model.id,
        function="" if function is function.module.top else function.qualname,
        language=function.module.language,
        kind="registration",
        in_test=is_test(path),
    )
    return Sink(call, function, sink, site, questions)


def _definition(expression: ir.Expression, path: Path, cls: ClassInfo | None = None) -> tuple[Question, ...]:
    """What of a definition decides what starts; of an object of a class, what the class has."""
    questions = (
        Question("command", Slot.COMMAND, expression, (*path, "command")),
        Question("args", Slot.ARGS, expression, (*path, "args", ANY)),
        Question("env", Slot.ENV, expression, (*path, "env", ANY)),
    )
    return tuple(each for each in questions if cls is None or each.name in cls.fields)


# files


def _files(stores: Stores, resolver: Resolver, knowledge: Knowledge, model: RegistrationModel) -> Iterator[Sink]:
    if not model.files:
        return
    for write in stores.writes.all(knowledge, StoreKind.FILE):
        own = _is_file(write.name, model.files)
        shared = not own and _is_file(write.name, model.shared_files)
        keys = [key for key in model.keys if shared and _says(write.function.module, resolver, key)]
        if shared and _puts_together(stores, write):
            keys = [key for key in keys if key.encode() in _text_of(write.function, resolver)]
        if not own and not keys:
            continue
        if own:
            keys = [key for key in model.keys if key in _OWN_KEYS and resolver.project.files_with(key)]
        questions: list[Question] = []
        for expression, path in write.values:
            for key in keys or [ANY]:
                questions.extend(_definition(expression, (*path, key, ANY)))
        yield _sink(model, write.call, write.function, f"the file {write.name}", tuple(questions), resolver)


def _puts_together(stores: Stores, write: Write) -> bool:
    """A text of Java or Rust that the function makes itself, from which no key can be told."""
    if write.function.module.language not in ("java", "rust"):
        return False
    for expression, _ in write.values:
        while isinstance(expression, ir.Cast):
            expression = expression.value
        uses = stores.names.project.flow(write.function).uses
        version = uses.get(expression) if isinstance(expression, ir.Name) else None
        added = isinstance(version, Handed) and last_name(version.call.callee) in ("push_str", "append", "concat")
        value = stores.names.value(expression, write.function) if isinstance(expression, ir.Name) else None
        made = value[0] if value is not None else expression
        if not added and not isinstance(made, ir.Format | ir.Literal):
            return False
    return True


def _text_of(function: FunctionInfo, resolver: Resolver) -> bytes:
    """The source of a function: up to the next one of its file that stands in no other."""
    module = function.module
    begins = sorted(
        {each.node.line for same in module.functions.values() for each in same if each.parent is module.top}
    )
    first = function.node.line
    while function.parent is not None and function.parent is not module.top:
        function = function.parent
        first = function.node.line
    end = next((line for line in begins if line > first), None)
    lines = resolver.project.sources.get(module.path, b"").splitlines()
    return b"\n".join(lines[first - 1 : end - 1 if end is not None else None])


def _is_file(name: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, each.lower().rpartition("/")[2]) for each in globs)


def _says(module: ModuleInfo, resolver: Resolver, key: str) -> bool:
    """Whether the source that writes a shared file names the key; one that is any word, only as a text."""
    source = resolver.project.sources.get(module.path, b"")
    if "mcp" in key.lower() and "server" in key.lower():
        return key.encode() in source
    return key in ("mcp", "context_servers") and re.search(rb"""["']%s["']""" % key.encode(), source) is not None


# rows


def _rows(stores: Stores, resolver: Resolver, knowledge: Knowledge, model: RegistrationModel) -> Iterator[Sink]:
    if not model.columns:
        return
    classes = {cls.name.lower(): cls for cls in _entities(stores, resolver, knowledge, model)}
    for write in stores.writes.all(knowledge, StoreKind.DB):
        cls = classes.get(write.name) or _written(write, classes, resolver)
        if cls is None and _lacks(write, model.columns, resolver):
            continue
        if cls is not None or _ABOUT.search(write.name):
            name = cls.name if cls is not None else write.name
            questions = tuple(_columns(write, model, cls))
            if questions:
                yield _sink(model, write.call, write.function, f"rows of {name}", questions, resolver)


def _written(write: Write, classes: Mapping[str, ClassInfo], resolver: Resolver) -> ClassInfo | None:
    """The entity that a written variable is of, where the store has another name."""
    for expression, path in write.values:
        for kind in () if path else resolver.kinds(expression, write.function):
            if kind.cls is not None and classes.get(kind.cls.name.lower()) is kind.cls:
                return kind.cls
    return None


def _lacks(write: Write, columns: Iterable[str], resolver: Resolver) -> bool:
    """What is written are objects of a class of Java or Rust that has no column in which a launch could stand."""
    if write.function.module.language not in ("java", "rust"):
        return False
    whole = [expression for expression, path in write.values if not path]
    rows = [kind for expression in whole for kind in resolver.kinds(expression, write.function)]
    rows += [inner for kind in rows for inner in kind.args]
    kept = [kind.cls for kind in rows if kind.cls is not None and kind.cls.fields]
    return bool(kept) and not any(
        column in each.fields for cls in kept for each in (cls, *resolver.bases(cls)) for column in columns
    )


def _entities(
    stores: Stores, resolver: Resolver, knowledge: Knowledge, model: RegistrationModel
) -> Iterator[ClassInfo]:
    paths = {path for column in model.columns for path in resolver.project.files_with(column)}
    for path in sorted(paths):
        module = resolver.project.module(path)
        if module is None or module.language != knowledge.language:
            continue
        for name, classes in module.classes.items():
            for cls in classes:
                held = any(column in cls.fields for column in model.columns)
                if held and _ABOUT.search(name) and stores.entities.model(cls, knowledge) is not None:
                    yield cls


def _columns(write: Write, model: RegistrationModel, cls: ClassInfo | None) -> Iterator[Question]:
    columns = [column for column in model.columns if cls is None or column in cls.fields]
    for expression, path in write.values:
        if cls is None and isinstance(expression, ir.Record) and not path:
            yield from _written_out(expression)
            continue
        if _COMMAND in columns:
            yield from _definition(expression, path, cls)
        for column in columns:
            if column != _COMMAND and cls is not None:
                yield from _definition(expression, (*path, column))


_launch_words = """
config configuration definition spec connection transport settings options launch server server_config serverConfig
mcp_config mcpConfig stdio_config stdioConfig launch_config connection_config params parameters
"""
_LAUNCH = frozenset(_launch_words.split())
"""Columns that hold a whole definition as one document."""


def _written_out(row: ir.Record) -> Iterator[Question]:
    """What of a row that is written out may decide a launch; nothing of a row that says nothing of one."""
    keys = {str(each.key.value): each.value for each in row.entries if isinstance(each.key, ir.Literal)}
    if _COMMAND in keys or any(entry.key is None for entry in row.entries):
        yield from _definition(row, ())
    for key in keys:
        if key in _LAUNCH:
            yield from _definition(row, (key,))


# entries of mappings


def _entries(resolver: Resolver, knowledge: Knowledge, model: RegistrationModel) -> Iterator[Sink]:
    paths = {path for name in model.containers for path in resolver.project.files_with(name)}
    for path in sorted(paths):
        module = resolver.project.module(path)
        if module is None or module.language != knowledge.language:
            continue
        for name in model.containers:
            for statement, target, function in module.writes.get(name, ()):
                if statement.value is not None and _holds(target, name) and not _says_no_definition(statement.value):
                    call = _as_call(statement)
                    yield _sink(model, call, function, name, _definition(statement.value, ()), resolver)
            for call, function in module.on.get(name, ()):
                if last_name(call.callee) in _ADDERS and call.args:
                    value = call.args[-1].value
                    below: Path = (ANY,) if last_name(call.callee) == "update" else ()
                    yield _sink(model, call, function, name, _definition(value, below), resolver)


def _holds(target: ir.Expression, name: str) -> bool:
    """Whether an assignment fills an entry of the mapping: `x.mcpServers[id] = ...`."""
    return isinstance(target, ir.Index) and last_name(target.base) == name


def _as_call(statement: ir.Assign) -> ir.Call:
    assert statement.value is not None
    return ir.Call(
        statement.line, statement.column, statement.target, (ir.Argument(statement.line, 0, statement.value),)
    )


_FACT = re.compile(r"(^|_)(id|uuid|name|label|status|state|enabled|count|url|time|at|error)$", re.IGNORECASE)


def _says_no_definition(value: ir.Expression) -> bool:
    """A fact about a server, by its name: `mcp_servers[name] = server["server_id"]`."""
    return isinstance(value, ir.Name | ir.Attribute | ir.Index) and _FACT.search(last_name(value)) is not None
