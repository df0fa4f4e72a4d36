"""The pages of attempts to deliver and of dead letters.

Must not be here: what they hold (`views.deliveries`), what people do with them (`server.dispatching`), routes
(`routing`).
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import dispatching
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists
from spawngate.server.console.lists import ListPage
from spawngate.server.console.navigation import back_to
from spawngate.server.services import Services
from spawngate.server.views import deliveries
from spawngate.server.views.whole import whole

MOST = 1_000
"""Dead letters of one act."""


ATTEMPTS = ListPage(
    path="/deliveries",
    name="deliveries",
    title="Deliveries",
    template="deliveries.html",
    permission=Permission.ROUTES_READ,
    facets=deliveries.ATTEMPT_FACETS,
    row=deliveries.AttemptRow,
    ask=whole(deliveries.attempts),
    more=lambda services, teams, filters: {"dead": False, "path": "/deliveries"},
)
LETTERS = ListPage(
    path="/deliveries/dead",
    name="dead-letters",
    title="Dead letters",
    template="deliveries.html",
    permission=Permission.ROUTES_READ,
    facets=deliveries.LETTER_FACETS,
    row=deliveries.LetterRow,
    ask=whole(deliveries.letters),
    active="deliveries",
    more=lambda services, teams, filters: {"dead": True, "path": "/deliveries/dead"},
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/deliveries and /deliveries/dead with their exports; POST /deliveries/dead."""

    @require(Permission.DELIVERIES_REPLAY)
    def judge(request: Request) -> Response:
        form = form_of(request)
        fields = fields_of(form)
        acts = {"replay": dispatching.replay, "discard": dispatching.discard}
        if fields.get("act") not in acts:
            raise UsageError("say whether they are sent again or discarded")
        picked = [each for each in form.getlist("pick") if isinstance(each, str)]
        if not picked:
            raise UsageError("tick the dead letters that are meant")
        acts[fields["act"]](services, principal_of(request), picked[:MOST])
        return RedirectResponse(back_to(fields.get("back", "/deliveries/dead")), 303)

    return [
        *lists.routes(services, ATTEMPTS),
        *lists.routes(services, LETTERS),
        Route("/deliveries/dead", judge, methods=["POST"]),
    ]
