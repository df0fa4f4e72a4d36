"""STUB of PagerDuty's Events API v2.

Sources: github.com/PagerDuty/api-schema reference/events-v2/openapiv3.json; developer.pagerduty.com "Send an alert
event" (summary 1,024 characters, dedup_key 255, severities, 512 KB; 202, 400 `invalid event` with errors, 429), read
2026-11.
"""

import json
from typing import Any

from tests.stubs.http import Asked, Reply, Stub

KEY = "a" * 32


class PagerDutyStub(Stub):
    """`open`: alerts by dedup_key with the number of triggers; `resolved`: keys."""

    def __init__(self) -> None:
        super().__init__(self.pagerduty)
        self.open: dict[str, int] = {}
        self.resolved: list[str] = []
        self.events: list[dict[str, Any]] = []

    def pagerduty(self, asked: Asked) -> Reply:
        if asked.path != "/v2/enqueue" or asked.method != "POST":
            return Reply(404, "")
        if len(asked.body) > 512 * 1024:
            return Reply(413, "")
        errors = self.errors(asked)
        if errors:
            return Reply(400, {"status": "invalid event", "message": "Event object is invalid", "errors": errors})
        event = asked.json
        self.events.append(event)
        key = event["dedup_key"]
        if event["event_action"] == "trigger":
            self.open[key] = self.open.get(key, 0) + 1
        else:
            self.open.pop(key, None)
            self.resolved.append(key)
        return Reply(202, {"status": "success", "message": "Event processed", "dedup_key": key})

    def errors(self, asked: Asked) -> list[str]:
        try:
            event = asked.json
        except json.JSONDecodeError:
            return ["JSON cannot be parsed"]
        found: list[str] = []
        key = event.get("routing_key", "")
        if len(key) != 32:
            found.append("Length of 'routing_key' is incorrect (should be 32 characters)")
        elif key != KEY:
            found.append("'routing_key' is invalid")
        if event.get("event_action") not in ("trigger", "acknowledge", "resolve"):
            found.append("'event_action' is invalid")
        if len(event.get("dedup_key", "")) > 255:
            found.append("Length of 'dedup_key' is incorrect (should be at most 255 characters)")
        if event.get("event_action") == "trigger":
            payload = event.get("payload", {})
            if not 1 <= len(payload.get("summary", "")) <= 1024:
                found.append("'payload.summary' is missing or blank, or longer than 1024 characters")
            if payload.get("severity") not in ("critical", "error", "warning", "info"):
                found.append("'payload.severity' is invalid (must be one of: critical, warning, error, info)")
            if not payload.get("source"):
                found.append("'payload.source' is missing or blank")
        return found
