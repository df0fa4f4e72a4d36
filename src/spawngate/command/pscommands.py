"""Commands of PowerShell: words, call operators, `Invoke-Expression`, `Start-Process`, functions that the text defines.

Belongs here: one command of tree-sitter-powershell's tree. Must not be here: statements and pipelines
(`command.powershell`), what expressions give (`command.psvalues`), grammars of wrappers.
Sources: about_Operators, about_Parsing, about_Functions, Invoke-Expression, Start-Process, Invoke-Command at
learn.microsoft.com/powershell.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from tree_sitter import Node

from spawngate.command.budget import ARGUMENT_COST
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, as_value, outputs
from spawngate.command.patterns import Pattern, Unknown
from spawngate.command.psvalues import Values
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Redirect, Word
from spawngate.launch.argv import word_set

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

_EXPRESSION_COMMANDS = word_set("iex invoke-expression")
_MOVES = word_set("cd chdir sl set-location push-location pushd")
_ECHOES = word_set("echo write write-output write-host")
_STARTS = word_set("start-process saps start")
_REMOTE = word_set("invoke-command icm enter-pssession etsn new-pssession nsn")
_EACH = word_set("% foreach-object foreach")
_JOBS = word_set("start-job sajb start-threadjob")
_LOOKUPS = word_set("gcm get-command gal get-alias")
_COMMANDS = (
    "Invoke-Expression",
    "Invoke-WebRequest",
    "Invoke-RestMethod",
    "Invoke-Command",
    "Start-Process",
    "Remove-Item",
)
"""What `Get-Command` with a pattern is asked for by those who hide it."""
_SETS = word_set("set-variable sv new-variable nv")
_ALIASES = word_set("set-alias sal new-alias nal")
_SHORT = {
    "type": "Get-Content",
    "kill": "Stop-Process",
    "spsv": "Stop-Service",
    "clc": "Clear-Content",
    "rp": "Remove-ItemProperty",
    "rni": "Rename-Item",
    "iwmi": "Invoke-WmiMethod",
    "gcb": "Get-Clipboard",
    "epcsv": "Export-Csv",
    "ipcsv": "Import-Csv",
}
"""Aliases that every session has, and that mean something else elsewhere or nothing. The readers of `command.tools`
know the others (about_Aliases, `Get-Alias` of PowerShell 7.4)."""
_VERB = re.compile(r"[a-z]+-[a-z]\w*")


_SCRIPTED = re.compile(
    r"""(?i)(?:\.(?:InvokeScript|AddScript|NewScriptBlock)|\[scriptblock\]::Create)\(\s*('(?:[^']|'')*'|"[^"$`]*")\s*\)"""
)
"""Methods that run, or make ready to be run, a text."""
_CREATED = re.compile(r"""(?i)\(\s*\[scriptblock\]::Create\(\s*(?:'(?:[^']|'')*'|"[^"$`]*")\s*\)\s*\)""")


class Commands:
    """Walks commands of one text; statements are walked by `block` of the whole."""

    def __init__(self, walker: "Walker", text: str, scope: Scope, frame: Frame) -> None:
        self.walker = walker
        self.text = text
        self.values = Values(text, scope, walker.budget, self.inside, self.called)
        self.scope = scope
        self.frame = frame
        self.dashed: frozenset[int] = frozenset()
        """Places of the parameters (`-Name`) among the words read last."""

    def source(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    def block(self, nodes: Sequence[Node], scope: Scope, frame: Frame) -> Ran:
        """Walk statements one after the other."""
        raise NotImplementedError

    # -- what expressions run

    def inside(self, nodes: Sequence[Node]) -> Ran:
        """Statements inside an expression: `$(...)`, `(...)`."""
        return self.block(nodes, self.scope, replace(self.frame, via="substitution"))

    def called(self, text: str, spawns: tuple[int, ...]) -> Value:
        """A method that is called: code of its own kind."""
        script = _SCRIPTED.search(text)
        if script is not None:
            inner = self.values.bare(script.group(1))
            if not inner.opaque:
                inside = replace(self.frame, via="eval", wrappers=(*self.frame.wrappers, "invokescript"))
                ran = self.walker.text(inner.text, self.scope, inside, "powershell")
                return Value(text, opaque=True, spawns=ran.writers)
        here = replace(self.frame, input=Input(None, spawns))
        place = self.walker.emit(Command(()), self.scope, here, code=text, language="powershell")
        return Value(text, opaque=True, spawns=(place,))

    def redirection(self, node: Node) -> Redirect:
        text = self.source(node)
        found = re.match(r"([*\d]?)(>>|>&|>|<)\s*(.*)", text, re.DOTALL)
        number, operator, target = found.groups() if found else ("", ">", text)
        value = self.values.bare(target)
        return Redirect(operator, as_word(value), int(number) if number.isdecimal() else -1)

    # -- commands

    def command(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        words, redirects, blocks = self.words(node)
        if not words:
            for block in blocks:
                self.block(block.children, scope, frame)
            return NOTHING
        call = node.children[0].type == "command_invokation_operator"
        name = words[0].text.lower()
        if name in _SHORT and name not in scope.aliases and name not in scope.texts:
            words = (Word(_SHORT[name]), *words[1:])
            name = words[0].text.lower()
        first = node.child_by_field_name("command_name")
        if call and first is not None and (body := self.body(first)) is not None:
            ran = self.block(body, scope, frame)
            return self.walker.grouped(redirects, ran, scope, frame)
        if call and first is not None and _CREATED.fullmatch(self.source(first)) and words[0].spawns:
            # What the text starts is known since it was made ready.
            return self.walker.grouped(redirects, Ran(None, words[0].spawns), scope, frame)
        command = Command(words, (), redirects)
        if not words[0].opaque:
            ran_here = self.known(name, command, blocks, scope, frame)
            if ran_here is not None:
                return ran_here
        ran = self.walker.program(command, scope, frame, shell=False)
        if _VERB.fullmatch(name) and ran.writers:
            self.walker.spawns[ran.writers[0]] = replace(self.walker.spawns[ran.writers[0]], builtin=True)
        each = replace(frame, via="function", repeated=frame.repeated or name in _EACH, input=frame.input)
        each = replace(each, background=frame.background or name in _JOBS)
        if name in _REMOTE:
            each = replace(each, remote=_option(words, "computername", "cn") or frame.remote)
        for block in blocks:
            kept = scope.variables.get("_")
            scope.variables["_"] = Value("$_", opaque=True, spawns=frame.input.spawns)
            ran = outputs(ran, self.block(block.children, scope, each))
            scope.variables.pop("_")
            if kept is not None:
                scope.variables["_"] = kept
        text = ran.text
        if name in _LOOKUPS and len(words) > 1:
            found = [known for known in _COMMANDS if _like(words[-1].text, known)]
            text = found[0] + "\n" if found else None
        if name in _ECHOES:
            plain = [word for word in words[1:] if not word.text.startswith("-")]
            text = None if any(word.opaque for word in plain) else "".join(word.text + "\n" for word in plain)
        return replace(ran, text=text)

    def known(self, name: str, command: Command, blocks: list[Node], scope: Scope, frame: Frame) -> Ran | None:
        """Commands that run or change something of this shell; None for all others."""
        words = command.words
        if name in _EXPRESSION_COMMANDS:
            return self.evaluated(command, scope, frame)
        if name in scope.aliases:
            renamed = replace(command, words=(Word(scope.aliases[name]), *words[1:]))
            scope_alias = scope.aliases.pop(name)
            ran = self.known(scope_alias.lower(), renamed, blocks, scope, replace(frame, via="alias"))
            ran = ran or self.walker.program(renamed, scope, replace(frame, via="alias"), shell=False)
            scope.aliases[name] = scope_alias
            return ran
        if name in scope.texts:
            return self.function(name, command, scope, frame)
        plain = [word for word in words[1:] if not word.text.startswith("-")]
        if name in _MOVES:
            place = self.walker.emit(command, scope, frame, builtin=True)
            if plain:
                scope.enter(plain[0].text.replace("\\", "/") if "/" not in scope.cwd else plain[0].text)
            return Ran("", (place,))
        if name in _ALIASES and len(plain) > 1:
            scope.aliases[plain[0].text.lower()] = plain[1].text
            return Ran("", (self.walker.emit(command, scope, frame, builtin=True),))
        if name in _SETS and len(plain) > 1:
            scope.set(plain[0].text.lower(), as_value(plain[1]))
            return Ran("", (self.walker.emit(command, scope, frame, builtin=True),))
        if name in _STARTS:
            return self.started(command, scope, frame)
        return None

    def evaluated(self, command: Command, scope: Scope, frame: Frame) -> Ran:
        """`Invoke-Expression`: a text as argument or through the pipeline."""
        plain = [word for word in command.words[1:] if not re.fullmatch(r"(?i)-c\w*:?", word.text)]
        spawns = tuple(spawn for word in plain for spawn in word.spawns)
        known = not any(word.opaque for word in plain)
        text = " ".join(word.text for word in plain) if plain and known else None
        if not plain:
            text, spawns = frame.input.text, frame.input.spawns
        flow = Input(None, tuple(dict.fromkeys(frame.input.spawns + spawns)))
        if text is None:
            opaque = ("code",) if plain else ("input",)
            return Ran(None, (self.walker.emit(command, scope, replace(frame, input=flow), opaque=opaque),))
        wrappers = (*frame.wrappers, "invoke-expression")
        inside = replace(frame, via="eval" if plain else "input", wrappers=wrappers, input=flow)
        ran = self.walker.text(text, scope, inside, "powershell")
        return self.walker.grouped(command.redirects, ran, scope, frame)

    def function(self, name: str, command: Command, scope: Scope, frame: Frame) -> Ran:
        names, text = scope.texts[name]
        if name in frame.active:
            again = replace(frame, via="function", repeated=True, opaque=(*frame.opaque, "recursion"))
            return Ran(None, (self.walker.emit(command, scope, again),))
        plain = [word for word in command.words[1:] if not word.text.startswith("-")]
        kept = {one: scope.variables.get(one) for one in (*names, "args")}
        for place, one in enumerate(names):
            given = _option(command.words, one)
            if given or place < len(plain):
                scope.variables[one] = Value(given) if given else as_value(plain[place])
        scope.arrays["args"] = tuple(as_value(word) for word in plain)
        inside = replace(frame, via="function", active=(*frame.active, name))
        ran = self.walker.text(text, scope, inside, "powershell")
        scope.arrays.pop("args", None)
        for one, value in kept.items():
            scope.variables.pop(one, None)
            if value is not None:
                scope.variables[one] = value
        return self.walker.grouped(command.redirects, ran, scope, frame)

    def started(self, command: Command, scope: Scope, frame: Frame) -> Ran:
        """`Start-Process`: a program and its arguments."""
        words, dashed = command.words, self.dashed
        verb = _option(words, "verb").lower()
        program, arguments, at = None, list[Word](), 1
        while at < len(words):
            text, named = words[at].text.lower(), at in dashed
            at += 1
            if named and re.fullmatch(r"-(?:f\w*|pspath):?", text) and at < len(words):
                program, at = words[at], at + 1
            elif named and re.fullmatch(r"-a\w*:?", text):
                while at < len(words) and at not in dashed:
                    arguments.append(words[at])
                    at += 1
            elif named and re.fullmatch(r"-(?:no\w*|wa\w*|use\w*|load\w*)", text):
                continue
            elif named:
                at += 1
            elif program is None:
                program = words[at - 1]
            else:
                arguments.append(words[at - 1])
        if program is None:
            return Ran(None, (self.walker.emit(command, scope, frame),))
        user = "root" if verb == "runas" else frame.user
        wrappers = (*frame.wrappers, "start-process")
        inside = replace(frame, via="wrapper", wrappers=wrappers, background=True, user=user)
        split_up = [Word(one, word.opaque) for word in arguments for one in word.text.split()] if arguments else []
        started = Command((program, *split_up), (), command.redirects)
        return replace(self.walker.run(started, scope, inside, shell=False), text=None)

    # -- words

    def words(self, node: Node) -> tuple[tuple[Word, ...], tuple[Redirect, ...], list[Node]]:
        """Words of a command, its redirections, and the blocks that are among its arguments."""
        redirects: list[Redirect] = []
        blocks: list[Node] = []
        words: list[Word] = []
        dashed: set[int] = set()
        name = node.child_by_field_name("command_name")
        if name is not None:
            words.extend(as_word(value) for value in self.values.argument(self.source(name), [name]))
        elements = node.child_by_field_name("command_elements")
        group: list[Node] = []
        for child in (*(elements.children if elements is not None else ()), None):
            if child is not None and child.type not in ("command_argument_sep", "redirection", "redirections"):
                group.append(child)
                continue
            if group:
                self.walker.budget.produce(ARGUMENT_COST)
                if group[0].type == "command_parameter":
                    dashed.add(len(words))
                text = self.text[group[0].start_byte : group[-1].end_byte]
                body = self.body(group[0]) if len(group) == 1 else None
                if body is not None:
                    blocks.append(_holder(group[0]))
                words.extend(as_word(value) for value in self.values.argument(text, group))
                group = []
            if child is not None and child.type == "redirection":
                redirects.append(self.redirection(child))
        self.dashed = frozenset(dashed)
        return tuple(words), tuple(redirects), blocks

    def body(self, node: Node) -> Sequence[Node] | None:
        """Statements of a block that stands as a value; None where the node is none."""
        holder = _holder(node)
        return holder.children if holder.type == "script_block_expression" else None


def _like(pattern: str, name: str) -> bool:
    try:
        return len(pattern) < 64 and Pattern(pattern.lower()).matches(name.lower())
    except Unknown:
        return False


def _holder(node: Node) -> Node:
    """The only thing that nested expressions hold."""
    while node.named_child_count == 1 and node.type != "script_block_expression" and node.end_byte > node.start_byte:
        child = node.named_children[0]
        if (child.start_byte, child.end_byte) != (node.start_byte, node.end_byte):
            break
        node = child
    return node


def as_word(value: Value) -> Word:
    """A value as a word."""
    return Word(value.text, value.opaque, value.glob, value.spawns)


def _option(words: Sequence[Word], *names: str) -> str:
    """What follows `-name`, `-name:value` or a beginning of it."""
    for place, word in enumerate(words):
        key, colon, value = word.text[1:].partition(":")
        if word.text.startswith("-") and len(key) > 1 and any(name.startswith(key.lower()) for name in names):
            if colon and value:
                return value
            if place + 1 < len(words) and not words[place + 1].text.startswith("-"):
                return words[place + 1].text
    return ""
