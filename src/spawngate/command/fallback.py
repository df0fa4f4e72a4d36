"""What can be said of a text that no parser reads: its words, cut at every operator.

Belongs here: a tokenizer that never fails, gives at least every command that a shell could see, and knows no grammar.
Must not be here: anything that a parser does better. Keywords are dropped, brackets end commands, here-documents whose
end is found are kept as input of their line.
"""

import re

from msgspec import Struct

from spawngate.command.scan import closing
from spawngate.command.syntax import (
    Assignment,
    Background,
    Block,
    Cut,
    Literal,
    Parts,
    Pipeline,
    Redirection,
    Simple,
    Statement,
)
from spawngate.command.words import lex, lex_document

MAX_COMMANDS = 200
MAX_REDIRECTIONS = 64
"""Of one command; further operators are skipped."""
MAX_TEXT = 8_192
"""Characters that are read."""
MAX_RAGGED = 32
MAX_RAGGED_TEXT = 2_048
_SEPARATE = re.compile(r"[\n;]|&&|\|\|")
_CLOSERS = " \t)]}"
_BLANK = re.compile(r"(?:[ \t\r\f\v]|\\\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_REDIRECT = re.compile(r"(\d*|\{\w+\})(<<<|<<-?|<>|<&|>&|>>|>\||&>>|&>|<(?!\()|>(?!\())")
_OPERATOR = re.compile(r"\|\||&&|;;&|;&|;;|\|&|[;&|\n(){}]")
_KEYWORDS = frozenset(["!", "{", "}", "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "in", "esac"])
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=")
_WORD = re.compile(
    r"""(?:[^\\'"$`;&|<>()\s]+|\\(?:.|\Z)|\$'(?:[^'\\]|\\.)*(?:'|\Z)|'[^']*(?:'|\Z)|\$(?![('{"])|[<>]?\((?<=[<>@!?*+]\())""",
    re.DOTALL,
)


def lower(text: str) -> Block:
    """Statements as far as they can be told apart. Never raises; time is linear."""
    found = _Tokens(text[:MAX_TEXT]).read()
    return (*found, Cut("too-long")) if len(text) > MAX_TEXT or len(found) >= MAX_COMMANDS else found


def ragged(text: str) -> Block:
    """The last lines, and what stands behind each `;` on them, each read by itself: in a text that no shell could read
    to its end a quote or bracket that nothing closes hides nothing. Never raises; time is linear."""
    pieces = _SEPARATE.split(text[-MAX_RAGGED_TEXT:])[-MAX_RAGGED:]
    return tuple(one for piece in pieces for one in _Tokens(piece.lstrip(_CLOSERS)).read())


def missing(block: Block, tokens: Block) -> Block:
    """Statements of `tokens` that stand nowhere in `block`."""
    known: set[tuple[Parts, ...]] = set()
    stack: list[object] = [block]
    while stack:
        one = stack.pop()
        if isinstance(one, Simple):
            known.add(one.words)
        elif isinstance(one, tuple):
            stack.extend(one)
        elif isinstance(one, Struct):
            stack.extend(getattr(one, name) for name in one.__struct_fields__)
    return tuple(one for one in tokens if not _within(one, known))


def _within(statement: Statement, known: set[tuple[Parts, ...]]) -> bool:
    if isinstance(statement, Background):
        statement = statement.command
    parts = statement.commands if isinstance(statement, Pipeline) else (statement,)
    return all(isinstance(part, Simple) and part.words in known for part in parts)


class _Tokens:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[Statement] = []
        self.pipe: list[Statement] = []
        self.words: list[Parts] = []
        self.assignments: list[Assignment] = []
        self.redirections: list[Redirection] = []
        self.documents: list[tuple[int, str, bool]] = []

    def read(self) -> Block:
        text, length = self.text, len(self.text)
        while self.at < length and len(self.found) < MAX_COMMANDS:
            blank = _BLANK.match(text, self.at)
            if blank:
                self.at = blank.end()
                continue
            letter = text[self.at]
            if letter == "#":
                comment = _COMMENT.match(text, self.at)
                self.at = comment.end() if comment else self.at + 1
                continue
            redirect = _REDIRECT.match(text, self.at)
            if redirect:
                self._redirect(redirect)
                continue
            operator = _OPERATOR.match(text, self.at)
            if operator and not (letter in "{}" and self._braces()):
                self.at = operator.end()
                self._end(operator.group())
                continue
            self._word()
        self._end("")
        return tuple(self.found)

    def _braces(self) -> bool:
        """Whether the brace here is part of a word: only alone it is a keyword."""
        following = self.text[self.at + 1 : self.at + 2]
        return bool(following) and following not in " \t\n;"

    def _word(self) -> None:
        source = self._cut()
        if not self.words:
            assignment = _ASSIGNMENT.match(source)
            if assignment:
                value = lex(source[assignment.end() :])
                index = (assignment.group(2) or "")[1:-1]
                self.assignments.append(Assignment(assignment.group(1), value, bool(assignment.group(3)), index))
                return
            if source in _KEYWORDS:
                return
        parts = lex(source)
        self.words.append(parts if parts else (Literal("", quoted=True),))

    def _cut(self) -> str:
        """Source of the word here; at least one letter."""
        text, start, length = self.text, self.at, len(self.text)
        at = start
        while at < length:
            plain = _WORD.match(text, at)
            if plain and plain.end() > at:
                at = plain.end()
                if text[at - 1] == "(":
                    at = min(closing(text, at) + 1, length)
            elif text[at] == '"':
                at = self._double(at + 1)
            elif text[at] == "`":
                end = re.compile(r"(?:[^`\\]|\\.)*", re.DOTALL).match(text, at + 1)
                at = min((end.end() if end else at) + 1, length)
            elif text[at] == "$" and at + 1 < length:
                at = self._dollar(at)
            else:
                break
        self.at = max(at, start + 1)
        return text[start : self.at]

    def _dollar(self, at: int) -> int:
        following = self.text[at + 1]
        if following == "(":
            return min(closing(self.text, at + 2) + 1, len(self.text))
        if following == "{":
            end = self.text.find("}", at)
            return len(self.text) if end < 0 else end + 1
        return at + 1

    def _double(self, at: int) -> int:
        text, length = self.text, len(self.text)
        while at < length:
            letter = text[at]
            if letter == '"':
                return at + 1
            if letter == "\\":
                at += 2
            elif letter == "$" and text.startswith("(", at + 1):
                at = min(closing(text, at + 2) + 1, length)
            else:
                at += 1
        return length

    def _redirect(self, found: re.Match[str]) -> None:
        self.at = found.end()
        blank = _BLANK.match(self.text, self.at)
        if blank:
            self.at = blank.end()
        number = found.group(1)
        descriptor = int(number) if number.isdecimal() and len(number) < 6 else -1
        operator = found.group(2)
        if len(self.redirections) >= MAX_REDIRECTIONS:
            return
        source = "" if _OPERATOR.match(self.text, self.at) else self._cut() if self.at < len(self.text) else ""
        if operator in ("<<", "<<-"):
            delimiter = "".join(part.text for part in lex(source) if isinstance(part, Literal))
            self.documents.append((len(self.redirections), delimiter, not re.search(r"['\"\\]", source)))
            self.redirections.append(Redirection(operator, (), descriptor, ()))
        else:
            self.redirections.append(Redirection(operator, lex(source), descriptor))

    def _documents(self) -> None:
        """Content of the here-documents of the line that ends here."""
        for place, delimiter, expanded in self.documents:
            old = self.redirections[place]
            tabs = r"\t*" if old.operator == "<<-" else ""
            end = re.compile(f"^{tabs}{re.escape(delimiter)}$", re.MULTILINE)
            found = end.search(self.text, self.at)
            if found is None:
                continue
            body = self.text[self.at : found.start()]
            if old.operator == "<<-":
                body = re.sub(r"(?m)^\t+", "", body)
            parts = lex_document(body) if expanded else (Literal(body, quoted=True),) if body else ()
            self.redirections[place] = Redirection(old.operator, (), old.descriptor, parts)
            self.at = min(found.end() + 1, len(self.text))
        self.documents = []

    def _end(self, operator: str) -> None:
        if operator == "\n" and self.documents:
            self._documents()
        if self.words or self.assignments or self.redirections:
            self.pipe.append(Simple(tuple(self.words), tuple(self.assignments), tuple(self.redirections)))
        if operator not in ("|", "|&") or self.documents:
            if self.pipe:
                whole: Statement = Pipeline(tuple(self.pipe)) if len(self.pipe) > 1 else self.pipe[0]
                self.found.append(Background(whole) if operator == "&" else whole)
            self.pipe = []
        self.words, self.assignments, self.redirections = [], [], []
        self.documents = []
