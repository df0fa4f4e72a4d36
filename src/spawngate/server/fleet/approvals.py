"""SHELL. Approvals of the fleet: asked for by endpoints, decided by people, on their way to where they count.

    pending -> approved -> revoked
            -> denied

An approval is of one identity (`launch.identity`). Where it counts says its reach: the endpoint that asked, that
endpoint's group or team, or the organisation; beyond the endpoint it is of the launch wherever it is configured.
Must not be here: who may decide (`server.access`), the bundle (`bundles`), telling the trail (callers, by `described`).
"""

import re
import shlex
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, func, insert, or_, select, update

from spawngate.launch.identity import Identity
from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.policy.confinement import Confinement
from spawngate.server.fleet.bundles import raise_serial
from spawngate.server.fleet.endpoints import Endpoint, clean
from spawngate.server.fleet.tables import APPROVALS, ENDPOINTS, ORGANISATION
from spawngate.sync.bundle import Granted
from spawngate.sync.messages import Ask

MOST_PENDING = 200
"""Requests of one endpoint that wait: a program that asks for ever fills nobody's list."""
_PLAIN = re.compile(r"[^\s'\"]+")
Reach = Literal["endpoint", "group", "team", "organisation"]


class Requested(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was asked for: the column `launch`."""

    identity: Identity
    agent: str = ""
    entry: str = ""
    command: str = ""
    """The command line, redacted."""
    tier: str = ""
    findings: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    sandbox: Confinement | None = None
    """Of an approval: what the server is confined to."""


class Approval(msgspec.Struct, frozen=True):
    """One row."""

    id: int
    team: int
    endpoint: str
    reach: str
    group: str
    fingerprint: str
    name: str
    launch: dict[str, Any]
    state: str
    asked_by: str
    asked_at: str
    reason: str
    decided_by: str
    decided_at: str
    note: str
    expires_at: str


_COLUMNS = [APPROVALS.c[field.name] for field in msgspec.structs.fields(Approval)]


def requested(message: Ask) -> Requested:
    """What a request is about. Raises UsageError where that is no launch, or another one than its fingerprint says.

    The command line that people read is that of the identity, which is what they approve: the endpoint's own word for
    it counts only where the identity holds no more than a digest of what runs.
    """
    try:
        found = msgspec.convert(message.launch, Requested)
    except (msgspec.ValidationError, ValueError, RecursionError):
        raise UsageError("the request does not say which launch it is about") from None
    if found.identity.fingerprint != message.fingerprint:
        raise UsageError("the request's fingerprint is not that of its launch")
    if found.identity.code:
        return found
    return msgspec.structs.replace(found, command=worded(found.identity.command, found.identity.args))


def worded(command: str, args: Iterable[str]) -> str:
    """A command line for people: where one word ends and the next begins is to be seen."""
    return " ".join(word if _PLAIN.fullmatch(word) else shlex.quote(word) for word in (command, *args))


def ask(connection: Connection, endpoint: Endpoint, message: Ask, *, now: str) -> tuple[Approval, bool]:
    """The request of an endpoint, and whether it is new: who asks twice has one. Raises UsageError."""
    about = requested(message)
    mine = (APPROVALS.c.endpoint == endpoint.id) & (APPROVALS.c.state == "pending")
    same = connection.execute(select(*_COLUMNS).where(mine & (APPROVALS.c.fingerprint == message.fingerprint)))
    known = same.mappings().first()
    if known is not None:
        return Approval(**known), False
    waiting = connection.execute(select(func.count()).select_from(APPROVALS).where(mine)).scalar_one()
    if waiting >= MOST_PENDING:
        raise UsageError(f"{MOST_PENDING} requests of this endpoint wait already")
    values = {
        "team": endpoint.team,
        "endpoint": endpoint.id,
        "reach": "endpoint",
        "group": endpoint.group,
        "fingerprint": message.fingerprint,
        "name": clean(message.name),
        "launch": clean(msgspec.to_builtins(about)),
        "state": "pending",
        "asked_by": str(clean(message.user))[:255],
        "asked_at": now,
        "reason": clean(message.reason),
        "expires_at": str(clean(message.expires))[:32],
    }
    id_ = connection.execute(insert(APPROVALS).values(values).returning(APPROVALS.c.id)).scalar_one()
    return get(connection, id_), True


def grant(
    connection: Connection,
    about: Requested,
    *,
    team: int,
    reach: Reach,
    by: str,
    now: str,
    endpoint: str = "",
    group: str = "",
    name: str = "",
    reason: str = "",
    expires: str = "",
) -> Approval:
    """Approve what nobody asked for: from a suggested list, or by the API."""
    values = {
        "team": ORGANISATION if reach == "organisation" else team,
        "endpoint": endpoint,
        "reach": reach,
        "group": group,
        "fingerprint": about.identity.fingerprint,
        "name": clean(name),
        "launch": clean(msgspec.to_builtins(about)),
        "state": "approved",
        "asked_by": by,
        "asked_at": now,
        "reason": clean(reason),
        "decided_by": by,
        "decided_at": now,
        "expires_at": expires,
    }
    id_ = connection.execute(insert(APPROVALS).values(values).returning(APPROVALS.c.id)).scalar_one()
    raise_serial(connection, now)
    return get(connection, id_)


def decide(
    connection: Connection,
    id_: int,
    *,
    approve: bool,
    by: str,
    now: str,
    note: str = "",
    expires: str | None = None,
    reach: Reach = "endpoint",
    sandbox: Confinement | None = None,
) -> tuple[Approval, Approval]:
    """Approve or deny a request: as it was and as it is. `expires`: RFC 3339, empty for never, None as was wished for.

    Raises UsageError for one that is not there or does not wait any more.
    """
    before = get(connection, id_)
    if before.state != "pending":
        raise UsageError(f"the request is {before.state} already")
    launch = before.launch
    if sandbox is not None:
        launch = {**launch, "sandbox": msgspec.to_builtins(sandbox)}
    values = {
        "state": "approved" if approve else "denied",
        "decided_by": by,
        "decided_at": now,
        "note": clean(note),
        "launch": launch,
        "expires_at": before.expires_at if expires is None else expires,
        "reach": reach if approve else before.reach,
        "team": ORGANISATION if approve and reach == "organisation" else before.team,
    }
    _change(connection, id_, "pending", values)
    raise_serial(connection, now)
    return before, get(connection, id_)


def revoke(connection: Connection, id_: int, *, by: str, now: str, note: str = "") -> tuple[Approval, Approval]:
    """Take an approval back, wherever it counts: as it was and as it is. Raises UsageError."""
    before = get(connection, id_)
    if before.state != "approved":
        raise UsageError(f"the approval is {before.state}, and cannot be revoked")
    _change(connection, id_, "approved", {"state": "revoked", "decided_by": by, "decided_at": now, "note": clean(note)})
    raise_serial(connection, now)
    return before, get(connection, id_)


def get(connection: Connection, id_: int) -> Approval:
    """One. Raises UsageError where there is none."""
    row = connection.execute(select(*_COLUMNS).where(APPROVALS.c.id == id_)).mappings().first()
    if row is None:
        raise UsageError("there is no such request or approval")
    return Approval(**row)


def of(connection: Connection, ids: Sequence[int]) -> tuple[Approval, ...]:
    """Those of these requests and approvals that are there, in this order."""
    rows = connection.execute(select(*_COLUMNS).where(APPROVALS.c.id.in_(ids))).mappings()
    found = {row["id"]: Approval(**row) for row in rows}
    return tuple(found[each] for each in ids if each in found)


def of_endpoint(connection: Connection, endpoint: str) -> tuple[Approval, ...]:
    """What an endpoint asked for, and what counts for it alone, oldest first."""
    wanted = select(*_COLUMNS).where(APPROVALS.c.endpoint == endpoint).order_by(APPROVALS.c.id)
    return tuple(Approval(**row) for row in connection.execute(wanted).mappings())


def reaching(connection: Connection, team: int, group: str) -> tuple[Approval, ...]:
    """Every row that counts for all endpoints of a team and group, oldest first."""
    table = APPROVALS
    wanted = or_(
        table.c.reach == "organisation",
        (table.c.reach == "team") & (table.c.team == team),
        (table.c.reach == "group") & (table.c.team == team) & (table.c.group == group),
    )
    found = connection.execute(select(*_COLUMNS).where(wanted).order_by(table.c.id)).mappings()
    return tuple(Approval(**row) for row in found)


def counts(approval: Approval, endpoint: str | None, team: int, group: str) -> bool:
    """Whether what was decided is for an endpoint of this team and group: one that asked for its team and left it since
    has had its answer, and no more."""
    match approval.reach:
        case "endpoint":
            return approval.endpoint == endpoint
        case "organisation":
            return True
        case "team":
            return approval.team == team
    return (approval.team, approval.group) == (team, group)


def granted(approval: Approval) -> Granted | None:
    """The approval as endpoints get it. Beyond the endpoint that asked, it is of no entry and of no folder.

    None for one that states no launch: it covers nothing, and keeps no other from getting there.
    """
    try:
        about = msgspec.convert(approval.launch, Requested)
    except (msgspec.ValidationError, ValueError, RecursionError):
        return None
    own = approval.reach == "endpoint"
    identity = about.identity if own and not about.entry else about.identity.anywhere()
    return Granted(
        approval.id,
        identity,
        approval.decided_at,
        approval.decided_by,
        approval.reason,
        approval.name[:300],
        about.agent if own else "",
        about.entry if own else "",
        approval.expires_at,
        about.sandbox,
    )


def described(approval: Approval) -> dict[str, Json]:
    """What an event says of one, before and after."""
    told: dict[str, Json] = {
        "state": approval.state,
        "reach": approval.reach,
        "fingerprint": approval.fingerprint,
        "endpoint": approval.endpoint,
        "expires_at": approval.expires_at,
        "decided_by": approval.decided_by,
        "note": approval.note,
    }
    return {name: value for name, value in told.items() if value}


def team_of(connection: Connection, id_: int) -> int:
    """The team whose people decide about a request: that of the endpoint that asked. Raises UsageError."""
    found = get(connection, id_)
    team = connection.execute(select(ENDPOINTS.c.team).where(ENDPOINTS.c.id == found.endpoint)).scalar()
    return found.team if team is None else int(team)


def _change(connection: Connection, id_: int, state: str, values: dict[str, Any]) -> None:
    """Two people who decide at once: one of them is told that it was decided."""
    wanted = (APPROVALS.c.id == id_) & (APPROVALS.c.state == state)
    if not connection.execute(update(APPROVALS).where(wanted).values(values)).rowcount:
        raise UsageError("somebody else has just decided it")
