"""The pages of findings as work: the list, the rules, one finding, and what people do with them.

Must not be here: what a list holds (`views.findings`), what is set (`fleet.findings`, `fleet.suppressions`).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from urllib.parse import parse_qsl

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.model.snapshot import Difference
from spawngate.server.access.guard import Forbidden, fields_of, form_of, principal_of, require
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import changed, recorded
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.navigation import back_to
from spawngate.server.console.numbers import number_in
from spawngate.server.fleet import findings as work
from spawngate.server.fleet import suppressions
from spawngate.server.fleet.findings import Key
from spawngate.server.fleet.suppressions import Covers
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services
from spawngate.server.views import findings, suppressed
from spawngate.server.views.filters import Filters
from spawngate.server.views.places import text_of
from spawngate.trail.moment import stamp

_TOLD = 200
"""Values of one event."""

ALL = ListPage(
    path="/findings",
    name="findings",
    title="Findings",
    template="findings.html",
    permission=Permission.FINDINGS_READ,
    facets=findings.FACETS,
    row=findings.FindingRow,
    ask=findings.findings,
    more=lambda services, teams, filters: {"rules": False, "path": "/findings", "states": work.STATES},
)
RULES = ListPage(
    path="/findings/rules",
    name="findings-rules",
    title="Findings by rule",
    template="findings.html",
    permission=Permission.FINDINGS_READ,
    facets=findings.FACETS,
    row=findings.RuleRow,
    ask=findings.by_rule,
    active="findings",
    more=lambda services, teams, filters: {"rules": True, "path": "/findings/rules", "states": work.STATES},
)

SUPPRESSIONS = ListPage(
    path="/findings/suppressions",
    name="suppressions",
    title="Suppressions",
    template="suppressions.html",
    permission=Permission.FINDINGS_READ,
    facets=suppressed.SUPPRESSION_FACETS,
    row=suppressed.SuppressionRow,
    ask=suppressed.suppressions_of,
    active="findings",
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/findings, /findings/rules and /findings/suppressions with their exports, /findings/ENDPOINT/FINGERPRINT; POST
    /findings/work, /findings/suppress, /findings/suppressions/end."""

    @require(Permission.FINDINGS_READ)
    def one(request: Request) -> Response:
        teams = principal_of(request).teams(Permission.FINDINGS_READ)
        found = findings.finding(
            services, teams, *(text_of(request.path_params[name]) for name in ("endpoint", "fingerprint"))
        )
        if found is None:
            raise HTTPException(404, "There is no such finding.")
        return page.render(
            request,
            services,
            "finding.html",
            active="findings",
            title=found.row.title,
            finding=found,
            states=work.STATES,
            kinds=suppressions.KINDS,
            mine=principal_of(request).may(Permission.FINDINGS_WORK, found.row.team),
            everywhere=principal_of(request).may(Permission.FINDINGS_WORK),
        )

    @require(Permission.FINDINGS_WORK)
    def change(request: Request) -> Response:
        form, viewer = form_of(request), principal_of(request)
        fields = fields_of(form)
        keys = _picked(services, viewer, form)
        with services.database.begin() as connection:
            found = work.change(
                connection, keys, viewer.teams(Permission.FINDINGS_WORK), work.work_of(fields, whole="whole" in fields)
            )
            _tell(services, viewer, found)
        return RedirectResponse(back_to(fields.get("back", "/findings")), 303)

    @require(Permission.FINDINGS_WORK)
    def suppress(request: Request) -> Response:
        fields, viewer = fields_of(form_of(request)), principal_of(request)
        teams = viewer.teams(Permission.FINDINGS_WORK)
        found = findings.finding(services, teams, fields.get("endpoint", ""), fields.get("fingerprint", ""))
        if found is None:
            raise HTTPException(404, "There is no such finding.")
        with services.database.begin() as connection:
            made = suppressions.add(
                connection,
                _covers(fields.get("reach", "finding"), found.row, viewer),
                kind=fields.get("kind", ""),
                reason=fields.get("reason", ""),
                until=_end(fields.get("until", "")),
                by=viewer.name,
                now=services.now(),
            )
            recorded(
                services,
                viewer,
                kind="suppression",
                id=made.id,
                name=made.rule,
                action="created",
                differences=[changed(name, None, value) for name, value in _described(made).items()],
            )
        return RedirectResponse(back_to(fields.get("back", "/findings")), 303)

    @require(Permission.FINDINGS_WORK)
    def end(request: Request) -> Response:
        fields, viewer = fields_of(form_of(request)), principal_of(request)
        number = number_in(fields, "id", "`id` is the number of a suppression")
        with services.database.begin() as connection:
            teams = viewer.teams(Permission.FINDINGS_WORK)
            made = suppressions.end(connection, number, teams, services.now())
            recorded(services, viewer, kind="suppression", id=made.id, name=made.rule, action="ended")
        return RedirectResponse(back_to(fields.get("back", "/findings/suppressions")), 303)

    return [
        *lists.routes(services, ALL),
        *lists.routes(services, RULES),
        *lists.routes(services, SUPPRESSIONS),
        Route("/findings/suppressions/end", end, methods=["POST"]),
        Route("/findings/work", change, methods=["POST"]),
        Route("/findings/suppress", suppress, methods=["POST"]),
        Route("/findings/{endpoint}/{fingerprint}", one),
    ]


def _picked(services: Services, viewer: Principal, form: FormData) -> tuple[Key, ...]:
    """The findings that a form is about: those ticked, or all that pass the list's filter. Raises UsageError."""
    if form.get("all") == "1":
        filters = Filters.of(parse_qsl(str(form.get("query", ""))), findings.FACETS)
        return findings.keys(services, viewer.teams(Permission.FINDINGS_WORK), filters)
    picked = [each for each in form.getlist("pick") if isinstance(each, str)]
    keys = []
    for each in picked:
        endpoint, blank, fingerprint = each.partition(" ")
        if not blank or not endpoint or not fingerprint:
            raise UsageError("`pick` names an endpoint and a finding")
        keys.append((endpoint, fingerprint))
    if not keys:
        raise UsageError("tick the findings that are meant")
    return tuple(keys)


def _tell(services: Services, viewer: Principal, found: Mapping[Key, Sequence[Difference]]) -> None:
    """One act is one event; one about very many is told in several, none of which is too long."""
    told: list[Difference] = []
    for (endpoint, fingerprint), differences in found.items():
        told += [Difference(f"{endpoint}.{fingerprint}.{each.path}", each.old, each.new) for each in differences]
    for at in range(0, len(told), _TOLD):
        number = len(found)
        recorded(
            services,
            viewer,
            kind="finding",
            id=told[at].path.rpartition(".")[0],
            name=f"{number} findings" if number > 1 else "finding",
            action="changed",
            differences=told[at : at + _TOLD],
        )


def _covers(reach: str, row: findings.FindingRow, viewer: Principal) -> Covers:
    """What a suppression shall cover. Raises UsageError, Forbidden."""
    covers = {
        "finding": Covers(row.team, row.rule, row.endpoint, row.fingerprint),
        "endpoint": Covers(row.team, row.rule, row.endpoint),
        "team-name": Covers(row.team, row.rule, name=row.name),
        "team": Covers(row.team, row.rule),
        "organisation-name": Covers(ORGANISATION, row.rule, name=row.name),
        "organisation": Covers(ORGANISATION, row.rule),
    }
    if reach not in covers:
        raise UsageError("say what the suppression covers")
    if reach.startswith("organisation") and not viewer.may(Permission.FINDINGS_WORK):
        raise Forbidden("A suppression in every team needs a role in the organisation.")
    return covers[reach]


def _described(made: suppressions.Suppression) -> dict[str, str]:
    given = {
        "kind": made.kind,
        "endpoint": made.endpoint,
        "finding": made.finding,
        "name": made.name,
        "reason": made.reason,
        "until": made.until,
    }
    return {name: value for name, value in given.items() if value}


def _end(given: str) -> str:
    if not given:
        return ""
    try:
        return stamp(datetime.combine(date.fromisoformat(given), time.max, UTC))
    except ValueError:
        raise UsageError("an end is a day: 2026-12-31") from None
