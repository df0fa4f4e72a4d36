"""A route: which events go to which destination, and how they are grouped, limited and held back.

The words are Alertmanager's (prometheus.io/docs/alerting/latest/configuration: group_by, group_wait, group_interval,
repeat_interval). What it has no word for: `limit`, `digest`, `min_severity`, `close_after`.
Must not be here: the file that routes stand in (`routing.table`), the state of groups (`routing.group`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec

from spawngate.model.errors import UsageError
from spawngate.routing.durations import Rate, rate, span
from spawngate.routing.facts import EACH, SEVERITIES, severity
from spawngate.routing.mute import Mute
from spawngate.routing.settings import SettingsError, url_problem
from spawngate.trail.query import Query, QueryError, read
from spawngate.trail.query.fields import field_of
from spawngate.trail.query.match import values_at
from spawngate.trail.query.syntax import And, Compare, Node, Not, Or, Present

V = TypeVar("V")
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
MOST_FIELDS = 8


class RouteText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A route as it is written and stored."""

    name: str
    destination: str
    """Name of a destination of the same file or store."""
    match: str = ""
    """A query (docs/query.md) without times; empty: every event."""
    min_severity: str = "info"
    group_by: tuple[str, ...] = ("type", "rule", "server", "name")
    """Fields; `...` makes a notice of every event; none: one group for the route."""
    group_wait: str = "30s"
    """From the first event of a group to its first notice."""
    group_interval: str = "5m"
    """At least, between two notices of a group in which something is new: an endpoint, a finding, a severity."""
    repeat_interval: str = "4h"
    """At least, between two notices where nothing is new: more of the same, or findings that are still open."""
    close_after: str = "0"
    """A group that was silent for so long is closed (and told so); 0: only when its findings are closed."""
    digest: str = "0"
    """Instead of a notice for each group, one for all of them, so often; 0: none."""
    limit: str = ""
    """Notices in any window of time: `5/5m`. Groups beyond go into one digest. Empty: the destination's default."""
    mute: tuple[Mute, ...] = ()
    console: str = ""
    """Address of a page that notices link to."""
    enabled: bool = True


DEFAULT_LIMITS: Mapping[str, str] = {
    "slack": "5/5m",
    "teams": "5/5m",
    "email": "12/1h",
    "jira": "20/1h",
    "jira-dc": "20/1h",
    "pagerduty": "30/5m",
    "webhook": "600/1m",
}
"""By type of destination. People read these; a webhook is read by a program."""


GATHERED = frozenset(("jira", "jira-dc", "pagerduty"))
"""Types of destinations where every notice is a task of somebody. When more groups are due than there is room for, all
of them are one notice, and not as many as fit and one for the rest; for a `group_interval` nothing else is begun."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route that was understood. Times are seconds."""

    text: RouteText
    kind: Literal["notify", "stream"]
    query: Query
    floor: int
    """Rank of the lowest severity that is taken."""
    group_wait: float
    group_interval: float
    repeat_interval: float
    close_after: float
    digest: float
    limit: Rate | None
    gathered: bool = False
    """Of a destination in `GATHERED`."""

    @property
    def name(self) -> str:
        """Of the route."""
        return self.text.name

    def takes(self, record: Mapping[str, Any]) -> bool:
        """Whether an event goes here."""
        if not self.text.enabled:
            return False
        if self.floor and SEVERITIES.index(severity(record)) < self.floor:
            return False
        if not self.query.matches(record):
            return False
        if self.kind == "notify" and record.get("type") == "delivery":
            # What became of its own notices would make the next one.
            return next(values_at(record, "delivery.route"), "") != self.name
        return True


def understand(text: RouteText, kind: Literal["notify", "stream"], destination_type: str, where: str) -> Route:
    """The route that a text means. Raises SettingsError that says what and where."""
    if not NAME.fullmatch(text.name):
        raise SettingsError(f"{where}.name", "must be of a-z, 0-9, '.', '_' and '-', at most 63 characters")
    if text.min_severity not in SEVERITIES:
        raise SettingsError(f"{where}.min_severity", f"must be one of {', '.join(SEVERITIES)}")
    spans = {
        name: _parsed(span, getattr(text, name), f"{where}.{name}")
        for name in ("group_wait", "group_interval", "repeat_interval", "close_after", "digest")
    }
    if spans["repeat_interval"] < spans["group_interval"]:
        raise SettingsError(f"{where}.repeat_interval", "must not be shorter than group_interval")
    written = text.limit or DEFAULT_LIMITS.get(destination_type, "")
    limit = _parsed(rate, written, f"{where}.limit") if written else None
    _grouping(text, where)
    for index, mute in enumerate(text.mute):
        for name, problem in mute.problems().items():
            raise SettingsError(f"{where}.mute[{index}].{name}", problem)
    if text.console:
        problem = url_problem(text.console)
        if problem:
            raise SettingsError(f"{where}.console", problem)
    if kind == "stream" and (text.mute or text.digest != "0" or text.limit):
        raise SettingsError(where, "a stream takes every event in order: it has no mute, digest or limit")
    return Route(
        text=text,
        kind=kind,
        query=_query(text.match, f"{where}.match"),
        floor=SEVERITIES.index(text.min_severity),
        limit=limit,
        gathered=destination_type in GATHERED,
        **spans,
    )


def _parsed(how: Callable[[str], V], text: str, where: str) -> V:
    try:
        return how(text)
    except ValueError as error:
        raise SettingsError(where, str(error)) from None


def _grouping(text: RouteText, where: str) -> None:
    if EACH in text.group_by and len(text.group_by) > 1:
        raise SettingsError(f"{where}.group_by", f"{EACH!r} stands for every field and stands alone")
    if len(text.group_by) > MOST_FIELDS or len(set(text.group_by)) != len(text.group_by):
        raise SettingsError(f"{where}.group_by", f"must be at most {MOST_FIELDS} different fields")
    for name in text.group_by:
        if name != EACH and field_of(name) is None:
            raise SettingsError(f"{where}.group_by", f"there is no field {name!r} (docs/query.md lists them)")


def _query(text: str, where: str) -> Query:
    try:
        query = read(text, datetime(2000, 1, 1, tzinfo=UTC))
    except QueryError as error:
        raise SettingsError(where, str(error)) from None
    except UsageError as error:
        raise SettingsError(where, str(error)) from None
    if any(node.field.kind == "time" for node in _fields(query.tree)):
        raise SettingsError(where, "a route takes events as they come, so its query names no time; see mute")
    return query


def _fields(node: Node) -> Iterator[Compare | Present]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _fields(part)
        case Not(part):
            yield from _fields(part)
        case Compare() | Present():
            yield node
