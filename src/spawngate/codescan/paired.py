"""Keys that go with their values: loops and comprehensions over the entries of a mapping.

Belongs here: from `for key, value in source.items(): out[key] = value` and its kind, that `out` has the parts of
`source` under the same names. Not here: what else comprehensions and loops do (`slicer`).
"""

from __future__ import annotations

from collections.abc import Callable

from spawngate.codescan import ir
from spawngate.codescan.flow import ANY, KEYS, Bound, Flow, Handed, Version
from spawngate.codescan.walk import last_name

Members = Callable[[ir.Expression], frozenset[str] | None]
"""The texts of a constant set, where an expression is one."""
_cut_words = """
lower upper strip lstrip rstrip removeprefix removesuffix toLowerCase toUpperCase trim trimStart trimEnd slice substring
"""
_CUTS = frozenset(_cut_words.split())
"""What they give is a part of the text that they are asked of, but for capitals."""
_look_words = """
startswith endswith startsWith endsWith starts_with ends_with isdigit isidentifier split isinstance len str type bool
repr hasattr get includes match test has isArray print log debug info warning
"""
_LOOKS = _CUTS | frozenset(_look_words.split())
"""They leave what they are given, and what they are asked of, as it is."""
_ENTRIES = frozenset(["items", "iteritems", "entries", "entrySet"])


def source_of(flow: Flow, key: ir.Expression | None, value: ir.Expression) -> ir.Expression | None:
    """The mapping of which both are of one entry, unchanged; None where they are not."""
    if not isinstance(key, ir.Name) or not isinstance(value, ir.Name):
        return None
    one, other = _as_bound(flow.uses.get(key)), _as_bound(flow.uses.get(value))
    if not isinstance(one, Bound) or not isinstance(other, Bound) or one.value is not other.value:
        return None
    return _mapping(one.value) if (one.path, other.path) == ((ANY, 0), (ANY, 1)) else None


def _as_bound(version: Version | None) -> Version | None:
    """A variable as it was before calls that only look at it."""
    while isinstance(version, Handed) and last_name(version.call.callee) in _LOOKS:
        version = version.before
    return version


def part_of(key: ir.Expression, value: ir.Expression) -> ir.Expression | None:
    """The mapping or object of which `value` is the part that is called as the variable `key` says: `body[key]`."""
    if not isinstance(key, ir.Name):
        return None
    if isinstance(value, ir.Index):
        base, asked = value.base, value.key
    elif isinstance(value, ir.Call) and last_name(value.callee) == "getattr" and len(value.args) > 1:
        base, asked = value.args[0].value, value.args[1].value
    elif isinstance(value, ir.Call) and isinstance(value.callee, ir.Attribute) and value.args:
        base, asked = value.callee.base, value.args[0].value
        if value.callee.name not in ("get", "pop"):
            return None
    else:
        return None
    return base if isinstance(asked, ir.Name) and asked.id == key.id else None


def runs_over(flow: Flow, key: ir.Expression) -> ir.Expression | None:
    """What a loop walks whose variable `key` is: `for key in ("command", "args")`."""
    version = _as_bound(flow.uses.get(key)) if isinstance(key, ir.Name) else None
    return version.value if isinstance(version, Bound) and version.path == (ANY,) else None


def copied(node: ir.Comprehension) -> ir.Expression | None:
    """The mapping that `{key: value for key, value in source.items()}` copies, some entries left out or not."""
    if len(node.clauses) != 1 or not isinstance(node.key, ir.Name) or not isinstance(node.value, ir.Name):
        return None
    target = node.clauses[0].target
    if not isinstance(target, ir.Sequence) or len(target.items) != 2:
        return None
    names = [each.id for each in target.items if isinstance(each, ir.Name)]
    return _mapping(node.clauses[0].iterable) if names == [node.key.id, node.value.id] else None


def lets_through(node: ir.Comprehension, name: object, members: Members) -> bool:
    """Whether the conditions of a comprehension that copies entries may hold for the key `name`."""
    if not isinstance(name, str) or not isinstance(node.key, ir.Name):
        return True
    return all(_may_hold(test, node.key.id, name, True, members) for test in node.clauses[0].conditions)


def may_be(flow: Flow, key: ir.Expression, name: object, members: Members) -> bool:
    """Whether an expression may be the text `name` by what is known of its variable where it stands.

    Of a variable that was cut or trimmed (`key[1:]`, `key.lower()`) something is known where it is one of a constant
    set: it can only be what is part of one of those texts.
    """
    if not isinstance(name, str) or name in (ANY, KEYS):
        return True
    root, whole = _uncut(key)
    if root is None:
        return True
    condition, count = flow.at.get(root), 0
    while condition is not None and count < 20:
        if condition.holds is not None:
            if whole and not _may_hold(condition.test, root.id, name, condition.holds, members):
                return False
            if not whole and condition.holds and not _part_of(condition.test, root.id, name, members):
                return False
        condition, count = condition.before, count + 1
    return True


def _uncut(key: ir.Expression) -> tuple[ir.Name | None, bool]:
    """The variable that a key is, or is a part of; False where it is a part."""
    whole = True
    while not isinstance(key, ir.Name):
        whole = False
        if isinstance(key, ir.Index) and key.key is None:
            key = key.base
        elif isinstance(key, ir.Call) and isinstance(key.callee, ir.Attribute) and key.callee.name in _CUTS:
            key = key.callee.base
        else:
            return None, False
    return key, whole


def _part_of(test: ir.Expression, variable: str, name: str, members: Members) -> bool:
    texts = _compared(test, variable, members)
    if texts is None or not isinstance(test, ir.Operation) or test.op not in ("in", "=="):
        return True
    return any(name.lower() in text.lower() for text in texts)


def _mapping(node: ir.Expression | None) -> ir.Expression | None:
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Attribute) and not node.args:
        return node.callee.base if last_name(node.callee) in _ENTRIES else None
    return None


def _compared(test: ir.Expression, variable: str, members: Members) -> frozenset[str] | None:
    """The texts that a variable is compared with; None where the test is another or they are not constant."""
    if not isinstance(test, ir.Operation) or len(test.operands) != 2:
        return None
    left, right = test.operands
    if not isinstance(left, ir.Name) or left.id != variable:
        return None
    if isinstance(right, ir.Literal):
        return frozenset([right.value]) if isinstance(right.value, str) else None
    return members(right) if test.op in ("in", "not in") else None


def _may_hold(test: ir.Expression, variable: str, name: str, holds: bool, members: Members) -> bool:
    match test:
        case ir.Operation(op="not", operands=(inner,)):
            return _may_hold(inner, variable, name, not holds, members)
        case ir.Operation(op="and", operands=several):
            found = [_may_hold(each, variable, name, holds, members) for each in several]
            return all(found) if holds else any(found)
        case ir.Join(branches=several, test=None):  # `one or other`
            found = [_may_hold(each, variable, name, holds, members) for each in several]
            return any(found) if holds else all(found)
        case ir.Call():
            return _begins(test, variable, name) in (None, holds)
    texts = _compared(test, variable, members)
    if texts is None or not isinstance(test, ir.Operation):
        return True
    if test.op in ("in", "=="):
        return (name in texts) is holds
    return (name in texts) is not holds if test.op in ("not in", "!=") else True


def _begins(test: ir.Call, variable: str, name: str) -> bool | None:
    """`key.startswith("_")` for the text `name`; None for another test."""
    callee = test.callee
    if not isinstance(callee, ir.Attribute) or not isinstance(callee.base, ir.Name) or callee.base.id != variable:
        return None
    if len(test.args) != 1 or not isinstance(test.args[0].value, ir.Literal):
        return None
    text = test.args[0].value.value
    if not isinstance(text, str):
        return None
    if callee.name in ("startswith", "startsWith", "starts_with"):
        return name.startswith(text)
    return name.endswith(text) if callee.name in ("endswith", "endsWith", "ends_with") else None
