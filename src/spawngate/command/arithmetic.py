"""Constant integer arithmetic of the shell, as far as it is short and sure.

Belongs here: texts of digits and operators to a number. Must not be here: variables (the caller puts values in).
Source: POSIX.1-2024, 2.6.4 Arithmetic Expansion; Bash Reference Manual 5.2, 6.5.
"""

import ast
import operator
import re
from collections.abc import Callable

MAX_LENGTH = 96
_ALLOWED = re.compile(r"[0-9a-fA-FxX+*/%()<>&|^~ \t\n-]+")
_OCTAL = re.compile(r"\b0([0-7]+)\b")
_BASED = re.compile(r"\b(\d{1,2})#([0-9a-zA-Z]+)\b")

_BINARY: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    ast.Mod: lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
    ast.LShift: lambda a, b: a << (b & 63),
    ast.RShift: lambda a, b: a >> (b & 63),
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}


def evaluate(text: str) -> int | None:
    """Value of a constant expression; None where it is none, too long, or an error."""
    if len(text) > MAX_LENGTH:
        return None
    text = _BASED.sub(_from_base, text.strip())
    if _ALLOWED.fullmatch(text) is None or "**" in text or "//" in text:
        return None
    try:
        return _value(ast.parse(_OCTAL.sub(r"0o\1", text), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _from_base(found: re.Match[str]) -> str:
    base, digits = int(found.group(1)), found.group(2)
    try:
        return str(int(digits, base)) if 2 <= base <= 36 else "?"
    except ValueError:
        return "?"


def _value(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return _wrapped(node.value)
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand)
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(node.op, ast.Invert):
            return ~value
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        return _wrapped(_BINARY[type(node.op)](_value(node.left), _value(node.right)))
    raise ValueError("not constant arithmetic")


def _wrapped(value: int) -> int:
    """As a signed 64-bit number."""
    return (value + 2**63) % 2**64 - 2**63
