"""Checks that stand on a way from a source to a launch, and what they are worth.

Belongs here: which facts on the way are guards: transport, command, text tests, switches, roles. Not here: how facts
are found (`conditions`), what they do to the grade (`grade`).

Strong: the transport is known not to be stdio; nothing that reaches the launch is free. Weak: an allow-list of commands
with free arguments, a look at the last part of a path, a pattern, a deny-list, a test that the program exists. Config:
a switch. Auth: somebody must be logged in, or have a role.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spawngate.codescan import ir, schemas
from spawngate.codescan.binding import bind
from spawngate.codescan.conditions import Conditions, Fact
from spawngate.codescan.constants import Constants
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import GuardStrength, GuardUse
from spawngate.codescan.flow import ANY, Bound, Changed, Condition, Handed, Parameter, Path
from spawngate.codescan.knowledge import occurrences
from spawngate.codescan.models.model import GuardModel
from spawngate.codescan.sinks import Sink
from spawngate.codescan.slicer import Field, Found, Search, State, Thing
from spawngate.codescan.trace import states_of
from spawngate.codescan.walk import inside, last_name, parts, root_name

_remote_words = """
sse http https ws wss websocket streamable_http streamable-http streamablehttp http_stream http-stream remote
streaminghttp streamable http_sse http+sse websockets url
"""
REMOTE = frozenset(_remote_words.split())
LOCAL = frozenset(["stdio", "command", "local", "stdio_client", "process", "subprocess"])
_SWITCH = re.compile(
    r"(^|_|\b)(enable[ds]?|allow(ed|s)?|disable[ds]?|permit|unsafe|feature|experimental|stdio)(_|\b|$)"
    r"|(enable|allow|disable|unsafe|stdio)(?=[A-Z])|Enabled?$|Allowed$|Disabled$",
    re.IGNORECASE,
)
_ROLE = re.compile(r"admin|superuser|is_?staff|\brole|_role|Role|permission|is_?owner|privilege", re.IGNORECASE)
_AUTH = re.compile(r"auth|current_?user|logged_?in|login|api_?key|session_?token|csrf", re.IGNORECASE)
_slot_words = "command cmd args argv program executable binary exe bin launcher package base_command arguments"
_SLOT_NAMES = frozenset(_slot_words.split())
_URL = re.compile(r"/?\^?\(?(\?:)?(https?|wss?|sse|http\(s\)\?)(\?|s\?)?:?(\\?/)*", re.IGNORECASE)
_OUTWARD = re.compile(r"_*(out|output|listen|expose|serve|outbound)(?=_|[A-Z]|$)")
"""Names of the transport that a bridge offers to others: it says nothing of how it starts what is behind it."""
MAX_RENAMES = 4
"""Variables that one after the other are made of a parameter, in a function that checks it."""
_ON_WAY = "="
"""Before names that the data itself has on its way; the others are what slots are called."""
_test_words = """
startswith endswith startsWith endsWith starts_with ends_with match fullmatch search test matches is_match find isalnum
isidentifier
"""
_TEXT_TESTS = frozenset(_test_words.split())
_BEGINS = frozenset(["startswith", "startsWith", "starts_with"])
_CUTS = ("removeprefix", "strip_prefix", "partition", "split", "lstrip", "replace", "slice", "substring", "substr")
_BASENAMES = frozenset(["basename", "name", "stem", "file_name", "file_stem", "getFileName", "getName", "parse"])


class Guards:
    """Guards of one project."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.conditions = Conditions(search.calls)
        self.constants = Constants(search.calls)
        self.project = search.project
        self._known: dict[tuple[Thing, FunctionInfo, bool], list[Fact]] = {}

    def of(self, found: Found, sink: Sink, slots: tuple[str, ...]) -> tuple[GuardUse, ...]:
        """Guards on one way, strongest first, each once. `slots` are the parts of the launch that it reaches."""
        flow = self.project.flow(sink.function)
        if sink.call in flow.dead:
            return (self._use(GuardStrength.STRONG, "the launch is never reached", sink.function, sink.call.line),)
        states = states_of(found)
        names = self._names(states)
        out: dict[tuple[str, str], GuardUse] = {}
        facts = list({id(fact): fact for fact in self._facts(states, sink)}.values())  # chains of conditions share ends
        tied = any(self._is_local(fact) for fact in facts)
        for fact in facts:
            if fact.declared and not tied:
                continue
            for use in (*self._judge(fact, names, slots), *self._validated(fact, states, slots)):
                if use.strength is GuardStrength.WEAK and self._is_of_another(fact, names):
                    continue
                out.setdefault((use.strength.value, use.name), use)
        for use in self._marks(states):
            out.setdefault((use.strength.value, use.name), use)
        order = list(GuardStrength)
        return tuple(sorted(out.values(), key=lambda use: order.index(use.strength)))

    def barred(self, found: Found, slots: tuple[str, ...]) -> frozenset[Thing]:
        """Expressions on a way at which a strong guard holds: another way may go round them, through another call."""
        states = states_of(found)
        names = self._names(states)
        known: dict[tuple[object, object], bool] = {}
        out: set[Thing] = set()
        for state in states:
            if isinstance(state.thing, ir.Node) and any(
                self._is_strong(condition, function, names, slots, known)
                for node, function in _places([state])
                for condition, function in self._known_at(node, function)
            ):
                out.add(state.thing)
        return frozenset(out)

    def _is_strong(
        self,
        condition: Condition,
        function: FunctionInfo,
        names: frozenset[str],
        slots: tuple[str, ...],
        known: dict[tuple[object, object], bool],
    ) -> bool:
        key = (condition, function)
        found = known.get(key)
        if found is None:
            facts = (fact for fact in self.conditions.facts(condition, function) if not fact.declared)
            uses = (use for fact in facts for use in self._judge(fact, names, slots))
            found = known[key] = any(use.strength is GuardStrength.STRONG for use in uses)
        return found

    def _known_at(self, node: ir.Node, function: FunctionInfo) -> Iterator[tuple[Condition, FunctionInfo]]:
        """Conditions that hold at a node, in its function and in those around it."""
        here: FunctionInfo | None = function
        current = node
        while here is not None:
            condition = self.project.flow(here).at.get(current)
            if condition is not None:
                yield condition, here
            if here.closure is None:
                return
            current, here = here.closure, here.parent

    def _facts(self, states: list[State], sink: Sink) -> Iterator[Fact]:
        seen: set[tuple[object, object]] = set()
        places: list[tuple[ir.Node, FunctionInfo]] = [(sink.call, sink.function), *_places(states)]
        classes: dict[ClassInfo, None] = {}
        for state in states:
            thing = state.thing
            if isinstance(thing, Field):
                classes.setdefault(thing.cls)
            if isinstance(thing, ir.Name) and state.path:
                kinds = self.search.resolver.kinds(thing, state.function)
                classes.update({kind.cls: None for kind in kinds if kind.cls is not None})
        for node, function in places:
            for condition, here in self._known_at(node, function):
                if (condition, here) not in seen:
                    seen.add((condition, here))
                    yield from self.conditions.facts(condition, here)
        asked = any(_is_validated(state.function) for state in states)
        for cls in classes:
            yield from self.conditions.validated(cls)
            if asked:
                yield from self.conditions.constrained(cls)

    def _validated(self, fact: Fact, states: list[State], slots: tuple[str, ...]) -> Iterator[GuardUse]:
        """`if (!validate(x)) return` where `validate = ajv.compile(schema)`: no slot can hold any text."""
        call = fact.left
        if fact.op != "true" or fact.either or not isinstance(call, ir.Call) or len(call.args) != 1 or call.new:
            return
        looked = last_name(call.args[0].value)
        paths = {
            state.path
            for state in states
            if isinstance(state.thing, ir.Name | ir.Attribute) and last_name(state.thing) == looked and state.path
        }
        callee = call.callee
        made = self.constants.definitions(callee, fact.function) if isinstance(callee, ir.Name | ir.Attribute) else []
        for value, around in made if paths else ():
            if not isinstance(value, ir.Call) or last_name(value.callee).lower() != "compile" or not value.args:
                continue
            schema = value.args[0].value
            asked = {part for path in paths for part in _of_slots(path, slots)}
            if not any(schemas.passes(self.search.calls, schema, around, part) for part in asked):
                name = f"schema of {last_name(callee)}()"
                yield self._use(GuardStrength.STRONG, name, fact.function, call.line)

    def _is_local(self, fact: Fact) -> bool:
        """The way goes through a branch for stdio."""
        if fact.op not in ("==", "is") or fact.right is None:
            return False
        values = [self.constants.value(each, fact.function) for each in (fact.left, fact.right)]
        return any(isinstance(value, str) and value.lower() in LOCAL for value in values)

    def _names(self, states: list[State]) -> frozenset[str]:
        """Names that the data has on its way."""
        names: set[str] = set(_SLOT_NAMES)
        for state in states:
            names.update(str(step) for step in state.path[:1] if isinstance(step, str))
            if isinstance(state.thing, ir.Name | ir.Attribute):
                names.add(last_name(state.thing))
        names.discard("*")
        names.update({f"{_ON_WAY}{name}" for name in names - _SLOT_NAMES | self._spoken(states)})
        return frozenset(names)

    def _spoken(self, states: list[State]) -> set[str]:
        """Names of slots that the data itself bears on its way: `package` of `body.package`."""
        steps = {str(state.path[0]) for state in states if state.path and isinstance(state.path[0], str)}
        return {
            *steps,
            *(last_name(state.thing) for state in states if isinstance(state.thing, ir.Name | ir.Attribute | ir.Index)),
        } & _SLOT_NAMES

    def _use(
        self, strength: GuardStrength, name: str, function: FunctionInfo, line: int, default: str = ""
    ) -> GuardUse:
        path = function.module.path
        return GuardUse(strength, name, path, line, self.project.text(path, line), default)

    def _judge(self, fact: Fact, names: frozenset[str], slots: tuple[str, ...]) -> Iterator[GuardUse]:
        line = fact.left.line
        if fact.op in ("==", "!=", "in", "not in", "is", "is not") and fact.right is not None:
            yield from self._comparison(fact, names, slots)
        elif fact.op in ("true", "false", "returned"):
            yield from self._truth(fact, names, line)

    def _comparison(self, fact: Fact, names: frozenset[str], slots: tuple[str, ...]) -> Iterator[GuardUse]:
        left, right, function = fact.left, fact.right, fact.function
        assert right is not None
        line = left.line
        text = f"{last_name(left) or 'value'}"
        if fact.op in ("==", "!=", "is", "is not"):
            value, other = self.constants.value(right, function), left
            if value is None:
                value, other = self.constants.value(left, function), right
            if value is None:
                if self._is_role(left) or self._is_role(right):
                    yield self._use(GuardStrength.AUTH, f"role check on {text}", function, line)
                return
            same = fact.op in ("==", "is")
            if isinstance(value, str) and value.lower() in LOCAL and not same and self._is_transport(other, value):
                if not fact.either and self._applies(fact):
                    yield self._use(GuardStrength.STRONG, f"{last_name(other)} is not {value}", function, line)
            elif isinstance(value, str) and same and value.lower() in REMOTE and not _OUTWARD.match(last_name(other)):
                if not fact.either and self._applies(fact):
                    yield self._use(GuardStrength.STRONG, f"{last_name(other)} is {value}", function, line)
            elif self._is_role(other) or (isinstance(value, str) and _ROLE.search(value)):
                yield self._use(GuardStrength.AUTH, f"role check on {last_name(other)}", function, line)
            elif self._is_switch(other, function):
                yield self._compared(self._switch_name(other), other, value, same, line, function)
            elif same and not fact.either and "command" in slots and last_name(other) in names and not _stutters(other):
                yield self._command(other, frozenset([str(value)]), fact, slots, names)
            elif not fact.either and (variable := self._variable(other, function)):
                yield self._compared(variable, other, value, same, line, function)
            return
        members = self.constants.members(right, function)
        if members is None and fact.op == "in" and not fact.either and self.constants.launches(right, function):
            whole = left.args[0].value if isinstance(left, ir.Call) and len(left.args) == 1 else left
            parts_ = whole.items if isinstance(whole, ir.Sequence) else (whole,)
            plain = [each.value if isinstance(each, ir.Spread) else each for each in parts_]
            if all(self._about(fact, each, names) or isinstance(each, ir.Literal) for each in plain):
                yield self._use(
                    GuardStrength.STRONG, f"allow-list {last_name(right)} of whole launches", function, line
                )
                return
        if members is None:
            literal = self.constants.value(left, function)
            if function.module.language == "javascript" and isinstance(left, ir.Literal):
                return  # `"url" in server` asks which fields there are, and tests no text
            text_test = isinstance(literal, str) or self._walked(left, function) is not None
            if text_test and fact.op == "not in" and self._about(fact, right, names):
                if fact.either:
                    return
                told = repr(literal) if isinstance(literal, str) else f"each of {self._listed(left, function)}"
                yield self._use(GuardStrength.WEAK, f"text test for {told}", function, line)
            elif self._is_role(left) or self._is_role(right):
                yield self._use(GuardStrength.AUTH, f"role check on {text}", function, line)
            elif self._about(fact, left, names) and not fact.either:
                strength = "allow-list" if fact.op == "in" else "deny-list"
                yield self._use(GuardStrength.WEAK, f"{strength} {last_name(right)}", function, line)
            return
        lowered = {each.lower() for each in members}
        remote = bool(lowered) and lowered <= REMOTE
        if fact.op == "in" and remote and not fact.either and self._applies(fact):
            yield self._use(
                GuardStrength.STRONG, f"{text} restricted to {{{', '.join(sorted(members))}}}", function, line
            )
        elif fact.op == "not in" and lowered & LOCAL and not fact.either and self._applies(fact):
            yield self._use(GuardStrength.STRONG, f"{text} is not {', '.join(sorted(members))}", function, line)
        elif any(_ROLE.search(each) for each in members) and self._is_role(left):
            yield self._use(GuardStrength.AUTH, f"role check on {text}", function, line)
        elif fact.op == "in" and self._about(fact, left, names) and not fact.either:
            yield self._command(left, members, fact, slots, names)
        elif fact.op == "not in" and self._about(fact, left, names) and not fact.either and fact.leaves:
            # A branch that was merely taken (the last arm of a match) chooses a way and keeps nothing out.
            yield self._use(GuardStrength.WEAK, f"deny-list {last_name(right) or 'of texts'}", function, line)

    def _about(self, fact: Fact, node: ir.Expression, names: frozenset[str]) -> bool:
        """The check looks at the data: by its name, as an element of it, or as what a checking function was given."""
        if self._given(node, names, fact.function):
            return True
        if fact.call is None or fact.caller is None:
            return False
        walked = self._walked(node, fact.function)
        root = walked if walked is not None else node
        if not isinstance(root, ir.Name):
            return False
        places = [index for index, param in enumerate(fact.function.params) if param.name == root.id]
        given = [value for index in places for value, left in bind(fact.call, fact.function, index, ()) if not left]
        return any(self._given(each, names, fact.caller) for each in given)

    def _is_of_another(self, fact: Fact, names: frozenset[str]) -> bool:
        """The check is of a parameter of a checking function, and that was given something else than the data."""
        if not fact.chain or fact.chain[0][2] is not fact.function:
            return False
        sides = [side for side in (fact.left, fact.right) if side is not None]
        looked = frozenset[str]().union(*(self._parameters(side, fact.function) for side in sides))
        for place, (call, caller, target) in enumerate(fact.chain):
            if len(looked) != 1 or looked & _SLOT_NAMES:
                return False
            index = next(each for each, param in enumerate(target.params) if param.name in looked)
            bound = bind(call, target, index, ())
            looked = frozenset[str]().union(*(self._parameters(value, caller) for value, _ in bound))
            above = place + 1 < len(fact.chain) and fact.chain[place + 1][2] is caller
            if above and looked and all(isinstance(value, ir.Name) and not left for value, left in bound):
                continue  # a parameter of the caller: what that was given decides
            return bool(bound) and not any(left or self._given(value, names, caller) for value, left in bound)
        return True

    def _parameters(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> frozenset[str]:
        """Names of the function's parameters, its object aside, that an expression is made of."""
        uses = self.project.flow(function).uses
        own = {param.name for param in function.params[1 if function.receiver else 0 :]}
        found: set[str] = set()
        for each in inside(node):
            version = uses.get(each) if isinstance(each, ir.Name) else None
            while isinstance(version, Handed):
                version = version.before
            if isinstance(each, ir.Name) and isinstance(version, Parameter) and each.id in own:
                found.add(each.id)
            elif isinstance(version, Bound) and version.value is not None and depth < MAX_RENAMES:
                found |= self._parameters(version.value, function, depth + 1)
        return frozenset(found)

    def _given(self, node: ir.Expression, names: frozenset[str], function: FunctionInfo) -> bool:
        """The data, or an element of it."""
        if self._concerns(node, names, function):
            return True
        walked = self._walked(node, function)
        return walked is not None and self._concerns(walked, names, function)

    def _walked(self, node: ir.Expression, function: FunctionInfo) -> ir.Expression | None:
        """What a loop walks whose variable this is."""
        version = self.project.flow(function).uses.get(node) if isinstance(node, ir.Name) else None
        if isinstance(version, Bound) and version.path == ("*",):
            return version.value
        return None

    def _listed(self, node: ir.Expression, function: FunctionInfo) -> str:
        walked = self._walked(node, function)
        return (last_name(walked) if walked is not None else "") or "a list"

    def _command(
        self,
        left: ir.Expression,
        members: frozenset[str],
        fact: Fact,
        slots: tuple[str, ...],
        names: frozenset[str],
    ) -> GuardUse:
        """An allow-list: strong where what it lists is all of the launch that is free."""
        listed = ", ".join(sorted(members)[:6])
        shown = last_name(fact.right) if fact.right is not None and last_name(fact.right) else f"{{{listed}}}"
        if self._is_basename(left, fact.function):
            return self._use(
                GuardStrength.WEAK, f"allow-list {shown} of the last part of the path", fact.function, left.line
            )
        only = all(slot == "command" for slot in slots) or self._is_element(left, fact, slots, names)
        strength = GuardStrength.STRONG if only and self._applies(fact) else GuardStrength.WEAK
        free = "" if only else " with free arguments"
        return self._use(strength, f"command allow-list {shown}{free}", fact.function, left.line)

    def _is_element(self, left: ir.Expression, fact: Fact, slots: tuple[str, ...], names: frozenset[str]) -> bool:
        """The one argument that is free is what the list is asked about, or every element of what is free."""
        if len(slots) != 1 or not slots[0].startswith("args"):
            return False
        walked = self._walked(left, fact.function)
        if walked is not None:
            return slots[0] == "args" and last_name(walked) in names
        alone = isinstance(left, ir.Name | ir.Attribute) or (isinstance(left, ir.Index) and last_name(left) != "")
        numbered = (
            isinstance(left, ir.Index) and isinstance(left.key, ir.Literal) and not isinstance(left.key.value, str)
        )
        return alone and not numbered and f"{_ON_WAY}{last_name(left)}" in names

    def _is_basename(self, node: ir.Expression, function: FunctionInfo) -> bool:
        for value in (node, *self._assigned(node, function)):
            for each in inside(value):
                if isinstance(each, ir.Call) and last_name(each.callee) in _BASENAMES:
                    return True
                if isinstance(each, ir.Attribute) and each.name in ("name", "stem") and isinstance(each.base, ir.Call):
                    return True
                if isinstance(each, ir.Call) and last_name(each.callee) in ("split", "pop", "rsplit", "rpartition"):
                    return True
        return False

    def _assigned(self, node: ir.Expression, function: FunctionInfo) -> Iterable[ir.Expression]:
        value = (
            getattr(self.project.flow(function).uses.get(node), "value", None) if isinstance(node, ir.Name) else None
        )
        return (value,) if isinstance(value, ir.Expression) else ()

    def _is_transport(self, node: ir.Expression, value: str) -> bool:
        if value.lower() == "stdio":
            return True
        name = last_name(node).lower()
        return any(word in name for word in ("transport", "type", "kind", "protocol", "mode"))

    def _applies(self, fact: Fact) -> bool:
        """A check under a condition of its own holds where that condition is about stdio or about being set."""
        when = fact.when
        if when is None:
            return True
        if isinstance(when, ir.Operation) and when.op in ("==", "in", "is not", "!=", "instanceof"):
            values = [self.constants.value(each, fact.function) for each in when.operands]
            return when.op in ("is not", "instanceof") or any(
                isinstance(value, str) and value.lower() in LOCAL for value in values
            )
        return isinstance(when, ir.Name | ir.Attribute | ir.Index) or (
            isinstance(when, ir.Call) and last_name(when.callee) in ("isinstance", "get", "is_some", "isPresent")
        )

    def _concerns(self, node: ir.Expression, names: frozenset[str], function: FunctionInfo) -> bool:
        """The check looks at the data: by the last name of what it looks at, `command` of `body["command"]`."""
        todo = [node]
        while todo:
            here = todo.pop()
            if isinstance(here, ir.Name | ir.Attribute | ir.Index):
                if last_name(here) in names and not _stutters(here):
                    return True
                element = isinstance(here, ir.Index) and not last_name(here)
                if isinstance(here, ir.Attribute | ir.Index) and (
                    element or not isinstance(here.base, ir.Name | ir.Attribute)
                ):
                    todo.append(here.base)
            elif isinstance(here, ir.Call):
                todo.extend(argument.value for argument in here.args)
                read = self._accessed(here, function)
                if read in names:
                    return True
                if isinstance(here.callee, ir.Attribute) and not read:
                    todo.append(here.callee.base)
            else:
                todo.extend(parts(here))
        return False

    def _accessed(self, node: ir.Call, function: FunctionInfo) -> str:
        """The field that `x.transport()` or `x.getTransport()` reads: a check of one field says nothing of another."""
        callee = node.callee
        if node.args or not isinstance(callee, ir.Attribute) or function.module.language not in ("java", "rust"):
            return ""
        bare = re.sub(r"^(get|is)(?=[A-Z])", "", callee.name)
        for name in (callee.name, f"{bare[:1].lower()}{bare[1:]}"):
            for kind in self.search.resolver.kinds(callee.base, function):
                if kind.cls is not None and name in kind.cls.fields:
                    return name
        return ""

    def _is_role(self, node: ir.Expression) -> bool:
        return any(
            _ROLE.search(last_name(each)) is not None
            for each in inside(node)
            if isinstance(each, ir.Name | ir.Attribute)
        )

    def _is_switch(self, node: ir.Expression, function: FunctionInfo) -> bool:
        """Named like a switch, and no value of the caller's: a parameter is part of the request, not of settings."""
        if self._switch_name(node) == "":
            return False
        root = root_name(node)
        for each in inside(node):
            if isinstance(each, ir.Name) and each.id == root and root not in ("self", "settings", "config", "cfg"):
                version = self.project.flow(function).uses.get(each)
                while isinstance(version, Changed | Handed):
                    version = version.before
                if isinstance(version, Parameter) and self._is_own(version, function):
                    continue
                if isinstance(version, Parameter) or (isinstance(version, Bound) and version.path):
                    return False
                if isinstance(version, Bound) and isinstance(node, ir.Name):
                    return version.value is not None and not version.path and version.value is not node
        return True

    def _is_own(self, version: Parameter, function: FunctionInfo) -> bool:
        """The parameter is state of the program that a framework hands in, and no part of the request."""
        if function.module.language != "rust" or version.path or not 0 <= version.index < len(function.params):
            return False
        written = function.params[version.index].type
        stateful = written is not None and written.name.rpartition("::")[2] in ("State", "Data", "Extension")
        opened = self.search.knows(function).openings(function, self.search.resolver)
        return stateful and all(opening.index != version.index for opening in opened)

    def _switch_name(self, node: ir.Expression) -> str:
        for each in inside(node):
            name = last_name(each)
            if isinstance(each, ir.Literal) and isinstance(each.value, str):
                name = each.value if each.value.isupper() or "_" in each.value else ""
            if name and _SWITCH.search(name) and name not in LOCAL:
                return name
        return ""

    def _variable(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> str:
        """The variable of the environment that a comparison reads, itself or by a constant's name; "" for none."""
        for each in inside(node):
            if isinstance(each, ir.Attribute) and _environment(each):
                return each.name
            key = each.key if isinstance(each, ir.Index) and _environment(each) else None
            if isinstance(each, ir.Call) and last_name(each.callee) in ("getenv", "var", "get") and each.args:
                read = last_name(each.callee) != "get" or _environment(each.callee)
                key = each.args[0].value if read else None
            name = self.constants.value(key, function) if key is not None else None
            if isinstance(name, str):
                return name
        if isinstance(node, ir.Name | ir.Attribute) and depth < 3:
            for inner, around in self.constants.definitions(node, function):
                return self._variable(inner, around, depth + 1)
        return ""

    def _compared(
        self, name: str, node: ir.Expression, value: ir.Constant, same: bool, line: int, function: FunctionInfo
    ) -> GuardUse:
        """A switch that is compared with a constant: off where the comparison fails while nobody has set it."""
        default = self._text_default(node, function) if isinstance(value, str) else None
        if default is not None:
            state = "on" if (default.lower() == str(value).lower()) is same else "off"
        else:
            known = self._default(node, function)
            state = "" if known is None else "on" if known is (same == _truthy(value)) else "off"
        return self._use(GuardStrength.CONFIG, f"switch {name}", function, line, state)

    def _switch(self, fact: Fact, node: ir.Expression, wanted: bool, line: int) -> GuardUse:
        default = self._default(node, fact.function)
        state = "" if default is None else "on" if default is wanted else "off"
        return self._use(GuardStrength.CONFIG, f"switch {self._switch_name(node)}", fact.function, line, state)

    def _default(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> bool | None:
        """Truth of a switch that nobody has set: its field's or environment variable's default."""
        if depth > 6:
            return None
        match node:
            case ir.Literal():
                return _truthy(node.value)
            case ir.Operation(op="==" | "!=" | "in" | "is", operands=(left, right)):
                inner = self._text_default(left, function)
                if isinstance(right, ir.Literal) and inner is not None:
                    return (str(right.value).lower() == inner.lower()) == (node.op != "!=")
                members = self.constants.members(right, function)
                if members is not None and inner is not None:
                    return inner.lower() in {each.lower() for each in members}
                return self._default(left, function, depth + 1)
            case ir.Operation(op="not", operands=(inner_node,)):
                inner_value = self._default(inner_node, function, depth + 1)
                return None if inner_value is None else not inner_value
            case ir.Join():
                return self._default(node.branches[-1], function, depth + 1)
            case ir.Call():
                return self._call_default(node, function, depth)
            case ir.Name() | ir.Attribute():
                if _environment(node):
                    return False
                for value, around in self.constants.definitions(node, function):
                    return self._default(value, around, depth + 1)
                if isinstance(node, ir.Attribute) and function.module.language == "rust":
                    return self._serde_default(node, function)
        return None

    def _serde_default(self, node: ir.Attribute, function: FunctionInfo) -> bool | None:
        """`#[serde(default)]` of a truth value is false; with a function it is what that returns."""
        for kind in self.search.resolver.kinds(node.base, function):
            field = kind.cls.fields.get(node.name) if kind.cls is not None else None
            if kind.cls is None or field is None:
                continue
            for mark in field.decorators:
                if not isinstance(mark, ir.Call) or last_name(mark.callee) != "serde":
                    continue
                for argument in mark.args:
                    plain = isinstance(argument.value, ir.Unknown) and argument.value.what == "default"  # a keyword
                    if not argument.name and plain:
                        return False
                    if argument.name == "default" and isinstance(argument.value, ir.Literal):
                        return self._returned(str(argument.value.value), kind.cls)
        return None

    def _returned(self, name: str, cls: ClassInfo) -> bool | None:
        """The truth that a function beside a class always returns."""
        for target in cls.module.functions.get(name.rpartition("::")[2], ())[:1]:
            values = [each.value for each in self.project.flow(target).returns]
            if len(values) == 1 and isinstance(values[0], ir.Literal):
                return _truthy(values[0].value)
        return None

    def _call_default(self, node: ir.Call, function: FunctionInfo, depth: int) -> bool | None:
        name = last_name(node.callee)
        plain = [argument.value for argument in node.args if not argument.name]
        named = {argument.name: argument.value for argument in node.args if argument.name}
        if name in ("getenv", "get", "env", "getProperty", "getOrDefault", "get_bool", "bool", "config", "getBoolean"):
            default = named.get("default") or (plain[1] if len(plain) > 1 else None)
            return False if default is None else self._default(default, function, depth + 1)
        if name in ("Field", "field", "BooleanField", "Option"):
            default = named.get("default") or (plain[0] if plain else None)
            return None if default is None else self._default(default, function, depth + 1)
        if isinstance(node.callee, ir.Attribute) and name in ("lower", "strip", "toLowerCase", "trim", "upper"):
            return self._default(node.callee.base, function, depth + 1)
        for value in plain[:1]:
            return self._default(value, function, depth + 1)
        return None

    def _text_default(self, node: ir.Expression, function: FunctionInfo) -> str | None:
        for each in inside(node):
            if isinstance(each, ir.Call) and last_name(each.callee) in ("getenv", "get", "getOrDefault", "env"):
                texts = [argument.value.value for argument in each.args if isinstance(argument.value, ir.Literal)]
                return str(texts[1]) if len(texts) > 1 else ""
        if any(_environment(each) for each in inside(node)):
            return ""
        if isinstance(node, ir.Name | ir.Attribute):
            for inner, around in self.constants.definitions(node, function):
                return self._text_default(inner, around)
        value = self.constants.value(node, function)
        return value if isinstance(value, str) else None

    def _truth(self, fact: Fact, names: frozenset[str], line: int) -> Iterator[GuardUse]:
        node, function = fact.left, fact.function
        name = last_name(node.callee) if isinstance(node, ir.Call) else last_name(node)
        if isinstance(node, ir.Call):
            yield from self._checked(fact, node, name, names, line)
            return
        if fact.op == "returned":
            return
        if name and _ROLE.search(name):
            yield self._use(GuardStrength.AUTH, f"role check on {name}", function, line)
        elif name and self._is_switch(node, function) and not fact.either:
            yield self._switch(fact, node, fact.op == "true", line)

    def _checked(self, fact: Fact, node: ir.Call, name: str, names: frozenset[str], line: int) -> Iterator[GuardUse]:
        """A call that answers yes or no, or that raises by itself."""
        function = fact.function
        knowledge = self.search.knows(function)
        concerned = self._concerns(node, names, function)
        if not concerned and fact.call is not None and fact.call is not node:
            concerned = any(self._about(fact, each.value, names) for each in node.args)
        models: list[GuardModel] = []
        if knowledge.guard_calls.may_match(*self.search.resolver.spoken(node.callee, function)):
            models.extend(knowledge.guard_calls.find(self.search.resolver.callee(node.callee, function), node))
        models.extend(knowledge.guards_named(name))
        for model in models[:1]:
            if model.strength is GuardStrength.AUTH:
                if fact.op != "returned" or not concerned or _ROLE.search(name):
                    yield self._use(GuardStrength.AUTH, f"{name}()", function, line)
            elif concerned:
                yield self._use(model.strength, f"{model.what or model.id} ({name}())", function, line)
        if models or fact.op == "returned":
            return
        if fact.op == "false" and any(_asks_for_url(each) for each in inside(node)):
            return  # what is no URL goes on: that keeps no command out
        if name in _BEGINS and self._cuts_off(node, function):
            return  # a word that says what is to be done: what stands behind it is free
        if name in _TEXT_TESTS and concerned and fact.leaves:
            yield self._use(GuardStrength.WEAK, f"text test {name}()", function, line)
        elif _ROLE.search(name):
            yield self._use(GuardStrength.AUTH, f"{name}()", function, line)
        elif self._is_switch(node, function) and not concerned:
            yield self._switch(fact, node, fact.op == "true", line)

    def _cuts_off(self, test: ir.Expression, function: FunctionInfo) -> bool:
        """The function takes the text apart behind the test of how it begins: `text.removeprefix("!run ")`."""
        if not isinstance(test, ir.Call) or not isinstance(test.callee, ir.Attribute):
            return False
        told = ir.dump(test.callee.base)
        return any(
            around is function and isinstance(call.callee, ir.Attribute) and ir.dump(call.callee.base) == told
            for word in _CUTS
            for call, around in function.module.calls.get(word, ())
        )

    def _marks(self, states: list[State]) -> Iterator[GuardUse]:
        """Decorators of handlers, dependencies in their parameters, and in the decorator's arguments."""
        seen: dict[FunctionInfo, None] = {}
        for state in states[:6]:
            here: FunctionInfo | None = state.function
            while here is not None:
                seen.setdefault(here)
                here = here.parent
        for function in seen:
            knowledge = self.search.knows(function)
            owner = function.owner
            marks = [*function.node.decorators, *(owner.decorators if owner is not None else ())]
            for mark in marks:
                yield from self._mark(mark, function, knowledge.guards)
                if isinstance(mark, ir.Call):
                    for argument in mark.args:
                        yield from self._dependencies(argument.value, function)
            for param in function.params:
                for each in (param.default, *param.decorators):
                    if each is not None:
                        yield from self._dependencies(each, function)
            yield from self._before(function)

    def _before(self, function: FunctionInfo) -> Iterator[GuardUse]:
        """Middleware that a route names before its handler: `app.post("/x", requireAdmin, handler)`."""
        if function.module.language != "javascript":
            return
        for node, around in occurrences(function):
            holder = function.module.argument_of.get(node)
            if holder is None or not isinstance(holder[0].callee, ir.Attribute):
                continue
            for argument in holder[0].args[: holder[0].args.index(holder[1])]:
                given = argument.value.items if isinstance(argument.value, ir.Sequence) else (argument.value,)
                for each in given:
                    name = last_name(each.callee if isinstance(each, ir.Call) else each)
                    if isinstance(each, ir.Name | ir.Attribute | ir.Call) and (
                        _ROLE.search(name) or _AUTH.search(name)
                    ):
                        yield self._use(GuardStrength.AUTH, f"{name} before {function.qualname}()", around, each.line)

    def _mark(self, mark: ir.Expression, function: FunctionInfo, models: tuple[GuardModel, ...]) -> Iterator[GuardUse]:
        named = mark.callee if isinstance(mark, ir.Call) else mark
        name = last_name(named)
        knowledge = self.search.knows(function)
        found = False
        if knowledge.guard_marks.may_match(*self.search.resolver.spoken(named, function.module.top)):
            callee = self.search.resolver.callee(named, function.module.top)
            for model in knowledge.guard_marks.find(callee, mark if isinstance(mark, ir.Call) else None)[:1]:
                found = True
                yield self._use(model.strength, f"{name} on {function.qualname}()", function, mark.line)
        told = _ROLE.search(name) or _AUTH.search(name)
        if not found and told and any(re.fullmatch(each, name) for model in models for each in model.names):
            yield self._use(GuardStrength.AUTH, f"{name} on {function.qualname}()", function, mark.line)

    def _dependencies(self, node: ir.Expression, function: FunctionInfo) -> Iterator[GuardUse]:
        """`Depends(require_admin)`, in a list of dependencies too."""
        for each in inside(node):
            if not isinstance(each, ir.Call) or last_name(each.callee) not in ("Depends", "Security", "Requires"):
                continue
            for argument in each.args[:1]:
                name = last_name(argument.value.callee if isinstance(argument.value, ir.Call) else argument.value)
                if _ROLE.search(name) or _AUTH.search(name):
                    yield self._use(GuardStrength.AUTH, f"dependency {name}", function, each.line)


def _asks_for_url(node: ir.Expression) -> bool:
    return isinstance(node, ir.Literal) and isinstance(node.value, str) and _URL.match(node.value) is not None


def is_role(use: GuardUse) -> bool:
    """The guard asks for a role, not only for somebody who is logged in."""
    return use.strength is GuardStrength.AUTH and (_ROLE.search(use.name) or _ROLE.search(use.text)) is not None


def _places(states: list[State]) -> list[tuple[ir.Node, FunctionInfo]]:
    """Nodes on a way at which something may be known."""
    places: list[tuple[ir.Node, FunctionInfo]] = []
    for state in states:
        thing = state.thing
        if isinstance(thing, ir.Name | ir.Call):
            places.append((thing, state.function))
        elif isinstance(thing, ir.Attribute | ir.Index | ir.Record | ir.Sequence | ir.Format):
            places.extend((each, state.function) for each in inside(thing) if isinstance(each, ir.Name | ir.Call))
    return places


def _is_validated(function: FunctionInfo) -> bool:
    """A parameter of the handler, or its class, asks for Jakarta Validation."""
    owner = function.owner
    marks = [mark for param in function.params for mark in param.decorators]
    marks += owner.decorators if owner is not None else []
    names = [last_name(mark.callee if isinstance(mark, ir.Call) else mark) for mark in marks]
    return "Valid" in names or "Validated" in names


def _truthy(value: ir.Constant) -> bool:
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false", "no", "off", "n", "none", "disabled")
    return bool(value)


def _environment(node: ir.Expression) -> bool:
    """`process.env.X`, `os.environ["X"]`: unset unless somebody sets it."""
    return isinstance(node, ir.Attribute | ir.Index) and last_name(node.base) in ("env", "environ")


def _stutters(node: ir.Expression) -> bool:
    """`action["action"]`: a field that bears the name of the object it is of says nothing of the other fields."""
    return isinstance(node, ir.Attribute | ir.Index) and last_name(node) == last_name(node.base) != ""


def _of_slots(path: Path, slots: tuple[str, ...]) -> list[Path]:
    """The same part of the data for every slot that it reaches: `args` beside `command`."""
    if path[0] not in _SLOT_NAMES or len(slots) < 2:
        return [path]
    names = dict.fromkeys(slot.partition("[")[0] for slot in slots)
    return [(name, ANY) if name == "args" else (name,) for name in names]
