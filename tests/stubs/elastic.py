"""STUB of Elasticsearch's bulk endpoint for one data stream, after its reference ("Bulk API", "Data streams"). It is
not Elasticsearch.

Enforced: API key, name of the data stream, `create` only, a line end at the end, `@timestamp`, size of a request, `_id`
that is there (409), items that find no room (429) and documents that do not fit the mapping (400).
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from spawngate.routing.destination import HttpAnswer, HttpRequest
from tests.stubs.http_stub import header


class Cluster:
    """`documents` has what is stored, by `_id`, in its order."""

    def __init__(self, api_key: str, data_stream: str, largest: int = 100 << 20) -> None:
        self.documents: dict[str, dict[str, Any]] = {}
        self.requests: list[HttpRequest] = []
        self.full = 0
        """So many items find no room."""
        self.down = 0
        """So many requests are refused as a whole with 429."""
        self.api_key, self.data_stream, self.largest = api_key, data_stream, largest

    def answer(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        if header(request, "Authorization") != f"ApiKey {self.api_key}":
            return _error(401, "security_exception", "unable to authenticate")
        path = unquote(urlsplit(request.url).path)
        if path != f"/{self.data_stream}/_bulk" or request.method != "POST":
            return _error(404, "index_not_found_exception", f"no such index [{path.strip('/')}]")
        if header(request, "Content-Type") != "application/x-ndjson":
            return _error(406, "content_type", "Content-Type header is not supported")
        if len(request.body) > self.largest:
            return HttpAnswer(413, (), b"")
        if self.down:
            self.down -= 1
            return _error(429, "es_rejected_execution_exception", "rejected execution of coordinating operation")
        if not request.body.endswith(b"\n"):
            return _error(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]")
        lines = request.body.split(b"\n")[:-1]
        if len(lines) % 2:
            return _error(400, "illegal_argument_exception", "Malformed action/metadata line")
        items = [self._item(json.loads(lines[at]), json.loads(lines[at + 1])) for at in range(0, len(lines), 2)]
        errors = any("error" in item["create"] for item in items)
        return HttpAnswer(200, (), json.dumps({"errors": errors, "items": items if errors else []}).encode())

    def _item(self, action: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
        if list(action) != ["create"]:
            reason = "only write ops with an op_type of create are allowed in data streams"
            return _failed(400, "illegal_argument_exception", reason)
        identity = action["create"]["_id"]
        if len(identity.encode()) > 512:
            return _failed(400, "illegal_argument_exception", "id is too long")
        try:
            datetime.fromisoformat(document["@timestamp"])
        except (KeyError, ValueError):
            return _failed(400, "document_parsing_exception", "data stream timestamp field [@timestamp] is missing")
        if "poison" in document.get("message", ""):
            return _failed(400, "document_parsing_exception", "failed to parse field [message]")
        if identity in self.documents:
            return _failed(409, "version_conflict_engine_exception", f"[{identity}]: document already exists")
        if self.full:
            self.full -= 1
            return _failed(429, "es_rejected_execution_exception", "rejected execution of primary operation")
        self.documents[identity] = document
        return {"create": {"status": 201}}


def _failed(status: int, kind: str, reason: str) -> dict[str, Any]:
    return {"create": {"status": status, "error": {"type": kind, "reason": reason}}}


def _error(status: int, kind: str, reason: str) -> HttpAnswer:
    body = {"error": {"type": kind, "reason": reason}, "status": status}
    return HttpAnswer(status, (("content-type", "application/json"),), json.dumps(body).encode())
