"""Which models match where in a snippet: the matcher over one file alone, as the examples of the models state it.

Classes of objects come from annotations, constructions and the models' types, without regard to order: enough for a
snippet. The engine knows more; what matches here must match there.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from spawngate.codescan import ir
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.models.handlers import HandlerIndex, directives_of, picked_params
from spawngate.codescan.models.match import Callee, Index, last_part, select
from spawngate.codescan.models.model import (
    LibraryModel,
    Models,
    ParamPick,
    PluginModel,
    PropagatorModel,
    Root,
    SinkModel,
    SourceModel,
    Target,
)
from spawngate.codescan.models.names import Names
from spawngate.codescan.models.selector import write_path

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
    """One lowered file with what the models of its language say about it."""

    def __init__(self, module: ir.Module, models: Models, library: LibraryModel) -> None:
        self.module = module
        self.library = library
        aliases: dict[str, str] = {}
        libraries = [each for each in models.libraries if each.language == library.language]
        for each in libraries:
            aliases.update(each.aliases)
        self.names = Names(module, aliases)
        self.types = Index((target, model) for each in libraries for model in each.types for target in model.targets)
        same = [p for each in libraries for p in each.propagators if _keeps_class(p)]
        self.builders = Index((target, model) for model in same for target in model.targets)
        self.owners: dict[int, tuple[ir.Function, ...]] = {}
        self.classes_of: dict[int, ir.Class] = {}
        self._own(module.body, (), None)
        self.callbacks: dict[int, dict[str, str]] = {}
        for call in self.calls():
            for model in self.types.find(self.callee(call.callee), call):
                if model.callback is not None:
                    for value, path in select(call, model.callback):
                        if isinstance(value, ir.Closure) and not path and len(value.function.params) > model.index:
                            param = value.function.params[model.index]
                            self.callbacks.setdefault(id(value.function), {})[param.name] = model.result

    def _own(self, node: object, functions: tuple[ir.Function, ...], inside: ir.Class | None) -> None:
        if isinstance(node, tuple):
            for item in node:
                self._own(item, functions, inside)
        elif isinstance(node, ir.Node):
            self.owners[id(node)] = functions
            if inside is not None:
                self.classes_of[id(node)] = inside
            if isinstance(node, ir.Function):
                functions = (*functions, node)
            if isinstance(node, ir.Class):
                inside = node
            for field in node.__struct_fields__:
                self._own(getattr(node, field), functions, inside)

    def calls(self) -> Iterator[ir.Call]:
        return (node for node in nodes_of(self.module.body) if isinstance(node, ir.Call))

    def local(self, node: ir.Node) -> set[str]:
        names: set[str] = set()
        for function in self.owners[id(node)]:
            names.update(param.name for param in function.params)
            for each in nodes_of(tuple(param.pattern for param in function.params if param.pattern)):
                if isinstance(each, ir.Name):
                    names.add(each.id)
            for inner in nodes_of(function.body):
                if isinstance(inner, ir.Assign) and isinstance(inner.target, ir.Name):
                    names.add(inner.target.id)
        return names - set(self.names.bound)

    def callee(self, expression: ir.Expression) -> Callee:
        names = self.names.qualified(expression, self.local(expression))
        if not isinstance(expression, ir.Attribute):
            return Callee(names, imports=self.names.imports)
        base = expression.base
        named = base.callee if isinstance(base, ir.Call) else base
        receiver = named.id if isinstance(named, ir.Name) else named.name if isinstance(named, ir.Attribute) else ""
        return Callee(names, expression.name, self.classes(base), receiver, self.names.imports)

    def classes(self, expression: ir.Expression, depth: int = 0) -> tuple[str, ...] | None:
        """Classes an object may be of, None when nothing says."""
        if depth > 8:
            return None
        if isinstance(expression, ir.Cast):
            return self._declared(expression.type)
        if isinstance(expression, ir.Join):
            found = [self.classes(branch, depth + 1) for branch in expression.branches]
            return next((each for each in found if each), None)
        if isinstance(expression, ir.Call):
            return self._constructed(expression, depth)
        if isinstance(expression, ir.Attribute):
            inside = self.classes_of.get(id(expression))
            if isinstance(expression.base, ir.Name) and expression.base.id in ("self", "this") and inside is not None:
                return self._field(inside, expression.name, depth)
            names = self.names.qualified(expression, self.local(expression))
            typed = self.types.find(Callee(names))
            if typed:
                return (typed[0].result,)
            owner = self.callee(expression)
            found_types = self.types.find(owner)
            return (found_types[0].result,) if found_types else tuple(n for n in names if not n.startswith(".")) or None
        if isinstance(expression, ir.Name):
            return self._variable(expression, depth)
        return None

    def _variable(self, name: ir.Name, depth: int) -> tuple[str, ...] | None:
        inside = self.classes_of.get(id(name))
        if name.id in ("self", "this") and inside is not None:
            return tuple(found for base in inside.bases for found in self.names.qualified_text(base.name))
        functions = self.owners[id(name)]
        for function in reversed(functions):
            if name.id in self.callbacks_of(function):
                return (self.callbacks_of(function)[name.id],)
            for param in function.params:
                if param.name == name.id:
                    return self._declared(param.type) if param.type else None
            found = self._assigned(function.body, name.id, depth)
            if found:
                return found
        found = self._assigned(self.module.body, name.id, depth)
        if found:
            return found
        if inside is not None and self.module.language == "java":
            return self._field(inside, name.id, depth)
        names = self.names.qualified(name, self.local(name))
        typed = self.types.find(Callee(names))
        return (typed[0].result,) if typed else (names if name.id in self.names.bound else None)

    def callbacks_of(self, function: ir.Function) -> dict[str, str]:
        return getattr(self, "callbacks", {}).get(id(function), {})

    def _assigned(self, body: object, name: str, depth: int) -> tuple[str, ...] | None:
        for node in nodes_of(body):
            if isinstance(node, ir.Assign) and isinstance(node.target, ir.Name) and node.target.id == name:
                if node.type is not None and (declared := self._declared(node.type)):
                    return declared
                if node.value is not None and (found := self.classes(node.value, depth + 1)):
                    return found
        return None

    def _field(self, inside: ir.Class, name: str, depth: int) -> tuple[str, ...] | None:
        for node in nodes_of(inside.body):
            if isinstance(node, ir.Param) and node.field and node.name == name and node.type is not None:
                return self._declared(node.type)
            if not isinstance(node, ir.Assign):
                continue
            target = node.target
            own = isinstance(target, ir.Attribute) and target.name == name
            if own or (isinstance(target, ir.Name) and target.id == name):
                if node.type is not None and (declared := self._declared(node.type)):
                    return declared
                if node.value is not None and (found := self.classes(node.value, depth + 1)):
                    return found
        return None

    def _declared(self, type_: ir.Type) -> tuple[str, ...] | None:
        out: list[str] = []
        for each in nodes_of(type_):
            if isinstance(each, ir.Type) and each.name not in ("|", "[]", "Literal"):
                out.extend(self.names.qualified_text(each.name))
        return tuple(out) or None

    def _constructed(self, call: ir.Call, depth: int) -> tuple[str, ...] | None:
        callee = self.callee(call.callee)
        typed = self.types.find(callee, call)
        if typed and typed[0].callback is None:
            return (typed[0].result,)
        if isinstance(call.callee, ir.Attribute) and self.builders.find(callee, call):
            return self.classes(call.callee.base, depth + 1)
        names = callee.names
        if not call.new and not (last_part(names[0]) if names else "")[:1].isupper() and self.module.language != "rust":
            return None
        if self.module.language == "rust":
            owners = [name.rpartition("::")[0] for name in names if "::" in name]
            return tuple(owner for owner in owners if last_part(owner)[:1].isupper()) or None
        return names or None

    def bases(self, inside: ir.Class) -> tuple[str, ...]:
        return tuple(name for base in inside.bases for name in self.names.qualified_text(base.name))

    # What matches

    def sink(self, model: SinkModel) -> dict[int, list[str]]:
        index = Index((target, model) for target in model.targets)
        out: dict[int, list[str]] = {}
        for call in self.calls():
            if index.find(self.callee(call.callee), call):
                words = [
                    f"{slot.slot}={shown(value)}{write_path(path)}"
                    for slot in model.slots
                    for value, path in select(call, slot.at)
                ]
                out.setdefault(call.line, []).extend(words)
        return {line: sorted(words) for line, words in out.items()}

    def places(self, targets: Iterable[Target], word: str) -> dict[int, list[str]]:
        index = Index((target, True) for target in targets)
        return {call.line: [word] for call in self.calls() if index.find(self.callee(call.callee), call)}

    def reads(self, targets: Iterable[Target]) -> dict[int, list[str]]:
        index = Index((target, True) for target in targets)
        out: dict[int, list[str]] = {}
        for node in nodes_of(self.module.body):
            if isinstance(node, ir.Attribute | ir.Name | ir.Index) and index.find(self.callee(node)):
                out[node.line] = ["read"]
        return out

    def handler(self, model: SourceModel, picks: Iterable[ParamPick]) -> dict[int, list[str]]:
        if model.handler is None:
            return {}
        index = HandlerIndex([(model.handler, model)])
        out: dict[int, list[str]] = {}
        functions: dict[int, ir.Function] = {}
        for node in nodes_of(self.module.body):
            if isinstance(node, ir.Function):
                inside = self.classes_of.get(id(node))
                parent = self.owners[id(node)]
                if inside is not None and parent and any(node in nodes_of(f.body) for f in parent[-1:]):
                    inside = None
                decorators = [(self.callee(_called(d)), d if isinstance(d, ir.Call) else None) for d in node.decorators]
                class_marks = [
                    (self.callee(_called(d)), d if isinstance(d, ir.Call) else None)
                    for d in (inside.decorators if inside else ())
                ]
                if index.of_function(
                    node, decorators, class_marks, self.bases(inside) if inside else (), self.module.path,
                    method=inside is not None, directives=directives_of(self.module.body),
                ):  # fmt: skip
                    functions[id(node)] = node
            elif isinstance(node, ir.Call):
                for at, _ in index.registered(self.callee(node.callee), node):
                    for value, path in select(node, at):
                        found = self._function(value)
                        if found is not None and not path:
                            functions[id(found)] = found
        for function in functions.values():
            words = [
                f"{param.name}{write_path(path)}" for param, path in picked_params(function, picks, self._type_names)
            ]
            out.setdefault(function.line, []).extend(words)
        return {line: sorted(words) for line, words in out.items()}

    def _function(self, value: ir.Expression) -> ir.Function | None:
        if isinstance(value, ir.Closure):
            return value.function
        name = value.id if isinstance(value, ir.Name) else value.name if isinstance(value, ir.Attribute) else ""
        for node in nodes_of(self.module.body):
            if isinstance(node, ir.Function) and node.name == name and name:
                return node
            if isinstance(node, ir.Assign) and isinstance(node.target, ir.Name) and node.target.id == name:
                if isinstance(node.value, ir.Closure):
                    return node.value.function
        return None

    def _type_names(self, text: str) -> tuple[str, ...]:
        return (text, *self.names.qualified_text(text))

    def source(self, model: SourceModel) -> dict[int, list[str]]:
        return joined(self.handler(model, model.params), self.places(model.calls, "call"), self.reads(model.reads))

    def entities(self, bases: Iterable[str], decorators: Iterable[Target]) -> dict[int, list[str]]:
        index = Index((target, True) for target in decorators)
        out: dict[int, list[str]] = {}
        for node in nodes_of(self.module.body):
            if isinstance(node, ir.Class):
                based = any(fnmatchcase(name, wanted) for name in self.bases(node) for wanted in bases)
                marked = any(
                    index.find(self.callee(_called(d)), d if isinstance(d, ir.Call) else None) for d in node.decorators
                )
                if based or marked:
                    out[node.line] = ["entity"]
        return out

    def functions_marked(self, targets: Iterable[Target]) -> dict[int, list[str]]:
        index = Index((target, True) for target in targets)
        out: dict[int, list[str]] = {}
        for node in nodes_of(self.module.body):
            if isinstance(node, ir.Function | ir.Class):
                for d in node.decorators:
                    if index.find(self.callee(_called(d)), d if isinstance(d, ir.Call) else None):
                        out[node.line] = ["mark"]
        return out

    def plugin(self, model: PluginModel) -> dict[int, list[str]]:
        source = SourceModel(model.id, SourceKind.PLUGIN, handler=model.handler, params=model.params)
        return self.handler(source, source.params)

    def named(self, patterns: Iterable[str]) -> dict[int, list[str]]:
        out: dict[int, list[str]] = {}
        for call in self.calls():
            callee = call.callee
            name = callee.id if isinstance(callee, ir.Name) else callee.name if isinstance(callee, ir.Attribute) else ""
            if any(re.fullmatch(pattern, name) for pattern in patterns):
                out[call.line] = ["name"]
        return out

    def marked_params(self, targets: Iterable[Target]) -> dict[int, list[str]]:
        index = Index((target, True) for target in targets)
        out: dict[int, list[str]] = {}
        for node in nodes_of(self.module.body):
            if isinstance(node, ir.Param):
                for mark in (*node.decorators, *([node.default] if isinstance(node.default, ir.Call) else [])):
                    if index.find(self.callee(_called(mark)), mark if isinstance(mark, ir.Call) else None):
                        out[node.line] = ["param"]
        return out


def _called(decorator: ir.Expression) -> ir.Expression:
    return decorator.callee if isinstance(decorator, ir.Call) else decorator


def _keeps_class(model: PropagatorModel) -> bool:
    return any(
        flow.source.root is Root.RECEIVER and flow.to.root is Root.RESULT and not flow.source.path and not flow.to.path
        for flow in model.flows
    )


def joined(*parts: Mapping[int, list[str]]) -> dict[int, list[str]]:
    """Matches of several kinds together, sorted by line."""
    out: dict[int, list[str]] = {}
    for part in parts:
        for line, words in part.items():
            out.setdefault(line, []).extend(words)
    return {line: sorted(out[line]) for line in sorted(out)}
