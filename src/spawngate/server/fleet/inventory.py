"""SHELL. What endpoints hold: the documents of `scan --format json` as rows, compared with what was there before.

A document replaces what is held of its endpoint: rows that are gone are deleted, findings that a rule no longer says
are closed and stay with what people noted about them. Texts come from endpoints and are hostile: cut to what columns
hold.
Must not be here: reading pages (`server.views`), how a document travels (`server.intake`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from spawngate.server.fleet.database import upsert
from spawngate.server.fleet.endpoints import clean
from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS, FINDINGS, SERVERS
from spawngate.sync.inventory import InventoryError, lasting

MOST_ARTIFACTS = 20_000
MOST_FINDINGS = 20_000
LONGEST_NAME = 300
"""Characters of a name: it stands in an index, whose rows a database bounds."""
LONGEST_TEXT = 4_000
"""Characters of a name or path that is a column."""
_PART = 400
"""Rows of one statement."""


class _Launch(Struct, frozen=True):
    transport: str = ""
    package: str | None = None


class _Artifact(Struct, frozen=True):
    kind: str
    id: Annotated[str, Meta(min_length=1, max_length=200)]
    fingerprint: Annotated[str, Meta(max_length=100)]
    agent: str = ""
    scope: str = ""
    name: str = ""
    path: str = ""
    status: str = ""
    launch: _Launch | None = None
    tier: str = ""
    capabilities: tuple[str, ...] = ()


class _Finding(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=100)]
    severity: str
    confidence: str
    fingerprint: Annotated[str, Meta(min_length=1, max_length=100)]
    artifact: str = ""
    title: str = ""
    message: str = ""
    remediation: str = ""
    references: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class _Match(Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=100)]
    artifact: Annotated[str, Meta(max_length=200)]
    answer: str
    severity: str = ""


class Inventory(Struct, frozen=True):
    """What of a document is looked at; the records themselves stay as they came."""

    taken_at: Annotated[str, Meta(max_length=64)]
    platform: str
    artifacts: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_ARTIFACTS)]
    findings: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_FINDINGS)] = ()
    advisories: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_FINDINGS)] = ()


_INVENTORY = msgspec.json.Decoder(Inventory)
_ARTIFACT = msgspec.json.Decoder(_Artifact)
_FINDING = msgspec.json.Decoder(_Finding)
_MATCH = msgspec.json.Decoder(_Match)
_ANY = msgspec.json.Decoder()


def read(document: bytes) -> Inventory:
    """The inventory of a document. Raises InventoryError."""
    try:
        found = _INVENTORY.decode(document)
        for decoder, parts in ((_ARTIFACT, found.artifacts), (_FINDING, found.findings), (_MATCH, found.advisories)):
            for part in parts:
                decoder.decode(part)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        told = str(error)[:200] if isinstance(error, msgspec.ValidationError) else "it is no JSON of this form"
        raise InventoryError(f"this is no inventory: {told}") from None
    return found


def hold(connection: Connection, endpoint: str, team: int, document: bytes, *, digest: str, now: str) -> int:
    """Let an inventory be what is held of an endpoint; how many artifacts it has. Raises InventoryError."""
    found = read(document)
    artifacts = _unique((_ARTIFACT.decode(raw), raw) for raw in found.artifacts)
    names = {each.id: each for each, _ in artifacts}
    findings = _unique((_FINDING.decode(raw), raw) for raw in found.findings)
    matches = [(_MATCH.decode(raw), raw) for raw in found.advisories]
    _hold_artifacts(connection, endpoint, team, artifacts, now)
    _hold_servers(connection, endpoint, [pair for pair in artifacts if pair[0].kind == "mcp_server"], now)
    _hold_findings(connection, endpoint, team, [each for each, _ in findings], names, now)
    _hold_matches(connection, endpoint, matches, now)
    noted = {"inventory": digest, "scanned_at": now}
    connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == endpoint).values(noted))
    return len(artifacts)


def _unique(pairs: Iterable[tuple[Any, msgspec.Raw]]) -> list[tuple[Any, msgspec.Raw]]:
    """Of two of one id the first counts."""
    found: dict[str, tuple[Any, msgspec.Raw]] = {}
    for each, raw in pairs:
        key = each.fingerprint if isinstance(each, _Finding) else each.id
        found.setdefault(key, (each, raw))
    return list(found.values())


def _hold_artifacts(
    connection: Connection, endpoint: str, team: int, artifacts: Sequence[tuple[_Artifact, msgspec.Raw]], now: str
) -> None:
    table = ARTIFACTS
    columns = (table.c.id, table.c.fingerprint, table.c.record, table.c.first_seen, table.c.changed_at)
    asked = select(*columns).where(table.c.endpoint == endpoint)
    before = {row.id: row for row in connection.execute(asked)}
    rows: list[dict[str, Any]] = []
    for artifact, raw in artifacts:
        record = clean(_ANY.decode(raw))
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
    _delete(connection, table, endpoint, list(before))
    if rows:
        fresh = upsert(connection, table)
        new = {name: fresh.excluded[name] for name in rows[0] if name not in ("endpoint", "id", "first_seen")}
        connection.execute(fresh.on_conflict_do_update(index_elements=["endpoint", "id"], set_=new), rows)


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
            "record": clean(_ANY.decode(raw)),
        }
        for artifact, raw in servers
        if artifact.fingerprint
    }
    if rows:
        connection.execute(upsert(connection, SERVERS).on_conflict_do_nothing(), list(rows.values()))


def _hold_findings(
    connection: Connection,
    endpoint: str,
    team: int,
    findings: Sequence[_Finding],
    artifacts: Mapping[str, _Artifact],
    now: str,
) -> None:
    table = FINDINGS
    asked = select(table.c.fingerprint, table.c.closed_at).where(table.c.endpoint == endpoint)
    before = {row.fingerprint: bool(row.closed_at) for row in connection.execute(asked)}
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
    asked = select(table.c.advisory, table.c.artifact, table.c.first_seen).where(table.c.endpoint == endpoint)
    before = {(row.advisory, row.artifact): row.first_seen for row in connection.execute(asked)}
    rows = {
        (match.id, match.artifact): {
            "endpoint": endpoint,
            "advisory": _cut(match.id, 100),
            "artifact": _cut(match.artifact, 200),
            "state": _cut(match.answer, 20),
            "severity": _cut(match.severity, 10),
            "detail": clean(_ANY.decode(raw)),
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
    return str(clean(text))[:most]
