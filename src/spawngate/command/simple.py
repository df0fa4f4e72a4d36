"""Simple commands: how one becomes spawns, with the wrappers around it taken off.

Belongs here: the order in which a shell looks a command up (function, alias, built-in, program), and what a wrapper
starts. Must not be here: statements (`command.walk`), which wrapper means what (`command.unwrap`), what built-ins
change (`command.builtins`), scripts that the text itself wrote (`command.scripts`).
"""

import itertools
import shlex
from typing import TYPE_CHECKING

from msgspec.structs import replace

from spawngate.command import builtins, filters, flows, recipes, scripts
from spawngate.command.budget import MAX_NESTED
from spawngate.command.expand import Expander
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, as_value, outputs
from spawngate.command.patterns import Pattern, Unknown
from spawngate.command.scope import Scope, Value, joined
from spawngate.command.spawn import Word
from spawngate.command.syntax import Simple
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.programs import PROGRAMS
from spawngate.command.unwrap.variables import started

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

MAX_GUESSES = 24
"""Programs that a pattern may mean before it counts as unknown."""
MAX_FORKS = 8
"""Readings of one command whose variables have alternatives."""


def walk(walker: "Walker", node: Simple, scope: Scope, frame: Frame) -> Ran:
    """Expand a simple command and walk every reading of it."""
    expander = walker.expander(scope, frame)
    first = len(walker.readers)
    words = expander.words(node.words)
    if not words:
        for assignment in node.assignments:
            flows.assign(assignment, scope, expander)
        redirects, flow = flows.redirections(node.redirections, expander, frame.input)
        if redirects:
            walker.emit(Command((), (), redirects), scope, replace(frame, input=flow))
            flows.written(redirects, NOTHING, scope)
        return NOTHING
    if not (node.assignments or node.redirections or expander.forks or frame.replayed):
        ran = run(walker, Command(tuple(words)), scope, frame, True, True)
        if len(walker.readers) > first:
            flows.feed(walker, first, ran.writers)
        return ran
    ran = NOTHING
    for place, choice in enumerate(_choices(expander)):
        expander.choice = choice
        words = expander.words(node.words) if place else words
        assignments = tuple((one.name, flows.value(one, scope, expander)) for one in node.assignments)
        redirects, flow = flows.redirections(node.redirections, expander, frame.input)
        if frame.replayed:
            words = [_replayed(word, frame) for word in words]
        command = Command(tuple(words), assignments, redirects)
        here = frame if flow is frame.input else replace(frame, input=flow)
        ran = outputs(ran, run(walker, command, scope, here, True, True))
    flows.feed(walker, first, ran.writers)
    return ran


def _choices(expander: Expander) -> list[dict[str, int]]:
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


def run(walker: "Walker", command: Command, scope: Scope, frame: Frame, shell: bool, functions: bool) -> Ran:
    """As `Walker.run`."""
    if not command.words:
        return NOTHING
    name = command.words[0].text
    if shell and not command.words[0].opaque:
        if functions and name in scope.functions:
            if name in frame.active:
                again = replace(frame, via="function", repeated=True, opaque=(*frame.opaque, "recursion"))
                return Ran(None, (walker.emit(command, scope, again),))
            sure = scope.functions[name][1]
            ran = _function(walker, command, scope, frame)
            if sure:
                return ran
        if functions and name in scope.aliases and name not in frame.active:
            _alias(walker, command, scope, frame)
        builtin = builtins.BUILTINS.get(name)
        if builtin is not None:
            return builtin(walker, command, scope, frame)
    return program(walker, command, scope, frame, shell)


def _function(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> Ran:
    name = command.words[0].text
    for variable, word in command.assignments:
        scope.set(variable, as_value(word))
    first = len(walker.readers)
    kept, scope.parameters = scope.parameters, tuple(as_value(word) for word in command.words[1:])
    scope.locals.append({})
    inside = replace(frame, via="function", active=(*frame.active, name))
    ran = walker.statement(scope.functions[name][0], scope, inside)
    scope.leave()
    scope.parameters = kept
    return walker.grouped(command.redirects, ran, scope, frame, first)


def _alias(walker: "Walker", command: Command, scope: Scope, frame: Frame) -> None:
    """What the alias says; the plain command is walked as well, because few shells expand aliases in a text."""
    walker.budget.step()
    name = command.words[0].text
    inside = replace(frame, via="alias", active=(*frame.active, name))
    text = scope.aliases[name]
    walker.budget.parse(len(text))
    statements = walker.parse(text)
    last = statements[-1] if statements else None
    if isinstance(last, Simple):
        walker.block(statements[:-1], scope, inside)
        expander = walker.expander(scope, inside)
        found = expander.words(last.words)
        redirects, flow = flows.redirections(last.redirections, expander, inside.input)
        assignments = tuple((one.name, flows.value(one, scope, expander)) for one in last.assignments)
        whole = Command(
            (*found, *command.words[1:]),
            (*assignments, *command.assignments),
            (*redirects, *command.redirects),
        )
        walker.run(whole, scope, replace(inside, input=flow))
    else:
        walker.block(statements, scope, inside)


def _guessed(command: Command) -> list[Command]:
    """A pattern in place of a program (`/bin/c?t`): the well-known programs that it may mean."""
    head = command.words[0]
    folder, slash, name = head.text.rpartition("/")
    if not head.glob or head.opaque or not slash or not folder.startswith("/") or len(name) > 64:
        return []
    try:
        pattern = Pattern(name)
        found = [known for known in sorted(PROGRAMS) if len(known) > 1 and pattern.matches(known)]
    except Unknown:
        return []
    if not 0 < len(found) <= MAX_GUESSES:
        return []
    return [replace(command, words=(Word(f"{folder}/{known}"), *command.words[1:])) for known in found]


def program(walker: "Walker", command: Command, scope: Scope, frame: Frame, shell: bool) -> Ran:
    """As `Walker.program`."""
    if command.words[0].glob and (guesses := _guessed(command)):
        ran = NOTHING
        here = replace(frame, opaque=(*frame.opaque, "glob"))
        for guess in guesses:
            ran = outputs(ran, program(walker, guess, scope, here, shell))
        return replace(ran, text=None)
    unwrapped = walker.unwrap(command.words) if walker.depth < MAX_NESTED else None
    if unwrapped is None or not unwrapped.inners:
        return plain(walker, command, scope, frame, shell)
    ran = NOTHING
    code = next((inner for inner in unwrapped.inners if inner.code is not None), None)
    stays = unwrapped.stays or code is not None
    if stays:
        ran = plain(walker, command, scope, frame, shell, code)
    first = len(walker.readers)
    held = replace(command, redirects=()) if stays else command
    walker.depth += 1
    for inner in unwrapped.inners:
        if inner.code is None:
            ran = outputs(ran, _inner(walker, inner, unwrapped.wrapper, held, scope, frame, first))
    walker.depth -= 1
    return ran if len(unwrapped.inners) == 1 and not stays else replace(ran, text=None)


def _inside(inner: Inner, wrapper: str, frame: Frame) -> Frame:
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
    walker: "Walker", inner: Inner, wrapper: str, command: Command, scope: Scope, outer: Frame, first: int
) -> Ran:
    frame = _inside(inner, wrapper, outer)
    away = bool(inner.remote or inner.container)
    inside = Scope(unsure=scope.unsure) if away else scope.process()
    if inner.cwd:
        inside.cwd = joined("" if away else scope.cwd, inner.cwd)
    assignments = (*command.assignments, *inner.assignments)
    if inner.words:
        ran = NOTHING
        for words, fed in scripts.fed(inner.words, command.words, frame, walker.budget):
            run_it = Command(words, assignments, command.redirects)
            if "program" in fed.opaque:
                ran = outputs(ran, _named(walker, run_it, wrapper, inside, fed))
            else:
                ran = outputs(ran, walker.run(run_it, inside, fed, shell=False))
        return ran
    for name, word in assignments:
        inside.set(name, as_value(word))
        inside.exported.add(name)
    if inner.reads_input:
        return _reads(walker, inner, frame, command, inside, outer)
    if inner.text is None:
        unknown = () if inner.opaque else ("program",)
        return Ran(None, (walker.emit(replace(command, words=()), scope, frame, opaque=unknown),))
    _parameters(inner, inside, frame)
    known = {word.text: word.spawns for word in command.words if word.opaque and word.spawns}
    # What is opaque about the text shows in its own words again, unless the text is nothing else.
    opaque = tuple(reason for reason in frame.opaque if reason != "code")
    frame = replace(frame, replayed={**frame.replayed, **known}, active=(), appended=False, opaque=opaque)
    ran = walker.text(inner.text, inside, frame, inner.dialect)
    return walker.grouped(command.redirects, ran, scope, outer, first)


def _named(walker: "Walker", command: Command, runner: str, scope: Scope, frame: Frame) -> Ran:
    """What a file of the project defines under a name: known only where the text itself wrote that file."""
    text = recipes.recipe(runner, command.words[0].text, scope.files) if scope.files else None
    known = tuple(reason for reason in frame.opaque if reason != "program")
    if text is None:
        place = walker.emit(command, scope, frame)
        scripts.source(walker, command.words[0].text, scope, replace(frame, opaque=known), place)
        return Ran(None, (place,))
    arguments = "".join(" " + shlex.quote(word.text) for word in command.words[1:])
    return walker.text(text + arguments, scope, replace(frame, opaque=known, active=()))


def _parameters(inner: Inner, scope: Scope, frame: Frame) -> None:
    """`$0`, `$1`, ... of a text; what xargs and its kin append is not known."""
    if inner.parameters:
        scope.variables["0"] = as_value(inner.parameters[0])
    if not frame.appended:
        scope.parameters = tuple(as_value(word) for word in inner.parameters[1:])
        return
    scope.parameters = None
    if not inner.parameters:
        scope.variables["0"] = Value("$0", opaque=True)
    for place, word in enumerate(inner.parameters[1:], 1):
        scope.variables[str(place)] = as_value(word)


def _reads(walker: "Walker", inner: Inner, frame: Frame, command: Command, scope: Scope, outer: Frame) -> Ran:
    """A shell or an interpreter that runs what it reads."""
    text = outer.input.text
    for word in command.words[1:]:
        if word.text.startswith("<("):
            text = None if word.opaque else scope.files.get(word.text)
            outer = replace(outer, input=Input(text, word.spawns))
            frame = replace(frame, input=outer.input)
            break
    extra = tuple(reason for reason in inner.opaque if text is None or reason != "input")
    here = replace(outer, opaque=tuple(dict.fromkeys((*outer.opaque, *extra))))
    if text is None:
        return Ran(None, (walker.emit(command, scope, here, opaque=("input",), language=inner.language),))
    if inner.language:
        place = walker.emit(command, scope, here, code=text, language=inner.language)
        scripts.code(walker, text, inner.language, scope, here)
        return Ran(None, (place,))
    taken = Input(None, here.input.spawns)
    frame = replace(frame, via="input", opaque=here.opaque, active=(), appended=False, input=taken)
    scope.parameters = tuple(as_value(word) for word in inner.parameters[1:])
    ran = walker.text(text, scope, frame, inner.dialect)
    return walker.grouped(command.redirects, ran, scope, outer)


def plain(
    walker: "Walker", command: Command, scope: Scope, frame: Frame, shell: bool, code: Inner | None = None
) -> Ran:
    """The command itself is a process; `code` is what it is handed as an interpreter."""
    words = command.words
    builtin = shell and words[0].text in builtins.NAMES and not words[0].opaque
    if code is None:
        place = walker.emit(command, scope, frame, builtin=builtin)
    else:
        place = walker.emit(
            command, scope, frame, builtin=builtin, opaque=code.opaque, code=code.code or "", language=code.language
        )
    text = None
    if not frame.remote and not any(word.opaque or word.glob for word in words):
        texts = [word.text for word in words]
        text = filters.with_files(texts, scope.files) if scope.files else None
        if text is None:
            text = filters.output(texts, frame.input.text)
    ran = Ran(text, (place,))
    flows.written(command.redirects, ran, scope)
    if text is not None and words[0].text.rsplit("/", 1)[-1] == "tee":
        for word in words[1:]:
            if not word.text.startswith("-") and len(scope.files) < flows.MAX_FILES:
                scope.files[flows.plain_path(word.text)] = text
    scripts.renamed(words, scope)
    if words[0].text in ("npm", "pnpm"):
        recipes.note([word.text for word in words], scope.files)
    if scope.files:
        scripts.follow(walker, command, scope, frame, place)
    if walker.spawns[place].assignments and walker.depth < MAX_NESTED:
        _variables(walker, command, scope, frame, place)
    return replace(ran, text=None) if flows.captured(command.redirects) else ran


def _variables(walker: "Walker", command: Command, scope: Scope, frame: Frame, place: int) -> None:
    """Commands in variables that the program acts on (`GIT_SSH_COMMAND=... git fetch`, `export PAGER=...; man ls`)."""
    spawn = walker.spawns[place]
    inners = started(command.words, spawn.assignments)
    if not inners or spawn.program in frame.wrappers:
        return
    first = len(walker.readers)
    walker.depth += 1
    for inner in inners:
        _inner(walker, inner, spawn.program, Command(command.words), scope, frame, first)
    walker.depth -= 1
