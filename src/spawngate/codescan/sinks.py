"""Launch sites of a project, and what is to be asked about each: command, arguments, environment, folder.

Belongs here: finding the calls that sink models match, "MCP nearby" for raw process calls, and the forms of slots.
Not here: what the slots are made of (`slicer`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from spawngate.codescan import ir, references
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo, owner_of
from spawngate.codescan.finding import LaunchSite
from spawngate.codescan.flow import ANY, KEYS, Path, leaves
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.match import last_part, select
from spawngate.codescan.models.model import Form, SinkKind, SinkModel, Slot, SlotModel
from spawngate.codescan.places import plain
from spawngate.codescan.programs import is_other_program
from spawngate.codescan.project import Project
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import last_name, nested

_SAYS_MCP = (b"mcp", b"modelcontext", b"stdio", b"jsonrpc")
"""In any case of letters: every SDK and wrapper is imported under a name that says so; a raw process call counts near
such a name only."""
SPEAKS = re.compile(
    rb"jsonrpc(?s:.{0,400})\b(?:initialize|tools/(?:list|call))\b"
    rb"|\b(?:protocolVersion|tools/(?:list|call))\b(?s:.{0,400})jsonrpc"
)
"""The protocol, spoken by hand: the message around a method, or methods in front of what sends them. `initialize` alone
stands in front in language servers too; the version of the protocol does not."""
_URL = re.compile(r"\s*(https?|wss?)://[^/\s]", re.IGNORECASE)
_STDIO = re.compile(
    r"stdio\w*(transport|client|connector|server)|mcp\w*(transport|client|process|server)", re.IGNORECASE
)
_WORDS = 6
"""Words of an argv that are asked for one by one when the list is not written out."""


@dataclass(frozen=True, slots=True)
class Question:
    """One part of a slot: the part `path` of an expression."""

    name: str
    """As findings name it: `command`, `args`, `args[0]`, `env`, `cwd`, `definition`."""
    slot: Slot
    expression: ir.Expression
    path: Path
    names: bool = False
    """Asks for the names of a mapping: who chooses them chooses what the launch loads."""


@dataclass(frozen=True, slots=True)
class Sink:
    """A launch site and its questions."""

    call: ir.Call
    function: FunctionInfo
    model: SinkModel
    site: LaunchSite
    questions: tuple[Question, ...]


def near_mcp(module: ModuleInfo, function: FunctionInfo, knowledge: Knowledge, resolver: Resolver) -> bool:
    """A raw process call here counts: the file imports an SDK or a wrapper, or names around it say MCP."""
    imports = resolver.names(module).imports
    if any(within(name, prefix) for prefix in knowledge.near for name in imports):
        return True
    if speaks(module, resolver.project):
        return True
    owner = owner_of(function)
    names = (function.qualname, owner.qualname if owner is not None else "")
    if any(_STDIO.search(name) or "mcp" in name.lower() for name in names):
        return True
    return "mcp" in module.path.lower()


def speaks(module: ModuleInfo, project: Project) -> bool:
    """The file speaks the protocol by hand."""
    return SPEAKS.search(project.sources.get(module.path, b"")) is not None


def within(name: str, prefix: str) -> bool:
    """`name` is the module `prefix` or something in it."""
    return name.startswith(prefix) and (len(name) == len(prefix) or prefix[-1] in "#/." or name[len(prefix)] in ".#:/")


def find(resolver: Resolver, knowledge: Knowledge) -> Iterable[Sink]:
    """Every launch site of one language, in order of path and line."""
    project = resolver.project
    words = knowledge.sinks.words()
    heirs: dict[str, None] = {}
    for word in words:
        if knowledge.language != "rust":
            heirs.update(dict.fromkeys(project.extending(word, knowledge.language)))
        else:
            for extender in project.extenders(word, knowledge.language):
                heirs.update(dict.fromkeys(_heirs(extender, word)))
    named: dict[str, list[str]] = {}
    for name in (*words, *heirs):
        for path in project.files_with(name):
            named.setdefault(path, []).append(name)
    texts = project.texts
    speaking = [path for path in sorted(named) if _says_mcp(project.sources[path])]
    launching = [path for path in speaking if any(texts.launches(path, name) for name in named[path])]
    for module in project.modules(launching, knowledge.language):
        found: list[Sink] = []
        for local in _called(module, words | heirs.keys()):
            for call, function in module.calls.get(local, ()):
                found.extend(_match(call, function, resolver, knowledge))
        for word in words & module.mentions.keys():
            for reference, holder, function in references.handed(module, word):
                for call in references.calls(reference, holder):
                    found.extend(replace(sink, call=holder) for sink in _match(call, function, resolver, knowledge))
        # What a front-end writes several times (the value that a `match` tests, arm by arm) is one launch.
        places = {(sink.site.line, sink.site.column, sink.model.id): sink for sink in reversed(found)}
        yield from sorted(places.values(), key=lambda sink: (sink.site.line, sink.site.column))


def _says_mcp(source: bytes) -> bool:
    lower = source.lower()
    return any(word in lower for word in _SAYS_MCP)


def _heirs(module: ModuleInfo, word: str) -> Iterable[str]:
    """Classes of the file that have a base of that name."""
    for name, classes in module.classes.items():
        if any(base.name.rpartition(".")[2] == word for each in classes for base in each.bases):
            yield name


def _called(module: ModuleInfo, words: frozenset[str]) -> Iterable[str]:
    """Names in calls of the file that may be a sink, those that an import renames among them."""
    renamed = {local for local, imports in module.imports.items() if any(each.name in words for each in imports)}
    renamed |= {local for local, imports in module.imports.items() if any(each.name == "default" for each in imports)}
    renamed |= set(_another_names(module, words))
    subclassed = {name for name, classes in module.classes.items() if any(each.bases for each in classes)}
    return [
        name
        for name in module.calls
        if name in words or name in renamed or name in subclassed or name in ("super", "__init__")
    ]


def _another_names(module: ModuleInfo, words: frozenset[str]) -> Iterable[str]:
    """Variables that are assigned something whose name may be a sink, anywhere in the file."""
    for statement in nested([*module.ir.body, *(each for info in module.of.values() for each in info.node.body)]):
        if not isinstance(statement, ir.Assign) or statement.value is None:
            continue
        target, value = statement.target, statement.value
        if isinstance(value, ir.Call) and len(value.args) == 1:
            value = value.args[0].value
        if isinstance(target, ir.Name) and isinstance(value, ir.Name | ir.Attribute) and last_name(value) in words:
            yield target.id
        elif isinstance(target, ir.Record):
            for leaf, path, _ in leaves(target):
                if isinstance(leaf, ir.Name) and path and path[-1] in words:
                    yield leaf.id


def _match(call: ir.Call, function: FunctionInfo, resolver: Resolver, knowledge: Knowledge) -> list[Sink]:
    callee = resolver.callee(call.callee, function)
    models = list(knowledge.sinks.find(callee, call))
    if not models:
        return []
    name = last_name(call.callee)
    own = [each for each in resolver.chain(call.callee, function) if isinstance(each, ClassInfo | FunctionInfo)]
    out: list[Sink] = []
    for model in models[:1]:
        if own and model.kind is SinkKind.PROCESS:
            return []
        if model.kind is SinkKind.PROCESS and not near_mcp(function.module, function, knowledge, resolver):
            return []
        if model.kind is SinkKind.PROCESS and is_other_program(call, model):
            return []
        if model.unless_type and _has_type(call, model, function, resolver):
            return []
        questions = tuple(question for slot in model.slots for question in ask(call, slot))
        if not questions:
            return []  # a URL alone, or nothing: no program is named here
        words = knowledge.sinks.words()
        qualified = next((each for each in callee.names if last_part(each) in words), name)
        site = LaunchSite(
            path=function.module.path,
            line=call.line,
            column=call.column,
            text=resolver.project.text(function.module.path, call.line),
            call=qualified,
            model=model.id,
            function="" if function is function.module.top else function.qualname,
            language=function.module.language,
            in_test=resolver.project.is_test(function.module.path),
            raw=model.kind is SinkKind.PROCESS,
        )
        out.append(Sink(call, function, model, site, questions))
    return out


def _has_type(call: ir.Call, model: SinkModel, function: FunctionInfo, resolver: Resolver) -> bool:
    for expression, left in select(call, model.slots[0].at):
        if left:
            continue
        for kind in resolver.kinds(expression, function):
            names = resolver.class_names(kind.cls) if kind.cls is not None else kind.names
            if any(name in model.unless_type for name in names):
                return True
    return False


def ask(call: ir.Call, slot: SlotModel) -> Iterable[Question]:
    """The questions of one slot of a call."""
    for expression, left in select(call, slot.at):
        yield from _form(slot.slot, slot.form, expression, plain(left))


def _definition(expression: ir.Expression, path: Path) -> Iterable[Question]:
    yield Question("command", Slot.COMMAND, expression, (*path, "command"))
    yield Question("args", Slot.ARGS, expression, (*path, "args", ANY))
    yield Question("env", Slot.ENV, expression, (*path, "env", KEYS), names=True)
    yield Question("env", Slot.ENV, expression, (*path, "env", ANY))
    yield Question("cwd", Slot.CWD, expression, (*path, "cwd"))


def _form(slot: Slot, form: Form, expression: ir.Expression, path: Path) -> Iterable[Question]:
    name = slot.value
    if form in (Form.DEFINITION, Form.BUILDER):
        yield from _definition(expression, path)
    elif form is Form.DEFINITIONS:
        yield from _definition(expression, (*path, ANY))
    elif form is Form.CONFIG:
        for key in ("mcpServers", "servers"):
            yield from _definition(expression, (*path, key, ANY))
    elif form is Form.MAP:
        yield Question(name, slot, expression, (*path, KEYS), names=True)
        yield Question(name, slot, expression, (*path, ANY))
    elif form is Form.LIST:
        yield from _list(name, slot, expression, path)
    elif form is Form.ARGV:
        yield from _argv(expression, path)
    elif form is Form.LINE and isinstance(expression, ir.Format) and not path:
        yield from _line(expression)
    elif form is Form.POLY and is_url(expression):
        return
    else:
        yield Question(name, slot, expression, path)


def is_url(expression: ir.Expression) -> bool:
    """A text that is constant up to the host of a URL."""
    first = expression.parts[0] if isinstance(expression, ir.Format) and expression.parts else expression
    return isinstance(first, ir.Literal) and isinstance(first.value, str) and _URL.match(first.value) is not None


def _list(name: str, slot: Slot, expression: ir.Expression, path: Path) -> Iterable[Question]:
    if isinstance(expression, ir.Sequence) and not path:
        spread = False
        for place, item in enumerate(expression.items):
            if isinstance(item, ir.Spread):
                spread = True
                yield Question(name, slot, item.value, (ANY,))
            elif not isinstance(item, ir.Literal):
                yield Question(name if spread else f"{name}[{place}]", slot, item, ())
    else:
        yield Question(name, slot, expression, (*path, ANY))


def _argv(expression: ir.Expression, path: Path) -> Iterable[Question]:
    if isinstance(expression, ir.Sequence) and not path and expression.items:
        first, rest = expression.items[0], expression.items[1:]
        if not isinstance(first, ir.Spread):
            yield Question("command", Slot.COMMAND, first, ())
            yield from _list("args", Slot.ARGS, ir.Sequence(expression.line, expression.column, rest), ())
            return
    if isinstance(expression, ir.Format) and not path:
        yield from _line(expression)
        return
    if isinstance(expression, ir.Literal) and not path:
        yield Question("command", Slot.COMMAND, expression, path)
        return
    yield Question("command", Slot.COMMAND, expression, (*path, 0))
    for place in range(1, _WORDS):
        yield Question("args", Slot.ARGS, expression, (*path, place))


def _line(expression: ir.Format) -> Iterable[Question]:
    """A text that is split into words: what stands behind the first space is no command."""
    behind = False
    for part in expression.parts:
        if isinstance(part, ir.Literal):
            behind = behind or " " in str(part.value).lstrip()
        elif behind:
            yield Question("args", Slot.ARGS, part, ())
        else:
            yield Question("command", Slot.COMMAND, part, ())
