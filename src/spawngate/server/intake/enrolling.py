"""SHELL. Enrolment: a secret is redeemed, a key proves itself, an endpoint gets its id and its token.

Whoever tries secrets is slowed down by where it comes from, and keeps nobody out who comes from there with a right one;
a secret that is wrong, used up or revoked is told as one.
Must not be here: secrets and codes (`server.fleet.enrolments`), what an endpoint is (`server.fleet.endpoints`).
"""

import threading
import time
from collections import OrderedDict

import msgspec
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.model.errors import UsageError
from spawngate.server.access.guard import by_endpoint
from spawngate.server.fleet import endpoints, enrolments, teams
from spawngate.server.fleet.gathering import Telling
from spawngate.server.intake.bodies import BodyError, received, unpacked
from spawngate.server.intake.desk import Desk, Refused, answer, count, place_of, refusal
from spawngate.server.store.port import StoreError
from spawngate.sync import messages, proof
from spawngate.sync.messages import ENROLL, LARGEST_MESSAGE, Enrol, Enrolled, MessageError, Problem
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType, plain, subject_of

MOST_WRONG = 20
"""Wrong secrets of one place in a minute."""
MINUTE = 60.0
MOST_PLACES = 10_000


class Tries:
    """Wrong secrets by where they came from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait(self, place: str) -> int:
        """Seconds that somebody has to wait; 0: go on."""
        with self._lock:
            until, wrong = self._wrong.get(place, (0.0, 0))
        left = until - time.monotonic()
        return int(left) + 1 if left > 0 and wrong >= MOST_WRONG else 0

    def note(self, place: str) -> None:
        """A wrong one."""
        with self._lock:
            until, wrong = self._wrong.pop(place, (0.0, 0))
            now = time.monotonic()
            self._wrong[place] = (until, wrong + 1) if now < until else (now + MINUTE, 1)
            while len(self._wrong) > MOST_PLACES:
                self._wrong.popitem(last=False)


def route(desk: Desk) -> Route:
    """POST /api/v1/agent/enroll."""
    tries = Tries()

    @by_endpoint
    async def handle(request: Request) -> Response:
        try:
            body = await received(request, LARGEST_MESSAGE)
            data = unpacked(body, request.headers.get("content-encoding", ""), LARGEST_MESSAGE)
            return await run_in_threadpool(enrol, desk, tries, place_of(request), data)
        except (Refused, BodyError, UsageError, StoreError) as error:
            return refusal(error)

    return Route(ENROLL, handle, methods=["POST"])


def enrol(desk: Desk, tries: Tries, place: str, data: bytes) -> Response:
    """Take an endpoint in. Raises Refused, StoreError."""
    services = desk.services
    try:
        message = messages.read(Enrol, data)
    except MessageError as error:
        raise Refused(422, Problem(f"this is no enrolment: {error}", "message")) from None
    if (wait := tries.wait(place)) and not _lets_in(desk, message):
        raise Refused(429, Problem("too many wrong secrets; try later", "slow"), after=wait)
    if not proof.holds(message):
        tries.note(place)
        raise Refused(422, Problem("the proof does not fit the key and what is claimed", "proof"))
    found = desk.gathering.write(lambda connection, told: _taken_in(connection, told, message, services.now()))
    if found is None:
        tries.note(place)
        raise Refused(403, Problem("this secret or code is not valid (any more)", "secret"))
    id_, token, team = found
    count("enrolments")
    given = Enrolled(id_, token, str(services.signer.verifier), team, desk.interval)
    return answer(msgspec.structs.replace(given, signed=proof.answered(message, given, services.signer)))


def _lets_in(desk: Desk, message: Enrol) -> bool:
    """Whether a secret is one, looked up without writing anything."""
    with desk.services.database.read() as connection:
        return enrolments.is_in_force(connection, message.secret, desk.services.now())


def _taken_in(connection: Connection, told: Telling, message: Enrol, now: str) -> tuple[str, str, str] | None:
    """Id, token and team; None where the secret lets nobody in."""
    redeemed = enrolments.redeem(connection, message.secret, now)
    if redeemed is None:
        return None
    id_, token, fresh = endpoints.enrol(connection, message, team=redeemed.team, group=redeemed.group, now=now)
    team = teams.get(connection, redeemed.team).name
    action = "enrolled" if fresh else "enrolled again"
    told.append(_event(message, id_, action, f"{redeemed.kind} {redeemed.id}", team, now))
    return id_, token, team


def _event(message: Enrol, id_: str, action: str, by: str, team: str, now: str) -> Event:
    host = str(plain(message.host))[:255]
    return Event(
        type=EventType.ADMINISTRATION,
        at=now,
        schema_version=SCHEMA_VERSION,
        channel="server",
        actor=Actor(user=str(plain(message.user))[:255]),
        subject=subject_of("endpoint", id_, host, action),
        detail={
            "what": "endpoint-enrolled",
            "by": by,
            "team": team,
            "installation": message.installation,
            "key": message.key,
        },
        message=f"endpoint {id_} ({host}) {action} into {team}",
    )
