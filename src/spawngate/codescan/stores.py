"""Stores: what is read is what was written, anywhere in the project, under the same name.

Belongs here: rows, settings, files and caches as nodes of the slice. Keys only select and never flow into what is read.
Not here: which libraries have stores (`models`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir

if TYPE_CHECKING:
    from spawngate.codescan.definitions import ClassInfo
    from spawngate.codescan.models.match import Callee
    from spawngate.codescan.slicer import Search, State, Store


def read_call(search: Search, node: ir.Call, callee: Callee, state: State) -> bool:
    return False


def read_attribute(search: Search, node: ir.Expression, state: State) -> bool:
    return False


def entity_field(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    return False


def store(search: Search, thing: Store, state: State) -> None:
    return None
