"""What flows between commands: redirections, substitutions, assignments, files that the text itself writes.

Belongs here: standard input and output of commands, as far as the text tells their content.
Must not be here: statements (`command.walk`), programs and wrappers (`command.simple`).
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from spawngate.command import filters
from spawngate.command.expand import Expander
from spawngate.command.frame import Command, Frame, Input, Ran, as_value
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Redirect, Word
from spawngate.command.syntax import Assignment, ProcessSubstitution, Redirection, Substitution
from spawngate.command.words import lex_document

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

MAX_FILES = 64
_PROMPTS = frozenset({"PS0", "PS1", "PS2", "PS4"})
"""Variables that Bash expands itself; PS4 in scripts too, under `set -x`."""
QUOTES = r"['\"]"
_ONTO = frozenset({">", ">>", ">|", "&>", "&>>", ">&"})
_READ = re.compile(r"<\s*[^\s;&|<>()$`]+")
"""`$(< file)`."""


def redirections(nodes: Sequence[Redirection], expander: Expander, flow: Input) -> tuple[tuple[Redirect, ...], Input]:
    """Redirections after expansion, and the standard input that they leave."""
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
            flow = Input(expander.scope.files.get(plain_path(target.text)), target.spawns)
    return tuple(found), flow


def captured(redirects: tuple[Redirect, ...]) -> bool:
    """Whether standard output goes elsewhere."""
    return any(redirect.operator in _ONTO and redirect.descriptor in (-1, 1) for redirect in redirects)


def written(redirects: tuple[Redirect, ...], ran: Ran, scope: Scope) -> None:
    """Files whose content is known now, or known no more."""
    for redirect in redirects:
        if redirect.operator not in _ONTO or redirect.operator == ">&" or redirect.descriptor not in (-1, 1):
            continue
        path = plain_path(redirect.target.text)
        old = scope.files.get(path, "") if redirect.operator in (">>", "&>>") else ""
        if ran.text is None or redirect.target.opaque:
            scope.files.pop(path, None)
        elif len(scope.files) < MAX_FILES and len(old) + len(ran.text) <= filters.MAX_OUTPUT:
            scope.files[path] = old + ran.text


def plain_path(path: str) -> str:
    """A path as `Scope.files` has it."""
    return path.removeprefix("./")


def feed(walker: "Walker", first: int, writers: tuple[int, ...]) -> None:
    """Spawns inside `>(...)`, from place `first` of `Walker.readers`, read what this command writes."""
    for reader in walker.readers[first:]:
        spawn = walker.spawns[reader]
        walker.spawns[reader] = replace(spawn, reads_from=tuple(dict.fromkeys((*spawn.reads_from, *writers))))
    del walker.readers[first:]


def substitute(walker: "Walker", part: Substitution | ProcessSubstitution, scope: Scope, frame: Frame) -> Value:
    """Walk what a substitution runs; what it gives, where that is known."""
    if part.written in frame.replayed:
        return Value(part.written, opaque=True, spawns=frame.replayed[part.written])
    if isinstance(part, ProcessSubstitution):
        return _process(walker, part, scope, frame)
    inside = replace(frame, via="substitution")
    code = part.code.strip()
    if code.startswith("<") and _READ.fullmatch(code):
        path = code[1:].strip()
        place = walker.emit(Command((), (), (Redirect("<", Word(path)),)), scope, inside)
        content = scope.files.get(plain_path(path))
        ran = Ran(content, (place,))
    else:
        ran = walker.text(part.code, scope.copy(), inside)
    if ran.text is None:
        return Value(part.written, opaque=True, spawns=ran.writers)
    walker.budget.produce(len(ran.text))
    return Value(ran.text.rstrip("\n").replace("\0", ""), spawns=ran.writers)


def _process(walker: "Walker", part: ProcessSubstitution, scope: Scope, frame: Frame) -> Value:
    inside = replace(frame, via="process-substitution", input=Input() if part.output else frame.input)
    before = len(walker.spawns)
    ran = walker.text(part.code, scope.copy(), inside)
    if part.output:
        walker.readers.extend(range(before, len(walker.spawns)))
        return Value(part.written, opaque=True)
    if ran.text is not None:
        scope.files[part.written] = ran.text
    return Value(part.written, opaque=ran.text is None, spawns=ran.writers)


def value(node: Assignment, scope: Scope, expander: Expander) -> Word:
    """What an assignment gives, without making it."""
    if node.elements is not None:
        found = expander.words(node.elements)
        spawns = tuple(spawn for word in found for spawn in word.spawns)
        return Word("(" + " ".join(word.text for word in found) + ")", any(w.opaque for w in found), spawns=spawns)
    word = expander.one(node.value)
    before = expander.lookup(node.name) if node.append else None
    if before is None:
        return word
    return Word(before.text + word.text, before.opaque or word.opaque, word.glob, before.spawns + word.spawns)


def element(name: str, key: str) -> str:
    """Under which name an element with a key of its own stands among the variables."""
    return f"{name}[{re.sub(QUOTES, '', key)}]"


def assign(node: Assignment, scope: Scope, expander: Expander) -> Word:
    """Make an assignment; gives its value as a word."""
    if node.bare:
        return Word(node.name)
    if node.elements is not None:
        values = tuple(as_value(word) for word in expander.words(node.elements))
        before = scope.arrays.get(node.name, ()) if node.append else ()
        scope.set_array(node.name, (before + values)[:256])
        if len(values) == len(node.keys):
            for key, one in zip(node.keys, values, strict=True):
                scope.variables[element(node.name, key)] = one
        return Word("(" + " ".join(one.text for one in values) + ")", any(one.opaque for one in values))
    word = value(node, scope, expander)
    if not node.index:
        scope.set(node.name, as_value(word))
        if node.name in _PROMPTS and not word.opaque:
            expander.one(lex_document(word.text))  # whatever it substitutes runs when the prompt is shown
        return word
    scope.set(element(node.name, node.index), as_value(word))
    if node.name == "BASH_ALIASES" and not word.opaque and len(scope.aliases) < MAX_FILES:
        scope.aliases[re.sub(QUOTES, "", node.index)] = word.text
    array = list(scope.arrays.get(node.name, ()))
    place = int(node.index) if node.index.isdecimal() and len(node.index) < 5 else -1
    if 0 <= place <= min(len(array), 255):
        array[place : place + 1] = [as_value(word)]
        scope.set_array(node.name, tuple(array))
    return word
