"""Objects that a framework fills: options of the command line, properties of the configuration.

Belongs here: which classes those are, by their marks and by the classes that hold them. Must not be here: which
libraries do so (`models`, stores of the kinds `options` and `configuration`), rows and requests (`stores`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.models.model import StoreKind

if TYPE_CHECKING:
    from spawngate.codescan.slicer import Search, State

KINDS = {
    StoreKind.OPTIONS: (SourceKind.CLI, "option of the command line"),
    StoreKind.CONFIGURATION: (SourceKind.FILE, "value of the configuration"),
}
MAX_HOLDERS = 20
_DEPTH = 3


def filled(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Names the source of the field `name` where a framework fills objects of the class; False where none does."""
    around: dict[ClassInfo, None] = {cls: None}
    level = [cls]
    for _ in range(_DEPTH):
        for here in level:
            model = search.stores.entity_model(here, search.knows(here.module.top))
            if model is not None and model.kind in KINDS:
                kind, what = KINDS[model.kind]
                text = f"{what}: `{name}` of {cls.qualname}"
                search.ask_source(kind, model.id, text, state, here.module.top, here.node.line)
                return True
        level = [each for here in level for each in _holders(search, here) if each not in around]
        around.update(dict.fromkeys(level))
        if len(around) > MAX_HOLDERS:
            return False
    return False


def by_setter(search: Search, function: FunctionInfo, state: State) -> bool:
    """The same for a setter that nothing in the project calls: what fills the object does."""
    owner = function.owner
    named = function.name[3:]
    if owner is None or function.module.language != "java" or not function.name.startswith("set") or not named:
        return False
    return filled(search, owner, f"{named[:1].lower()}{named[1:]}", state)


def _holders(search: Search, cls: ClassInfo) -> list[ClassInfo]:
    """Classes with a field whose type names the class."""
    return [
        each
        for module in search.project.modules_with(cls.name, cls.module.language)
        for classes in module.classes.values()
        for each in classes
        if each is not cls and any(_names(field.type, cls.name) for field in each.fields.values())
    ]


def _names(written: ir.Type | None, name: str) -> bool:
    todo = [written] if written is not None else []
    while todo:
        here = todo.pop()
        if here.name.replace("::", ".").rpartition(".")[2] == name:
            return True
        todo.extend(here.args)
    return False
