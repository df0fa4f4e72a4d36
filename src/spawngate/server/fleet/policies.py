"""SHELL. Revisions of policies: drafts, those that are ready to be rolled out, those that are over.

    draft -> ready -> retired
    draft -> retired

A revision never changes; an edit makes another one. Must not be here: what the files mean (`policy.folder`), which
revision is in force where (`rolling`), telling the trail (`server.governing`).
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from spawngate.model.errors import UsageError
from spawngate.policy.folder import Report
from spawngate.server.fleet import rows
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.tables import POLICIES, ROLLOUTS

LONGEST_COMMENT = 1_000
RESERVED = ("new",)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
P = POLICIES.c


class Revision(msgspec.Struct, frozen=True):
    """One revision."""

    id: int
    name: str
    files: Mapping[str, str]
    digest: str
    state: str
    comment: str
    created_by: str
    created_at: str
    report: Report


def save(
    connection: Connection, name: str, files: Mapping[str, str], report: Report, *, comment: str, by: str, now: str
) -> tuple[Revision, bool]:
    """A draft, and whether it is new: equal files as those of the newest revision are that revision. Raises UsageError
    for a name that is none. A draft may be wrong; its report says so."""
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise UsageError("a policy's name is of small letters, digits and hyphens, at most 100")
    digest = digest_of(files)
    latest = newest(connection, name)
    if latest is not None and latest.digest == digest and latest.state != "retired":
        return latest, False
    values = {
        "name": name,
        "files": dict(files),
        "digest": digest,
        "state": "draft",
        "comment": " ".join(comment.split())[:LONGEST_COMMENT],
        "created_by": by,
        "created_at": now,
        "report": msgspec.to_builtins(report),
    }
    number = connection.execute(insert(POLICIES).values(values).returning(P.id)).scalar_one()
    return get(connection, name, number), True


def ready(connection: Connection, name: str, number: int, report: Report) -> Revision:
    """Let a draft be rolled out. Raises UsageError where its report says that it must not, MissingError."""
    there = get(connection, name, number)
    if there.state == "ready":
        return there
    if there.state != "draft":
        raise ConflictError(f"revision {number} is {there.state}")
    if report.obstacle:
        raise UsageError(f"revision {number} of {name} cannot come into force: {report.obstacle}")
    values = {"state": "ready", "report": msgspec.to_builtins(report)}
    connection.execute(update(POLICIES).where(P.id == number).values(values))
    return get(connection, name, number)


def retire(connection: Connection, name: str, number: int) -> Revision:
    """Let a revision be rolled out no more. Raises ConflictError where it is in force, MissingError."""
    there = get(connection, name, number)
    live = select(ROLLOUTS.c.id).where(ROLLOUTS.c.policy == number, ROLLOUTS.c.ended_at == "").limit(1)
    if connection.execute(live).first():
        raise ConflictError("it is in force: end its roll-outs first")
    connection.execute(update(POLICIES).where(P.id == number).values(state="retired"))
    return msgspec.structs.replace(there, state="retired")


def get(connection: Connection, name: str, number: int) -> Revision:
    """One revision. Raises MissingError where there is none."""
    row = connection.execute(select(POLICIES).where(P.id == number, P.name == name)).first()
    if row is None:
        raise MissingError(f"there is no revision {number} of a policy {name!r}")
    return _revision(row)


def newest(connection: Connection, name: str) -> Revision | None:
    """The newest revision of a name; None where there is none."""
    row = connection.execute(select(POLICIES).where(P.name == name).order_by(P.id.desc()).limit(1)).first()
    return None if row is None else _revision(row)


def digest_of(files: Mapping[str, str]) -> str:
    """SHA-256 over names and texts."""
    told = msgspec.json.encode(sorted(files.items()))
    return hashlib.sha256(told).hexdigest()


def report_of(stored: Any) -> Report:
    """A report as it is stored; an empty one where it is of another version."""
    try:
        return msgspec.convert(stored, Report)
    except msgspec.ValidationError:
        return Report(problem="it was checked by another version: save it again")


def _revision(row: Row[Any]) -> Revision:
    given = rows.plain(row)
    files = {str(name): str(text) for name, text in dict(given["files"]).items()}
    return Revision(**{**given, "files": files, "report": report_of(given["report"])})
