"""Tokens of OAuth 2.0 for destinations that want one: by client credentials, or by a service account's signed JWT.

Source: RFC 6749 4.4 and 5, RFC 7523 2.1, RFC 7515 (RS256). A token is held by the process and never stored; one that
the destination refuses is asked for anew once.
Must not be here: what the token is for.
"""

import base64
from collections.abc import Callable, Generator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from spawngate.routing.destination import (
    Answer,
    Context,
    Exchange,
    HttpAnswer,
    HttpRequest,
    Outcome,
    Outgoing,
    http_outcome,
)
from spawngate.routing.settings import url_problem
from spawngate.routing.stream import decoded, said

EARLY = timedelta(seconds=120)
"""So long before its end a token is not used any more."""
LONGEST = timedelta(hours=1)
_FORM = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"))


class KeyProblem(ValueError):
    """The text is no key file of a service account. The message holds nothing of it."""


def client_credentials(url: str, client: str, secret: str, scope: str) -> HttpRequest:
    """The request for a token by client credentials."""
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": scope}
    return HttpRequest("POST", url, _FORM, urlencode(form).encode())


def jwt_bearer(account: str, scope: str, now: str) -> HttpRequest:
    """The request for a token by a JWT that the service account signs. Raises KeyProblem."""
    key, mail, key_id, url = signing_key(account)
    issued = int(datetime.fromisoformat(now).timestamp())
    claims = {"iss": mail, "scope": scope, "aud": url, "iat": issued, "exp": issued + int(LONGEST.total_seconds())}
    header = {"alg": "RS256", "typ": "JWT", **({"kid": key_id} if key_id else {})}
    to_sign = f"{_base64(msgspec.json.encode(header))}.{_base64(msgspec.json.encode(claims))}"
    signature = key.sign(to_sign.encode(), padding.PKCS1v15(), hashes.SHA256())
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": f"{to_sign}.{_base64(signature)}",
    }
    return HttpRequest("POST", url, _FORM, urlencode(form).encode())


def signing_key(account: str) -> tuple[rsa.RSAPrivateKey, str, str, str]:
    """Key, address, key id and token address of a service account's key file. Raises KeyProblem."""
    try:
        value = msgspec.json.decode(account)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise KeyProblem("must be the JSON text of the account's key file") from None
    if not isinstance(value, Mapping):
        raise KeyProblem("must be the JSON text of the account's key file")
    told = [value.get(name) for name in ("private_key", "client_email", "token_uri")]
    if not all(isinstance(each, str) and each for each in told):
        raise KeyProblem("private_key, client_email and token_uri must be there")
    pem, mail, url = map(str, told)
    problem = url_problem(url)
    if problem:
        raise KeyProblem(f"token_uri {problem}")
    try:
        key = load_pem_private_key(pem.encode("utf-8", "replace"), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyProblem("private_key is no key that can be read") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeyProblem("private_key is no RSA key")
    return key, mail, str(value.get("private_key_id") or ""), url


def authorized(
    request: HttpRequest, sent: Callable[[str], Exchange], context: Context
) -> Generator[Outgoing, Answer, Outcome]:
    """An exchange with a token: the one that is held while it holds, else a new one by `request`.

    Where the destination says 401 to a token that was held, a new one is asked for, once.
    """
    token = _held(context)
    if token:
        outcome = yield from _noting(sent(token))
        if outcome is not None:
            return outcome
    answer = yield request
    gained = _token(answer, context.now)
    if isinstance(gained, Outcome):
        return gained
    token, until = gained
    held = {"token": token, "token_until": until}
    outcome = yield from sent(token)
    return _with(outcome, held)


def _noting(exchange: Exchange) -> Generator[Outgoing, Answer, Outcome | None]:
    """Runs an exchange; None where its first answer is a 401."""
    first = True
    try:
        outgoing = next(exchange)
        while True:
            answer = yield outgoing
            if first and isinstance(answer, HttpAnswer) and answer.status == 401:
                exchange.close()
                return None
            first = False
            outgoing = exchange.send(answer)
    except StopIteration as end:
        found: Outcome = end.value
        return found


def _token(answer: Answer, now: str) -> tuple[str, str] | Outcome:
    reason = said(answer, "error_description") or said(answer, "error")
    outcome = http_outcome(answer, reason, now)
    if outcome.state != "delivered" or not isinstance(answer, HttpAnswer):
        # 400 is what a server of tokens says of a wrong client or secret: nothing is wrong with the batch.
        blame = outcome.blame if outcome.state == "retry" else "setting"
        return Outcome("retry", f"no token: {outcome.reason}"[:500], outcome.after, blame)
    value: Any = decoded(answer)
    token = value.get("access_token") if isinstance(value, Mapping) else None
    lives = value.get("expires_in") if isinstance(value, Mapping) else None
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        return Outcome("retry", "no token in the answer", blame="setting")
    seconds = int(lives) if isinstance(lives, int | str) and str(lives).isdecimal() else 0
    until = datetime.fromisoformat(now) + min(timedelta(seconds=min(seconds, 86_400)), timedelta(days=1)) - EARLY
    return token, until.astimezone(UTC).isoformat()


def _held(context: Context) -> str:
    token, until = context.held.get("token", ""), context.held.get("token_until", "")
    try:
        return token if datetime.fromisoformat(until) > datetime.fromisoformat(context.now) else ""
    except (ValueError, TypeError):
        return ""


def _with(outcome: Outcome, held: Mapping[str, str]) -> Outcome:
    return Outcome(
        outcome.state,
        outcome.reason,
        outcome.after,
        outcome.blame,
        outcome.items,
        outcome.remember,
        {**outcome.hold, **held},
    )


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
