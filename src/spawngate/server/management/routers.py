"""SHELL. Every part of the API: the written list of its modules.

Must not be here: routes.
"""

from collections.abc import Iterator
from importlib import import_module

from fastapi import APIRouter

from spawngate.server.services import Services

MODULES = (
    "account",
    "checklist",
    "projects",
    "search",
    "teams",
    "users",
    "tokens",
    "enrolments",
    "endpoints",
    "inventory",
    "findings",
    "approvals",
    "policies",
    "rollouts",
    "events",
    "routing",
    "deliveries",
    "store",
)
"""Modules of `server.management`, each with `router(services)`."""


def routers(services: Services) -> Iterator[APIRouter]:
    """The API's parts."""
    for name in MODULES:
        yield import_module(f"spawngate.server.management.{name}").router(services)
