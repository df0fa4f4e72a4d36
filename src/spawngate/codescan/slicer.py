"""Backwards from a slot of a launch to everything that it may be made of.

Belongs here: the search (cheapest first), expressions and versions of variables. Not here: results of calls
(`slicer_calls`), what calls change (`slicer_changes`), parameters (`slicer_parameters`), fields (`slicer_fields`), an
object at hand (`slicer_objects`), variables of modules and of frameworks (`slicer_variables`), stores (`stores`),
guards, grades.

A state asks: what is the part `path` of this thing, seen from that function, called from that frame? Costs say how sure
the way is; see `calls`. Every state remembers the one before it, nearer to the launch, which is the trace.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from spawngate.codescan import (
    dynamic,
    handles,
    ir,
    lent_parts,
    messages,
    paired,
    schemas,
    slicer_calls,
    slicer_changes,
    slicer_fields,
    slicer_parameters,
    slicer_variables,
    stores,
)
from spawngate.codescan.calls import Calls
from spawngate.codescan.constants import Constants
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import (
    ANY,
    KEYS,
    Bound,
    Changed,
    Handed,
    Merged,
    Parameter,
    Path,
    Version,
    key_of,
)
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.mappers import Mapped
from spawngate.codescan.meanings import Value
from spawngate.codescan.models.model import Slot
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.results import is_path
from spawngate.codescan.scalars import field_is_scalar, is_scalar
from spawngate.codescan.stores import Stores
from spawngate.codescan.walk import last_name

MAX_PATH = 5
MAX_FRAMES = 8
ENOUGH = 3
"""Remote sources after which only ways are followed that cost little more."""
SLACK = 5
CROWDED = 100
"""Questions within one function (of a parser that goes from character to character) after which others come first."""
CROWDED_COST = 6
_ROOTS = frozenset(["std", "core", "alloc", "crate", "java", "javax", "jakarta"])
"""Where names written in full begin."""
_REMOTE = frozenset([SourceKind.HTTP, SourceKind.WS, SourceKind.LLM, SourceKind.REMOTE])


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds of one slice."""

    steps: int = 6_000
    cost: int = 60
    found: int = 40
    """Sources after which a slice ends."""


class Frame:
    """The call through which a function was entered, backwards: where its parameters come from."""

    __slots__ = ("call", "construct", "depth", "function", "outer", "receiver", "target")

    def __init__(
        self,
        call: ir.Call | None,
        function: FunctionInfo,
        target: FunctionInfo,
        outer: Frame | None,
        receiver: ir.Expression | None = None,
        construct: bool = False,
    ) -> None:
        self.call = call
        self.function = function
        self.target = target
        self.outer = outer
        self.receiver = receiver
        self.construct = construct
        self.depth: int = 1 if outer is None else outer.depth + 1


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The field of every object of a class."""

    cls: ClassInfo
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """A store: everything that is written to it anywhere. `name` is the entity, file or cache."""

    id: str
    kind: str
    name: str


Thing = ir.Expression | Version | Field | Value | Store


class State:
    """One question of the search."""

    __slots__ = ("before", "cost", "depth", "frame", "function", "line", "path", "step", "thing", "what", "where")

    def __init__(
        self,
        thing: Thing,
        function: FunctionInfo,
        path: Path,
        frame: Frame | None,
        cost: int,
        before: State | None,
        what: str,
        step: str,
        line: int,
        where: FunctionInfo,
    ) -> None:
        self.thing = thing
        self.function = function
        self.path = path
        self.frame = frame
        self.cost = cost
        self.before = before
        self.depth: int = 0 if before is None else before.depth + 1
        self.what = what
        """Words for the trace; "" for a step that shows nothing."""
        self.step = step
        self.line = line
        self.where = where


@dataclass(frozen=True, slots=True)
class Found:
    """A source that the slice reached."""

    kind: SourceKind
    model: str
    what: str
    state: State
    function: FunctionInfo
    line: int


@dataclass(slots=True)
class Slice:
    """What one slot is made of."""

    found: list[Found] = field(default_factory=list)
    unresolved: list[tuple[str, State]] = field(default_factory=list)
    steps: int = 0
    incomplete: bool = False
    met: bool = False
    """It came to something through which it may not go (`Search.avoided`)."""


Visitor = Callable[["Search", State], bool]


class Search:
    """One slice."""

    def __init__(
        self,
        calls: Calls,
        knowledge: Callable[[str], Knowledge],
        stores: Stores,
        slot: Slot,
        budget: Budget,
    ) -> None:
        self.calls = calls
        self.stores = stores
        self.resolver: Resolver = calls.resolver
        self.project = calls.project
        self.knowledge = knowledge
        self.slot = slot
        self.budget = budget
        self.result = Slice()
        self._queue: list[tuple[int, int, int, State]] = []
        self._seen: set[tuple[object, FunctionInfo, Path, Frame | None]] = set()
        self._frames: dict[tuple[object, object, Frame | None], Frame] = {}
        self._values: dict[Value, Value] = {}
        self._fields: dict[tuple[ClassInfo, str], Field] = {}
        self._stores: dict[tuple[str, str], Store] = {}
        self._sources: set[tuple[SourceKind, FunctionInfo, int, str]] = set()
        self._visits: dict[FunctionInfo, int] = {}
        self._remote = 0
        self._from_test = False
        self._settled = 0
        self._count = 0
        self._constants = Constants(calls)
        self.mapped: dict[FunctionInfo, list[Mapped]] = {}
        """Functions that a store runs on its rows, as far as the search has met them."""
        self.parts: dict[FunctionInfo, lent_parts.Parts] = {}
        """Names for parts of variables, as far as the search has met their functions."""
        self.avoided: frozenset[Thing] = frozenset()
        """Things through which no way may go: `scan` looks for ways around strong guards, and leaves to each launch
        site what it makes."""

    def run(self) -> Slice:
        """Answers every question that was asked, cheapest first, until sources, constants or the budget end it."""
        result = self.result
        while self._queue:
            if result.steps >= self.budget.steps or len(result.found) >= self.budget.found:
                result.incomplete = True
                break
            cost, _, _, state = heapq.heappop(self._queue)
            if self._settled and cost > self._settled:
                break
            key = (state.thing, state.function, state.path, state.frame)
            if key in self._seen:
                continue
            if state.thing in self.avoided:
                result.met = True
                continue
            self._seen.add(key)
            result.steps += 1
            self._visits[state.function] = self._visits.get(state.function, 0) + 1
            self._visit(state)
        return result

    def apart(self, call: ir.Call) -> bool:
        """What the call is given is asked about elsewhere."""
        if call not in self.avoided:
            return False
        self.result.met = True
        return True

    def ask(
        self,
        thing: Thing,
        function: FunctionInfo,
        path: Path,
        frame: Frame | None,
        before: State | None,
        cost: int = 0,
        what: str = "",
        step: str = "",
        line: int = 0,
        where: FunctionInfo | None = None,
    ) -> None:
        """Adds a question. `line` and `where` say where the step that leads to it stands."""
        total = cost + (before.cost if before is not None else 0)
        if before is None:
            self._from_test = self.project.is_test(function.module.path)
        if total > self.budget.cost or (not self._from_test and self.project.is_test(function.module.path)):
            return
        if len(path) > MAX_PATH:
            path = path[:MAX_PATH]
        state = State(thing, function, path, frame, total, before, what, step, line, where or function)
        self._count += 1
        crowd = CROWDED_COST if self._visits.get(function, 0) > CROWDED else 0
        heapq.heappush(self._queue, (total + crowd, state.depth, self._count, state))

    def enter(
        self,
        call: ir.Call | None,
        function: FunctionInfo,
        target: FunctionInfo,
        outer: Frame | None,
        receiver: ir.Expression | None = None,
        construct: bool = False,
    ) -> Frame | None:
        """The frame of a call; in a recursion that of the round before, whose arguments it stands for too."""
        here, rounds = outer, 0
        while here is not None:
            if here.target is target:
                rounds += 1
                if here.call is call or rounds > 1:
                    return here
            here = here.outer
        if outer is not None and outer.depth >= MAX_FRAMES:
            outer = self._nearest(outer, MAX_FRAMES - 1)
        key = (call if call is not None else receiver, target, outer)
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = Frame(call, function, target, outer, receiver, construct)
        return found

    def _nearest(self, frame: Frame, count: int) -> Frame | None:
        """The innermost frames alone: whoever called the outermost of them is forgotten."""
        if count == 0:
            return None
        outer = self._nearest(frame.outer, count - 1) if frame.outer is not None else None
        if outer is frame.outer:
            return frame
        key = (frame.call if frame.call is not None else frame.receiver, frame.target, outer)
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = Frame(
                frame.call, frame.function, frame.target, outer, frame.receiver, frame.construct
            )
        return found

    def source(self, kind: SourceKind, model: str, what: str, state: State, line: int) -> None:
        """A source is reached."""
        self.ask_source(kind, model, what, state, state.function, line)

    def ask_source(
        self, kind: SourceKind, model: str, what: str, state: State, function: FunctionInfo, line: int
    ) -> None:
        """A source that stands in another function than the question. The cheapest way to each source is kept."""
        key = (kind, function, line, what)
        if key in self._sources:
            return
        self._sources.add(key)
        self.result.found.append(Found(kind, model, what, state, function, line))
        if kind in _REMOTE and not self._settled:
            self._remote += 1
            if self._remote >= ENOUGH:
                self._settled = state.cost + SLACK

    def unresolved(self, what: str, state: State) -> None:
        """The search cannot see on here."""
        if len(self.result.unresolved) < 20:
            self.result.unresolved.append((what, state))

    def knows(self, function: FunctionInfo) -> Knowledge:
        """Models of the function's language."""
        return self.knowledge(function.module.language)

    def members(self, function: FunctionInfo) -> paired.Members:
        """The texts of constant sets, as a function sees them."""
        return lambda node: self._constants.members(node, function)

    def field_of(self, cls: ClassInfo, name: str) -> Field:
        return self._fields.setdefault((cls, name), Field(cls, name))

    def store(self, id_: str, kind: str, name: str) -> Store:
        return self._stores.setdefault((kind, name), Store(id_, kind, name))

    # things

    def _visit(self, state: State) -> None:
        thing = state.thing
        if isinstance(thing, Version):
            self._version(thing, state)
        elif isinstance(thing, Field):
            slicer_fields.field(self, thing, state)
        elif isinstance(thing, Value):
            slicer_variables.module_value(self, thing, state)
        elif isinstance(thing, Store):
            stores.store(self, thing, state)
        else:
            self._expression(thing, state)

    def _expression(self, node: ir.Expression, state: State) -> None:
        path = state.path
        match node:
            case ir.Literal() | ir.Closure():
                return
            case ir.Name():
                self._name(node, state)
            case ir.Attribute():
                self._attribute(node, state)
            case ir.Index():
                if node.key is None:
                    self.follow(node.base, state, (ANY, *path[1:]) if path else ())
                elif not self._read(node, state) and not dynamic.entry(self, node, state):
                    self.follow(node.base, state, (key_of(node.key), *path))
            case ir.Call():
                slicer_calls.call(self, node, state)
            case ir.Sequence():
                self._sequence(node, state)
            case ir.Record():
                self._record(node, state)
            case ir.Join():
                for branch in node.branches:
                    self.follow(branch, state, path)
            case ir.Format():
                for part in node.parts:
                    self.follow(part, state, ())
            case ir.Operation():
                if node.op == "and" and node.operands:
                    self.follow(node.operands[-1], state, path)
                elif node.op == "arith" and any(is_path(each) for each in self.resolver.kinds(node, state.function)):
                    for part in node.operands:  # `Path("plugins") / name`
                        self.follow(part, state, ())
            case ir.Comprehension():
                if path[:1] == (KEYS,):
                    if node.key is not None:
                        self.follow(node.key, state, ())
                elif path and (source := paired.copied(node)) is not None:
                    if paired.lets_through(node, path[0], self.members(state.function)):
                        self.follow(source, state, path)
                else:
                    self.follow(node.value, state, path[1:])
            case ir.Cast():
                if not is_scalar(self.resolver, node.type, path, state.function):
                    self.follow(node.value, state, path)
            case ir.Spread():
                self.follow(node.value, state, path)
            case ir.Unknown():
                for part in node.parts:
                    self.follow(part, state, ())
                if node.what in ("budget", "too deep", "yield"):
                    self.unresolved(f"{node.what} not followed", state)

    def follow(self, node: ir.Expression, state: State, path: Path, cost: int = 0) -> None:
        """Asks for a part of an expression that stands beside the current one."""
        self.ask(node, state.function, path, state.frame, state, cost)

    def _sequence(self, node: ir.Sequence, state: State) -> None:
        path = state.path
        step = path[0] if path else ANY
        if isinstance(step, str) and step.isdecimal() and len(step) < 6:  # the fields of Rust's tuples
            step = int(step)
        if isinstance(step, str) and step not in (ANY,):
            return
        spread = False
        for place, item in enumerate(node.items):
            if isinstance(item, ir.Spread):
                spread = True
                self.follow(item.value, state, (ANY, *path[1:]) if path else ())
            elif spread or step in (ANY, place):
                self.follow(item, state, path[1:])

    def _record(self, node: ir.Record, state: State) -> None:
        path = state.path
        if path[:1] == (KEYS,):
            for entry in node.entries:
                if entry.key is None:
                    self.follow(entry.value, state, path)
                else:
                    self.follow(entry.key, state, ())
            return
        step = path[0] if path else ANY
        for entry in reversed(node.entries):
            if entry.key is None:
                self.follow(entry.value, state, path)
                continue
            key = key_of(entry.key)
            if step == ANY or key == ANY or str(key) == str(step):
                self.follow(entry.value, state, path[1:])
                if key != ANY and str(key) == str(step):
                    return

    def _read(self, node: ir.Expression, state: State) -> bool:
        """The expression is itself a source, or what cleans one."""
        knowledge = self.knows(state.function)
        name = last_name(node)
        spoken = self.resolver.spoken(node, state.function)
        if knowledge.sanitizers.may_match(*spoken):
            for sanitizer in knowledge.sanitizers.find(self.resolver.callee(node, state.function)):
                if not sanitizer.slots or self.slot in sanitizer.slots:
                    return True
        if not name or not knowledge.source_reads.may_match(*spoken):
            return False
        models = knowledge.source_reads.find(self.resolver.callee(node, state.function))
        for model in models[:1]:
            if schemas.refuses_read(self.calls, node, state.function, state.path):
                return True
            self.source(model.kind, model.id, model.what or name, state, node.line)
            return True
        return False

    def _name(self, node: ir.Name, state: State) -> None:
        function = state.function
        version = self.project.flow(function).uses.get(node)
        if version is not None:
            self.ask(version, function, state.path, state.frame, state)
            self._inner_writes(node, state)
            lent_parts.written(self, node, state)
            if function is not function.module.top:
                slicer_variables.stored_within(self, node.id, function, state)
            elif function.module.language == "javascript":
                slicer_variables.sent(self, node.id, function, state)
            return
        if self._read(node, state):
            return
        scope = self.resolver.scope_of(node.id, function) if not node.path else None
        if scope is not None and scope is not function.module.top:
            frame = state.frame
            if scope is not function and frame is not None and frame.target is function:
                frame = frame.outer
            versions = self.project.flow(scope).all[node.id]
            for each in versions[-12:]:
                self.ask(each, scope, state.path, frame, state, 0 if len(versions) == 1 else 1)
            slicer_variables.stored_within(self, node.id, scope, state)
            for inner in function.module.rebound.get(node.id, ()):
                if inner is not function and self.resolver.scope_of(node.id, inner) is scope:
                    self.rebound(node.id, inner, state)
            return
        self.meanings(node.id, self.resolver.meaning(node.id, function), state)

    def _inner_writes(self, node: ir.Name, state: State) -> None:
        """Nested functions that write the variable (`nonlocal`)."""
        for inner in state.function.module.rebound.get(node.id, ()):
            if self.resolver.scope_of(node.id, inner) is state.function:
                self.rebound(node.id, inner, state)

    def rebound(self, name: str, inner: FunctionInfo, state: State) -> None:
        """What a function binds a variable of a scope around it to."""
        for version in self.project.flow(inner).all.get(name, ())[-8:]:
            if isinstance(version, Bound):
                self.ask(version, inner, state.path, None, state, 1)
            elif isinstance(version, Changed) and not version.path:  # `text += more`
                self.ask(version.value, inner, state.path, None, state, 1)

    def meanings(self, name: str, meanings: list[FunctionInfo | ClassInfo | ModuleInfo | Value], state: State) -> None:
        """Asks for what definitions hold."""
        path = state.path
        for each in meanings:
            if isinstance(each, Value):
                value = self._values.setdefault(each, each)
                self.ask(value, each.module.top, path, None, state)
            elif isinstance(each, ClassInfo) and path and isinstance(path[0], str):
                self.ask(self.field_of(each, path[0]), each.module.top, path[1:], None, state)
            elif isinstance(each, ModuleInfo) and path and isinstance(path[0], str):
                inner = self.resolver.member(each, path[0])
                step = State(state.thing, state.function, path[1:], None, state.cost, state, "", "", 0, state.function)
                self.meanings(path[0], inner, step)
        if not meanings and name == "workerData" and messages.worker_data(self, state):
            return
        if not meanings and name in slicer_variables.SHARED:
            held = ir.Name(state.line, 0, name)
            if slicer_variables.shared(self, held, state):
                return
        if not meanings and name not in ("self", "super", "cls"):
            names = self.resolver.names(state.function.module)
            if name in names.bound:
                self.unresolved(f"`{name}` of a library", state)
            elif state.function.module.language in ("java", "rust") and name[:1].islower() and name not in _ROOTS:
                # Types and constants begin with a capital there: this is a variable that the front-end lost.
                self.unresolved(f"`{name}`, which nothing here binds", state)

    def _attribute(self, node: ir.Attribute, state: State) -> None:
        if self._read(node, state):
            return
        function = state.function
        base = node.base
        if node.name in ("length", "byteLength") and function.module.language in ("javascript", "java"):
            return  # a number
        if isinstance(base, ir.Name) and base.id not in ("self", "cls", "super"):
            version = self.project.flow(function).uses.get(base)
            if version is None:
                meanings = self.resolver.chain(node, function)
                if meanings:
                    self.meanings(node.name, meanings, state)
                    return
        if slicer_fields.getter(self, node, state):
            return
        if field_is_scalar(self.resolver, base, node.name, state.path, function):
            return
        if node.name in slicer_variables.SHARED and slicer_variables.shared(self, node, state):
            return
        self.follow(base, state, (node.name, *state.path))

    def _version(self, version: Version, state: State) -> None:
        path = state.path
        function = state.function
        match version:
            case Merged():
                for each in version.versions:
                    self.ask(each, function, path, state.frame, state)
            case Bound():
                if version.value is None or (path and path[0] in version.skipped):
                    return
                if version.path and function.module.language == "python":
                    handles.twin(self, version, state)
                declared = getattr(version.statement, "type", None) if not version.path else None
                if declared is not None and is_scalar(self.resolver, declared, path, function):
                    return
                self.ask(
                    version.value,
                    function,
                    (*version.path, *path),
                    state.frame,
                    state,
                    what="assigned",
                    step="assign",
                    line=version.statement.line,
                )
            case Changed():
                self._changed(version, state)
            case Handed():
                slicer_changes.handed(self, version, state)
            case Parameter():
                if not (path and path[0] in version.skipped):
                    slicer_parameters.parameter(self, version, state)

    def _changed(self, version: Changed, state: State) -> None:
        asked, written = state.path, version.path
        if (
            version.added
            and not written
            and asked
            and isinstance(asked[0], int)
            and asked[0] < slicer_changes.known_length(version)
        ):
            self.ask(version.before, state.function, asked, state.frame, state)
            return
        maybe = version.added
        for one, other in zip(asked, written, strict=False):
            if KEYS in (one, other) or (one != other and ANY not in (one, other)):
                self.ask(version.before, state.function, asked, state.frame, state)
                return
            maybe = maybe or ANY in (one, other)
        if len(written) == 1 and asked and isinstance(version.statement, ir.Assign):
            target = version.statement.target
            key = target.key if isinstance(target, ir.Index) else None
            flow = self.project.flow(state.function)
            if key is not None and not paired.may_be(flow, key, asked[0], self.members(state.function)):
                self.ask(version.before, state.function, asked, state.frame, state)
                return
            source = paired.source_of(flow, key, version.value)
            if source is not None:
                self.follow(source, state, asked)
                self.ask(version.before, state.function, asked, state.frame, state)
                return
        if len(written) > len(asked):
            rest: Path = ()
            maybe = True
        else:
            rest = asked[len(written) :]
        self.ask(
            version.value,
            state.function,
            rest,
            state.frame,
            state,
            what="written to it",
            step="assign",
            line=version.statement.line,
        )
        if maybe:
            self.ask(version.before, state.function, asked, state.frame, state)
