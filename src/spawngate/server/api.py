"""SHELL. The read API over a store: events by query, counts, and proofs that an event is in the store.

    GET /api/v1/events?query=&limit=&cursor=&order=newest|oldest
    GET /api/v1/counts?by=FIELD|time:1h&query=&limit=
    GET /api/v1/events/{endpoint}/{stream}/{sequence}          one record, byte for byte
    GET /api/v1/events/{endpoint}/{stream}/{sequence}/proof    its leaf, the path to the day's root, the signed root
    GET /api/v1/days                                           the days that are there: size, root
    GET /api/v1/days/{day}/growth?from=SIZE                    that the day's tree begins with an older state of it
    GET /api/v1/checkpoints                                    every signed note, and the public key

Belongs here: requests read, answers and errors written. Must not be here: who may ask (`server.loopback`), the language
(`trail.query`), the store. docs/store.md has the forms.
"""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spawngate.model.errors import UsageError
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry, Key, StoreError, TooWideError
from spawngate.trail import leaf
from spawngate.trail.query import Query, QueryError, read

SCHEMA_VERSION = 1
MOST, USUAL = 1_000, 100
"""Events of a page, values of a count."""
Get = Callable[[], EmbeddedStore | None]


def routes(store: Get) -> list[Route]:
    """The API over the store that `store` gives; 503 while it gives none."""

    def answered(make: Callable[[EmbeddedStore, Request], Response]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            held = store()
            if held is None:
                return _problem(503, "no store is followed here; another process may follow it")
            try:
                return make(held, request)
            except QueryError as error:
                return _problem(400, str(error), character=error.position + 1)
            except TooWideError as error:
                return _problem(422, str(error))
            except UsageError as error:
                return _problem(400, str(error))
            except StoreError as error:
                return _problem(503, str(error))

        return answer

    event = "/api/v1/events/{endpoint}/{stream}/{sequence:int}"
    return [
        Route("/api/v1/events", answered(_events)),
        Route("/api/v1/counts", answered(_counts)),
        Route(event, answered(_event)),
        Route(f"{event}/proof", answered(_proof)),
        Route("/api/v1/days", answered(_days)),
        Route("/api/v1/days/{day}/growth", answered(_growth)),
        Route("/api/v1/checkpoints", answered(_checkpoints)),
    ]


def _events(store: EmbeddedStore, request: Request) -> Response:
    order = request.query_params.get("order", "newest")
    if order not in ("newest", "oldest"):
        raise UsageError("order is `newest` or `oldest`")
    page = store.events.query(
        _query(request),
        cursor=request.query_params.get("cursor") or None,
        limit=_limit(request),
        newest_first=order == "newest",
    )
    return _json(
        {"events": [_raw(entry) for entry in page.entries], "cursor": page.cursor, "problems": list(page.problems)}
    )


def _counts(store: EmbeddedStore, request: Request) -> Response:
    by = request.query_params.get("by", "")
    if not by:
        raise UsageError("`by` is missing: a field, or time:5m, time:1h, time:1d")
    found = store.events.aggregate(by, _query(request), limit=_limit(request))
    return _json({"by": by, "counts": [{"value": each.value, "count": each.count} for each in found]})


def _event(store: EmbeddedStore, request: Request) -> Response:
    return Response(_found(store, request).record, media_type="application/json")


def _proof(store: EmbeddedStore, request: Request) -> Response:
    entry = _found(store, request)
    proof = store.evidence.prove(entry.key)
    data = leaf.data(entry.received, entry.endpoint, entry.record)
    return _json(
        {
            "day": proof.day,
            "index": proof.index,
            "size": proof.size,
            "leaf": base64.b64encode(data).decode(),
            "path": [each.hex() for each in proof.hashes],
            "checkpoint": proof.checkpoint,
            "key": str(store.evidence.verifier),
        }
    )


def _days(store: EmbeddedStore, request: Request) -> Response:
    found = [(day, store.events.tree(day)) for day in store.events.days()]
    return _json({"days": [{"day": day, "size": state.size, "root": state.root.hex()} for day, state in found]})


def _growth(store: EmbeddedStore, request: Request) -> Response:
    given = request.query_params.get("from", "")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise UsageError("`from` is the size of the older tree, a number")
    day = request.path_params["day"]
    if day not in store.events.days():
        raise HTTPException(404, "There is no such day in the store.")
    state, path, signed = store.evidence.prove_growth(day, int(given))
    return _json(
        {
            "day": day,
            "old_size": int(given),
            "size": state.size,
            "path": [each.hex() for each in path],
            "checkpoint": signed,
            "key": str(store.evidence.verifier),
        }
    )


def _checkpoints(store: EmbeddedStore, request: Request) -> Response:
    items = store.control.items("checkpoint", limit=10_000)
    notes = {item.name: item.value.decode("utf-8", "replace") for item in items}
    return _json({"checkpoints": notes, "key": str(store.evidence.verifier)})


def _found(store: EmbeddedStore, request: Request) -> Entry:
    given = request.path_params
    key: Key = (given["endpoint"], given["stream"], given["sequence"])
    found = store.events.find(key)
    if found is None:
        raise HTTPException(404, "There is no such event in the store.")
    return found[0]


def _query(request: Request) -> Query:
    return read(request.query_params.get("query", ""), datetime.now(UTC))


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST):
        raise UsageError(f"`limit` is a number from 1 to {MOST:,}")
    return int(text)


def _raw(entry: Entry) -> msgspec.Raw:
    """The record as it is, so that its hash can be checked by whoever gets it."""
    return msgspec.Raw(entry.record)


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    data = msgspec.json.encode({"schema_version": SCHEMA_VERSION, **document})
    return Response(data, status, media_type="application/json")


def _problem(status: int, message: str, *, character: int | None = None) -> Response:
    error: dict[str, Any] = {"message": message}
    if character is not None:
        error["character"] = character
    return _json({"error": error}, status)
