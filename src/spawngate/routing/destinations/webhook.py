"""A generic webhook after Standard Webhooks: signed, timed, with an id by which a receiver drops duplicates.

Format: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md: headers webhook-id, webhook-timestamp
(Unix seconds), webhook-signature (`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several, divided by blanks,
while a secret is being changed); secrets are base64 with the prefix `whsec_`, 24 to 64 bytes; 2xx is success, 410 means
that the receiver wants no more.
Must not be here: sending.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

import msgspec

from spawngate.routing.destination import Answer, Context, Destination, Exchange, HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destination import http_outcome as usual
from spawngate.routing.notice import Notice, counted
from spawngate.routing.settings import Secret, Settings, url_problem

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret."""
_RESERVED = frozenset(("host", "content-length", "connection", "transfer-encoding", "content-type", "user-agent"))


class WebhookSettings(Settings, frozen=True, kw_only=True):
    """Where to, and what it is signed with."""

    url: str
    secrets: tuple[Secret, ...]
    """`whsec_` and base64, newest first; every one signs, so that a receiver can change over."""
    headers: Mapping[str, Secret] = {}
    """Further headers: a token that a gateway in front wants."""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        found = dict(Settings.problems(self))
        if url_problem(self.url):
            found["url"] = url_problem(self.url)
        if not 1 <= len(self.secrets) <= 4:
            found["secrets"] = "give one to four"
        for index, secret in enumerate(self.secrets):
            if key_of(secret) is None:
                found[f"secrets[{index}]"] = f"must be {PREFIX} and base64 of {SHORTEST} to {LONGEST} bytes"
        for name, value in self.headers.items():
            bad = not name.replace("-", "").isalnum() or not name.isascii() or name.lower() in _RESERVED
            if bad or name.lower().startswith("webhook-"):
                found["headers"] = "holds a name that is no header's or is set by us"
            elif not (value.isascii() and value.isprintable()):
                found["headers"] = "holds a value that no header may have"
        return found


def key_of(secret: str) -> bytes | None:
    """The key of a written secret; None where it is none."""
    if not secret.startswith(PREFIX):
        return None
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if SHORTEST <= len(key) <= LONGEST else None


def sign(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """One signature."""
    key = key_of(secret)
    assert key is not None, "settings were validated"
    signed = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode('ascii')}"


def exchange(settings: WebhookSettings, notice: Notice, context: Context) -> Exchange:
    """One request."""
    answer = yield render(settings, notice, context)
    return read(answer, context)


def render(settings: WebhookSettings, notice: Notice, context: Context) -> HttpRequest:
    """The whole request. The id stays over attempts, the time is that of the attempt, as the specification wants it."""
    body = msgspec.json.encode(
        {
            "type": f"spawngate.notice.{notice.kind}",
            "timestamp": context.now,
            "data": {"schema_version": 1, "summary": counted(notice), **msgspec.to_builtins(notice)},
        }
    )
    timestamp = int(datetime.fromisoformat(context.now).timestamp())
    headers = (
        *settings.headers.items(),
        ("content-type", "application/json"),
        ("webhook-id", notice.id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", " ".join(sign(secret, notice.id, timestamp, body) for secret in settings.secrets)),
    )
    return HttpRequest("POST", settings.url, headers, body, largest=16_384)


def read(answer: Answer, context: Context) -> Outcome:
    """2xx is success. The body is not ours to understand, and it is not quoted: it may echo what was sent."""
    outcome = usual(answer, now=context.now)
    if isinstance(answer, HttpAnswer) and answer.status == 410:
        return Outcome("retry", "HTTP 410: the receiver wants no more", blame="setting")
    return outcome


DESTINATION = Destination("webhook", "notify", WebhookSettings, exchange, "Generic webhook (Standard Webhooks)")
