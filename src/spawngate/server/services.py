"""What the parts of a server are handed: its stores, its clock, its voice. Made once, shared by every request.

Must not be here: how a part is opened (`server.run`, `server.embedded`), and what anybody does with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spawngate.routing.addresses import NOTHING, Allowed
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.fleet.database import Database
from spawngate.server.store.port import ControlStore, Entry, EventStore, OutboxEntry
from spawngate.trail.event import Event
from spawngate.trail.note import Signer


@dataclass(frozen=True, slots=True)
class Services:
    """The parts. Every one may be used from any thread."""

    database: Database
    """Fleet data."""
    events: EventStore
    control: ControlStore
    record: Callable[[Sequence[Event]], object]
    """Records events of the server itself: administration, deliveries. Durable on return. Raises StoreError."""
    now: Callable[[], str]
    """The clock, in the trail's form (`trail.moment`)."""
    signer: Signer
    """Signs checkpoints, and the bundles that endpoints obey."""
    outbox: Callable[[Sequence[Entry]], Sequence[OutboxEntry]] = lambda entries: ()
    """Which routes wait for which events (`server.deliver.service`): what `events.append` needs beside a batch."""
    seals: Sealer | None = None
    """Opens the secrets of destinations; None where routes are set up elsewhere."""
    inside: Allowed | None = NOTHING
    """What of the inside of the network destinations may reach that are set up from the console or the API; None:
    anything, for the machine's own user."""
    base: str = ""
    """Address under which people reach the console: https://spawngate.example.org, no slash at the end."""
    local: bool = False
    """Served by `spawngate up` on loopback to the one user who started it: no login, and that user is the owner."""
    synthetic: bool = False
    """The fleet is made up (`up --demo`); every page says so."""
