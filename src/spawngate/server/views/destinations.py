"""Destinations as a list: where events can go, and which routes lead there. No secret is among them.

Must not be here: changing them (`server.directing`), routes (`views.deliveries`).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from spawngate.routing.settings import SHOWN
from spawngate.server import directing
from spawngate.server.services import Services
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.small import narrowed

DESTINATION_FACETS = ("type", "kind")
_TITLES = {"type": "Type", "kind": "Takes"}
_PLACES = ("url", "host", "endpoint", "bucket", "api", "path")
"""Settings that say where, the first of which is shown."""


class DestinationRow(msgspec.Struct, frozen=True):
    """One destination."""

    name: str
    type: str
    title: str
    """Of the type."""
    kind: str
    """notify or stream."""
    place: str
    """Host or address, as far as it is no secret."""
    routes: tuple[str, ...]
    problem: str
    """Why it cannot be used."""


def destinations_of(services: Services, filters: Filters, *, facets: bool = True) -> Listing[DestinationRow]:
    """A page of the destinations, by name. Raises UsageError for a cursor that is none, StoreError."""
    if services.seals is None:
        return Listing((), None, (), 0)
    found = [
        DestinationRow(
            each.name, each.type, each.title, each.kind, _place(each.settings), each.routes, each.problem
        )
        for each in directing.destinations(services)
    ]  # fmt: skip
    return narrowed(
        found,
        filters,
        _TITLES,
        facets,
        lambda each: (each.name, each.title, each.place, *each.routes),
        lambda each: (each.name,),
    )


def _place(settings: Mapping[str, Any]) -> str:
    found = next((str(settings[name]) for name in _PLACES if settings.get(name)), "")
    return "" if found == SHOWN else found
