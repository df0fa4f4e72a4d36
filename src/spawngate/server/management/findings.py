"""SHELL. Findings as work: GET /findings, PATCH /findings/{endpoint}/{finding}; suppressions.

Must not be here: what opens and closes a finding (`fleet.inventory`).
"""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.administration import recorded
from spawngate.server.fleet import findings as work
from spawngate.server.fleet import suppressions, teams
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.suppressions import Covers, Suppression
from spawngate.server.management import listed
from spawngate.server.management.answers import Number, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import findings, suppressed
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.trail.moment import normal

Id = Annotated[str, Path(max_length=100)]
Short = Annotated[str, StringConstraints(max_length=200)]


class ChangedWork(BaseModel):
    """What shall be another value; what is left out stays, an empty text takes it away."""

    owner: Short | None = None
    due: Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d\d-\d\d)?$")] | None = None
    state: Annotated[str, StringConstraints(pattern=f"^({'|'.join(work.STATES)})$")] | None = None


class NewSuppression(BaseModel):
    """A judgement about findings of one rule."""

    team: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    kind: Annotated[str, StringConstraints(pattern=f"^({'|'.join(suppressions.KINDS)})$")]
    rule: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    endpoint: Annotated[str, StringConstraints(max_length=64)] = ""
    finding: Annotated[str, StringConstraints(max_length=100)] = ""
    name: Annotated[str, StringConstraints(max_length=1_000)] = ""
    """Of the artifact; empty: any."""
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    until: Annotated[str, StringConstraints(max_length=40)] = ""
    """RFC 3339; what is accepted needs an end."""


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("findings")
    database = services.database
    listed.add(
        made, services, "/findings", Permission.FINDINGS_READ, findings.FindingRow, findings.FACETS,
        findings.findings, "Findings; of open work where no state is chosen.",
    )  # fmt: skip
    listed.add(
        made, services, "/finding-rules", Permission.FINDINGS_READ, findings.RuleRow, findings.FACETS,
        findings.by_rule, "Rules that say something, with how much.",
    )  # fmt: skip

    @made.get("/findings/{endpoint}/{finding:path}", responses=gives(findings.FindingPage, "The finding."))
    @needs(Permission.FINDINGS_READ)
    def get_finding(who: Who, endpoint: Id, finding: Id) -> Response:
        """One finding with its evidence, remediation and judgements."""
        found = findings.finding(services, who.teams(Permission.FINDINGS_READ), endpoint, finding)
        if found is None:
            raise MissingError("there is no such finding")
        return item(found)

    @made.patch("/findings/{endpoint}/{finding:path}", responses=gives(findings.FindingPage, "The finding."))
    @needs(Permission.FINDINGS_WORK)
    def change_finding(who: Who, endpoint: Id, finding: Id, body: ChangedWork) -> Response:
        """Set owner, due date or state."""
        mine = who.teams(Permission.FINDINGS_WORK)
        if findings.finding(services, mine, endpoint, finding) is None:
            raise MissingError("there is no such finding")
        given = {name: value for name, value in body.model_dump().items() if value is not None}
        wanted = work.work_of({name: value or "-" for name, value in given.items()})
        with database.begin() as connection:
            for key, differences in work.change(connection, [(endpoint, finding)], mine, wanted).items():
                recorded(
                    services, who, kind="finding", id=f"{key[0]}/{key[1]}", name=finding, action="changed",
                    differences=differences,
                )  # fmt: skip
        found = findings.finding(services, mine, endpoint, finding)
        if found is None:
            raise MissingError("there is no such finding")
        return item(found)

    listed.add(
        made, services, "/suppressions", Permission.FINDINGS_READ, Suppression, suppressed.SUPPRESSION_FACETS,
        _suppressions, "Judgements of the teams that may be seen and of the organisation, live ones first.",
    )  # fmt: skip

    @made.post("/suppressions", status_code=201, responses=gives(Suppression, "The judgement.", 201))
    @needs(Permission.FINDINGS_WORK)
    def create_suppression(who: Who, body: NewSuppression) -> Response:
        """Say that findings of a rule are false, or accepted until an end."""
        if not who.may(Permission.FINDINGS_WORK, body.team):
            raise MissingError(f"there is no team {body.team}")
        covers = Covers(body.team, body.rule, body.endpoint, body.finding, body.name)
        with database.begin() as connection:
            teams.get(connection, body.team)
            one = suppressions.add(
                connection,
                covers,
                kind=body.kind,
                reason=body.reason,
                by=who.name,
                now=services.now(),
                until=_moment(body.until),
            )
            detail: dict[str, Json] = {
                "form": one.kind,
                "rule": one.rule,
                "team": one.team,
                "reason": one.reason,
                "until": one.until,
            }
            recorded(services, who, kind="suppression", id=one.id, name=one.rule, action="created", detail=detail)
        return item(one, 201)

    @made.delete("/suppressions/{suppression}", responses=gives(Suppression, "The judgement, which counts no more."))
    @needs(Permission.FINDINGS_WORK)
    def end_suppression(who: Who, suppression: Number) -> Response:
        """Let a judgement count no more."""
        with database.begin() as connection:
            one = suppressions.end(connection, suppression, who.teams(Permission.FINDINGS_WORK), services.now())
            recorded(services, who, kind="suppression", id=suppression, name=one.rule, action="ended")
        return item(one)

    return made


def _suppressions(
    services: Services, teams_seen: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Suppression]:
    found = suppressed.suppressions_of(services, teams_seen, filters, facets=facets)
    with services.database.read() as connection:
        held = suppressions.of(connection, [each.id for each in found.rows])
    return Listing(held, found.cursor, found.facets, found.total, found.sort)


def _moment(text: str) -> str:
    """An end as the trail writes times. Raises UsageError."""
    if not text:
        return ""
    try:
        return normal(text)
    except ValueError:
        raise UsageError("`until` is RFC 3339 with a zone: 2026-12-31T00:00:00Z") from None
