"""What expressions of PowerShell give, as far as they are constant.

Belongs here: strings, variables, `+`, `-f`, `-join`, `-replace`, casts, and the few methods that disguise commands
(`FromBase64String`, `GetString`, `Replace`). Must not be here: what commands inside an expression start, which
`command.powershell` says; a method that is not known is handed to it too.
Sources: about_Quoting_Rules, about_Special_Characters, about_Operators, about_Split, about_Join.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence

from tree_sitter import Node

from spawngate.command.budget import Budget
from spawngate.command.frame import Ran
from spawngate.command.patterns import globbed
from spawngate.command.scope import Scope, Value

MAX_DEPTH = 24
"""Brackets inside brackets; what lies deeper is not looked at."""
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
_VARIABLE = re.compile(r"\$(?:\{([^{}]*)\}|((?:\w+:)?\w+|[?^$_]))")
_PLAIN = re.compile(r"""[^\s'"(){}@;|&]+""")
_INTEGER = re.compile(r"[+-]?(?:0[xX][0-9A-Fa-f]{1,8}|\d{1,9})")
_HOMES = {"home": "~", "env:userprofile": "~", "env:home": "~", "pwd": ".", "env:appdata": "~/AppData/Roaming"} | {
    "env:localappdata": "~/AppData/Local",
    "env:comspec": "cmd.exe",
    "null": "",
    "true": "True",
    "false": "False",
}
_OPERATORS = frozenset({"additive_expression", "additive_argument_expression"})
_FORMATS = frozenset({"format_expression", "format_argument_expression"})
_COMPARISONS = frozenset({"comparison_expression", "comparison_argument_expression"})


def unescaped(text: str) -> str:
    """A backtick and the letter behind it become that letter, or what it stands for."""
    return re.sub(r"`(.)", lambda found: _ESCAPES.get(found.group(1), found.group(1)), text, flags=re.DOTALL)


_HISTORY = re.compile(r"(?i)\(\s*get-psreadlineoption\s*\)\s*\.\s*HistorySavePath")
"""Where the shell keeps what was typed."""


class Values:
    """Evaluates in one scope. `inside` runs statements, `called` says what a call of an unknown method is."""

    def __init__(
        self,
        text: str,
        scope: Scope,
        budget: Budget,
        inside: Callable[[Sequence[Node]], Ran],
        called: Callable[[str, tuple[int, ...]], Value],
    ) -> None:
        self.text = text
        self.scope = scope
        self.budget = budget
        self.inside = inside
        self.called = called
        self._depth = 0

    def source(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte]

    # -- entry points

    def argument(self, text: str, nodes: Sequence[Node]) -> list[Value]:
        """Values of one argument of a command, which the grammar may have cut into several nodes."""
        if _PLAIN.fullmatch(text):
            return [self.bare(piece) for piece in text.split(",") if piece]
        if len(nodes) == 1:
            return self.several(nodes[0])
        found = [self.one(node) for node in nodes]
        call = next((node for node in nodes if node.type == "argument_list"), None)
        spawns = tuple(dict.fromkeys(spawn for value in found for spawn in value.spawns))
        if call is not None:
            return [self._call(self.source(nodes[0]), call, spawns, text)]
        if any(value.opaque for value in found):
            return [Value(text, opaque=True, spawns=spawns)]
        return [Value("".join(value.text for value in found), spawns=spawns)]

    def bare(self, text: str) -> Value:
        """A word without quotes, or with quotes around all of it."""
        if len(text) > 1 and text[0] == text[-1] == "'":
            return Value(text[1:-1].replace("''", "'"))
        if len(text) > 1 and text[0] == text[-1] == '"':
            text = text[1:-1]
        glob = globbed(text) and "$" not in text
        value = self.expanded(text)
        return Value(value.text, value.opaque, glob, value.spawns)

    def expanded(self, text: str) -> Value:
        """Text of double quotes that holds variables, but no statements."""
        if "$" not in text and "`" not in text:
            self.budget.produce(len(text))
            return Value(text)
        pieces: list[str] = []
        opaque, spawns, at = False, list[int](), 0
        for found in _VARIABLE.finditer(text):
            if found.start() and text[found.start() - 1] == "`":
                continue
            pieces.append(unescaped(text[at : found.start()]))
            value = self.variable(found.group(1) or found.group(2) or "", found.group())
            pieces.append(value.text)
            opaque = opaque or value.opaque
            spawns.extend(value.spawns)
            at = found.end()
        pieces.append(unescaped(text[at:]))
        self.budget.produce(len(text))
        return Value("".join(pieces), opaque, spawns=tuple(dict.fromkeys(spawns)))

    def variable(self, name: str, written: str) -> Value:
        """`$name`."""
        key = name.lower()
        for scoped in ("global:", "script:", "local:", "private:", "variable:", "using:"):
            key = key.removeprefix(scoped)
        array = self.scope.arrays.get(key)
        if array is not None:
            return Value(" ".join(value.text for value in array), any(value.opaque for value in array))
        value = self.scope.variables.get(key)
        if value is not None:
            return Value(written, True, spawns=value.spawns) if value.opaque else value
        if key in _HOMES:
            return Value(_HOMES[key])
        return Value(written, opaque=True)

    # -- expressions

    def one(self, node: Node) -> Value:
        """The value of an expression; elements of a list are joined by blanks."""
        values = self.several(node)
        if len(values) == 1:
            return values[0]
        return Value(
            " ".join(value.text for value in values),
            any(value.opaque for value in values),
            spawns=tuple(dict.fromkeys(spawn for value in values for spawn in value.spawns)),
        )

    def several(self, node: Node) -> list[Value]:
        """Elements that an expression gives."""
        self.budget.produce(1)
        while node.named_child_count == 1 and node.child_count == 1:
            child = node.named_children[0]
            if (child.start_byte, child.end_byte) != (node.start_byte, node.end_byte):
                break  # a string around a variable
            node = child
        if self._depth >= MAX_DEPTH:
            return [Value(self.source(node), opaque=True)]
        self._depth += 1
        try:
            return self._several(node)
        finally:
            self._depth -= 1

    def _several(self, node: Node) -> list[Value]:
        kind = node.type
        text = self.source(node)
        if kind == "array_literal_expression" or kind == "argument_expression_list":
            return [value for child in node.named_children for value in self.several(child)]
        if kind == "variable":
            array = self.scope.arrays.get(text.lstrip("$@").lower())
            if array is not None:
                return list(array)
            return [self.variable(text[2:-1] if text.startswith("${") else text.lstrip("$@"), text)]
        if kind in ("parenthesized_expression", "sub_expression", "array_expression", "pipeline", "pipeline_chain"):
            return self._bracket(node, text)
        if kind == "command":
            return self._ran(self.inside([node]), text)
        if kind == "comma_expression":
            return [value for child in node.named_children for value in self.several(child)]
        return [self._single(node, kind, text)]

    def _bracket(self, node: Node, text: str) -> list[Value]:
        named = [child for child in node.named_children if child.type != "comment"]
        if len(named) == 1 and named[0].type in ("pipeline", "pipeline_chain", "statement_list"):
            return self.several(named[0])
        if (
            len(named) == 1
            and named[0].type not in ("command", "assignment_expression")
            and node.type
            in (
                "pipeline",
                "pipeline_chain",
            )
        ):
            return self.several(named[0])
        return self._ran(self.inside([node] if node.type == "pipeline" else named), text)

    def _ran(self, ran: Ran, text: str) -> list[Value]:
        """What commands inside an expression give."""
        if ran.text is not None and ran.writers:
            return [Value(line, spawns=ran.writers) for line in ran.text.splitlines()] or [
                Value("", spawns=ran.writers)
            ]
        if ran.text is not None and ran.text:
            return [Value(line) for line in ran.text.splitlines()]
        return [Value(text, opaque=True, spawns=ran.writers)]

    def _single(self, node: Node, kind: str, text: str) -> Value:
        if kind in ("string_literal", "expandable_string_literal", "expandable_here_string_literal"):
            return self._string(node, text)
        if kind in ("verbatim_string_characters", "verbatim_here_string_characters"):
            return self._string(node, text)
        if kind in (
            "generic_token",
            "command_parameter",
            "simple_name",
            "member_name",
            "command_name",
            "path_command_name_token",
        ):
            return self.bare(text)
        if _INTEGER.fullmatch(text):
            return Value(str(int(text, 16 if "x" in text.lower() else 10)))
        if kind in _OPERATORS or kind in _FORMATS or kind in _COMPARISONS:
            return self._operated(node, kind, text)
        if kind == "expression_with_unary_operator":
            return self._unary(node, text)
        if kind == "cast_expression":
            return self._cast(node, text)
        if kind == "invokation_expression":
            return self._invoked(node, text)
        if kind == "member_access" and _HISTORY.fullmatch(text):
            return Value("~/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt")
        if kind in ("type_literal", "type_spec", "type_name", "script_block_expression"):
            return Value(text)
        spawns: list[int] = []
        for child in node.named_children:
            for value in self.several(child):
                spawns.extend(value.spawns)
        return Value(text, opaque=True, spawns=tuple(dict.fromkeys(spawns)))

    def _string(self, node: Node, text: str) -> Value:
        if text.startswith("@'"):
            return Value(re.sub(r"\A@'[^\n]*\n|\r?\n'@\Z", "", text))
        if text.startswith("'"):
            return Value(text[1:-1].replace("''", "'"))
        inner = re.sub(r'\A@"[^\n]*\n|\r?\n"@\Z', "", text) if text.startswith("@") else text[1:-1].replace('""', '"')
        holder = node.named_children[0] if node.type == "string_literal" and node.named_child_count else node
        holes = [child for child in holder.named_children if child.type == "sub_expression"]
        if not holes:
            return self.expanded(inner)
        pieces, at = list[Value](), holder.start_byte + 1
        for hole in holes:
            pieces.append(self.expanded(self.text[at : hole.start_byte]))
            value = self.one(hole)
            pieces.append(Value(self.source(hole), True, spawns=value.spawns) if value.opaque else value)
            at = hole.end_byte
        pieces.append(self.expanded(self.text[at : holder.end_byte - 1]))
        spawns = tuple(dict.fromkeys(spawn for value in pieces for spawn in value.spawns))
        return Value("".join(value.text for value in pieces), any(value.opaque for value in pieces), spawns=spawns)

    def _operated(self, node: Node, kind: str, text: str) -> Value:
        named = node.named_children
        signs = [
            self.source(child).lower() for child in node.children if child not in named or "operator" in child.type
        ]
        operands = [child for child in named if "operator" not in child.type]
        if len(operands) != 2 or len(signs) != 1:
            return Value(text, opaque=True)
        left, right = self.several(operands[0]), self.several(operands[1])
        every = (*left, *right)
        spawns = tuple(dict.fromkeys(spawn for value in every for spawn in value.spawns))
        known = None if any(value.opaque for value in every) else self._applied(signs[0], left, right)
        return Value(text, True, spawns=spawns) if known is None else Value(known, spawns=spawns)

    def _applied(self, sign: str, left: Sequence[Value], right: Sequence[Value]) -> str | None:
        texts = [value.text for value in right]
        first = left[0].text if left else ""
        if sign == "+" and len(left) == 1:
            if first.isdecimal() and texts and texts[0].isdecimal():
                return str(int(first) + int(texts[0])) if len(first) < 10 and len(texts[0]) < 10 else None
            return first + " ".join(texts)
        if sign == "-f":
            return re.sub(r"\{(\d{1,2})\}", lambda found: _at(texts, int(found.group(1))), first)
        if sign == "-join":
            return (texts[0] if texts else "").join(value.text for value in left)
        if sign.lstrip("-").lstrip("ci") in ("replace", "eplace") and texts:
            pattern = texts[0]
            if re.escape(pattern) != pattern.replace(" ", "\\ ").replace("-", "\\-"):
                return None
            return re.sub(re.escape(pattern), lambda _: texts[1] if len(texts) > 1 else "", first, flags=re.IGNORECASE)
        return None

    def _unary(self, node: Node, text: str) -> Value:
        named = node.named_children
        if not named:
            return Value(text, opaque=True)
        values = self.several(named[-1])
        spawns = tuple(dict.fromkeys(spawn for value in values for spawn in value.spawns))
        known = not any(value.opaque for value in values)
        if known and text.lower().startswith("-join"):
            return Value("".join(value.text for value in values), spawns=spawns)
        if known and len(values) == 1 and (named[-1].type == "cast_expression" or text.startswith((",", "+"))):
            return values[0]
        return Value(text, opaque=True, spawns=spawns)

    def _cast(self, node: Node, text: str) -> Value:
        named = node.named_children
        kind = self.source(named[0]).strip("[]").lower().removeprefix("system.") if named else ""
        values = self.several(named[-1]) if len(named) > 1 else []
        spawns = tuple(dict.fromkeys(spawn for value in values for spawn in value.spawns))
        if any(value.opaque for value in values) or not values:
            return Value(text, opaque=True, spawns=spawns)
        if kind in ("char", "char[]") and all(
            value.text.isdecimal() and int(value.text[:8]) < 0x10000 for value in values
        ):
            return Value("".join(chr(int(value.text)) for value in values), spawns=spawns)
        if kind in ("string", "char", "char[]", "scriptblock", "int", "object"):
            return Value(values[0].text, spawns=spawns)
        return Value(text, opaque=True, spawns=spawns)

    def _invoked(self, node: Node, text: str) -> Value:
        named = node.named_children
        call = next((child for child in named if child.type == "argument_list"), None)
        member = next((child for child in reversed(named) if child.type == "member_name"), None)
        if call is None or member is None or not named:
            return self.called(text, ())
        base = named[0]
        return self._call(self.source(base) + "." + self.source(member), call, (), text, base)

    def _call(
        self,
        path: str,
        call: Node,
        spawns: tuple[int, ...],
        text: str,
        base: Node | None = None,
    ) -> Value:
        arguments = [value for child in call.named_children for value in self.several(child)]
        method = path.rsplit(".", 1)[-1].rsplit("::", 1)[-1].lower()
        static = base is not None and base.type in ("type_literal", "member_access") and "[" in self.source(base)[:1]
        whole = [*arguments]
        if base is not None and not static:
            whole.insert(0, self.one(base))
        spawns = tuple(dict.fromkeys((*spawns, *(spawn for value in whole for spawn in value.spawns))))
        known = None
        if whole and not any(value.opaque for value in whole):
            known = _method(method, path.lower(), [value.text for value in whole])
        if known is not None:
            return Value(known, spawns=spawns)
        return self.called(text, spawns)


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _method(method: str, path: str, texts: Sequence[str]) -> str | None:
    """A method on known values; bytes stand as letters below 256."""
    try:
        if method == "frombase64string":
            return base64.b64decode(re.sub(r"\s", "", texts[0]), validate=True).decode("latin-1")
        if method == "getstring":
            encoding = "utf-16-le" if "unicode" in path else "utf-8"
            return texts[0].encode("latin-1").decode(encoding, "replace")
        if method == "replace" and len(texts) == 3:
            return texts[0].replace(texts[1], texts[2])
    except (ValueError, binascii.Error, UnicodeError):
        return None
    if method in ("tolower", "toupper", "trim", "tostring", "tolowerinvariant") and len(texts) == 1:
        return {"tolower": texts[0].lower(), "toupper": texts[0].upper(), "trim": texts[0].strip()}.get(
            method, texts[0]
        )
    return None
