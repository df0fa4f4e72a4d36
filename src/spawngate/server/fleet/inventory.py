"""SHELL. What endpoints hold: the documents of `scan --format json` as rows, compared with what was there before.

A document replaces what is held of its endpoint: rows that are gone are deleted, findings that a rule no longer says
are closed and stay with what people noted about them. Texts come from endpoints and are hostile: cut to what columns
hold.
Must not be here: reading pages (`server.views`), how a document travels (`server.intake`).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from spawngate.server.fleet.database import Upsert, upserting
from spawngate.server.fleet.endpoints import clean
from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS, FINDINGS, SERVERS
from spawngate.sync.inventory import InventoryError, lasting

MOST_ARTIFACTS = 20_000
MOST_FINDINGS = 20_000
LONGEST_NAME = 300
"""Characters of a name: it stands in an index, whose rows a database bounds."""
LONGEST_ID, LONGEST_FINGERPRINT = 200, 100
"""Characters and bytes of texts that name a row: both are digests of ours, and longer ones fit in no index."""
LONGEST_TEXT = 4_000
"""Characters of a name or path that is a column."""
_PART = 400
"""Rows of one statement."""


class _Launch(Struct, frozen=True):
    transport: str = ""
    package: str | None = None


class _Artifact(Struct, frozen=True):
    kind: str
    id: Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
    fingerprint: Annotated[str, Meta(max_length=LONGEST_FINGERPRINT)]
    agent: str = ""
    scope: str = ""
    name: str = ""
    path: str = ""
    status: str = ""
    launch: _Launch | None = None
    tier: str = ""
    capabilities: tuple[str, ...] = ()

    def naming(self) -> tuple[tuple[str, int], ...]:
        """Texts that name a row, and how many bytes an index has for each."""
        return (self.id, LONGEST_ID), (self.fingerprint, LONGEST_FINGERPRINT)


class _Finding(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=100)]
    severity: str
    confidence: str
    fingerprint: Annotated[str, Meta(min_length=1, max_length=LONGEST_FINGERPRINT)]
    artifact: str = ""
    title: str = ""
    message: str = ""
    remediation: str = ""
    references: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def naming(self) -> tuple[tuple[str, int], ...]:
        """As of an artifact."""
        return ((self.fingerprint, LONGEST_FINGERPRINT),)


class _Match(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=100)]
    artifact: Annotated[str, Meta(max_length=LONGEST_ID)]
    answer: str
    severity: str = ""

    def naming(self) -> tuple[tuple[str, int], ...]:
        """As of an artifact."""
        return ((self.artifact, LONGEST_ID),)


class _Document(Struct, frozen=True):
    taken_at: Annotated[str, Meta(max_length=64)]
    platform: str
    artifacts: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_ARTIFACTS)]
    findings: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_FINDINGS)] = ()
    advisories: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_FINDINGS)] = ()


class Inventory(NamedTuple):
    """What of a document is looked at; the records themselves stay as they came."""

    artifacts: Sequence[tuple[_Artifact, msgspec.Raw]]
    findings: Sequence[_Finding]
    matches: Sequence[tuple[_Match, msgspec.Raw]]


Part = TypeVar("Part", _Artifact, _Finding, _Match)
_DOCUMENT = msgspec.json.Decoder(_Document)
_ARTIFACT = msgspec.json.Decoder(_Artifact)
_FINDING = msgspec.json.Decoder(_Finding)
_MATCH = msgspec.json.Decoder(_Match)
_ANY = msgspec.json.Decoder()


def read(document: bytes) -> Inventory:
    """The inventory of a document. Raises InventoryError."""
    try:
        found = _DOCUMENT.decode(document)
        artifacts = [(_part(_ARTIFACT, raw), raw) for raw in found.artifacts]
        findings = [_part(_FINDING, raw) for raw in found.findings]
        matches = [(_part(_MATCH, raw), raw) for raw in found.advisories]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        told = str(error)[:200] if isinstance(error, msgspec.ValidationError) else "it is no JSON of this form"
        raise InventoryError(f"this is no inventory: {told}") from None
    # Of two of one id the first counts.
    unique = {each.id: (each, raw) for each, raw in reversed(artifacts)}
    said = {each.fingerprint: each for each in reversed(findings)}
    return Inventory(list(unique.values())[::-1], list(said.values())[::-1], matches)


def _part(decoder: msgspec.json.Decoder[Part], raw: msgspec.Raw) -> Part:
    """A part with texts that every database can hold, those that stand in keys among them."""
    found = decoder.decode(raw)
    if _is_escaped(raw):
        found = msgspec.convert(clean(_ANY.decode(raw)), type(found))
    for key, most in found.naming():
        if not key.isascii() and len(key.encode()) > most:
            raise msgspec.ValidationError(f"an id or fingerprint has more than {most} bytes")
    return found


def _is_escaped(raw: msgspec.Raw) -> bool:
    """Whether NUL or half of a surrogate pair may stand in it: in JSON they come as escapes only."""
    return b"\\u" in bytes(raw)


def hold(connection: Connection, endpoint: str, team: int, document: bytes, *, digest: str, now: str) -> int:
    """Let a document be what is held of an endpoint; how many artifacts it has. Raises InventoryError."""
    return keep(connection, endpoint, team, read(document), digest=digest, now=now)


def keep(connection: Connection, endpoint: str, team: int, found: Inventory, *, digest: str, now: str) -> int:
    """Let an inventory be what is held of an endpoint; how many artifacts it has."""
    names = {each.id: each for each, _ in found.artifacts}
    _hold_artifacts(connection, endpoint, team, found.artifacts, now)
    _hold_servers(connection, endpoint, [pair for pair in found.artifacts if pair[0].kind == "mcp_server"], now)
    _hold_findings(connection, endpoint, team, found.findings, names, now)
    _hold_matches(connection, endpoint, found.matches, now)
    connection.execute(_NOTED, {"which": endpoint, "digest": digest, "at": now})
    return len(found.artifacts)


_NOTED = (
    update(ENDPOINTS)
    .where(ENDPOINTS.c.id == bindparam("which"))
    .values(inventory=bindparam("digest"), scanned_at=bindparam("at"))
)
_ARTIFACTS_BEFORE = select(
    *(ARTIFACTS.c[name] for name in ("id", "fingerprint", "record", "first_seen", "changed_at"))
).where(ARTIFACTS.c.endpoint == bindparam("which"))
_FINDINGS_BEFORE = select(FINDINGS.c.fingerprint, FINDINGS.c.closed_at).where(FINDINGS.c.endpoint == bindparam("which"))
_MATCHES_BEFORE = select(ADVISORY_MATCHES.c.advisory, ADVISORY_MATCHES.c.artifact, ADVISORY_MATCHES.c.first_seen).where(
    ADVISORY_MATCHES.c.endpoint == bindparam("which")
)
_KEPT = ("endpoint", "id", "first_seen")
"""Columns of an artifact that another one of its id does not change."""


@cache
def _artifacts_written(dialect: str) -> Upsert:
    fresh = upserting(dialect, ARTIFACTS)
    new = {column.name: fresh.excluded[column.name] for column in ARTIFACTS.c if column.name not in _KEPT}
    return fresh.on_conflict_do_update(index_elements=["endpoint", "id"], set_=new)


@cache
def _servers_written(dialect: str) -> Upsert:
    return upserting(dialect, SERVERS).on_conflict_do_nothing()


def _record(raw: msgspec.Raw) -> Any:
    """A record as every database can hold it."""
    found = _ANY.decode(raw)
    return clean(found) if _is_escaped(raw) else found


def _hold_artifacts(
    connection: Connection, endpoint: str, team: int, artifacts: Sequence[tuple[_Artifact, msgspec.Raw]], now: str
) -> None:
    before = {row.id: row for row in connection.execute(_ARTIFACTS_BEFORE, {"which": endpoint})}
    rows: list[dict[str, Any]] = []
    for artifact, raw in artifacts:
        record = _record(raw)
        known = before.pop(artifact.id, None)
        if known is not None and known.record == record:
            continue
        # What runs just now is no change of the artifact.
        same = known is not None and lasting(known.record) == lasting(record)
        rows.append(
            {
                **_row(artifact, record),
                "endpoint": endpoint,
                "id": artifact.id,
                "team": team,
                "first_seen": now if known is None else known.first_seen,
                "changed_at": known.changed_at if known is not None and same else now,
            }
        )
    _delete(connection, ARTIFACTS, endpoint, list(before))
    if rows:
        connection.execute(_artifacts_written(connection.dialect.name), rows)


def _row(artifact: _Artifact, record: Any) -> dict[str, Any]:
    launch = artifact.launch or _Launch()
    return {
        "kind": _cut(artifact.kind, 20),
        "name": _cut(artifact.name, LONGEST_NAME),
        "agent": _cut(artifact.agent, 100),
        "scope": _cut(artifact.scope, 20),
        "path": _cut(artifact.path),
        "fingerprint": _cut(artifact.fingerprint, 100),
        "status": _cut(artifact.status, 20),
        "tier": _cut(artifact.tier, 20),
        "transport": _cut(launch.transport, 20),
        "package": _cut(launch.package or ""),
        "capabilities": [_cut(each, 100) for each in artifact.capabilities[:100]],
        "record": record,
    }


def _hold_servers(
    connection: Connection, endpoint: str, servers: Sequence[tuple[_Artifact, msgspec.Raw]], now: str
) -> None:
    """Note the fingerprints that the fleet sees for the first time."""
    rows = {
        artifact.fingerprint: {
            "fingerprint": _cut(artifact.fingerprint, 100),
            "name": _cut(artifact.name),
            "first_seen": now,
            "first_endpoint": endpoint,
            "record": _record(raw),
        }
        for artifact, raw in servers
        if artifact.fingerprint
    }
    if rows:
        connection.execute(_servers_written(connection.dialect.name), list(rows.values()))


def _hold_findings(
    connection: Connection,
    endpoint: str,
    team: int,
    findings: Sequence[_Finding],
    artifacts: Mapping[str, _Artifact],
    now: str,
) -> None:
    table = FINDINGS
    asked = connection.execute(_FINDINGS_BEFORE, {"which": endpoint})
    before = {row.fingerprint: bool(row.closed_at) for row in asked}
    fresh: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for each in findings:
        closed = before.pop(each.fingerprint, None)
        if closed is None:
            fresh.append(_finding_row(each, endpoint, team, artifacts.get(each.artifact), now))
        elif closed:
            again.append({"which": each.fingerprint, "at": now, "until": ""})
    gone = [{"which": name, "at": now} for name, closed in before.items() if not closed]
    mine = (table.c.endpoint == endpoint) & (table.c.fingerprint == bindparam("which"))
    if fresh:
        connection.execute(insert(table), fresh)
    if again:
        # What people noted about it stays, but what was resolved is not.
        opened = update(table).where(mine).values(opened_at=bindparam("at"), closed_at=bindparam("until"))
        connection.execute(opened, again)
        reopened = update(table).where(mine & (table.c.state == "resolved")).values(state="open")
        connection.execute(reopened, [{"which": each["which"]} for each in again])
    if gone:
        connection.execute(update(table).where(mine).values(closed_at=bindparam("at")), gone)


def _finding_row(finding: _Finding, endpoint: str, team: int, artifact: _Artifact | None, now: str) -> dict[str, Any]:
    given = clean(msgspec.to_builtins(finding))
    record = {"rule": given.pop("id"), **{name: value for name, value in given.items() if value and name != "artifact"}}
    return {
        "endpoint": endpoint,
        "fingerprint": finding.fingerprint,
        "team": team,
        "rule": _cut(finding.id, 100),
        "severity": _cut(finding.severity, 10),
        "confidence": _cut(finding.confidence, 10),
        "artifact": _cut(finding.artifact, 200),
        "agent": "" if artifact is None else _cut(artifact.agent, 100),
        "name": "" if artifact is None else _cut(artifact.name, LONGEST_NAME),
        "record": record,
        "opened_at": now,
    }


def _hold_matches(
    connection: Connection, endpoint: str, matches: Sequence[tuple[_Match, msgspec.Raw]], now: str
) -> None:
    table = ADVISORY_MATCHES
    asked = connection.execute(_MATCHES_BEFORE, {"which": endpoint})
    before = {(row.advisory, row.artifact): row.first_seen for row in asked}
    rows = {
        (match.id, match.artifact): {
            "endpoint": endpoint,
            "advisory": _cut(match.id, 100),
            "artifact": _cut(match.artifact, 200),
            "state": _cut(match.answer, 20),
            "severity": _cut(match.severity, 10),
            "detail": _record(raw),
            "first_seen": before.get((match.id, match.artifact), now),
        }
        for match, raw in matches
    }
    if before:
        connection.execute(delete(table).where(table.c.endpoint == endpoint))
    if rows:
        connection.execute(insert(table), list(rows.values()))


def _delete(connection: Connection, table: Any, endpoint: str, ids: Sequence[str]) -> None:
    for at in range(0, len(ids), _PART):
        wanted = (table.c.endpoint == endpoint) & table.c.id.in_(ids[at : at + _PART])
        connection.execute(delete(table).where(wanted))


def _cut(text: str, most: int = LONGEST_TEXT) -> str:
    return text[:most] if text.isprintable() else str(clean(text))[:most]
