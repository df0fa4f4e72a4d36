"""Destinations and routes as a file says them, understood and checked as a whole.

    [destination.security]
    type = "slack"
    url = { env = "SLACK_URL" }

    [[route]]
    name = "denies"
    match = "verdict:deny"
    destination = "security"

Must not be here: reading files and variables (the shell hands in what references stand for), storage, sealing.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from spawngate.model.errors import UsageError
from spawngate.routing.destination import Destination
from spawngate.routing.destinations import destination as destination_type
from spawngate.routing.route import NAME, Route, RouteText, understand
from spawngate.routing.settings import Settings, SettingsError, decode

LONGEST = 1 << 20
MOST = 200
"""Destinations, and routes."""


@dataclass(frozen=True, slots=True)
class Named:
    """A destination with its settings."""

    name: str
    destination: Destination
    settings: Settings
    values: Mapping[str, Any] = field(default_factory=dict)
    """The settings as they were given, references resolved, `type` left out."""


@dataclass(frozen=True, slots=True)
class Table:
    """Destinations by name, and routes by name in the order they were written."""

    destinations: Mapping[str, Named] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)

    def select(self, record: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the notify routes that an event goes to. Streams follow the store by themselves."""
        return tuple(name for name, route in self.routes.items() if route.kind == "notify" and route.takes(record))

    def zones(self) -> frozenset[str]:
        """Names of the time zones that mute times name."""
        return frozenset(mute.zone for route in self.routes.values() for mute in route.text.mute)


def parse(text: str, resolve: Callable[[str, Mapping[str, Any]], str], known: Iterable[Named] = ()) -> Table:
    """The table of a TOML document. Raises SettingsError with the place of the first thing that is wrong.

    `resolve(where, reference)` gives the text that `{ env = "NAME" }` or `{ file = "/path" }` stands for.
    `known`: destinations that are there already, for routes that name them.
    """
    if len(text) > LONGEST:
        raise SettingsError("", f"routes are at most {LONGEST} characters")
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("", f"this is no TOML: {error}") from None
    except RecursionError:
        raise SettingsError("", "this is nested too deep") from None
    unknown = sorted(set(given) - {"destination", "route"})
    if unknown:
        raise SettingsError(unknown[0], "there are [destination.NAME] and [[route]]")
    destinations = {one.name: one for one in known}
    for name, values in _tables(given.get("destination", {})):
        destinations[name] = named(name, _resolved(values, f"destination.{name}", resolve))
    routes = understood(_routes(given.get("route", [])), destinations)
    if len(destinations) > MOST or len(routes) > MOST:
        raise SettingsError("", f"there are at most {MOST} destinations and {MOST} routes")
    return Table(destinations, routes)


def named(name: str, values: Mapping[str, Any]) -> Named:
    """A destination from its values, `type` among them. Raises SettingsError."""
    where = f"destination.{name}"
    if not NAME.fullmatch(name):
        raise SettingsError(where, "a name is of a-z, 0-9, '.', '_' and '-', at most 63 characters")
    kind = values.get("type")
    if not isinstance(kind, str):
        raise SettingsError(f"{where}.type", "a destination names its type")
    try:
        found = destination_type(kind)
    except UsageError as error:
        raise SettingsError(f"{where}.type", str(error)) from None
    rest = {key: value for key, value in values.items() if key != "type"}
    return Named(name, found, decode(found.settings, rest, where), rest)


def understood(texts: Iterable[tuple[str, RouteText]], destinations: Mapping[str, Named]) -> dict[str, Route]:
    """Routes by name. Raises SettingsError."""
    routes: dict[str, Route] = {}
    for where, text in texts:
        target = destinations.get(text.destination)
        if target is None:
            names = ", ".join(sorted(destinations)) or "none"
            raise SettingsError(
                f"{where}.destination", f"there is no destination {text.destination!r}; there is {names}"
            )
        if text.name in routes:
            raise SettingsError(f"{where}.name", f"there are two routes {text.name!r}")
        routes[text.name] = understand(text, target.destination.kind, target.destination.name, where)
    return routes


def _tables(given: object) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if not isinstance(given, dict):
        raise SettingsError("destination", "must be tables: [destination.NAME]")
    for name, values in given.items():
        if not isinstance(values, dict):
            raise SettingsError(f"destination.{name}", "must be a table")
        yield name, values


def _routes(given: object) -> Iterable[tuple[str, RouteText]]:
    if not isinstance(given, list):
        raise SettingsError("route", "must be an array of tables: [[route]]")
    for index, values in enumerate(given):
        where = f"route[{index}]"
        if isinstance(values, dict) and isinstance(values.get("name"), str):
            where = f"route.{values['name']}"
        yield where, route_text(where, values)


def route_text(where: str, values: object) -> RouteText:
    """A route as a table writes it. Raises SettingsError."""
    try:
        return msgspec.convert(values, RouteText)
    except msgspec.ValidationError as error:
        problem, _, at = str(error).partition(" - at `$")
        problem = problem.replace("Object contains unknown field", "there is no setting")
        problem = problem.replace("Object missing required field", "a setting is missing:")
        if "there is no setting" in problem:
            problem += f"; there are {', '.join(sorted(RouteText.__struct_fields__))}"
        raise SettingsError(f"{where}{at.rstrip('`')}", problem) from None


def _resolved(
    values: Mapping[str, Any], where: str, resolve: Callable[[str, Mapping[str, Any]], str]
) -> dict[str, Any]:
    """The values with what references stand for; a mapping of one key `env` or `file` is a reference."""

    def one(value: Any, place: str) -> Any:
        if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in ("env", "file"):
            return resolve(place, value)
        if isinstance(value, list):
            return [one(item, f"{place}[{index}]") for index, item in enumerate(value)]
        if isinstance(value, dict):
            return {name: one(item, f"{place}.{name}") for name, item in value.items()}
        return value

    return {name: one(value, f"{where}.{name}") for name, value in values.items()}
