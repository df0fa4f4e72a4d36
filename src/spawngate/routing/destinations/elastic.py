"""Elasticsearch and OpenSearch: `_bulk` with `create` into a data stream, every item read by itself.

Source: Elasticsearch reference, "Bulk API" and "Data streams": a data stream takes only `create`; the answer is 200
also where items failed, each with its own status; 409 says that this `_id` is there, 429 that this item found no room.
The `_id` is made of the event's key, so that an event that is sent again is not stored again within one backing
index.
Must not be here: the documents (`trail.mappings.ecs`), sending.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Exchange,
    HttpAnswer,
    HttpRequest,
    ItemOutcome,
    Outcome,
    State,
    http_outcome,
)
from spawngate.routing.settings import Secret, url_problem
from spawngate.routing.stream import StreamSettings, decoded, in_parts, said, source
from spawngate.trail.mappings.ecs import ecs
from spawngate.trail.mappings.source import Source

LARGEST = 5 << 20
"""Bytes of one request; `http.max_content_length` is 100 MB unless it was set, proxies allow less."""
_NAME = re.compile(r"(?![-_+.])[^\\/*?\"<>|\s,#:A-Z]{1,255}")


class ElasticSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cluster."""

    url: str
    """`https://elastic.example.com:9200`."""
    data_stream: str = "logs-spawngate.events-default"
    api_key: Secret = ""
    """As Elasticsearch shows it encoded; or `user` and `password`."""
    user: str = ""
    password: Secret = ""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        problem = url_problem(self.url)
        if problem:
            found["url"] = problem
        if not _NAME.fullmatch(self.data_stream):
            found["data_stream"] = 'is no name of a data stream: lower case, none of \\ / * ? " < > | , # : or blank'
        if self.api_key and self.user:
            found["api_key"] = "either this or user and password"
        for name in ("api_key", "user", "password"):
            if not getattr(self, name).isprintable():
                found[name] = "must hold no control characters"
        if ":" in self.user:
            found["user"] = "must hold no colon"
        return found


def exchange(settings: ElasticSettings, batch: Batch, context: Context) -> Exchange:
    """Send the batch, in parts where it is large."""
    pieces = [_lines(source(item)) for item in batch.items]
    return (yield from in_parts(pieces, len(pieces), LARGEST, lambda some: _bulk(settings, some), read))


def _lines(told: Source) -> bytes:
    action = {"create": {"_id": hashlib.sha256(told.key.encode("utf-8", "replace")).hexdigest()[:40]}}
    document = ecs(told)
    document.setdefault("@timestamp", "1970-01-01T00:00:00Z")
    document["data_stream"] = {"type": "logs", "dataset": "spawngate.events"}
    return msgspec.json.encode(action) + b"\n" + msgspec.json.encode(document) + b"\n"


def _bulk(settings: ElasticSettings, pieces: Sequence[bytes]) -> HttpRequest:
    headers = [("Content-Type", "application/x-ndjson"), ("Accept", "application/json")]
    if settings.api_key:
        headers.append(("Authorization", f"ApiKey {settings.api_key}"))
    elif settings.user:
        pair = base64.b64encode(f"{settings.user}:{settings.password}".encode()).decode()
        headers.append(("Authorization", f"Basic {pair}"))
    shown = "errors,items.*.status,items.*.error.type,items.*.error.reason"
    url = f"{settings.url.rstrip('/')}/{quote(settings.data_stream, safe='')}/_bulk?filter_path={shown}"
    return HttpRequest("POST", url, tuple(headers), b"".join(pieces), largest=8 << 20)


def read(answer: Answer, count: int) -> Outcome:
    """What became of each item."""
    outcome = http_outcome(answer, said(answer, "error", "reason") or said(answer, "error", "type"))
    if outcome.state != "delivered" or not isinstance(answer, HttpAnswer):
        return outcome
    value: Any = decoded(answer)
    if not isinstance(value, Mapping) or not isinstance(value.get("errors"), bool):
        return Outcome("retry", "the answer is none of a bulk request", blame="setting")
    if not value["errors"]:
        return outcome
    items = value.get("items")
    if not isinstance(items, list) or len(items) != count:
        return Outcome("retry", "the answer does not name every item", blame="destination")
    found = [_item(index, item) for index, item in enumerate(items)]
    waits = next((each for each in found if each.state == "retry"), None)
    if waits is not None:
        return Outcome("retry", waits.reason, outcome.after, "destination", tuple(found))
    return Outcome("delivered", items=tuple(found))


def _item(index: int, item: Any) -> ItemOutcome:
    told = item.get("create") if isinstance(item, Mapping) else None
    status = told.get("status") if isinstance(told, Mapping) else None
    error = told.get("error") if isinstance(told, Mapping) else None
    reason = ""
    if isinstance(error, Mapping):
        reason = f"{error.get('type', '')}: {error.get('reason', '')}"[:300]
    state: State
    if not isinstance(status, int):
        state, reason = "retry", "an item without a status"
    elif 200 <= status < 300 or status == 409:
        state, reason = "delivered", ""
    elif status == 429 or status >= 500:
        state = "retry"
    else:
        # A name that is not there, a right that is missing: for all, until somebody mends it.
        state = "retry" if status in (401, 403, 404) else "refused"
    return ItemOutcome(index, state, f"{status} {reason}".strip() if state != "delivered" else "")


DESTINATION = Destination("elastic", "stream", ElasticSettings, exchange, "Elasticsearch and OpenSearch")
