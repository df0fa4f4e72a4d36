"""One event, whole: its record, and the proof that it is in the store as it was received.

Must not be here: lists (`trail`).
"""

import base64

import msgspec
from sqlalchemy import select

from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.store.port import Entry, Key, StoreError
from spawngate.server.views.trail import EventRow, rows_of
from spawngate.trail import chain, leaf, tree
from spawngate.trail.event import Event


class Inclusion(msgspec.Struct, frozen=True):
    """That an event is a leaf of its day's tree: RFC 6962, hashes in hex from the leaf to the root."""

    day: str
    index: int
    size: int
    root: str
    leaf: str
    """base64 of the leaf's data."""
    path: tuple[str, ...]
    holds: bool
    """The path leads from the leaf to the root, as computed here."""


class Happening(msgspec.Struct, frozen=True):
    """One event."""

    row: EventRow
    event: Event | None
    """None where the record cannot be read."""
    record: str
    """As the endpoint wrote it, indented for people."""
    hash: str
    intact: bool
    """The record's hash is that of its bytes."""
    inclusion: Inclusion | None
    problem: str
    """Why there is no proof."""
    team: int | None = None
    """Of its endpoint; None where it is the server's own, or of an endpoint that is gone."""


def happening(services: Services, teams: frozenset[int] | None, key: Key) -> Happening | None:
    """One event; None where there is none, or it is not of an endpoint of these teams. Raises StoreError."""
    found = services.events.find(key)
    if found is None:
        return None
    entry, position = found
    with services.database.read() as connection:
        team = connection.execute(select(ENDPOINTS.c.team).where(ENDPOINTS.c.id == entry.endpoint)).scalar()
    if teams is not None and team not in teams:
        return None
    read = chain.read(entry.record)
    event: Event | None
    try:
        event = entry.event
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        event = None
    inclusion, problem = None, ""
    try:
        inclusion = _inclusion(services, entry, position.day, position.number - 1)
    except (StoreError, ValueError) as error:
        problem = str(error)
    return Happening(
        row=rows_of(services, teams, [entry])[0],
        event=event,
        record=_indented(entry.record),
        hash="" if read is None else read.hash,
        intact=read is not None and read.intact,
        inclusion=inclusion,
        problem=problem,
        team=team,
    )


def _inclusion(services: Services, entry: Entry, day: str, index: int) -> Inclusion:
    state = services.events.tree(day)
    path = tree.inclusion(index, state.size, lambda start, end: services.events.subtree(day, start, end))
    data = leaf.data(entry.received, entry.endpoint, entry.record)
    try:
        tree.check_inclusion(tree.leaf(data), index, state.size, path, state.root)
        holds = True
    except tree.ProofError:
        holds = False
    return Inclusion(
        day=day,
        index=index,
        size=state.size,
        root=state.root.hex(),
        leaf=base64.b64encode(data).decode(),
        path=tuple(each.hex() for each in path),
        holds=holds,
    )


def _indented(record: bytes) -> str:
    try:
        return msgspec.json.format(record, indent=2).decode("utf-8", "replace")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return record.decode("utf-8", "replace")
