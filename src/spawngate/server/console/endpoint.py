"""The page of one endpoint.

Must not be here: the list (`endpoints`), changing an endpoint (`administration`).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import happened, page
from spawngate.server.services import Services
from spawngate.server.views import endpoint

_TYPES = (
    "decision",
    "artifact-added",
    "artifact-changed",
    "artifact-removed",
    "configuration",
    "self-protection",
    "policy-changed",
    "policy-refused",
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/endpoints/ID."""

    @require(Permission.INVENTORY_READ)
    def shown(request: Request) -> Response:
        viewer = principal_of(request)
        found = endpoint.endpoint(services, viewer.teams(Permission.INVENTORY_READ), request.path_params["id"])
        if found is None:
            raise HTTPException(404, "There is no such endpoint.")
        events: tuple[happened.Line, ...] = ()
        if viewer.may(Permission.EVENTS_READ, found.team):
            events = happened.lines(endpoint.recent(services, found.installation, _TYPES))
        return page.render(
            request, services, "endpoint.html", active="endpoints", title=found.title, endpoint=found, events=events
        )

    return [Route("/endpoints/{id}", shown)]
