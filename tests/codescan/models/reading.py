"""Which models match where in a snippet: the engine's own index, resolution and matching over one file alone."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.frontends import lower
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.match import Callee, Index, select
from spawngate.codescan.models.model import Language, Models, SinkModel, SourceModel, Target
from spawngate.codescan.models.selector import write_path
from spawngate.codescan.project import Project
from spawngate.codescan.resolve import Resolver

MARK = re.compile(r"(?://|#) <- (?P<what>.*?)\s*$")


def expected(code: str) -> dict[int, list[str]]:
    """What the comments of a snippet say: line to words; several words are joined by single spaces."""
    return {
        number: found["what"].split()
        for number, line in enumerate(code.splitlines(), start=1)
        if (found := MARK.search(line))
    }


def nodes_of(node: object) -> Iterator[ir.Node]:
    """Every node below and including one."""
    todo = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, tuple):
            todo.extend(reversed(item))
        elif isinstance(item, ir.Node):
            yield item
            todo.extend(reversed([getattr(item, field) for field in item.__struct_fields__]))


def shown(expression: ir.Expression) -> str:
    """Short text of an expression, without spaces."""
    match expression:
        case ir.Name():
            return expression.id
        case ir.Attribute():
            return f"{shown(expression.base)}.{expression.name}"
        case ir.Index():
            return f"{shown(expression.base)}[{shown(expression.key) if expression.key else ':'}]"
        case ir.Literal():
            return json.dumps(expression.value, ensure_ascii=False).replace(" ", "_")
        case ir.Call():
            return f"{shown(expression.callee)}()"
        case ir.Sequence():
            return f"[{','.join(shown(item) for item in expression.items)}]"
        case ir.Spread():
            return f"*{shown(expression.value)}"
        case ir.Record():
            return "{" + ",".join(shown(entry.key) if entry.key else "**" for entry in expression.entries) + "}"
        case ir.Format():
            return "format"
        case _:
            return type(expression).__name__.lower()


class Snippet:
    """One file as a project, with what the models of its language say about it."""

    def __init__(self, path: str, code: str, models: Models, language: Language) -> None:
        project = Project({path: code.encode()}, lower, None)
        self.knowledge = Knowledge(models, language)
        self.resolver = Resolver(
            project, {language.value: self.knowledge.aliases}, {language.value: self.knowledge.types}
        )
        module = project.module(path)
        assert module is not None
        assert module.ir.troubles == (), code
        self.module = module
        self.owners: dict[ir.Node, FunctionInfo] = {}
        self._own(module.ir.body, module.top)

    def _own(self, node: object, function: FunctionInfo) -> None:
        if isinstance(node, tuple):
            for item in node:
                self._own(item, function)
        elif isinstance(node, ir.Node):
            self.owners[node] = function
            inner = self.module.of.get(node, function) if isinstance(node, ir.Function) else function
            for field in node.__struct_fields__:
                self._own(getattr(node, field), function if field == "decorators" else inner)

    def calls(self) -> Iterator[ir.Call]:
        return (node for node in self.owners if isinstance(node, ir.Call))

    def callee(self, node: ir.Expression) -> Callee:
        return self.resolver.callee(node, self.owners[node])

    def sink(self, model: SinkModel) -> dict[int, list[str]]:
        out: dict[int, list[str]] = {}
        for call in self.calls():
            if model.id in [each.id for each in self.knowledge.sinks.find(self.callee(call.callee), call)]:
                words = [
                    f"{slot.slot}={shown(value)}{write_path(path)}"
                    for slot in model.slots
                    for value, path in select(call, slot.at)
                ]
                out.setdefault(call.line, []).extend(words)
        return {line: sorted(words) for line, words in out.items()}

    def places(self, targets: Iterable[Target], word: str) -> dict[int, list[str]]:
        """Calls that match, and reads of names where no call is."""
        index = Index((target, True) for target in targets)
        return {call.line: [word] for call in self.calls() if index.find(self.callee(call.callee), call)}

    def reads(self, targets: Iterable[Target]) -> dict[int, list[str]]:
        index = Index((target, True) for target in targets)
        out: dict[int, list[str]] = {}
        for node in self.owners:
            if isinstance(node, ir.Attribute | ir.Name | ir.Index) and index.find(self.callee(node)):
                out[node.line] = ["read"]
        return out

    def openings(self, identity: str) -> dict[int, list[str]]:
        """Parameters that come from outside by one model."""
        out: dict[int, list[str]] = {}
        for function in self.module.of.values():
            for opening in self.knowledge.openings(function, self.resolver):
                if opening.entry.id == identity:
                    words = [f"{function.params[opening.index].name}{write_path(path)}" for path in opening.paths]
                    out.setdefault(function.node.line, []).extend(words)
        return {line: sorted(set(words)) for line, words in out.items()}

    def source(self, model: SourceModel) -> dict[int, list[str]]:
        own = self.openings(model.id), self.places(model.calls, "call"), self.reads(model.reads)
        return joined(*own, self.answers(model.id))

    def answers(self, id_: str) -> dict[int, list[str]]:
        """Functions without a body whose result is the source."""
        found = ((each, self.knowledge.answers(each, self.resolver)) for each in self.module.of.values())
        return {each.node.line: ["answers"] for each, entry in found if entry is not None and entry.id == id_}

    def entities(self, bases: Iterable[str], decorators: Iterable[Target]) -> dict[int, list[str]]:
        marked = self.marked(decorators, "entity", classes=True)
        wanted = tuple(bases)
        for cls in self.module.class_of.values():
            names = self.resolver.class_names(cls)[1:]
            if any(fnmatchcase(name, each) for name in names for each in wanted):
                marked[cls.node.line] = ["entity"]
        return marked

    def marked(self, targets: Iterable[Target], word: str, *, classes: bool = False) -> dict[int, list[str]]:
        """Functions (or classes) with a decorator that matches."""
        index = Index((target, True) for target in targets)
        out: dict[int, list[str]] = {}
        for node in self.owners:
            if isinstance(node, ir.Class if classes else ir.Function):
                for mark in node.decorators:
                    if index.find(self.callee(_called(mark)), mark if isinstance(mark, ir.Call) else None):
                        out[node.line] = [word]
        return out

    def marked_params(self, targets: Iterable[Target]) -> dict[int, list[str]]:
        index = Index((target, True) for target in targets)
        out: dict[int, list[str]] = {}
        for node in self.owners:
            if isinstance(node, ir.Param):
                for mark in (*node.decorators, *([node.default] if isinstance(node.default, ir.Call) else [])):
                    if index.find(self.callee(_called(mark)), mark if isinstance(mark, ir.Call) else None):
                        out[node.line] = ["param"]
        return out

    def named(self, patterns: Iterable[str]) -> dict[int, list[str]]:
        """Calls of functions whose last name matches."""
        wanted = tuple(patterns)
        out: dict[int, list[str]] = {}
        for call in self.calls():
            callee = call.callee
            name = callee.id if isinstance(callee, ir.Name) else callee.name if isinstance(callee, ir.Attribute) else ""
            if any(re.fullmatch(pattern, name) for pattern in wanted):
                out[call.line] = ["name"]
        return out


def _called(decorator: ir.Expression) -> ir.Expression:
    return decorator.callee if isinstance(decorator, ir.Call) else decorator


def joined(*parts: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Matches of several kinds together, sorted by line."""
    out: dict[int, list[str]] = {}
    for part in parts:
        for line, words in part.items():
            out.setdefault(line, []).extend(words)
    return {line: sorted(out[line]) for line in sorted(out)}
