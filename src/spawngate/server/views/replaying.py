"""Replays beside the pages that ask for them: one at a time, each asked for once, its answer kept for a while.

Thousands of decisions take a second to be asked again. Whoever looks at the page meanwhile is told how far it is, and
holds no thread that all pages share; whoever asks the same question again a moment later has the answer.
Must not be here: what is replayed and how (`replay`), markup.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.policies import digest_of
from spawngate.server.services import Services
from spawngate.server.views.replay import SECONDS, Replayed, replayed
from spawngate.server.views.trail import of_teams
from spawngate.trail.moment import stamp
from spawngate.trail.query import read

PATIENCE = 0.2
"""Seconds for which a page waits for an answer."""
LONG = 3 * SECONDS
"""Seconds for which a program waits: for its own replay, and for those before it."""
FEW = 1_000
"""Decisions that are asked again while one waits."""
KEPT = 60.0
"""Seconds for which an answer is given again."""
MOST = 8
"""Replays that wait or are kept."""

Answer = TypeVar("Answer")


class Running(msgspec.Struct, frozen=True):
    """It goes on."""

    days: int
    asked: int
    """Decisions that were asked until now."""


@dataclass(slots=True)
class _Job(Generic[Answer]):
    answer: Future[Answer]
    asked: list[int] = field(default_factory=lambda: [0])
    ended: float = 0.0


class Replays(Generic[Answer]):
    """Of one database. For any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: OrderedDict[object, _Job[Answer]] = OrderedDict()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="replay")

    def ask(self, key: object, work: Callable[[list[int]], Answer], patience: float) -> Answer | int:
        """The answer, or how far it is after `patience` seconds. `work` gets a list whose first number is that.

        Raises what the work raises; UsageError where too many wait.
        """
        job = self._job(key, work)
        try:
            return job.answer.result(patience)
        except NotYetError:
            if job.answer.done():
                raise  # the work's own
            return job.asked[0]

    def _job(self, key: object, work: Callable[[list[int]], Answer]) -> _Job[Answer]:
        with self._lock:
            now = self._clock()
            old = [name for name, each in self._jobs.items() if each.ended and now - each.ended > KEPT]
            for name in old:
                del self._jobs[name]
            found = self._jobs.get(key)
            if found is not None:
                return found
            while len(self._jobs) >= MOST:
                done = next((name for name, each in self._jobs.items() if each.ended), None)
                if done is None:
                    raise UsageError(f"{MOST} replays are waiting already: try again in a moment")
                del self._jobs[done]
            made: _Job[Answer] = _Job(Future())
            self._jobs[key] = made
        self._pool.submit(self._run, key, made, work)
        return made

    def _run(self, key: object, job: _Job[Answer], work: Callable[[list[int]], Answer]) -> None:
        try:
            job.answer.set_result(work(job.asked))
        except BaseException as error:  # noqa: BLE001  # whoever asked raises it
            with self._lock:
                self._jobs.pop(key, None)  # who asks again tries again
            job.answer.set_exception(error)
        job.ended = self._clock()


_OF: "WeakKeyDictionary[Database, Replays[Replayed]]" = WeakKeyDictionary()
_MAKING = threading.Lock()


def asked(
    services: Services,
    teams: frozenset[int] | None,
    files: Mapping[str, str],
    days: int,
    patience: float = PATIENCE,
) -> Replayed | Running:
    """What a policy would change, or how far the replay is after `patience` seconds. Few decisions are waited for.

    Raises UsageError where the files are no policy, or where too many wait; StoreError.
    """
    with _MAKING:
        replays = _OF.get(services.database)
        if replays is None:
            replays = _OF[services.database] = Replays()
    if patience < LONG and _are_few(services, teams, days):
        patience = LONG
    key = (digest_of(files), days, teams)
    found = replays.ask(key, lambda told: replayed(services, teams, files, days, told=told), patience)
    return Running(days, found) if isinstance(found, int) else found


def waited(services: Services, teams: frozenset[int] | None, files: Mapping[str, str], days: int) -> Replayed:
    """What a policy would change, for a program that waits. Raises UsageError also where it takes too long."""
    found = asked(services, teams, files, days, LONG)
    if isinstance(found, Running):
        raise UsageError(f"{found.asked} decisions were asked until now, behind other replays: try again in a moment")
    return found


def _are_few(services: Services, teams: frozenset[int] | None, days: int) -> bool:
    now = datetime.fromisoformat(services.now())
    query = read("type:decision", now).also(*of_teams(services, teams))
    since = stamp(now - timedelta(days=days))
    return sum(each.count for each in services.events.aggregate("type", query, since=since)) <= FEW
