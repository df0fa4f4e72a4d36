"""SHELL. The trail: events by query, counts, one event byte for byte, and the proof that it is in the store.

The forms are those of docs/store.md, which programs rely on. Somebody who holds the permission in some teams only sees
the events of these teams' endpoints. Must not be here: the language (`trail.query`), the store.
"""

import base64
import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import Response, StreamingResponse

from spawngate.model.errors import UsageError
from spawngate.server.access.guard import needs
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.exporting import exported
from spawngate.server.fleet import endpoints
from spawngate.server.fleet.database import MissingError
from spawngate.server.management.answers import SCHEMA_VERSION, Who
from spawngate.server.management.answers import router as fresh
from spawngate.server.services import Services
from spawngate.server.store.port import Entry, Position, Tree
from spawngate.server.views.trail import of_teams
from spawngate.trail import leaf, note, tree
from spawngate.trail.note import Checkpoint
from spawngate.trail.query import Query as Expression
from spawngate.trail.query import read

MOST, USUAL = 1_000, 100
NDJSON = "application/x-ndjson"
Words = Annotated[str, Query(max_length=10_000, description="In the query language: docs/query.md.")]
Page = Annotated[str, Query(max_length=4_000, description="`cursor` of the page before; empty for the first page.")]
Arrived = Annotated[
    str, Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}:[0-9]{1,16})?$", description="`position` of the answer before.")
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Events of a page, values of a count.")]
Text = Annotated[str, Path(max_length=200)]
Sequence = Annotated[int, Path(ge=1, le=1 << 53)]
Day = Annotated[str, Path(max_length=20)]
_READ = Permission.EVENTS_READ


def _object(**properties: Any) -> dict[int | str, dict[str, Any]]:
    """`responses` of an object with these members."""
    members = {"schema_version": {"type": "integer"}, **properties}
    schema = {"type": "object", "required": list(members), "properties": members}
    return {200: {"description": "The answer.", "content": {"application/json": {"schema": schema}}}}


_RECORD = {"type": "object", "description": "A record as its endpoint wrote it: docs/events.md. Data of others."}
_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_CURSOR = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}


def router(services: Services) -> APIRouter:
    """The routes."""
    made = fresh("events")
    events = services.events

    @made.get(
        "/events",
        responses=_object(events={"type": "array", "items": _RECORD}, cursor=_CURSOR, problems=_TEXTS),
    )
    @needs(_READ)
    def list_events(
        who: Who,
        query: Words = "",
        limit: Limit = USUAL,
        cursor: Page = "",
        order: Literal["newest", "oldest"] = "newest",
    ) -> Response:
        """Events by time."""
        page = events.query(asked(who, query), cursor=cursor or None, limit=limit, newest_first=order == "newest")
        records = [msgspec.Raw(entry.record) for entry in page.entries]
        return _json({"events": records, "cursor": page.cursor, "problems": list(page.problems)})

    @made.get(
        "/counts",
        responses=_object(
            by=_TEXT,
            counts={"type": "array", "items": {"type": "object", "properties": {"value": _TEXT, "count": _NUMBER}}},
        ),
    )
    @needs(_READ)
    def list_counts(
        who: Who,
        by: Annotated[str, Query(min_length=1, max_length=200, description="A field, or time:5m, time:1h, time:1d.")],
        query: Words = "",
        limit: Limit = USUAL,
    ) -> Response:
        """How many events have each value of a field."""
        found = events.aggregate(by, asked(who, query), limit=limit)
        return _json({"by": by, "counts": [{"value": each.value, "count": each.count} for each in found]})

    @made.get("/arrivals", responses=_object(events={"type": "array", "items": _RECORD}, position=_TEXT))
    @needs(_READ)
    def list_arrivals(
        who: Who,
        query: Words = "",
        limit: Limit = USUAL,
        after: Annotated[
            str,
            Query(
                pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}:[0-9]{1,16})?$", description="`position` of the answer before."
            ),
        ] = "",
    ) -> Response:
        """Events as they arrived, behind a place; without one: none yet, and the place to go on from. Of `limit` events
        that arrived next, those that match."""
        wanted = asked(who, query)
        if not after:
            days = events.days()
            newest = Position(days[-1], events.tree(days[-1]).size) if days else Position()
            return _json({"events": [], "position": _place(newest)})
        day, _, number = after.partition(":")
        entries, position = events.after(Position(day, int(number)), limit)
        shown = [msgspec.Raw(entry.record) for entry in entries if wanted.matches(_decoded(entry))]
        return _json({"events": shown, "position": _place(position)})

    @made.get(
        "/export",
        responses={200: {"description": "Records, one a line, and last their manifest.", "content": {NDJSON: {}}}},
    )
    @needs(_READ)
    def export_events(who: Who, query: Words = "") -> Response:
        """Every event that matches, oldest first, one a line; the last line has the manifest that this server signs."""
        teams = who.teams(_READ)
        told = query if teams is None else f"{query} (of teams {', '.join(map(str, sorted(teams)))})"
        parts = exported(events, asked(who, query), told, services.signer)
        # The first records are read before the answer begins: a store that fails is an error with a status.
        return StreamingResponse(itertools.chain([next(parts)], parts), media_type=NDJSON)

    event = "/events/{endpoint}/{stream}/{sequence}"

    @made.get(
        event, responses={200: {"description": "The record.", "content": {"application/json": {"schema": _RECORD}}}}
    )
    @needs(_READ)
    def get_event(who: Who, endpoint: Text, stream: Text, sequence: Sequence) -> Response:
        """One record, byte for byte."""
        return Response(found(who, endpoint, stream, sequence)[0].record, media_type="application/json")

    @made.get(
        f"{event}/proof",
        responses=_object(day=_TEXT, index=_NUMBER, size=_NUMBER, leaf=_TEXT, path=_TEXTS, checkpoint=_TEXT, key=_TEXT),
    )
    @needs(_READ)
    def get_proof(who: Who, endpoint: Text, stream: Text, sequence: Sequence) -> Response:
        """That the event is in the store: its leaf, the path to the day's root, and that root signed."""
        entry, position = found(who, endpoint, stream, sequence)
        index, state = position.number - 1, events.tree(position.day)
        path = tree.inclusion(index, state.size, lambda start, end: events.subtree(position.day, start, end))
        return _json(
            {
                "day": position.day,
                "index": index,
                "size": state.size,
                "leaf": base64.b64encode(leaf.data(entry.received, entry.endpoint, entry.record)).decode(),
                "path": [each.hex() for each in path],
                "checkpoint": signed(position.day, state),
                "key": str(services.signer.verifier),
            }
        )

    @made.get(
        "/days",
        responses=_object(
            days={
                "type": "array",
                "items": {"type": "object", "properties": {"day": _TEXT, "size": _NUMBER, "root": _TEXT}},
            }
        ),
    )
    @needs(Permission.STORE_READ)
    def list_days() -> Response:
        """The days of the store."""
        states = [(day, events.tree(day)) for day in events.days()]
        return _json({"days": [{"day": day, "size": state.size, "root": state.root.hex()} for day, state in states]})

    @made.get(
        "/days/{day}/growth",
        responses=_object(day=_TEXT, old_size=_NUMBER, size=_NUMBER, path=_TEXTS, checkpoint=_TEXT, key=_TEXT),
    )
    @needs(Permission.STORE_READ)
    def get_growth(
        day: Day,
        size: Annotated[int, Query(alias="from", ge=0, le=1 << 53, description="Of the older tree.")],
    ) -> Response:
        """That a day's tree begins with an older state of it."""
        if day not in events.days():
            raise MissingError("there is no such day in the store")
        state = events.tree(day)
        try:
            path = tree.consistency(size, state.size, lambda start, end: events.subtree(day, start, end))
        except ValueError as error:
            raise UsageError(str(error)) from None
        return _json(
            {
                "day": day,
                "old_size": size,
                "size": state.size,
                "path": [each.hex() for each in path],
                "checkpoint": signed(day, state),
                "key": str(services.signer.verifier),
            }
        )

    @made.get("/checkpoints", responses=_object(checkpoints={"type": "object"}, key=_TEXT))
    @needs(Permission.STORE_READ)
    def list_checkpoints() -> Response:
        """Every signed note, and the public key."""
        items = services.control.items("checkpoint", limit=10_000)
        notes = {item.name: item.value.decode("utf-8", "replace") for item in items}
        return _json({"checkpoints": notes, "key": str(services.signer.verifier)})

    def asked(who: Principal, text: str) -> Expression:
        """A query, confined to what may be seen."""
        query = read(text, datetime.fromisoformat(services.now()))
        return query.also(*of_teams(services, who.teams(_READ)))

    def found(who: Principal, endpoint: str, stream: str, sequence: int) -> tuple[Entry, Position]:
        held = events.find((endpoint, stream, sequence))
        if held is None or not _is_theirs(services, who.teams(_READ), endpoint):
            raise MissingError("there is no such event in the store")
        return held

    def signed(day: str, state: Tree) -> str:
        checkpoint = Checkpoint(f"{services.signer.name}/days/{day}", state.size, state.root)
        return note.sign(checkpoint.text(), [services.signer])

    return made


def _is_theirs(services: Services, teams: frozenset[int] | None, endpoint: str) -> bool:
    if teams is None:
        return True
    with services.database.read() as connection:
        held = endpoints.get(connection, endpoint)
    return held is not None and held.team in teams


def _place(position: Position) -> str:
    return f"{position.day}:{position.number}" if position.day else "0001-01-01:0"


def _decoded(entry: Entry) -> Mapping[str, Any]:
    value = msgspec.json.decode(entry.record)
    return value if isinstance(value, dict) else {}


def _json(document: Mapping[str, Any]) -> Response:
    return Response(msgspec.json.encode({"schema_version": SCHEMA_VERSION, **document}), media_type="application/json")
