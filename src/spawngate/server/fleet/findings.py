"""SHELL. Findings as work: who looks after one, until when, how far that is.

Must not be here: opening and closing (`inventory`), judgements of many (`suppressions`), lists (`server.views`).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection, select, tuple_, update

from spawngate.model.errors import UsageError
from spawngate.model.snapshot import Difference
from spawngate.server.fleet.tables import FINDINGS

STATES = ("open", "acknowledged", "in-progress", "resolved")
"""What people set. `resolved` is a person's word: a rule that still says it opens the finding again when it closes and
comes back."""
MOST = 5_000
"""Findings of one act."""
LONGEST_OWNER = 200
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_F = FINDINGS.c
_PART = 300

Key = tuple[str, str]
"""Endpoint, and the finding's fingerprint."""


class Work(msgspec.Struct, frozen=True):
    """What is to be set; None leaves a value as it is."""

    owner: str | None = None
    due: str | None = None
    """2026-11-21, or empty for none."""
    state: str | None = None


def work_of(fields: Mapping[str, str], *, whole: bool = False) -> Work:
    """What a form or a request says: an empty owner or due date leaves it, `-` takes it away. Raises UsageError.

    `whole`: the form shows what is there, so that an empty one takes it away.
    """
    owner, due, state = (fields.get(name, "").strip() for name in ("owner", "due", "state"))
    if len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise UsageError(f"an owner is a name of at most {LONGEST_OWNER} characters")
    if due not in ("", "-") and not _is_day(due):
        raise UsageError("a due date is a day: 2026-12-31")
    if state and state not in STATES:
        raise UsageError(f"a state is one of {', '.join(STATES)}")
    if whole:
        owner, due = owner or "-", due or "-"
    return Work(
        None if not owner else "" if owner == "-" else owner,
        None if not due else "" if due == "-" else due,
        state or None,
    )


def change(
    connection: Connection, keys: Sequence[Key], teams: frozenset[int] | None, work: Work
) -> dict[Key, tuple[Difference, ...]]:
    """Set what is to be set on findings of these teams: what changed, by finding. Others' are left alone.

    Raises UsageError where nothing is to be set, or for too many at once.
    """
    wanted = {name: value for name, value in msgspec.structs.asdict(work).items() if value is not None}
    if not wanted:
        raise UsageError("nothing is to be set: give an owner, a due date or a state")
    if len(keys) > MOST:
        raise UsageError(f"at most {MOST:,} findings at once: narrow the list")
    changed: dict[Key, tuple[Difference, ...]] = {}
    for at in range(0, len(keys), _PART):
        mine = [tuple_(_F.endpoint, _F.fingerprint).in_(list(keys[at : at + _PART]))]
        if teams is not None:
            mine.append(_F.team.in_(sorted(teams)))
        asked = select(_F.endpoint, _F.fingerprint, _F.owner, _F.due, _F.state).where(*mine)
        rows = connection.execute(asked.order_by(_F.endpoint, _F.fingerprint)).all()
        for row in rows:
            before = row._asdict()
            found = tuple(
                Difference(name, before[name], value) for name, value in wanted.items() if before[name] != value
            )
            if found:
                changed[row.endpoint, row.fingerprint] = found
        connection.execute(update(FINDINGS).where(*mine).values(wanted))
    return changed


def _is_day(text: str) -> bool:
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
