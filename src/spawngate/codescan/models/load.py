"""Reading of models from YAML: strict, with the file and the line of whatever is wrong.

Belongs here: every key that a file of models may have. A file has one document of models and, behind a line `---`, one
of examples, which only tests read.
Must not be here: what models mean (`model`), and opening files: shipped ones come with the package,
users' are given as texts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from spawngate.codescan.finding import GuardStrength, SourceKind
from spawngate.codescan.models.document import ModelError, read_document
from spawngate.codescan.models.model import (
    Access,
    EntityModel,
    Flow,
    Form,
    GuardModel,
    Language,
    LibraryModel,
    Models,
    ParamPick,
    PluginModel,
    PropagatorModel,
    RegistrationModel,
    Root,
    SanitizerModel,
    Selector,
    SinkKind,
    SinkModel,
    Slot,
    SlotModel,
    SourceModel,
    StoreKind,
    StoreModel,
    TypeModel,
)
from spawngate.codescan.models.parts import (
    read_handler,
    read_pick,
    read_references,
    read_selector,
    read_selectors,
    read_targets,
)
from spawngate.codescan.models.patterns import check_pattern
from spawngate.codescan.models.selector import parse_flow, parse_selector
from spawngate.codescan.models.table import Table

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FORMS = {
    Slot.COMMAND: Form.WORD,
    Slot.ARGS: Form.LIST,
    Slot.ENV: Form.MAP,
    Slot.CWD: Form.WORD,
    Slot.DEFINITION: Form.DEFINITION,
}
_RESULT = Selector(Root.RESULT)


@cache
def shipped(languages: frozenset[Language] = frozenset(Language)) -> Models:
    """The models that come with the product, for some languages."""
    libraries: list[LibraryModel] = []
    for language in sorted(languages):
        folder = files("spawngate.codescan.models").joinpath("data", language)
        for entry in sorted(folder.iterdir(), key=lambda each: each.name):
            if entry.name.endswith(".yaml"):
                path = f"{language}/{entry.name}"
                libraries.append(parse_library(path, entry.read_text(encoding="utf-8")))
    return Models(tuple(libraries))


def parse_library(path: str, text: str) -> LibraryModel:
    """The models of one file; its examples are not looked at. Raises ModelError."""
    document = read_document(path, text)
    return _library(Table(document.root, document))


def _library(top: Table) -> LibraryModel:
    name, language = top.text("library"), top.word("language", Language)
    if not re.fullmatch(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", name):
        top.fail("library", "is a name of small letters, digits and single hyphens, dots or underscores")
    defaults = (top.text("why", ""), top.text("fix", ""), read_references(top))
    prefix = f"{language}.{name}"
    library = LibraryModel(
        name=name,
        title=top.text("title"),
        language=language,
        packages=top.texts("packages"),
        imports=top.texts("imports"),
        mcp=top.flag("mcp"),
        sources_read=top.texts("read"),
        sinks=top.many("sinks", lambda value: _sink(top.table(value), prefix, defaults)),
        sources=top.many("sources", lambda value: _source(top.table(value), prefix)),
        propagators=top.many("propagators", lambda value: _propagator(top.table(value), prefix)),
        types=top.many("types", lambda value: _type(top.table(value))),
        sanitizers=top.many("sanitizers", lambda value: _sanitizer(top.table(value), prefix)),
        guards=top.many("guards", lambda value: _guard(top.table(value), prefix)),
        stores=top.many("stores", lambda value: _store(top.table(value), prefix)),
        plugins=top.many("plugins", lambda value: _plugin(top.table(value), prefix)),
        registrations=top.many("registrations", lambda value: _registration(top.table(value), prefix, defaults)),
        aliases=_aliases(top),
    )
    top.done()
    seen: set[str] = set()
    groups: Iterable[Sequence[Any]] = (
        library.sinks,
        library.sources,
        library.propagators,
        library.sanitizers,
        library.guards,
        library.stores,
        library.plugins,
        library.registrations,
    )
    for group in groups:
        for model in group:
            if model.id in seen:
                top.fail("", f"two models are called {model.id!r}")
            seen.add(model.id)
    return library


def _aliases(top: Table) -> Mapping[str, str]:
    found = top.take("aliases")
    if found is None:
        return {}
    table = top.table(found)
    return {key: table.text(key) for key in list(table.left)}


def _id(table: Table, prefix: str) -> str:
    name = table.text("id")
    if not _ID.fullmatch(name):
        table.fail("id", "must be small letters and digits joined by hyphens")
    return f"{prefix}.{name}"


def _sink(table: Table, prefix: str, defaults: tuple[str, str, tuple[str, ...]]) -> SinkModel:
    references = read_references(table)
    sink = SinkModel(
        id=_id(table, prefix),
        kind=table.word("kind", SinkKind, SinkKind.LAUNCH),
        targets=read_targets(table, "call"),
        slots=_slots(table),
        why=table.text("why", defaults[0] or None),
        fix=table.text("fix", defaults[1] or None),
        references=references or defaults[2],
        shell=table.flag("shell"),
        unless_type=table.texts("unless_type"),
    )
    if not sink.targets:
        table.fail("", "the key 'call' is missing")
    table.done()
    return sink


def _slots(table: Table) -> tuple[SlotModel, ...]:
    found = table.take("slots")
    if found is None:
        table.fail("", "the key 'slots' is missing")
    inner = table.table(found)
    out: list[SlotModel] = []
    for key in list(inner.left):
        if key not in set(Slot):
            inner.fail(key, f"is no slot; {', '.join(Slot)} are")
        slot = Slot(key)
        value = inner.left.pop(key)
        for entry in value.data if isinstance(value.data, list) else [value]:
            if isinstance(entry.data, str):
                at, form = entry, _FORMS[slot]
            else:
                one = inner.table(entry)
                place = one.take("at")
                if place is None:
                    one.fail("", "the key 'at' is missing")
                at, form = place, one.word("form", Form)
                one.done()
            try:
                out.append(SlotModel(slot, parse_selector(str(at.data)), form))
            except ValueError as error:
                inner.document.fail(at, str(error))
    if not out:
        table.fail("", "a sink has at least one slot")
    return tuple(out)


def _source(table: Table, prefix: str) -> SourceModel:
    handler = table.take("handler")
    source = SourceModel(
        id=_id(table, prefix),
        kind=table.word("kind", SourceKind),
        calls=read_targets(table, "calls"),
        reads=read_targets(table, "reads"),
        taints=read_selectors(table, "taints") or (_RESULT,),
        handler=None if handler is None else read_handler(table.table(handler)),
        params=table.many("params", lambda value: read_pick(table.table(value))),
        what=table.text("what"),
    )
    if not (source.calls or source.reads or source.handler):
        table.fail("", "give calls, reads or a handler")
    if source.params and not source.handler:
        table.fail("params", "go with a handler")
    table.done()
    return source


def _propagator(table: Table, prefix: str) -> PropagatorModel:
    flows: tuple[Flow, ...] = table.parsed("flows", parse_flow)
    propagator = PropagatorModel(_id(table, prefix), read_targets(table, "call"), flows)
    if not propagator.targets:
        table.fail("", "the key 'call' is missing")
    table.done()
    return propagator


def _type(table: Table) -> TypeModel:
    model = TypeModel(
        targets=read_targets(table, "call"),
        result=table.text("result"),
        callback=read_selector(table, "callback"),
        index=table.number("index") or 0,
    )
    if not model.targets:
        table.fail("", "the key 'call' is missing")
    table.done()
    return model


def _sanitizer(table: Table, prefix: str) -> SanitizerModel:
    slots = table.texts("slots")
    for slot in slots:
        if slot not in set(Slot):
            table.fail("slots", f"{slot!r} is no slot")
    model = SanitizerModel(_id(table, prefix), read_targets(table, "call"), tuple(map(Slot, slots)))
    if not model.targets:
        table.fail("", "the key 'call' is missing")
    table.done()
    return model


def _guard(table: Table, prefix: str) -> GuardModel:
    guard = GuardModel(
        id=_id(table, prefix),
        strength=table.word("strength", GuardStrength),
        calls=read_targets(table, "calls"),
        decorators=read_targets(table, "decorators"),
        marks=read_targets(table, "marks"),
        names=table.texts("names"),
        what=table.text("what"),
    )
    for pattern in guard.names:
        try:
            check_pattern(pattern)
        except ValueError as error:
            table.fail("names", str(error))
    if not (guard.calls or guard.decorators or guard.marks or guard.names):
        table.fail("", "give calls, decorators, marks or names")
    table.done()
    return guard


def _store(table: Table, prefix: str) -> StoreModel:
    store = StoreModel(
        id=_id(table, prefix),
        kind=table.word("kind", StoreKind),
        entities=table.many("entities", lambda value: _entity(table.table(value))),
        reads=table.many("reads", lambda value: _access(table.table(value))),
        writes=table.many("writes", lambda value: _access(table.table(value))),
    )
    table.done()
    return store


def _entity(table: Table) -> EntityModel:
    entity = EntityModel(table.texts("bases"), read_targets(table, "decorators"), read_targets(table, "calls"))
    table.done()
    return entity


def _access(table: Table) -> Access:
    access = Access(
        targets=read_targets(table, "call"),
        entity=read_selector(table, "entity"),
        value=read_selector(table, "value", _RESULT) or _RESULT,
        keys=read_selectors(table, "keys"),
    )
    if not access.targets:
        table.fail("", "the key 'call' is missing")
    table.done()
    return access


def _plugin(table: Table, prefix: str) -> PluginModel:
    handler = table.take("handler")
    if handler is None:
        table.fail("", "the key 'handler' is missing")
    plugin = PluginModel(
        id=_id(table, prefix),
        handler=read_handler(table.table(handler)),
        params=table.many("params", lambda value: read_pick(table.table(value))) or (ParamPick(),),
        fields=read_targets(table, "fields"),
    )
    table.done()
    return plugin


def _registration(table: Table, prefix: str, defaults: tuple[str, str, tuple[str, ...]]) -> RegistrationModel:
    references = read_references(table)
    model = RegistrationModel(
        id=_id(table, prefix),
        files=table.texts("files"),
        shared_files=table.texts("shared_files"),
        keys=table.texts("keys"),
        containers=table.texts("containers"),
        columns=table.texts("columns"),
        why=table.text("why", defaults[0] or None),
        fix=table.text("fix", defaults[1] or None),
        references=references or defaults[2],
    )
    table.done()
    return model


__all__ = ["ModelError", "parse_library", "shipped"]
