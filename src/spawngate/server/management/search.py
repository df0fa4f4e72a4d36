"""SHELL. One question over everything of the fleet: servers, endpoints, artifacts, findings, advisories. Read only.

Must not be here: what is looked through (`views.search`).
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.management.answers import Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import search
from spawngate.server.views.filters import LONGEST

Words = Annotated[str, Query(max_length=LONGEST, description="Words that must all occur.")]


def router(services: Services) -> APIRouter:
    """The route."""
    made = fresh("search")

    @made.get("/search", responses=gives(list[search.Found], "What holds the words, by kind; the first rows of each."))
    @needs(Permission.INVENTORY_READ)
    def search_fleet(who: Who, q: Words = "") -> Response:
        """Where something is: names, commands, packages, hosts, users, fingerprints, rules, CVE ids."""
        teams = who.teams(Permission.INVENTORY_READ)
        return item(
            search.search(services, teams, " ".join(q.split()), work=who.may_anywhere(Permission.FINDINGS_READ))
        )

    return made
