"""The walk through a syntax tree: which processes it starts, in order, with what is known of each.

Belongs here: statements, and the list of spawns. Must not be here: grammars of shells (parsers) and of wrappers
(`command.unwrap`), expansion (`command.expand`), simple commands (`command.simple`), redirections (`command.flows`).
Conditions count as open: every branch is walked, and what a branch changes is an alternative to what was before.
"""

import re
from collections.abc import Callable

from msgspec.structs import replace

from spawngate.command import builtins, flows, simple
from spawngate.command.budget import MAX_NESTED, Budget
from spawngate.command.expand import Expander
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, as_value, outputs
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Redirect, Spawn, Word
from spawngate.command.syntax import (
    AndOr,
    Assignment,
    Background,
    Block,
    Case,
    Cut,
    Declaration,
    For,
    Function,
    Group,
    If,
    Pipeline,
    Redirected,
    Simple,
    Statement,
    Test,
    While,
)
from spawngate.command.unwrap.inner import Unwrapped

MAX_ROUNDS = 16
"""Rounds of a loop over known words that are walked one by one."""
_UNSURE = re.compile(r"[$`)}*?\[%!]")
"""What the last part of a program's path holds where its name is not sure."""

Unwrap = Callable[[tuple[Word, ...]], Unwrapped | None]
Other = Callable[["Walker", str, str, Scope, Frame], Ran]
"""Walks a text of another dialect: the text, the dialect."""


class Walker:
    """Walks one program. `parse` gives the statements of a posix text, `other` walks the other dialects."""

    def __init__(self, parse: Callable[[str], Block], unwrap: Unwrap, budget: Budget, other: Other) -> None:
        self.parse = parse
        self.unwrap = unwrap
        self.budget = budget
        self.spawns: list[Spawn] = []
        self.opaque: dict[str, None] = {}
        """What of the whole is not known, in the order in which it was met."""
        self.readers: list[int] = []
        """Spawns inside `>(...)`, which read from the command that is being walked."""
        self.depth = 0
        self._other = other

    # -- texts and statements

    def text(self, text: str, scope: Scope, frame: Frame, dialect: str = "posix") -> Ran:
        """Walk a text that a shell reads."""
        if self.depth >= MAX_NESTED:
            return self._too_deep(scope, frame)
        self.budget.parse(len(text))
        self.depth += 1
        try:
            if dialect != "posix":
                return self._other(self, text, dialect, scope, frame)
            return self.block(self.parse(text), scope, frame)
        finally:
            self.depth -= 1

    def block(self, statements: Block, scope: Scope, frame: Frame) -> Ran:
        """Walk statements one after the other."""
        ran = NOTHING
        for statement in statements:
            ran = outputs(ran, self.statement(statement, scope, frame))
        return ran

    def statement(self, node: Statement, scope: Scope, frame: Frame) -> Ran:
        """Walk one statement."""
        self.budget.step()
        if self.depth >= MAX_NESTED:
            return self._too_deep(scope, frame)
        self.depth += 1
        try:
            if isinstance(node, Simple):
                return simple.walk(self, node, scope, frame)
            if isinstance(node, Pipeline):
                return self._pipeline(node, scope, frame)
            if isinstance(node, AndOr):
                ran = self.statement(node.commands[0], scope, frame)
                ran = outputs(ran, self.unsure(node.commands[1:], scope, frame))
                return ran if node.all else replace(ran, text=None)
            if isinstance(node, Redirected):
                return self._redirected(node, scope, frame)
            if isinstance(node, Group):
                return self.block(node.body, scope.copy() if node.subshell else scope, frame)
            if isinstance(node, Declaration):
                return self._declaration(node, scope, frame)
            if isinstance(node, Background):
                return replace(self.statement(node.command, scope.copy(), replace(frame, background=True)), text=None)
            if isinstance(node, Cut):
                self.opaque[node.reason] = None
                return Ran(None, (self.emit(Command(()), scope, frame, opaque=("program",)),))
            return self._compound(node, scope, frame)
        finally:
            self.depth -= 1

    def unsure(self, statements: Block, scope: Scope, frame: Frame) -> Ran:
        """Walk statements that may not run."""
        scope.unsure += 1
        try:
            return self.block(statements, scope, frame)
        finally:
            scope.unsure -= 1

    def _too_deep(self, scope: Scope, frame: Frame) -> Ran:
        self.opaque["too-deep"] = None
        return Ran(None, (self.emit(Command(()), scope, frame, opaque=("program",)),))

    def _compound(self, node: For | While | If | Case | Function | Test, scope: Scope, frame: Frame) -> Ran:
        if isinstance(node, Function):
            scope.functions[node.name] = (node.body, scope.unsure == 0)
            return NOTHING
        if isinstance(node, Test):
            expander = self.expander(scope, frame)
            for word in node.words:
                expander.one(word)
            return NOTHING
        if isinstance(node, For):
            return self._for(node, scope, frame)
        if isinstance(node, While):
            return self._while(node, scope, frame)
        ran = NOTHING
        if isinstance(node, Case):
            self.expander(scope, frame).one(node.subject)
            for _, body in node.arms:
                ran = outputs(ran, self.unsure(body, scope, frame))
            return replace(ran, text=None)
        for place, (condition, body) in enumerate(node.branches):
            ran = outputs(ran, self.unsure(condition, scope, frame) if place else self.block(condition, scope, frame))
            ran = outputs(ran, self.unsure(body, scope, frame))
        return replace(ran, text=None)

    def _for(self, node: For, scope: Scope, frame: Frame) -> Ran:
        inside = replace(frame, repeated=True)
        unknown = Value(f"${node.name}", opaque=True)
        values: tuple[Value, ...] | None = scope.parameters
        if node.items is not None:
            values = tuple(as_value(word) for word in self.expander(scope, frame).words(node.items))
        if values is None:
            values = (unknown,)
        rounds = values[:MAX_ROUNDS] + ((unknown,) if len(values) > MAX_ROUNDS else ())
        ran = NOTHING
        for value in rounds:
            kept, scope.unsure = scope.unsure, 0
            scope.set(node.name, replace(value, text=unknown.text) if value.opaque else value)
            scope.unsure = kept
            ran = outputs(ran, self.block(node.body, scope, inside))
        return ran if len(values) <= MAX_ROUNDS else replace(ran, text=None)

    def _while(self, node: While, scope: Scope, frame: Frame) -> Ran:
        inside = replace(frame, repeated=True)
        lines = builtins.lines_read(node.condition, frame.input)
        if lines is not None:
            ran = NOTHING
            for line in lines[:MAX_ROUNDS]:
                self.block(node.condition, scope, replace(inside, input=Input(line, frame.input.spawns)))
                body = replace(inside, input=Input(None, frame.input.spawns))
                ran = outputs(ran, self.block(node.body, scope, body))
            if len(lines) > MAX_ROUNDS:
                self.opaque["too-many"] = None
            return ran
        ran = self.block(node.condition, scope, inside)
        before = dict(scope.variables)
        ran = outputs(ran, self.unsure(node.body, scope, inside))
        if any(name in before and before[name] != value for name, value in scope.variables.items()):
            ran = outputs(ran, self.unsure(node.body, scope, inside))  # a later round sees what an earlier one changed
        return replace(ran, text=None)

    def _pipeline(self, node: Pipeline, scope: Scope, frame: Frame) -> Ran:
        if len(node.commands) == 1:
            return self.statement(node.commands[0], scope, frame)
        ran, flow = NOTHING, frame.input
        for command in node.commands:
            ran = self.statement(command, scope.copy(), replace(frame, input=flow))
            flow = Input(ran.text, ran.writers)
        return ran

    def _redirected(self, node: Redirected, scope: Scope, frame: Frame) -> Ran:
        redirects, flow = flows.redirections(node.redirections, self.expander(scope, frame), frame.input)
        first = len(self.readers)
        ran = self.statement(node.command, scope, replace(frame, input=flow))
        return self.grouped(redirects, ran, scope, frame, first)

    def grouped(
        self, redirects: tuple[Redirect, ...], ran: Ran, scope: Scope, frame: Frame, first: int | None = None
    ) -> Ran:
        """Redirections around several commands stand as a spawn without a program, unless they only bring text."""
        if all(redirect.operator.startswith("<<") for redirect in redirects):
            return ran
        self.emit(Command((), (), redirects), scope, replace(frame, input=Input(ran.text, ran.writers)))
        if first is not None:
            flows.feed(self, first, ran.writers)
        flows.written(redirects, ran, scope)
        return replace(ran, text=None) if flows.captured(redirects) else ran

    def _declaration(self, node: Declaration, scope: Scope, frame: Frame) -> Ran:
        expander = self.expander(scope, frame)
        words, flags = [Word(node.keyword)], ""
        hidden = node.keyword in ("local", "declare", "typeset")
        for item in node.items:
            if not isinstance(item, Assignment):
                found = expander.words((item,))
                flags += "".join(word.text[1:] for word in found if word.text.startswith("-"))
                words.extend(found)
                continue
            if hidden and "g" not in flags:
                scope.hide(item.name)
            value = Word(item.name) if item.bare else flows.assign(item, scope, expander)
            words.append(value if item.bare else replace(value, text=f"{item.name}={value.text}"))
            if hidden and "n" in flags:
                scope.set(item.name, Value(f"${item.name}", opaque=True))  # a name for another variable
            if "f" in flags and item.bare:
                scope.shared.add(item.name)
            elif (node.keyword == "export" and "n" not in flags) or "x" in flags:
                scope.exported.add(item.name)
        redirects, _ = flows.redirections(node.redirections, expander, frame.input)
        place = self.emit(Command(tuple(words), (), redirects), scope, frame, builtin=True)
        printed = not any(
            isinstance(item, Assignment) for item in node.items
        )  # `export`, `declare -x`: all that there is
        return Ran(None, (place,)) if printed else NOTHING

    # -- commands

    def expander(self, scope: Scope, frame: Frame) -> Expander:
        """Expansion at a place."""
        return Expander(scope, lambda part: flows.substitute(self, part, scope, frame), self.budget)

    def run(self, command: Command, scope: Scope, frame: Frame, *, shell: bool = True, functions: bool = True) -> Ran:
        """Walk one command of expanded words. `shell` where a shell looks the first word up, not a wrapper."""
        return simple.run(self, command, scope, frame, shell, functions)

    def program(self, command: Command, scope: Scope, frame: Frame, shell: bool = True) -> Ran:
        """Walk a command that is a program: what it wraps, and itself where it does something of its own."""
        return simple.program(self, command, scope, frame, shell)

    def plain(self, command: Command, scope: Scope, frame: Frame) -> Ran:
        """Walk a command that starts nothing but itself."""
        return simple.plain(self, command, scope, frame, True)

    def emit(
        self,
        command: Command,
        scope: Scope,
        frame: Frame,
        *,
        builtin: bool = False,
        opaque: tuple[str, ...] = (),
        code: str = "",
        language: str = "",
    ) -> int:
        """Add a spawn; gives its place."""
        self.budget.spawn(len(command.words))
        argv, assignments = command.words, command.assignments
        reasons = [*frame.opaque, *opaque]
        reads = frame.input.spawns
        if argv:
            head = argv[0]
            if (head.opaque or head.glob) and _UNSURE.search(head.text.rsplit("/", 1)[-1]):
                reasons.append("program")
                reads += head.spawns
            if any(word.opaque for word in argv[1:]):
                reasons.append("arguments")
            for word in argv:
                if word.spawns and "<(" in word.text:
                    reads += word.spawns
        if scope.exported and not frame.remote and not frame.container:
            named = {name for name, _ in assignments}
            exported = tuple(
                (name, Word(value.text, value.opaque, value.glob, value.spawns))
                for name, value in scope.environment()
                if name not in named
            )
            assignments = exported + assignments
            self.budget.give(len(exported))
        self.spawns.append(
            Spawn(
                argv,
                assignments,
                command.redirects,
                tuple(dict.fromkeys(reads)) if len(reads) > 1 else reads,
                frame.wrappers,
                frame.via,
                builtin,
                scope.cwd,
                frame.remote,
                frame.container,
                frame.user,
                frame.background,
                frame.repeated,
                frame.appended,
                code,
                language,
                tuple(dict.fromkeys(reasons)),
            )
        )
        return len(self.spawns) - 1
