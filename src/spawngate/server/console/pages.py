"""Every page of the console: the written list of its modules, and their routes in one.

Must not be here: pages.
"""

from collections.abc import Sequence
from importlib import import_module

from starlette.routing import BaseRoute

from spawngate.server.services import Services

MODULES = (
    "assets",
    "preferences",
    "searches",
    "endpoints",
    "endpoint",
    "servers",
    "artifacts",
)
"""Modules of `server.console`, each with `routes(services)`."""


def routes(services: Services) -> Sequence[BaseRoute]:
    """Routes of the whole console."""
    found: list[BaseRoute] = []
    for name in MODULES:
        found += import_module(f"spawngate.server.console.{name}").routes(services)
    return found
