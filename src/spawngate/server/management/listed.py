"""SHELL. Lists of fleet data over the API: the same views, filters and pages as the console's.

    GET /api/v1/endpoints?q=words&state=offline&state=stale&sort=seen&limit=100&cursor=...

Every facet of a list is a parameter that may be repeated; `facets=false` leaves the counts out, which is quicker.
Must not be here: what a list holds (`server.views`).
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.management.answers import Who, item_schema, items, lists
from spawngate.server.services import Services
from spawngate.server.views.filters import MOST, PAGE, Filters
from spawngate.server.views.listing import Facet, Listing

Words = Annotated[str, Query(max_length=500, description="Words that must occur, and `facet:value`.")]
Sort = Annotated[str, Query(max_length=50, description="Name of an order; the usual one for any other.")]
Cursor = Annotated[str, Query(max_length=2_000, description="`cursor` of the page before; empty for the first page.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Entries of the page.")]
WithFacets = Annotated[bool, Query(alias="facets", description="Whether facets and the total are counted.")]


def add(
    made: APIRouter,
    services: Services,
    path: str,
    permission: Permission,
    row: type[msgspec.Struct],
    facets: Sequence[str],
    ask: Callable[..., Listing[Any]],
    what: str,
) -> None:
    """Add a list to a part of the API. `ask`: a view (services, teams, filters, facets=...); `what`: of the answer."""

    @made.get(
        path,
        name=f"list_{path.strip('/').replace('/', '_').replace('-', '_')}",
        responses=lists(row, what, total={"type": "integer"}, facets=item_schema(list[Facet])),
        openapi_extra={"parameters": parameters(facets)},
    )
    @needs(permission)
    def listed(
        request: Request,
        who: Who,
        q: Words = "",
        sort: Sort = "",
        cursor: Cursor = "",
        limit: Limit = PAGE,
        facets_too: WithFacets = True,
    ) -> Response:
        filters = filters_of(request, facets)
        return answer(ask(services, who.teams(permission), filters, facets=facets_too))

    listed.__doc__ = what


def filters_of(request: Request, facets: Sequence[str]) -> Filters:
    """What an address asks of a list."""
    return Filters.of(request.query_params.multi_items(), facets)


def answer(found: Listing[Any]) -> Response:
    """A page of a list."""
    return items(found.rows, found.cursor, total=found.total, facets=found.facets)


def parameters(facets: Sequence[str]) -> list[dict[str, Any]]:
    """What the document says of the facets of a list."""
    common = {
        "in": "query",
        "required": False,
        "description": "Only these; repeat it for more.",
        "schema": {"type": "array", "items": {"type": "string", "maxLength": 500}, "maxItems": 50},
        "style": "form",
        "explode": True,
    }
    return [{"name": name, **common} for name in facets]
