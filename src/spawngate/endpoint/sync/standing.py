"""SHELL. How the endpoint stands with its fleet, for `spawngate status`.

Must not be here: how its agents stand (`endpoint.protect.standing`), output.
"""

from pathlib import Path

from spawngate.endpoint.sync import enrolment, kept
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.sync.bundle import days_old
from spawngate.trail.moment import stamp


def fleet(state: Path) -> dict[str, Json]:
    """The server, the id there, and how it goes; nothing where this endpoint is not enrolled."""
    try:
        held = enrolment.load(state)
    except StateError as error:
        held, problem = None, str(error)
    else:
        problem = ""
    if held is None and not problem:
        return {}
    status = kept.status(state)
    return {
        "server": "" if held is None else held.reach.server,
        "endpoint": "" if held is None else held.endpoint,
        "team": "" if held is None else held.team,
        "last_contact": status.last_contact,
        "problem": problem or status.problem,
        "refused": status.refused,
        "bundle": status.bundle,
        "vouched": status.vouched,
        "stale": bool(status.stale_days) and days_old(status.vouched, stamp(now())) >= status.stale_days,
        "backlog": status.backlog,
        "dropped": dict(status.dropped),
    }
