"""PowerShell texts to spawns: pipelines, call operators, `Invoke-Expression`, blocks, functions, control flow.

Belongs here: statements and commands of tree-sitter-powershell's tree, walked directly: its shape has nothing in common
with POSIX shells. Must not be here: what expressions give (`command.psvalues`), grammars of wrappers.
Sources: the grammar tree-sitter-powershell 0.26; about_Pipelines, about_Operators, about_Parsing, about_Functions,
Invoke-Expression, Start-Process, Invoke-Command at learn.microsoft.com/powershell.
Names of variables, functions and commands know no case. What the grammar cannot carry is said in `Program.opaque`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import tree_sitter_powershell
from tree_sitter import Language, Node

from spawngate.command import trees
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, as_value, outputs
from spawngate.command.patterns import Pattern, Unknown
from spawngate.command.psvalues import Values
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Redirect, Word
from spawngate.launch.argv import word_set
from spawngate.launch.shelltext import split

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

PATIENCE = 150
"""As in `trees.root`: this grammar is ambiguous in many places, and follows all readings at once."""
_LANGUAGE = Language(tree_sitter_powershell.language())
_LOOPS = frozenset({"foreach_statement", "for_statement", "while_statement", "do_statement", "switch_statement"})
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
_VERB = re.compile(r"[a-z]+-[a-z]\w*")
_BLOCK = re.compile(r"\s*\{(.*)\}\s*", re.DOTALL)
MAX_ROUNDS = 16
MAX_BLOCKS = 8
"""Blocks of a text that nothing reads which are read on their own."""
MAX_REST = 8_192
"""Characters of a text that nothing reads which are still cut into words."""


def walk(walker: "Walker", text: str, scope: Scope, frame: Frame) -> Ran:
    """Walk a PowerShell text."""
    if not text.strip():
        return NOTHING
    data = text.encode("utf-8", "replace")
    root = trees.root(_LANGUAGE, data, PATIENCE)
    if root is not None and root.has_error and _misread(root):
        eased = _SPOT.sub(_eased, text).encode("utf-8", "replace")
        second = trees.root(_LANGUAGE, eased, PATIENCE)
        if second is not None and not _misread(second):
            data, root = eased, second
    if root is None:
        walker.opaque["unparseable"] = None
        _rest(walker, text, scope, frame, len(walker.spawns))
        return Ran()
    shell = _Shell(walker, data, scope, frame)
    before = len(walker.spawns)
    ran = shell.block(root.children, scope, frame)
    if _misread(root):
        walker.opaque["unparseable"] = None
        _rest(walker, text, scope, frame, before)
    return ran


_SPOT = re.compile(
    r"""(?P<quoted>'[^']*'|"(?:[^"`]|`.)*")|(?P<path>(?<=[\s,(=;|{])\$(?:\w+:)?\w+(?:[\\/][\w.*~@+-]*)+(?=[\s,;|)}]|\Z))"""
    r"""|(?P<comma>(?<=[\w.*\\/"'])[ \t]*,[ \t]+(?=[\w.*~$\\/"']))""",
    re.DOTALL,
)


def _eased(found: "re.Match[str]") -> str:
    """Two forms that every PowerShell reads and this grammar does not: `$HOME\\x` without quotes, and blanks behind the
    comma between bare words."""
    if found["path"]:
        return f'"{found["path"]}"'
    return "," if found["comma"] else found.group()


def _misread(root: Node) -> bool:
    """Whether the tree has errors outside arguments of commands, which are read once more by `psvalues`."""
    stack = [root] if root.has_error else []
    while stack:
        node = stack.pop()
        if node.type == "ERROR" or node.is_missing:
            return True
        stack.extend(child for child in node.children if child.has_error and child.type != "command_elements")
    return False


def _rest(walker: "Walker", text: str, scope: Scope, frame: Frame, before: int) -> None:
    """Commands that a tokenizer sees in a text that the grammar does not read, as far as they are not known yet."""
    seen = {tuple(word.text for word in spawn.argv) for spawn in walker.spawns[before:]}
    for command in split(text[:MAX_REST], "powershell").commands:
        walker.budget.step()
        if command.words not in seen and re.match(r"[\w./\\:&-]+$", command.words[0]):
            walker.emit(Command(tuple(Word(word, "$" in word) for word in command.words)), scope, frame)
    for block in re.findall(r"\{([^{}]+)\}", text[:MAX_REST])[:MAX_BLOCKS]:
        walker.text(block, scope, frame, "powershell")


class _Shell:
    def __init__(self, walker: "Walker", data: bytes, scope: Scope, frame: Frame) -> None:
        self.walker = walker
        self.data = data
        self.values = Values(data, scope, walker.budget, self.inside, self.called)
        self.scope = scope
        self.frame = frame
        self.dashed: frozenset[int] = frozenset()
        """Places of the parameters (`-Name`) among the words read last."""

    def source(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    # -- what expressions run

    def inside(self, nodes: Sequence[Node]) -> Ran:
        """Statements inside an expression: `$(...)`, `(...)`."""
        return self.block(nodes, self.scope, replace(self.frame, via="substitution"))

    def called(self, text: str, spawns: tuple[int, ...]) -> Value:
        """A method that is called: code of its own kind."""
        here = replace(self.frame, input=Input(None, spawns))
        place = self.walker.emit(Command(()), self.scope, here, code=text, language="powershell")
        return Value(text, opaque=True, spawns=(place,))

    # -- statements

    def block(self, nodes: Sequence[Node], scope: Scope, frame: Frame) -> Ran:
        kept, self.frame = self.frame, frame
        ran = NOTHING
        for node in nodes:
            if node.is_named:
                ran = outputs(ran, self.statement(node, scope, frame))
        self.frame = kept
        return ran

    def statement(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        self.walker.budget.step()
        kind = node.type
        if kind in ("comment", "empty_statement", "param_block"):
            return NOTHING
        if kind == "pipeline":
            return self.pipeline(node, scope, frame)
        if kind == "function_statement":
            self.define(node, scope)
            return NOTHING
        if kind == "foreach_statement":
            return self.foreach(node, scope, frame)
        if kind == "command":
            return self.command(node, scope, frame)
        return self.compound(node, scope, frame)

    def define(self, node: Node, scope: Scope) -> None:
        name = body = ""
        names: list[str] = []
        for child in node.children:
            if child.type == "function_name":
                name = self.source(child).lower()
            elif child.type == "script_block":
                body = self.source(child)
                names += _parameters(child, self.data)
            elif child.type == "function_parameter_declaration":
                names += _parameters(child, self.data)
        if name and len(scope.texts) < 256:
            scope.texts[name] = (tuple(names), body)

    def compound(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        """Any statement that holds others: its blocks may run or not."""
        if self.walker.depth >= 60:
            self.walker.opaque["too-deep"] = None
            return NOTHING
        inside = replace(frame, repeated=True) if node.type in _LOOPS else frame
        unsure = node.type in ("statement_block", "switch_clause", "catch_clause")
        scope.unsure += unsure
        self.walker.depth += 1
        ran = self.block(node.children, scope, inside)
        self.walker.depth -= 1
        scope.unsure -= unsure
        return ran

    def foreach(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        inside = replace(frame, repeated=True)
        variable = next((child for child in node.children if child.type == "variable"), None)
        source = next((child for child in node.children if child.type == "pipeline"), None)
        body = [child for child in node.children if child.type == "statement_block"]
        if variable is None or source is None:
            return self.block(node.children, scope, inside)
        name = self.source(variable).lstrip("$").lower()
        values = self.elements(source, scope, frame)
        ran = NOTHING
        for value in values[:MAX_ROUNDS] or [Value(f"${name}", opaque=True)]:
            scope.variables[name] = value
            for one in body:
                ran = outputs(ran, self.block(one.children, scope, inside))
        return replace(ran, text=None)

    def elements(self, node: Node, scope: Scope, frame: Frame) -> list[Value]:
        """Elements that a pipeline gives, where it is an expression."""
        expression = self.expression(node)
        if expression is not None:
            return self.values.several(expression)
        ran = self.pipeline(node, scope, frame)
        if ran.text is not None:
            return [Value(line, spawns=ran.writers) for line in ran.text.splitlines()]
        return [Value(self.source(node), opaque=True, spawns=ran.writers)]

    # -- pipelines

    def expression(self, node: Node) -> Node | None:
        """The expression that a pipeline is; None where it runs commands or assigns."""
        chains = [child for child in node.children if child.is_named]
        if len(chains) != 1 or chains[0].type != "pipeline_chain":
            return None
        parts = [child for child in chains[0].children if child.is_named]
        return parts[0] if len(parts) == 1 and parts[0].type not in ("command", "redirections") else None

    def pipeline(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        background = any(child.type == "&" for child in node.children)
        frame = replace(frame, background=True) if background else frame
        ran, joined = NOTHING, False
        for child in node.children:
            if child.type == "assignment_expression":
                ran = self.assignment(child, scope, frame)
            elif child.type == "pipeline_chain":
                scope.unsure += joined
                ran = outputs(ran, self.chain(child, scope, frame))
                scope.unsure -= joined
                joined = True
            elif child.is_named and child.type != "pipeline_chain_tail":
                ran = outputs(ran, self.statement(child, scope, frame))
        return ran

    def chain(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        flow, ran = frame.input, NOTHING
        for child in node.children:
            if not child.is_named:
                continue
            here = replace(frame, input=flow)
            if child.type == "command":
                ran = self.command(child, scope, here)
            elif child.type == "redirections":
                self.redirected(child, scope, here, ran)
                continue
            else:
                kept, self.frame = self.frame, here
                values = self.values.several(child)
                self.frame = kept
                spawns = tuple(dict.fromkeys(spawn for value in values for spawn in value.spawns))
                known = not any(value.opaque for value in values)
                ran = Ran("".join(value.text + "\n" for value in values) if known else None, spawns)
            flow = Input(ran.text, ran.writers)
        return ran

    def redirected(self, node: Node, scope: Scope, frame: Frame, ran: Ran) -> None:
        for child in node.children:
            if child.type == "redirection":
                redirect = self.redirection(child)
                command = Command((), (), (redirect,))
                self.walker.emit(command, scope, replace(frame, input=Input(ran.text, ran.writers)))

    def redirection(self, node: Node) -> Redirect:
        text = self.source(node)
        found = re.match(r"([*\d]?)(>>|>&|>|<)\s*(.*)", text, re.DOTALL)
        number, operator, target = found.groups() if found else ("", ">", text)
        value = self.values.bare(target)
        return Redirect(operator, as_word(value), int(number) if number.isdigit() else -1)

    def assignment(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        target = node.children[0] if node.children else node
        value = node.child_by_field_name("value")
        name = self.source(target).strip().lstrip("$").strip("{}").lower()
        name = name.rsplit("]", 1)[-1].lstrip("$") if name.startswith("[") else name
        values = [] if value is None else self.elements(value, scope, frame)
        spawns = tuple(dict.fromkeys(spawn for one in values for spawn in one.spawns))
        operator = next((child for child in node.children if child.type == "assignement_operator"), None)
        single = re.fullmatch(r"[\w:]+", name) is not None
        for scoped in ("global:", "script:", "local:", "private:", "variable:"):
            name = name.removeprefix(scoped)
        if single and len(values) == 1:
            new = values[0]
            old = scope.variables.get(name)
            if operator is not None and self.source(operator) == "+=" and old is not None:
                new = Value(old.text + new.text, old.opaque or new.opaque, spawns=old.spawns + new.spawns)
            scope.set(name, new)
        elif single:
            scope.set_array(name, tuple(values[:256]))
        if name.startswith("env:"):
            scope.exported.add(name)
        return Ran("", spawns)

    # -- commands

    def command(self, node: Node, scope: Scope, frame: Frame) -> Ran:
        words, redirects, blocks = self.words(node)
        if not words:
            for block in blocks:
                self.block(block.children, scope, frame)
            return NOTHING
        call = node.children[0].type == "command_invokation_operator"
        name = words[0].text.lower()
        first = node.child_by_field_name("command_name")
        if call and first is not None and (body := self.body(first)) is not None:
            ran = self.block(body, scope, frame)
            return self.walker.grouped(redirects, ran, scope, frame)
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
                if group[0].type == "command_parameter":
                    dashed.add(len(words))
                text = self.data[group[0].start_byte : group[-1].end_byte].decode("utf-8", "replace")
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


def _parameters(node: Node, data: bytes) -> list[str]:
    """Names of the parameters that a function declares."""
    found: list[str] = []
    stack, steps = [node], 0
    while stack and steps < 500:
        steps += 1
        one = stack.pop()
        if one.type == "script_parameter":
            variable = next((child for child in one.children if child.type == "variable"), None)
            if variable is not None:
                name = data[variable.start_byte : variable.end_byte].decode("utf-8", "replace")
                found.append(name.lstrip("$").lower())
        elif one.type in ("function_parameter_declaration", "parameter_list", "script_block", "param_block"):
            stack.extend(reversed(one.children))
    return found


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
