"""An OpenID provider in memory, which can be made to lie: for what no honest one does.

The honest flow runs against `oidc-provider-mock`, a real server (`test_oidc_flow.py`).
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from spawngate.server.access.oidc import Provider, Settings

ISSUER = "https://id.example"
CLIENT = "spawngate-client"
NOW = 1_800_000_000.0


class Liar:
    """The provider. What it says can be changed from outside."""

    def __init__(self) -> None:
        self.key: RSAKey | ECKey = RSAKey.generate_key(2048, {"kid": "one"})
        self.published: list[RSAKey | ECKey] = [self.key]
        self.description: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
        }
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.sign: Callable[[Mapping[str, Any]], str] = self._signed
        self.userinfo: dict[str, Any] = {}
        self.answer: Callable[[httpx2.Request], httpx2.Response | None] = lambda request: None
        self.asked: list[httpx2.Request] = []
        self.challenge = ""
        self.now = NOW

    def provider(self, **settings: Any) -> Provider:
        """A client of it."""
        given = {"issuer": ISSUER, "client_id": CLIENT, "client_secret": "s:cret/", **settings}
        client = httpx2.Client(transport=httpx2.MockTransport(self.respond))
        return Provider(Settings(**given), client=client, clock=lambda: self.now)

    def begin(self, provider: Provider) -> tuple[str, str]:
        """Begin a login; nonce and verifier. What the browser carries is noted."""
        begun = provider.begin("https://us.example/login/callback")
        query = parse_qs(urlsplit(begun.url).query)
        self.challenge = query["code_challenge"][0]
        self.claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "42",
            "iat": int(self.now),
            "exp": int(self.now) + 300,
            "nonce": query["nonce"][0],
            "preferred_username": "ann",
            "email": "ann@example.org",
            "email_verified": True,
            "groups": ["security", "staff"],
        }
        return begun.nonce, begun.verifier

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request of the client."""
        self.asked.append(request)
        given = self.answer(request)
        if given is not None:
            return given
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self.description)
        if path == "/keys":
            return httpx2.Response(200, json=KeySet(list(self.published)).as_dict(private=False))
        if path == "/userinfo":
            return httpx2.Response(200, json=self.userinfo)
        form = parse_qs(request.content.decode())
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest())
        if form["code"] != ["a-code"] or challenge.decode().rstrip("=") != self.challenge:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        return httpx2.Response(
            200, json={"access_token": "at", "token_type": "Bearer", "id_token": self.sign(self.claims)}
        )

    def _signed(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(self.header, dict(claims), self.key, algorithms=[self.header["alg"]])


def unsigned(header: Mapping[str, Any], claims: Mapping[str, Any], signature: bytes = b"") -> str:
    """A token with any header and signature."""

    def part(value: Mapping[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part(header)}.{part(claims)}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
