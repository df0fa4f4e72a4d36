"""The pages of code scans: projects, and one with its launches and paths.

Must not be here: pushing results (the API).
"""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.services import Services
from spawngate.server.views import projects

ALL = ListPage(
    path="/projects",
    name="projects",
    title="Code projects",
    template="projects.html",
    permission=Permission.PROJECTS_READ,
    facets=projects.FACETS,
    row=projects.ProjectRow,
    ask=projects.projects,
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/projects with its exports, /projects/NAME."""

    @require(Permission.PROJECTS_READ)
    def one(request: Request) -> Response:
        teams = principal_of(request).teams(Permission.PROJECTS_READ)
        given = request.query_params.get("of", "")
        team = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
        found = projects.project(services, teams, request.path_params["name"], team)
        if found is None:
            raise HTTPException(404, "No result of a code scan is here under this name.")
        return page.render(request, services, "project.html", active="projects", title=found.row.name, project=found)

    return [*lists.routes(services, ALL), Route("/projects/{name:path}", one)]
