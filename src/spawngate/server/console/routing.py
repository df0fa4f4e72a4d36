"""The pages of routes and destinations: which events go where, and the forms that make and change both.

A form that is refused is shown again with what was typed, but for secrets, and says what is wrong.
Must not be here: what settings mean (`routing`), what is done with them (`server.directing`, `server.dispatching`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from spawngate.model.errors import UsageError
from spawngate.routing.destinations import DESTINATIONS
from spawngate.routing.destinations import destination as destination_type
from spawngate.routing.facts import SEVERITIES
from spawngate.routing.fields import fields, filled
from spawngate.routing.route import RouteText
from spawngate.routing.settings import SettingsError
from spawngate.server import directing, dispatching
from spawngate.server.access.guard import fields_of, form_of, principal_of, require
from spawngate.server.access.roles import Permission
from spawngate.server.console import lists, page
from spawngate.server.console.lists import ListPage
from spawngate.server.console.navigation import back_to
from spawngate.server.fleet.database import ConflictError
from spawngate.server.services import Services
from spawngate.server.views import deliveries, destinations
from spawngate.server.views.whole import whole

ROUTES = ListPage(
    path="/routes",
    name="routes",
    title="Routes",
    template="routes.html",
    permission=Permission.ROUTES_READ,
    facets=deliveries.ROUTE_FACETS,
    row=deliveries.RouteRow,
    ask=whole(deliveries.routes_of),
)
DESTINATIONS_LIST = ListPage(
    path="/destinations",
    name="destinations",
    title="Destinations",
    template="destinations.html",
    permission=Permission.ROUTES_READ,
    facets=destinations.DESTINATION_FACETS,
    row=destinations.DestinationRow,
    ask=whole(destinations.destinations_of),
    active="routes",
)
TYPES = tuple(
    (name, found.title or name, found.kind)
    for name, found in ((name, destination_type(name)) for name in DESTINATIONS)
    if name != "ocsf-file"
)  # fmt: skip
"""Types that can be made here: name, title, kind. A file of the server is named on its machine alone."""
_TIMES = ("group_wait", "group_interval", "repeat_interval", "close_after", "digest", "limit")


def routes(services: Services) -> Sequence[BaseRoute]:
    """/routes and /destinations with their exports and forms; POST /routes/{test,switch,remove},
    /destinations/remove."""

    @require(Permission.ROUTES_WRITE)
    def test(request: Request) -> Response:
        name = fields_of(form_of(request)).get("name", "")
        outcome = dispatching.test(services, principal_of(request), name)
        return page.render(
            request, services, "tested.html", active="routes", title=f"Test of {name}", name=name,
            delivered=outcome.state == "delivered", state=outcome.state, reason=outcome.reason,
        )  # fmt: skip

    @require(Permission.ROUTES_WRITE)
    def switch(request: Request) -> Response:
        given = fields_of(form_of(request))
        if given.get("to") not in ("on", "off"):
            raise UsageError("say whether the route is switched on or off")
        dispatching.switch(services, principal_of(request), given.get("name", ""), on=given["to"] == "on")
        return RedirectResponse(back_to(given.get("back", "/routes")), 303)

    @require(Permission.ROUTES_WRITE)
    def edit_route(request: Request) -> Response:
        name = request.query_params.get("name", "")
        if not name:
            start = {"destination": request.query_params.get("destination", "")}
            return route_form(request, "", start, 200)
        held = directing.loaded(services).table.routes.get(name)
        if held is None:
            raise HTTPException(404, "There is no such route, or it cannot be understood: add it anew.")
        return route_form(request, name, typed_of(held.text), 200)

    def route_form(request: Request, name: str, typed: Mapping[str, str], status: int, problem: str = "") -> Response:
        held = directing.loaded(services)
        return page.render(
            request, services, "route_edit.html", active="routes", title=f"Route {name}" if name else "New route",
            status=status, name=name, typed=typed, problem=problem, severities=tuple(reversed(SEVERITIES)),
            revision=typed.get("revision") or held.revision.decode("ascii", "replace"),
            targets=[(one.name, one.destination.kind) for one in held.table.destinations.values()],
        )  # fmt: skip

    @require(Permission.ROUTES_WRITE)
    def save_route(request: Request) -> Response:
        given = fields_of(form_of(request))
        try:
            directing.put_route(services, principal_of(request), route_of(given), revision=given.get("revision", ""))
        except (SettingsError, ConflictError) as error:
            return route_form(request, given.get("was", ""), given, _status(error), str(error))
        return RedirectResponse("/routes", 303)

    @require(Permission.ROUTES_WRITE)
    def remove_route(request: Request) -> Response:
        directing.remove_route(services, principal_of(request), fields_of(form_of(request)).get("name", ""))
        return RedirectResponse("/routes", 303)

    @require(Permission.ROUTES_WRITE)
    def edit_destination(request: Request) -> Response:
        name, kind = request.query_params.get("name", ""), request.query_params.get("type", "")
        if name:
            return destination_form(request, name, directing.destination(services, name).type, {}, 200)
        if kind not in {known for known, _, _ in TYPES}:
            return page.render(
                request, services, "destination_types.html", active="routes", title="New destination", types=TYPES
            )
        return destination_form(request, "", kind, {}, 200)

    def destination_form(
        request: Request, name: str, kind: str, typed: Mapping[str, str], status: int, problem: str = ""
    ) -> Response:
        held = directing.loaded(services)
        one = held.table.destinations.get(name)
        if name and one is None:
            raise HTTPException(404, "There is no such destination, or it cannot be opened: add it anew.")
        target = destination_type(kind)
        return page.render(
            request, services, "destination_edit.html", active="routes",
            title=f"Destination {name}" if name else f"New destination: {target.title or kind}",
            status=status, name=name, type=kind, about=target, typed=typed, problem=problem,
            fields=fields(target, one.settings if one else None),
            leading=directing.view(one, held).routes if one else (),
            revision=typed.get("revision") or held.revision.decode("ascii", "replace"),
        )  # fmt: skip

    @require(Permission.ROUTES_WRITE)
    def save_destination(request: Request) -> Response:
        given = fields_of(form_of(request))
        kind, was, name = given.get("type", ""), given.get("was", ""), given.get("name", "").strip()
        target = destination_type(kind)
        held = directing.loaded(services).table.destinations
        one = held.get(was) if was else None
        try:
            if not was and name in held:
                raise SettingsError("name", f"there is a destination {name} already: change that one")
            values = filled(target, one.settings if one else None, given)
            directing.put_destination(
                services, principal_of(request), was or name, kind, values, revision=given.get("revision", "")
            )
        except (SettingsError, ConflictError) as error:
            return destination_form(request, was, kind, given, _status(error), str(error))
        return RedirectResponse("/destinations" if was else f"/routes/edit?destination={name}", 303)

    @require(Permission.ROUTES_WRITE)
    def remove_destination(request: Request) -> Response:
        directing.remove_destination(services, principal_of(request), fields_of(form_of(request)).get("name", ""))
        return RedirectResponse("/destinations", 303)

    return [
        *lists.routes(services, ROUTES),
        *lists.routes(services, DESTINATIONS_LIST),
        Route("/routes/edit", edit_route),
        Route("/routes", save_route, methods=["POST"]),
        Route("/routes/test", test, methods=["POST"]),
        Route("/routes/switch", switch, methods=["POST"]),
        Route("/routes/remove", remove_route, methods=["POST"]),
        Route("/destinations/edit", edit_destination),
        Route("/destinations", save_destination, methods=["POST"]),
        Route("/destinations/remove", remove_destination, methods=["POST"]),
    ]


def typed_of(text: RouteText) -> dict[str, str]:
    """A route as its form has it."""
    plain = {key: getattr(text, key) for key in ("name", "destination", "match", "min_severity", "console", *_TIMES)}
    mute = msgspec.json.encode(text.mute).decode() if text.mute else ""
    return {
        **plain, "group_by": ", ".join(text.group_by), "mute": mute, "enabled": "on" if text.enabled else "",
        "grouped": "on",
    }  # fmt: skip


def route_of(given: Mapping[str, str]) -> dict[str, Any]:
    """The settings that a form says. Raises SettingsError."""
    where = f"route.{given.get('was') or given.get('name', '').strip()}"
    found: dict[str, Any] = {
        "name": given.get("was") or given.get("name", "").strip(),
        "destination": given.get("destination", ""),
        "match": given.get("match", "").strip(),
        "min_severity": given.get("min_severity", "info"),
        "console": given.get("console", "").strip(),
        "enabled": bool(given.get("enabled")),
    }
    found |= {name: given[name].strip() for name in _TIMES if given.get(name, "").strip()}
    if "group_by" in given:
        found["group_by"] = [part.strip() for part in given["group_by"].split(",") if part.strip()]
    if given.get("mute", "").strip():
        try:
            found["mute"] = msgspec.json.decode(given["mute"], type=list[dict[str, Any]])
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
            raise SettingsError(f"{where}.mute", "is no list in JSON, as docs/routing.md writes it") from None
    return found


def _status(error: Exception) -> int:
    return 409 if isinstance(error, ConflictError) else 400
