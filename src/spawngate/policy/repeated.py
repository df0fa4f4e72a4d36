"""What was found of calls that come again: sessions run the same few commands and read the same files many times.

Belongs here: which calls may be remembered, what of a call its look depends on, and how much is kept.
Must not be here: the look itself and the decision (`policy.decider`), which is made anew for every call: sessions,
approvals and files are asked each time.

Kept is only what depends on nothing but the call: no file was read for it, no parser gave up. What redaction changed
is not kept either, so that no secret stays in memory; nor is a long text.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

from spawngate.command.calls import Understood
from spawngate.model.call import ToolCall, ToolKind
from spawngate.policy.question import Question

MOST = 256
"""Looks that are kept; the oldest makes room."""
LONGEST = 1_000
"""Characters of the commands and paths of a call that is remembered."""
MOST_SPAWNS = 12
_KINDS = (ToolKind.SHELL, ToolKind.READ)
"""Kinds of calls whose look asks nothing of their `input`."""
_Found = TypeVar("_Found")


class Repeated(Generic[_Found]):
    """What was found, by `key_of`. Of limited size."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[Hashable, _Found] = {}

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable) -> _Found | None:
        """What was kept under a key."""
        found = self._found.pop(key, None)
        if found is not None:
            self._found[key] = found
        return found

    def keep(self, key: Hashable, found: _Found) -> None:
        """Keep it until MOST others were asked for later."""
        if len(self._found) >= MOST:
            del self._found[next(iter(self._found))]
        self._found[key] = found


def key_of(call: ToolCall) -> Hashable | None:
    """Everything of a call that its look depends on; None for a call that is not remembered."""
    if call.kind not in _KINDS or call.edits or call.prompt or call.problems or call.server:
        return None
    if sum(map(len, call.commands)) + sum(map(len, call.paths)) > LONGEST or call.argvs or call.urls:
        return None
    return (
        call.agent,
        call.tool,
        call.kind,
        call.commands,
        call.dialect,
        call.paths,
        call.cwd,
        call.permission_mode,
        call.subagent,
    )


def may_keep(call: ToolCall, understood: Understood, question: Question) -> bool:
    """Whether nothing secret stands in what was found, and the look at an equal call would find the same."""
    return (
        len(understood.spawns) <= MOST_SPAWNS
        and not understood.call.opaque
        and all(program.parser != "fallback" for program in understood.programs)
        and question.command == "\n".join(call.commands)
        and question.paths == call.paths
        and question.cwd == call.cwd
    )
