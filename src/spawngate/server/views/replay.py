"""A policy's files held against what was recorded: what would come out otherwise, by rule, endpoint and agent.

Bounded in decisions and in time: it says how far back it came. Rules are not asked again, since what they found is
recorded; nor is anything that `policy.toml` sets (modes, approvals).
Must not be here: asking (`policy.replay`), who waits for it (`replaying`), markup.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select

from spawngate.model.errors import UsageError
from spawngate.policy.folder import understood
from spawngate.policy.replay import Recorded
from spawngate.policy.replay import replay as ask_again
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.trail import of_teams
from spawngate.trail.asked import recorded
from spawngate.trail.moment import stamp
from spawngate.trail.query import read

MOST = 20_000
"""Decisions that are asked again."""
SECONDS = 8.0
DAYS = (1, 7, 30, 90)
_PAGE = 500
_LISTED = 15


class Count(msgspec.Struct, frozen=True):
    """One value and how many decisions."""

    value: str
    label: str
    count: int


class Changes(msgspec.Struct, frozen=True):
    """One verdict that would be another one."""

    before: str
    after: str
    count: int


class Example(msgspec.Struct, frozen=True):
    """One decision that would come out otherwise."""

    at: str
    host: str
    agent: str
    before: str
    after: str
    reasons: tuple[str, ...]
    command: str
    """Redacted, hostile."""


class Replayed(msgspec.Struct, frozen=True):
    """What a policy would change."""

    days: int
    since: str
    """How far back it came: where it stopped early, the time of the oldest decision that was asked."""
    total: int
    """Decisions that were asked again."""
    changed: int
    before: Mapping[str, int]
    after: Mapping[str, int]
    changes: tuple[Changes, ...]
    by_rule: tuple[Count, ...]
    by_policy: tuple[Count, ...]
    by_endpoint: tuple[Count, ...]
    by_agent: tuple[Count, ...]
    examples: tuple[Example, ...]
    unasked: int
    """Decisions whose record holds no question: what was not understood then."""
    stopped: str
    """Why it did not come to the end of the span; empty where it did."""
    problems: tuple[str, ...] = ()


def replayed(
    services: Services,
    teams: frozenset[int] | None,
    files: Mapping[str, str],
    days: int,
    *,
    most: int = MOST,
    seconds: float = SECONDS,
    told: list[int] | None = None,
) -> Replayed:
    """Ask a policy the decisions of the last days of these teams' endpoints, newest first. `told`: its first number is
    kept at how many were asked.

    Raises UsageError where the files are no policy, StoreError.
    """
    if not 1 <= days <= max(DAYS):
        raise UsageError(f"a replay is of the last 1 to {max(DAYS)} days")
    now = datetime.fromisoformat(services.now())
    policies = understood(files, now).policies
    source = _Source(services, teams, now, days, most, time.monotonic() + seconds, [0] if told is None else told)
    result = ask_again(iter(source), policies)
    hosts = _hosts(services, teams, [*result.by_endpoint, *(each.endpoint for each in result.examples)])
    return Replayed(
        days=days,
        since=source.oldest if source.stopped else stamp(now - timedelta(days=days)),
        total=result.total,
        changed=result.changes.total(),
        before=dict(sorted(result.verdicts_before.items())),
        after=dict(sorted(result.verdicts_after.items())),
        changes=tuple(Changes(*pair, count) for pair, count in result.changes.most_common()),
        by_rule=_counts(result.by_rule),
        by_policy=_counts(result.by_policy),
        by_endpoint=_counts(result.by_endpoint, hosts),
        by_agent=_counts(result.by_agent),
        examples=tuple(
            Example(
                each.place,
                hosts.get(each.endpoint, ""),
                each.agent,
                each.before.value,
                each.after.value,
                each.reasons,
                each.command[:300],
            )
            for each in result.examples
        ),
        unasked=source.unasked,
        stopped=source.stopped,
        problems=tuple(source.problems),
    )


class _Source:
    """Recorded decisions, newest first, until there are enough of them or time is up."""

    def __init__(
        self,
        services: Services,
        teams: frozenset[int] | None,
        now: datetime,
        days: int,
        most: int,
        deadline: float,
        told: list[int],
    ) -> None:
        self._services = services
        self._query = read("type:decision", now).also(*of_teams(services, teams))
        self._since = stamp(now - timedelta(days=days))
        self._most, self._deadline, self._told = most, deadline, told
        self.unasked = 0
        self.stopped = ""
        self.oldest = ""
        self.problems: dict[str, None] = {}

    def __iter__(self) -> Iterator[Recorded]:
        cursor: str | None = None
        given = 0
        while True:
            page = self._services.events.query(self._query, since=self._since, cursor=cursor, limit=_PAGE)
            self.problems.update(dict.fromkeys(page.problems))
            for entry in page.entries:
                if given >= self._most:
                    self.stopped = f"the newest {given:,} decisions were asked"
                    return
                if time.monotonic() > self._deadline:
                    self.stopped = "it took too long"
                    return
                self.oldest = entry.time
                found = _recorded(entry.record, entry.endpoint)
                if found is None:
                    self.unasked += 1
                else:
                    given += 1
                    self._told[0] = given
                    yield found
            if page.cursor is None:
                return
            cursor = page.cursor


def _recorded(record: bytes, endpoint: str) -> Recorded | None:
    try:
        event = msgspec.json.decode(record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return recorded(event, endpoint) if isinstance(event, dict) else None


def _counts(counter: Counter[str], labels: Mapping[str, str] | None = None) -> tuple[Count, ...]:
    names = labels or {}
    return tuple(Count(value, names.get(value, value), count) for value, count in counter.most_common(_LISTED))


def _hosts(services: Services, teams: frozenset[int] | None, ids: list[str]) -> dict[str, str]:
    """What people call endpoints, by id."""
    E = ENDPOINTS.c
    wanted = list(dict.fromkeys(ids))[:500]
    statement = select(E.id, E.label, E.host).where(E.id.in_(wanted), *in_teams(E.team, teams))
    with services.database.read() as connection:
        return {row.id: row.label or row.host or row.id for row in connection.execute(statement)}
