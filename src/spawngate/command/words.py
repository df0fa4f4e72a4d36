"""Words of a shell command taken apart: quotes, escapes and the expansions that they hold.

Belongs here: from the source text of one word to its parts. Must not be here: where words end (the parsers) and what
expansions give (`command.expand`). Total: an unclosed quote or bracket ends with the text; time is linear but for
nested brackets, whose depth is capped.
Sources: POSIX.1-2024, 2.2 Quoting and 2.6 Word Expansions; Bash Reference Manual 5.2, 3.1.2.4 (ANSI-C quoting), 3.5.3.
"""

import re

from spawngate.command.scan import MAX_DEPTH, after, after_brace, after_bracket, after_double, after_escaped, closing
from spawngate.command.syntax import (
    Arithmetic,
    Literal,
    Parameter,
    Part,
    Parts,
    ProcessSubstitution,
    Substitution,
)

_SPECIAL = re.compile(r"""[\\'"$`]|[<>]\(""")
_IN_DOUBLE = re.compile(r'[\\"$`]')
_IN_DOCUMENT = re.compile(r"[\\$`]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]|[@*#?$!_-]")
_BRACED_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_OPERATOR = re.compile(r":?[-=+?]|##?|%%?|//?[#%]?|\^\^?|,,?|@|:")
_ANSI = re.compile(
    r"\\(?:x\{?([0-9A-Fa-f]{1,2})\}?|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c(.)|(.))|\\$", re.DOTALL
)
_LETTERS = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def lex(source: str) -> Parts:
    """Parts of one unquoted word."""
    if _SPECIAL.search(source) is None:
        return (Literal(source),) if source else ()
    return tuple(_Lexer(source, 0).unquoted(len(source)))


def lex_document(source: str) -> Parts:
    """Parts of a here-document whose delimiter is not quoted: only backslashes and expansions are special."""
    if _IN_DOCUMENT.search(source) is None:
        return (Literal(source, quoted=True),) if source else ()
    return tuple(_Lexer(source, 0).double(_IN_DOCUMENT, "$`\\\n", ""))


def ansi(text: str) -> str:
    """Text between `$'` and `'`, its escapes resolved."""
    return unescaped(text).partition("\0")[0]


def unescaped(text: str) -> str:
    """As `ansi`, and a NUL ends nothing."""
    return _ANSI.sub(_ansi_letter, text)


def _ansi_letter(found: re.Match[str]) -> str:
    hexadecimal, short, long, octal, control, letter = found.groups()
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    if octal:
        return chr(int(octal, 8) & 0xFF)
    if control:
        return chr(ord(control) & 0x1F)
    return _LETTERS.get(letter, letter if letter in "\\'\"?" else "\\" + letter) if letter else "\\"


class _Lexer:
    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.at = 0
        self.depth = depth

    def unquoted(self, end: int) -> list[Part]:
        text, parts = self.text, list[Part]()
        while self.at < end:
            found = _SPECIAL.search(text, self.at, end)
            start = found.start() if found else end
            if start > self.at:
                parts.append(Literal(text[self.at : start]))
                self.at = start
            if found is None:
                break
            token = found.group()
            self.at = found.end()
            if token == "\\":
                self._escape(parts, end)
            elif token == "'":
                close = after(text, "'", self.at)
                parts.append(Literal(text[self.at : close - 1 if text[close - 1 : close] == "'" else close], True))
                self.at = close
            elif token == '"':
                parts.extend(self.double(_IN_DOUBLE, '"$`\\\n', '"') or [Literal("", quoted=True)])
            elif token == "`":
                parts.append(self._backquoted(start, quoted=False))
            elif token in ("<(", ">("):
                close = closing(text, self.at)
                code, self.at = text[self.at : close], min(close + 1, len(text))
                parts.append(ProcessSubstitution(code, text[start : self.at], token == ">("))
            else:
                parts.append(self._dollar(start, quoted=False))
        return parts

    def double(self, special: re.Pattern[str], escapable: str, quote: str) -> list[Part]:
        """Inside double quotes or a here-document, up to `quote` or the end."""
        text, parts, end = self.text, list[Part](), len(self.text)
        literal: list[str] = []
        while self.at < end:
            found = special.search(text, self.at)
            start = found.start() if found else end
            literal.append(text[self.at : start])
            self.at = start
            if found is None:
                break
            letter = found.group()
            self.at += 1
            if letter == "\\":
                following = text[self.at : self.at + 1]
                if following and following in escapable:
                    literal.append("" if following == "\n" else following)
                    self.at += 1
                else:
                    literal.append("\\")
                continue
            if letter == quote:
                break
            if letter == '"':  # quotes inside `"${name:-"word"}"` only end and begin the quotation
                continue
            part = self._backquoted(start, quoted=True) if letter == "`" else self._dollar(start, quoted=True)
            if isinstance(part, Literal):
                literal.append(part.text)
                continue
            if joined := "".join(literal):
                parts.append(Literal(joined, quoted=True))
            literal.clear()
            parts.append(part)
        if joined := "".join(literal):
            parts.append(Literal(joined, quoted=True))
        return parts

    def _escape(self, parts: list[Part], end: int) -> None:
        if self.at >= end:
            parts.append(Literal("\\", quoted=True))
            return
        letter = self.text[self.at]
        self.at += 1
        if letter != "\n":
            parts.append(Literal(letter, quoted=True))

    def _backquoted(self, start: int, quoted: bool) -> Part:
        close = after_escaped(self.text, "`", self.at)
        written = self.text[start:close]
        code = self.text[self.at : close - 1 if written.endswith("`") and close - 1 >= self.at else close]
        self.at = close
        code = re.sub(r'\\([$`\\"])' if quoted else r"\\([$`\\])", r"\1", code)
        return Substitution(code, written, quoted)

    def _dollar(self, start: int, quoted: bool) -> Part:
        """Whatever a `$` begins; the place stands behind it."""
        text = self.text
        following = text[self.at : self.at + 1]
        if following == "(":
            return self._bracket(start, quoted)
        if following == "{":
            close = after_brace(text, self.at + 1, self.depth, quoted)
            inner = text[self.at + 1 : close - 1 if text[close - 1] == "}" else close]
            self.at = close
            return _braced(inner, text[start:close], quoted, self.depth)
        if following == "[":
            close = text.find("]", self.at)
            close = len(text) if close < 0 else close
            inner, self.at = text[self.at + 1 : close], min(close + 1, len(text))
            return Arithmetic(_argument(inner, True, self.depth), text[start : self.at], quoted)
        if not quoted and following == "'":
            close = after_escaped(text, "'", self.at + 1)
            inner = text[self.at + 1 : close - 1 if text[close - 1] == "'" and close - 1 > self.at else close]
            self.at = close
            return Literal(ansi(inner), quoted=True)
        if not quoted and following == '"':
            return Literal("", quoted=True)  # `$"..."` is translated text: the quotation that follows is read as such
        name = _NAME.match(text, self.at)
        if name is None:
            return Literal("$", quoted=True)
        self.at = name.end()
        return Parameter(name.group(), text[start : self.at], quoted)

    def _bracket(self, start: int, quoted: bool) -> Part:
        text = self.text
        close = closing(text, self.at + 1)
        code = text[self.at + 1 : close]
        self.at = min(close + 1, len(text))
        written = text[start : self.at]
        if code.startswith("(") and code.endswith(")") and closing(code, 1) == len(code) - 1:
            return Arithmetic(_argument(code[1:-1], True, self.depth), written, quoted)
        return Substitution(code, written, quoted)


def _braced(inner: str, written: str, quoted: bool, depth: int) -> Part:
    """`${inner}`."""
    if inner[:1] in (" ", "\t", "\n", "|"):  # ${ command; } of Bash 5.3: a substitution in this shell
        return Substitution(inner[1:], written, quoted)
    at, indirect, length = 0, False, False
    if inner.startswith("!") and _BRACED_NAME.match(inner, 1):
        indirect, at = True, 1
    elif inner.startswith("#") and _BRACED_NAME.match(inner, 1):
        length, at = True, 1
    name = _BRACED_NAME.match(inner, at)
    if name is None:
        return Parameter("", written, quoted, operator="bad")
    at, index = name.end(), ""
    if inner.startswith("[", at):
        close = inner.find("]", at)
        if close < 0:
            return Parameter("", written, quoted, operator="bad")
        index, at = inner[at + 1 : close], close + 1
    if at == len(inner):
        return Parameter(name.group(), written, quoted, index=index, indirect=indirect, length=length)
    operator = _OPERATOR.match(inner, at)
    if operator is None:
        return Parameter("", written, quoted, operator="bad")
    rest = inner[operator.end() :]
    sign = operator.group()
    second: Parts | None = None
    if sign[0] == "/" or sign == ":":
        cut = _cut(rest, "/" if sign[0] == "/" else ":")
        if cut >= 0:
            second = _argument(rest[cut + 1 :], quoted and sign == ":", depth)
            rest = rest[:cut]
    # In double quotes single quotes are plain in the word of ${x:-...} but quote in patterns.
    plain = quoted and sign.lstrip(":") in ("-", "=", "+", "?")
    argument = _argument(rest, plain, depth)
    return Parameter(name.group(), written, quoted, sign, argument, second, index, indirect, length)


def _cut(text: str, letter: str) -> int:
    """Place of the first `letter` outside quotes and brackets; -1 where there is none."""
    at, length = 0, len(text)
    while at < length:
        here = text[at]
        if here == letter:
            return at
        at += 1
        if here == "\\":
            at += 1
        elif here == "'":
            at = after(text, "'", at)
        elif here == '"':
            at = after_double(text, at, MAX_DEPTH)
        elif here == "$" and text.startswith("{", at):
            at = after_brace(text, at + 1, MAX_DEPTH)
        elif here == "(":
            at = after_bracket(text, at, MAX_DEPTH)
    return -1


def _argument(text: str, plain: bool, depth: int) -> Parts:
    if not text:
        return ()
    if depth >= MAX_DEPTH:
        return (Literal(text, quoted=True),)
    lexer = _Lexer(text, depth + 1)
    return tuple(lexer.double(_IN_DOUBLE, '"$`\\\n}', "") if plain else lexer.unquoted(len(text)))
