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
    total: int
    rows: tuple[Any, ...]


def search(services: Services, teams: frozenset[int] | None, text: str, *, work: bool = True) -> tuple[Found, ...]:
    """What each list has of a text; lists that have nothing are left out. `work`: findings too. Raises StoreError."""
    asked = Filters.of([("q", text), ("limit", str(FIRST))], ())
    if not asked.words:
        return ()
    answers: list[tuple[str, str, Listing[Any]]] = [
        ("MCP servers", "/servers", servers.servers(services, teams, asked)),
        ("Endpoints", "/endpoints", endpoints.endpoints(services, teams, asked)),
        ("Advisories", "/advisories", advisories.advisories(services, teams, asked)),
    ]
    if work:
        answers.append(("Findings", "/findings", findings.findings(services, teams, asked)))
    for kind in artifacts.KINDS:
        found = artifacts.artifacts(services, teams, kind, asked)
        answers.append((kind, f"/artifacts/{kind}", found))
    answers.append(("Secrets", "/secrets", artifacts.secrets(services, teams, asked)))
    return tuple(Found(title, path, found.total, found.rows) for title, path, found in answers if found.total)
