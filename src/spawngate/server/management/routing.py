"""SHELL. Routes and destinations: which events go where.

    GET /routes, /routes/{route}                  PUT, DELETE /routes/{route}
    POST /routes/{route}/test, /routes/{route}/{on,off}
    GET /destinations, /destinations/{name}       PUT, DELETE /destinations/{name}

Must not be here: what they mean (`routing`), who may reach what (`server.directing`), delivering (`server.deliver`).
"""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from spawngate.routing.destinations import DESTINATIONS
from spawngate.routing.route import RouteText
from spawngate.server import directing, dispatching
from spawngate.server.access.guard import needs
from spawngate.server.access.roles import Permission
from spawngate.server.directing import DestinationView
from spawngate.server.fleet.database import MissingError
from spawngate.server.management import listed
from spawngate.server.management.answers import Done, Who, gives, item
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.views import deliveries, destinations
from spawngate.server.views.deliveries import RouteRow
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.whole import whole

Name = Annotated[str, Path(min_length=1, max_length=200)]
Fresh = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Text = Annotated[str, Field(max_length=10_000)]
Span = Annotated[str, Field(max_length=20)]


class Trial(msgspec.Struct, frozen=True):
    """What became of a marked test."""

    delivered: bool
    state: str
    reason: str


class MuteBody(BaseModel):
    """Times in which nothing is told: docs/routing.md."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[list[Annotated[str, Field(max_length=10)]], Field(max_length=7)] = []
    dates: Annotated[list[Annotated[str, Field(max_length=30)]], Field(max_length=400)] = []
    begin: Annotated[str, Field(max_length=10)] = "00:00"
    end: Annotated[str, Field(max_length=10)] = "24:00"
    zone: Annotated[str, Field(max_length=100)] = "UTC"


class RouteBody(BaseModel):
    """A route: docs/routing.md says what each setting means. What is left out has its default."""

    model_config = ConfigDict(extra="forbid")

    destination: Annotated[str, Field(max_length=200)]
    match: Text = ""
    min_severity: Literal["info", "low", "medium", "high", "critical"] = "info"
    group_by: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=8)] | None = None
    group_wait: Span | None = None
    group_interval: Span | None = None
    repeat_interval: Span | None = None
    close_after: Span | None = None
    digest: Span | None = None
    limit: Span | None = None
    mute: Annotated[list[MuteBody], Field(max_length=50)] = []
    console: Annotated[str, Field(max_length=2_000)] = ""
    enabled: bool = True


class DestinationBody(BaseModel):
    """A destination: every setting that is to be set. A secret that is given as `(set)`, as the answers show it, stays
    what it is, while nothing changes that says where it travels."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(max_length=50, json_schema_extra={"enum": sorted(DESTINATIONS)})]
    settings: dict[str, Any] = {}


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("routing")
    control = services.control

    listed.add(
        made, services, "/routes", Permission.ROUTES_READ, RouteRow, deliveries.ROUTE_FACETS,
        whole(deliveries.routes_of),
        "Routes by name, with how they stand.",
    )  # fmt: skip

    @made.get("/routes/{route}", responses=gives(RouteText, "The route, without defaults."))
    @needs(Permission.ROUTES_READ)
    def get_route(route: Name) -> Response:
        """One route with its settings."""
        held = control.get("route", route)
        if held is None:
            raise MissingError(f"there is no route {route!r}")
        try:
            return item(msgspec.json.decode(held, type=RouteText))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise MissingError("the route is not stored as a route is") from None

    @made.put("/routes/{route}", responses=gives(RouteText, "The route as it is now."))
    @needs(Permission.ROUTES_WRITE)
    def put_route(who: Who, route: Fresh, body: RouteBody) -> Response:
        """Make a route, or give it other settings."""
        given = {key: value for key, value in body.model_dump().items() if value is not None}
        return item(directing.put_route(services, who, {"name": route, **given}))

    @made.delete("/routes/{route}", responses=gives(Done, "It is gone."))
    @needs(Permission.ROUTES_WRITE)
    def remove_route(who: Who, route: Name) -> Response:
        """Take a route away; what waits for it is let go."""
        directing.remove_route(services, who, route)
        return item(Done())

    @made.post("/routes/{route}/test", responses=gives(Trial, "What became of it."))
    @needs(Permission.ROUTES_WRITE)
    def try_route(who: Who, route: Name) -> Response:
        """Send an event that is marked as a test to the destination of a route, now."""
        outcome = dispatching.test(services, who, route)
        return item(Trial(outcome.state == "delivered", outcome.state, outcome.reason))

    @made.post("/routes/{route}/{state}", responses=gives(Done, "It is switched."))
    @needs(Permission.ROUTES_WRITE)
    def switch_route(who: Who, route: Name, state: Literal["on", "off"]) -> Response:
        """Switch a route on or off. What happens while it is off goes to it no more."""
        dispatching.switch(services, who, route, on=state == "on")
        return item(Done())

    listed.add(
        made, services, "/destinations", Permission.ROUTES_READ, DestinationView, destinations.DESTINATION_FACETS,
        whole(_destinations),
        "Destinations by name, without their secrets.",
    )  # fmt: skip

    @made.get("/destinations/{name}", responses=gives(DestinationView, "The destination, without its secrets."))
    @needs(Permission.ROUTES_READ)
    def get_destination(name: Name) -> Response:
        """One destination."""
        return item(directing.destination(services, name))

    @made.put("/destinations/{name}", responses=gives(DestinationView, "The destination as it is now."))
    @needs(Permission.ROUTES_WRITE)
    def put_destination(who: Who, name: Fresh, body: DestinationBody) -> Response:
        """Make a destination, or give it other settings. What names files of the server is set on its machine; what
        lies inside of the network only as far as `server.internal_destinations` lets it be."""
        return item(directing.put_destination(services, who, name, body.type, body.settings))

    @made.delete("/destinations/{name}", responses=gives(Done, "It is gone."))
    @needs(Permission.ROUTES_WRITE)
    def remove_destination(who: Who, name: Name) -> Response:
        """Take a destination away that no route names."""
        directing.remove_destination(services, who, name)
        return item(Done())

    return made


def _destinations(services: Services, filters: Filters, *, facets: bool = True) -> Listing[DestinationView]:
    found = destinations.destinations_of(services, filters, facets=facets)
    held = {each.name: each for each in directing.destinations(services)} if found.rows else {}
    rows = tuple(held[each.name] for each in found.rows if each.name in held)
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)
