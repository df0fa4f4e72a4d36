"""The route, and what becomes of one request.

An exporter repeats what it got no answer to; what was taken before is known by its session and call for a while, in
this process. A repetition beyond that becomes a second event: told twice is better than not at all.
Must not be here: the wire (`otlp.decode`), what records mean (`otlp.told`).
"""

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Sequence

import msgspec
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spawngate.redact.redactor import Redactor
from spawngate.server.access.guard import principal_of, require
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.fleet.rows import of_teams
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.intake.bodies import BodyError, received, unpacked
from spawngate.server.otlp.decode import Decoded, DecodeError, from_json, from_protobuf
from spawngate.server.otlp.told import key_of, told
from spawngate.server.services import Services
from spawngate.trail.event import Event
from spawngate.trail.mappings.protobuf import export_response

LARGEST = 16 << 20
"""Bytes of a request, packed and unpacked."""
REMEMBERED = 50_000
_JSON, _PROTOBUF = "application/json", "application/x-protobuf"


class Seen:
    """Keys of records that were taken, the newest of them. Safe to use from threads."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most, self._known, self._lock = most, OrderedDict[str, None](), threading.Lock()

    def add(self, key: str) -> bool:
        """Note a key; whether it is new. An empty one always is."""
        if not key:
            return True
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return False
            self._known[key] = None
            if len(self._known) > self._most:
                self._known.popitem(last=False)
            return True

    def forget(self, keys: Sequence[str]) -> None:
        """What was noted could not be stored."""
        with self._lock:
            for key in keys:
                self._known.pop(key, None)


def routes(services: Services) -> Sequence[BaseRoute]:
    """The route."""
    seen = Seen()
    redactor = Redactor(hmac.new(services.signer.seed, b"spawngate told by agents", hashlib.sha256).digest())

    @require(Permission.EVENTS_WRITE)
    async def logs(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in (_JSON, _PROTOBUF):
            return _refused(415, f"send {_PROTOBUF} or {_JSON}", _JSON)
        try:
            body = await received(request, LARGEST)
            encoding = request.headers.get("content-encoding", "")
            found = await run_in_threadpool(_decoded, kind, body, encoding)
        except BodyError as error:
            return _refused(error.status, str(error), kind)
        except DecodeError as error:
            return _refused(400, str(error), kind)
        await run_in_threadpool(_take, services, principal_of(request), redactor, seen, found)
        return _answer(kind, found.left_out)

    return [Route("/v1/logs", logs, methods=["POST"])]


def _decoded(kind: str, body: bytes, encoding: str) -> Decoded:
    data = unpacked(body, encoding, LARGEST)
    return from_json(data) if kind == _JSON else from_protobuf(data)


def _take(services: Services, principal: Principal, redactor: Redactor, seen: Seen, found: Decoded) -> None:
    """Record what is new. Raises StoreError; then nothing of it was taken, and the exporter sends it again."""
    events: list[Event] = []
    keys: list[str] = []
    now = services.now()
    for record in found.records:
        event = told(record, redactor, now)
        if event is None:
            continue
        key = key_of(record)
        if seen.add(key):
            keys.append(key)
            events.append(event)
    if not events:
        return
    try:
        known = _endpoints(services, principal, {str(event.detail.get("endpoint", "")) for event in events})
        services.record([_placed(event, principal, known) for event in events])
    except BaseException:
        seen.forget(keys)
        raise


def _placed(event: Event, principal: Principal, known: frozenset[str]) -> Event:
    """The event with who sent it, and of the endpoint that it names where that is one of the sender's teams."""
    named = str(event.detail.get("endpoint", ""))
    detail = {**event.detail, "sender": principal.name}
    return msgspec.structs.replace(event, endpoint=named if named in known else "", detail=detail)


def _endpoints(services: Services, principal: Principal, names: set[str]) -> frozenset[str]:
    names.discard("")
    if not names:
        return frozenset()
    teams = of_teams(ENDPOINTS.c.team, principal.teams(Permission.EVENTS_WRITE))
    with services.database.read() as connection:
        rows = connection.execute(select(ENDPOINTS.c.id).where(ENDPOINTS.c.id.in_(sorted(names)[:500]), teams))
        return frozenset(row[0] for row in rows)


def _answer(kind: str, left_out: int) -> Response:
    words = f"{left_out} records beyond what one request may hold" if left_out else ""
    if kind == _PROTOBUF:
        return Response(export_response(left_out, words), media_type=_PROTOBUF)
    partial = {"partialSuccess": {"rejectedLogRecords": str(left_out), "errorMessage": words}} if left_out else {}
    return Response(msgspec.json.encode(partial), media_type=_JSON)


def _refused(status: int, message: str, kind: str) -> Response:
    """A `google.rpc.Status`, as the specification wants it; exporters show its message."""
    if kind == _PROTOBUF:
        data = message.encode()
        return Response(b"\x12" + bytes([len(data)]) + data, status, media_type=_PROTOBUF)
    return Response(msgspec.json.encode({"message": message}), status, media_type=_JSON)
