"""Objects that a framework fills: options of the command line, properties of the configuration.

Belongs here: which classes those are, by their marks and by the classes that hold them. Must not be here: which
libraries do so (`models`, stores of the kinds `options` and `configuration`), rows and requests (`stores`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.models.model import StoreKind, StoreModel

if TYPE_CHECKING:
    from spawngate.codescan.knowledge import Knowledge
    from spawngate.codescan.slicer import Search, State

KINDS = {
    StoreKind.OPTIONS: (SourceKind.CLI, "option of the command line"),
    StoreKind.CONFIGURATION: (SourceKind.FILE, "value of the configuration"),
}
_LAST = re.compile(r"\w+$")
_DEPTH = 3
"""Classes within classes that are filled with them."""


def filled(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Names the source of the field `name` where a framework fills objects of the class; False where none does."""
    language = cls.module.language
    table = search.stores.filled.get(language)
    if table is None:
        table = search.stores.filled[language] = _table(search, search.knows(cls.module.top))
    found = table.get(cls)
    if found is None:
        return False
    root, model = found
    kind, what = KINDS[model.kind]
    text = f"{what}: `{name}` of {cls.qualname}"
    search.ask_source(kind, model.id, text, state, root.module.top, root.node.line)
    return True


def _table(search: Search, knowledge: Knowledge) -> dict[ClassInfo, tuple[ClassInfo, StoreModel]]:
    """Every class that is filled, with the one that is marked so, and the model that says it."""
    words: set[str] = set()
    for model in knowledge.stores:
        for entity in model.entities if model.kind in KINDS else ():
            words.update(each for target in entity.decorators for name in target.names for each in _LAST.findall(name))
            words.update(each for base in entity.bases for each in _LAST.findall(base))
    out: dict[ClassInfo, tuple[ClassInfo, StoreModel]] = {}
    for module in [each for word in sorted(words) for each in search.project.modules_with(word, knowledge.language)]:
        for cls in [each for same in module.classes.values() for each in same]:
            kept = search.stores.entities.model(cls, knowledge)
            if kept is not None and kept.kind in KINDS:
                level = [cls]
                for _ in range(_DEPTH + 1):
                    level = [each for each in level if out.setdefault(each, (cls, kept))[0] is cls]
                    level = [inner for each in level for inner in _inner(search, each) if inner not in out]
    return out


def by_setter(search: Search, function: FunctionInfo, state: State) -> bool:
    """The same for a setter that nothing in the project calls: what fills the object does."""
    owner = function.owner
    named = function.name[3:]
    if owner is None or function.module.language != "java" or not function.name.startswith("set") or not named:
        return False
    return filled(search, owner, f"{named[:1].lower()}{named[1:]}", state)


def _inner(search: Search, cls: ClassInfo) -> list[ClassInfo]:
    """Classes of which the fields of a class are, or the elements of those fields."""
    out: list[ClassInfo] = []
    todo = [field.type for field in cls.fields.values() if field.type is not None]
    while todo:
        here = todo.pop()
        todo.extend(here.args)
        kinds = search.resolver.kinds_of_type(here, cls.module.top)
        out.extend(kind.cls for kind in kinds if kind.cls is not None)
    return out
