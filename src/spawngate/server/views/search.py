"""One question to everything: where is it, under whatever name somebody has for it.

Must not be here: the lists themselves, which answer the rest of the question.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, Protocol, get_args

import msgspec
from sqlalchemy import func, select

from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.services import Services
from spawngate.server.views import advisories, artifacts, endpoints, everywhere, findings
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
_KINDS: Mapping[Part, Sequence[str]] = {"servers": ("mcp_server",), "artifacts": (*artifacts.KINDS, "secret")}
_TITLED = {"mcp_server": ("MCP servers", "/servers"), "secret": ("Secrets", "/secrets")}
"""Kinds whose lists are called otherwise than their kind."""
_ORDER = (
    "/servers", "/endpoints", "/advisories", "/findings", *(f"/artifacts/{kind}" for kind in artifacts.KINDS),
    "/secrets",
)  # fmt: skip
"""Of the lists in an answer."""
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
    kinds = [kind for part in parts for kind in _KINDS.get(part, ())]
    asking: list[Callable[[], list[Found]]] = []
    if kinds:
        asking.append(lambda: _artifacts(services, teams, asked, kinds))
    if "servers" in parts:
        asking.append(lambda: _list("Endpoints", "/endpoints", endpoints.endpoints, services, teams, asked))
    if "work" in parts:
        asking.append(lambda: _list("Advisories", "/advisories", advisories.advisories, services, teams, asked))
    if "work" in parts and work:
        asking.append(lambda: _list("Findings", "/findings", findings.findings, services, teams, asked))
    found = [each for answer in _POOL.map(lambda ask: ask(), asking) for each in answer]
    return tuple(sorted(found, key=lambda each: _ORDER.index(each.path)))


class _Asked(Protocol):
    """A list, without its facets."""

    def __call__(
        self, services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool
    ) -> Listing[Any]: ...


def _list(
    title: str, path: str, ask: _Asked, services: Services, teams: frozenset[int] | None, asked: Filters
) -> list[Found]:
    found = ask(services, teams, asked, facets=False)
    return [Found(title, path, found.rows, found.cursor is not None)] if found.rows else []


def _artifacts(services: Services, teams: frozenset[int] | None, asked: Filters, kinds: Sequence[str]) -> list[Found]:
    first = everywhere.first_of_each(services, teams, asked.words, kinds, FIRST)
    return [Found(*_TITLED.get(kind, (kind, f"/artifacts/{kind}")), *first[kind]) for kind in kinds if kind in first]
