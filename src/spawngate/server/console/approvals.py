"""The pages of approvals: the list, one request with its decision, and the suggested allowlist.

Must not be here: what a list holds (`views.approvals`, `views.suggestions`), what deciding does (`server.deciding`).
"""

from collections.abc import Mapping, Sequence
from typing import get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement
from spawngate.server import deciding
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.navigation import back_to
from spawngate.server.console.numbers import number_in, number_of
from spawngate.server.fleet.approvals import Reach
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services
from spawngate.server.views import approvals, suggestions

ALL = ListPage(
    path="/approvals",
    name="approvals",
    title="Approvals",
    template="approvals.html",
    permission=Permission.APPROVALS_READ,
    facets=approvals.FACETS,
    row=approvals.ApprovalRow,
    ask=approvals.approvals,
    more=lambda services, teams, filters: {"waiting": approvals.waiting(services, teams)},
)
SUGGESTED = ListPage(
    path="/approvals/suggested",
    name="suggested",
    title="Suggested allowlist",
    template="suggested.html",
    permission=Permission.APPROVALS_DECIDE,
    facets=suggestions.FACETS,
    row=suggestions.Suggestion,
    ask=suggestions.suggestions_of,
    active="approvals",
    more=lambda services, teams, filters: {
        "least": suggestions.least_of(filters, services), "places": page.team_names(services, teams),
    },
)  # fmt: skip


def routes(services: Services) -> Sequence[BaseRoute]:
    """/approvals and /approvals/suggested with their exports, /approvals/NUMBER; POST /approvals/suggested,
    /approvals/NUMBER/{decide,revoke}."""

    @require(Permission.APPROVALS_READ)
    def one(request: Request) -> Response:
        viewer = principal_of(request)
        found = approvals.approval(services, viewer.teams(Permission.APPROVALS_READ), number_of(request))
        if found is None:
            raise HTTPException(404, "There is no such request or approval.")
        return page.render(
            request,
            services,
            "approval.html",
            active="approvals",
            title=found.row.name or found.row.fingerprint,
            approval=found,
            mine=viewer.may(Permission.APPROVALS_DECIDE, found.row.team),
            reaches=_reaches(found.row, viewer),
        )

    @require(Permission.APPROVALS_DECIDE)
    def decide(request: Request) -> Response:
        fields, viewer = fields_of(form_of(request)), principal_of(request)
        number, note = number_of(request), fields.get("note", "")
        if fields.get("verdict") == "approve":
            deciding.approve(
                services,
                viewer,
                number,
                note=note,
                reach=_reach(fields.get("reach", "endpoint")),
                expires=fields.get("expires", ""),
                sandbox=_sandbox(fields),
            )
        elif fields.get("verdict") == "deny":
            if not deciding.noted(note):
                raise UsageError("say why it is denied: whoever asked reads it")
            deciding.deny(services, viewer, number, note=note)
        else:
            raise UsageError("say whether it is approved or denied")
        return RedirectResponse(back_to(fields.get("back", f"/approvals/{number}")), 303)

    @require(Permission.APPROVALS_DECIDE)
    def revoke(request: Request) -> Response:
        fields, number = fields_of(form_of(request)), number_of(request)
        if not deciding.noted(fields.get("note", "")):
            raise UsageError("say why it is revoked")
        deciding.revoke(services, principal_of(request), number, note=fields["note"])
        return RedirectResponse(back_to(fields.get("back", f"/approvals/{number}")), 303)

    @require(Permission.APPROVALS_DECIDE)
    def allow(request: Request) -> Response:
        form, viewer = form_of(request), principal_of(request)
        fields = fields_of(form)
        team = number_in(fields, "where", "say where the approvals count")
        picked = [each for each in form.getlist("pick") if isinstance(each, str)]
        if not picked:
            raise UsageError("tick the servers that are meant")
        teams = viewer.teams(Permission.INVENTORY_READ)
        pairs = [each.partition(" ") for each in dict.fromkeys(picked[: suggestions.MOST])]
        about = [suggestions.requested(services, teams, one, identity) for one, _, identity in pairs]
        with services.database.begin() as connection:
            for requested, name in about:
                deciding.grant(
                    services,
                    connection,
                    viewer,
                    requested,
                    team=team,
                    name=name,
                    reason=fields.get("reason", ""),
                    expires=fields.get("expires", ""),
                )
        return RedirectResponse("/approvals?state=approved&sort=decided", 303)

    return [
        *lists.routes(services, ALL),
        *lists.routes(services, SUGGESTED),
        Route("/approvals/suggested", allow, methods=["POST"]),
        Route("/approvals/{number}", one),
        Route("/approvals/{number}/decide", decide, methods=["POST"]),
        Route("/approvals/{number}/revoke", revoke, methods=["POST"]),
    ]


def _reaches(row: approvals.ApprovalRow, viewer: Principal) -> list[tuple[str, str]]:
    """Where it can be approved: values and words of the form's choice."""
    found = []
    if row.endpoint:
        found.append(("endpoint", f"only {row.host}"))
    if row.group and row.team != ORGANISATION:
        found.append(("group", f"group {row.group} of team {row.team_name}"))
    if row.team != ORGANISATION:
        found.append(("team", f"team {row.team_name}"))
    if viewer.may(Permission.APPROVALS_DECIDE):
        found.append(("organisation", "the whole organisation"))
    return found


def _reach(given: str) -> Reach:
    for each in get_args(Reach):
        if each == given:
            return each  # type: ignore[no-any-return]  # get_args of a Literal gives its values
    raise UsageError("say where the approval counts")


def _sandbox(fields: Mapping[str, str]) -> Confinement | None:
    """The sandbox that a form states; None where policy's default stays. Raises UsageError."""
    chosen = fields.get("sandbox", "")
    if chosen in ("", "policy"):
        return None
    if chosen == "off":
        return deciding.confinement({"off": True})
    if chosen != "confined":
        raise UsageError("say what the server is confined to")
    lines = {name: fields.get(name, "").split("\n") for name in ("read", "write", "hosts")}
    stated = {name: [line.strip() for line in found if line.strip()] for name, found in lines.items()}
    return deciding.confinement({**stated, "network": bool(fields.get("network"))})
