"""SHELL. Requests and approvals: GET, POST /approvals, POST /approvals/{id}/{approve,deny,revoke}, GET
/suggested-approvals.

Must not be here: asking (`intake`), what an approval means at an endpoint (`fleet.bundles`).
"""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.server import deciding
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.fleet import approvals as kept
from spawngate.server.fleet.approvals import Approval
from spawngate.server.management import listed
from spawngate.server.management.answers import Number, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import approvals, suggestions
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.suggestions import Suggestion

Note = Annotated[str, StringConstraints(max_length=1_000)]
Paths = Annotated[list[Annotated[str, StringConstraints(max_length=4_096)]], Field(max_length=64)]


class Judgement(BaseModel):
    """Why."""

    note: Note = ""


class Sandbox(BaseModel):
    """What a granted server may reach: absolute paths (`~`: the user's home), hosts or the whole network."""

    read: Paths = []
    write: Paths = []
    hosts: Paths = []
    network: bool = False
    off: bool = False
    """Not confined at all."""


class Approved(Judgement):
    """How far, and until when."""

    reach: Literal["endpoint", "group", "team", "organisation"] = "endpoint"
    expires: Annotated[str, StringConstraints(max_length=40)] | None = None
    """RFC 3339 or a day; empty: never; left out: as was wished for."""
    sandbox: Sandbox | None = None
    """What the server is confined to; left out: as policy says."""


class Granting(BaseModel):
    """A definition that shall be approved."""

    fingerprint: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """Of a server, as `GET /servers` gives it."""
    identity: Annotated[str, StringConstraints(max_length=100)] = ""
    """`identity` of that server when it was looked at: nothing is approved where endpoints say another by now."""
    team: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    """Where it counts; 0: everywhere."""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    expires: Annotated[str, StringConstraints(max_length=40)] = ""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("approvals")
    database = services.database

    listed.add(
        made, services, "/approvals", Permission.APPROVALS_READ, Approval, approvals.FACETS, _listed,
        "Requests and approvals, those that wait first.",
    )  # fmt: skip

    @made.get("/approvals/{approval}", responses=gives(Approval, "The request or approval."))
    @needs(Permission.APPROVALS_READ)
    def get_approval(who: Who, approval: Number) -> Response:
        """One request or approval."""
        with database.read() as connection:
            found = deciding.theirs(connection, who, Permission.APPROVALS_READ, approval)
        return item(_worded(found, services.now()))

    @made.post("/approvals", status_code=201, responses=gives(Approval, "The approval.", 201))
    @needs(Permission.APPROVALS_DECIDE)
    def grant(who: Who, body: Granting) -> Response:
        """Approve a server of the inventory that nobody asked for, by the fingerprint of its definition."""
        about, name = suggestions.requested(
            services, who.teams(Permission.INVENTORY_READ), body.fingerprint, body.identity
        )
        with database.begin() as connection:
            made = deciding.grant(
                services, connection, who, about, team=body.team, name=name, reason=body.reason, expires=body.expires
            )
        return item(made, 201)

    @made.post("/approvals/{approval}/approve", responses=gives(Approval, "The approval."))
    @needs(Permission.APPROVALS_DECIDE)
    def approve(who: Who, approval: Number, body: Approved) -> Response:
        """Approve what was asked for: at that endpoint, in its group, its team, or everywhere."""
        sandbox = None if body.sandbox is None else deciding.confinement(body.sandbox.model_dump())
        return item(
            deciding.approve(
                services, who, approval, note=body.note, reach=body.reach, expires=body.expires, sandbox=sandbox
            )
        )

    @made.post("/approvals/{approval}/deny", responses=gives(Approval, "The request."))
    @needs(Permission.APPROVALS_DECIDE)
    def deny(who: Who, approval: Number, body: Judgement) -> Response:
        """Refuse what was asked for."""
        return item(deciding.deny(services, who, approval, note=body.note))

    @made.post("/approvals/{approval}/revoke", responses=gives(Approval, "The approval, which counts no more."))
    @needs(Permission.APPROVALS_DECIDE)
    def revoke(who: Who, approval: Number, body: Judgement) -> Response:
        """Take an approval back, wherever it counts."""
        return item(deciding.revoke(services, who, approval, note=body.note))

    listed.add(
        made, services, "/suggested-approvals", Permission.APPROVALS_DECIDE, Suggestion, suggestions.FACETS,
        suggestions.suggestions_of, "Servers in use without an approval, most used first.",
    )  # fmt: skip

    return made


def _listed(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Approval]:
    found = approvals.approvals(services, teams, filters, facets=facets)
    with services.database.read() as connection:
        held = kept.of(connection, [each.id for each in found.rows])
    now = services.now()
    return Listing(tuple(_worded(each, now) for each in held), found.cursor, found.facets, found.total, found.sort)


def _worded(one: Approval, now: str) -> Approval:
    """Its state in the list's words, which know approvals whose end is over."""
    over = one.state == "approved" and one.expires_at and one.expires_at <= now
    return msgspec.structs.replace(one, state="ended") if over else one
