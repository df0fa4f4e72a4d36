"""Names for a part of something: what is written through them is written to the whole.

Belongs here: `servers = config.setdefault("servers", {})` and `servers[name] = server`, for the variables of one
function. Not here: writes to the whole itself (`flow`), what a lock lends (`lent`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import FunctionInfo
from spawngate.codescan.flow import ANY, KEYS, Bound, Changed, Flow, Handed, Path, key_of

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

Parts = dict[str, list[tuple[str, Path]]]
"""By the name of the whole: names of parts of it, each with the way to the part."""
MAX_PARTS = 12


def written(search: Search, node: ir.Name, state: State) -> None:
    """Asks for what was put into parts of a variable under names of their own."""
    function, asked = state.function, state.path
    if not asked or asked[0] in (KEYS,) or function.module.language != "python":
        return
    known = search.parts.get(function)
    if known is None:
        known = search.parts[function] = _parts(search.project.flow(function), function)
    for name, path in known.get(node.id, ()):
        if len(asked) < len(path) or any(
            one != other and ANY not in (one, other) for one, other in zip(asked, path, strict=False)
        ):
            continue
        last = search.project.flow(function).all[name][-1]
        search.ask(last, function, asked[len(path) :], state.frame, state, 1)


def _parts(flow: Flow, function: FunctionInfo) -> Parts:
    out: Parts = {}
    for name, versions in flow.all.items():
        if not isinstance(versions[-1], Changed | Handed):
            continue
        for version in versions:
            if isinstance(version, Bound) and not version.path and version.value is not None:
                root, path = _way(version.value)
                if root and root != name and path and len(out.setdefault(root, [])) < MAX_PARTS:
                    out[root].append((name, path))
    return out


def _way(node: ir.Expression) -> tuple[str, Path]:
    """`config["a"].setdefault("b", {})` is the part `a`, `b` of `config`; "" for what is no part."""
    steps: list[str | int] = []
    while not isinstance(node, ir.Name):
        if isinstance(node, ir.Index) and node.key is not None:
            steps.append(key_of(node.key))
            node = node.base
        elif isinstance(node, ir.Call) and isinstance(node.callee, ir.Attribute) and node.args:
            if node.callee.name not in ("setdefault", "get"):
                return "", ()
            steps.append(key_of(node.args[0].value))
            node = node.callee.base
        else:
            return "", ()
    return node.id, tuple(reversed(steps))
