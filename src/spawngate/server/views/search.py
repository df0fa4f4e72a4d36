"""One question to everything: where is it, under whatever name somebody has for it.

Must not be here: the lists themselves, which answer the rest of the question.
"""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import func, select

from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.services import Services
from spawngate.server.views import advisories, artifacts, endpoints, findings, servers
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing

FIRST = 6
"""Rows of each list."""
_POOL = ThreadPoolExecutor(3, thread_name_prefix="search")
"""Lists are asked beside each other: a database works outside of this process, or of its lock."""


class Found(msgspec.Struct, frozen=True):
    """What one list has of it."""

    title: str
    path: str
    """Of the list, without its query."""
    rows: tuple[Any, ...]
    more: bool
    """There are more than these."""


Part = Literal["servers", "artifacts", "work"]
PARTS: tuple[Part, ...] = get_args(Part)
"""In a large fleet a page asks for these one after the other, so that what is found first is seen first."""
LARGE = 20_000
"""Artifacts of a fleet from which on it is a large one: a search goes through all of them."""


def is_large(services: Services) -> bool:
    """Whether a search through everything takes its time. Raises StoreError."""
    some = select(ARTIFACTS.c.kind).limit(LARGE + 1).subquery()
    with services.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(some)).scalar_one()) > LARGE


def search(
    services: Services,
    teams: frozenset[int] | None,
    text: str,
    *,
    work: bool = True,
    parts: Collection[Part] = PARTS,
) -> tuple[Found, ...]:
    """What each list has of a text; lists that have nothing are left out. `work`: findings too. Raises StoreError."""
    asked = Filters.of([("q", text), ("limit", str(FIRST))], ())
    if not asked.words:
        return ()
    lists: list[tuple[str, str, Callable[[], Listing[Any]]]] = []
    if "servers" in parts:
        lists += [
            ("MCP servers", "/servers", lambda: servers.servers(services, teams, asked, facets=False)),
            ("Endpoints", "/endpoints", lambda: endpoints.endpoints(services, teams, asked, facets=False)),
        ]
    if "work" in parts:
        lists.append(("Advisories", "/advisories", lambda: advisories.advisories(services, teams, asked, facets=False)))
    if "work" in parts and work:
        lists.append(("Findings", "/findings", lambda: findings.findings(services, teams, asked, facets=False)))
    if "artifacts" in parts:
        for kind in artifacts.KINDS:
            one = partial(artifacts.artifacts, services, teams, kind, asked, facets=False)
            lists.append((kind, f"/artifacts/{kind}", one))
        lists.append(("Secrets", "/secrets", lambda: artifacts.secrets(services, teams, asked, facets=False)))
    answers = _POOL.map(lambda each: (each[0], each[1], each[2]()), lists)
    return tuple(Found(title, path, each.rows, each.cursor is not None) for title, path, each in answers if each.rows)
