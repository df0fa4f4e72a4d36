"""SHELL. Suppressions: people's judgement that findings are false, or are accepted until an end.

One covers a rule in one team (the organisation: in all), and may be narrowed to an endpoint, to an artifact's name, to
one finding. What it covers stays in the list, with its reason, and counts as no open work. It hides nothing from
endpoints, events or policy.
Must not be here: lists of findings (`server.views`), who may suppress (`server.access`).
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet.endpoints import clean
from spawngate.server.fleet.tables import FINDINGS, ORGANISATION, SUPPRESSIONS

KINDS = ("false-positive", "accepted")
LONGEST_REASON = 1_000
_S, _F = SUPPRESSIONS.c, FINDINGS.c


class Suppression(msgspec.Struct, frozen=True):
    """One row."""

    id: int
    team: int
    kind: str
    rule: str
    endpoint: str
    finding: str
    name: str
    reason: str
    created_by: str
    created_at: str
    until: str
    """RFC 3339; empty: without an end."""
    ended_at: str

    def live(self, now: str) -> bool:
        """Whether it counts at `now`."""
        return not self.ended_at and (not self.until or self.until > now)


class Covers(msgspec.Struct, frozen=True):
    """What one is about. Empty texts: any."""

    team: int
    rule: str
    endpoint: str = ""
    finding: str = ""
    name: str = ""
    """Of the artifact."""


_COLUMNS = [SUPPRESSIONS.c[field.name] for field in msgspec.structs.fields(Suppression)]


def add(
    connection: Connection,
    covers: Covers,
    *,
    kind: str,
    reason: str,
    by: str,
    now: str,
    until: str = "",
) -> Suppression:
    """Make one. Raises UsageError for a kind that is none, without a reason, or with an end that is over."""
    reason = " ".join(str(clean(reason)).split())
    if kind not in KINDS:
        raise UsageError(f"a suppression is one of {', '.join(KINDS)}")
    if not covers.rule:
        raise UsageError("a suppression is of one rule")
    if not reason or len(reason) > LONGEST_REASON:
        raise UsageError(f"a suppression needs a reason of at most {LONGEST_REASON:,} characters")
    if kind == "accepted" and not until:
        raise UsageError("what is accepted is accepted until a day: give an end")
    if until and until <= now:
        raise UsageError("that end is over")
    values = {
        "team": covers.team,
        "kind": kind,
        "rule": covers.rule,
        "endpoint": covers.endpoint,
        "finding": covers.finding,
        "name": str(clean(covers.name)),
        "reason": reason,
        "created_by": by,
        "created_at": now,
        "until": until,
        "ended_at": "",
    }
    number = connection.execute(insert(SUPPRESSIONS).values(values).returning(_S.id)).scalar_one()
    return Suppression(id=number, **values)  # type: ignore[arg-type]  # texts and one number, as the row has them


def end(connection: Connection, number: int, teams: frozenset[int] | None, now: str) -> Suppression:
    """Let one count no more. Raises UsageError where these teams have none that still counts."""
    mine = [_S.id == number, _S.ended_at == ""]
    if teams is not None:
        mine.append(_S.team.in_(sorted(teams)))
    row = connection.execute(select(*_COLUMNS).where(*mine)).mappings().first()
    if row is None:
        raise UsageError("there is no such suppression that still counts")
    connection.execute(update(SUPPRESSIONS).where(_S.id == number).values(ended_at=now))
    return Suppression(**row)


def covering(connection: Connection, row: Any, now: str) -> tuple[Suppression, ...]:
    """Those that cover one finding (a row of FINDINGS) now, oldest first."""
    wanted = (
        _S.rule == row.rule,
        _S.team.in_((ORGANISATION, row.team)),
        _S.endpoint.in_(("", row.endpoint)),
        _S.finding.in_(("", row.fingerprint)),
        _S.name.in_(("", row.name)),
    )
    rows = connection.execute(select(*_COLUMNS).where(*wanted).order_by(_S.id)).mappings()
    found = (Suppression(**each) for each in rows)
    return tuple(each for each in found if each.live(now))


def covered(kind: str, now: str) -> ColumnElement[bool]:
    """That a finding is covered now by one of a kind: a condition on FINDINGS."""
    return exists().where(
        and_(
            _S.rule == _F.rule,
            _S.kind == kind,
            _S.ended_at == "",
            or_(_S.until == "", _S.until > now),
            or_(_S.team == ORGANISATION, _S.team == _F.team),
            or_(_S.endpoint == "", _S.endpoint == _F.endpoint),
            or_(_S.finding == "", _S.finding == _F.fingerprint),
            or_(_S.name == "", _S.name == _F.name),
        )
    )


def rules(connection: Connection, now: str) -> dict[str, set[str]]:
    """Kind to the rules that have a suppression of it now."""
    counts = (_S.ended_at == "", or_(_S.until == "", _S.until > now))
    found: dict[str, set[str]] = {}
    for row in connection.execute(select(_S.kind, _S.rule).where(*counts).distinct()):
        found.setdefault(row.kind, set()).add(row.rule)
    return found


def of(connection: Connection, ids: Sequence[int]) -> tuple[Suppression, ...]:
    """Those of these suppressions that are there, in this order."""
    rows = connection.execute(select(*_COLUMNS).where(_S.id.in_(ids))).mappings()
    found = {row["id"]: Suppression(**row) for row in rows}
    return tuple(found[each] for each in ids if each in found)
