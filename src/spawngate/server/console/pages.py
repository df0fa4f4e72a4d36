"""Every page of the console: the written list of its modules, and their routes in one.

Must not be here: pages.
"""

from collections.abc import Sequence
from importlib import import_module

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.server.access.guard import require
from spawngate.server.access.roles import Permission
from spawngate.server.services import Services

MODULES = (
    "assets",
    "preferences",
    "account",
    "searches",
    "checklist",
    "coverage",
    "projects",
    "endpoints",
    "endpoint",
    "servers",
    "artifacts",
    "findings",
    "advisories",
    "approvals",
    "policies",
    "rollouts",
    "routing",
    "deliveries",
    "administration",
    "credentials",
    "audit",
    "search",
    "trail",
)
"""Modules of `server.console`, each with `routes(services)`."""


def routes(services: Services) -> Sequence[BaseRoute]:
    """Routes of the whole console."""
    found: list[BaseRoute] = []
    for name in MODULES:
        found += import_module(f"spawngate.server.console.{name}").routes(services)
    if not any(getattr(each, "path", "") == "/" for each in found):
        found.append(Route("/", _first))
    return found


@require(Permission.INVENTORY_READ)
def _first(request: Request) -> Response:
    """Where the console begins as long as no page of it is the first."""
    return RedirectResponse("/endpoints", 307)
