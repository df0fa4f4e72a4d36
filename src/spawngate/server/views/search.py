"""One question to everything: where is it, under whatever name somebody has for it.

Must not be here: the lists themselves, which answer the rest of the question.
"""

from typing import Any

import msgspec

from spawngate.server.services import Services
from spawngate.server.views import advisories, artifacts, endpoints, findings, servers
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing

FIRST = 6
"""Rows of each list."""


class Found(msgspec.Struct, frozen=True):
    """What one list has of it."""

    title: str
    path: str
    """Of the list, without its query."""
    rows: tuple[Any, ...]
    more: bool
    """There are more than these."""


def search(services: Services, teams: frozenset[int] | None, text: str, *, work: bool = True) -> tuple[Found, ...]:
    """What each list has of a text; lists that have nothing are left out. `work`: findings too. Raises StoreError."""
    asked = Filters.of([("q", text), ("limit", str(FIRST))], ())
    if not asked.words:
        return ()
    answers: list[tuple[str, str, Listing[Any]]] = [
        ("MCP servers", "/servers", servers.servers(services, teams, asked, facets=False)),
        ("Endpoints", "/endpoints", endpoints.endpoints(services, teams, asked, facets=False)),
        ("Advisories", "/advisories", advisories.advisories(services, teams, asked, facets=False)),
    ]
    if work:
        answers.append(("Findings", "/findings", findings.findings(services, teams, asked, facets=False)))
    for kind in artifacts.KINDS:
        found = artifacts.artifacts(services, teams, kind, asked, facets=False)
        answers.append((kind, f"/artifacts/{kind}", found))
    answers.append(("Secrets", "/secrets", artifacts.secrets(services, teams, asked, facets=False)))
    return tuple(Found(title, path, each.rows, each.cursor is not None) for title, path, each in answers if each.rows)
