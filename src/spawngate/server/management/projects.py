"""SHELL. Results of code scans: PUT, GET, DELETE /projects/{name}, GET /projects.

    spawngate code . --format json | curl -T - -H "authorization: Bearer $TOKEN" $SERVER/api/v1/projects/gateway

Must not be here: how results are kept (`fleet.projects`).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from spawngate.server import scans
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.administration import recorded
from spawngate.server.fleet import projects
from spawngate.server.fleet.database import MissingError
from spawngate.server.management import listed
from spawngate.server.management.answers import Done, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import projects as views

Name = Annotated[str, Path(min_length=1, max_length=projects.LONGEST_NAME)]
Team = Annotated[int, Query(ge=0, le=2**31 - 1, description="The project's team; 0 is the organisation.")]


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("projects")
    read, write = Permission.PROJECTS_READ, Permission.PROJECTS_WRITE
    listed.add(
        made, services, "/projects", read, views.ProjectRow, views.FACETS, views.projects,
        "Projects with the newest result of their code scan.",
    )  # fmt: skip

    @made.get("/projects/{name:path}", responses=gives(views.ProjectPage, "The project."))
    @needs(read)
    def get_project(who: Who, name: Name, team: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None) -> Response:
        """One project: every launch, and every path from outside to one."""
        found = views.project(services, who.teams(read), name, team)
        if found is None:
            raise MissingError("there is no such project")
        return item(found)

    @made.put("/projects/{name:path}", responses=gives(projects.Held, "It is kept."))
    @needs(write)
    async def put_project(
        request: Request,
        who: Who,
        name: Name,
        team: Team = 0,
        revision: Annotated[str, Query(max_length=100, description="Of the source, as you call it.")] = "",
    ) -> Response:
        """Keep what `spawngate code --format json` wrote about one folder, in the place of the result before."""
        body = await request.body()
        return item(await run_in_threadpool(scans.keep, services, who, team, name, revision, body))

    @made.delete("/projects/{name:path}", responses=gives(Done, "Nothing is kept of it."))
    @needs(write)
    def forget_project(who: Who, name: Name, team: Team = 0) -> Response:
        """Delete what is kept of a project."""
        scans.theirs(who, team)
        with services.database.begin() as connection:
            if not projects.forget(connection, team, name):
                raise MissingError("there is no such project")
            recorded(services, who, kind="project", id=name, name=name, action="removed", detail={"team": team})
        return item(Done())

    return made
