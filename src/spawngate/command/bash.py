"""tree-sitter-bash's tree lowered to `command.syntax`.

Belongs here: which node of that grammar is which statement. Simple commands are `command.bash_commands`.
Must not be here: expansion, walking. Raises Misread where the tree has errors or a form that the grammar is known to
misread; a lenient `block` gives what there is instead.
Source: the grammar tree-sitter-bash 0.25 (src/grammar.json, src/node-types.json).
"""

import re
from collections.abc import Sequence

import tree_sitter_bash
from tree_sitter import Language, Node

from spawngate.command import trees
from spawngate.command.bash_commands import Commands
from spawngate.command.budget import MAX_NESTED
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
    Misread,
    Parts,
    Pipeline,
    Redirected,
    Redirection,
    Simple,
    Statement,
    Test,
    While,
)
from spawngate.command.words import lex, lex_document

PATIENCE = 1_200
"""As in `trees.root`: some 30 ms."""
_HEAVY = (("<<", 32), ("()", 64), ("|", 800), ("${", 2_000))
"""Forms with which the grammar's time grows as the square, and how many of them are read."""
_RUN = re.compile(r"[<>|&;]{64}")
"""Operators that no shell accepts, and on which the grammar's time grows as the square too."""
_LANGUAGE = Language(tree_sitter_bash.language())
_LOOSE = re.compile(r"\d<>|(?<!<)<<(?!<)[^\n]*?[^<\n]<<(?!<)")
"""Forms that this grammar is known to misread without an error: `3<>file`, two here-documents on one line."""


class Reading:
    """A text as this grammar reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = trees.plain(text)
        heavy = any(text.count(form) > count for form, count in _HEAVY) or _RUN.search(text) is not None
        self.root = None if heavy else trees.root(_LANGUAGE, self.data, PATIENCE)

    def block(self, lenient: bool = False) -> Block:
        """Statements of the text. Raises Misread; with `lenient` only where there is no tree."""
        root = self.root
        if root is None:
            raise Misread
        if not lenient and (root.has_error or _LOOSE.search(self.text)):
            raise Misread
        lowering = _Lowering(self.text, self.data, lenient)
        lowering.whole(root.children)
        block = lowering.block(root.children, 0)
        return (*block, Cut("too-many")) if lowering.left < 0 else block


def lower(text: str) -> Block:
    """Statements of a text. Raises Misread."""
    return Reading(text).block()


class _Lowering(Commands):
    def block(self, nodes: list[Node], depth: int) -> Block:
        found: list[Statement] = []
        for node in nodes:
            kind = node.type
            if node.is_named and kind != "comment":
                found.extend(self.statement(node, depth))
            elif kind == "&" and found:
                found[-1] = Background(found[-1])
        return tuple(found)

    def statement(self, node: Node, depth: int) -> Block:
        """What a node says; empty for nodes that say nothing."""
        if depth > MAX_NESTED:
            return (Cut("too-deep"),)
        self.left -= 1
        if self.left < 0:
            return ()
        kind = node.type
        if kind == "command":
            return self.command(node)
        if kind in ("variable_assignment", "variable_assignments"):
            nodes = [node] if kind == "variable_assignment" else node.children
            self.gaps(nodes)
            return (Simple((), tuple(self.assignment(one) for one in nodes if one.is_named)),)
        reader = _READERS.get(kind)
        if reader is not None:
            self.whole(node.children)
            return reader(self, node, depth + 1)
        if kind in ("heredoc_body", "comment", "heredoc_end", "heredoc_start"):
            return ()
        self.misread()
        if kind == "ERROR":
            return self.block(node.children, depth + 1)
        return (Simple(self.words([node])),) if node.end_byte > node.start_byte else ()

    def redirected(self, node: Node, depth: int) -> Block:
        inner = node.child_by_field_name("body")
        redirections: list[Redirection] = []
        words: list[Node] = []
        following: list[tuple[str, Node]] = []
        words_before: list[Parts] = []  # a lone `-` that the grammar leaves out in front of a redirection
        end = -1
        for child in node.children:
            before_it, end = end, child.end_byte
            if child == inner:
                continue
            if before_it >= 0 and self.data[before_it : child.start_byte].strip() == b"-":
                place = self.data.index(b"-", before_it)
                words_before.append(self.word(place, place + 1))
            if child.type == "heredoc_redirect":
                if following:
                    raise Misread
                document, more, rest, following = self.document(child)
                redirections.extend((document, *more))
                words.extend(rest)
            elif child.type in ("file_redirect", "herestring_redirect"):
                redirection, rest = self.redirection(child)
                redirections.append(redirection)
                words.extend(rest)
            elif child.is_named:
                self.misread()
        statement: Statement
        before: list[Statement] = []
        if inner is None:
            statement = Simple((*words_before, *self.words(words)), (), tuple(redirections))
        elif inner.type == "command":
            *before, statement = self.command(inner, tuple(redirections), (*words_before, *self.words(words)))
        else:
            statement = self.redirect_last(self.statement(inner, depth), tuple(redirections))
            if words or words_before:
                self.misread()
        if words and words_before:
            self.misread()  # their order is lost
        for join, later in following:
            statement = self.joined(statement, join, later, depth)
        return (*before, statement)

    def redirect_last(self, block: Block, redirections: tuple[Redirection, ...]) -> Statement:
        """Redirections belong to the last command of what the grammar wraps them around."""
        statement = block[0] if len(block) == 1 else Group(block)
        if isinstance(statement, AndOr):
            last = self.redirect_last(statement.commands[-1:], redirections)
            return AndOr((*statement.commands[:-1], last), statement.all)
        if isinstance(statement, Pipeline):
            last = self.redirect_last(statement.commands[-1:], redirections)
            return Pipeline((*statement.commands[:-1], last))
        if isinstance(statement, Simple):
            return Simple(statement.words, statement.assignments, (*statement.redirections, *redirections))
        if isinstance(statement, Declaration):
            whole = (*statement.redirections, *redirections)
            return Declaration(statement.keyword, statement.items, statement.assignments, whole)
        if isinstance(statement, Function):
            body = statement.body
            if isinstance(body, Redirected):
                redirections = (*body.redirections, *redirections)
                body = body.command
            return Function(statement.name, Redirected(body, redirections))
        return Redirected(statement, redirections)

    def joined(self, first: Statement, join: str, node: Node, depth: int) -> Statement:
        if join == "|":
            rest = self.block(node.children, depth) if node.type == "pipeline" else self.statement(node, depth)
            return _piped((first, *rest))
        rest = self.statement(node, depth)
        if join == ";":
            return Group((first, *rest))
        sure = join == "&&"
        if len(rest) == 1 and isinstance(rest[0], AndOr):
            sure, rest = sure and rest[0].all, rest[0].commands
        if isinstance(first, AndOr):
            return AndOr((*first.commands, *rest), first.all and sure)
        return AndOr((first, *rest), sure)

    # -- compound commands

    def pipeline(self, node: Node, depth: int) -> Block:
        commands: list[Statement] = []
        for child in node.children:
            if child.is_named and child.type != "comment":
                block = self.statement(child, depth)
                if len(block) > 1:
                    self.misread()
                commands.extend(block)
        return (_piped(commands),)

    def list_(self, node: Node, depth: int) -> Block:
        """`a && b || c` stands as ((a && b) || c): the left spine is followed without recursion."""
        right: list[Node] = []
        sure = True
        while node.type == "list":
            children = [child for child in node.children if child.is_named and child.type != "comment"]
            if not children:
                break
            sure = sure and all(child.type != "||" for child in node.children)
            right.extend(reversed(children[1:]))
            node = children[0]
        *before, first = self.statement(node, depth) or (Simple(),)
        commands: list[Statement] = [first]
        if isinstance(first, AndOr):
            sure = sure and first.all
            commands = list(first.commands)
        for one in reversed(right):
            block = self.statement(one, depth)
            if len(block) > 1:
                self.misread()
            commands.extend(block)
        return (*before, AndOr(tuple(commands), sure))

    def group(self, node: Node, depth: int) -> Block:
        if node.children and node.children[0].type == "((":
            return self.test(node, depth)
        return (Group(self.block(node.children, depth), node.type == "subshell"),)

    def negated(self, node: Node, depth: int) -> Block:
        return self.block(node.children, depth)

    def for_(self, node: Node, depth: int) -> Block:
        variable = node.child_by_field_name("variable")
        body = node.child_by_field_name("body")
        values = list(node.children_by_field_name("value"))
        listed = any(child.type == "in" for child in node.children)
        return (
            For(
                "" if variable is None else self.source(variable),
                self.words(values) if listed else None,
                () if body is None else self.block(body.children, depth),
            ),
        )

    def counted(self, node: Node, depth: int) -> Block:
        body = node.child_by_field_name("body")
        ends = [child for child in node.children if child.type in ("((", "))")]
        head = self.cut(ends[0].start_byte, ends[-1].end_byte) if ends else ""
        condition: Block = (Test((lex_document(head),)),)
        return (While(condition, () if body is None else self.block(body.children, depth)),)

    def while_(self, node: Node, depth: int) -> Block:
        body = node.child_by_field_name("body")
        condition = [child for child in node.children[1:] if child != body]
        return (While(self.block(condition, depth), () if body is None else self.block(body.children, depth)),)

    def if_(self, node: Node, depth: int) -> Block:
        branches: list[tuple[Block, Block]] = []
        self.branch(node, branches, depth)
        return (If(tuple(branches)),)

    def branch(self, node: Node, branches: list[tuple[Block, Block]], depth: int) -> None:
        parts: list[list[Node]] = [[]]
        later: list[Node] = []
        for child in node.children[1:]:
            if child.type == "then":
                parts.append([])
            elif child.type in ("elif_clause", "else_clause"):
                later.append(child)
            elif child.type != "fi":
                parts[-1].append(child)
        if len(parts) == 1:  # else
            branches.append(((), self.block(parts[0], depth)))
        else:
            branches.append((self.block(parts[0], depth), self.block(parts[1], depth)))
        for child in later:
            self.branch(child, branches, depth)

    def case(self, node: Node, depth: int) -> Block:
        value = node.child_by_field_name("value")
        arms: list[tuple[tuple[Parts, ...], Block]] = []
        for item in node.children:
            if item.type != "case_item":
                continue
            patterns: list[Node] = []
            body: list[Node] = []
            closed = False
            for child in item.children:
                if child.type == ")" and not closed:
                    closed = True
                elif closed:
                    if child.type not in (";;", ";&", ";;&"):
                        body.append(child)
                elif child.type != "(":
                    patterns.append(child)
            arms.append((self.patterns(patterns), self.block(body, depth)))
        subject = () if value is None else self.word(value.start_byte, value.end_byte)
        return (Case(subject, tuple(arms)),)

    def patterns(self, nodes: list[Node]) -> tuple[Parts, ...]:
        """Everything between bars is one pattern, into however many nodes the grammar cuts it."""
        found: list[Parts] = []
        start = -1
        end = -1
        for node in nodes:
            if node.type == "|":
                found.append(lex(self.cut(start, end)))
                start = -1
                continue
            start = node.start_byte if start < 0 else start
            end = node.end_byte
        if start >= 0:
            found.append(lex(self.cut(start, end)))
        return tuple(found)

    def function(self, node: Node, depth: int) -> Block:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is None or body is None:
            raise Misread
        inner = self.statement(body, depth)
        statement: Statement = inner[0] if len(inner) == 1 else Group(inner)
        redirections = [self.redirection(child)[0] for child in node.children_by_field_name("redirect")]
        if redirections:
            statement = Redirected(statement, tuple(redirections))
        return (Function(self.source(name), statement),)

    def declaration(self, node: Node, depth: int) -> Block:
        items: list[Parts | Assignment] = []
        for child in node.children[1:]:
            if child.type == "variable_assignment":
                items.append(self.assignment(child))
            elif child.type == "variable_name":
                items.append(Assignment(self.source(child), bare=True))
            else:
                items.append(self.word(child.start_byte, child.end_byte))
        return (Declaration(self.source(node.children[0]), tuple(items)),)

    def unset(self, node: Node, depth: int) -> Block:
        return (Simple(self.words(node.children)),)

    def test(self, node: Node, depth: int) -> Block:
        text = self.source(node)
        if text.startswith("[") and not text.startswith("[["):
            return self.bracket(node)
        return (Test((lex_document(text),)),)

    def bracket(self, node: Node) -> Block:
        """`[ ... ]` is a command whose arguments this grammar reads as an expression."""
        leaves: list[Node] = []
        stack = [node]
        while stack:
            one = stack.pop()
            if one.type in _EXPRESSIONS:
                stack.extend(reversed(one.children))
            else:
                leaves.append(one)
        return (Simple(self.words(leaves)),)


def _piped(commands: Sequence[Statement]) -> Statement:
    """Commands that the grammar puts into one pipeline. A list among them binds weaker: only its end is in the pipe."""
    operands: list[Statement] = []
    current: list[Statement] = []
    sure = True
    for command in commands:
        if isinstance(command, Pipeline):
            current.extend(command.commands)
        elif isinstance(command, AndOr):
            sure = sure and command.all
            for place, operand in enumerate(command.commands):
                if place:
                    operands.append(_pipe(current))
                    current = []
                current.extend(operand.commands if isinstance(operand, Pipeline) else (operand,))
        else:
            current.append(command)
    operands.append(_pipe(current))
    return AndOr(tuple(operands), sure) if len(operands) > 1 else operands[0]


def _pipe(commands: list[Statement]) -> Statement:
    return commands[0] if len(commands) == 1 else Pipeline(tuple(commands))


_EXPRESSIONS = frozenset(
    {"test_command", "unary_expression", "binary_expression", "parenthesized_expression", "ternary_expression"}
)


_READERS = {
    "redirected_statement": _Lowering.redirected,
    "pipeline": _Lowering.pipeline,
    "list": _Lowering.list_,
    "compound_statement": _Lowering.group,
    "subshell": _Lowering.group,
    "do_group": _Lowering.group,
    "negated_command": _Lowering.negated,
    "for_statement": _Lowering.for_,
    "c_style_for_statement": _Lowering.counted,
    "while_statement": _Lowering.while_,
    "if_statement": _Lowering.if_,
    "case_statement": _Lowering.case,
    "function_definition": _Lowering.function,
    "declaration_command": _Lowering.declaration,
    "unset_command": _Lowering.unset,
    "test_command": _Lowering.test,
}
