"""What changed in the set-up of routes and destinations, as subjects of administration events.

Secrets are known by a digest only, and of a change the event says no more than that there was one.
Must not be here: where the last set-up is kept (`server.deliver.setup`).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from spawngate.model.json import Json
from spawngate.model.snapshot import Difference
from spawngate.routing.route import RouteText
from spawngate.routing.settings import SHOWN, secret_fields
from spawngate.routing.table import Table
from spawngate.trail.diff import compare_values
from spawngate.trail.event import SubjectRecord, plain, subject_of

Described = Mapping[str, Mapping[str, Json]]
"""Settings by `route/NAME` and `destination/NAME`."""
_DIGEST = "\0digest:"
CHANGED = "(changed)"


def described(table: Table) -> dict[str, dict[str, Json]]:
    """A table as it can be compared. Holds digests of secrets: keep it sealed, send it nowhere."""
    found: dict[str, dict[str, Json]] = {}
    for name, target in table.destinations.items():
        hidden = secret_fields(type(target.settings))
        values: dict[str, Json] = {"type": target.destination.name}
        for key in target.settings.__struct_fields__:
            value: Any = msgspec.to_builtins(getattr(target.settings, key))
            values[key] = plain(_digest(value) if key in hidden else value)
        found[f"destination/{name}"] = {key: value for key, value in values.items() if value not in ("", [], {}, None)}
    for name, route in table.routes.items():
        found[f"route/{name}"] = described_route(route.text)
    return found


def described_route(text: RouteText) -> dict[str, Json]:
    """A route as it can be compared."""
    return {key: plain(value) for key, value in msgspec.to_builtins(text).items()}


def changes(before: Described, after: Described) -> tuple[SubjectRecord, ...]:
    """What was created, changed and removed, by name, with old and new values by path."""
    found = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, {}), after.get(key, {})
        differences = tuple(map(_told, compare_values(old, new)))
        if not differences:
            continue
        kind, _, name = key.partition("/")
        action = "created" if key not in before else "removed" if key not in after else "changed"
        found.append(subject_of(kind, name, name, action, differences))
    return tuple(found)


def _told(difference: Difference) -> Difference:
    secret = [_is_secret(value) for value in (difference.old, difference.new)]
    if not any(secret):
        return difference
    if all(secret):
        return Difference(difference.path, SHOWN, CHANGED)
    return Difference(difference.path, SHOWN if secret[0] else None, SHOWN if secret[1] else None)


def _is_secret(value: Json) -> bool:
    return isinstance(value, str) and value.startswith(_DIGEST)


def _digest(value: Any) -> str:
    if not value:
        return ""
    return _DIGEST + hashlib.sha256(msgspec.json.encode(value)).hexdigest()
