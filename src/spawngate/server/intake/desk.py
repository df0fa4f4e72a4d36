"""SHELL. What every request of an endpoint goes through: who asks, how much, and what a refusal looks like.

Must not be here: what is asked for.
"""

import functools
import hashlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TypeVar

import msgspec
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from spawngate.model.errors import UsageError
from spawngate.server.access.guard import by_endpoint
from spawngate.server.access.limits import Limit, Rate, network_of
from spawngate.server.fleet import endpoints, generation
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.fleet.gathering import Gathering
from spawngate.server.intake.bodies import BodyError, received, unpacked
from spawngate.server.services import Services
from spawngate.server.store.port import StoreBusyError, StoreError, StoreFullError
from spawngate.sync.messages import Problem

KNOWN = 5.0
"""Seconds for which an endpoint is taken to be as it was, unless one was retired or moved meanwhile (`generation`)."""
LOOKED = 0.25
"""Seconds for which it is taken to be known that none was, by another process: how long that one is still let in."""
MOST_KNOWN = 50_000
READERS, WRITERS = 32, 128
"""Threads of endpoints' requests: those that look something up, and those that wait for the disk. Of these a hundred
share one commit, so more of them wait no longer; were they the same threads, or those of the console, everybody would
wait for a slow disk."""
BULK = 4
"""Threads for what everybody fetches after a change: refused calls and syncs do not wait behind it."""
AT_ONCE = 8
"""Requests of one endpoint that are worked on at the same time; it needs two or three."""
BYTES = Rate(1 << 30, 200 << 10)
"""Bytes of one endpoint, unpacked: what it saved up in weeks at once, and 17 GB a day in the long run, a thousand times
of what one says. A token that somebody stole fills no disk."""
LATEST = 3_600
"""Seconds after which one that sent too much may come again at the latest."""
AGAIN = 10
"""Seconds after which somebody who was refused for want of room may come again."""

Result = TypeVar("Result")
Work = Callable[[Endpoint, bytes, Request], Response]
COUNTS: Counter[str] = Counter()
"""Of this process, for metrics: `events`, `repeated`, `batches`, `syncs`, `inventories`, `refused:CODE`."""
_COUNTING = threading.Lock()


def count(name: str, by: int = 1) -> None:
    """Count something."""
    with _COUNTING:
        COUNTS[name] += by


def counted() -> dict[str, int]:
    """What was counted."""
    with _COUNTING:
        return dict(COUNTS)


class Refused(Exception):
    """A request is refused with this status and problem."""

    def __init__(self, status: int, problem: Problem, *, after: int = 0) -> None:
        super().__init__(problem.error)
        self.status, self.problem, self.after = status, problem, after


class Threads:
    """So many threads, of nobody else."""

    def __init__(self, most: int) -> None:
        self._limiter = CapacityLimiter(most)

    async def __call__(self, function: Callable[..., Result], *given: object) -> Result:
        """Call it in one of them, when one is free."""
        return await to_thread.run_sync(functools.partial(function, *given), limiter=self._limiter)


class Desk:
    """What the routes share. One of a process."""

    def __init__(self, services: Services, interval: int) -> None:
        self.services, self.interval = services, interval
        self.gathering = Gathering(services.database, services.record)
        self._known: OrderedDict[str, tuple[float, tuple[int, int], Endpoint]] = OrderedDict()
        self._lock = threading.Lock()
        self._looked, self._generation = 0.0, (0, 0)
        self._bytes = Limit(BYTES)
        self._readers, self._writers, self._bulk = Threads(READERS), Threads(WRITERS), Threads(BULK)
        self._asking: Counter[str] = Counter()
        """Requests under way by endpoint. Of the event loop's thread."""

    def route(
        self, work: Work, most: int, packed: int, *, waits: bool = False, bulk: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler: the endpoint known, the body read (`packed` bytes, unpacked `most`), `work` done in a thread.

        `waits`: the work waits for the disk. `bulk`: everything else goes first.
        """

        threads = self._bulk if bulk else self._writers if waits else self._readers

        @by_endpoint
        async def handle(request: Request) -> Response:
            try:
                token = bearer(request)
                await self._look()
                endpoint = self._remembered(token)
                if endpoint is None:
                    endpoint = await self._readers(self.known, token)
                with self._one_more(endpoint.id):
                    body = await received(request, packed)
                    return await threads(self._work, work, endpoint, body, request, most)
            except (Refused, BodyError, UsageError, StoreError) as error:
                return refusal(error)

        return handle

    @contextmanager
    def _one_more(self, endpoint: str) -> Iterator[None]:
        """Holds the place of one request. Raises Refused: no endpoint keeps the threads of all others busy."""
        if self._asking[endpoint] >= AT_ONCE:
            raise Refused(503, Problem(f"at most {AT_ONCE} requests of one endpoint at once", "busy"), after=AGAIN)
        self._asking[endpoint] += 1
        try:
            yield
        finally:
            self._asking[endpoint] -= 1
            if not self._asking[endpoint]:
                del self._asking[endpoint]

    def _work(self, work: Work, endpoint: Endpoint, body: bytes, request: Request, most: int) -> Response:
        data = unpacked(body, request.headers.get("content-encoding", ""), most)
        if wait := self._bytes.take(endpoint.id, len(data)):
            problem = Problem("this endpoint sends more than an endpoint has to say", "quota")
            raise Refused(429, problem, after=min(int(wait) + 1, LATEST))
        return work(endpoint, data, request)

    def known(self, token: str) -> Endpoint:
        """Who holds a token. Raises Refused, StoreError."""
        hash_, seen = endpoints.hashed(token), self._generation
        with self.services.database.read() as connection:
            found = endpoints.by_token(connection, hash_)
        if found is None:
            problem = Problem("this token is not known; enrol again", "token", reenroll=True)
            raise Refused(401, problem)
        if found.retired_at:
            raise Refused(401, Problem("this endpoint was retired", "retired"))
        if found.next_token == hash_:
            with self.services.database.begin() as connection:
                endpoints.settle_token(connection, found.id, hash_, self.services.now())
                self.forget(found)
                found = endpoints.get(connection, found.id) or found
        with self._lock:
            self._known[hash_] = (time.monotonic() + KNOWN, seen, found)
            self._known.move_to_end(hash_)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
        return found

    async def _look(self) -> None:
        """Find out whether an endpoint was retired, let in again or moved: then all are looked up again."""
        everywhere, now = self._generation[1], time.monotonic()
        if now - self._looked >= LOOKED:
            self._looked = now  # one request asks, the others go on
            # A database that is away keeps nobody from what they are remembered for; for how long, `KNOWN` says.
            with suppress(StoreError):
                everywhere = await self._readers(self._everywhere)
        self._generation = (generation.here(), everywhere)

    def _everywhere(self) -> int:
        with self.services.database.read() as connection:
            return generation.of_all(connection)

    def _remembered(self, token: str) -> Endpoint | None:
        with self._lock:
            until, seen, found = self._known.get(endpoints.hashed(token), (0.0, (0, 0), None))
        return found if time.monotonic() < until and seen == self._generation else None

    def forget(self, endpoint: Endpoint) -> None:
        """Look this one up again."""
        with self._lock:
            for hash_ in (endpoint.token, endpoint.next_token):
                self._known.pop(hash_, None)


def bearer(request: Request) -> str:
    """The token that a request bears. Raises Refused."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 20 <= len(token.strip()) <= 200:
        raise Refused(401, Problem("this needs the token of an endpoint", "token"))
    return token.strip()


def answer(message: msgspec.Struct | Mapping[str, object], status: int = 200) -> Response:
    """A message as a response."""
    return Response(msgspec.json.encode(message), status, media_type="application/json")


def refusal(error: Exception) -> Response:
    """What an endpoint is told when it is refused."""
    after = 0
    if isinstance(error, Refused):
        status, problem, after = error.status, error.problem, error.after
    elif isinstance(error, BodyError):
        status, problem = error.status, Problem(str(error), "body")
    elif isinstance(error, StoreError):
        full = isinstance(error, StoreFullError)
        code = "full" if full else "busy" if isinstance(error, StoreBusyError) else "store"
        # What the server's own files are called is nothing for endpoints.
        status, problem, after = 503, Problem("the server cannot store this now", code), AGAIN
    else:
        status, problem = 422, Problem(str(error), "refused")
    count(f"refused:{problem.code}")
    headers = {"retry-after": str(after)} if after else {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(msgspec.json.encode(problem), status, headers, "application/json")


def place_of(request: Request) -> str:
    """By what a caller who holds no token is told from others: a digest of its network."""
    host = request.client.host if request.client is not None else ""
    return hashlib.sha256(network_of(host).encode()).hexdigest()[:16]
