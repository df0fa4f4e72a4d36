"""The pages of artifacts that are no servers: by kind and name, one name, secrets by fingerprint, one secret.

Must not be here: MCP servers (`servers`).
"""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.services import Services
from spawngate.server.views import artifacts, names
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.places import text_of


def routes(services: Services) -> Sequence[BaseRoute]:
    """/artifacts, /artifacts/KIND and /secrets with their exports, /artifacts/KIND/NAME, /secrets/DIGEST."""

    @require(Permission.INVENTORY_READ)
    def first(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/artifacts/{artifacts.KINDS[0]}{query}", 307)

    @require(Permission.INVENTORY_READ)
    def one(request: Request) -> Response:
        kind, name = request.path_params["kind"], text_of(request.path_params["name"])
        if kind not in artifacts.KINDS:
            raise HTTPException(404, "There is no such kind.")
        teams = principal_of(request).teams(Permission.INVENTORY_READ)
        found, endpoints = artifacts.instances(services, teams, kind, name=name)
        if not found:
            raise HTTPException(404, "There is no such artifact.")
        return page.render(
            request,
            services,
            "artifact.html",
            active="artifacts",
            title=name,
            lead=names.kind(kind),
            crumb=names.kinds(kind),
            crumb_path=f"/artifacts/{kind}",
            kind=kind,
            rows=found,
            sample=found[0],
            endpoints=endpoints,
            endpoints_path=f"/endpoints?artifact={quote(name, safe='')}",
        )

    @require(Permission.INVENTORY_READ)
    def one_secret(request: Request) -> Response:
        teams = principal_of(request).teams(Permission.INVENTORY_READ)
        found, endpoints = artifacts.instances(
            services, teams, "secret", fingerprint=text_of(request.path_params["digest"])
        )
        if not found:
            raise HTTPException(404, "There is no such secret.")
        return page.render(
            request,
            services,
            "artifact.html",
            active="secrets",
            title=str(found[0].detail.get("type") or "secret"),
            lead=f"Fingerprint {found[0].fingerprint}. Rotate it where it comes from, and refer to it by a variable.",
            crumb="Secrets",
            crumb_path="/secrets",
            kind="secret",
            rows=found,
            sample=found[0],
            endpoints=endpoints,
            endpoints_path=f"/endpoints?secret={quote(found[0].fingerprint, safe='')}",
        )

    secrets = ListPage(
        path="/secrets",
        name="secrets",
        title="Secrets",
        template="secrets.html",
        permission=Permission.INVENTORY_READ,
        facets=artifacts.SECRET_FACETS,
        row=artifacts.SecretRow,
        ask=artifacts.secrets,
    )
    found: list[BaseRoute] = [Route("/artifacts", first)]
    for kind in artifacts.KINDS:
        found += lists.routes(services, _of_kind(kind))
    return [
        *found,
        Route("/artifacts/{kind}/{name:path}", one),
        *lists.routes(services, secrets),
        Route("/secrets/{digest}", one_secret),
    ]


def _of_kind(kind: str) -> ListPage:
    def ask(
        services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
    ) -> Listing[artifacts.ArtifactRow]:
        return artifacts.artifacts(services, teams, kind, filters, facets=facets)

    def more(services: Services, teams: frozenset[int] | None, filters: Filters) -> dict[str, object]:
        return {"kind": kind, "kinds": artifacts.KINDS, "counts": artifacts.kind_counts(services, teams)}

    return ListPage(
        path=f"/artifacts/{kind}",
        name=f"artifacts-{kind}",
        title=names.kinds(kind),
        template="artifacts.html",
        permission=Permission.INVENTORY_READ,
        facets=artifacts.FACETS,
        row=artifacts.ArtifactRow,
        ask=ask,
        active="artifacts",
        more=more,
    )
