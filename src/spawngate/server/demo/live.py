"""The synthetic fleet goes on: machines stay online, and their agents go on calling tools while somebody looks.

Must not be here: the past (`history`).
"""

import random
import threading
from datetime import datetime, timedelta

from sqlalchemy import update

from spawngate.model.errors import StateError
from spawngate.server.demo import history
from spawngate.server.demo.calls import CALLS
from spawngate.server.demo.catalogue import WITHOUT_HOOK
from spawngate.server.demo.history import Happened
from spawngate.server.demo.world import Machine
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.store.port import Entry
from spawngate.trail import chain
from spawngate.trail.event import Actor
from spawngate.trail.moment import stamp

PAUSE = 1.5
"""Seconds between two rounds of calls."""
BEAT = 40
"""Rounds between two heartbeats."""


class Live(threading.Thread):
    """Writes a few calls a second, and heartbeats, until `stop`."""

    def __init__(self, services: Services, machines: tuple[Machine, ...]) -> None:
        super().__init__(name="demo", daemon=True)
        self._services = services
        self._online = [each for each in machines if not each.silent and not each.retired and _decided(each)]
        self._there = [each for each in machines if not each.silent and not each.retired]
        self._calls = history.decided_calls()
        self._chance = random.Random("live")  # noqa: S311  # a made-up world
        self._end = threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        round_ = 0
        while not self._end.wait(PAUSE):
            try:
                self.call(self._chance.randint(0, 3))
                if round_ % BEAT == 0:
                    self.beat()
            except StateError:
                continue  # the next round tries again; nothing of value is lost
            round_ += 1

    def call(self, number: int) -> None:
        """Some calls, now. Raises StoreError."""
        now = datetime.fromisoformat(self._services.now())
        weights = [each.weight for each in CALLS]
        # One call of a machine in a round, so that its chain goes on from what the store has.
        for place, machine in enumerate(self._chance.sample(self._online, k=min(number, len(self._online)))):
            which = self._chance.choices(range(len(CALLS)), weights)[0]
            agent = self._chance.choice(_decided(machine))
            actor = Actor(user=machine.user, agent=agent, session=f"{self._chance.getrandbits(64):016x}")
            event = history.placed(self._calls[machine.mode][which], actor, self._chance.randint(140, 900))
            at = now + timedelta(microseconds=place)
            entry = self._entry(Happened(at, machine, event))
            self._services.events.append([entry], self._services.outbox([entry]))

    def beat(self) -> None:
        """Everybody who is online is seen. Raises StoreError."""
        now = datetime.fromisoformat(self._services.now())
        with self._services.database.begin() as connection:
            for place, machine in enumerate(self._there):
                seen = stamp(now - timedelta(seconds=place % 50))
                connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == machine.id).values(seen_at=seen))

    def stop(self) -> None:
        """End it, behind what is under way."""
        self._end.set()
        self.join(30)

    def _entry(self, happened: Happened) -> Entry:
        stream = happened.machine.installation[:16]
        head = chain.Head(stream, *self._services.events.head(happened.machine.id, stream))
        return history.sealed(happened, head, self._services.now())[0]


def _decided(machine: Machine) -> list[str]:
    """Agents of a machine whose calls are decided."""
    return [each.agent for each in machine.agents if each.agent not in WITHOUT_HOOK]
