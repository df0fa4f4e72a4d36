"""Strings and literal expressions of many languages: a lexer and an evaluator for what is constant.

Sources: ECMAScript 2024 (string and template literals, regular expressions), perlop (quote-like operators), Ruby's
literals page, php.net strings, Lua 5.4 manual (long brackets), gawk manual (juxtaposition puts texts together).
Must not be here: what any call does (`code_text`).
"""

import base64
import binascii
import re
from dataclasses import dataclass

MAX_TOKENS = 6_000
"""Tokens that are looked at."""
MAX_VISITED = 60_000
"""Tokens that are visited while values are looked for: hostile code nests them."""
UNKNOWN = "$_"
"""What stands for a part of a text that is computed."""
Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of code."""

    kind: str
    """text, ticks, name, number, mark."""
    value: str
    tag: str = ""


_HASH = frozenset(("perl", "ruby", "php", "awk", "r", "julia", "elixir", "nim", "crystal"))
_SLASHES = frozenset(
    ("javascript", "php", "java", "c", "go", "rust", "csharp", "groovy", "scala", "kotlin", "dart", "swift")
)
_DASHES = frozenset(("lua", "haskell"))
_SINGLE = frozenset(
    ("javascript", "perl", "ruby", "php", "lua", "groovy", "r", "dart", "elixir", "erlang", "matlab", "crystal")
)
"""Languages in which single quotes hold a text."""
_RAW_SINGLE = frozenset(("perl", "ruby", "php"))
"""Languages in which a backslash in single quotes is a backslash, before anything but a quote and itself."""
_REGEX = frozenset(("javascript", "ruby", "perl", "awk"))
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_NAME = {
    "lisp": re.compile(r"[A-Za-z*+/<>=!?$%&:_-][\w*+/<>=!?$%&:.-]*"),
    "": re.compile(r"[A-Za-z_$][\w$]*[!?]?(?=\W|$)|[A-Za-z_$][\w$]*"),
    "perl": re.compile(r"[$@%&]?[A-Za-z_]\w*"),
    "php": re.compile(r"\$?[A-Za-z_]\w*"),
    "awk": re.compile(r"[A-Za-z_]\w*"),
}
_MARK = re.compile(r"=>|->|\?\.|&\.|::|\.\.\.?|\|&|\|\||&&|[=!]==?|=~|!~|\+\+|--|\+=|\.=|<>|!!|.", re.DOTALL)
_NUMBER = re.compile(r"\d[\w.]*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
_ESCAPED = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|([0-7]{2,3})|(\n)|(.))",
    re.DOTALL,
)


def _unescaped(text: str) -> str:
    def one(match: "re.Match[str]") -> str:
        number = match[1] or match[2] or match[3] or match[4]
        if number:
            code = int(number, 16)
            return chr(code) if code < 0x110000 else ""
        if match[5]:
            return chr(int(match[5], 8))
        if match[6]:
            return ""
        return _ESCAPES.get(match[7], match[7])

    return _ESCAPED.sub(one, text) if "\\" in text else text


_HOLES = {
    "javascript": re.compile(r"\$\{[^{}]*\}"),
    "ruby": re.compile(r"#\{[^{}]*\}"),
    "crystal": re.compile(r"#\{[^{}]*\}"),
    "elixir": re.compile(r"#\{[^{}]*\}"),
    "perl": re.compile(r"(?<!\\)[$@](?:\{\w+\}|[A-Za-z_]\w*(?:\[[^\]]{0,80}\]|\{[^}]{0,80}\})?)"),
    "php": re.compile(r"(?<!\\)(?:\{\$[^{}]*\}|\$\{?\w+\}?(?:\[[^\]]{0,80}\])?)"),
    "groovy": re.compile(r"(?<!\\)\$(?:\{[^{}]*\}|[A-Za-z_]\w*)"),
    "kotlin": re.compile(r"(?<!\\)\$(?:\{[^{}]*\}|[A-Za-z_]\w*)"),
    "dart": re.compile(r"(?<!\\)\$(?:\{[^{}]*\}|[A-Za-z_]\w*)"),
    "julia": re.compile(r"(?<!\\)\$(?:\([^()]*\)|[A-Za-z_]\w*)"),
}


def _filled(text: str, language: str) -> str:
    """A text in which what is computed stands as unknown."""
    holes = _HOLES.get(language)
    return _unescaped(holes.sub(lambda _: UNKNOWN, text) if holes is not None else text)


def _quoted(code: str, at: int, mark: str) -> int:
    """The place of the closing mark; the end where there is none."""
    length = len(code)
    while at < length and code[at] != mark:
        at += 2 if code[at] == "\\" else 1
    return min(at, length)


def _nested(code: str, at: int, opens: str, closes: str) -> int:
    depth = 1
    length = len(code)
    while at < length:
        if code[at] == "\\":
            at += 1
        elif code[at] == closes:
            depth -= 1
            if not depth:
                return at
        elif code[at] == opens:
            depth += 1
        at += 1
    return length


_QUOTE_LIKE = {
    "perl": re.compile(r"(qq|qx|qw|q)\s*([^\w\s,;)=])"),
    "ruby": re.compile(r"%([qQxwWi]?)([(\[{<|!/])"),
    "crystal": re.compile(r"%([qQxwWi]?)([(\[{<|])"),
}
_PERL_MATCH = re.compile(r"(?:s|tr|y|m|qr)\s*([^\w\s,;)=])")
_LONG = re.compile(r"\[(=*)\[\n?")
_HEREDOC = re.compile(r"<<[~-]?(['\"]?)([A-Z_]\w*)\1[^\n]{0,200}\n")


def tokens(code: str, language: str) -> list[Token]:
    """The tokens of code. Total: what cannot be read becomes marks."""
    found: list[Token] = []
    names = _NAME.get("lisp" if language in ("lisp", "scheme", "clojure") else language, _NAME[""])
    lisp = language in ("lisp", "scheme", "clojure")
    quote_like = _QUOTE_LIKE.get(language)
    at, length = 0, len(code)
    while at < length and len(found) < MAX_TOKENS:
        letter = code[at]
        if letter in " \t\r":
            at += 1
            continue
        if letter == "\n":
            if language in ("awk", "ruby", "lua", "julia", "r"):
                found.append(Token("mark", "\n"))
            at += 1
            continue
        if (
            (letter == "#" and language in _HASH)
            or (letter == ";" and lisp)
            or (letter == "%" and language == "erlang")
        ):
            at = _line_end(code, at)
            continue
        if letter == "/" and language in _SLASHES and code[at + 1 : at + 2] in ("/", "*"):
            if code[at + 1] == "/":
                at = _line_end(code, at)
            else:
                end = code.find("*/", at + 2)
                at = length if end < 0 else end + 2
            continue
        if letter == "-" and language in _DASHES and code[at + 1 : at + 2] == "-":
            at = _line_end(code, at)
            continue
        if quote_like is not None and (match := quote_like.match(code, at)) and _begins(found, language, match):
            opens = match[2]
            closes = _PAIRS.get(opens)
            end = _nested(code, match.end(), opens, closes) if closes else _quoted(code, match.end(), opens)
            text = code[match.end() : end]
            if match[1] in ("qx", "x"):
                found.append(Token("ticks", _filled(text, language), "shell"))
            elif match[1] in ("qw", "w", "W", "i"):
                found.append(Token("mark", "["))
                for word in text.split():
                    found += (Token("text", word), Token("mark", ","))
                found.append(Token("mark", "]"))
            else:
                raw = match[1] == "q"
                found.append(Token("text", text if raw else _filled(text, language)))
            at = end + 1
            continue
        if letter == '"' or (letter == "'" and language in _SINGLE):
            triple = code[at : at + 3] == letter * 3 and language in (
                "groovy",
                "scala",
                "kotlin",
                "elixir",
                "julia",
                "dart",
                "swift",
            )
            if triple:
                end = code.find(letter * 3, at + 3)
                end = length if end < 0 else end
                found.append(Token("text", _filled(code[at + 3 : end], language)))
                at = end + 3
                continue
            end = _quoted(code, at + 1, letter)
            text = code[at + 1 : end]
            if letter == "'" and language in _RAW_SINGLE:
                text = re.sub(r"\\(['\\])", r"\1", text)
            elif letter == "'" and language not in ("lua", "groovy", "dart", "r"):
                text = _unescaped(text)
            else:
                text = _filled(text, language)
            found.append(Token("text", text))
            at = end + 1
            continue
        if letter == "`":
            if lisp or language in (
                "scala",
                "swift",
                "java",
                "kotlin",
                "r",
                "haskell",
                "ocaml",
                "elixir",
                "awk",
                "lua",
            ):
                found.append(Token("mark", "`"))
                at += 1
                continue
            end = _quoted(code, at + 1, "`")
            value = _filled(code[at + 1 : end], language)
            # JavaScript's template is a text that may also be tagged; elsewhere backticks run.
            kind = "ticks"
            if language == "go":
                kind = "text"
            if language == "javascript" and not (
                found and found[-1].kind == "name" and found[-1].value in ("$", "sh", "execa", "shell")
            ):
                kind = "text"
            found.append(Token(kind, value))
            at = end + 1
            continue
        if letter == "[" and language == "lua" and (match := _LONG.match(code, at)):
            end = code.find(f"]{match[1]}]", match.end())
            end = length if end < 0 else end
            found.append(Token("text", code[match.end() : end]))
            at = end + 2 + len(match[1])
            continue
        if letter == "<" and language in ("ruby", "perl", "php") and (match := _HEREDOC.match(code, at)):
            closing = re.compile(rf"^[ \t]*{re.escape(match[2])}\b", re.MULTILINE).search(code, match.end())
            stop = closing.start() if closing else length
            found.append(
                Token(
                    "text", _filled(code[match.end() : stop], language) if match[1] != "'" else code[match.end() : stop]
                )
            )
            at = closing.end() if closing else length
            continue
        if language == "perl" and (match := _PERL_MATCH.match(code, at)) and _begins(found, language, match):
            at = _perl_match(code, match)
            found.append(Token("mark", "match"))
            continue
        if letter == "/" and language in _REGEX and _operand(found):
            end = _regex(code, at + 1)
            if end > 0:
                found.append(Token("mark", "match"))
                at = end
                continue
        match = names.match(code, at)
        if match:
            value = match[0]
            if language == "perl" and value[0] == "&":
                value = value[1:]
            found.append(Token("name", value))
            at = match.end()
            continue
        match = _NUMBER.match(code, at)
        if match:
            found.append(Token("number", match[0]))
            at = match.end()
            continue
        mark = _MARK.match(code, at)
        value = mark[0] if mark else letter
        found.append(Token("mark", value))
        at += len(value)
    return found


def _line_end(code: str, at: int) -> int:
    end = code.find("\n", at)
    return len(code) if end < 0 else end


def _begins(found: list[Token], language: str, match: "re.Match[str]") -> bool:
    """Whether a quote-like operator can stand here, and no name, key or remainder does."""
    if language in ("ruby", "crystal"):
        return _operand(found)
    before = found[-1].value if found else ""
    return before not in ("->", "$", "@", "%", "&", "sub") and match.string[match.end() - 1] != "="


def _operand(found: list[Token]) -> bool:
    """Whether a value may stand here, and an operator may not."""
    if not found:
        return True
    last = found[-1]
    if last.kind in ("text", "number", "ticks"):
        return False
    if last.kind == "name":
        return last.value in (
            "return",
            "typeof",
            "case",
            "in",
            "of",
            "puts",
            "print",
            "if",
            "unless",
            "and",
            "or",
            "not",
            "when",
            "while",
            "p",
            "then",
            "do",
            "else",
        )
    return last.value not in (")", "]", "}", "match")


def _regex(code: str, at: int) -> int:
    """The place behind a regular expression on one line; 0 where there is none."""
    length = min(len(code), at + 200)
    inside = False
    while at < length:
        letter = code[at]
        if letter == "\n":
            return 0
        if letter == "\\":
            at += 1
        elif letter == "[":
            inside = True
        elif letter == "]":
            inside = False
        elif letter == "/" and not inside:
            at += 1
            while at < length and code[at].isalpha():
                at += 1
            return at
        at += 1
    return 0


def _perl_match(code: str, match: "re.Match[str]") -> int:
    """The place behind m//, s///, tr/// and qr//."""
    opens = match[1]
    closes = _PAIRS.get(opens)
    at = (_nested(code, match.end(), opens, closes) if closes else _quoted(code, match.end(), opens)) + 1
    if match[0][0] in "sty" and not match[0].startswith("qr"):
        if closes:
            while at < len(code) and code[at].isspace():
                at += 1
            if at < len(code):
                second = _PAIRS.get(code[at])
                at = (_nested(code, at + 1, code[at], second) if second else _quoted(code, at + 1, code[at])) + 1
        else:
            at = _quoted(code, at, opens) + 1
    while at < len(code) and code[at].isalpha():
        at += 1
    return min(at, len(code))


_JOINS = {
    "php": (".",),
    "perl": (".",),
    "lua": ("..",),
    "haskell": ("++",),
    "elixir": ("<>",),
    "erlang": ("++",),
    "awk": (),
}
_BASE64 = frozenset(
    (
        "atob",
        "base64_decode",
        "decode_base64",
        "Buffer.from",
        "from",
        "Base64.decode64",
        "decode64",
        "strict_decode64",
        "unpack1",
    )
)


class Literals:
    """The constant values in a stream of tokens."""

    def __init__(self, stream: list[Token], language: str) -> None:
        self.stream = stream
        self.language = language
        self.names: dict[str, str] = {}
        """Names that hold a constant text, or stand for another name."""
        self.lists: dict[str, list[str]] = {}
        self._steps = 0
        self._assigned()

    def _assigned(self) -> None:
        stream = self.stream
        for at in range(1, len(stream) - 1):
            if stream[at].value not in ("=", ":=") or stream[at].kind != "mark":
                continue
            name = stream[at - 1]
            if name.value == "}" and stream[at + 1].value in ("require", "await", "process"):
                continue
            if name.kind != "name":
                continue
            end = self._expression(at + 1)
            value = self.value(at + 1, end)
            if isinstance(value, str) and value:
                self.names[name.value] = value
            elif isinstance(value, list):
                self.lists[name.value] = value
            elif end - at > 3 and stream[at + 1].value in ("require", "import"):
                inner = next((token.value for token in stream[at + 1 : end] if token.kind == "text"), "")
                if inner:
                    self.names[name.value] = inner.removeprefix("node:")
        for at in range(len(stream) - 3):
            # import * as cp from 'child_process', import cp from "node:child_process"
            if stream[at].value == "from" and stream[at + 1].kind == "text" and at and stream[at - 1].kind == "name":
                self.names[stream[at - 1].value] = stream[at + 1].value.removeprefix("node:")
            if stream[at].kind == "name" and stream[at + 1].value in ("as", ":") and stream[at + 2].kind == "name":
                self.names.setdefault(stream[at + 2].value, stream[at].value)

    def _expression(self, at: int) -> int:
        """The end of the expression that begins here."""
        depth = 0
        length = len(self.stream)
        start = at
        while at < length and at - start < 200 and self._steps < MAX_VISITED:
            self._steps += 1
            token = self.stream[at]
            if token.kind == "mark":
                if token.value in "([{":
                    depth += 1
                elif token.value in ")]}":
                    if not depth:
                        return at
                    depth -= 1
                elif not depth and token.value in (";", ",", "\n"):
                    return at
            at += 1
        return at

    def arguments(self, at: int, closed: bool) -> list[Value]:
        """Values of the arguments from here on, up to the closing parenthesis or the statement's end."""
        found: list[Value] = []
        length = len(self.stream)
        start = at
        while at < length and at - start < 400:
            end = self._expression(at)
            if end > at:
                found.append(self.value(at, end))
            if end >= length or self._steps > MAX_VISITED or self.stream[end].value != ",":
                break
            at = end + 1
        return found

    def value(self, begin: int, end: int, deep: int = 0) -> Value:
        """The value of the tokens between two places; a text with unknown parts where only some are constant."""
        self._steps += 1
        if (
            self.language == "go"
            and begin < end
            and self.stream[begin].value == "["
            and self.stream[end - 1].value == "}"
        ):
            # `[]string{"a", "b"}`
            opens = next((at for at in range(begin, end) if self.stream[at].value == "{"), end)
            return self._items(opens + 1, end - 1, deep) or None
        # A list that is spread (`exec(*["ls", "-l"])`).
        while begin < end and self.stream[begin].value in ("*", "..."):
            begin += 1
        if deep > 20 or self._steps > MAX_VISITED or begin >= end:
            return None
        stream = self.stream
        if stream[begin].value in ("[", "(", "{", "'(", "c", "new", "@", "&", "\\") or stream[begin].kind == "name":
            whole = self._group(begin, end, deep)
            if whole is not None or stream[begin].value == "{":
                return whole
        texts: list[str] = []
        known = False
        at = begin
        while at < end:
            self._steps += 1
            token = stream[at]
            if token.kind == "text":
                texts.append(token.value)
                known = known or bool(token.value.strip())
            elif token.kind == "name" or (token.kind == "mark" and token.value == "("):
                stop = self._operand_end(at, end)
                value = self._group(at, stop, deep) if (at, stop) != (begin, end) else None
                if value is None and token.kind == "name" and stop == at + 1:
                    value = self.names.get(token.value)
                if isinstance(value, list):
                    return value
                texts.append(value if value is not None else UNKNOWN)
                known = known or bool(value and value.strip())
                at = stop
                continue
            elif token.kind in ("number", "ticks"):
                texts.append(token.value if token.kind == "number" else UNKNOWN)
            elif token.value in ("+", ".", "..", "++", "<>", "~", "&"):
                pass
            elif token.value in ("$", "@", "%"):
                texts.append(UNKNOWN)
                at = max(self._operand_end(at + 1, end), at + 1 + (at + 1 < end and stream[at + 1].kind == "number"))
                continue
            elif token.value in ("=>", "?", "||", "&&", "=", "==", "function"):
                return None
            at += 1
        if not known:
            return None
        return re.sub(r"(?:\$_){2,}", UNKNOWN, "".join(texts))

    def _operand_end(self, at: int, end: int) -> int:
        """The end of a name with its calls, keys and members."""
        stream = self.stream
        if at < end and stream[at].kind == "name":
            at += 1
        while at < end:
            value = stream[at].value if stream[at].kind == "mark" else ""
            if value in ("(", "["):
                depth = 0
                while at < end:
                    if stream[at].kind == "mark":
                        depth += stream[at].value in ("(", "[", "{")
                        depth -= stream[at].value in (")", "]", "}")
                    at += 1
                    if not depth:
                        break
            elif (
                value in (".", "->", "::", "?.")
                and at + 1 < end
                and stream[at + 1].kind == "name"
                and self.language not in ("php",)
            ):
                if self.language == "perl" and value == ".":
                    break
                at += 2
            elif value in ("->", "::") and at + 1 < end and stream[at + 1].kind == "name":
                at += 2
            else:
                break
        return max(at, 1)

    def _group(self, begin: int, end: int, deep: int) -> Value:
        """A list, a parenthesis, a name, or a call whose result is plain."""
        stream = self.stream
        first = stream[begin]
        if first.kind == "name" and end == begin + 1:
            return self.names.get(first.value) or self.lists.get(first.value)
        if first.value in ("@", "\\", "&") and end == begin + 2:
            return self.lists.get(stream[begin + 1].value) or self.lists.get(f"@{stream[begin + 1].value}")
        last = stream[end - 1].value if stream[end - 1].kind == "mark" else ""
        if first.kind == "mark" and first.value in ("[", "'(") and last in ("]", ")"):
            return self._items(begin + 1, end - 1, deep)
        if first.kind == "mark" and first.value == "{" and last == "}":
            return self._object(begin + 1, end - 1, deep)
        if first.kind == "mark" and first.value == "(" and last == ")":
            items = self._items(begin + 1, end - 1, deep)
            return items[0] if len(items) == 1 else items or None
        if first.kind != "name":
            return None
        opens = next(
            (at for at in range(begin, end) if stream[at].value in ("(", "{") and stream[at].kind == "mark"), None
        )
        if opens is None:
            return None
        name = "".join(token.value for token in stream[begin:opens])
        if first.value in ("c", "array", "new", "vec", "List", "Arrays", "Seq", "listOf", "arrayOf") and last in (
            ")",
            "}",
        ):
            return self._items(opens + 1, end - 1, deep) or None
        items = self._items(opens + 1, self._operand_end(opens, end) - 1, deep)
        if not items:
            return None
        short = name.rpartition(".")[2].rpartition(":")[2]
        if name in _BASE64 or short in _BASE64 or name.endswith(("decode64", "base64_decode")):
            if short == "from" and (len(items) < 2 or items[1] != "base64"):
                return items[0] if len(items) < 2 or items[1] in ("utf8", "utf-8") else _hex(items)
            return _base64(items[0])
        if short in (
            "String",
            "escapeshellcmd",
            "shQuote",
            "trim",
            "chomp",
            "pack",
            "join",
            "str_rot13",
            "strrev",
            "hex2bin",
        ):
            return _plain(short, items)
        return None

    def _items(self, begin: int, end: int, deep: int) -> list[str]:
        """Values of a list; lists in it are taken apart."""
        found: list[str] = []
        at = begin
        while at < end:
            stop = min(self._expression(at), end)
            value = self.value(at, stop, deep + 1)
            if isinstance(value, list):
                found += value
            elif value is not None:
                found.append(value)
            elif stop > at and not (self.stream[at].value == "{" and self.stream[at].kind == "mark"):
                found.append(UNKNOWN)
            at = max(stop, at) + 1
        return found

    def _object(self, begin: int, end: int, deep: int) -> list[str] | None:
        """An object with `cmd` or `args` (Deno, Bun); any other is no value. Braces of Java hold a list."""
        stream = self.stream
        if self.language in ("java", "groovy"):
            return self._items(begin, end, deep)
        for at in range(begin, end - 1):
            if stream[at].value in ("cmd", "args") and stream[at + 1].value == ":":
                value = self.value(at + 2, min(self._expression(at + 2), end), deep + 1)
                if isinstance(value, list):
                    return value
        return None

    def shell_option(self, at: int, stream: list[Token]) -> bool:
        """Whether `shell: true` (or a shell's name) stands among the arguments."""
        depth = 0
        for place in range(at + 1, min(at + 200, len(stream) - 2)):
            if stream[place].kind == "mark":
                depth += stream[place].value in ("(", "[", "{")
                depth -= stream[place].value in (")", "]", "}")
                if depth <= 0:
                    return False
            if stream[place].value == "shell" and stream[place + 1].value == ":":
                return stream[place + 2].value not in ("false", "0", "null", "undefined")
        return False


def _base64(text: str) -> str | None:
    try:
        squeezed = re.sub(r"\s", "", text)
        return base64.b64decode(squeezed + "=" * (-len(squeezed) % 4)).decode("latin-1")
    except (ValueError, binascii.Error):
        return None


def _hex(items: list[str]) -> str | None:
    if items[1:2] != ["hex"]:
        return items[0] if items[1:2] in (["latin1"], ["binary"], ["ascii"]) else None
    try:
        return bytes.fromhex(items[0]).decode("latin-1")
    except ValueError:
        return None


_ROT = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm"
)


def _plain(name: str, items: list[str]) -> str | None:
    if name == "str_rot13":
        return items[0].translate(_ROT)
    if name == "strrev":
        return items[0][::-1]
    if name == "pack":
        return _hex([items[1], "hex"]) if len(items) > 1 and items[0].startswith("H") else None
    if name == "hex2bin":
        return _hex([items[0], "hex"])
    return items[0] if name != "join" else items[0].join(items[1:])
