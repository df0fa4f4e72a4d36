"""tree-sitter-bash's tree lowered to `command.syntax`.

Belongs here: which node of that grammar is which statement, and its known misreadings. Words are cut by their place
in the text and taken apart by `command.words`, so that only the structure depends on this grammar.
Must not be here: expansion, walking. Raises Misread where the tree has errors or a form that the grammar is known to
misread; a lenient `block` gives what there is instead.
Source: the grammar tree-sitter-bash 0.25 (src/grammar.json, src/node-types.json).
"""

import re

import tree_sitter_bash
from tree_sitter import Language, Node

from spawngate.command import trees
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
from spawngate.launch.argv import word_set

PATIENCE = 1_200
"""As in `trees.root`: some 30 ms."""
_HEAVY = (("<<", 32), ("()", 64))
"""Forms with which the grammar's time grows as the square, and how many of them are read."""
_LANGUAGE = Language(tree_sitter_bash.language())
_SIMPLE = re.compile(r"[\w./=:@%+,-]+")
_OUTSIDE = re.compile(r"""(?:[^\\'"$`;&|<>()\s]|\\.|'[^']*'|"[^"\\$`]*"|\$(?![('{"`]))*""", re.DOTALL)
"""A word without expansions that hold other words."""
_LOOSE = re.compile(r"\d<>")
"""Forms that this grammar is known to misread without an error."""


class Reading:
    """A text as this grammar reads it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "replace")
        heavy = any(text.count(form) > count for form, count in _HEAVY)
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


class _Lowering:
    def __init__(self, text: str, data: bytes, lenient: bool) -> None:
        self.text = text
        self.data = data
        self.ascii = len(text) == len(data)
        self.lenient = lenient
        self.left = MAX_STATEMENTS

    def cut(self, start: int, end: int) -> str:
        if self.ascii:
            return self.text[start:end]
        return self.data[start:end].decode("utf-8", "replace")

    def source(self, node: Node) -> str:
        return self.cut(node.start_byte, node.end_byte)

    def misread(self) -> None:
        """A form that the tree cannot be trusted with."""
        if not self.lenient:
            raise Misread

    # -- statements

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

    def command(self, node: Node, extra: tuple[Redirection, ...] = (), more: tuple[Parts, ...] = ()) -> Block:
        """A simple command. Assignments on lines of their own in front of it, which the grammar counts to it, come
        first as statements."""
        self.gaps(node.children)
        before: list[Statement] = []
        assignments: list[Assignment] = []
        redirections: list[Redirection] = []
        words: list[Node] = []
        children = node.children
        at = 0
        while at < len(children):
            child = children[at]
            kind = child.type
            at += 1
            if kind == "variable_assignment":
                end = child.end_byte
                while at < len(children) and _joined(
                    self.data[end : children[at].start_byte]
                ):  # `a=$b/$c` is cut in two
                    end = children[at].end_byte
                    at += 1
                assignments.append(self.assignment(child, end))
                if at < len(children) and b"\n" in self.data[end : children[at].start_byte].replace(b"\\\n", b""):
                    before.append(Simple((), tuple(assignments), tuple(redirections)))
                    assignments, redirections = [], []
            elif kind in ("file_redirect", "herestring_redirect"):
                redirection, rest = self.redirection(child)
                redirections.append(redirection)
                words.extend(rest)
            elif kind == "heredoc_redirect":
                raise Misread
            else:
                words.append(child)
        if words and self.source(words[0]) in _RESERVED:
            self.misread()
        while words and words[0].end_byte - words[0].start_byte == 1 and self.source(words[0]) == "!":
            del words[0]
        found = (*self.words(words), *more)
        whole = Simple(found, tuple(assignments), (*redirections, *extra))
        if found and found[0] == _COPROC and len(found) > 1:
            return (*before, Background(Simple(found[1:], whole.assignments, whole.redirections)))
        return (*before, whole) if found or assignments or whole.redirections else tuple(before)

    def whole(self, nodes: list[Node]) -> None:
        """The grammar sometimes leaves out a word without saying so (`python3 - <<E`)."""
        end = -1
        for node in nodes:
            start = node.start_byte
            if start > end >= 0 and self.data[end:start] != b" " and _BLANK.fullmatch(self.data, end, start) is None:
                mended = node.type == "heredoc_redirect" and self.data[end:start].strip() == b"-"
                if not mended:
                    self.misread()
            end = node.end_byte

    def gaps(self, nodes: list[Node]) -> None:
        """Between the parts of a command stand blanks; a line may end only between assignments."""
        end, after = -1, ""
        for node in nodes:
            start = node.start_byte
            if end >= 0 and self.data[end:start] != b" ":
                gap = _BLANK if after == "variable_assignment" else _GAP if after in _ENDS else _INNER
                if gap.fullmatch(self.data, end, start) is None:
                    self.misread()
            end, after = node.end_byte, node.type

    def words(self, nodes: list[Node]) -> tuple[Parts, ...]:
        """Nodes that touch each other are one word, whatever the grammar takes them for."""
        found = _touching(nodes, self.data)
        if len(found) > MAX_WORDS:
            self.left = -1
        return tuple(self.word(start, end) for start, end in found[:MAX_WORDS])

    def word(self, start: int, end: int) -> Parts:
        text = self.cut(start, end)
        if _SIMPLE.fullmatch(text):
            return (Literal(text),)
        whole = _OUTSIDE.match(text)
        if whole is not None and whole.end() < len(text) and text[whole.end()] in ";&|()<> \t\n":
            ahead = text[whole.end() : whole.end() + 2]
            if ahead not in ("<(", ">("):
                self.misread()
        return lex(text)

    def assignment(self, node: Node, end: int = 0) -> Assignment:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if name is None:
            raise Misread
        index = ""
        label = self.source(name)
        if not label.isascii():
            self.misread()  # such a word is a command
        if name.type == "subscript":
            label, _, index = label.partition("[")
            index = index.removesuffix("]")
        append = any(child.type == "+=" for child in node.children)
        if value is None:
            return Assignment(label, (), append, index)
        if value.type == "array":
            elements = [child for child in value.children if child.is_named and child.type != "comment"]
            return Assignment(label, (), append, index, *self.elements(elements))
        return Assignment(label, self.word(value.start_byte, end or node.end_byte), append, index)

    def elements(self, nodes: list[Node]) -> tuple[tuple[Parts, ...], tuple[str, ...]]:
        found: list[Parts] = []
        keys: list[str] = []
        for start, end in _touching(nodes, self.data):
            key = _KEY.match(self.cut(start, end))
            keys.append(key.group(1) if key else "")
            found.append(lex(self.cut(start, end)[key.end() :]) if key else self.word(start, end))
        return tuple(found), tuple(keys) if any(keys) else ()

    # -- redirections

    def redirection(self, node: Node) -> tuple[Redirection, list[Node]]:
        """A redirection, and words that the grammar counts to it but that are the command's."""
        descriptor, operator, targets = -1, "", list[Node]()
        for child in node.children:
            if child.type == "file_descriptor":
                digits = self.source(child)
                descriptor = int(digits) if digits.isdigit() and len(digits) < 6 else -1
            elif not operator:
                operator = child.type
            else:
                targets.append(child)
        if operator.endswith("&-"):
            return Redirection(operator[:-1], lex("-"), descriptor), targets
        if not targets:
            self.misread()
            return Redirection(operator or ">", (), descriptor), []
        end = targets[0].end_byte
        count = 1
        while count < len(targets) and targets[count].start_byte == end:
            end = targets[count].end_byte
            count += 1
        return Redirection(operator, self.word(targets[0].start_byte, end), descriptor), targets[count:]

    def document(self, node: Node) -> tuple[Redirection, list[Redirection], list[Node], list[tuple[str, Node]]]:
        """A here-document; further redirections, words and commands that stand behind it on its line."""
        self.whole(node.children)
        operator, delimiter, descriptor = "<<", "", -1
        body: Parts | None = ()
        redirections: list[Redirection] = []
        words: list[Node] = []
        following: list[tuple[str, Node]] = []
        join = ""
        for place, child in enumerate(node.children):
            kind = child.type
            if kind in ("<<", "<<-"):
                operator = kind
            elif kind == "file_descriptor":
                digits = self.source(child)
                descriptor = int(digits) if digits.isdigit() and len(digits) < 6 else -1
            elif kind == "heredoc_start":
                delimiter = self.source(child)
                if re.search(r"[;&|()<>\s]", re.sub(r"'[^']*'|\"[^\"]*\"|\\.", "", delimiter)):
                    self.misread()
            elif kind == "heredoc_body":
                body = self.body(child, operator, delimiter)
                line = self.data.rfind(b"\n", 0, child.end_byte) + 1
                if self.data[line : child.end_byte].strip(b"\t" if operator == "<<-" else b""):
                    self.misread()  # an end that is indented by blanks is none
            elif kind == "heredoc_redirect":
                raise Misread  # the grammar loses the second of two documents
            elif kind in ("file_redirect", "herestring_redirect"):
                redirection, rest = self.redirection(child)
                redirections.append(redirection)
                words.extend(rest)
            elif kind in ("&&", "||"):
                join = kind
            elif kind == "pipeline":
                following.append(("|", child))
            elif kind in ("heredoc_end", "comment"):
                continue
            elif join:
                following.append((join, child))
                join = ""
            elif node.field_name_for_child(place) == "argument" or kind in _WORDS:
                words.append(child)
            else:
                self.misread()
                following.append((";", child))
        return Redirection(operator, (), descriptor, body), redirections, words, following

    def body(self, node: Node, operator: str, delimiter: str) -> Parts:
        start = len(self.data[: node.start_byte].rstrip(b" \t\r\n"))
        start = self.data.find(b"\n", start) + 1  # the grammar leaves out empty lines in front
        text = self.cut(min(start, node.start_byte), node.end_byte)
        if operator == "<<-":
            text = re.sub(r"(?m)^\t+", "", text)
        if re.search(r"['\"\\]", delimiter):
            return (Literal(text, quoted=True),) if text else ()
        return lex_document(text)

    def redirected(self, node: Node, depth: int) -> Block:
        inner = node.child_by_field_name("body")
        redirections: list[Redirection] = []
        words: list[Node] = []
        following: list[tuple[str, Node]] = []
        words_before: list[Parts] = []  # a lone `-` that the grammar leaves out in front of a here-document
        for child in node.children:
            if child == inner:
                continue
            if child.type == "heredoc_redirect":
                if following:
                    raise Misread
                if inner is not None and self.data[inner.end_byte : child.start_byte].strip() == b"-":
                    place = self.data.index(b"-", inner.end_byte)
                    words_before.append(self.word(place, place + 1))
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
            statement = Simple(self.words(words), (), tuple(redirections))
        elif inner.type == "command":
            *before, statement = self.command(inner, tuple(redirections), (*words_before, *self.words(words)))
        else:
            statement = self.redirect_last(self.statement(inner, depth), tuple(redirections))
            if words:
                self.misread()
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
            before: Block = first.commands if isinstance(first, Pipeline) else (first,)
            last = rest[-1] if rest else None
            if isinstance(last, AndOr):  # `<<E | a && b`: only the first of the list is in the pipe
                inner = last.commands[0]
                commands: Block = inner.commands if isinstance(inner, Pipeline) else (inner,)
                return AndOr((Pipeline((*before, *rest[:-1], *commands)), *last.commands[1:]), last.all)
            return Pipeline((*before, *rest))
        rest = self.statement(node, depth)
        if join == ";":
            return Group((first, *rest))
        if isinstance(first, AndOr):
            return AndOr((*first.commands, *rest), first.all and join == "&&")
        return AndOr((first, *rest), join == "&&")

    # -- compound commands

    def pipeline(self, node: Node, depth: int) -> Block:
        commands: list[Statement] = []
        for child in node.children:
            if child.is_named and child.type != "comment":
                block = self.statement(child, depth)
                if len(block) > 1:
                    self.misread()
                for one in block:
                    commands.extend(one.commands if isinstance(one, Pipeline) else (one,))
        return (Pipeline(tuple(commands)),)

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


def _touching(nodes: list[Node], data: bytes) -> list[tuple[int, int]]:
    """Places of words: nodes that nothing parts are one."""
    found: list[tuple[int, int]] = []
    start = end = -1
    for node in nodes:
        if end >= 0 and _joined(data[end : node.start_byte]):
            end = node.end_byte
            continue
        if start >= 0:
            found.append((start, end))
        start, end = node.start_byte, node.end_byte
    if start >= 0:
        found.append((start, end))
    return found


def _joined(gap: bytes) -> bool:
    """Whether what stands between two nodes does not part them."""
    return not gap or _CONTINUED.fullmatch(gap) is not None


_KEY = re.compile(r"\[([^\]]*)\]\+?=")
_COPROC: Parts = (Literal("coproc"),)
_RESERVED = word_set("if then elif else fi for while until do done case esac { } [[ function select")
"""Words that never name a command: the grammar has lost its place where they do."""
_GAP = re.compile(rb"(?:[ \t]|\\\r?\n)+")
_CONTINUED = re.compile(rb"(?:\\\n)+")
_INNER = re.compile(rb"(?:[ \t]|\\\r?\n)*")
_BLANK = re.compile(rb"(?:[ \t\r\n]|\\\r?\n)*")
_ENDS = frozenset({"variable_assignment", "file_redirect", "herestring_redirect"})
_EXPRESSIONS = frozenset(
    {"test_command", "unary_expression", "binary_expression", "parenthesized_expression", "ternary_expression"}
)
_WORDS = frozenset({"word", "string", "raw_string", "ansi_c_string", "concatenation", "number", "simple_expansion"})


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
