"""Routes with how they stand, attempts to deliver, and dead letters.

The control store counts nothing: facets of attempts are of the newest ones. Must not be here: delivering
(`server.deliver`), what people do with routes (`server.dispatching`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.deliver import replays, routes
from spawngate.server.deliver.standing import standing
from spawngate.server.services import Services
from spawngate.server.store.port import Delivery
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.small import facets_of, narrowed, passes
from spawngate.trail.moment import of_seconds

COUNTED = 2_000
"""Attempts whose facets are counted."""
_READ = 20_000
"""Attempts that one page looks through at most."""
_PAGE = 1_000
ROUTE_FACETS = ("state", "kind", "type", "destination")
ATTEMPT_FACETS = ("outcome", "route", "destination")
LETTER_FACETS = ("route", "kind", "destination")
_TITLES = {
    "state": "State",
    "kind": "Kind",
    "type": "Destination is",
    "destination": "Destination",
    "outcome": "Outcome",
    "route": "Route",
}


class RouteRow(msgspec.Struct, frozen=True):
    """One route."""

    name: str
    destination: str
    kind: str
    """`stream` or `notify`; empty for one that cannot be used."""
    type: str
    """Of the destination: syslog, slack, ..."""
    match: str
    limit: str
    enabled: bool
    state: str
    """on, off, paused, failing, broken."""
    reason: str
    """Why it is paused, fails or cannot be used."""
    waiting: int
    dead: int
    last: str


class AttemptRow(msgspec.Struct, frozen=True):
    """One attempt to deliver."""

    number: int
    at: str
    route: str
    destination: str
    outcome: str
    events: int
    attempt: int
    detail: str
    """What the destination said: hostile."""
    milliseconds: int
    endpoint: str
    """With the next two, the key of the first event in it; empty for a test."""
    stream: str
    sequence: int


class LetterRow(msgspec.Struct, frozen=True):
    """One dead letter."""

    id: str
    route: str
    destination: str
    what: str
    reason: str
    died_at: str
    kind: str


def routes_of(services: Services, filters: Filters, *, facets: bool = True) -> Listing[RouteRow]:
    """A page of the routes, by name. Raises UsageError for a cursor that is none, StoreError."""
    found, titles = _routes(services), _titles(ROUTE_FACETS)
    words, key = lambda each: (each.name, each.destination, each.match), lambda each: (each.name,)
    return narrowed(found, filters, titles, facets, words, key)


def attempts(services: Services, filters: Filters, *, facets: bool = True) -> Listing[AttemptRow]:
    """A page of attempts, the newest first. Raises UsageError for a cursor that is none, StoreError."""
    before = 0
    if filters.cursor:
        if not (filters.cursor.isascii() and filters.cursor.isdigit() and len(filters.cursor) < 17):
            raise UsageError("this link to a further page is none of this list: begin at its first page")
        before = int(filters.cursor)
    chosen = {name: filters.chosen.get(name, ()) for name in ("route", "outcome")}
    asked = {name: values[0] for name, values in chosen.items() if len(values) == 1}
    rows: list[AttemptRow] = []
    cursor: str | None = None
    looked = 0
    while True:
        part = services.control.deliveries(before=before, limit=_PAGE, **asked)
        for each in part:
            if len(rows) == filters.limit:
                cursor = str(rows[-1].number)
                break
            row = _attempt(each)
            if passes(row, filters, ATTEMPT_FACETS, _told(row)):
                rows.append(row)
            before = each.number
        looked += len(part)
        if cursor is not None or len(part) < _PAGE:
            break
        if looked >= _READ:
            cursor = str(before)
            break
    if not facets:
        return Listing(tuple(rows), cursor, (), 0)
    newest = [_attempt(each) for each in _newest(services)]
    passing = [each for each in newest if passes(each, filters, ATTEMPT_FACETS, _told(each))]
    return Listing(tuple(rows), cursor, facets_of(newest, filters, _titles(ATTEMPT_FACETS), _told), len(passing))


def letters(services: Services, filters: Filters, *, facets: bool = True) -> Listing[LetterRow]:
    """A page of dead letters, those that died last first. Raises UsageError for a cursor that is none, StoreError."""
    dead = {each.id: each for each in replays.dead(services.control)}
    found = [
        LetterRow(each.id, each.route, each.destination, each.what, each.reason, of_seconds(each.died), each.kind)
        for each in dead.values()
    ]
    return narrowed(
        found,
        filters,
        _titles(LETTER_FACETS),
        facets,
        lambda each: (each.what, each.reason, each.route, each.id),
        lambda each: (-int(dead[each.id].died * 1e6), each.id),
    )


def _routes(services: Services) -> list[RouteRow]:
    control = services.control
    if services.seals is None:
        return [
            RouteRow(each.name, "", "", "", "", "", True, "broken", "its destination is set up elsewhere", 0, 0, "")
            for each in control.items("route")
        ]
    loaded = routes.load(control, services.seals)
    found = []
    for each in standing(control, loaded):
        state, _, reason = each.state.partition(": ")
        found.append(
            RouteRow(
                each.name, each.destination, each.kind, each.type, each.match, each.limit, each.enabled, state, reason,
                each.waiting, each.dead, each.last,
            )
        )  # fmt: skip
    problems = [(key.removeprefix("route."), why) for key, why in loaded.problems.items() if key.startswith("route.")]
    found += [RouteRow(name, "", "", "", "", "", True, "broken", why, 0, 0, "") for name, why in problems]
    return found


def _newest(services: Services) -> list[Delivery]:
    found: list[Delivery] = []
    while len(found) < COUNTED:
        part = services.control.deliveries(before=found[-1].number if found else 0, limit=_PAGE)
        found += part
        if len(part) < _PAGE:
            break
    return found


def _attempt(each: Delivery) -> AttemptRow:
    endpoint, stream, sequence = each.first or ("", "", 0)
    return AttemptRow(
        each.number, each.at, each.route, each.destination, each.outcome, each.events, each.attempt, each.detail,
        each.milliseconds, endpoint, stream, sequence,
    )  # fmt: skip


def _titles(names: Sequence[str]) -> Mapping[str, str]:
    return {name: _TITLES[name] for name in names}


def _told(row: AttemptRow) -> tuple[str, ...]:
    return row.detail, row.route, row.destination
