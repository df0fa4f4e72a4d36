"""SHELL. Dead letters of both workers, listed as one, sent again or deleted.

Must not be here: when something becomes one (`worker`, `streams`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.server.deliver import refused
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import changed
from spawngate.server.store.port import ControlStore


@dataclass(frozen=True, slots=True)
class Letter:
    """One dead letter."""

    id: str
    """Its name in the control store."""
    route: str
    destination: str
    what: str
    """The title of a notice, or the key of an event."""
    reason: str
    died: float
    """Unix seconds."""
    kind: str
    """`notify` or `stream`."""


def dead(control: ControlStore) -> list[Letter]:
    """All of them, oldest first."""
    found = [
        Letter(id, each.notice.route, each.destination, each.notice.title, each.reason, each.died, "notify")
        for id, each in Ledger(control).dead().items()
    ]
    found += [
        Letter(name, each.route, each.destination, "/".join(map(str, each.key)), each.reason, each.died, "stream")
        for name, each in refused.dead_letters(control).items()
    ]
    return sorted(found, key=lambda each: (each.died, each.id))


def replay(control: ControlStore, letters: Sequence[Letter], now: float) -> None:
    """Put them on their way again, under the same ids; a running worker sees it within seconds."""
    ledger = Ledger(control)
    notices = ledger.dead()
    for each in letters:
        if each.kind == "notify" and each.id in notices:
            ledger.replayed(notices[each.id], now)
    refused.replay(control, [each.id for each in letters if each.kind == "stream"])
    control.put(changed())


def discard(control: ControlStore, letters: Sequence[Letter]) -> None:
    """Delete them for good."""
    if letters:
        control.remove("dead-letter", *(each.id for each in letters))
