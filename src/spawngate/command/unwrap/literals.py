"""Values of literal expressions in many languages: texts put together, lists, base64, and names that hold them.

Sources: as `lexer`; gawk manual (texts that stand side by side are one), nodejs.org Buffer, php.net base64_decode.
Must not be here: tokens (`lexer`), what any call does (`code_text`).
"""

import base64
import binascii
import re

from spawngate.command.unwrap.lexer import UNKNOWN, Token

MAX_VISITED = 60_000
"""Tokens that are visited while values are looked for: hostile code nests them."""
Value = str | list[str] | None
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
