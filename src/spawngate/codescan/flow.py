"""Which definitions of a variable reach a use, inside one function.

Belongs here: versions of variables (static single assignment over the structured statements), the conditions that hold
at a place, and what is known when the function ends. Not here: what a version's value is (`slicer`).
"""

from __future__ import annotations

from dataclasses import dataclass

from spawngate.codescan import ir
from spawngate.codescan.walk import expressions, nested, parts

Step = str | int
"""A field or key by name, an element by number, `*` for any element or an unknown key, KEYS for the keys."""
Path = tuple[Step, ...]
ANY = "*"
KEYS = "@keys"


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """What is known at a place: `test` was `holds`, and everything in `before`."""

    test: ir.Expression
    holds: bool | None
    """None: the call `test` returned instead of raising."""
    before: Condition | None
    left: bool = False
    """Known because the other outcome left the function or the round of the loop."""
    when: ir.Expression | None = None
    """Known only where this held: the check stood in an `if` of its own."""


class Version:
    """A value that a variable may hold."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Bound(Version):
    """`target = value`: the part `path` of the value. `value` None: declared only."""

    statement: ir.Statement
    value: ir.Expression | None
    path: Path
    skipped: frozenset[str] = frozenset()
    """Keys that a rest (`...rest`) leaves out."""


@dataclass(frozen=True, slots=True, eq=False)
class Changed(Version):
    """The variable's object got `value` at `path`; everything else is as before."""

    before: Version
    path: Path
    value: ir.Expression
    statement: ir.Statement
    added: bool = False
    """Added to what was there (`+=`), not in place of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Handed(Version):
    """The variable's object was the receiver or an argument of a call, which may have changed it."""

    before: Version
    call: ir.Call
    position: int
    """Of the argument in `call.args`, -1 for the receiver."""


class Merged(Version):
    """One of several versions."""

    __slots__ = ("versions",)

    def __init__(self, versions: list[Version]) -> None:
        self.versions = versions


@dataclass(frozen=True, slots=True, eq=False)
class Parameter(Version):
    """The value that the caller gives. `path` within it when a pattern takes it apart."""

    index: int
    path: Path = ()
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Unset(Version):
    """No value."""


UNSET = Unset()
RECEIVER = -1
"""Index of the object of a method in languages that do not write it as a parameter."""
Environment = dict[str, Version]


class Flow:
    """The flow of one function."""

    def __init__(self, function: ir.Function, method: bool = False) -> None:
        self.uses: dict[ir.Name, Version] = {}
        """The version that a read of a name sees; names that the function does not bind are missing."""
        self.at: dict[ir.Node, Condition | None] = {}
        """What is known at a call, a read of a name, a closure, or a return."""
        self.dead: set[ir.Node] = set()
        """Calls that no run of the function reaches."""
        self.returns: list[ir.Return] = []
        self.exit: Environment = {}
        """Versions when the function ends normally."""
        self.all: dict[str, list[Version]] = {}
        """Every version of a name: what a closure may see."""
        self.touched: dict[str, list[Version]] = {}
        """Changes of the objects of names that the function does not bind."""
        self.outer: set[str] = set()
        """Names declared `global` or `nonlocal`."""
        self.known: Condition | None = None
        """What is known when the function ends normally, by checks that leave otherwise."""
        self._round: list[list[Condition]] = []
        self._jumps: list[list[Environment]] = []
        self._exits: list[Condition | None] = []
        env: Environment = {}
        if method and not any(param.name == "self" for param in function.params[:1]):
            self._set(env, "self", Parameter(RECEIVER))
        for index, param in enumerate(function.params):
            self._set(env, param.name, Parameter(index))
            if param.pattern is not None:
                for name, path, skipped in _names(param.pattern):
                    self._set(env, name, Parameter(index, path, skipped))
        ended, known = self._block(function.body, env, None)
        if ended is not None:
            self._leave(ended)
            self._exits.append(known)
        self.known = _common(self._exits)

    def _leave(self, env: Environment) -> None:
        for name, version in env.items():
            kept = self.exit.get(name)
            if kept is None:
                self.exit[name] = version
            elif kept is not version:
                self.exit[name] = Merged([kept, version])

    def _set(self, env: Environment, name: str, version: Version) -> None:
        env[name] = version
        self.all.setdefault(name, []).append(version)

    def _block(
        self, block: tuple[ir.Statement, ...], env: Environment | None, known: Condition | None
    ) -> tuple[Environment | None, Condition | None]:
        """Environment and knowledge behind the block; None when it is never left at its end."""
        for statement in block:
            if env is None:
                self._bury(block[block.index(statement) :])
                return None, known
            env, known = self._statement(statement, env, known)
        return env, known

    def _bury(self, block: tuple[ir.Statement, ...]) -> None:
        for statement in nested(block):
            for root in expressions(statement):
                stack = [root]
                while stack:
                    node = stack.pop()
                    if isinstance(node, ir.Call):
                        self.dead.add(node)
                    stack.extend(parts(node))

    def _statement(
        self, statement: ir.Statement, env: Environment, known: Condition | None
    ) -> tuple[Environment | None, Condition | None]:
        match statement:
            case ir.Assign():
                if statement.value is not None:
                    self._read(statement.value, env, known)
                self._assign(statement, env, known)
                if isinstance(statement.value, ir.Call):
                    known = Condition(statement.value, None, known)
            case ir.Evaluate():
                self._read(statement.value, env, known)
                if isinstance(statement.value, ir.Unknown) and statement.value.what in ("global", "nonlocal"):
                    self.outer.update(part.id for part in statement.value.parts if isinstance(part, ir.Name))
                elif isinstance(statement.value, ir.Call):
                    if _never_returns(statement.value):
                        return None, known
                    known = Condition(statement.value, None, known)
            case ir.If():
                return self._if(statement, env, known)
            case ir.Loop():
                return self._loop(statement, env, known)
            case ir.Try():
                return self._try(statement, env, known)
            case ir.Return():
                if statement.value is not None:
                    self._read(statement.value, env, known)
                self.returns.append(statement)
                self.at[statement] = known
                if statement.final:
                    self._leave(env)
                    self._exits.append(known)
                    return None, known
            case ir.Raise():
                if statement.value is not None:
                    self._read(statement.value, env, known)
                return None, known
            case ir.Jump():
                if self._jumps:
                    self._jumps[-1].append(env)
                return None, known
            case ir.Function() | ir.Class() | ir.Import() | ir.Export():
                for expression in expressions(statement):
                    self._read(expression, env, known)
        return env, known

    def _if(
        self, statement: ir.If, env: Environment, known: Condition | None
    ) -> tuple[Environment | None, Condition | None]:
        self._read(statement.test, env, known)
        inside = Condition(statement.test, True, known)
        then, then_known = self._block(statement.body, dict(env), inside)
        other, _ = self._block(statement.orelse, dict(env), Condition(statement.test, False, known))
        if then is None and other is None:
            return None, known
        if then is None:
            fact = Condition(statement.test, False, known, left=True)
            self._tell_round(fact, statement.body)
            return other, fact
        if other is None:
            fact = Condition(statement.test, True, known, left=True)
            self._tell_round(fact, statement.orelse)
            return then, fact
        facts: list[Condition] = []
        while then_known is not None and then_known is not inside and len(facts) < 20:
            if then_known.left or then_known.holds is None:
                facts.append(then_known)
            then_known = then_known.before
        for fact in reversed(facts):
            known = Condition(fact.test, fact.holds, known, fact.left, statement.test)
        return _merge(then, other), known

    def _tell_round(self, fact: Condition, leaving: tuple[ir.Statement, ...]) -> None:
        """A check in a loop that leaves the function holds for every round, and so behind the loop."""
        if self._round and leaving and not isinstance(leaving[-1], ir.Jump):
            self._round[-1].append(fact)

    def _loop(
        self, statement: ir.Loop, env: Environment, known: Condition | None
    ) -> tuple[Environment | None, Condition | None]:
        if statement.iterable is not None:
            self._read(statement.iterable, env, known)
        before = dict(env)
        heads: dict[str, Merged] = {}
        for name in _assigned(statement.body, env):
            heads[name] = Merged([env.get(name, UNSET)])
            env[name] = heads[name]
        inner = dict(env)
        if statement.test is not None:
            self._read(statement.test, inner, known)
        if statement.target is not None and statement.iterable is not None:
            for name, path, skipped in _names(statement.target):
                self._set(inner, name, Bound(statement, statement.iterable, (ANY, *path), skipped))
        self._round.append([])
        self._jumps.append([])
        condition = known if statement.test is None else Condition(statement.test, True, known)
        ended, _ = self._block(statement.body, inner, condition)
        ways = self._jumps.pop() if ended is None else [ended, *self._jumps.pop()]
        for name, head in heads.items():
            self.all.setdefault(name, []).append(head)
            for way in ways:
                last = way.get(name)
                if last is not None and last is not head and last not in head.versions:
                    head.versions.append(last)
        for fact in self._round.pop():
            known = Condition(fact.test, fact.holds, known, left=True)
            if self._round:
                self._round[-1].append(fact)
        after = dict(before)
        for way in ways:
            after = _merge(after, way)
        after.update(heads)
        other, _ = self._block(statement.orelse, after, known)
        return (after if other is None else other), known

    def _try(
        self, statement: ir.Try, env: Environment, known: Condition | None
    ) -> tuple[Environment | None, Condition | None]:
        before = dict(env)
        ended, ended_known = self._block(statement.body, dict(env), known)
        if ended is not None:
            ended, ended_known = self._block(statement.orelse, ended, ended_known)
        torn = dict(before)
        for name in _assigned(statement.body, env):
            versions = [before.get(name, UNSET), *self.all.get(name, [])[-3:]]
            torn[name] = Merged(versions)
        ways = [] if ended is None else [ended]
        for handler in statement.handlers:
            start = dict(torn)
            if handler.name:
                self._set(start, handler.name, UNSET)
            end, _ = self._block(handler.body, start, known)
            if end is not None:
                ways.append(end)
        if statement.handlers and len(ways) > (ended is not None):
            ended_known = known
        if not ways:
            if statement.final:
                self._block(statement.final, torn, known)
            return None, known
        out = ways[0]
        for way in ways[1:]:
            out = _merge(out, way)
        final, _ = self._block(statement.final, out, known) if statement.final else (out, known)
        return final, ended_known

    def _read(self, root: ir.Expression, env: Environment, known: Condition | None) -> None:
        stack = [root]
        handed: list[tuple[ir.Call, int, str]] = []
        while stack:
            node = stack.pop()
            if isinstance(node, ir.Name):
                version = env.get(node.id)
                if version is not None and not node.path:
                    # A front-end may use the matched value again behind the names that its pattern binds anew.
                    self.uses.setdefault(node, version)
                self.at[node] = known
            elif isinstance(node, ir.Call):
                self.at[node] = known
                name = _root(node.callee)
                if name and isinstance(node.callee, ir.Attribute) and name in env:
                    handed.append((node, -1, name))
                for place, argument in enumerate(node.args):
                    value = argument.value
                    if isinstance(value, ir.Name) and value.id in env:
                        handed.append((node, place, value.id))
                stack.extend(parts(node))
            elif isinstance(node, ir.Comprehension):
                inner = dict(env)
                for clause in node.clauses:
                    for name, path, skipped in _names(clause.target):
                        statement = ir.Assign(clause.line, clause.column, clause.target, clause.iterable)
                        inner[name] = Bound(statement, clause.iterable, (ANY, *path), skipped)
                fact = known
                for clause in node.clauses:
                    self._read(clause.iterable, inner if clause is not node.clauses[0] else env, known)
                    for condition in clause.conditions:
                        self._read(condition, inner, known)
                        fact = Condition(condition, True, fact)
                if node.key is not None:
                    self._read(node.key, inner, fact)
                self._read(node.value, inner, fact)
            elif isinstance(node, ir.Join) and node.test is not None and len(node.branches) == 2:
                self._read(node.test, env, known)
                self._read(node.branches[0], env, Condition(node.test, True, known))
                self._read(node.branches[1], env, Condition(node.test, False, known))
            elif isinstance(node, ir.Closure):
                self.at[node] = known
            else:
                stack.extend(parts(node))
        for call, place, name in reversed(handed):
            self._set(env, name, Handed(env[name], call, place))

    def _assign(self, statement: ir.Assign, env: Environment, known: Condition | None) -> None:
        value = statement.value
        target = statement.target
        if isinstance(target, ir.Name):
            if value is None and target.id in env:
                return
            if statement.augmented and value is not None:
                self._set(env, target.id, Changed(env.get(target.id, UNSET), (), value, statement, added=True))
            else:
                self._set(env, target.id, Bound(statement, value, ()))
            return
        if value is None:
            return
        for leaf, path, skipped in leaves(target):
            if isinstance(leaf, ir.Name):
                self._set(env, leaf.id, Bound(statement, value, path, skipped))
                continue
            self._read(leaf, env, known)
            name = _root(leaf)
            if name and not path:
                before = env.get(name)
                changed = Changed(before or UNSET, path_of(leaf), value, statement, statement.augmented)
                if before is not None:
                    self._set(env, name, changed)
                else:
                    self.touched.setdefault(name, []).append(changed)


_LEAVING = {
    "abort": ("", "flask", "quart", "bottle"),
    "exit": ("", "sys", "process", "System"),
    "_exit": ("os",),
    "quit": ("",),
    "fail": ("pytest",),
    "notFound": ("",),
    "permanentRedirect": ("",),
    "assertNever": ("",),
    "assert_never": ("", "typing"),
    "throw": ("ctx", "context"),
}
"""Functions of frameworks and standard libraries that raise or end the program, with the objects they stand on."""


def _never_returns(call: ir.Call) -> bool:
    """`abort(403)`, `sys.exit(1)`, `ctx.throw(400)`."""
    callee = call.callee
    if isinstance(callee, ir.Name):
        return "" in _LEAVING.get(callee.id, ())
    if isinstance(callee, ir.Attribute) and isinstance(callee.base, ir.Name):
        return callee.base.id in _LEAVING.get(callee.name, ())
    return False


def _common(chains: list[Condition | None]) -> Condition | None:
    """What is known at every one of several places."""
    if not chains:
        return None
    shared: list[Condition] = []
    here = chains[0]
    while here is not None:
        shared.append(here)
        here = here.before
    for chain in chains[1:]:
        known: set[Condition] = set()
        here = chain
        while here is not None:
            known.add(here)
            here = here.before
        shared = [each for each in shared if each in known]
    return shared[0] if shared else None


def path_of(node: ir.Expression) -> Path:
    """The path that a chain of attributes and keys takes from its root: `("a", "*")` of `x.a[i]`."""
    path: list[Step] = []
    while True:
        match node:
            case ir.Attribute():
                path.append(node.name)
                node = node.base
            case ir.Index():
                path.append(key_of(node.key))
                node = node.base
            case ir.Cast():
                node = node.value
            case _:
                path.reverse()
                return tuple(path)


def key_of(key: ir.Expression | None) -> Step:
    """The step that a key is."""
    if isinstance(key, ir.Literal):
        if isinstance(key.value, str):
            return key.value
        if isinstance(key.value, int) and not isinstance(key.value, bool) and key.value >= 0:
            return key.value
    return ANY


def _root(node: ir.Expression) -> str:
    while isinstance(node, ir.Attribute | ir.Index | ir.Cast | ir.Call):
        if isinstance(node, ir.Call):
            if not isinstance(node.callee, ir.Attribute):
                return ""
            node = node.callee
        else:
            node = node.value if isinstance(node, ir.Cast) else node.base
    if not isinstance(node, ir.Name):
        return ""
    return "self" if node.id == "super" else "" if node.path else node.id


def leaves(target: ir.Expression) -> list[tuple[ir.Expression, Path, frozenset[str]]]:
    """What a target binds: each place with the path of the value that it gets."""
    out: list[tuple[ir.Expression, Path, frozenset[str]]] = []
    todo: list[tuple[ir.Expression, Path, frozenset[str]]] = [(target, (), frozenset())]
    while todo:
        node, path, skipped = todo.pop()
        match node:
            case ir.Sequence():
                spread = False
                for place, item in enumerate(node.items):
                    step: Step = ANY if spread else place
                    if isinstance(item, ir.Spread):
                        spread = True
                        todo.append((item.value, path, frozenset()))
                    else:
                        todo.append((item, (*path, step), frozenset()))
            case ir.Record():
                keys = frozenset(str(entry.key.value) for entry in node.entries if isinstance(entry.key, ir.Literal))
                for entry in node.entries:
                    if entry.key is None:
                        todo.append((entry.value, path, keys))
                    else:
                        todo.append((entry.value, (*path, key_of(entry.key)), frozenset()))
            case ir.Join(branches=(first, *_)):
                todo.append((first, path, skipped))
            case ir.Spread() | ir.Cast():
                todo.append((node.value, path, skipped))
            case _:
                out.append((node, path, skipped))
    return out


def _names(target: ir.Expression) -> list[tuple[str, Path, frozenset[str]]]:
    return [(leaf.id, path, skipped) for leaf, path, skipped in leaves(target) if isinstance(leaf, ir.Name)]


def _assigned(block: tuple[ir.Statement, ...], env: Environment) -> list[str]:
    """Names that a block may bind or change, each once. What is only called or handed on is bound before, or it is no
    variable of the function: an import, a class."""
    names: dict[str, None] = {}
    handed: dict[str, None] = {}
    for statement in nested(block):
        if isinstance(statement, ir.Assign):
            for leaf, _, _ in leaves(statement.target):
                # `self.f = v` in a closure changes the outer object and binds no name here.
                (names if isinstance(leaf, ir.Name) else handed).setdefault(_root(leaf))
        elif isinstance(statement, ir.Loop) and statement.target is not None:
            for name, _, _ in _names(statement.target):
                names.setdefault(name)
        for root in expressions(statement):
            stack = [root]
            while stack:
                node = stack.pop()
                if isinstance(node, ir.Call):
                    if isinstance(node.callee, ir.Attribute):
                        handed.setdefault(_root(node.callee))
                    for argument in node.args:
                        if isinstance(argument.value, ir.Name):
                            handed.setdefault(argument.value.id)
                stack.extend(parts(node))
    names.update({name: None for name in handed if name in env})
    names.pop("", None)
    return list(names)


def _merge(first: Environment, second: Environment) -> Environment:
    out = dict(first)
    for name, version in second.items():
        kept = out.get(name)
        if kept is None:
            out[name] = Merged([version, UNSET])
        elif kept is not version:
            out[name] = Merged([kept, version])
    for name, version in first.items():
        if name not in second:
            out[name] = Merged([version, UNSET])
    return out
