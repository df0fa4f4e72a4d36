"""The store of several servers as one thing. Any number of processes opens it; what one of them may do at a time is
done under a lease: `upkeep` (days closed, checkpoints, retention), and `deliver`.

The signing key lies in no database: in `$SPAWNGATE_STORE_KEY`, or in the file `key` of the folder. Every process needs
the same one, and the tables know which it is. Must not be here: what each part does.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from spawngate.server.store import keys
from spawngate.server.store.evidence import Evidence
from spawngate.server.store.own import STREAM, OwnStream
from spawngate.server.store.port import ControlStore, StoreDamagedError, StoreError
from spawngate.server.store.postgres.connection import SCHEMA, rows
from spawngate.server.store.postgres.control import PostgresControl
from spawngate.server.store.postgres.events import PostgresEvents
from spawngate.server.store.postgres.leases import Lease, holder_name
from spawngate.server.store.postgres.shared import SharedEvents
from spawngate.server.store.whole import Clock, Store, Turn, system_clock
from spawngate.trail.note import NoteError, Signer, read_signer

VARIABLE = "SPAWNGATE_STORE_KEY"
"""The signing key as `key` holds it."""
UPKEEP = 60.0
"""Seconds of the lease of upkeep, which every round renews."""
DELIVER = 10.0
"""Seconds of the lease of deliveries: as long as they stand still when the process that delivers dies."""
AHEAD = 3
"""Days for which tables are made before they are needed."""


class ServerStore(Store):
    """The store of one schema, open to be written by this process too. Use as a context, or call `close`."""

    control: PostgresControl

    def __init__(
        self,
        address: str,
        folder: Path,
        environment: Mapping[str, str],
        *,
        schema: str = SCHEMA,
        clock: Clock = system_clock,
        events: SharedEvents | None = None,
    ) -> None:
        """`address`: postgresql://... `events`: keeps the events elsewhere, numbered in the same schema; PostgreSQL
        keeps them where there is none. Raises StoreError, UsageError."""
        super().__init__(clock)
        self.folder = folder
        self.shared = events or PostgresEvents(address, schema)
        self.shared.held = self.is_held
        self.events = self.shared
        pool = self.shared.pool
        try:
            is_new = not rows_there(self.shared)
            self.signer = signer_of(folder, environment, make=is_new)
            self._same_key()
            self.control = PostgresControl(pool, keys.control_key(self.signer))
            name = holder_name()
            self._upkeep_lease = Lease(pool, "upkeep", name, UPKEEP)
            self._deliver_lease = Lease(pool, "deliver", name, DELIVER)
            self._begin()
            self._token = 0
            # Every process seals a stream of its own: nobody else goes on with it.
            self.own = OwnStream(self.events, self.signer.name, self.now, f"{STREAM}-{secrets.token_hex(6)}")
            self.shared.sign = lambda day, size, root: self.evidence.sign(f"days/{day}", size, root)
            self._told += self.evidence.begun_anew() if self.control.is_new else []
        except BaseException:
            self.shared.close()
            raise

    def delivery_turn(self) -> tuple[Turn, ControlStore]:
        """See `Store`."""
        return self._deliver_lease, self.control.fenced(self._deliver_lease.fence)

    def close(self) -> None:
        """Let everything go, and let others take over at once."""
        with suppress(StoreError):
            if self._upkeep_lease.held:
                self.evidence.checkpoint()
        for lease in (self._upkeep_lease, self._deliver_lease):
            with suppress(StoreError):
                lease.give_up()
        self.shared.close()

    def _same_key(self) -> None:
        """Note whose key this store is of, and refuse another one: nobody would verify what it signed."""
        with self.shared.pool.transaction() as connection:
            rows(
                connection,
                "INSERT INTO meta VALUES('verifier', %s) ON CONFLICT(name) DO NOTHING",
                str(self.signer.verifier),
            )
            ((known,),) = rows(connection, "SELECT value FROM meta WHERE name='verifier'")
        if known != str(self.signer.verifier):
            raise StoreDamagedError(
                f"the store: it is of the key {known.partition('+')[0]}, and this is {self.signer.name}: "
                "every server needs the same key"
            )

    def _begin(self) -> None:
        """See what others wrote until now."""
        self.evidence = Evidence(self.events, self.control.fenced(self._upkeep_lease.fence), self.signer, None)

    def _leads(self) -> bool:
        if not self._upkeep_lease.take():
            return False
        if self._token != self._upkeep_lease.token:
            self._token = self._upkeep_lease.token
            self._begin()
        return True

    def _tidy(self) -> None:
        self.shared.tidy()

    def advice(self) -> str:
        """See the base."""
        return self.shared.advice()

    def _every_minute(self) -> None:
        self.shared.make_days(self.now()[:10], AHEAD)
        self.shared.work()


def signer_of(folder: Path, environment: Mapping[str, str], *, make: bool) -> Signer:
    """The store's signer: of the environment, or of the folder, where it may be made (`make`). Raises StoreError."""
    text = environment.get(VARIABLE)
    if not text:
        return keys.signer_of(folder, make=make)
    try:
        return read_signer(text.strip())
    except NoteError as error:
        raise StoreDamagedError(f"{VARIABLE}: {error}") from None


def rows_there(events: SharedEvents) -> bool:
    """Whether the tables know a key already. Raises StoreError."""
    return bool(events.pool.all("SELECT 1 FROM meta WHERE name='verifier'"))
