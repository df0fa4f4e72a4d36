"""The list of roll-outs, and the forms by which one is moved on or ended.

Must not be here: starting one, which the page of a revision does (`policies`), what people do with them
(`server.governing`).
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server import governing
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists
from spawngate.server.console.lists import ListPage
from spawngate.server.console.navigation import back_to
from spawngate.server.console.numbers import number_in, number_of
from spawngate.server.fleet.rolling import MODES
from spawngate.server.services import Services
from spawngate.server.views import rollouts

ALL = ListPage(
    path="/rollouts",
    name="rollouts",
    title="Roll-outs",
    template="rollouts.html",
    permission=Permission.POLICIES_READ,
    facets=rollouts.FACETS,
    row=rollouts.RollOutRow,
    ask=rollouts.roll_outs,
    active="policies",
    more=lambda services, teams, filters: {"modes": MODES},
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/rollouts with its exports; POST /rollouts/NUMBER, /rollouts/NUMBER/end."""

    @require(Permission.ROLLOUTS_WRITE)
    def move(request: Request) -> Response:
        fields = fields_of(form_of(request))
        governing.change(
            services,
            principal_of(request),
            number_of(request),
            mode=fields.get("mode", ""),
            percent=number_in(fields, "percent"),
        )
        return RedirectResponse(back_to(fields.get("back", "/policies")), 303)

    @require(Permission.ROLLOUTS_WRITE)
    def end(request: Request) -> Response:
        governing.end(services, principal_of(request), number_of(request))
        return RedirectResponse(back_to(fields_of(form_of(request)).get("back", "/policies")), 303)

    return [
        *lists.routes(services, ALL),
        Route("/rollouts/{number}", move, methods=["POST"]),
        Route("/rollouts/{number}/end", end, methods=["POST"]),
    ]
