"""SHELL. What each endpoint obeys, made of policy, approvals and advisories; and the serial that rises with every
change.

A serial is at least the seconds since 1970 at its change: a database that was restored from an older copy goes on with
higher serials than its endpoints have seen.
Must not be here: the form of a bundle and its signature (`sync.bundle`), how it travels (`server.intake`).
"""

from sqlalchemy import Connection, select

from spawngate.server.fleet import rollouts
from spawngate.server.fleet.database import counter, upsert
from spawngate.server.fleet.rollouts import Rollout
from spawngate.server.fleet.tables import ADVISORY_SETS, APPROVALS, COUNTERS
from spawngate.sync.bundle import SCHEMA_VERSION, Answer, Bundle, Granted, Policy, Revoked
from spawngate.sync.mode import Mode, with_mode
from spawngate.trail import moment

SERIAL = "bundle"
ANSWERS = 50
"""Answers to an endpoint's requests that its bundle repeats, the newest."""


def serial(connection: Connection) -> int:
    """The serial of bundles that are made now; 0 while there is nothing to obey."""
    return counter(connection, SERIAL)


def raise_serial(connection: Connection, now: str) -> int:
    """Something that endpoints obey has changed, in this transaction. The new serial."""
    return raise_counter(connection, SERIAL, now)


def raise_counter(connection: Connection, name: str, now: str) -> int:
    """Raise a counter that never falls behind the seconds since 1970; its value then."""
    fresh = max(counter(connection, name) + 1, moment.microseconds(now) // 1_000_000)
    row = upsert(connection, COUNTERS).values(name=name, value=fresh)
    # Of two at once the later one, which waits for the row, must not fall behind the first.
    higher = row.on_conflict_do_update(
        index_elements=[COUNTERS.c.name],
        set_={"value": row.excluded.value},
        where=COUNTERS.c.value < row.excluded.value,
    )
    done = connection.execute(higher.returning(COUNTERS.c.value)).scalar()
    if done is not None:
        return int(done)
    more = row.on_conflict_do_update(index_elements=[COUNTERS.c.name], set_={"value": COUNTERS.c.value + 1})
    return int(connection.execute(more.returning(COUNTERS.c.value)).scalar_one())


def content(connection: Connection, endpoint: str, team: int, group: str) -> Bundle:
    """What an endpoint obeys. The same for as long as the serial is: nothing in it depends on the clock."""
    reaching = rollouts.chosen(rollouts.in_force(connection), endpoint, team, group)
    common = Common(connection, team, group)
    return made(connection, endpoint, common, policy_of(connection, reaching))


class Common:
    """What all endpoints of a team and group have of approvals, read once for all of them."""

    def __init__(self, connection: Connection, team: int, group: str) -> None:
        from spawngate.server.fleet import approvals  # which raises the serial

        self.team, self.group = team, group
        self.rows = approvals.reaching(connection, team, group)
        self.granted = {each.id: approvals.granted(each) for each in self.rows if each.state == "approved"}
        """As endpoints get them, by id; None for one that covers nothing."""
        self.advisories = advisories(connection)


def made(connection: Connection, endpoint: str | None, common: Common, policy: Policy | None) -> Bundle:
    """What an endpoint obeys whose policy this is; None: any of that team and group of which no approval is its own."""
    from spawngate.server.fleet import approvals  # which raises the serial

    team, group = common.team, common.group
    rows = common.rows
    if endpoint is not None:
        own = {each.id: each for each in approvals.of_endpoint(connection, endpoint)}
        rows = tuple(sorted((own | {each.id: each for each in rows}).values(), key=lambda each: each.id))
    granted: list[Granted] = []
    revoked: list[Revoked] = []
    answers: list[Answer] = []
    here = {each.id for each in rows if approvals.counts(each, endpoint, team, group)}
    live = {each.fingerprint: each.id for each in rows if each.state == "approved" and each.id in here}
    for each in rows:
        if each.state == "approved" and each.id in here:
            one = common.granted[each.id] if each.id in common.granted else approvals.granted(each)
            granted.extend(() if one is None else (one,))
        elif each.state == "revoked" and each.id in here and live.get(each.fingerprint, 0) < each.id:
            revoked.append(Revoked(each.fingerprint, each.decided_at, each.decided_by, each.note))
        if each.endpoint == endpoint and each.state != "pending" and each.asked_by:
            told = (each.name[:300], each.decided_by, each.decided_at, each.note)
            answers.append(Answer(each.id, each.fingerprint, each.state, *told))
    return Bundle(
        SCHEMA_VERSION,
        policy,
        tuple(granted),
        tuple({each.fingerprint: each for each in revoked}.values()),
        tuple(answers[-ANSWERS:]),
        common.advisories,
    )


def named(connection: Connection) -> frozenset[str]:
    """The endpoints whose bundle holds something of their own: an approval, or an answer to what they asked."""
    asked = select(APPROVALS.c.endpoint).where(APPROVALS.c.endpoint != "", APPROVALS.c.state != "pending").distinct()
    return frozenset(connection.execute(asked).scalars())


def advisories(connection: Connection) -> str:
    """Digest of the newest set of advisories; empty where none was imported."""
    asked = select(ADVISORY_SETS.c.digest).order_by(ADVISORY_SETS.c.id.desc()).limit(1)
    return str(connection.execute(asked).scalar() or "")


def advisory_records(connection: Connection, digest: str) -> bytes | None:
    """The records of a set, as they are stored (zstd); None where there is none of this digest."""
    asked = select(ADVISORY_SETS.c.records).where(ADVISORY_SETS.c.digest == digest).limit(1)
    found = connection.execute(asked).scalar()
    return None if found is None else bytes(found)


def policy_of(connection: Connection, rollout: Rollout | None) -> Policy | None:
    """The policy of a roll-out, in its mode; None for none."""
    if rollout is None:
        return None
    name, files = rollouts.files_of(connection, rollout.policy)
    mode = _MODES.get(rollout.mode, "enforce")
    return Policy(rollout.policy, mode, with_mode(files, mode), name)


_MODES: dict[str, Mode] = {"monitor": "monitor", "ask": "ask"}
