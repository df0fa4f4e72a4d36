"""SHELL. What people do with routes and dead letters, the same from the console and the API, and its record.

Must not be here: HTTP, delivering (`server.deliver`), routes made from files (`deliver.routes`).
"""

import secrets
import time
from collections.abc import Sequence

import msgspec

from spawngate.model.errors import UsageError
from spawngate.routing.destination import Outcome
from spawngate.routing.route import RouteText
from spawngate.routing.setup import described_route
from spawngate.server.access.principal import Principal
from spawngate.server.administration import changed, recorded
from spawngate.server.deliver import replays, routes, setup
from spawngate.server.deliver.replays import Letter
from spawngate.server.deliver.trial import trial
from spawngate.server.fleet.database import MissingError
from spawngate.server.services import Services
from spawngate.server.store.port import Item


def replay(services: Services, who: Principal, ids: Sequence[str]) -> int:
    """Send dead letters once more, under the same ids; how many. Raises MissingError where one is none any more."""
    chosen = _letters(services, ids)
    _tell(services, who, chosen, "replayed")
    replays.replay(services.control, chosen, time.time())
    return len(chosen)


def discard(services: Services, who: Principal, ids: Sequence[str]) -> int:
    """Delete dead letters for good; how many. Raises MissingError where one is none any more."""
    chosen = _letters(services, ids)
    _tell(services, who, chosen, "discarded")
    replays.discard(services.control, chosen)
    return len(chosen)


def switch(services: Services, who: Principal, name: str, *, on: bool) -> None:
    """Switch a route on or off. What happens while it is off goes to it no more. Raises MissingError, UsageError."""
    held = services.control.get("route", name)
    if held is None:
        raise MissingError(f"there is no route {name!r}")
    try:
        text = msgspec.json.decode(held, type=RouteText)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise UsageError("the route is not stored as a route is: add it anew") from None
    if text.enabled is on:
        return
    recorded(
        services, who, kind="route", id=name, name=name, action="switched-on" if on else "switched-off",
        differences=[changed("enabled", text.enabled, on)],
    )  # fmt: skip
    text = msgspec.structs.replace(text, enabled=on)
    known = setup.recorded(services.control, services.seals, {f"route/{name}": described_route(text)})
    route = Item("route", name, msgspec.json.encode(text))
    services.control.put(route, *known, routes.changed_by(who.name), routes.changed())


def test(services: Services, who: Principal, name: str) -> Outcome:
    """Send a marked test to a route's destination now. Raises MissingError; UsageError where its secrets are elsewhere
    or the route cannot be used."""
    if services.control.get("route", name) is None:
        raise MissingError(f"there is no route {name!r}")
    if services.seals is None:
        raise UsageError("this server holds no key to the secrets of destinations: test it where routes are set up")
    recorded(services, who, kind="route", id=name, name=name, action="tested")
    loaded = routes.load(services.control, services.seals)
    return trial(services.control, loaded, name, time.time(), secrets.token_hex(4))


def _letters(services: Services, ids: Sequence[str]) -> list[Letter]:
    known = {each.id: each for each in replays.dead(services.control)}
    missing = [each for each in ids if each not in known]
    if missing:
        raise MissingError(f"{len(missing)} of these are no dead letters any more")
    return [known[each] for each in dict.fromkeys(ids)]


def _tell(services: Services, who: Principal, chosen: Sequence[Letter], action: str) -> None:
    detail = {"letters": [each.id for each in chosen]}
    recorded(services, who, kind="dead-letter", id=len(chosen), name="", action=action, detail=dict(detail))
