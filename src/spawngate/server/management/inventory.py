"""SHELL. What is on the fleet: servers, other artifacts, secrets by fingerprint, advisories. Read only.

Must not be here: endpoints (`endpoints`), findings (`findings`).
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from spawngate.model.artifact import Kind
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.database import MissingError
from spawngate.server.management import listed
from spawngate.server.management.answers import Who, gives, item, item_schema, lists
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import advisories, artifacts, server, servers
from spawngate.server.views.filters import PAGE
from spawngate.server.views.listing import Facet

Id = Annotated[str, Path(max_length=200)]
KINDS = tuple(each.value for each in Kind if each is not Kind.MCP_SERVER)


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("inventory")
    read = Permission.INVENTORY_READ
    listed.add(
        made, services, "/servers", read, servers.ServerRow, servers.FACETS, servers.servers,
        "MCP servers by definition (fingerprint).",
    )  # fmt: skip
    listed.add(
        made, services, "/server-names", read, servers.NameRow, servers.FACETS, servers.server_names,
        "MCP servers by name, with how many definitions each name has.",
    )  # fmt: skip
    listed.add(
        made, services, "/secrets", read, artifacts.SecretRow, artifacts.SECRET_FACETS, artifacts.secrets,
        "Secrets in agents' files: type, fingerprint and places, never the value.",
    )  # fmt: skip
    listed.add(
        made, services, "/advisories", read, advisories.AdvisoryRow, advisories.FACETS, advisories.advisories,
        "Advisories that hit something of the fleet.",
    )  # fmt: skip

    @made.get("/servers/{fingerprint:path}", responses=gives(server.ServerPage, "The server."))
    @needs(read)
    def get_server(who: Who, fingerprint: Id) -> Response:
        """One definition of an MCP server: launch, evidence, capabilities, advisories, where it is."""
        found = server.server(services, who.teams(read), fingerprint)
        if found is None:
            raise MissingError("there is no such server")
        return item(found)

    @made.get("/advisories/{advisory:path}", responses=gives(advisories.AdvisoryPage, "The advisory."))
    @needs(read)
    def get_advisory(who: Who, advisory: Id) -> Response:
        """One advisory, and where it hits."""
        found = advisories.advisory(services, who.teams(read), advisory)
        if found is None:
            raise MissingError("there is no such advisory")
        return item(found)

    @made.get(
        "/artifacts",
        responses=lists(
            artifacts.ArtifactRow,
            "Artifacts of one kind, by name.",
            total={"type": "integer"},
            facets=item_schema(list[Facet]),
        ),
        openapi_extra={"parameters": listed.parameters(artifacts.FACETS)},
    )
    @needs(read)
    def list_artifacts(
        request: Request,
        who: Who,
        kind: Annotated[
            str, Query(pattern=f"^({'|'.join(KINDS)})$", description="agent, extension, skill, ...")
        ] = "agent",
        q: listed.Words = "",
        sort: listed.Sort = "",
        cursor: listed.Cursor = "",
        limit: listed.Limit = PAGE,
        facets: listed.WithFacets = True,
    ) -> Response:
        """Artifacts of one kind, by name."""
        filters = listed.filters_of(request, artifacts.FACETS)
        return listed.answer(artifacts.artifacts(services, who.teams(read), kind, filters, facets=facets))

    return made
