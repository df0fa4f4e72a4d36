"""SHELL. Requests for approval and approvals: GET /approvals, POST /approvals/{id}/{approve,deny,revoke}.

Must not be here: asking (`intake`), what an approval means at an endpoint (`fleet.bundles`).
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, StringConstraints
from sqlalchemy import Connection, select
from starlette.responses import Response

from spawngate.model.errors import UsageError
from spawngate.server.access.guard import Forbidden, needs
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import approvals, rows
from spawngate.server.fleet.approvals import Approval
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tables import APPROVALS
from spawngate.server.management.answers import (
    USUAL_LIMIT,
    Cursor,
    Limit,
    Number,
    Who,
    gives,
    item,
    items,
    lists,
)
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.trail.event import EventType
from spawngate.trail.moment import normal

State = Literal["", "pending", "approved", "denied", "revoked"]
Note = Annotated[str, StringConstraints(max_length=1_000)]


class Judgement(BaseModel):
    """Why."""

    note: Note = ""


class Approved(Judgement):
    """How far, and until when."""

    reach: Literal["endpoint", "group", "team", "organisation"] = "endpoint"
    expires: Annotated[str, StringConstraints(max_length=40)] | None = None
    """RFC 3339; empty: never; left out: as was wished for."""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("approvals")
    database = services.database

    @made.get("/approvals", responses=lists(Approval, "Requests and approvals, the newest first."))
    @needs(Permission.APPROVALS_READ)
    def list_approvals(
        who: Who,
        state: Annotated[State, Query(description="Only these; empty: all.")] = "",
        fingerprint: Annotated[str, Query(max_length=100)] = "",
        endpoint: Annotated[str, Query(max_length=64)] = "",
        cursor: Cursor = "",
        limit: Limit = USUAL_LIMIT,
    ) -> Response:
        """Requests and approvals of the teams that may be seen."""
        wanted = [rows.of_teams(APPROVALS.c.team, who.teams(Permission.APPROVALS_READ))]
        given = {"state": state, "fingerprint": fingerprint, "endpoint": endpoint}
        wanted += [APPROVALS.c[name] == value for name, value in given.items() if value]
        statement = rows.paged(select(APPROVALS).where(*wanted), [APPROVALS.c.id], cursor, limit, descending=True)
        with database.read() as connection:
            found = [Approval(**rows.plain(row)) for row in connection.execute(statement)]
        return items(*rows.cut(found, limit, lambda each: [each.id]))

    @made.get("/approvals/{approval}", responses=gives(Approval, "The request or approval."))
    @needs(Permission.APPROVALS_READ)
    def get_approval(who: Who, approval: Number) -> Response:
        """One request or approval."""
        with database.read() as connection:
            return item(_theirs(connection, who, Permission.APPROVALS_READ, approval))

    @made.post("/approvals/{approval}/approve", responses=gives(Approval, "The approval."))
    @needs(Permission.APPROVALS_DECIDE)
    def approve(who: Who, approval: Number, body: Approved) -> Response:
        """Approve what was asked for: at that endpoint, in its group, its team, or everywhere."""
        with database.begin() as connection:
            _theirs(connection, who, Permission.APPROVALS_DECIDE, approval)
            if body.reach == "organisation" and not who.may(Permission.APPROVALS_DECIDE):
                raise Forbidden("An approval for all teams needs a role in the organisation.")
            before, after = approvals.decide(
                connection,
                approval,
                approve=True,
                by=who.name,
                now=services.now(),
                note=body.note,
                expires=_moment(body.expires),
                reach=body.reach,
            )
            _told(services, who, before, after)
        return item(after)

    @made.post("/approvals/{approval}/deny", responses=gives(Approval, "The request."))
    @needs(Permission.APPROVALS_DECIDE)
    def deny(who: Who, approval: Number, body: Judgement) -> Response:
        """Refuse what was asked for."""
        with database.begin() as connection:
            _theirs(connection, who, Permission.APPROVALS_DECIDE, approval)
            before, after = approvals.decide(
                connection, approval, approve=False, by=who.name, now=services.now(), note=body.note
            )
            _told(services, who, before, after)
        return item(after)

    @made.post("/approvals/{approval}/revoke", responses=gives(Approval, "The approval, which counts no more."))
    @needs(Permission.APPROVALS_DECIDE)
    def revoke(who: Who, approval: Number, body: Judgement) -> Response:
        """Take an approval back, wherever it counts."""
        with database.begin() as connection:
            _theirs(connection, who, Permission.APPROVALS_DECIDE, approval)
            before, after = approvals.revoke(connection, approval, by=who.name, now=services.now(), note=body.note)
            _told(services, who, before, after)
        return item(after)

    return made


def _theirs(connection: Connection, who: Principal, permission: Permission, approval: int) -> Approval:
    """A request or approval of a team in which this may be done. Raises MissingError."""
    row = connection.execute(select(APPROVALS).where(APPROVALS.c.id == approval)).first()
    if row is None or not who.may(permission, row.team):
        raise MissingError(f"there is no request or approval {approval}")
    return Approval(**rows.plain(row))


def _told(services: Services, who: Principal, before: Approval, after: Approval) -> None:
    old: dict[str, Any] = approvals.described(before)
    new: dict[str, Any] = approvals.described(after)
    recorded(
        services, who, kind="approval", id=after.id, name=after.name, action=after.state,
        differences=[changed(name, old.get(name), new[name]) for name in new if old.get(name) != new[name]],
        type=EventType.APPROVAL,
    )  # fmt: skip


def _moment(text: str | None) -> str | None:
    """An end as the trail writes times. Raises UsageError."""
    if not text:
        return text
    try:
        return normal(text)
    except ValueError:
        raise UsageError("`expires` is RFC 3339 with a zone: 2026-12-31T00:00:00Z") from None
