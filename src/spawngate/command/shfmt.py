"""The syntax tree that `shfmt --to-json` prints, lowered to `command.syntax`.

Belongs here: which node of that tree is which statement. Words are cut by their place in the text and taken apart by
`command.words`, as for the other parser. Must not be here: the call of the program (`endpoint.shfmt`).
Source: mvdan.cc/sh/v3, syntax/nodes.go and syntax/typedjson/json.go, 3.12.
"""

import json
import re
from typing import Any

from spawngate.command.budget import MAX_NESTED, MAX_STATEMENTS, MAX_WORDS
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
    Literal,
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

_Node = dict[str, Any]  # a JSON object whose shape its "Type" tells; every access is guarded by `lower`


def lower(text: str, answer: bytes) -> Block:
    """Statements of `text` from what shfmt said of it. Raises Misread where the answer is not such a tree."""
    try:
        root = json.loads(answer)
        lowering = _Lowering(text.encode("utf-8", "replace"))
        block = lowering.block(root.get("Stmts") or [], 0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Misread from error
    return (*block, Cut("too-many")) if lowering.left < 0 else block


class _Lowering:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = MAX_STATEMENTS

    def cut(self, node: _Node) -> str:
        start, end = node["Pos"]["Offset"], node["End"]["Offset"]
        return self.data[start:end].decode("utf-8", "replace")

    def word(self, node: _Node | None) -> Parts:
        return () if node is None else lex(self.cut(node))

    def words(self, nodes: list[_Node] | None) -> tuple[Parts, ...]:
        nodes = nodes or []
        if len(nodes) > MAX_WORDS:
            self.left = -1
        return tuple(self.word(node) for node in nodes[:MAX_WORDS])

    def block(self, nodes: list[_Node] | None, depth: int) -> Block:
        return tuple(self.statement(node, depth) for node in nodes or [])

    def statement(self, node: _Node, depth: int) -> Statement:
        if depth > MAX_NESTED:
            return Cut("too-deep")
        self.left -= 1
        if self.left < 0:
            return Simple()
        redirections = tuple(self.redirection(one) for one in node.get("Redirs") or [])
        command = node.get("Cmd")
        found: Statement
        if command is None:
            found = Simple((), (), redirections)
        else:
            found = self.command(command, depth + 1)
            if redirections:
                found = _redirected(found, redirections)
        if node.get("Background") or node.get("Coprocess"):
            found = Background(found)
        return found

    def redirection(self, node: _Node) -> Redirection:
        number = (node.get("N") or {}).get("Value", "")
        descriptor = int(number) if number.isdecimal() and len(number) < 6 else -1
        operator = node["Op"]
        document = node.get("Hdoc")
        if operator in ("<<", "<<-"):
            if document is None:
                return Redirection(operator, (), descriptor, ())
            body = self.cut(document)
            if operator == "<<-":
                body = re.sub(r"(?m)^\t+", "", body)
            # The document ends where its delimiter begins or, in some versions, behind it.
            delimiter = "".join(part.text for part in self.word(node["Word"]) if isinstance(part, Literal))
            lines = body.split("\n")
            if lines[-1] == delimiter and delimiter:
                body = body[: len(body) - len(delimiter)]
            if re.search(r"['\"\\]", self.cut(node["Word"])):
                return Redirection(operator, (), descriptor, (Literal(body, quoted=True),) if body else ())
            return Redirection(operator, (), descriptor, lex_document(body))
        return Redirection(operator, self.word(node.get("Word")), descriptor)

    def assignment(self, node: _Node) -> Assignment:
        name = node["Name"]["Value"]
        index = node.get("Index")
        label = "" if index is None else self.cut(index)
        append = bool(node.get("Append"))
        array = node.get("Array")
        if array is not None:
            items = array.get("Elems") or []
            elements = tuple(self.word(one.get("Value")) for one in items)
            keys = tuple("" if one.get("Index") is None else self.cut(one["Index"]) for one in items)
            return Assignment(name, (), append, label, elements, keys if any(keys) else ())
        if node.get("Naked"):
            return Assignment(name, bare=True)
        return Assignment(name, self.word(node.get("Value")), append, label)

    def command(self, node: _Node, depth: int) -> Statement:
        kind = node["Type"]
        if kind == "CallExpr":
            assignments = tuple(self.assignment(one) for one in node.get("Assigns") or [])
            return Simple(self.words(node.get("Args")), assignments)
        if kind == "BinaryCmd":
            return self.binary(node, depth)
        if kind in ("Block", "Subshell"):
            return Group(self.block(node.get("Stmts"), depth), kind == "Subshell")
        if kind == "IfClause":
            return self.if_(node, depth)
        if kind == "WhileClause":
            return While(self.block(node.get("Cond"), depth), self.block(node.get("Do"), depth))
        if kind == "ForClause":
            return self.for_(node, depth)
        if kind == "CaseClause":
            arms = tuple(
                (self.words(item.get("Patterns")), self.block(item.get("Stmts"), depth))
                for item in node.get("Items") or []
            )
            return Case(self.word(node.get("Word")), arms)
        if kind == "FuncDecl":
            body, name = self.statement(node["Body"], depth), node["Name"]["Value"]
            return _defined(name, body)
        if kind in ("TestClause", "ArithmCmd"):
            return Test((lex_document(self.cut(node)),))
        if kind == "LetClause":
            return Simple(((Literal("let"),), *self.words(node.get("Exprs"))))
        if kind == "DeclClause":
            return self.declaration(node)
        if kind == "TimeClause":
            return self.timed(node, depth)
        if kind == "CoprocClause":
            return Background(self.statement(node["Stmt"], depth))
        if kind == "TestDecl":
            return self.statement(node["Body"], depth)
        raise Misread

    def timed(self, node: _Node, depth: int) -> Statement:
        if node.get("Stmt") is None:
            return Simple(((Literal("time"),),))
        inner = self.statement(node["Stmt"], depth)
        if isinstance(inner, Pipeline) and isinstance(inner.commands[0], Simple):
            first = self._prefixed(inner.commands[0], node)
            return Pipeline((first, *inner.commands[1:]))
        return self._prefixed(inner, node)

    def _prefixed(self, inner: Statement, node: _Node) -> Statement:
        """`time` in front of a simple command is a word like another; elsewhere it is dropped."""
        if isinstance(inner, Simple) and inner.words and not inner.assignments:
            flags: tuple[Parts, ...] = ((Literal("-p"),),) if node.get("PosixFormat") else ()
            return Simple(((Literal("time"),), *flags, *inner.words), (), inner.redirections)
        return inner

    def binary(self, node: _Node, depth: int) -> Statement:
        """Chains lean to the left: followed without recursion."""
        pipe = node["Op"] in ("|", "|&")
        right: list[_Node] = []
        sure = True
        here = node
        while True:
            sure = sure and here["Op"] != "||"
            right.append(here["Y"])
            left = here["X"]
            inner = left.get("Cmd") or {}
            same = inner.get("Type") == "BinaryCmd" and (inner.get("Op") in ("|", "|&")) == pipe
            if not same or left.get("Redirs") or left.get("Negated") or left.get("Background"):
                break
            here = inner
        commands: list[Statement] = []
        for one in (left, *reversed(right)):
            found = self.statement(one, depth)
            # Only a function that is followed by others on its line comes as one of these here.
            if isinstance(found, Pipeline if pipe else AndOr):
                sure = sure and (not isinstance(found, AndOr) or found.all)
                commands.extend(found.commands)
            else:
                commands.append(found)
        return Pipeline(tuple(commands)) if pipe else AndOr(tuple(commands), sure)

    def if_(self, node: _Node, depth: int) -> Statement:
        branches: list[tuple[Block, Block]] = []
        here: _Node | None = node
        while here is not None:
            branches.append((self.block(here.get("Cond"), depth), self.block(here.get("Then"), depth)))
            here = here.get("Else")
        return If(tuple(branches))

    def for_(self, node: _Node, depth: int) -> Statement:
        loop, body = node["Loop"], self.block(node.get("Do"), depth)
        if loop["Type"] == "WordIter":
            listed = loop.get("InPos") is not None or loop.get("Items") is not None
            return For(loop["Name"]["Value"], self.words(loop.get("Items")) if listed else None, body)
        return While((Test((lex_document(self.cut(loop)),)),), body)

    def declaration(self, node: _Node) -> Statement:
        items: list[Parts | Assignment] = []
        for one in node.get("Args") or []:
            if one.get("Name") is not None:
                items.append(self.assignment(one))
            else:
                items.append(self.word(one.get("Value")))
        return Declaration(node["Variant"]["Value"], tuple(items))


def _defined(name: str, body: Statement) -> Statement:
    """`f() { ...; } && next | last`: only the first is the body."""
    if isinstance(body, AndOr):
        return AndOr((_defined(name, body.commands[0]), *body.commands[1:]), body.all)
    if isinstance(body, Pipeline):
        return Pipeline((_defined(name, body.commands[0]), *body.commands[1:]))
    return Function(name, body)


def _redirected(found: Statement, redirections: tuple[Redirection, ...]) -> Statement:
    if isinstance(found, Simple):
        return Simple(found.words, found.assignments, redirections + found.redirections)
    if isinstance(found, Declaration):
        return Declaration(found.keyword, found.items, found.assignments, redirections + found.redirections)
    return Redirected(found, redirections)
