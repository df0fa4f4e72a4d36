"""Leases in PostgreSQL: of several processes one does a thing, and who was too slow changes nothing any more.

A lease has a holder, an end by the database's clock, and a token that rises whenever it changes hands. Its holder
renews it; who dies or hangs loses it when it ends. A process that slept through its end may still believe that it holds
it: therefore every change that depends on a lease looks at it in its own transaction (`fence`).
Must not be here: what is done under a lease.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable

from spawngate.server.store.port import StoreError
from spawngate.server.store.postgres.connection import Connection, Pool, rows


class LeaseLostError(StoreError):
    """Another process holds the lease now, or nobody does."""


def holder_name() -> str:
    """A name for this process: its host, its number, and something that no other has."""
    return f"{socket.gethostname()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"


class Lease:
    """One name, as one process tries to hold it. For any thread."""

    def __init__(
        self, pool: Pool, name: str, holder: str, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`seconds`: how long it is held without being renewed. `clock`: seconds that only rise."""
        self._pool, self.name, self.holder, self._seconds, self._clock = pool, name, holder, seconds, clock
        self._lock = threading.Lock()
        self._token = 0
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether it is ours for all that this process knows."""
        return bool(self._token) and self._clock() < self._until

    @property
    def token(self) -> int:
        """Rises whenever the lease changes hands; 0 where it is not ours."""
        return self._token if self.held else 0

    def take(self) -> bool:
        """Take it where it is free, renew it where it is ours; whether it is ours now. Raises StoreError."""
        with self._lock:
            asked = self._clock()
            if self.held:
                found = self._pool.all(
                    "UPDATE leases SET until=clock_timestamp()+make_interval(secs=>%s) "
                    "WHERE name=%s AND holder=%s AND token=%s AND until>clock_timestamp() RETURNING token",
                    self._seconds, self.name, self.holder, self._token,
                )  # fmt: skip
            else:
                found = self._pool.all(
                    "INSERT INTO leases(name, holder, until, token) "
                    "VALUES(%s, %s, clock_timestamp()+make_interval(secs=>%s), 1) ON CONFLICT(name) DO UPDATE "
                    "SET holder=excluded.holder, until=excluded.until, token=leases.token+1 "
                    "WHERE leases.until<=clock_timestamp() OR leases.holder=excluded.holder RETURNING token",
                    self.name, self.holder, self._seconds,
                )  # fmt: skip
            self._token = int(found[0][0]) if found else 0
            self._until = asked + self._seconds
            return bool(found)

    def give_up(self) -> None:
        """Let it go at once, where it is ours, so that nobody waits for its end. Raises StoreError."""
        with self._lock:
            token, self._token = self._token, 0
        if token:
            self._pool.all(
                "UPDATE leases SET until=clock_timestamp() WHERE name=%s AND holder=%s AND token=%s",
                self.name, self.holder, token,
            )  # fmt: skip

    def fence(self, connection: Connection) -> None:
        """Make a transaction depend on the lease: nobody takes it over before the transaction ends.

        Raises LeaseLostError, psycopg.Error.
        """
        found = rows(
            connection,
            "SELECT 1 FROM leases WHERE name=%s AND holder=%s AND token=%s AND until>clock_timestamp() FOR SHARE",
            self.name, self.holder, self._token,
        )  # fmt: skip
        if not found:
            raise LeaseLostError(f"the store: another process does {self.name} now")
