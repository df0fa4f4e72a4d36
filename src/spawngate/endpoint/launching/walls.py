"""SHELL. What the relay tells of the walls around a server: which hold, and what was refused on the way out.

Must not be here: how a server is to be confined (`confining`), which walls there are (native/jail.c).
"""

from typing import Annotated

import msgspec

from spawngate.endpoint.launching.desk import Desk, PreparedLaunch
from spawngate.endpoint.launching.requests import AGENT, answer, understood
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json
from spawngate.policy.confinement import not_held
from spawngate.trail.event import EventType

MOST_LAYERS = 16
MOST_REFUSED = 32
NOT_LET_OUT = "launches.hosts"


class Walled(msgspec.Struct, frozen=True):
    """A granted server runs within these."""

    launch: str
    layers: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True):
    """What a server asked for on its way out and was not given."""

    host: Annotated[str, msgspec.Meta(max_length=253)]
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    why: Annotated[str, msgspec.Meta(max_length=40)] = ""
    times: Annotated[int, msgspec.Meta(ge=1)] = 1


class Egress(msgspec.Struct, frozen=True):
    """Refusals since the last time."""

    launch: str
    refused: tuple[Refused, ...] = ()
    more: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Others, which are not named."""


def confined(desk: Desk, payload: bytes) -> PreparedLaunch:
    """A granted server is held. Raises NotUnderstoodError."""
    asked = understood(payload, Walled)
    running = desk.records.running.get(asked.launch)
    empty = answer({})
    if running is None:
        return PreparedLaunch(AGENT, None, Decision(Verdict.ALLOW), empty, (), refused=empty)
    layers = tuple(desk.redactor.text(layer[:40]).text for layer in asked.layers[:MOST_LAYERS])
    desk.records.start(msgspec.structs.replace(running, layers=layers))
    detail: dict[str, Json] = {
        "what": "confined",
        "fingerprint": running.fingerprint,
        "layers": list(layers),
        "not_held": list(not_held(layers, running.sandbox)),
    }
    event = desk.event(EventType.LAUNCH, running, detail)
    return PreparedLaunch(running.agent or AGENT, None, Decision(Verdict.ALLOW), empty, (event,), refused=empty)


def refused(desk: Desk, payload: bytes) -> PreparedLaunch:
    """What was refused on the way out. Raises NotUnderstoodError."""
    asked = understood(payload, Egress)
    running = desk.records.running.get(asked.launch)
    empty = answer({})
    if running is None or not asked.refused:
        return PreparedLaunch(AGENT, None, Decision(Verdict.ALLOW), empty, (), refused=empty)
    hosts: list[Json] = [
        {
            "host": desk.redactor.text(each.host).text,
            "port": each.port,
            "why": desk.redactor.text(each.why).text,
            "times": each.times,
        }
        for each in asked.refused[:MOST_REFUSED]
    ]
    detail: dict[str, Json] = {
        "what": "egress-refused",
        "fingerprint": running.fingerprint,
        "hosts": hosts,
        "more": asked.more + max(0, len(asked.refused) - MOST_REFUSED),
        "probe": running.probe,
    }
    count = sum(each.times for each in asked.refused) + asked.more
    names = ", ".join(dict.fromkeys(str(each["host"]) for each in hosts[:3] if isinstance(each, dict)))
    message = f"{running.name!r} asked for hosts that it may not reach, {count} in all: {names}."
    decision = Decision(Verdict.DENY, reasons=(NOT_LET_OUT,), message=message, mode=Mode.ENFORCE)
    event = desk.event(EventType.LAUNCH, running, detail, message, decision)
    return PreparedLaunch(running.agent or AGENT, None, decision, empty, (event,), refused=empty)
