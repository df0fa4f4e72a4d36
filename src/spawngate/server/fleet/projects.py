"""SHELL. Results of code scans, the newest of each project, as they are pushed from builds.

Must not be here: the document (`report.code_json`), lists (`views.projects`).
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, select

from spawngate.model.errors import UsageError
from spawngate.report.code_json import SCHEMA_VERSION, CodeDocument, TreeRecord
from spawngate.server.fleet.database import upsert
from spawngate.server.fleet.endpoints import clean
from spawngate.server.fleet.tables import PROJECTS

GRADES = ("high", "medium", "low", "info", "none")
"""Worst first."""
LONGEST_NAME = 300


class Held(msgspec.Struct, frozen=True):
    """What a push changed."""

    id: int
    grade: str
    before: str
    """The grade until then; empty for a project that is new."""


def read(document: bytes) -> TreeRecord:
    """The only tree of a document that `spawngate code --format json` wrote. Raises UsageError."""
    try:
        found = msgspec.json.decode(document, type=CodeDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"this is no result of `spawngate code --format json` ({_told(error)})") from None
    if found.schema_version != SCHEMA_VERSION:
        raise UsageError(f"schema version {found.schema_version} is not understood here, only {SCHEMA_VERSION}")
    if len(found.trees) != 1:
        raise UsageError(f"this result is of {len(found.trees)} folders; push one at a time")
    (tree,) = found.trees
    if tree.since is not None:
        raise UsageError("this result compares with a revision; push that of a whole scan")
    return tree


def hold(connection: Connection, team: int, name: str, revision: str, tree: TreeRecord, now: str) -> Held:
    """Keep a result in the place of the one before."""
    same = (PROJECTS.c.team == team) & (PROJECTS.c.name == name)
    before = connection.execute(select(PROJECTS.c.grade).where(same)).scalar()
    counted = [finding for finding in tree.findings if not finding.suppressed]
    grades = [finding.grade for finding in counted if finding.grade in GRADES]
    grade = min(grades, key=GRADES.index, default="none")
    values: dict[str, Any] = {
        "revision": clean(revision)[:100],
        "scanned_at": now,
        "grade": grade,
        "high": grades.count("high"),
        "paths": sum(each in GRADES[:3] for each in grades),
        "launches": sum(site.site.kind == "launch" for site in tree.sites),
        "accepting": sum(site.made_of == "external" for site in tree.sites),
        "incomplete": tree.incomplete,
        "result": clean(msgspec.to_builtins(tree)),
    }
    statement = upsert(connection, PROJECTS).values(team=team, name=name, **values)
    statement = statement.on_conflict_do_update(index_elements=["team", "name"], set_=values)
    connection.execute(statement)
    id_ = connection.execute(select(PROJECTS.c.id).where(same)).scalar_one()
    return Held(int(id_), grade, before or "")


def forget(connection: Connection, team: int, name: str) -> bool:
    """Delete what is kept of a project; whether there was something."""
    same = (PROJECTS.c.team == team) & (PROJECTS.c.name == name)
    return bool(connection.execute(delete(PROJECTS).where(same)).rowcount)


def _told(error: Exception) -> str:
    return str(error)[:200] if isinstance(error, msgspec.ValidationError) else "it is no JSON"
