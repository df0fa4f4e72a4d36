"""Of which class an object is: by what is written, constructed and kept.

Belongs here: classes of written types, variables and fields. Not here: results of calls (`results`), what a class
extends (`hierarchy`), and where values come from (`slicer`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from spawngate.codescan import hung, ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, owner_of
from spawngate.codescan.flow import RECEIVER, Bound, Changed, Handed, Merged, Parameter, Path, Version
from spawngate.codescan.hierarchy import Kind, type_name
from spawngate.codescan.meanings import MAX_DEPTH, Meaning, Value
from spawngate.codescan.models.match import Index, select
from spawngate.codescan.models.model import TypeModel
from spawngate.codescan.project import Project
from spawngate.codescan.results import Results, is_path
from spawngate.codescan.walk import last_name

_VARIABLE = re.compile(r"[A-Z][A-Z0-9]?")
"""Names of type variables of Java."""
_PRELUDE = {"Vec": ("std::vec::Vec",), "HashMap": ("std::collections::HashMap",)}
"""Names of Rust's collections, which need no import: what matters is the class of their elements."""
_CONTAINERS = frozenset(["|", "Optional", "Awaitable", "Coroutine", "Promise", "Arc", "Rc", "Box", "Mutex", "RwLock"])
_WRAPPERS = frozenset(
    [
        "Result",
        "Option",
        "State",
        "Data",
        "Extension",
        "Json",
        "Parameters",
        "Annotated",
        "ClassVar",
        "Final",
        "Ref",
        "Reactive",
        "AsyncGenerator",
    ]
)
_SELF_TYPES = frozenset(["this", "Self", "typing.Self", "typing_extensions.Self"])
_many_words = """
list dict set frozenset tuple sequence mapping iterable iterator collection deque defaultdict ordereddict mutablemapping
mutablesequence asynciterator asynciterable type callable query queue asyncgenerator generator counter
"""
_MANY = frozenset(_many_words.split())
_KEPT_ON = frozenset(["state", "session_state", "ctx"])
"""Objects of Python's frameworks on which a program keeps its services."""


class Kinds(Results):
    """Answers about the objects of one project."""

    def __init__(
        self,
        project: Project,
        aliases: Mapping[str, Mapping[str, str]] | None = None,
        types: Mapping[str, Index[TypeModel]] | None = None,
    ) -> None:
        super().__init__(project, aliases, types)
        self._kinds: dict[tuple[ir.Expression, FunctionInfo], tuple[Kind, ...]] = {}

    # written types

    def kinds_of_type(self, written: ir.Type | None, function: FunctionInfo, depth: int = 0) -> tuple[Kind, ...]:
        """Classes that a written type names."""
        if written is None or depth > MAX_DEPTH:
            return ()
        bare = written.name.rpartition("::")[2]  # Rust writes them in full: `axum::extract::State<..>`
        if bare in _CONTAINERS or bare in _WRAPPERS:
            parts = written.args[:1] if bare == "Result" else written.args
            return tuple(kind for part in parts for kind in self.kinds_of_type(part, function, depth + 1))
        if written.name in ("", "None", "null", "Literal", "{}"):
            return ()
        if written.name in _SELF_TYPES:
            owner = owner_of(function)
            return (Kind(owner),) if owner is not None else ()
        inner = tuple(kind for part in written.args[-1:] for kind in self.kinds_of_type(part, function, depth + 1))
        meanings = self.chain(type_name(written), function)
        found = [each for each in meanings if isinstance(each, ClassInfo)]
        if found:
            return tuple(Kind(each, (), inner) for each in found)
        annotated = self._annotated(meanings, written, function)
        if annotated:
            return annotated
        names = self.names(function.module).qualified_text(written.name)
        if function.module.language == "rust" and inner:
            names = _PRELUDE.get(written.name, names)
        if function.module.language == "rust" and not any("::" in name for name in names):
            return ()  # a type parameter, or a type that nothing imports: its class is not known
        return (Kind(None, names, inner),) if names else ()

    def _annotated(self, meanings: list[Meaning], written: ir.Type, function: FunctionInfo) -> tuple[Kind, ...]:
        """The class behind an alias `User = Annotated[Row, ..]`."""
        for meaning in meanings:
            alias = self._alias(written, function) if isinstance(meaning, Value) else None
            if isinstance(meaning, Value) and isinstance(alias, ir.Index) and last_name(alias.base) == "Annotated":
                first = alias.key.items[0] if isinstance(alias.key, ir.Sequence) and alias.key.items else alias.key
                if isinstance(first, ir.Name | ir.Attribute):
                    kinds = self.kinds(first, meaning.module.top)
                    return tuple(Kind(kind.cls, kind.names, kind.args) for kind in kinds)
        return ()

    def alias_marks(self, written: ir.Type | None, function: FunctionInfo) -> tuple[ir.Expression, ...]:
        """What an alias of a type says beside it: `User = Annotated[Row, Depends(f)]`."""
        value = self._alias(written, function)
        if isinstance(value, ir.Index) and last_name(value.base) == "Annotated" and isinstance(value.key, ir.Sequence):
            return value.key.items[1:]
        return ()

    def _alias(self, written: ir.Type | None, function: FunctionInfo) -> ir.Expression | None:
        if written is None or not written.name or written.args:
            return None
        for meaning in self.chain(type_name(written), function):
            if isinstance(meaning, Value):
                for statement in meaning.module.assigned.get(meaning.name, ())[-1:]:
                    return statement.value
        return None

    # objects

    def kinds(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> tuple[Kind, ...]:
        """Classes that the value of an expression may have; empty where nothing is known."""
        key = (node, function)
        found: tuple[Kind, ...] | None = self._kinds.get(key)
        if found is not None:
            return found
        if depth > MAX_DEPTH:
            return ()
        self._kinds[key] = ()
        found = tuple(dict.fromkeys(self._infer(node, function, depth + 1)))
        if depth == 0 or found:
            self._kinds[key] = found
        else:
            del self._kinds[key]
        return found

    def _infer(self, node: ir.Expression, function: FunctionInfo, depth: int) -> list[Kind]:
        match node:
            case ir.Name():
                return self._infer_name(node, function, depth)
            case ir.Attribute():
                return self._infer_attribute(node, function, depth)
            case ir.Index():
                return [arg for kind in self.kinds(node.base, function, depth) for arg in kind.args]
            case ir.Call():
                return self.of_call(node, function, depth)
            case ir.Join():
                return [kind for branch in node.branches[:6] for kind in self.kinds(branch, function, depth)]
            case ir.Cast():
                return list(self.kinds_of_type(node.type, function))
            case ir.Operation(op="arith", operands=(first, *_)):  # `Path("a") / "b"`
                return [kind for kind in self.kinds(first, function, depth) if is_path(kind)]
            case _:
                return []

    def _infer_name(self, node: ir.Name, function: FunctionInfo, depth: int) -> list[Kind]:
        if node.id in ("self", "super", "cls"):
            owner = owner_of(function)
            if owner is not None:
                if node.id == "super":
                    return [kind for base in owner.bases for kind in self.kinds_of_type(base, owner.module.top)]
                return [Kind(owner, instance=node.id == "self")]
        version = self.project.flow(function).uses.get(node)
        if version is not None:
            return self.kinds_of_version(version, function, depth)
        scope = self.scope_of(node.id, function) if not node.path else None
        if scope is not None and scope is not function.module.top:
            versions = self.project.flow(scope).all[node.id][:4]
            return [kind for each in versions for kind in self.kinds_of_version(each, scope, depth)]
        return [kind for each in self.meaning(node.id, function) for kind in self._of_meaning(each, depth)]

    def _of_meaning(self, meaning: Meaning, depth: int) -> list[Kind]:
        if isinstance(meaning, ClassInfo):
            return [Kind(meaning, instance=False)]
        if isinstance(meaning, Value):
            top = meaning.module.top
            out: list[Kind] = []
            for statement in meaning.module.assigned.get(meaning.name, [])[:3]:
                if statement.type is not None:
                    out.extend(self.kinds_of_type(statement.type, top))
                elif statement.value is not None:
                    out.extend(self.kinds(statement.value, top, depth))
            for value in meaning.module.exports.get(meaning.name, ())[:2]:
                out.extend(self.kinds(value, top, depth))
            return out
        return []

    def kinds_of_version(self, version: Version, function: FunctionInfo, depth: int = 0) -> list[Kind]:
        """Classes of a version of a variable."""
        out: list[Kind] = []
        seen: set[Version] = set()
        todo = [version]
        while todo and len(seen) < 40:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            if isinstance(here, Merged):
                todo.extend(here.versions[:8])
            elif isinstance(here, Changed | Handed):
                todo.append(here.before)
            elif isinstance(here, Parameter) and here.index == RECEIVER:
                owner = owner_of(function)
                out.extend(self._at([Kind(owner)] if owner is not None else [], here.path))
            elif isinstance(here, Parameter):
                param = function.params[here.index]
                if here.path and _is_object(param.type):
                    out.extend(self._of_object(param.type, here.path, function))
                    continue
                kinds: tuple[Kind, ...] | list[Kind] = self.kinds_of_type(param.type, function)
                if not kinds and here.index == 0 and function.receiver and function.owner is not None:
                    kinds = [Kind(function.owner, instance=param.name == "self")]
                elif not kinds and param.default is not None and isinstance(param.default, ir.Call):
                    kinds = self._default_kinds(param.default, function, depth)
                elif not kinds and function.closure is not None and depth < MAX_DEPTH:
                    kinds = self._callback_kinds(function, here.index)
                out.extend(self._at(list(kinds), here.path))
            elif isinstance(here, Bound):
                statement = here.statement
                declared = statement.type if isinstance(statement, ir.Assign) else None
                if declared is not None and not here.path:
                    out.extend(self.kinds_of_type(declared, function))
                elif here.value is not None:
                    out.extend(self._at(list(self.kinds(here.value, function, depth)), here.path))
        return out

    def _of_object(self, written: ir.Type | None, path: Path, function: FunctionInfo) -> list[Kind]:
        """Classes of a part of what has a type that is written in place: `{ repository: Repository }`."""
        for number, step in enumerate(path):
            if written is None or not _is_object(written):
                return self._at(list(self.kinds_of_type(written, function)), path[number:])
            written = dict(zip(written.literals, written.args, strict=True)).get(step)
        return list(self.kinds_of_type(written, function))

    def _callback_kinds(self, function: FunctionInfo, index: int) -> list[Kind]:
        """The class of a callback's parameter, by the models: `io.on("connection", (socket) => ..)`."""
        models = self.type_models.get(function.module.language)
        holder = function.module.argument_of.get(function.closure) if function.closure is not None else None
        if (
            models is None
            or holder is None
            or function.parent is None
            or not models.may_match(last_name(holder[0].callee))
        ):
            return []
        for model in models.find(self.callee(holder[0].callee, function.parent), holder[0]):
            given = select(holder[0], model.callback) if model.callback is not None and model.index == index else ()
            if any(node is function.closure for node, _ in given):
                return [Kind(None, (model.result,))]
        return []

    def _default_kinds(self, default: ir.Call, function: FunctionInfo, depth: int) -> list[Kind]:
        """FastAPI's `x = Depends(get_x)`: what `get_x` returns."""
        out: list[Kind] = []
        for argument in default.args[:1]:
            for meaning in self.chain(argument.value, function):
                if isinstance(meaning, FunctionInfo):
                    out.extend(self.returned(meaning, depth))
                elif isinstance(meaning, ClassInfo):
                    out.append(Kind(meaning))
        return out

    def _at(self, kinds: list[Kind], path: Path) -> list[Kind]:
        for step in path:
            further: list[Kind] = []
            for kind in kinds:
                if kind.cls is not None and isinstance(step, str) and step != "*":
                    further.extend(self.field(kind.cls, step))
                elif kind.args:
                    further.extend(kind.args)
            kinds = further
        return kinds

    def field(self, cls: ClassInfo, name: str, depth: int = 0) -> list[Kind]:
        """Classes of a field: as declared, or of what is written to it."""
        if depth > MAX_DEPTH:
            return []
        for each in (*self.parts_of(cls), *self.bases(cls)):
            declared = each.fields.get(name)
            if declared is not None:
                if declared.type is not None:
                    bound = self._type_arguments(cls, each, declared.type)
                    return bound or list(self.kinds_of_type(declared.type, each.module.top))
                if declared.value is not None:
                    return list(self.kinds(declared.value, each.module.top, depth + 1))
            getter = each.methods.get(name)
            if getter is not None and getter.node.getter:
                return self.returned(getter, depth + 1)
            out: list[Kind] = []
            for statement, target, function in each.module.writes.get(name, ()):
                if owner_of(function) is each and isinstance(target, ir.Attribute) and _is_self(target.base):
                    if statement.type is not None:
                        out.extend(self.kinds_of_type(statement.type, function))
                    elif statement.value is not None and statement.target is target:
                        out.extend(self.kinds(statement.value, function, depth + 1))
            if out:
                return out
        return []

    def _type_arguments(self, cls: ClassInfo, base: ClassInfo, written: ir.Type) -> list[Kind]:
        """Classes for the type variable `S` of a base class of Java, by what the class extends: `Base<Service, Row>`.

        Which of the arguments is meant is not known: each of them may be.
        """
        if base is cls or base.module.language != "java" or _VARIABLE.fullmatch(written.name) is None:
            return []
        out: list[Kind] = []
        for each in (cls, *self.bases(cls)):
            for extended in each.bases:
                if extended.args and any(kind.cls is base for kind in self.kinds_of_type(extended, each.module.top)):
                    for argument in extended.args:
                        kinds = self.kinds_of_type(argument, each.module.top)
                        out.extend(kind for kind in kinds if kind.cls is not None)
        return out

    def _infer_attribute(self, node: ir.Attribute, function: FunctionInfo, depth: int) -> list[Kind]:
        meanings = self.chain(node, function)
        out = [kind for each in meanings for kind in self._of_meaning(each, depth)]
        if out:
            return out
        version = self.project.flow(function).uses.get(node.base) if isinstance(node.base, ir.Name) else None
        if isinstance(version, Parameter) and version.index >= 0 and _is_object(function.params[version.index].type):
            return self._of_object(function.params[version.index].type, (*version.path, node.name), function)
        for kind in self.kinds(node.base, function, depth):
            if kind.cls is not None:
                out.extend(self.field(kind.cls, node.name, depth))
            elif node.name in ("parent", "parents") and is_path(kind):
                out.append(kind)
            elif function.module.language == "python" and kind.names and not _holds_many(kind):
                # `ctx.deps` of RunContext[Deps], `data.value` of FromJSON[Data]: what a library's class was made for.
                out.extend(each for each in kind.args if each.cls is not None)
        if not out and function.module.language == "javascript":
            for value, around in hung.values(self.project, node):
                out.extend(self.kinds(value, around, depth))
        if not out and function.module.language == "python" and last_name(node.base) in _KEPT_ON:
            out.extend(self._kept_on(node, depth))
        return out

    def _kept_on(self, node: ir.Attribute, depth: int) -> Iterator[Kind]:
        """`request.app.state.service` where `app.state.service = Service()` stands anywhere in the project."""
        holder = last_name(node.base)
        for module in list(self.project.writers(node.name, "python"))[:8]:
            for statement, target, around in module.writes.get(node.name, ()):
                held = target.base if isinstance(target, ir.Attribute) and target.name == node.name else None
                if held is not None and last_name(held) == holder and statement.value is not None:
                    yield from self.kinds(statement.value, around, depth)


def _holds_many(kind: Kind) -> bool:
    """A collection, whose attributes are not of the class of its elements."""
    return any(name.rpartition(".")[2].lower() in _MANY for name in kind.names)


def _is_object(written: ir.Type | None) -> bool:
    """A type of TypeScript that is written in place, with its fields."""
    return written is not None and written.name == "{}" and len(written.args) == len(written.literals)


def _is_self(node: ir.Expression) -> bool:
    return isinstance(node, ir.Name) and node.id in ("self", "cls")
