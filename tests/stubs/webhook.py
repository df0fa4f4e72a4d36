"""A receiver of Standard Webhooks: verifies as the specification wants it, and drops what it has seen.

Source: github.com/standard-webhooks/standard-webhooks spec/standard-webhooks.md, "Verifying webhooks", read 2026-11.
"""

import base64
import hashlib
import hmac
import time
from typing import Any

from tests.stubs.http import Asked, Reply, Stub

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()


class WebhookStub(Stub):
    """`seen`: how often each id came; `notices`: bodies by id."""

    def __init__(self, secret: str = SECRET, tolerance: float = 300.0) -> None:
        super().__init__(self.receive)
        self.key = base64.b64decode(secret.removeprefix("whsec_"))
        self.tolerance = tolerance
        self.seen: dict[str, int] = {}
        self.notices: dict[str, Any] = {}

    def receive(self, asked: Asked) -> Reply:
        id, stamp = asked.headers.get("webhook-id", ""), asked.headers.get("webhook-timestamp", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > self.tolerance:
            return Reply(400, "timestamp")
        signed = hmac.new(self.key, f"{id}.{stamp}.".encode() + asked.body, hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(signed).decode()
        if not any(hmac.compare_digest(expected, each) for each in asked.headers.get("webhook-signature", "").split()):
            return Reply(401, "signature")
        self.seen[id] = self.seen.get(id, 0) + 1
        self.notices[id] = asked.json
        return Reply(204)
