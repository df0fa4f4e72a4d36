"""SHELL. What a server takes from its endpoints and gives them: enrolment, events, syncs, inventories, bundles.

Lean on purpose: Starlette and msgspec, one hop to a thread per request. Every route but enrolment asks for the token of
an endpoint, which can append that endpoint's records, tell how it stands and ask for its own policy, and nothing else.
Must not be here: the console, the management API, people.
"""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from spawngate.server.intake import commanding, enrolling, events, inventories, obeying, syncing
from spawngate.server.intake.desk import KNOWN, Desk
from spawngate.server.intake.shelf import Shelf
from spawngate.server.services import Services
from spawngate.sync.messages import INTERVAL


def routes(services: Services, *, interval: int = INTERVAL) -> Sequence[BaseRoute]:
    """The routes of endpoints. `interval`: seconds between two syncs."""
    desk = Desk(services, interval)
    shelf = Shelf(services.database, settled=KNOWN + 1)
    alone = (each.route(desk) for each in (enrolling, events, inventories, commanding))
    return [*alone, syncing.route(desk, shelf), *obeying.routes(desk, shelf)]
