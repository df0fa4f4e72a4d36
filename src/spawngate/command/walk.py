"""The walk through a syntax tree: which processes it starts, in order, with what is known of each.

Belongs here: statements, and how a simple command becomes spawns. Must not be here: grammars of shells (parsers) and of
wrappers (`command.unwrap`), expansion (`command.expand`), what built-ins change (`command.builtins`).
Conditions count as open: every branch is walked, and what a branch changes is an alternative to what was before.
"""

import itertools
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace

from spawngate.command import builtins, filters
from spawngate.command.budget import MAX_NESTED, Budget
from spawngate.command.expand import Expander
from spawngate.command.frame import NOTHING, Frame, Input, Ran, outputs
from spawngate.command.scope import Scope, Value, joined
from spawngate.command.spawn import Redirect, Spawn, Word
from spawngate.command.syntax import (
    AndOr,
    Assignment,
    Background,
    Block,
    Case,
    Declaration,
    For,
    Function,
    Group,
    If,
    Pipeline,
    ProcessSubstitution,
    Redirected,
    Redirection,
    Simple,
    Statement,
    Substitution,
    Test,
    While,
)
from spawngate.command.unwrap.inner import Inner, Unwrapped

MAX_ROUNDS = 16
"""Rounds of a loop over known words that are walked one by one."""
MAX_FORKS = 8
"""Readings of one command whose variables have alternatives."""
_UNSURE = re.compile(r"[$`)}*?\[]")
_SCRIPT = re.compile(r"#!\s*\S*?(?:/env\s+(?:-S\s+)?)?([\w.+-]+)\s*(?:\s\S*)?\n")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash"})
_CODE = {
    "py": "python",
    "js": "javascript",
    "mjs": "javascript",
    "rb": "ruby",
    "pl": "perl",
    "php": "php",
    "lua": "lua",
}

Unwrap = Callable[[tuple[Word, ...]], Unwrapped | None]


class Walker:
    """Walks one program. `parse` gives the statements of a text in a dialect."""

    def __init__(self, parse: Callable[[str], Block], unwrap: Unwrap, budget: Budget) -> None:
        self.parse = parse
        self.unwrap = unwrap
        self.budget = budget
        self.spawns: list[Spawn] = []
        self.opaque: dict[str, None] = {}
        """What of the whole is not known, in the order in which it was met."""
        self.other: Callable[[str, str, Scope, Frame], Ran] | None = None
        """Walks a text of another dialect."""
        self._depth = 0
        self._readers: list[int] = []
        """Spawns inside `>(...)`, which read from the command that is being walked."""

    # -- statements

    def block(self, statements: Block, scope: Scope, frame: Frame) -> Ran:
        """Walk statements one after the other."""
        ran = NOTHING
        for statement in statements:
            ran = outputs(ran, self.statement(statement, scope, frame))
        return ran

    def statement(self, node: Statement, scope: Scope, frame: Frame) -> Ran:
        """Walk one statement."""
        self.budget.step()
        if self._depth >= MAX_NESTED:
            return self._too_deep(frame, scope)
        self._depth += 1
        try:
            if isinstance(node, Simple):
                return self._simple(node, scope, frame)
            if isinstance(node, Pipeline):
                return self._pipeline(node, scope, frame)
            if isinstance(node, AndOr):
                ran = self.statement(node.commands[0], scope, frame)
                rest = self.unsure(node.commands[1:], scope, frame)
                return replace(outputs(ran, rest), text=outputs(ran, rest).text if node.all else None)
            if isinstance(node, Redirected):
                return self._redirected(node, scope, frame)
            if isinstance(node, Group):
                return self.block(node.body, scope.copy() if node.subshell else scope, frame)
            if isinstance(node, Declaration):
                return self._declaration(node, scope, frame)
            if isinstance(node, Background):
                return replace(self.statement(node.command, scope.copy(), replace(frame, background=True)), text=None)
            return self._compound(node, scope, frame)
        finally:
            self._depth -= 1

    def unsure(self, statements: Block, scope: Scope, frame: Frame) -> Ran:
        """Walk statements that may not run."""
        scope.unsure += 1
        try:
            return self.block(statements, scope, frame)
        finally:
            scope.unsure -= 1

    def text(self, text: str, scope: Scope, frame: Frame) -> Ran:
        """Walk a text that a shell reads."""
        if self._depth >= MAX_NESTED:
            return self._too_deep(frame, scope)
        self.budget.parse(len(text))
        self._depth += 1
        try:
            return self.block(self.parse(text), scope, frame)
        finally:
            self._depth -= 1

    def _too_deep(self, frame: Frame, scope: Scope) -> Ran:
        self.opaque["too-deep"] = None
        return Ran(None, (self.emit((), scope, frame, opaque=("program",)),))

    def _compound(self, node: For | While | If | Case | Function | Test, scope: Scope, frame: Frame) -> Ran:
        if isinstance(node, Function):
            scope.functions[node.name] = (node.body, scope.unsure == 0)
            return NOTHING
        if isinstance(node, Test):
            expander = self._expander(scope, frame)
            for word in node.words:
                expander.one(word)
            return NOTHING
        if isinstance(node, For):
            return self._for(node, scope, frame)
        if isinstance(node, While):
            return self._while(node, scope, frame)
        ran = NOTHING
        if isinstance(node, Case):
            self._expander(scope, frame).one(node.subject)
            for _, body in node.arms:
                ran = outputs(ran, self.unsure(body, scope, frame))
            return replace(ran, text=None)
        for place, (condition, body) in enumerate(node.branches):
            ran = outputs(ran, self.unsure(condition, scope, frame) if place else self.block(condition, scope, frame))
            ran = outputs(ran, self.unsure(body, scope, frame))
        return replace(ran, text=None)

    def _for(self, node: For, scope: Scope, frame: Frame) -> Ran:
        inside = replace(frame, repeated=True)
        if node.items is None:
            values = scope.parameters
        else:
            words = self._expander(scope, frame).words(node.items)
            values = tuple(Value(word.text, word.opaque, word.glob, word.spawns) for word in words)
        if values is None:
            values = (Value(f"${node.name}", opaque=True),)
        rounds = values[:MAX_ROUNDS]
        if len(values) > MAX_ROUNDS:
            rounds += (Value(f"${node.name}", opaque=True),)
        ran = NOTHING
        for place, value in enumerate(rounds):
            if place and scope.unsure == 0 and value.opaque:
                scope.variables.pop(node.name, None)
            kept, scope.unsure = scope.unsure, 0
            scope.set(node.name, replace(value, text=f"${node.name}") if value.opaque else value)
            scope.unsure = kept
            ran = outputs(ran, self.block(node.body, scope, inside))
        return ran if len(values) <= MAX_ROUNDS else replace(ran, text=None)

    def _while(self, node: While, scope: Scope, frame: Frame) -> Ran:
        inside = replace(frame, repeated=True)
        lines = builtins.lines_read(node.condition, frame.input)
        if lines is not None:
            ran = NOTHING
            for line in lines[:MAX_ROUNDS]:
                fed = replace(inside, input=Input(line, frame.input.spawns))
                self.block(node.condition, scope, fed)
                ran = outputs(ran, self.block(node.body, scope, replace(inside, input=Input(None, frame.input.spawns))))
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
        redirects, flow = self._redirections(node.redirections, self._expander(scope, frame), frame.input)
        first = len(self._readers)
        ran = self.statement(node.command, scope, replace(frame, input=flow))
        return self.grouped(redirects, ran, scope, frame, first)

    def grouped(
        self, redirects: tuple[Redirect, ...], ran: Ran, scope: Scope, frame: Frame, first: int | None = None
    ) -> Ran:
        """Redirections around several commands stand as a spawn without a program, unless they only bring text."""
        if all(redirect.operator.startswith("<<") for redirect in redirects):
            return ran
        self.emit((), scope, replace(frame, input=Input(ran.text, ran.writers)), redirects=redirects)
        if first is not None:
            self._feed(first, ran.writers)
        self._written(redirects, ran, scope)
        return replace(ran, text=None) if _captured(redirects) else ran

    def _declaration(self, node: Declaration, scope: Scope, frame: Frame) -> Ran:
        expander = self._expander(scope, frame)
        words, flags = [Word(node.keyword)], ""
        for item in node.items:
            if not isinstance(item, Assignment):
                found = expander.words((item,))
                flags += "".join(word.text[1:] for word in found if word.text.startswith("-"))
                words.extend(found)
                continue
            if node.keyword in ("local", "declare", "typeset") and "g" not in flags:
                scope.hide(item.name)
            value = Word(item.name) if item.bare else self._assign(item, scope, expander)
            words.append(value if item.bare else replace(value, text=f"{item.name}={value.text}"))
            if "n" in flags and node.keyword in ("declare", "typeset", "local"):
                scope.set(item.name, Value(f"${item.name}", opaque=True))
            if (node.keyword == "export" and "n" not in flags) or "x" in flags:
                scope.exported.add(item.name)
        redirects, _ = self._redirections(node.redirections, expander, frame.input)
        self.emit(tuple(words), scope, frame, redirects=redirects, builtin=True)
        return NOTHING

    # -- simple commands

    def _expander(self, scope: Scope, frame: Frame) -> Expander:
        return Expander(scope, lambda part: self._substitute(part, scope, frame), self.budget)

    def _simple(self, node: Simple, scope: Scope, frame: Frame) -> Ran:
        expander = self._expander(scope, frame)
        first = len(self._readers)
        words = expander.words(node.words)
        if not words:
            for assignment in node.assignments:
                self._assign(assignment, scope, expander)
            redirects, flow = self._redirections(node.redirections, expander, frame.input)
            if redirects:
                self.emit((), scope, replace(frame, input=flow), redirects=redirects)
                self._written(redirects, NOTHING, scope)
            return NOTHING
        ran = NOTHING
        for place, choice in enumerate(_choices(expander, lambda: expander.words(node.words))):
            expander.choice = choice
            words = expander.words(node.words) if place else words
            if not words:
                continue
            assignments = tuple((one.name, self._value(one, scope, expander)) for one in node.assignments)
            redirects, flow = self._redirections(node.redirections, expander, frame.input)
            if frame.replayed:
                words = [_replayed(word, frame) for word in words]
            ran = outputs(ran, self.run(tuple(words), scope, replace(frame, input=flow), assignments, redirects))
        self._feed(first, ran.writers)
        return ran

    def run(
        self,
        words: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...] = (),
        redirects: tuple[Redirect, ...] = (),
        *,
        shell: bool = True,
        functions: bool = True,
    ) -> Ran:
        """Walk one command of expanded words. `shell` where a shell looks the first word up, not a wrapper."""
        if not words:
            return NOTHING
        name = words[0].text
        if shell and not words[0].opaque:
            if functions and name in scope.functions and name not in frame.active:
                ran = self._function(words, scope, frame, assignments, redirects)
                if scope.functions.get(name, (None, True))[1]:
                    return ran
            elif functions and name in scope.functions:
                again = replace(frame, via="function", repeated=True, opaque=(*frame.opaque, "recursion"))
                return Ran(None, (self.emit(words, scope, again, assignments, redirects),))
            if functions and name in scope.aliases and name not in frame.active:
                self._alias(words, scope, frame, assignments, redirects)
            builtin = builtins.BUILTINS.get(name)
            if builtin is not None:
                return builtin(self, words, scope, frame, assignments, redirects)
        return self.program(words, scope, frame, assignments, redirects, shell)

    def _function(
        self,
        words: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...],
        redirects: tuple[Redirect, ...],
    ) -> Ran:
        body = scope.functions[words[0].text][0]
        for name, word in assignments:
            scope.set(name, _as_value(word))
        first = len(self._readers)
        kept, scope.parameters = scope.parameters, tuple(_as_value(word) for word in words[1:])
        scope.locals.append({})
        inside = replace(frame, via="function", active=(*frame.active, words[0].text))
        ran = self.statement(body, scope, inside)
        scope.leave()
        scope.parameters = kept
        return self.grouped(redirects, ran, scope, frame, first)

    def _alias(
        self,
        words: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...],
        redirects: tuple[Redirect, ...],
    ) -> None:
        """What the alias says; the plain command is walked as well, because few shells expand aliases in a text."""
        self.budget.step()
        text = scope.aliases[words[0].text]
        inside = replace(frame, via="alias", active=(*frame.active, words[0].text))
        statements = self.parse(text)
        last = statements[-1] if statements else None
        if isinstance(last, Simple):
            self.block(statements[:-1], scope, inside)
            found = tuple(self._expander(scope, inside).words(last.words))
            self.run((*found, *words[1:]), scope, inside, assignments, redirects)
        else:
            self.block(statements, scope, inside)

    def program(
        self,
        words: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...],
        redirects: tuple[Redirect, ...],
        shell: bool = True,
    ) -> Ran:
        """Walk a command that is a program: what it wraps, and itself where it does something of its own."""
        unwrapped = self.unwrap(words) if self._depth < MAX_NESTED else None
        if unwrapped is None or not unwrapped.inners:
            return self.plain(words, scope, frame, assignments, redirects, shell)
        ran = NOTHING
        code = next((inner for inner in unwrapped.inners if inner.code is not None), None)
        if unwrapped.stays or code is not None:
            ran = self.plain(words, scope, frame, assignments, redirects, shell, code)
        first = len(self._readers)
        self._depth += 1
        for inner in unwrapped.inners:
            if inner.code is None:
                inside = self._inside(inner, unwrapped.wrapper, frame)
                held = () if unwrapped.stays else redirects
                ran = outputs(ran, self._inner(inner, words, scope, inside, assignments, held, frame, first))
        self._depth -= 1
        return ran if len(unwrapped.inners) == 1 and not unwrapped.stays else replace(ran, text=None)

    def _inside(self, inner: Inner, wrapper: str, frame: Frame) -> Frame:
        return replace(
            frame,
            via=inner.via,
            wrappers=(*frame.wrappers, wrapper),
            remote=inner.remote or frame.remote,
            container=inner.container or frame.container,
            user=inner.user or frame.user,
            background=frame.background or inner.background,
            repeated=frame.repeated or inner.repeated,
            appended=frame.appended or inner.appended,
            opaque=tuple(dict.fromkeys((*frame.opaque, *inner.opaque))),
        )

    def _inner(
        self,
        inner: Inner,
        words: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...],
        redirects: tuple[Redirect, ...],
        outer: Frame,
        first: int,
    ) -> Ran:
        away = bool(inner.remote or inner.container)
        inside = Scope(unsure=scope.unsure) if away else scope.process()
        if inner.cwd:
            inside.cwd = joined("" if away else scope.cwd, inner.cwd)
        if inner.words:
            held = (*assignments, *inner.assignments)
            command, frame = _fed(inner.words, frame)
            inside.exported = set() if away else inside.exported
            return self.run(command, inside, frame, held, redirects, shell=False)
        for name, word in (*assignments, *inner.assignments):
            inside.set(name, _as_value(word))
            inside.exported.add(name)
        text, via = inner.text, frame.via
        if text is None and inner.reads_input:
            text, via = frame.input.text, "input"
            if text is None or inner.language:
                opaque: tuple[str, ...] = ("input",) if text is None else ()
                found = self.emit(words, scope, frame, assignments, redirects, opaque=opaque)
                if text is not None:
                    self.spawns[found] = replace(self.spawns[found], code=text, code_language=inner.language)
                return Ran(None, (found,))
        if text is None:
            opaque = () if inner.opaque else ("program",)
            return Ran(None, (self.emit((), scope, frame, assignments, redirects, opaque=opaque),))
        inside.parameters = None if inner.appended else tuple(_as_value(word) for word in inner.parameters[1:])
        if inner.parameters:
            inside.variables["0"] = _as_value(inner.parameters[0])
        known = {word.text: word.spawns for word in words if word.opaque and word.spawns}
        frame = replace(frame, via=via, replayed={**frame.replayed, **known}, active=())
        if inner.dialect != "posix" and self.other is not None:
            ran = self.other(text, inner.dialect, inside, frame)
        else:
            ran = self.text(text, inside, frame)
        return self.grouped(redirects, ran, scope, outer, first)

    def plain(
        self,
        words: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...],
        redirects: tuple[Redirect, ...],
        shell: bool = True,
        code: Inner | None = None,
    ) -> Ran:
        """The command itself is a process."""
        builtin = shell and words[0].text in builtins.NAMES and not words[0].opaque
        name = words[0].text.rsplit("/", 1)[-1]
        fed = any(word.opaque and "<(" in word.text for word in words[1:2]) and name in _SHELLS
        opaque = ("input",) if fed else ()
        place = self.emit(words, scope, frame, assignments, redirects, builtin=builtin, opaque=opaque)
        if code is not None:
            opaque = tuple(dict.fromkeys((*self.spawns[place].opaque, *code.opaque)))
            self.spawns[place] = replace(
                self.spawns[place], code=code.code or "", code_language=code.language, opaque=opaque
            )
        text = None
        if not any(word.opaque or word.glob for word in words) and not frame.remote:
            text = filters.output([word.text for word in words], frame.input.text)
        ran = Ran(text, (place,))
        self._written(redirects, ran, scope)
        if name == "tee" and text is not None:
            for word in words[1:]:
                scope.files[word.text] = text
        self._script(words, scope, frame, place)
        return replace(ran, text=None) if _captured(redirects) else ran

    def _script(self, words: tuple[Word, ...], scope: Scope, frame: Frame, place: int) -> None:
        """A file that the text wrote before it ran it."""
        if not scope.files:
            return
        name = words[0].text.rsplit("/", 1)[-1]
        targets = (
            [word for word in words[1:] if not word.text.startswith(("-", "+"))] if name in _SHELLS else [words[0]]
        )
        if name.rstrip("0123456789.") in ("python", "node", "ruby", "perl", "php", "lua", "bun", "deno"):
            targets = [word for word in words[1:] if not word.text.startswith("-")]
        content = scope.files.get(_plain_path(targets[0].text)) if targets else None
        if content is None:
            return
        shebang = _SCRIPT.match(content)
        suffix = _CODE.get(targets[0].text.rsplit(".", 1)[-1], "")
        if name not in _SHELLS and (targets[0] is not words[0] or (shebang and shebang.group(1) not in _SHELLS)):
            language = suffix or (shebang.group(1).rstrip("0123456789.") if shebang else name.rstrip("0123456789."))
            language = "javascript" if language in ("node", "bun", "deno") else language
            self.spawns[place] = replace(self.spawns[place], code=content, code_language=language)
            return
        inside = scope.process()
        inside.parameters = tuple(_as_value(word) for word in words[words.index(targets[0]) + 1 :])
        inside.files = {path: text for path, text in scope.files.items() if text is not content}
        shown = (*frame.wrappers, name) if name in _SHELLS else frame.wrappers
        self.text(content, inside, replace(frame, via="script", wrappers=shown))

    def emit(
        self,
        argv: tuple[Word, ...],
        scope: Scope,
        frame: Frame,
        assignments: tuple[tuple[str, Word], ...] = (),
        redirects: tuple[Redirect, ...] = (),
        *,
        builtin: bool = False,
        opaque: tuple[str, ...] = (),
    ) -> int:
        """Add a spawn; gives its place."""
        self.budget.spawn()
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
        self.spawns.append(
            Spawn(
                argv,
                assignments,
                redirects,
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
                "",
                "",
                tuple(dict.fromkeys(reasons)),
            )
        )
        return len(self.spawns) - 1

    # -- parts

    def _substitute(self, part: Substitution | ProcessSubstitution, scope: Scope, frame: Frame) -> Value:
        if part.written in frame.replayed:
            return Value(part.written, opaque=True, spawns=frame.replayed[part.written])
        if isinstance(part, ProcessSubstitution):
            inside = replace(frame, via="process-substitution", input=Input() if part.output else frame.input)
            before = len(self.spawns)
            ran = self.text(part.code, scope.copy(), inside)
            if part.output:
                self._readers.extend(range(before, len(self.spawns)))
                return Value(part.written, opaque=True)
            if ran.text is not None:
                scope.files[part.written] = ran.text
            return Value(part.written, opaque=ran.text is None, spawns=ran.writers)
        code = part.code.strip()
        if code.startswith("<") and re.fullmatch(r"<\s*[^\s;&|<>()$`]+", code):
            content = scope.files.get(_plain_path(code[1:].strip()))
            inside = replace(frame, via="substitution")
            redirect = Redirect("<", Word(code[1:].strip()))
            place = self.emit((), scope, inside, redirects=(redirect,))
            if content is None:
                return Value(part.written, opaque=True, spawns=(place,))
            return Value(content.rstrip("\n"), spawns=(place,))
        ran = self.text(part.code, scope.copy(), replace(frame, via="substitution"))
        if ran.text is None:
            return Value(part.written, opaque=True, spawns=ran.writers)
        self.budget.produce(len(ran.text))
        return Value(ran.text.rstrip("\n").replace("\0", ""), spawns=ran.writers)

    def _value(self, node: Assignment, scope: Scope, expander: Expander) -> Word:
        """What an assignment gives, without making it."""
        if node.elements is not None:
            found = expander.words(node.elements)
            spawns = tuple(spawn for word in found for spawn in word.spawns)
            return Word("(" + " ".join(word.text for word in found) + ")", any(w.opaque for w in found), spawns=spawns)
        word = expander.one(node.value)
        if node.append:
            before = expander.lookup(node.name)
            if before is None:
                return word
            return Word(before.text + word.text, before.opaque or word.opaque, word.glob, before.spawns + word.spawns)
        return word

    def _assign(self, node: Assignment, scope: Scope, expander: Expander) -> Word:
        if node.bare:
            return Word(node.name)
        if node.elements is not None:
            values = tuple(_as_value(word) for word in expander.words(node.elements))
            before = scope.arrays.get(node.name, ()) if node.append else ()
            scope.set_array(node.name, (before + values)[:256])
            return Word("(" + " ".join(value.text for value in values) + ")", any(value.opaque for value in values))
        word = self._value(node, scope, expander)
        if node.index:
            array = list(scope.arrays.get(node.name, ()))
            place = int(node.index) if node.index.isdigit() and len(node.index) < 5 else -1
            if 0 <= place <= min(len(array), 255):
                array[place : place + 1] = [_as_value(word)]
                scope.set_array(node.name, tuple(array))
            else:
                scope.arrays.pop(node.name, None)
                scope.set(node.name, Value(f"${node.name}", opaque=True, spawns=word.spawns))
            return word
        scope.set(node.name, _as_value(word))
        return word

    def _redirections(
        self, nodes: Sequence[Redirection], expander: Expander, flow: Input
    ) -> tuple[tuple[Redirect, ...], Input]:
        """Redirections, and the standard input that they leave."""
        found: list[Redirect] = []
        for node in nodes:
            if node.body is not None:
                content = expander.document(node.body)
                found.append(Redirect(node.operator, Word(""), node.descriptor, content.text))
                if node.descriptor in (-1, 0):
                    flow = Input(None if content.opaque else content.text, content.spawns)
                continue
            target = expander.one(node.target)
            if node.operator == "<<<":
                found.append(Redirect(node.operator, Word(""), node.descriptor, target.text))
                flow = Input(None if target.opaque else target.text + "\n", target.spawns)
                continue
            found.append(Redirect(node.operator, target, node.descriptor))
            if node.operator in ("<", "<>") and node.descriptor in (-1, 0):
                content_text = expander.scope.files.get(_plain_path(target.text))
                flow = Input(content_text, target.spawns)
        return tuple(found), flow

    def _feed(self, first: int, writers: tuple[int, ...]) -> None:
        """Spawns inside `>(...)` read what this command writes."""
        for reader in self._readers[first:]:
            spawn = self.spawns[reader]
            self.spawns[reader] = replace(spawn, reads_from=tuple(dict.fromkeys((*spawn.reads_from, *writers))))
        del self._readers[first:]

    def _written(self, redirects: tuple[Redirect, ...], ran: Ran, scope: Scope) -> None:
        """Files whose content is now known, or known no more."""
        for redirect in redirects:
            if redirect.operator not in (">", ">>", ">|", "&>", "&>>") or redirect.descriptor not in (-1, 1):
                continue
            path = _plain_path(redirect.target.text)
            old = scope.files.get(path, "") if redirect.operator in (">>", "&>>") else ""
            if ran.text is None or redirect.target.opaque:
                scope.files.pop(path, None)
            elif len(scope.files) < 64 and len(old) + len(ran.text) <= filters.MAX_OUTPUT:
                scope.files[path] = old + ran.text


def _plain_path(path: str) -> str:
    return path.removeprefix("./")


def _as_value(word: Word) -> Value:
    return Value(word.text, word.opaque, word.glob, word.spawns)


def _captured(redirects: tuple[Redirect, ...]) -> bool:
    """Whether standard output goes elsewhere."""
    return any(
        redirect.operator in (">", ">>", ">|", "&>", "&>>", ">&") and redirect.descriptor in (-1, 1)
        for redirect in redirects
    )


def _choices(expander: Expander, again: Callable[[], object]) -> list[dict[str, int]]:
    """Every reading of a command whose variables have alternatives; the first one is that of the latest values."""
    if not expander.forks:
        return [{}]
    names = list(expander.forks)
    every = itertools.product(*(range(expander.forks[name]) for name in names))
    return [dict(zip(names, choice, strict=True)) for choice in itertools.islice(every, MAX_FORKS)]


def _replayed(word: Word, frame: Frame) -> Word:
    """A word that holds what an outer shell has put in knows whose output that was."""
    if not word.opaque or word.spawns:
        return word
    spawns = tuple(
        spawn
        for written, found in frame.replayed.items()
        if word.text in written or written in word.text
        for spawn in found
    )
    return replace(word, spawns=tuple(dict.fromkeys(spawns)))


def _fed(words: tuple[Word, ...], frame: Frame) -> tuple[tuple[Word, ...], Frame]:
    """xargs and its kin: words that come through a known standard input."""
    text = frame.input.text
    if not frame.appended or text is None or frame.wrappers[-1] != "xargs":
        return words, frame
    try:
        more = shlex.split(text)[:256]
    except ValueError:
        return words, frame
    return (*words, *(Word(one) for one in more)), replace(frame, appended=False)
