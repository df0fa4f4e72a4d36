"""Keys that go with their values: loops and comprehensions over the entries of a mapping.

Belongs here: from `for key, value in source.items(): out[key] = value` and its kind, that `out` has the parts of
`source` under the same names. Not here: what else comprehensions and loops do (`slicer`).
"""

from __future__ import annotations

from spawngate.codescan import ir
from spawngate.codescan.flow import ANY, Bound, Condition, Flow
from spawngate.codescan.walk import last_name

_ENTRIES = frozenset(["items", "iteritems", "entries", "entrySet"])


def source_of(flow: Flow, key: ir.Expression | None, value: ir.Expression) -> ir.Expression | None:
    """The mapping of which both are of one entry, unchanged; None where they are not."""
    if not isinstance(key, ir.Name) or not isinstance(value, ir.Name):
        return None
    one, other = flow.uses.get(key), flow.uses.get(value)
    if not isinstance(one, Bound) or not isinstance(other, Bound) or one.value is not other.value:
        return None
    return _mapping(one.value) if (one.path, other.path) == ((ANY, 0), (ANY, 1)) else None


def copied(node: ir.Comprehension) -> ir.Expression | None:
    """The mapping that `{key: value for key, value in source.items()}` copies, some entries left out or not."""
    if len(node.clauses) != 1 or not isinstance(node.key, ir.Name) or not isinstance(node.value, ir.Name):
        return None
    target = node.clauses[0].target
    if not isinstance(target, ir.Sequence) or len(target.items) != 2:
        return None
    names = [each.id for each in target.items if isinstance(each, ir.Name)]
    return _mapping(node.clauses[0].iterable) if names == [node.key.id, node.value.id] else None


def lets_through(node: ir.Comprehension, name: object) -> bool:
    """Whether the conditions of a comprehension that copies entries may hold for the key `name`."""
    if not isinstance(name, str) or not isinstance(node.key, ir.Name):
        return True
    return all(_may_hold(test, node.key.id, name, True) for test in node.clauses[0].conditions)


def may_be(condition: Condition | None, key: ir.Name, name: str) -> bool:
    """Whether a variable may hold the text `name` where the condition is known."""
    count = 0
    while condition is not None and count < 20:
        if condition.holds is not None and not _may_hold(condition.test, key.id, name, condition.holds):
            return False
        condition, count = condition.before, count + 1
    return True


def _mapping(node: ir.Expression | None) -> ir.Expression | None:
    if isinstance(node, ir.Call) and isinstance(node.callee, ir.Attribute) and not node.args:
        return node.callee.base if last_name(node.callee) in _ENTRIES else None
    return None


def _may_hold(test: ir.Expression, variable: str, name: str, holds: bool) -> bool:
    if not isinstance(test, ir.Operation) or len(test.operands) != 2:
        return True
    left, right = test.operands
    if not isinstance(left, ir.Name) or left.id != variable:
        return True
    texts = right.items if isinstance(right, ir.Sequence) else (right,)
    if not all(isinstance(each, ir.Literal) for each in texts):
        return True
    named = any(isinstance(each, ir.Literal) and each.value == name for each in texts)
    if test.op in ("in", "=="):
        return named is holds
    return named is not holds if test.op in ("not in", "!=") else True
