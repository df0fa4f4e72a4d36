"""SHELL. Small writes of many requests in one transaction: who comes while one is made durable shares the next.

A write of its own costs each request a sync of the disk, one behind the other; two hundred endpoints that enrol at once
would wait for two hundred of them. On PostgreSQL everybody has a transaction of their own: there writers do not wait
for each other, and two that share rows in another order would.
Must not be here: what is written.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from spawngate.server.fleet.database import Database
from spawngate.server.store.port import StoreError
from spawngate.trail.event import Event

Result = TypeVar("Result")
Telling = list[Event]
"""Events that are to be recorded with what is written: both or neither."""
Work = Callable[[Connection, Telling], Result]

MOST = 100
"""Writes of one transaction: so that the first of them is not kept waiting for long."""


class _Job(Generic[Result]):
    """One write that waits for its transaction."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Work[Result]) -> None:
        self.work = work
        self.done = False
        self.result: Result | None = None
        self.error: BaseException | None = None


class Gathering:
    """Writes that may share transactions. One of a process; for any thread."""

    def __init__(self, database: Database, record: Callable[[Sequence[Event]], object]) -> None:
        self._database, self._record = database, record
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[_Job[Any]] = []

    def write(self, work: Work[Result]) -> Result:
        """Do it in a transaction; durable on return. What `work` raises undoes its own part and is raised here.

        Not to be called inside a transaction of this thread. Raises StoreError.
        """
        if self._database.dialect != "sqlite":
            return self._alone(work)
        job = _Job(work)
        with self._lock:
            self._waiting.append(job)
        while True:
            with self._turn:
                if not job.done:
                    self._round()
                if job.done:
                    break
        if job.error is not None:
            raise job.error
        result: Result = job.result  # type: ignore[assignment]  # None where that is the result
        return result

    def _alone(self, work: Work[Result]) -> Result:
        events: Telling = []
        with self._database.begin() as connection:
            result = work(connection, events)
            if events:
                self._record(events)
        return result

    def _round(self) -> None:
        """Write what waits, the oldest first."""
        with self._lock:
            jobs, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._write(jobs)
        except BaseException as error:  # noqa: BLE001  # each of those who share it raises it where it asked
            for job in jobs:
                job.error = job.error or error
        finally:
            for job in jobs:
                job.done = True

    def _write(self, jobs: Sequence[_Job[Any]]) -> None:
        events: Telling = []
        with self._database.begin() as connection:
            for job in jobs:
                told: Telling = []
                try:
                    with self._database.inside(connection):
                        job.result = job.work(connection, told)
                except StoreError:
                    raise
                except Exception as error:  # noqa: BLE001  # its own part is undone, and the others' stands
                    job.error = error
                    continue
                events += told
            if events:
                self._record(events)
