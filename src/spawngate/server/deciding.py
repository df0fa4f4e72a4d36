"""SHELL. What people decide about approvals, the same from the console and the API: who may, how far, and its record.

Must not be here: HTTP, rows and the serial (`fleet.approvals`), what an approval means at endpoints (`fleet.bundles`).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from spawngate.launch.identity import Identity
from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement
from spawngate.server.access.guard import Forbidden
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import approvals, endpoints, rows, teams
from spawngate.server.fleet.approvals import Approval, Reach, Requested
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.tables import APPROVALS, ORGANISATION
from spawngate.server.services import Services
from spawngate.trail.event import Event, EventType
from spawngate.trail.moment import normal, stamp

LONGEST_NOTE = 1_000
REACHES: tuple[Reach, ...] = ("endpoint", "group", "team", "organisation")


def theirs(connection: Connection, who: Principal, permission: Permission, approval: int) -> Approval:
    """A request or approval of a team in which this may be done. Raises MissingError."""
    row = connection.execute(select(APPROVALS).where(APPROVALS.c.id == approval)).first()
    if row is None or not who.may(permission, row.team):
        raise MissingError(f"there is no request or approval {approval}")
    return Approval(**rows.plain(row))


def approve(
    services: Services,
    who: Principal,
    approval: int,
    *,
    note: str,
    reach: Reach,
    expires: str | None,
    sandbox: Confinement | None = None,
) -> Approval:
    """Approve a request. `expires`: a time, empty for never, None as was wished for.

    Raises UsageError, MissingError, Forbidden, StoreError.
    """
    end = moment(expires, services.now())
    with services.database.begin() as connection:
        asked = theirs(connection, who, Permission.APPROVALS_DECIDE, approval)
        _fits(asked, reach)
        if reach == "organisation" and not who.may(Permission.APPROVALS_DECIDE):
            raise Forbidden("An approval for all teams needs a role in the organisation.")
        if end is None and asked.expires_at and asked.expires_at <= services.now():
            raise UsageError("the end that was wished for is over: say another one")
        before, after = approvals.decide(
            connection,
            approval,
            approve=True,
            by=who.name,
            now=services.now(),
            note=noted(note),
            expires=end,
            reach=reach,
            sandbox=sandbox,
        )
        tell(services, who, before, after)
    return after


def deny(services: Services, who: Principal, approval: int, *, note: str) -> Approval:
    """Refuse a request. Raises as `approve`."""
    with services.database.begin() as connection:
        theirs(connection, who, Permission.APPROVALS_DECIDE, approval)
        before, after = approvals.decide(
            connection, approval, approve=False, by=who.name, now=services.now(), note=noted(note)
        )
        tell(services, who, before, after)
    return after


def revoke(services: Services, who: Principal, approval: int, *, note: str) -> Approval:
    """Take an approval back, wherever it counts. Raises as `approve`."""
    with services.database.begin() as connection:
        theirs(connection, who, Permission.APPROVALS_DECIDE, approval)
        before, after = approvals.revoke(connection, approval, by=who.name, now=services.now(), note=noted(note))
        tell(services, who, before, after)
    return after


def refused(event: Event) -> Requested | None:
    """What an approval of the launch that an event refused would be about; None for any other event.

    As the endpoint states it, like a request: who decides reads the very words that the approval is bound to.
    """
    call, decision = event.call, event.decision
    if call is None or call.kind != "launch" or decision is None or decision.verdict not in ("deny", "ask"):
        return None
    try:
        identity = msgspec.convert(event.detail.get("identity"), Identity)
    except (msgspec.ValidationError, ValueError, RecursionError):
        return None
    entry, tier = (str(each or "") for each in (event.detail.get("entry"), event.question.get("tier")))
    return Requested(
        identity=identity,
        agent=event.actor.agent,
        entry=entry,
        command=" ".join((identity.command, *identity.args))[:4_000],
        tier=tier,
        findings=tuple(f"{each.rule} ({each.severity})" for each in decision.hits[:20]),
    )


def approve_refused(
    services: Services, who: Principal, endpoint: str, event: Event, *, reach: str, reason: str, expires: str
) -> Approval:
    """Approve the launch that an event of an endpoint refused: there, in its team, or everywhere (`reach`).

    Raises UsageError, MissingError, Forbidden, StoreError.
    """
    about = refused(event)
    if about is None:
        raise UsageError("this event refused no launch that could be approved")
    if reach not in ("endpoint", "team", "organisation"):
        raise UsageError("say where the approval counts")
    name = event.call.server if event.call is not None else ""
    with services.database.begin() as connection:
        held = endpoints.get(connection, endpoint)
        if held is None or not who.may(Permission.APPROVALS_DECIDE, held.team):
            raise MissingError("there is no such endpoint")
        team = ORGANISATION if reach == "organisation" else held.team
        there = endpoint if reach == "endpoint" else ""
        return grant(
            services, connection, who, about, team=team, name=name, reason=reason, expires=expires, endpoint=there
        )


def grant(
    services: Services,
    connection: Connection,
    who: Principal,
    about: Requested,
    *,
    team: int,
    name: str,
    reason: str,
    expires: str,
    endpoint: str = "",
) -> Approval:
    """Approve what nobody asked for, in a team or, with team 0, everywhere; at one endpoint of the team, where one is
    named. Raises UsageError, Forbidden."""
    if not who.may(Permission.APPROVALS_DECIDE, team):
        if team == ORGANISATION:
            raise Forbidden("An approval for all teams needs a role in the organisation.")
        raise MissingError(f"there is no team {team}")
    teams.get(connection, team)
    if not noted(reason):
        raise UsageError("an approval needs a reason")
    made = approvals.grant(
        connection,
        about,
        team=team,
        reach="endpoint" if endpoint else "organisation" if team == ORGANISATION else "team",
        endpoint=endpoint,
        by=who.name,
        now=services.now(),
        name=name[:300],
        reason=noted(reason),
        expires=moment(expires, services.now()) or "",
    )
    recorded(
        services, who, kind="approval", id=made.id, name=made.name, action="approved",
        differences=[changed(name, None, value) for name, value in approvals.described(made).items()],
        type=EventType.APPROVAL,
    )  # fmt: skip
    return made


def tell(services: Services, who: Principal, before: Approval, after: Approval) -> None:
    """Record what became of a request or approval."""
    old, new = approvals.described(before), approvals.described(after)
    recorded(
        services, who, kind="approval", id=after.id, name=after.name, action=after.state,
        differences=[changed(name, old.get(name), new[name]) for name in new if old.get(name) != new[name]],
        type=EventType.APPROVAL,
    )  # fmt: skip


def moment(text: str | None, now: str) -> str | None:
    """An end as the trail writes times: of a time with a zone, or the end of a day. Empty and None stay.

    Raises UsageError for what is neither, or is over.
    """
    if not text:
        return text
    try:
        end = stamp(datetime.combine(date.fromisoformat(text), time.max, UTC)) if len(text) == 10 else normal(text)
    except ValueError:
        raise UsageError("an end is a day (2026-12-31) or RFC 3339 with a zone (2026-12-31T00:00:00Z)") from None
    if end <= now:
        raise UsageError("that end is over")
    return end


def noted(text: str) -> str:
    """A note of one line, in bounds."""
    return " ".join(text.split())[:LONGEST_NOTE]


def confinement(stated: Mapping[str, Any]) -> Confinement:
    """A sandbox of `read`, `write` and `hosts` (lists of texts), `network`, `off`. Raises UsageError."""
    lists = {name: tuple(stated.get(name, ())) for name in ("read", "write", "hosts")}
    try:
        return Confinement(**lists, network=bool(stated.get("network")), off=bool(stated.get("off")))
    except ValueError as error:
        raise UsageError(f"sandbox: {error}") from None


def _fits(asked: Approval, reach: Reach) -> None:
    if reach == "endpoint" and not asked.endpoint:
        raise UsageError("no endpoint asked for it: say a group, a team or the organisation")
    if reach == "group" and not asked.group:
        raise UsageError("the endpoint that asked is in no group")
