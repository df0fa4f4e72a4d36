"""Requests and approvals: the list, and one with everything that a decision about it needs.

Must not be here: deciding (`server.deciding`), what is suggested (`suggestions`).
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, case, func, select, true

from spawngate.server.fleet.approvals import worded
from spawngate.server.fleet.tables import APPROVALS, ARTIFACTS, ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views import launches
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Source, page

C = APPROVALS.c
STATES = ("pending", "approved", "ended", "denied", "revoked")
FACETS = ("state", "reach", "team", "by", "fingerprint", "endpoint")


class ApprovalRow(msgspec.Struct, frozen=True):
    """One request or approval in a list."""

    id: int
    name: str
    state: str
    """pending, approved, ended (approved, and its end is over), denied, revoked."""
    reach: str
    team: int
    team_name: str
    group: str
    endpoint: str
    host: str
    """Of the endpoint that asked, as people call it."""
    command: str
    """Redacted, hostile."""
    agent: str
    tier: str
    rules: tuple[str, ...]
    """What rules said at that endpoint."""
    fingerprint: str
    asked_by: str
    asked_at: str
    reason: str
    decided_by: str
    decided_at: str
    note: str
    expires_at: str


class Use(msgspec.Struct, frozen=True):
    """A definition in the inventory that runs what an approval is about."""

    fingerprint: str
    name: str
    endpoints: int
    same: bool
    """The same command line; else only the same name."""
    runs: str


class ApprovalPage(msgspec.Struct, frozen=True):
    """Everything that the page of one shows."""

    row: ApprovalRow
    parts: tuple[tuple[str, str], ...]
    """What exactly it is of, by name: package, programs, scripts, variables."""
    unknown: tuple[str, ...]
    """What is found out only at its first start."""
    tools: tuple[str, ...]
    sandbox: tuple[tuple[str, str], ...]
    others: tuple[ApprovalRow, ...]
    """Of the same fingerprint, newest first."""
    uses: tuple[Use, ...]


def state_of(now: str) -> Any:
    """The state of a row as a column, its end counted."""
    over = (C.state == "approved") & (C.expires_at != "") & (C.expires_at <= now)
    return case((over, "ended"), else_=C.state)


def source(now: str, names: Mapping[int, str], teams: frozenset[int] | None) -> Source:
    """The list of requests and approvals."""
    joined = APPROVALS.outerjoin(ENDPOINTS, (ENDPOINTS.c.id == C.endpoint) & (C.endpoint != "") & _seen(teams))
    return Source(
        table=joined,
        columns=(
            C.id, C.name, state_of(now).label("state"), C.reach, C.team, C.group, C.endpoint,
            func.coalesce(ENDPOINTS.c.label, "").label("label"), func.coalesce(ENDPOINTS.c.host, "").label("host"),
            C.launch, C.fingerprint, C.asked_by, C.asked_at, C.reason, C.decided_by, C.decided_at, C.note, C.expires_at,
            case((C.state == "pending", 0), else_=1).label("place"),
        ),
        searched=(C.name, C.fingerprint, C.asked_by, C.reason, C.decided_by, C.note, C.launch["command"].as_string()),
        orders={
            "waiting": (Key("place"), Key("asked_at", down=True), Key("id", down=True)),
            "asked": (Key("asked_at", down=True), Key("id", down=True)),
            "decided": (Key("decided_at", down=True), Key("id", down=True)),
            "name": (Key("name"), Key("id")),
        },
        dimensions={
            "state": Dimension("State", state_of(now), order=STATES),
            "reach": Dimension("Counts for", C.reach, order=("endpoint", "group", "team", "organisation")),
            "team": Dimension("Team", C.team, label=names_of.team(names, "the organisation")),
            "by": Dimension("Decided by", C.decided_by),
            "fingerprint": Dimension("Fingerprint", C.fingerprint, listed=False),
            "endpoint": Dimension("Asked by endpoint", C.endpoint, listed=False),
        },
    )  # fmt: skip


def approvals(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[ApprovalRow]:
    """A page of them, those that wait first. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        return page(
            connection,
            source(services.now(), names, teams),
            filters,
            lambda row: _row(row, names),
            where=in_teams(C.team, teams),
            facets=facets,
        )


def waiting(services: Services, teams: frozenset[int] | None) -> int:
    """Requests that nobody has decided."""
    statement = select(func.count()).select_from(APPROVALS).where(C.state == "pending", *in_teams(C.team, teams))
    with services.database.read() as connection:
        return int(connection.execute(statement).scalar_one())


def approval(services: Services, teams: frozenset[int] | None, number: int) -> ApprovalPage | None:
    """One; None where these teams have none of that number. Raises StoreError."""
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        listed = source(services.now(), names, teams)
        chosen = select(*listed.columns).select_from(listed.table).where(*in_teams(C.team, teams))
        row = connection.execute(chosen.where(C.id == number)).mappings().first()
        if row is None:
            return None
        same = chosen.where(C.fingerprint == row["fingerprint"], C.id != number).order_by(C.id.desc()).limit(20)
        others = tuple(_row(each, names) for each in connection.execute(same).mappings())
        launch = _mapping(row["launch"])
        uses = _uses(connection, row["name"], launches.key_of_identity(launch.get("identity")), teams)
    identity = _mapping(launch.get("identity"))
    return ApprovalPage(
        row=_row(row, names),
        parts=_parts(identity),
        unknown=_texts(identity.get("unknown")),
        tools=_texts(launch.get("tools")),
        sandbox=_sandbox(launch.get("sandbox")),
        others=others,
        uses=uses,
    )


def _seen(teams: frozenset[int] | None) -> Any:
    conditions = in_teams(ENDPOINTS.c.team, teams)
    return conditions[0] if conditions else true()


def _uses(connection: Connection, name: str, key: str, teams: frozenset[int] | None) -> tuple[Use, ...]:
    """Definitions of the inventory with this name, those of the same command line first."""
    A = ARTIFACTS.c
    statement = (
        select(A.fingerprint, func.count(A.endpoint.distinct()).label("endpoints"), func.min(A.endpoint).label("one"))
        .where(A.kind == "mcp_server", A.name == name, *in_teams(A.team, teams))
        .group_by(A.fingerprint)
        .order_by(func.count(A.endpoint.distinct()).desc(), A.fingerprint)
        .limit(50)
    )
    found = []
    for row in connection.execute(statement).all():
        held = select(A.record).where(A.fingerprint == row.fingerprint, A.endpoint == row.one).limit(1)
        record = connection.execute(held).scalar()
        same = bool(key) and launches.key_of_record(record) == key
        found.append(Use(row.fingerprint, name, row.endpoints, same, launches.runs(record)[:1_000]))
    return tuple(sorted(found, key=lambda each: not each.same))


def _row(row: RowMapping, names: Mapping[int, str]) -> ApprovalRow:
    launch = _mapping(row["launch"])
    return ApprovalRow(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        reach=row["reach"],
        team=row["team"],
        team_name=names.get(row["team"], ""),
        group=row["group"],
        endpoint=row["endpoint"] if row["host"] or row["label"] else "",
        host=row["label"] or row["host"],
        command=_command(launch),
        agent=_text(launch.get("agent")),
        tier=_text(launch.get("tier")),
        rules=_texts(launch.get("findings")),
        fingerprint=row["fingerprint"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        reason=row["reason"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        note=row["note"],
        expires_at=row["expires_at"],
    )


def _command(launch: Mapping[str, Any]) -> str:
    """What is approved, as its identity has it; the endpoint's own words where only that knows what a digest is of."""
    identity = _mapping(launch.get("identity"))
    stated = _text(launch.get("command"))
    return stated if stated and identity.get("code") else _runs(identity) or stated


def _runs(identity: Mapping[str, Any]) -> str:
    command = _text(identity.get("command"))
    return worded(command, _texts(identity.get("args"))) if command else ""


def _parts(identity: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What an identity holds, for people. Total: endpoints wrote it."""
    found = [("Command", _runs(identity))]
    for title, name in (("Package", "package"), ("Release", "release"), ("Folder", "cwd")):
        found.append((title, _text(identity.get(name))))
    for title, name in (("Program", "programs"), ("Script", "scripts")):
        for each in identity.get(name) or ():
            file = _mapping(each)
            digest = _text(file.get("digest"))
            found.append((title, " ".join((_text(file.get("path")), digest and f"sha256:{digest[:16]}…")).strip()))
    for title, name in (("Variable", "environment"), ("Variable of the session", "session"), ("Setting", "settings")):
        found += [(title, f"{key}={value}") for key, value in _mapping(identity.get(name)).items()]
    if identity.get("code"):
        found.append(("Code", "text that an interpreter runs, bound by its digest; how it reads says the endpoint"))
    return tuple((title, value[:1_000]) for title, value in found[:60] if value)


def _sandbox(stated: object) -> tuple[tuple[str, str], ...]:
    profile = _mapping(stated)
    if not profile:
        return ()
    if profile.get("off"):
        return (("Sandbox", "not confined"),)
    found = [(title, "\n".join(_texts(profile.get(name)))) for title, name in (("Reads", "read"), ("Writes", "write"))]
    hosts = "everything" if profile.get("network") else ", ".join(_texts(profile.get("hosts"))) or "nothing"
    return tuple((title, value) for title, value in (*found, ("Network", hosts)) if value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()
