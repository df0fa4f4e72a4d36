"""Places that a model writes, against the part of a value that the slice asks for.

Belongs here: arithmetic of paths, and which argument of a call a place names. Not here: what is asked for then.
"""

from __future__ import annotations

from spawngate.codescan import ir
from spawngate.codescan.flow import ANY, RECEIVER, Path
from spawngate.codescan.models.match import select
from spawngate.codescan.models.model import Path as ModelPath
from spawngate.codescan.models.model import Rest, Root, Selector


def remaining(asked: Path, written: ModelPath) -> Path | None:
    """What is left of `asked` below a place `written`; None where they do not meet. () when only a part was written."""
    for number, step in enumerate(written):
        if number >= len(asked):
            return ()
        here = asked[number]
        if isinstance(step, Rest):
            if isinstance(here, int) and here < step.start:
                return None
        elif step not in (ANY, here) and here != ANY:
            return None
    return asked[len(written) :]


def plain(path: ModelPath) -> Path:
    """A model's path as one of the slice: the rest of a list is any of its elements."""
    return tuple(ANY if isinstance(step, Rest) else step for step in path)


def is_place(node: ir.Call, selector: Selector, position: int) -> bool:
    """The selector names the argument at that position of the call, or its receiver (`RECEIVER`)."""
    if position == RECEIVER:
        return selector.root is Root.RECEIVER
    wanted = node.args[position].value
    whole = Selector(selector.root, selector.index, selector.keyword, selector.rest)
    return selector.root is Root.ARG and any(value is wanted for value, _ in select(node, whole))
