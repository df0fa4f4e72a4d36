"""SHELL. Tells the trail what was changed in routes and destinations, also while no server ran.

Must not be here: what a change is (`routing.setup`), changing anything (`routes`).
"""

from collections.abc import Sequence

import msgspec

from spawngate.model.errors import StateError
from spawngate.routing.setup import Described, changes, described
from spawngate.server.deliver.routes import CHANGED_BY, Loaded
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.store.port import AlteredError, ControlStore, Item
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType

TOLD = "routes-told"
"""Setting: the set-up as the trail knows it, sealed, since it holds digests of secrets."""


def untold(control: ControlStore, sealer: Sealer, loaded: Loaded, at: str) -> tuple[tuple[Event, ...], Item]:
    """Events of what changed since the trail was told last, and what to store once they are recorded.

    What cannot be read now is taken to be as it was: a key that is away for an hour removes nothing.
    """
    before = _known(control, sealer)
    after: dict[str, object] = dict(described(loaded.table))
    for where in loaded.problems:
        kind, _, name = where.partition(".")
        key = f"{kind}/{name}"
        if key in before:
            after[key] = before[key]
    known: Described = msgspec.convert(after, Described)
    try:
        who = (control.get("setting", CHANGED_BY) or b"").decode("utf-8", "replace")
    except AlteredError:
        who = ""
    events = tuple(
        Event(
            type=EventType.ADMINISTRATION,
            at=at,
            schema_version=SCHEMA_VERSION,
            channel="server",
            actor=Actor(user=who),
            subject=subject,
            message=f"{subject.kind} {subject.name} {subject.action}",
        )
        for subject in changes(before, known)
    )
    return events, Item("setting", TOLD, sealer.seal(msgspec.json.encode(known), TOLD))


def recorded(
    control: ControlStore, sealer: Sealer | None, now: Described, gone: Sequence[str] = ()
) -> tuple[Item, ...]:
    """What to store together with a change that was recorded where it was made, so that it is not told again.

    `now`: what was changed, as it is now; `gone`: what was removed (`route/NAME`). Nothing where there is no key: then
    it is told twice rather than never.
    """
    if sealer is None:
        return ()
    known = {**_known(control, sealer), **now}
    kept: dict[str, object] = {name: values for name, values in known.items() if name not in gone}
    return (Item("setting", TOLD, sealer.seal(msgspec.json.encode(kept), TOLD)),)


def _known(control: ControlStore, sealer: Sealer) -> Described:
    try:
        stored = control.get("setting", TOLD)
    except AlteredError:
        stored = None
    if stored is None:
        return {}
    try:
        found: Described = msgspec.json.decode(sealer.open(stored, TOLD), type=Described)
    except (StateError, msgspec.DecodeError):
        return {}  # sealed with another key: everything is told as created, once
    return found
