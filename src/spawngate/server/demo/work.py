"""What people did with the synthetic fleet: judgements, approvals, policies in force, routes and what they delivered.

One route delivers for real, into a file beside the store; the others are switched off and have a made-up past.
Must not be here: machines and their trail (`fill`).
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection, insert, select, update

from spawngate.policy.folder import report
from spawngate.policy.policies import shipped_cases, shipped_text
from spawngate.server.access.roles import Role
from spawngate.server.deliver import routes
from spawngate.server.deliver.refused import Refused, letter_name
from spawngate.server.deliver.secrets import sealer
from spawngate.server.demo import projects as made_up
from spawngate.server.demo.catalogue import TEAMS
from spawngate.server.fleet import approvals, enrolments, policies, projects, suppressions, tokens, users
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.bundles import raise_serial
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.suppressions import Covers
from spawngate.server.fleet.tables import (
    APPROVALS,
    ARTIFACTS,
    ENDPOINTS,
    FINDINGS,
    ORGANISATION,
    ROLLOUTS,
    SEARCHES,
)
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Delivery, Item
from spawngate.server.views import launches
from spawngate.trail.moment import stamp
from spawngate.trail.query import read

PEOPLE = (("Ana Ferreira", "analyst"), ("Jo Lindqvist", "policy-editor"), ("Sam Okafor", "administrator"))
_ROUTES = """
[destination.siem-file]
type = "ocsf-file"
path = "{folder}/siem.ndjson"

[destination.security-chat]
type = "slack"
url = "https://hooks.slack.com/services/T000/B000/demo"

[[route]]
name = "siem"
destination = "siem-file"
match = "verdict:deny,ask or type:finding-* or type:self-protection"

[[route]]
name = "chat"
destination = "security-chat"
match = "verdict:deny or type:self-protection"
min_severity = "high"
enabled = false
"""
_ASKED = (("playwright", "end-to-end tests of the shop"), ("kubernetes", "looking at staging"), ("fetch", "docs"))
_GRANTED = ("github", "sentry", "context7", "filesystem")


def work(store: EmbeddedStore, database: Database, folder: Path, now: datetime, environment: Mapping[str, str]) -> None:
    """Fill what people do over a filled fleet. `folder`: where the one real route writes. Raises StoreError."""
    with database.begin() as connection:
        _people(connection, now)
        _judgements(connection, now)
        _approvals(connection, now)
        _policies(connection, now)
        _searches(connection)
        _projects(connection, now)
    table = _ROUTES.format(folder=folder)
    routes.add(store.control, sealer(store.folder, environment), table, environment)
    _deliveries(store, now)


def _people(connection: Connection, now: datetime) -> None:
    at = stamp(now - timedelta(days=31))
    for name, role in PEOPLE:
        users.create(
            connection, name, at, email=f"{name.split()[0].lower()}@example.org", roles={ORGANISATION: Role(role)}
        )
    users.create(connection, "Kai Web", at, email="kai@example.org", roles={4: Role.ANALYST})
    for team, name in enumerate(TEAMS, start=1):
        enrolments.create(connection, kind="secret", name=f"{name} laptops", team=team, by="Sam Okafor", now=at)
    tokens.create(
        connection, name="siem reader", team=ORGANISATION, role=Role.READER, scopes=(), days=90, by="Sam Okafor", now=at
    )


def _judgements(connection: Connection, now: datetime) -> None:
    chance = random.Random("work")  # noqa: S311  # a made-up world
    F = FINDINGS.c
    rows = connection.execute(
        select(F.endpoint, F.fingerprint, F.severity).where(F.closed_at == "").order_by(F.opened_at, F.fingerprint)
    ).all()
    for row in rows:
        if (row.severity in ("critical", "high") and chance.random() < 0.6) or chance.random() < 0.1:
            due = (now + timedelta(days=chance.randint(-4, 20))).date().isoformat()
            values = {
                "owner": chance.choice(PEOPLE)[0],
                "due": due,
                "state": chance.choices(("open", "acknowledged", "in-progress", "resolved"), (3, 4, 3, 1))[0],
            }
            mine = (F.endpoint == row.endpoint) & (F.fingerprint == row.fingerprint)
            connection.execute(update(FINDINGS).where(mine).values(values))
    at = stamp(now - timedelta(days=5))
    suppressions.add(
        connection,
        Covers(ORGANISATION, "credentials-in-environment"),
        kind="accepted",
        reason="References to variables are how we hand out tokens until the vault is there.",
        by="Ana Ferreira",
        now=at,
        until=stamp(now + timedelta(days=40)),
    )
    suppressions.add(
        connection,
        Covers(3, "unpinned-package", name="playwright"),
        kind="false-positive",
        reason="Mobile's mirror serves one reviewed version only.",
        by="Ana Ferreira",
        now=at,
    )


def _approvals(connection: Connection, now: datetime) -> None:
    A = ARTIFACTS.c
    for name in _GRANTED:
        for record in _records(connection, name):
            try:
                about = Requested(identity=launches.identity_from(record), command=launches.runs(record)[:1_000])
            except launches.NotFromRecord:
                continue
            approvals.grant(
                connection,
                about,
                team=ORGANISATION,
                reach="organisation",
                by="Jo Lindqvist",
                now=stamp(now - timedelta(days=12)),
                name=name,
                reason="in use by several teams, reviewed",
                expires=stamp(now + timedelta(days=170)),
            )
            break
    for place, (name, reason) in enumerate(_ASKED):
        row = connection.execute(
            select(A.record, A.endpoint, A.team, A.tier, ENDPOINTS.c.user_name, ENDPOINTS.c.group)
            .join(ENDPOINTS, ENDPOINTS.c.id == A.endpoint)
            .where(A.kind == "mcp_server", A.name == name)
            .order_by(A.endpoint)
            .limit(1)
        ).first()
        if row is None:
            continue
        identity = launches.identity_from(row.record)
        about = Requested(identity=identity, command=launches.runs(row.record)[:1_000], tier=row.tier)
        approvals.grant(
            connection,
            about,
            team=row.team,
            reach="endpoint",
            by=row.user_name,
            now=stamp(now - timedelta(hours=place)),
            endpoint=row.endpoint,
            group=row.group,
            name=name,
            reason=reason,
        )
        # As an endpoint's own request stands there: nobody has decided yet.
        latest = select(APPROVALS.c.id).order_by(APPROVALS.c.id.desc()).limit(1).scalar_subquery()
        waits = {"state": "pending", "decided_by": "", "decided_at": ""}
        connection.execute(update(APPROVALS).where(APPROVALS.c.id == latest).values(waits))


def _records(connection: Connection, name: str) -> Sequence[Mapping[str, object]]:
    A = ARTIFACTS.c
    statement = select(A.record).where(A.kind == "mcp_server", A.name == name).order_by(A.endpoint).limit(20)
    return list(connection.execute(statement).scalars())


def _policies(connection: Connection, now: datetime) -> None:
    """The shipped sets as the organisation's policies, in force in three ways."""
    numbers: dict[str, int] = {}
    for place, (name, state) in enumerate((("baseline", "ready"), ("strict", "ready"), ("no-network", "draft"))):
        shipped = "strict" if name == "no-network" else name
        files = {
            f"{name}.cedar": shipped_text(shipped),
            f"{name}.cases.toml": shipped_cases(shipped),
            "policy.toml": 'base = "none"\n',
        }
        found = report(files, now, b"k" * 32)
        comment = "shipped with Spawngate" if state == "ready" else "what would it break?"
        at = stamp(now - timedelta(days=25 - place))
        made, _ = policies.save(connection, name, files, found, comment=comment, by="Jo Lindqvist", now=at)
        numbers[name] = made.id
        if state == "ready":
            policies.ready(connection, name, made.id, found)
    for team, group, name, mode, percent in (
        (ORGANISATION, "", "baseline", "monitor", 100),
        (1, "", "baseline", "enforce", 100),
        (4, "", "baseline", "ask", 50),
        (ORGANISATION, "build hosts", "strict", "enforce", 25),
    ):
        row = {"team": team, "group": group, "policy": numbers[name], "mode": mode, "percent": percent}
        by = {"created_by": "Jo Lindqvist", "created_at": stamp(now - timedelta(days=14))}
        connection.execute(insert(ROLLOUTS).values(**row, **by))
    raise_serial(connection, stamp(now))


def _searches(connection: Connection) -> None:
    rows = (
        ("servers", "Unknown, on many machines", "tier=unknown&sort=endpoints"),
        ("findings", "Overdue", "due=overdue"),
        ("endpoints", "Offline laptops", "state=offline&group=laptops"),
        ("decisions", "Refusals of the last week", "verdict=deny&span=7d"),
    )
    connection.execute(
        insert(SEARCHES), [{"user": None, "page": page, "name": name, "query": query} for page, name, query in rows]
    )


def _projects(connection: Connection, now: datetime) -> None:
    at = stamp(now - timedelta(days=1))
    for name, tree in made_up.projects(at).items():
        projects.hold(connection, 1, name, "4f1e2d3c", tree, at)


def _deliveries(store: EmbeddedStore, now: datetime) -> None:
    chance = random.Random("deliveries")  # noqa: S311  # a made-up world
    made: list[Delivery] = []
    for hours in range(24 * 14, 0, -5):
        at = stamp(now - timedelta(hours=hours, minutes=chance.randrange(60)))
        outcome = chance.choices(("delivered", "retry"), (12, 1))[0]
        made.append(
            Delivery(
                at=at,
                route="chat",
                destination="security-chat",
                outcome=outcome,
                dedup_key=f"demo-{hours}",
                events=chance.randint(1, 9),
                attempt=1,
                detail="HTTP 200" if outcome == "delivered" else "HTTP 429: ratelimited",
                milliseconds=chance.randint(80, 900),
            )
        )
    store.control.delivered(*made)
    denies = store.events.query(read("verdict:deny", now), limit=3).entries
    letters = [
        Refused("siem", "siem-file", each.key, "the disk was full for a day", (now - timedelta(days=2)).timestamp())
        for each in denies
    ]
    store.control.put(
        *(Item("dead-letter", letter_name(each.route, each.key), msgspec.json.encode(each)) for each in letters)
    )
