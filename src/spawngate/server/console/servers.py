"""The pages of MCP servers: all of them by definition or by name, one of them, and its approval.

Must not be here: deciding about requests and revoking (`approvals`).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import deciding
from spawngate.server.access.guard import Forbidden, fields_of, form_of, principal_of, require
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.console import happened, lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.numbers import number
from spawngate.server.fleet import approvals
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services
from spawngate.server.views import launches, server, servers, suggestions
from spawngate.server.views.places import segment, text_of
from spawngate.trail.moment import stamp

DEFINITIONS = ListPage(
    path="/servers",
    name="servers",
    title="MCP servers",
    template="servers.html",
    permission=Permission.INVENTORY_READ,
    facets=servers.FACETS,
    row=servers.ServerRow,
    ask=servers.servers,
    more=lambda services, teams, filters: {"names": False, "path": "/servers"},
)
NAMES = ListPage(
    path="/servers/names",
    name="server-names",
    title="MCP servers by name",
    template="servers.html",
    permission=Permission.INVENTORY_READ,
    facets=servers.FACETS,
    row=servers.NameRow,
    ask=servers.server_names,
    active="servers",
    more=lambda services, teams, filters: {"names": True, "path": "/servers/names"},
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/servers, /servers/names with their exports, /servers/FINGERPRINT, POST /servers/FINGERPRINT/approve."""

    @require(Permission.INVENTORY_READ)
    def shown(request: Request) -> Response:
        return _shown(services, request)

    @require(Permission.APPROVALS_DECIDE)
    def approve(request: Request) -> Response:
        fields, viewer = fields_of(form_of(request)), principal_of(request)
        fingerprint = text_of(request.path_params["fingerprint"])
        found = server.server(services, viewer.teams(Permission.INVENTORY_READ), fingerprint)
        if found is None:
            raise HTTPException(404, "There is no such server.")
        if found.unapprovable:
            raise UsageError(f"it cannot be approved from here: {found.unapprovable}")
        team = _reach(fields.get("where", ""), viewer)
        reason = " ".join(fields.get("reason", "").split())[:500]
        if not reason:
            raise UsageError("an approval needs a reason")
        try:
            identity = launches.identity_from(found.record)
        except launches.NotFromRecord as why:
            raise UsageError(f"it cannot be approved from here: {why}") from None
        suggestions.same(identity, fields.get("identity", ""))
        about = approvals.Requested(
            identity=identity,
            command=found.runs[:1_000],
            tier=next(iter(found.tiers), ""),
            findings=tuple(each.rule for each in found.findings)[:50],
        )
        expires = _end(fields.get("expires", ""), services.now())
        with services.database.begin() as connection:
            deciding.grant(
                services, connection, viewer, about, team=team, name=found.name, reason=reason, expires=expires
            )
        return RedirectResponse(f"/servers/{segment(fingerprint)}?done=approved", 303)

    return [
        *lists.routes(services, DEFINITIONS),
        *lists.routes(services, NAMES),
        Route("/servers/{fingerprint}", shown),
        Route("/servers/{fingerprint}/approve", approve, methods=["POST"]),
    ]


def _shown(services: Services, request: Request) -> Response:
    viewer = principal_of(request)
    teams = viewer.teams(Permission.INVENTORY_READ)
    found = server.server(services, teams, text_of(request.path_params["fingerprint"]))
    if found is None:
        raise HTTPException(404, "There is no such server.")
    # An event names its endpoint and no team: people of some teams see events of the endpoints shown, which are theirs.
    events: tuple[happened.Line, ...] = ()
    if viewer.teams(Permission.EVENTS_READ) is None:
        events = happened.lines(server.recent(services, found.fingerprint, None))
    return page.render(
        request,
        services,
        "server.html",
        active="servers",
        title=found.name,
        server=found,
        events=events,
        reaches=_reaches(services, request, viewer),
        done=request.query_params.get("done") == "approved",
        message="Approved. Endpoints obey with their next sync."
        if request.query_params.get("done") == "approved"
        else "",
    )


def _reaches(services: Services, request: Request, viewer: Principal) -> list[tuple[str, str]]:
    """Where the viewer may approve: values and words of the form's choice."""
    allowed = viewer.teams(Permission.APPROVALS_DECIDE)
    found = [("organisation", "Whole organisation")] if allowed is None else []
    names = page.team_names(services, allowed)
    return [*found, *((f"team-{team}", f"Team {name}") for team, name in names)]


def _reach(given: str, viewer: Principal) -> int:
    """The team of the form's choice, 0 for the organisation. Raises Forbidden, UsageError."""
    allowed = viewer.teams(Permission.APPROVALS_DECIDE)
    if given == "organisation":
        if allowed is not None:
            raise Forbidden("An approval for the whole organisation needs a role in the organisation.")
        return ORGANISATION
    team = number(given.removeprefix("team-")) if given.startswith("team-") else None
    if team is None:
        raise UsageError("say where the approval counts")
    if allowed is not None and team not in allowed:
        raise Forbidden(f"This needs the permission {Permission.APPROVALS_DECIDE.value} in that team.")
    return team


def _end(given: str, now: str) -> str:
    """The end of a day as a time; empty for none. Raises UsageError for a day that is over."""
    if not given:
        return ""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise UsageError("an end is a day: 2026-12-31") from None
    end = stamp(datetime.combine(day, time.max, UTC))
    if end <= now:
        raise UsageError("that day is over")
    return end
