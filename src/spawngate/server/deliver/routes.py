"""SHELL. Routes and destinations in the control store: added from a file, loaded as a whole, settings sealed.

Must not be here: what a file may say (`routing.table`), delivering (`worker`).
"""

import getpass
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from spawngate.model.errors import SpawngateError, UsageError
from spawngate.routing.facts import decode
from spawngate.routing.route import Route, RouteText
from spawngate.routing.settings import SettingsError
from spawngate.routing.table import Named, Table, named, parse, understood
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.store.port import ControlStore, Entry, Item, OutboxEntry

CHANGED_BY = "routes-changed-by"
"""Setting: the user who changed routes last."""
REVISION = "routes-revision"
"""Setting that changes with every change of routes, so that a running worker sees it."""
ALTERED = (
    "was altered in the store by somebody without its key, and is not used until it is set anew; see `audit verify`"
)
"""What is said of such a route or destination."""
_LARGEST = 1 << 20
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the control store holds, understood as far as it can be."""

    table: Table
    problems: Mapping[str, str] = field(default_factory=dict)
    """Destinations and routes that cannot be used, and why: `destination.chat`, `route.denies`."""
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    revision: bytes = b""


def load(control: ControlStore, sealer: Sealer) -> Loaded:
    """Every destination and route. One that cannot be used is named and keeps its good neighbours."""
    revision = control.get("setting", REVISION) or b""
    problems: dict[str, str] = {}
    destinations: dict[str, Named] = {}
    for item in control.items("destination", limit=_MOST):
        if item.altered:
            problems[f"destination.{item.name}"] = ALTERED
            continue
        try:
            values = decode(sealer.open(item.value, f"destination.{item.name}"))
            destinations[item.name] = named(item.name, values)
        except SpawngateError as error:
            problems[f"destination.{item.name}"] = str(error)
    table = Table(destinations)
    zones: dict[str, tzinfo] = {}
    routes: dict[str, Route] = {}
    for item in control.items("route", limit=_MOST):
        where = f"route.{item.name}"
        if item.altered:
            problems[where] = ALTERED
            continue
        try:
            text = msgspec.json.decode(item.value, type=RouteText)
            routes |= understood([(where, text)], destinations)
            zones |= zones_of(mute.zone for mute in text.mute)
        except msgspec.DecodeError:
            problems[where] = "is not stored as a route is"
        except SpawngateError as error:
            problems[where] = str(error)
            routes.pop(item.name, None)
    table = Table(destinations, routes)
    return Loaded(table, problems, zones, revision)


def zones_of(names: Iterable[str]) -> dict[str, tzinfo]:
    """The time zones of these names. Raises UsageError for one that this machine does not know."""
    found: dict[str, tzinfo] = {}
    for name in names:
        try:
            found[name] = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(f"mute: there is no time zone {name!r} on this machine") from None
    return found


def add(control: ControlStore, sealer: Sealer, text: str, environment: Mapping[str, str]) -> Table:
    """Store what a file says, over what has the same names. Raises UsageError; then nothing was changed."""
    table = checked(control, sealer, text, environment)
    store(control, sealer, table, _by())
    return table


def store(control: ControlStore, sealer: Sealer, table: Table, by: Item, *more: Item) -> None:
    """Store destinations and routes that were checked, over what has their names, and more with them. `by`: see
    `changed_by`."""
    items = [
        Item("destination", one.name, sealer.seal(_encoded(one), f"destination.{one.name}"))
        for one in table.destinations.values()
    ]
    items += [Item("route", name, msgspec.json.encode(route.text)) for name, route in table.routes.items()]
    control.put(*items, *more, by, changed())


def checked(control: ControlStore, sealer: Sealer, text: str, environment: Mapping[str, str]) -> Table:
    """What a file would add to what is there. Raises UsageError with the first thing that is wrong."""
    there = load(control, sealer).table

    def resolve(where: str, reference: Mapping[str, Any]) -> str:
        return _resolved(where, reference, environment)

    table = parse(text, resolve, there.destinations.values())
    zones_of(table.zones())
    fresh = {name: one for name, one in table.destinations.items() if there.destinations.get(name) is not one}
    fits(there, table.destinations)
    if not fresh and not table.routes:
        raise UsageError("the file holds no [destination.NAME] and no [[route]]")
    return Table(fresh, table.routes)


def fits(there: Table, destinations: Mapping[str, Named]) -> None:
    """Raises SettingsError where routes that stay do not fit destinations that change: a stream in the place of a chat
    would not."""
    merged = {**there.destinations, **destinations}
    understood([(f"route.{name}", route.text) for name, route in there.routes.items()], merged)


def remove(
    control: ControlStore, name: str, *, destination: bool = False, by: Item | None = None, more: Sequence[Item] = ()
) -> None:
    """Take a route (or a destination that no route names) away, and store more with that. Raises UsageError where it is
    not there or is named."""
    if destination:
        users = [
            item.name for item in control.items("route", limit=_MOST) if decode(item.value).get("destination") == name
        ]
        if users:
            raise UsageError(f"destination {name} is named by {', '.join(sorted(users))}; remove these first")
    kind = "destination" if destination else "route"
    if not control.remove("destination" if destination else "route", name):
        raise UsageError(f"there is no {kind} {name!r}")
    control.put(*more, by or _by(), changed())


def changed_by(user: str) -> Item:
    """Says who changed routes, for the worker that tells the trail."""
    return Item("setting", CHANGED_BY, user.encode("utf-8", "replace"))


def _by() -> Item:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return changed_by(user)


def outbox(entries: Sequence[Entry], table: Table, due: str) -> tuple[OutboxEntry, ...]:
    """The outbox rows of a batch, for the same commit. `due`: now, RFC 3339."""
    if not any(route.kind == "notify" for route in table.routes.values()):
        return ()
    return tuple(OutboxEntry(name, entry.key, due) for entry in entries for name in table.select(decode(entry.record)))


def _encoded(one: Named) -> bytes:
    return msgspec.json.encode({"type": one.destination.name, **one.values})


def changed() -> Item:
    """Tells running workers to look at routes and dead letters again."""
    return Item("setting", REVISION, os.urandom(8).hex().encode())


def _resolved(where: str, reference: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """What `{ env = "NAME" }` or `{ file = "/path" }` stands for. The text of a file loses its last line break."""
    kind, name = next(iter(reference.items()))
    if not isinstance(name, str):
        raise SettingsError(where, f"{kind} must be a text")
    if kind == "env":
        value = environment.get(name)
        if not value:
            raise SettingsError(where, f"the variable {name} is not set")
        return value
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise SettingsError(where, f"the file cannot be read ({getattr(error, 'strerror', 'no path')})") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SettingsError(where, "the file is none")
        return os.read(descriptor, _LARGEST).decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SettingsError(where, "the file is no text") from None
    finally:
        os.close(descriptor)


def read_file(path: Path) -> str:
    """The text of a file of routes. Raises UsageError."""
    try:
        if not path.is_file():
            raise UsageError(f"{path}: there is no such file")
        data = path.read_bytes()[: _LARGEST + 1]
        return data.decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is no text in UTF-8") from None
