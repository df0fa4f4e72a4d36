"""STUB of the Logs Ingestion API of Azure Monitor and of the token endpoint before it, after Microsoft Learn ("Logs
Ingestion API in Azure Monitor", "Azure Monitor service limits", "OAuth 2.0 client credentials flow"). It is not Azure.

Enforced: client, secret and scope, a token that ends, rule and stream, an array of objects of at most 1 MB, a time in
every row, fields of at most 64 KB, 429 with Retry-After.
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from spawngate.routing.destination import HttpAnswer, HttpRequest
from tests.stubs.http_stub import header

LARGEST = 1 << 20
LONGEST_FIELD = 64 << 10


class Azure:
    """`rows` has what was taken, in its order."""

    def __init__(self, tenant: str, client: str, secret: str, rule: str, stream: str) -> None:
        self.rows: list[dict[str, Any]] = []
        self.requests: list[HttpRequest] = []
        self.throttled = 0
        self.tokens = 0
        self.valid = ""
        self._tenant, self._client, self._secret, self._rule, self._stream = tenant, client, secret, rule, stream

    def answer(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        url = urlsplit(request.url)
        if url.path == f"/{self._tenant}/oauth2/v2.0/token":
            return self._token(request)
        wanted = f"/dataCollectionRules/{self._rule}/streams/{self._stream}"
        if header(request, "Authorization") != f"Bearer {self.valid}" or not self.valid:
            return _error(401, "InvalidToken", "The token is expired or not valid.")
        if url.path != wanted:
            return _error(404, "NotFound", "Data collection rule was not found.")
        if parse_qs(url.query) != {"api-version": ["2023-01-01"]}:
            return _error(400, "InvalidApiVersion", "api-version")
        if self.throttled:
            self.throttled -= 1
            return HttpAnswer(429, (("retry-after", "7"),), b'{"error":{"code":"RateLimitExceeded","message":"slow"}}')
        if len(request.body) > LARGEST:
            return _error(413, "ContentLengthLimitExceeded", "Maximum allowed content length: 1048576 bytes")
        try:
            rows = json.loads(request.body)
        except ValueError:
            return _error(400, "InvalidFormat", "not JSON")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return _error(400, "InvalidFormat", "not an array of objects")
        for row in rows:
            try:
                datetime.fromisoformat(row["TimeGenerated"])
            except (KeyError, ValueError):
                return _error(400, "InvalidTransformOutput", "TimeGenerated is required")
            if any(isinstance(value, str) and len(value.encode()) > LONGEST_FIELD for value in row.values()):
                return _error(400, "InvalidFormat", "a field is longer than 64 KB")
            if "poison" in row["Message"]:
                return _error(400, "InvalidRecord", "a record is not wanted")
        self.rows += rows
        return HttpAnswer(204)

    def _token(self, request: HttpRequest) -> HttpAnswer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form.get("grant_type") != "client_credentials" or form.get("scope") != "https://monitor.azure.com/.default":
            return HttpAnswer(400, (), b'{"error":"invalid_scope","error_description":"AADSTS70011: scope"}')
        if (form.get("client_id"), form.get("client_secret")) != (self._client, self._secret):
            return HttpAnswer(401, (), b'{"error":"invalid_client","error_description":"AADSTS7000215: bad secret"}')
        self.tokens += 1
        self.valid = f"azure-token-{self.tokens}"
        body = {"token_type": "Bearer", "expires_in": 3599, "access_token": self.valid}
        return HttpAnswer(200, (("content-type", "application/json"),), json.dumps(body).encode())


def _error(status: int, code: str, message: str) -> HttpAnswer:
    return HttpAnswer(status, (), json.dumps({"error": {"code": code, "message": message}}).encode())
