"""SHELL. What administrators do with routes and destinations, the same from the console and the API, and its record.

Secrets are written and never read: what leaves here has `(set)` in their place (`routing.edit` says when that keeps
one). Each change is checked as a file of routes is, recorded, then stored.
Must not be here: HTTP, delivering (`server.deliver`), switching and testing (`dispatching`).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from spawngate.model.errors import UsageError
from spawngate.model.snapshot import Difference
from spawngate.routing.edit import edited
from spawngate.routing.route import RouteText
from spawngate.routing.settings import SettingsError, shown
from spawngate.routing.setup import changes, described
from spawngate.routing.table import MOST, Named, Table, route_text, understood
from spawngate.server.access.principal import Principal
from spawngate.server.administration import recorded
from spawngate.server.deliver import routes, setup
from spawngate.server.deliver.routes import Loaded
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.services import Services


class DestinationView(msgspec.Struct, frozen=True):
    """A destination. Secrets are `(set)` where there is one."""

    name: str
    type: str
    title: str
    """Of the type, for people."""
    kind: str
    """`notify` or `stream`."""
    settings: dict[str, Any]
    routes: tuple[str, ...]
    """Those that lead to it."""
    problem: str = ""
    """Why it cannot be used; then nothing else is known of it."""


def loaded(services: Services) -> Loaded:
    """Every route and destination. Raises UsageError where this server has no key to their secrets."""
    return routes.load(services.control, _seals(services))


def destinations(services: Services) -> tuple[DestinationView, ...]:
    """Every destination by name, those that cannot be used too. Raises UsageError, StoreError."""
    held = loaded(services)
    found = [view(one, held) for one in held.table.destinations.values()]
    for where, problem in held.problems.items():
        kind, _, name = where.partition(".")
        if kind == "destination":
            found.append(DestinationView(name, "", "", "", {}, (), problem))
    return tuple(sorted(found, key=lambda each: each.name))


def destination(services: Services, name: str) -> DestinationView:
    """One of them. Raises MissingError, UsageError, StoreError."""
    found = [each for each in destinations(services) if each.name == name]
    if not found:
        raise MissingError(f"there is no destination {name!r}")
    return found[0]


def view(one: Named, held: Loaded) -> DestinationView:
    """A destination as it may be seen."""
    leading = tuple(name for name, route in held.table.routes.items() if route.text.destination == one.name)
    made: dict[str, Any] = msgspec.to_builtins(shown(one.settings))
    return DestinationView(
        one.name, one.destination.name, one.destination.title or one.destination.name, one.destination.kind, made,
        leading,
    )  # fmt: skip


def put_destination(
    services: Services, who: Principal, name: str, kind: str, given: Mapping[str, Any], *, revision: str = ""
) -> DestinationView:
    """Make a destination, or give it other settings. Raises SettingsError, ConflictError, UsageError, StoreError."""
    held = _unchanged(loaded(services), revision)
    before = held.table.destinations.get(name)
    one = edited(name, kind, given, before, services.inside)
    routes.fits(held.table, {name: one})
    _fits(held, "destination", name)
    old = Table({} if before is None else {name: before})
    _store(services, who, "destination", name, old, Table({name: one}))
    return view(one, held)


def remove_destination(services: Services, who: Principal, name: str) -> None:
    """Take a destination away that no route names. Raises MissingError, ConflictError, UsageError, StoreError."""
    there = destination(services, name)
    if there.routes:
        raise ConflictError(f"destination {name} is named by {', '.join(there.routes)}; remove these first")
    recorded(services, who, kind="destination", id=name, name=name, action="removed")
    known = setup.recorded(services.control, services.seals, {}, (f"destination/{name}",))
    routes.remove(services.control, name, destination=True, by=routes.changed_by(who.name), more=known)


def put_route(services: Services, who: Principal, given: Mapping[str, Any], *, revision: str = "") -> RouteText:
    """Make a route, or change it. Raises SettingsError, ConflictError, UsageError, StoreError."""
    held = _unchanged(loaded(services), revision)
    where = f"route.{given.get('name', '')}"
    text = route_text(where, given)
    made = understood([(where, text)], held.table.destinations)
    routes.zones_of(mute.zone for mute in text.mute)
    _fits(held, "route", text.name)
    before = held.table.routes.get(text.name)
    _store(
        services, who, "route", text.name, Table({}, {} if before is None else {text.name: before}), Table({}, made)
    )  # fmt: skip
    return text


def remove_route(services: Services, who: Principal, name: str) -> None:
    """Take a route away; what waits for it is let go. Raises MissingError, StoreError."""
    if services.control.get("route", name) is None:
        raise MissingError(f"there is no route {name!r}")
    recorded(services, who, kind="route", id=name, name=name, action="removed")
    known = setup.recorded(services.control, services.seals, {}, (f"route/{name}",))
    routes.remove(services.control, name, by=routes.changed_by(who.name), more=known)


def _store(services: Services, who: Principal, kind: str, name: str, before: Table, after: Table) -> None:
    told = changes(described(before), described(after))
    if not told:
        return
    differences = [Difference(each.path, each.old, each.new) for each in told[0].differences]
    recorded(services, who, kind=kind, id=name, name=name, action=told[0].action, differences=differences)
    known = setup.recorded(services.control, services.seals, described(after))
    routes.store(services.control, _seals(services), after, routes.changed_by(who.name), *known)


def _fits(held: Loaded, kind: str, name: str) -> None:
    there = held.table.destinations if kind == "destination" else held.table.routes
    if name not in there and len(there) + len(held.problems) >= MOST:
        raise SettingsError("", f"there are at most {MOST} destinations and {MOST} routes")


def _unchanged(held: Loaded, revision: str) -> Loaded:
    """Raises ConflictError where somebody else changed routes since a form was shown."""
    if revision and revision != held.revision.decode("ascii", "replace"):
        raise ConflictError("routes or destinations were changed meanwhile: load the page again")
    return held


def _seals(services: Services) -> Sealer:
    if services.seals is None:
        raise UsageError("this server holds no key to the secrets of destinations: set them up where the key is")
    return services.seals
