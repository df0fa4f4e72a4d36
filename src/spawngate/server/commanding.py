"""SHELL. What administrators command endpoints, the same from the console and the API: who may, and its record; and
what endpoints say became of it.

Must not be here: HTTP, rows (`fleet.commands`), the signed form (`sync.command`), obeying (`endpoint.sync.obeying`).
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import recorded
from spawngate.server.fleet import commands, endpoints, enrolments, generation
from spawngate.server.fleet.commands import Given
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.services import Services
from spawngate.sync.command import WHATS, Command, What
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType, subject_of
from spawngate.trail.note import Signer

LONGEST = 1_000
TITLES = {"scan": "scan now", "reenroll": "enrol again", "unenroll": "leave the fleet"}


def order(services: Services, who: Principal, endpoint: str, what: str, reason: str) -> Given:
    """Command an endpoint. Raises UsageError, MissingError, ConflictError, StoreError."""
    known: What | None = next((each for each in WHATS if each == what), None)
    if known is None:
        raise UsageError(f"a command is one of {', '.join(WHATS)}")
    why = " ".join(reason.split())[:LONGEST]
    if known == "unenroll" and not why:
        raise UsageError("say why it is to leave: it will be governed by nobody")
    now = services.now()
    with services.database.begin() as connection:
        held = _theirs(connection, who, endpoint)
        if held.retired_at:
            raise ConflictError("this endpoint was retired, and is not let in")
        made = commands.create(connection, endpoint, known, by=who.name, reason=why, now=now)
        if known == "reenroll":
            enrolments.create(
                connection, kind="code", name=f"command {made.id}", team=held.team, group=held.group,
                days=commands.DAYS, by=who.name, now=now, text=code_of(services.signer, made.id),
            )  # fmt: skip
        detail: dict[str, Json] = {"endpoint": endpoint, "command": known, "reason": why}
        recorded(services, who, kind="command", id=made.id, name=known, action="given", detail=detail)
    return made


def withdraw(services: Services, who: Principal, endpoint: str, number: int) -> Given:
    """Take a command back that was not obeyed yet. Raises MissingError, ConflictError, StoreError."""
    with services.database.begin() as connection:
        _theirs(connection, who, endpoint)
        made = commands.withdraw(connection, endpoint, number, services.now())
        if made.what == "reenroll":
            enrolments.revoke_text(connection, code_of(services.signer, number), services.now())
        detail: dict[str, Json] = {"endpoint": endpoint, "command": made.what}
        recorded(services, who, kind="command", id=number, name=made.what, action="withdrawn", detail=detail)
    return made


def let_in(services: Services, who: Principal, endpoint: str, again: bool) -> None:
    """Let an endpoint in no more, or again. Raises MissingError, StoreError."""
    with services.database.begin() as connection:
        held = _theirs(connection, who, endpoint)
        if bool(held.retired_at) != again:
            return
        if again:
            endpoints.restore(connection, endpoint)
        else:
            endpoints.retire(connection, endpoint, services.now())
        action = "restored" if again else "retired"
        recorded(services, who, kind="endpoint", id=endpoint, name=endpoint, action=action)
    generation.change_here()


def code_of(signer: Signer, number: int) -> str:
    """The enrolment code that a command to enrol again holds. Made anew each time from the key that signs: the store
    keeps its hash only, and every server process gives the same."""
    drawn = Ed25519PrivateKey.from_private_bytes(signer.seed).sign(f"spawngate code of command {number}\n".encode())
    return enrolments.PREFIX + base64.urlsafe_b64encode(hashlib.sha256(drawn).digest()).decode().rstrip("=")


def as_sent(given: Given, signer: Signer) -> Command:
    """A command as its endpoint gets it."""
    code = code_of(signer, given.id) if given.what == "reenroll" else ""
    return Command(given.id, given.what, given.asked_at, given.asked_by[:300], code, given.until)


def told(ended: Sequence[Given], now: str) -> list[Event]:
    """What endpoints say became of commands, for the trail."""
    return [_ended(each, now) for each in ended]


def _ended(given: Given, now: str) -> Event:
    return Event(
        type=EventType.ADMINISTRATION,
        at=now,
        schema_version=SCHEMA_VERSION,
        channel="server",
        subject=subject_of("command", str(given.id), given.what, given.state),
        detail={
            "what": f"command-{given.state}",
            "by": "endpoint",
            "endpoint": given.endpoint,
            "command": given.what,
            "result": given.result,
        },
        message=f"endpoint {given.endpoint}: {TITLES.get(given.what, given.what)}: {given.state}",
    )


def _theirs(connection: Connection, who: Principal, endpoint: str) -> endpoints.Endpoint:
    """Raises MissingError for an endpoint of a team in which this may not be done."""
    held = endpoints.get(connection, endpoint)
    if held is None or not who.may(Permission.ENDPOINTS_WRITE, held.team):
        raise MissingError("there is no such endpoint")
    return held
