"""The page of one endpoint, and what administrators do from it: commands, retiring, letting in again.

Must not be here: the list (`endpoints`), what commands are (`server.commanding`).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import commanding
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import happened, page
from spawngate.server.console.numbers import number
from spawngate.server.fleet import commands
from spawngate.server.services import Services
from spawngate.server.views import endpoint
from spawngate.server.views.places import segment, text_of

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
        found = endpoint.endpoint(services, viewer.teams(Permission.INVENTORY_READ), text_of(request.path_params["id"]))
        if found is None:
            raise HTTPException(404, "There is no such endpoint.")
        events: tuple[happened.Line, ...] = ()
        if viewer.may(Permission.EVENTS_READ, found.team):
            events = happened.lines(endpoint.recent(services, found.installation, _TYPES))
        mine = viewer.may(Permission.ENDPOINTS_WRITE, found.team)
        given: tuple[commands.Given, ...] = ()
        if mine:
            with services.database.read() as connection:
                given = commands.at(commands.of(connection, found.id), services.now())
        return page.render(
            request, services, "endpoint.html", active="endpoints", title=found.title, endpoint=found, events=events,
            mine=mine, commands=given, titles=commanding.TITLES,
        )  # fmt: skip

    @require(Permission.ENDPOINTS_WRITE)
    def told(request: Request) -> Response:
        fields, viewer, id_ = fields_of(form_of(request)), principal_of(request), text_of(request.path_params["id"])
        act, command = fields.get("act", ""), number(fields.get("command", ""), 16)
        if act in ("retire", "restore"):
            commanding.let_in(services, viewer, id_, act == "restore")
        elif act == "withdraw" and command is not None:
            commanding.withdraw(services, viewer, id_, command)
        elif act in commanding.TITLES:
            commanding.order(services, viewer, id_, act, fields.get("reason", ""))
        else:
            raise UsageError("say what is to be done")
        return RedirectResponse(f"/endpoints/{segment(id_)}#commands", 303)

    return [Route("/endpoints/{id}", shown), Route("/endpoints/{id}", told, methods=["POST"])]
