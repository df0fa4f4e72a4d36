"""PowerShell texts to spawns: pipelines, call operators, `Invoke-Expression`, blocks, functions, control flow.

Belongs here: statements of tree-sitter-powershell's tree, walked directly: its shape has nothing in common with POSIX
shells. Must not be here: commands (`command.pscommands`), what expressions give (`command.psvalues`).
Sources: the grammar tree-sitter-powershell 0.26; about_Pipelines, about_Operators, about_Parsing, about_Functions,
Invoke-Expression, Start-Process, Invoke-Command at learn.microsoft.com/powershell.
Names of variables, functions and commands know no case. What the grammar cannot carry is said in `Program.opaque`.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import tree_sitter_powershell
from msgspec.structs import replace
from tree_sitter import Language, Node

from spawngate.command import trees
from spawngate.command.frame import NOTHING, Command, Frame, Input, Ran, outputs
from spawngate.command.pscommands import Commands
from spawngate.command.scope import Scope, Value
from spawngate.command.spawn import Word
from spawngate.launch.shelltext import split

if TYPE_CHECKING:
    from spawngate.command.walk import Walker

PATIENCE = 600
"""As in `trees.root`: a script of some 15,000 letters, 25 ms."""
_HEAVY = re.compile(r"(?:\}\$?\{[^{}]{0,16}){32}|[|&;]{64}|(?:[0-9*]?+>&?+[0-9]?+){64}|(?:\$\w{0,16}+=?){64}")
"""Blocks, names in braces and variables that touch: the grammar follows all readings of them at once, and they are no
program.
Runs of operators or of redirections without a target are none either, and it takes long to mend them."""
_LANGUAGE = Language(tree_sitter_powershell.language())
_LOOPS = frozenset({"foreach_statement", "for_statement", "while_statement", "do_statement", "switch_statement"})
MAX_ROUNDS = 16
MAX_BLOCKS = 8
"""Blocks of a text that nothing reads which are read on their own."""
MAX_REST = 8_192
"""Characters of a text that nothing reads which are still cut into words."""


def walk(walker: "Walker", text: str, scope: Scope, frame: Frame) -> Ran:
    """Walk a PowerShell text."""
    if not text.strip():
        return NOTHING
    text = text.translate(_TYPOGRAPHIC)
    root = None if _HEAVY.search(text) else trees.root(_LANGUAGE, trees.plain(text), PATIENCE)
    if root is not None and root.has_error and _misread(root):
        eased = _SPOT.sub(_eased, text)
        second = trees.root(_LANGUAGE, trees.plain(eased), PATIENCE) if eased != text else None
        if second is not None and not _misread(second):
            text, root = eased, second
    if root is None:
        walker.opaque["unparseable"] = None
        _rest(walker, text, scope, frame, len(walker.spawns))
        return Ran()
    shell = _Shell(walker, text, scope, frame)
    before = len(walker.spawns)
    ran = shell.block(root.children, scope, frame)
    if _misread(root):
        walker.opaque["unparseable"] = None
        _rest(walker, text, scope, frame, before)
    return ran


_TYPOGRAPHIC = str.maketrans(
    "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2013\u2014\u2015\u00a0", "\x27" * 4 + '"' * 3 + "-" * 3 + " "
)
"""Quotes, dashes and blanks that PowerShell takes for the plain ones (CharTraits.cs of PowerShell)."""
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


class _Shell(Commands):
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
                names += _parameters(child, self.text)
            elif child.type == "function_parameter_declaration":
                names += _parameters(child, self.text)
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
        self.walker.budget.step()
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


def _parameters(node: Node, text: str) -> list[str]:
    """Names of the parameters that a function declares."""
    found: list[str] = []
    stack, steps = [node], 0
    while stack and steps < 500:
        steps += 1
        one = stack.pop()
        if one.type == "script_parameter":
            variable = next((child for child in one.children if child.type == "variable"), None)
            if variable is not None:
                name = text[variable.start_byte : variable.end_byte]
                found.append(name.lstrip("$").lower())
        elif one.type in ("function_parameter_declaration", "parameter_list", "script_block", "param_block"):
            stack.extend(reversed(one.children))
    return found
