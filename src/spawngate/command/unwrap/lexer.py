"""Strings, names and marks of many languages: a lexer that knows their strings and comments.

Sources: ECMAScript 2024 (string and template literals, regular expressions), perlop (quote-like operators), Ruby's
literals page, php.net strings, Lua 5.4 manual (long brackets), gawk manual (juxtaposition puts texts together).
Must not be here: values of expressions (`literals`).
"""

import re

from msgspec import Struct

MAX_TOKENS = 6_000
"""Tokens that are looked at."""
UNKNOWN = "$_"
"""What stands for a part of a text that is computed."""


class Token(Struct, frozen=True):
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
