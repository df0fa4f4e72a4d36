"""The page of the search that stands above every page. In a large fleet it has the servers first; what else there is
comes behind, part by part: to look through everything takes three times as long.

Must not be here: what is looked through (`views.search`).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import require
from spawngate.server.access.roles import Permission
from spawngate.server.console import page
from spawngate.server.services import Services
from spawngate.server.views import search
from spawngate.server.views.filters import LONGEST


def routes(services: Services) -> Sequence[BaseRoute]:
    """/search, and its parts."""

    @require(Permission.INVENTORY_READ)
    def shown(request: Request) -> Response:
        return answer(request, search.PARTS[:1] if search.is_large(services) else search.PARTS)

    @require(Permission.INVENTORY_READ)
    def part(request: Request) -> Response:
        wanted = next((each for each in search.PARTS if each == request.path_params["part"]), None)
        if wanted is None:
            raise HTTPException(404, "There is no such part.")
        return answer(request, (wanted,))

    def answer(request: Request, wanted: Sequence[search.Part]) -> Response:
        text = " ".join(request.query_params.get("q", "")[:LONGEST].split())
        teams = page.teams(request, Permission.INVENTORY_READ)
        # Findings of a team are for those who may read its findings, which a role gives together with its inventory.
        found = search.search(services, teams, text, parts=wanted)
        rest = search.PARTS[search.PARTS.index(wanted[-1]) + 1 :]
        behind = rest[0] if text and rest else ""
        return page.render(
            request, services, "search.html", active="search", title="Search", text=text, found=found, behind=behind,
            seen=bool(found) or request.query_params.get("seen", "") == "1",
        )  # fmt: skip

    return [Route("/search", shown), Route("/search/{part}", part)]
