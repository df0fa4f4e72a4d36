"""State that a framework of Rust hands to every handler: `State<Shared>`, `web::Data<Mutex<..>>`, `Extension<..>`.

Belongs here: what one handler puts into it, where another reads it: the same written type is the same state. Must not
be here: statics (`lent`), fields of a state that is a struct (`slicer_fields`).
Sources: docs.rs of axum 0.8, actix-web 4, Rocket 0.5, Tauri 2, poem 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import containers, ir
from spawngate.codescan.definitions import FunctionInfo, held
from spawngate.codescan.flow import Bound, Path, leaves
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

COST = 2
_HOLDERS = frozenset(["State", "Data", "Extension", "StateRef"])
_STORES = containers.ADDERS | containers.PUTTERS | containers.QUEUERS | containers.UPDATERS


def handed(search: Search, function: FunctionInfo, index: int, path: Path, state: State) -> bool:
    """Asks for what the project puts at `path` of the state that a parameter is; False where that is not known."""
    if function.module.language != "rust" or not 0 <= index < len(function.params):
        return False
    written = _state(function.params[index])
    if written is None:
        return False
    found = False
    wanted = ir.dump(written)
    name = _innermost(written).rpartition("::")[2]
    for module in search.project.typing(name, "rust"):
        for verb in sorted(_STORES & module.calls.keys()):
            for call, around in module.calls[verb]:
                base = held(call.callee.base) if isinstance(call.callee, ir.Attribute) else call.callee
                if not isinstance(base, ir.Name) or not _is_state(search, base.id, around, wanted):
                    continue
                for expression, part in containers.stored(call, path) or ():
                    found = True
                    what = f"by {last_name(call.callee)}()"
                    search.ask(expression, around, part, None, state, COST, what, "store", call.line)
    return found


def _state(param: ir.Param) -> ir.Type | None:
    """What a parameter holds that is the framework's state."""
    written = param.type
    bare = written.name.rpartition("::")[2] if written is not None else ""
    return written.args[-1] if written is not None and bare in _HOLDERS and written.args else None


def _innermost(written: ir.Type) -> str:
    while written.args:
        written = written.args[-1]
    return written.name


def _is_state(search: Search, name: str, around: FunctionInfo, wanted: str) -> bool:
    """A parameter of a handler that is this state, or a variable that borrows from it."""
    here: FunctionInfo | None = around
    while here is not None:
        for param in here.params:
            written = _state(param)
            if written is not None and ir.dump(written) == wanted and name in _bound(param):
                return True
        for version in search.project.flow(here).all.get(name, ()):
            if isinstance(version, Bound) and version.value is not None:
                root = held(version.value)
                if isinstance(root, ir.Name) and root.id != name and _is_state(search, root.id, here, wanted):
                    return True
        here = here.parent
    return False


def _bound(param: ir.Param) -> set[str]:
    """Names under which a function knows its parameter."""
    if param.pattern is None:
        return {param.name}
    return {leaf.id for leaf, _, _ in leaves(param.pattern) if isinstance(leaf, ir.Name)}
