"""SHELL. Commands on their way: signed for the endpoint that syncs, and what it says became of them. And an endpoint
that says it leaves.

Most endpoints have nothing to obey: who has is looked up once a second for all of them.
Must not be here: who may command (`server.commanding`), rows (`server.fleet.commands`).
"""

import time
from collections.abc import Sequence

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.server import commanding
from spawngate.server.fleet import commands, endpoints
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.fleet.gathering import Telling
from spawngate.server.intake.desk import Desk, Refused, answer, count
from spawngate.sync import command, messages
from spawngate.sync.messages import LARGEST_MESSAGE, LEAVE, Leave, Left, MessageError, Outcome, Problem
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType, plain, subject_of

LOOKED = 1.0
"""Seconds for which it is taken to be known who has something to obey."""


class Commands:
    """Of one process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: tuple[float, frozenset[str]] = (0.0, frozenset())

    def settle(self, endpoint: Endpoint, outcomes: Sequence[Outcome], now: str) -> None:
        """Note and record what became of commands. Raises StoreError."""

        def work(connection: Connection, told: Telling) -> None:
            told.extend(commanding.told(commands.settle(connection, endpoint.id, outcomes, now), now))

        self._desk.gathering.write(work)
        self.forget()

    def due(self, endpoint: Endpoint, now: str) -> tuple[str, ...]:
        """What an endpoint has still to obey, signed for it. Raises StoreError."""
        services = self._desk.services
        if endpoint.id not in self._awaited(now):
            return ()
        with services.database.read() as connection:
            found = commands.waiting(connection, endpoint.id, now)[: commands.MOST_GIVEN]
        fresh = [each.id for each in found if not each.given_at]
        if fresh:
            self._desk.gathering.write(lambda connection, _: commands.told(connection, fresh, now))
        count("commands", len(fresh))
        return tuple(
            command.signed(commanding.as_sent(each, services.signer), endpoint.id, services.signer) for each in found
        )

    def forget(self) -> None:
        """Look up again who has something to obey."""
        self._known = (0.0, frozenset())

    def _awaited(self, now: str) -> frozenset[str]:
        until, found = self._known
        if time.monotonic() >= until:
            with self._desk.services.database.read() as connection:
                found = commands.awaited(connection, now)
            self._known = (time.monotonic() + LOOKED, found)
        return found


def route(desk: Desk) -> Route:
    """POST /api/v1/agent/leave."""

    def work(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        try:
            message = messages.read(Leave, body)
        except MessageError as error:
            raise Refused(422, Problem(f"this is no leave: {error}", "message")) from None
        leave(desk, endpoint, message)
        return answer(Left(endpoint.id))

    return Route(LEAVE, desk.route(work, LARGEST_MESSAGE, LARGEST_MESSAGE), methods=["POST"])


def leave(desk: Desk, endpoint: Endpoint, message: Leave) -> None:
    """An endpoint leaves: it is retired, and its token counts no more. Raises StoreError."""
    now = desk.services.now()

    def work(connection: Connection, told: Telling) -> None:
        done = [Outcome(message.command, "done", "it left the fleet")] if message.command else []
        ended = commands.settle(connection, endpoint.id, done, now)
        endpoints.retire(connection, endpoint.id, now)
        told.extend(commanding.told(ended, now))
        told.append(_left(endpoint, message, now))

    desk.gathering.write(work)
    desk.forget(endpoint)
    count("left")


def _left(endpoint: Endpoint, message: Leave, now: str) -> Event:
    user = str(plain(message.user))[:255]
    why = f"by command {message.command}" if message.command else f"by {user or 'somebody there'}"
    return Event(
        type=EventType.ADMINISTRATION,
        at=now,
        schema_version=SCHEMA_VERSION,
        channel="server",
        actor=Actor(user=user),
        subject=subject_of("endpoint", endpoint.id, endpoint.id, "left"),
        detail={"what": "endpoint-left", "endpoint": endpoint.id, "command": message.command},
        message=f"endpoint {endpoint.id} left the fleet, {why}: nothing governs it from here any more",
    )
