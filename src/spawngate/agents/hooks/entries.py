"""Entries of hook tables that recur over agents: groups with a matcher, handlers that run a command.

Format source: https://code.claude.com/docs/en/hooks, which most agents copy.
Must not be here: any agent's files and units (`agents.hooks.dialects`).
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.document import Platform
from spawngate.agents.hooks.registration import Insertion, Pointer
from spawngate.model.json import Json

ALL: tuple[Platform, ...] = ("linux", "macos", "windows")

INFORMING = ("UserPromptSubmit", "PostToolUse", "SessionStart", "SessionEnd")
"""Events that Claude Code and its imitators have beside PreToolUse, and that tell what a session has read."""


def command(timeout: Json, extra: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """A handler in shell form."""
    return {"type": "command", "command": "{command}", "timeout": timeout, **(extra or {})}


def program(timeout: Json, extra: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """A handler in exec form: program and arguments, without a shell."""
    return {"type": "command", "command": "{program}", "args": ["{args}"], "timeout": timeout, **(extra or {})}


def grouped(
    event: str,
    handler: Mapping[str, Json],
    *,
    matcher: str | None = "*",
    root: Pointer = ("hooks",),
    needed: bool = True,
    extra: Mapping[str, Json] | None = None,
    alternatives: tuple[Pointer, ...] = (),
) -> Insertion:
    """A group `{matcher, hooks: [handler]}` in the list of its event."""
    group: dict[str, Json] = {} if matcher is None else {"matcher": matcher}
    return Insertion(
        (*root, event),
        {**group, **(extra or {}), "hooks": [dict(handler)]},
        event=event,
        needed=needed,
        alternatives=alternatives,
    )


def informing(
    handler: Mapping[str, Json], *, events: Iterable[str] = INFORMING, root: Pointer = ("hooks",)
) -> tuple[Insertion, ...]:
    """Groups for events that only inform. Those of tools have a matcher, the others none."""
    return tuple(
        grouped(event, handler, matcher="*" if "Tool" in event else None, root=root, needed=False) for event in events
    )
