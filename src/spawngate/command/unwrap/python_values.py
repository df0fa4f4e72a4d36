"""Values of constant expressions in Python code, and what its names stand for.

Names are followed through imports, `__import__`, `getattr` and plain assignments; values through concatenation,
format, join, slices and the usual decoders.
Sources: docs.python.org/3 (base64, binascii, codecs, zlib, gzip; str and bytes methods).
Must not be here: what any call starts (`code_python`).
"""

import ast
import base64
import binascii
import codecs
import re
import zlib
from collections.abc import Callable

MAX_STEPS = 5_000
"""Nodes that are evaluated for one piece of code."""
UNKNOWN = "$_"
"""What stands for a part of a text that is computed."""
Value = str | list[str]


class Values:
    """What names mean in one piece of code, and the values of its expressions."""

    def __init__(self, tree: ast.AST, known: frozenset[str] = frozenset()) -> None:
        self.known = known
        """Dotted names that `from module import *` may bring."""
        self.names: dict[str, str] = {}
        """Names that imports bind, and the dotted name they stand for."""
        self.values: dict[str, ast.expr] = {}
        """Names that are assigned, and the last expression."""
        self.stars: list[str] = []
        """Modules of which everything is imported."""
        self.steps = 0
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.names[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                self.stars.append(node.module or "")
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.names[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.values[target.id] = node.value
            elif (
                isinstance(node, (ast.AnnAssign, ast.NamedExpr))
                and isinstance(node.target, ast.Name)
                and node.value is not None
            ):
                self.values[node.target.id] = node.value

    def dotted(self, node: ast.expr, deep: int = 0) -> str:
        """The dotted name that an expression stands for; empty where it is computed."""
        if deep > 12:
            return ""
        if isinstance(node, ast.Name):
            if node.id in self.names:
                return self.names[node.id]
            value = self.values.get(node.id)
            if value is not None and isinstance(value, (ast.Attribute, ast.Name, ast.Call, ast.Subscript)):
                return self.dotted(value, deep + 1) or node.id
            if value is None:
                return next((f"{star}.{node.id}" for star in self.stars if f"{star}.{node.id}" in self.known), node.id)
            return node.id
        if isinstance(node, ast.Attribute):
            base = self.dotted(node.value, deep + 1)
            return f"{base}.{node.attr}" if base else f"?.{node.attr}"
        if isinstance(node, ast.Call):
            name = self.dotted(node.func, deep + 1)
            if name in ("__import__", "importlib.import_module", "builtins.__import__") and node.args:
                module = self.value(node.args[0], deep + 1)
                return module if isinstance(module, str) else ""
            if name in ("getattr", "builtins.getattr") and len(node.args) > 1:
                attribute = self.value(node.args[1], deep + 1)
                return f"{self.dotted(node.args[0], deep + 1)}.{attribute}" if isinstance(attribute, str) else ""
            if name == "vars" and node.args:
                return self.dotted(node.args[0], deep + 1)
            if name == "get_ipython":
                return name
            return ""
        if isinstance(node, ast.Subscript):
            base = self.dotted(node.value, deep + 1).removesuffix(".__dict__")
            key = self.value(node.slice, deep + 1)
            if not isinstance(key, str):
                return ""
            return key if base == "sys.modules" else f"{base}.{key}"
        return ""

    def strings(self, nodes: list[ast.expr]) -> list[str]:
        """Values of arguments; what is computed stands as unknown."""
        found: list[str] = []
        for node in nodes:
            value = self.value(node.value if isinstance(node, ast.Starred) else node)
            if isinstance(value, list):
                found += value
            elif value is not None:
                found.append(value)
            else:
                found.append(UNKNOWN)
        return found

    def value(self, node: ast.expr | None, deep: int = 0) -> Value | None:
        """A text or a list of texts; None where nothing of it is known."""
        self.steps += 1
        if node is None or deep > 60 or self.steps > MAX_STEPS:
            return None
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return node.value
            return node.value.decode("latin-1") if isinstance(node.value, bytes) else None
        if isinstance(node, ast.Name):
            return self.value(self.values.get(node.id), deep + 1)
        if isinstance(node, ast.Attribute):
            return "python" if self.dotted(node) == "sys.executable" else None
        if isinstance(node, ast.IfExp):
            return self.value(node.body, deep + 1) or self.value(node.orelse, deep + 1)
        if isinstance(node, (ast.List, ast.Tuple)):
            return self.strings(list(node.elts))
        if isinstance(node, ast.JoinedStr):
            return self.mixed(node.values, deep)
        if isinstance(node, ast.FormattedValue):
            return self.value(node.value, deep + 1)
        if isinstance(node, ast.BinOp):
            return self.binary(node, deep)
        if isinstance(node, ast.Subscript):
            return self.sliced(node, deep)
        if isinstance(node, ast.Call):
            return self.computed(node, deep)
        return None

    def mixed(self, parts: list[ast.expr], deep: int) -> str | None:
        """Texts put together, of which at least one is known."""
        values = [self.value(part, deep + 1) for part in parts]
        if not any(isinstance(value, str) and value.strip() for value in values):
            return "" if values and all(value == "" for value in values) else None
        return "".join(value if isinstance(value, str) else UNKNOWN for value in values)

    def binary(self, node: ast.BinOp, deep: int) -> Value | None:
        if isinstance(node.op, ast.Add):
            parts: list[ast.expr] = [node.right]
            left: ast.expr = node.left
            # A long sum leans to the left; going down it by recursion would end early.
            while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add) and len(parts) < 2_000:
                parts.append(left.right)
                left = left.left
            parts.append(left)
            parts.reverse()
            values = [self.value(part, deep + 1) for part in parts]
            if any(isinstance(value, list) for value in values):
                return [item for value in values for item in (value if isinstance(value, list) else [UNKNOWN])]
            if not any(isinstance(value, str) and value.strip() for value in values):
                return None
            return "".join(value if isinstance(value, str) else UNKNOWN for value in values)
        left_value = self.value(node.left, deep + 1)
        if isinstance(node.op, ast.Mod) and isinstance(left_value, str):
            given = self.value(node.right, deep + 1)
            fill = [given] if isinstance(given, str) else given or []
            rest = iter(fill)
            return re.sub(r"%(?:\(\w+\))?[#0\- +]?\d*(?:\.\d+)?[sdrixfq]", lambda _: next(rest, UNKNOWN), left_value)
        if isinstance(node.op, ast.Mult) and isinstance(left_value, str) and isinstance(node.right, ast.Constant):
            times = node.right.value
            if isinstance(times, int) and 0 <= times * len(left_value) < 10_000:
                return left_value * times
        return None

    def sliced(self, node: ast.Subscript, deep: int) -> Value | None:
        value = self.value(node.value, deep + 1)
        if value is None:
            return None
        if isinstance(node.slice, ast.Slice):
            try:
                bounds = [
                    None if part is None else int(ast.literal_eval(part))
                    for part in (node.slice.lower, node.slice.upper, node.slice.step)
                ]
                return value[slice(*bounds)]
            except (ValueError, TypeError, RecursionError):
                return None
        if isinstance(value, list) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
            at = node.slice.value
            return value[at] if -len(value) <= at < len(value) else None
        return None

    def computed(self, node: ast.Call, deep: int) -> Value | None:
        """Calls whose result is plain: decoders, join, format, split, replace, reversed."""
        function = node.func
        name = self.dotted(function)
        args = [self.value(arg, deep + 1) for arg in node.args]
        first = args[0] if args else None
        if isinstance(first, str):
            decoded = _decoded(name, first, args[1] if len(args) > 1 else None)
            if decoded is not None:
                return decoded
        if name == "map" and len(node.args) > 1 and self.dotted(node.args[0]) == "chr":
            return _characters(node.args[1])
        if name == "bytes" and node.args and (spelled := _characters(node.args[0])) is not None:
            return "".join(spelled)
        if name in ("str", "bytes", "bytearray", "list", "tuple") and first is not None:
            return first
        if name == "shlex.split" and isinstance(first, str):
            return first.split()
        if name in ("chr",) and node.args and isinstance(node.args[0], ast.Constant):
            number = node.args[0].value
            return chr(number) if isinstance(number, int) and 0 <= number < 0x110000 else None
        if not isinstance(function, ast.Attribute):
            return None
        base = self.value(function.value, deep + 1)
        if not isinstance(base, str):
            return None
        method = function.attr
        if method in ("decode", "encode", "strip", "rstrip", "lstrip", "lower", "upper"):
            if first in ("base64", "hex", "rot13", "rot_13") and isinstance(first, str):
                return _decoded("codecs.decode", base, first)
            return base.lower() if method == "lower" else base.upper() if method == "upper" else base
        if method == "join" and isinstance(first, list):
            return base.join(first)
        if method == "format":
            return (
                re.sub(r"\{[^{}]*\}", UNKNOWN, base)
                if not all(isinstance(arg, str) for arg in args)
                else _format(base, [arg for arg in args if isinstance(arg, str)])
            )
        if method == "split":
            return base.split(first) if isinstance(first, str) and first else base.split()
        if method == "replace" and len(args) > 1 and isinstance(first, str) and isinstance(args[1], str):
            return base.replace(first, args[1]) if len(base) < 10_000 and len(args[1]) < 100 else None
        return None


def _characters(node: ast.expr) -> list[str] | None:
    """The characters that a list of numbers spells."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    numbers = [item.value for item in node.elts if isinstance(item, ast.Constant)]
    if len(numbers) != len(node.elts) or not all(isinstance(one, int) and 0 <= one < 0x110000 for one in numbers):
        return None
    return [chr(one) for one in numbers if isinstance(one, int)]


def _format(base: str, given: list[str]) -> str:
    rest = iter(given)

    def fill(match: "re.Match[str]") -> str:
        key = match[1]
        if key.isdecimal():
            return given[int(key)] if int(key) < len(given) else UNKNOWN
        return next(rest, UNKNOWN) if not key else UNKNOWN

    return re.sub(r"\{(\w{0,20})[^{}]*\}", fill, base)


def _decoded(name: str, text: str, how: Value | None) -> str | None:
    """What the usual decoders make of a constant."""
    try:
        raw = text.encode("latin-1")
        if name in ("base64.b64decode", "base64.standard_b64decode", "binascii.a2b_base64", "base64.decodebytes"):
            return base64.b64decode(raw).decode("latin-1")
        if name == "base64.urlsafe_b64decode":
            return base64.urlsafe_b64decode(raw).decode("latin-1")
        if name in ("base64.b32decode", "base64.b16decode", "base64.b85decode", "base64.a85decode"):
            return _BASES[name](raw).decode("latin-1")
        if name in ("bytes.fromhex", "bytearray.fromhex", "binascii.unhexlify", "binascii.a2b_hex"):
            return bytes.fromhex(text).decode("latin-1")
        if name in ("zlib.decompress", "gzip.decompress"):
            # 47: the header tells which of the two it is.
            return zlib.decompressobj(47).decompress(raw, 200_000).decode("latin-1")
        if name == "codecs.decode" and isinstance(how, str):
            if how in ("rot13", "rot_13"):
                return codecs.decode(text, "rot13")
            if how in ("base64", "base64_codec"):
                return base64.b64decode(raw).decode("latin-1")
            if how in ("hex", "hex_codec"):
                return bytes.fromhex(text).decode("latin-1")
    except (ValueError, binascii.Error, zlib.error):
        return None
    return None


_BASES: dict[str, Callable[[bytes], bytes]] = {
    "base64.b32decode": base64.b32decode,
    "base64.b16decode": base64.b16decode,
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": base64.a85decode,
}
