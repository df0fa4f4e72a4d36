"""Simple commands of tree-sitter-bash's tree: words, assignments, redirections, here-documents.

Belongs here: what stands inside one simple command, and what the grammar silently gets wrong there. Words are cut by
their place in the text and taken apart by `command.words`, so that only the structure depends on this grammar.
Must not be here: statements (`command.bash`).
Source: the grammar tree-sitter-bash 0.25 (src/grammar.json, src/node-types.json).
"""

import re

from msgspec.structs import replace
from tree_sitter import Node

from spawngate.command import trees
from spawngate.command.budget import MAX_STATEMENTS, MAX_WORDS
from spawngate.command.syntax import (
    Assignment,
    Background,
    Block,
    Literal,
    Misread,
    Parts,
    Redirection,
    Simple,
    Statement,
)
from spawngate.command.words import lex, lex_document
from spawngate.launch.argv import word_set

_SIMPLE = re.compile(r"[\w./=:@%+,-]+")
_META = re.compile(r"[;&|()<>\s]")
"""What ends a word unless it is quoted."""


class Commands:
    """Reads simple commands of one text."""

    def __init__(self, text: str, data: bytes, lenient: bool) -> None:
        self.text = text
        self.data = data
        self.lenient = lenient
        self.left = MAX_STATEMENTS

    def cut(self, start: int, end: int) -> str:
        return self.text[start:end]

    def seen(self, node: Node) -> str:
        """A node's text as the grammar sees it."""
        return self.data[node.start_byte : node.end_byte].decode("ascii")

    def source(self, node: Node) -> str:
        return self.cut(node.start_byte, node.end_byte)

    def misread(self) -> None:
        """A form that the tree cannot be trusted with."""
        if not self.lenient:
            raise Misread

    # -- statements
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
        if words and self.source(words[0]) in (_DECLARATIONS if assignments or before else _RESERVED):
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
                mended = node.type in _REDIRECTS and self.data[end:start].strip() == b"-"
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
        found = touching(nodes, self.data)
        if len(found) > MAX_WORDS:
            self.left = -1
        return tuple(self.word(start, end) for start, end in found[:MAX_WORDS] if not self.numbers(start, end))

    def numbers(self, start: int, end: int) -> bool:
        """Whether a word is the descriptor of the redirection behind it, which the grammar often overlooks."""
        following = self.data[end : end + 2]
        return following[:1] in (b"<", b">") and following[1:] != b"(" and self.data[start:end].isdigit()

    def word(self, start: int, end: int) -> Parts:
        text = self.cut(start, end)
        if _SIMPLE.fullmatch(text):
            return (Literal(text),)
        parts = lex(text)
        if any(type(part) is Literal and not part.quoted and _META.search(part.text) for part in parts):
            self.misread()
        return parts

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
        for start, end in touching(nodes, self.data):
            key = _KEY.match(self.cut(start, end))
            keys.append(key.group(1) if key else "")
            found.append(lex(self.cut(start, end)[key.end() :]) if key else self.word(start, end))
        return tuple(found), tuple(keys) if any(keys) else ()

    # -- redirections

    def redirection(self, node: Node) -> tuple[Redirection, list[Node]]:
        """A redirection, and words that the grammar counts to it but that are the command's."""
        found, rest = self._redirection(node)
        if found.descriptor < 0:
            number = _NUMBER.search(self.data, max(node.start_byte - 6, 0), node.start_byte)
            if number is not None:
                found = replace(found, descriptor=int(number.group(1)))
        return found, rest

    def _redirection(self, node: Node) -> tuple[Redirection, list[Node]]:
        descriptor, operator, targets = -1, "", list[Node]()
        for child in node.children:
            if child.type == "file_descriptor":
                digits = self.source(child)
                descriptor = int(digits) if digits.isdecimal() and len(digits) < 6 else -1
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
        begin = targets[0].start_byte
        if operator == "<" and self.data[begin : begin + 1] == b">" and begin + 1 < end:
            # The grammar does not know `<>`, which opens a file to write as well.
            operator, begin = "<>", begin + 1
        return Redirection(operator, self.word(begin, end), descriptor), targets[count:]

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
                descriptor = int(digits) if digits.isdecimal() and len(digits) < 6 else -1
            elif kind == "heredoc_start":
                delimiter = self.source(child)
                if trees.MARK in self.seen(child) and not self.text.isascii():
                    self.misread()  # an end that other letters may look like
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
            elif kind == "pipeline" and not join:
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


def touching(nodes: list[Node], data: bytes) -> list[tuple[int, int]]:
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
_DECLARATIONS = _RESERVED | {"export", "declare", "typeset", "local", "readonly"}
_REDIRECTS = frozenset({"heredoc_redirect", "file_redirect", "herestring_redirect"})
_NUMBER = re.compile(rb"(?:^|(?<!\\)[\s;&|(){}])([0-9]{1,5})\Z")
_CONTINUED = re.compile(rb"(?:\\\n)+")
_INNER = re.compile(rb"(?:[ \t]|\\\r?\n)*")
_BLANK = re.compile(rb"(?:[ \t\r\n]|\\\r?\n)*")
_ENDS = frozenset({"variable_assignment", "file_redirect", "herestring_redirect"})
_WORDS = frozenset({"word", "string", "raw_string", "ansi_c_string", "concatenation", "number", "simple_expansion"})
