"""SHELL. What administrators did, as events of the server's own stream.

Called inside the transaction that does it, before it ends: record, then do. A transaction that then fails leaves a
record of what was tried; one that succeeds always has its record.
Must not be here: the acts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from spawngate.model.json import Json
from spawngate.model.snapshot import Difference
from spawngate.server.access.principal import Principal
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType, plain, subject_of


class Voice(Protocol):
    """Who records: `Services`, or the command line beside a server (`opening.Desk`)."""

    @property
    def record(self) -> Callable[[Sequence[Event]], object]:
        """See `Services`."""

    @property
    def now(self) -> Callable[[], str]:
        """See `Services`."""


def recorded(
    services: Voice,
    principal: Principal | str,
    *,
    kind: str,
    id: object,
    name: str,
    action: str,
    differences: Iterable[Difference] = (),
    detail: Mapping[str, Json] | None = None,
    type: EventType = EventType.ADMINISTRATION,
) -> None:
    """Record one act on one subject. Raises StoreError: then the act must not be done.

    `principal`: who acts; a text for the command line. `kind`: user, token, team, policy, ...; `action`: created,
    changed, removed, or a word of its own; `differences`: old and new values, never a secret's.
    """
    who = principal if isinstance(principal, str) else principal.name
    how = "command" if isinstance(principal, str) else principal.kind.value
    services.record(
        [
            Event(
                type=type,
                at=services.now(),
                schema_version=SCHEMA_VERSION,
                channel="server",
                actor=Actor(user=str(plain(who))),
                subject=subject_of(kind, str(id), name, action, differences),
                detail={"what": f"{kind}-{action}", "by": how, **(detail or {})},
                message=f"{kind} {plain(name) or id} {action} by {plain(who)}",
            )
        ]
    )


def changed(path: str, old: Json, new: Json) -> Difference:
    """One value that is another now."""
    return Difference(path, old, new)
