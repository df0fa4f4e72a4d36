"""STUB of the Chronicle API's `logs.import` and of Google's token endpoint, after their references. It is not Google.

Enforced: the JWT (RS256 against the account's public key, issuer, audience, scope, an hour at most), the path, base64
of every log, sizes, errors in Google's form (`error.code`, `error.status`, `error.message`).
"""

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from spawngate.routing.destination import HttpAnswer, HttpRequest
from tests.stubs.http_stub import header

LARGEST = 4_000_000
PATH = "/v1alpha/projects/p1/locations/eu/instances/i1/logTypes/SPAWNGATE/logs:import"


class Google:
    """`logs` has what was taken, in its order, decoded."""

    def __init__(self, url: str = "https://oauth2.example.test/token") -> None:
        self.logs: list[dict[str, Any]] = []
        self.requests: list[HttpRequest] = []
        self.exhausted = 0
        self.tokens = 0
        self.valid = ""
        self.url = url
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def account(self) -> str:
        """The key file of the service account."""
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        told = {"type": "service_account", "private_key_id": "k1", "private_key": pem.decode()}
        return json.dumps({**told, "client_email": "sg@p1.iam.example.test", "token_uri": self.url})

    def answer(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        if request.url == self.url or urlsplit(request.url).path == "/token":
            return self._token(request)
        if header(request, "Authorization") != f"Bearer {self.valid}" or not self.valid:
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if urlsplit(request.url).path != PATH:
            return _error(404, "NOT_FOUND", "Requested entity was not found.")
        if self.exhausted:
            self.exhausted -= 1
            return _error(429, "RESOURCE_EXHAUSTED", "Quota exceeded")
        if len(request.body) > LARGEST:
            return _error(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 4000000 bytes.")
        try:
            logs = json.loads(request.body)["inlineSource"]["logs"]
            data = [json.loads(base64.b64decode(each["data"], validate=True)) for each in logs]
        except (ValueError, KeyError, TypeError):
            return _error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.")
        if any("poison" in json.dumps(each) for each in data):
            return _error(400, "INVALID_ARGUMENT", "a log is not wanted")
        self.logs += data
        return HttpAnswer(200, (), b"{}")

    def _token(self, request: HttpRequest) -> HttpAnswer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        head, claims, signature = form["assertion"].split(".")
        told = json.loads(_decoded(claims))
        try:
            self._key.public_key().verify(
                _decoded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            return HttpAnswer(400, (), b'{"error":"invalid_grant","error_description":"Invalid JWT Signature."}')
        good = (
            form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            and json.loads(_decoded(head)) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
            and told["iss"] == "sg@p1.iam.example.test"
            and told["aud"] == self.url
            and told["scope"] == "https://www.googleapis.com/auth/cloud-platform"
            and 0 < told["exp"] - told["iat"] <= 3600
        )
        if not good:
            return HttpAnswer(400, (), b'{"error":"invalid_grant"}')
        self.tokens += 1
        self.valid = f"ya29.{self.tokens}"
        return HttpAnswer(200, (), json.dumps({"access_token": self.valid, "expires_in": 3599}).encode())


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _error(code: int, status: str, message: str) -> HttpAnswer:
    return HttpAnswer(code, (), json.dumps({"error": {"code": code, "message": message, "status": status}}).encode())
