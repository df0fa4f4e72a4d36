"""SHELL. The lines of bundles, made once and given many times: after a change of policy every endpoint asks for its own
within a minute, and most ask for the same.

A line is made once for each team, group and roll-out; an endpoint that has approvals or answers of its own has one of
its own, made when it is asked for. All are of one serial: what is made under another one is forgotten with it.
Must not be here: what a bundle holds (`server.fleet.bundles`), its signature (`sync.bundle`), requests.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import zstandard
from sqlalchemy import Connection

from spawngate.server.fleet import bundles, endpoints, rollouts
from spawngate.server.fleet.bundles import Common
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.fleet.rollouts import Rollout
from spawngate.sync import bundle
from spawngate.sync.bundle import Policy

OWN = 256
"""Lines of single endpoints that are kept; of the others only the digest."""
LEVEL, LEVEL_OF_ONE = 9, 3
"""Of zstd: what is packed once and sent thousands of times, and what is sent once."""
SETS = 2
"""Sets of advisories that are kept packed."""
LAG = 5.0
"""Seconds by which what a caller saw may be behind; from then on the database is an older copy of itself."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Line:
    """What an endpoint obeys, as it travels without its note."""

    serial: int
    data: bytes
    digest: bytes
    """SHA-256 of `data`."""
    shared: bool
    """It is that of many."""

    @cached_property
    def packed(self) -> bytes:
        """In zstd. Most lines are the ones that their endpoints have, and are never sent."""
        return zstandard.ZstdCompressor(level=LEVEL if self.shared else LEVEL_OF_ONE).compress(self.data)


class _State:
    """What is known of one serial."""

    def __init__(self, connection: Connection, read_at: float) -> None:
        self.serial = bundles.serial(connection)
        self.read_at = read_at
        self.rollouts = rollouts.in_force(connection)
        self.named = bundles.named(connection)
        self.policies: dict[int, Policy | None] = {}
        self.common: dict[tuple[int, str], Common] = {}
        self.shared: dict[tuple[int, str, int], Line] = {}
        self.own: OrderedDict[str, Line] = OrderedDict()
        self.digests: dict[tuple[str, int, str], bytes] = {}


class Shelf:
    """Of one process, for any thread."""

    def __init__(self, database: Database, *, settled: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`settled`: seconds for which callers may have known an endpoint's team and group without looking."""
        self._database, self._settled, self._clock = database, settled, clock
        self._making = threading.Lock()
        self._state: _State | None = None
        self._sets: OrderedDict[str, bytes] = OrderedDict()

    def digest(self, endpoint: Endpoint, serial: int) -> tuple[int, bytes]:
        """Serial and SHA-256 of the line of an endpoint, where `serial` is what was seen last. Raises StoreError."""
        state, endpoint = self._current(endpoint, serial)
        found = state.digests.get((endpoint.id, endpoint.team, endpoint.group))
        if found is None or endpoint.id not in state.named:
            line = self.line(endpoint, serial)
            return line.serial, line.digest
        return state.serial, found

    def line(self, endpoint: Endpoint, serial: int) -> Line:
        """The line of an endpoint, where `serial` is what was seen last. Raises StoreError."""
        while True:
            state, endpoint = self._current(endpoint, serial)
            line = self._shared(state, endpoint) if endpoint.id not in state.named else self._own(state, endpoint)
            if line is not None:
                return line
            serial = -1  # another one meanwhile

    def records(self, digest: str) -> bytes | None:
        """A set of advisories, packed; None where there is none of this digest. Raises StoreError."""
        with self._making:
            found = self._sets.get(digest)
            if found is None:
                with self._database.read() as connection:
                    found = bundles.advisory_records(connection, digest)
                if found is not None:
                    _kept(self._sets, digest, found, SETS)
            return found

    def _current(self, endpoint: Endpoint, serial: int) -> tuple[_State, Endpoint]:
        state = self._state
        if state is None or state.serial != serial:
            with self._making:
                state = self._state
                # Somebody else may have seen it first, or a later one.
                if state is None or serial > state.serial or serial < 0 or self._clock() - state.read_at > LAG:
                    with self._database.read() as connection:
                        state = self._state = _State(connection, self._clock())
        # INVARIANT: a line of a serial is of the team that the endpoint is in under that serial, or it could get two
        # different ones of the same serial and would refuse the second.
        if self._clock() - state.read_at <= self._settled:
            with self._database.read() as connection:
                endpoint = endpoints.get(connection, endpoint.id) or endpoint
        return state, endpoint

    def _shared(self, state: _State, endpoint: Endpoint) -> Line | None:
        rollout = rollouts.chosen(state.rollouts, endpoint.id, endpoint.team, endpoint.group)
        variant = (endpoint.team, endpoint.group, 0 if rollout is None else rollout.id)
        found = state.shared.get(variant)
        if found is None:
            with self._making:  # those who ask for the same one meanwhile wait for it
                found = state.shared.get(variant) or self._made(state, None, endpoint, rollout)
                if found is not None:
                    state.shared[variant] = found
        return found

    def _own(self, state: _State, endpoint: Endpoint) -> Line | None:
        found = state.own.get(endpoint.id)
        key = (endpoint.id, endpoint.team, endpoint.group)
        if found is None or state.digests.get(key) != found.digest:
            rollout = rollouts.chosen(state.rollouts, endpoint.id, endpoint.team, endpoint.group)
            found = self._made(state, endpoint.id, endpoint, rollout)
            if found is not None:
                state.digests[key] = found.digest
                with self._making:
                    _kept(state.own, endpoint.id, found, OWN)
        return found

    def _made(self, state: _State, own: str | None, endpoint: Endpoint, rollout: Rollout | None) -> Line | None:
        """None where the serial is another one by now."""
        with self._database.read() as connection:
            if bundles.serial(connection) != state.serial:
                return None
            number = 0 if rollout is None else rollout.id
            if number not in state.policies:
                state.policies[number] = bundles.policy_of(connection, rollout)
            place = (endpoint.team, endpoint.group)
            if place not in state.common:
                state.common[place] = bundles.Common(connection, *place)
            content = bundles.made(connection, own, state.common[place], state.policies[number])
        data = bundle.payload(content)
        return Line(state.serial, data, hashlib.sha256(data).digest(), own is None)


def _kept(found: OrderedDict[str, Value], name: str, value: Value, most: int) -> None:
    found[name] = value
    found.move_to_end(name)
    while len(found) > most:
        found.popitem(last=False)
