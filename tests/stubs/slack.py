"""STUB of Slack: an incoming webhook and chat.postMessage, with the limits and errors that Slack documents.

Sources: docs.slack.dev "Sending messages using incoming webhooks" (errors are words with 400, 403, 404, 410; success is
`ok`), "chat.postMessage" (200 with `ok: false` and `error`), "Block Kit: blocks" (50 blocks; header 150 characters of
plain text; section 3,000, fields ten of 2,000; context ten elements; button text 75, url 3,000), "Rate limits" (one
message a second and channel, 429 with Retry-After), read 2026-11. What it cannot show: whether Slack renders it well.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.stubs.http import Asked, Reply, Stub

TOKEN = "xoxb-stub"
HOOK = "/services/T000/B000/stub"


class SlackStub(Stub):
    """`messages` are what was posted. `per_second` None: no limit of rate."""

    def __init__(self, per_second: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(self.slack)
        self.messages: list[dict[str, Any]] = []
        self.archived = False
        self.per_second, self.clock = per_second, clock
        self.last = -1e9

    def slack(self, asked: Asked) -> Reply:
        api = asked.path == "/api/chat.postMessage"
        if not api and asked.path != HOOK:
            return Reply(404, "no_service")
        if asked.method != "POST":
            return Reply(405, "method_not_allowed")
        if self.per_second and self.clock() - self.last < 1 / self.per_second:
            headers = {"Retry-After": "1"}
            return Reply(429, {"ok": False, "error": "ratelimited"} if api else "rate_limited", headers)
        error = self.error(asked, api)
        if error:
            if api:
                return Reply(200, {"ok": False, "error": error})
            return Reply({"channel_is_archived": 410, "action_prohibited": 403}.get(error, 400), error)
        self.last = self.clock()
        self.messages.append(asked.json)
        if not api:
            return Reply(200, "ok")
        return Reply(200, {"ok": True, "channel": "C1", "ts": f"1700000000.{len(self.messages):06d}", "message": {}})

    def error(self, asked: Asked, api: bool) -> str:
        if api and asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return "invalid_auth"
        if not asked.headers.get("content-type", "").startswith("application/json"):
            return "invalid_payload"
        try:
            message = asked.json
        except json.JSONDecodeError:
            return "invalid_payload"
        if not isinstance(message, dict):
            return "invalid_payload"
        if api and message.get("channel") != "C1":
            return "channel_not_found"
        if self.archived:
            return "is_archived" if api else "channel_is_archived"
        if "thread_ts" in message and not any(
            message["thread_ts"] == f"1700000000.{number:06d}" for number in range(1, len(self.messages) + 1)
        ):
            return "thread_not_found"
        text, blocks = message.get("text"), message.get("blocks")
        if not text and not blocks:
            return "no_text"
        if isinstance(text, str) and len(text) > 40_000:
            return "msg_too_long"
        return "invalid_blocks" if problem(blocks) else ""


def problem(blocks: Any) -> str:
    """What is wrong with blocks; empty where nothing is."""
    if not isinstance(blocks, list) or len(blocks) > 50:
        return "at most 50 blocks"
    for block in blocks:
        kind = block.get("type")
        if kind == "header":
            found = _text(block.get("text"), 150, {"plain_text"})
        elif kind == "section":
            fields = block.get("fields")
            found = _text(block["text"], 3_000) if "text" in block else "" if fields else "text or fields"
            if fields is not None:
                found = found or ("1 to 10 fields" if not 1 <= len(fields) <= 10 else "")
                found = found or next(filter(None, (_text(each, 2_000) for each in fields)), "")
        elif kind == "context":
            elements = block.get("elements", [])
            found = "1 to 10 elements" if not 1 <= len(elements) <= 10 else ""
            found = found or next(filter(None, (_text(each, 3_000) for each in elements)), "")
        elif kind == "actions":
            elements = block.get("elements", [])
            found = "1 to 25 elements" if not 1 <= len(elements) <= 25 else ""
            for each in elements:
                found = found or _text(each.get("text"), 75, {"plain_text"})
                found = found or ("url" if len(each.get("url", "")) > 3_000 else "")
        else:
            found = f"unknown block {kind}"
        if found:
            return found
    return ""


def _text(given: Any, longest: int, kinds: set[str] | None = None) -> str:
    if not isinstance(given, dict) or given.get("type") not in (kinds or {"plain_text", "mrkdwn"}):
        return "no text object"
    if set(given) - {"type", "text", "emoji", "verbatim"}:
        return "unknown field of a text object"
    if ("emoji" in given) != (given["type"] == "plain_text") and "emoji" in given:
        return "emoji is of plain_text"
    if "verbatim" in given and given["type"] != "mrkdwn":
        return "verbatim is of mrkdwn"
    text = given.get("text")
    return "" if isinstance(text, str) and 1 <= len(text) <= longest else f"1 to {longest} characters"
