"""SHELL. Sign-in at an OpenID Connect provider: authorization code flow with PKCE, and the ID token checked.

Sources: OpenID Connect Core 1.0 (3.1.3.7: what is checked), Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (`iss` in the
answer). Keys and signatures are joserfc's, the challenge is Authlib's. The provider is the operator's choice, so its
addresses are trusted as far as they are https, or plain on loopback.
Must not be here: who the person is to us (`login`), sessions.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # ships no types
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from spawngate.model.errors import StateError, UsageError
from spawngate.server.access.roles import Role
from spawngate.server.fleet.words import fresh

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key of the provider's. Never `none`, and never one with the client's secret."""
LEEWAY = 60
"""Seconds by which clocks may differ."""
KEPT = 3_600.0
"""Seconds for which the provider's description is kept."""
KEYS_AGAIN = 60.0
"""Keys are asked for anew at most this often, when a token names one that is not known."""
TIMEOUT = 10.0
"""Seconds for which the provider may say nothing, and those that a whole answer may take."""
AWAY = 5.0
"""Seconds for which a provider that could not be asked for its description is not asked again: everybody who signs in
would else wait for it, one behind the other."""
LARGEST = 1 << 20
_UNREADABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a token or a key of somebody else raises."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class OidcError(StateError):
    """The provider cannot be used or its answer is not to be believed. The message holds no token."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What membership of a group at the provider gives here."""

    team: str
    """Name; `organisation` for all."""
    role: Role


@dataclass(frozen=True, slots=True)
class Settings:
    """How a provider is used."""

    issuer: str
    """As the provider writes itself in its tokens."""
    client_id: str
    client_secret: str = field(default="", repr=False)
    """Empty for a public client: PKCE alone."""
    name: str = "your organisation's account"
    """What the button says."""
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    groups: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    """By name of a group. Where there are any, they decide everybody's roles with every login."""
    default: Grant | None = None
    """What everybody gets whom the provider lets in; None: nothing."""
    create: bool = False
    """Whether people whom nobody invited are let in, as far as groups or default give them a role."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that has begun: where the browser goes, and what must be known when it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the provider says it is."""

    issuer: str
    subject: str
    name: str
    email: str
    """Only where the provider has verified it."""
    groups: frozenset[str]


class Provider:
    """One provider. May be used from any thread."""

    def __init__(
        self,
        settings: Settings,
        *,
        client: httpx2.Client | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Raises UsageError for an issuer that is not https and not on loopback. Asks nobody yet."""
        _trusted(settings.issuer, UsageError)
        self.settings = settings
        self._client = client or httpx2.Client(timeout=TIMEOUT, follow_redirects=False)
        self._clock = clock
        self._lock = threading.Lock()
        self._described: tuple[float, Mapping[str, Any]] = (-KEPT, {})
        self._keys: tuple[float, KeySet | None] = (-KEPT, None)
        self._away: tuple[float, OidcError | None] = (-AWAY, None)

    def begin(self, redirect: str) -> Begun:
        """Begin a login that comes back to `redirect`. Raises OidcError."""
        state, nonce, verifier = fresh(), fresh(), fresh()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return Begun(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", state, nonce, verifier)

    def finish(self, code: str, redirect: str, nonce: str, verifier: str, issuer: str | None = None) -> Person:
        """Exchange the code and check the ID token. `issuer`: `iss` of the answer, if any. Raises OidcError."""
        if issuer is not None and issuer != self.settings.issuer:
            raise OidcError("the answer comes from another provider than was asked")
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": verifier,
        }
        answer = self._post(self._endpoint("token_endpoint"), asked)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OidcError("the provider gave no ID token")
        claims = self._claims(token, nonce)
        return self._person(claims, answer.get("access_token"))

    def _person(self, claims: Mapping[str, Any], access: object) -> Person:
        lacking = not claims.get("email") or (bool(self.settings.groups) and self.settings.groups_claim not in claims)
        mailed = claims
        if isinstance(access, str) and lacking and "userinfo_endpoint" in self._description():
            told = self._get(self._endpoint("userinfo_endpoint"), {"authorization": f"Bearer {access}"})
            if told.get("sub") == claims["sub"]:  # Core 5.3.2: else it is of somebody else
                # That one address is verified says nothing of the other's.
                mailed = claims if "email" in claims else told
                claims = {**told, **claims}
        email = mailed.get("email") if mailed.get("email_verified") is True else ""
        groups = claims.get(self.settings.groups_claim)
        names = (claims.get("preferred_username"), claims.get("name"), claims.get("email"), claims["sub"])
        return Person(
            issuer=self.settings.issuer,
            subject=claims["sub"],
            name=next(each for each in names if isinstance(each, str) and each),
            email=email if isinstance(email, str) else "",
            groups=frozenset(each for each in groups if isinstance(each, str))
            if isinstance(groups, list)
            else frozenset(),
        )

    def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        try:
            try:
                decoded = jwt.decode(token, self._key_set(), algorithms=list(ALGORITHMS))
            except _UNREADABLE:
                # The provider may have changed its keys since.
                decoded = jwt.decode(token, self._key_set(again=True), algorithms=list(ALGORITHMS))
        except _UNREADABLE as error:
            raise OidcError(f"the ID token is not the provider's ({type(error).__name__})") from None
        claims, now = decoded.claims, self._clock()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        wrong = ""
        if claims.get("iss") != self.settings.issuer:
            wrong = "iss"
        elif self.settings.client_id not in audiences:
            wrong = "aud"
        elif (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != self.settings.client_id:
            wrong = "azp"
        elif not _number(claims.get("exp")) or claims["exp"] + LEEWAY <= now:
            wrong = "exp"
        elif not _number(claims.get("iat")) or claims["iat"] - LEEWAY > now:
            wrong = "iat"
        elif claims.get("nonce") != nonce:
            wrong = "nonce"
        elif not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
            wrong = "sub"
        if wrong:
            raise OidcError(f"the ID token is not for this login ({wrong})")
        return claims

    # The provider's description ---------------------------------------------------------------------------------

    def _description(self) -> Mapping[str, Any]:
        with self._lock:
            at, held = self._described
            if held and self._clock() - at < KEPT:
                return held
            since, problem = self._away
            if problem is not None and 0 <= self._clock() - since < AWAY:
                raise OidcError(str(problem))
            try:
                found = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.settings.issuer:
                    raise OidcError("the provider's description names another issuer")
            except OidcError as error:
                self._away = (self._clock(), error)
                raise
            self._described = (self._clock(), found)
            return found

    def _endpoint(self, name: str) -> str:
        found = self._description().get(name)
        if not isinstance(found, str):
            raise OidcError(f"the provider has no {name}")
        _trusted(found, OidcError)
        return found

    def _key_set(self, again: bool = False) -> KeySet:
        address = self._endpoint("jwks_uri")
        with self._lock:
            at, held = self._keys
            age = self._clock() - at
            if held is not None and age < (KEYS_AGAIN if again else KEPT):
                return held
            found = self._get(address)
            try:
                keys = KeySet.import_key_set(found)  # type: ignore[arg-type]  # checked by it
            except _UNREADABLE:
                raise OidcError("the provider's keys cannot be understood") from None
            self._keys = (self._clock(), keys)
            return keys

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        return self._answer("GET", address, headers=headers)

    def _post(self, address: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        settings = self.settings
        told = self._description().get("token_endpoint_auth_methods_supported")
        methods = told if isinstance(told, list) and told else ["client_secret_basic"]
        if not settings.client_secret:
            return self._answer("POST", address, data={**form, "client_id": settings.client_id})
        if "client_secret_basic" in methods:
            # RFC 6749, 2.3.1: both are form-encoded before they become a name and a password.
            pair = (urlencode({"": settings.client_id})[1:], urlencode({"": settings.client_secret})[1:])
            return self._answer("POST", address, data=form, auth=pair)
        secret = {"client_id": settings.client_id, "client_secret": settings.client_secret}
        return self._answer("POST", address, data={**form, **secret})

    def _answer(self, method: str, address: str, **given: Any) -> Mapping[str, Any]:
        ends = time.monotonic() + TIMEOUT
        try:
            with self._client.stream(method, address, **given) as response:
                data = b""
                for part in response.iter_bytes():
                    data += part
                    if len(data) > LARGEST:
                        raise OidcError("the provider's answer is too large")
                    if time.monotonic() > ends:
                        raise OidcError("the provider's answer takes too long")
                if response.status_code != 200:
                    raise OidcError(f"the provider answers {response.status_code} at {urlsplit(address).path}")
                document = httpx2.Response(200, content=data).json()
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise OidcError(f"the provider cannot be reached ({type(error).__name__})") from None
        except (ValueError, RecursionError):
            raise OidcError("the provider's answer is no JSON") from None
        if not isinstance(document, dict):
            raise OidcError("the provider's answer is no JSON object")
        return document

    def close(self) -> None:
        """Let connections go."""
        self._client.close()


def _number(value: object) -> bool:
    # JSON of others holds NaN and Infinity, which are after and before nothing.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1 << 53


def _trusted(address: str, error: type[UsageError] | type[OidcError]) -> None:
    try:
        parts = urlsplit(address)
        scheme, host, _ = parts.scheme, parts.hostname, parts.port
    except ValueError:
        raise error("a provider's address is none") from None
    if scheme == "https" and host:
        return
    if scheme == "http" and host in _LOOPBACK:
        return
    raise error("a provider is asked over https, or on loopback")
