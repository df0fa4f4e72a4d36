"""SHELL. What owners do with what is kept: legal holds, the same from the console and the API, and its record.

Must not be here: HTTP, which days go (`trail.retention`), deleting them (`server.store`), retention (`administering`).
"""

import re

import msgspec

from spawngate.model.errors import UsageError
from spawngate.server.access.principal import Principal
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet.database import MissingError
from spawngate.server.services import Services
from spawngate.server.store.port import Item
from spawngate.trail.retention import Hold, is_day

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,98}[A-Za-z0-9]|[A-Za-z0-9]")
LONGEST = 2_000
"""Characters of a reason."""
MOST = 1_000
"""Holds."""
UNREADABLE = "cannot be read, and keeps everything"


class HoldView(msgspec.Struct, frozen=True):
    """One legal hold."""

    name: str
    since: str
    """First day that it keeps; empty: from the first one on."""
    until: str
    """Last day; empty: without end."""
    reason: str
    by: str
    at: str


def holds(services: Services) -> tuple[HoldView, ...]:
    """Every hold by name. One that cannot be read keeps everything. Raises StoreError."""
    return tuple(
        HoldView(item.name, held.since, held.until, held.reason, held.by, held.at)
        for item in services.control.items("hold", limit=10_000)
        for held in (read(item.value),)
    )


def read(value: bytes) -> Hold:
    """A hold as it is stored; one that is none stands for a hold over everything."""
    try:
        return msgspec.json.decode(value, type=Hold)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Hold(reason=UNREADABLE)


def hold(services: Services, who: Principal, name: str, *, since: str, until: str, reason: str) -> HoldView:
    """Keep days whatever the retention says. Over a hold of the same name. Raises UsageError, StoreError."""
    if not NAME.fullmatch(name):
        raise UsageError("a hold's name is of letters, digits, '.', '_', '-' and blanks, at most 100 characters")
    for day in (since, until):
        if day and not is_day(day):
            raise UsageError("a day of a hold is written 2026-11-21")
    if since and until and until < since:
        raise UsageError("the hold ends before it begins: it would keep nothing")
    if not reason.strip() or len(reason) > LONGEST:
        raise UsageError(f"say why in 1 to {LONGEST} characters")
    held = services.control.get("hold", name)
    if held is None and len(services.control.items("hold", limit=MOST)) >= MOST:
        raise UsageError(f"there are at most {MOST} holds")
    before = None if held is None else read(held)
    made = Hold(since, until, reason.strip(), who.name, services.now())
    recorded(
        services, who, kind="hold", id=name, name=name, action="set" if before is None else "changed",
        differences=[
            changed(key, getattr(before, key, None) or None, getattr(made, key) or None)
            for key in ("since", "until", "reason")
            if getattr(before, key, "") != getattr(made, key)
        ],
    )  # fmt: skip
    services.control.put(Item("hold", name, msgspec.json.encode(made)))
    return HoldView(name, made.since, made.until, made.reason, made.by, made.at)


def lift(services: Services, who: Principal, name: str) -> None:
    """Lift a hold: what it kept goes as the retention says, within a minute. Raises MissingError, StoreError."""
    if services.control.get("hold", name) is None:
        raise MissingError(f"there is no hold {name!r}")
    recorded(services, who, kind="hold", id=name, name=name, action="lifted")
    if not services.control.remove("hold", name):
        raise MissingError(f"there is no hold {name!r}")
