"""The pages of code scans: projects, and one with its launches and paths.

Must not be here: what handing one in does (`server.scans`).
"""

from collections.abc import Sequence

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.server import scans
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.numbers import number, number_in
from spawngate.server.services import Services
from spawngate.server.views import projects
from spawngate.server.views.places import tail, text_of_tail

ALL = ListPage(
    path="/projects",
    name="projects",
    title="Code projects",
    template="projects.html",
    permission=Permission.PROJECTS_READ,
    facets=projects.FACETS,
    row=projects.ProjectRow,
    ask=projects.projects,
    more=lambda services, teams, filters: {
        "places": page.team_names(services, teams),
        "everywhere": teams is None,
    },
)


def routes(services: Services) -> Sequence[BaseRoute]:
    """/projects with its exports, /projects/NAME; POST /projects."""

    @require(Permission.PROJECTS_READ)
    def one(request: Request) -> Response:
        teams = principal_of(request).teams(Permission.PROJECTS_READ)
        team = number(request.query_params.get("of", ""))
        found = projects.project(services, teams, text_of_tail(request.path_params["name"]), team)
        if found is None:
            raise HTTPException(404, "No result of a code scan is here under this name.")
        return page.render(request, services, "project.html", active="projects", title=found.row.name, project=found)

    @require(Permission.PROJECTS_WRITE)
    def hand_in(request: Request) -> Response:
        form = form_of(request)
        fields, file = fields_of(form), form.get("file")
        team = number_in(fields, "team", "say whose project it is")
        if not isinstance(file, UploadFile):
            raise UsageError("choose the file that `spawngate code --format json` wrote")
        name = " ".join(fields.get("name", "").split())
        scans.keep(services, principal_of(request), team, name, fields.get("revision", "")[:100], file.file.read())
        return RedirectResponse(f"/projects/{tail(name)}", 303)

    return [
        *lists.routes(services, ALL),
        Route("/projects", hand_in, methods=["POST"]),
        Route("/projects/{name:path}", one),
    ]
