"""PagerDuty: Events API v2. A group triggers one alert under its key, repeats add to it, its closing resolves it.

Format: github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json, and developer.pagerduty.com "Send an alert
event" (summary 1,024 characters, dedup_key 255, severity critical/error/warning/info, whole event 512 KB; 202 taken,
400 invalid event, 429 and 5xx later), read 2026-11.
Must not be here: sending.
"""

from typing import Any

import msgspec

from spawngate.routing.destination import Answer, Context, Destination, Exchange, HttpAnswer, HttpRequest, Outcome
from spawngate.routing.destination import http_outcome as usual
from spawngate.routing.facts import decode
from spawngate.routing.notice import Notice, counted, cut, details, headline, part_words, sample_words
from spawngate.routing.settings import Secret, Settings, url_problem

SUMMARY = 1_024
LARGEST = 512 * 1024
ROUTING_KEY = 32
_SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "info", "info": "info"}


class PagerDutySettings(Settings, frozen=True, kw_only=True):
    """An integration of type "Events API V2" of one service."""

    routing_key: Secret
    api: str = "https://events.pagerduty.com"
    """For accounts in the EU: https://events.eu.pagerduty.com."""

    def problems(self) -> dict[str, str]:
        """Wrong settings by name."""
        found = dict(Settings.problems(self))
        if len(self.routing_key) != ROUTING_KEY or not (self.routing_key.isascii() and self.routing_key.isalnum()):
            found["routing_key"] = f"must be the {ROUTING_KEY} letters and digits of an integration key"
        if url_problem(self.api):
            found["api"] = url_problem(self.api)
        return found


def exchange(settings: PagerDutySettings, notice: Notice, context: Context) -> Exchange:
    """One event; a test is a trigger that is resolved at once."""
    answer = yield render(settings, notice, "resolve" if notice.kind == "closed" else "trigger")
    outcome = read(answer, context)
    if notice.kind == "test" and outcome.state == "delivered":
        answer = yield render(settings, notice, "resolve")
        outcome = read(answer, context)
    return outcome


def render(settings: PagerDutySettings, notice: Notice, action: str) -> HttpRequest:
    """The whole request."""
    event: dict[str, Any] = {
        "routing_key": settings.routing_key,
        "event_action": action,
        "dedup_key": notice.key,
    }
    if action == "trigger":
        custom = {
            "counts": counted(notice),
            "notice": notice.id,
            **{name.lower(): value for name, value in details(notice)},
        }
        if notice.parts:
            custom["groups"] = "\n".join(part_words(part) for part in notice.parts)
        if notice.samples:
            custom["samples"] = "\n".join(f"{sample_words(each)}: {each.line}" for each in notice.samples)
        event |= {
            "client": "Spawngate",
            "payload": {
                "summary": cut(f"{headline(notice)} - {counted(notice)}", SUMMARY),
                "source": f"spawngate/{notice.route}",
                "severity": _SEVERITIES[notice.severity],
                "timestamp": notice.last,
                "component": "spawngate",
                "group": notice.route,
                "class": notice.kind,
                "custom_details": custom,
            },
        }
        if notice.link:
            event |= {"client_url": notice.link, "links": [{"href": notice.link, "text": "Open in Spawngate"}]}
    headers = (("content-type", "application/json"),)
    return HttpRequest("POST", f"{settings.api.rstrip('/')}/v2/enqueue", headers, msgspec.json.encode(event))


def read(answer: Answer, context: Context) -> Outcome:
    """What the answer means."""
    if not isinstance(answer, HttpAnswer):
        return usual(answer)
    given = decode(answer.body)
    errors = given.get("errors")
    said = "; ".join(map(str, errors)) if isinstance(errors, list) else str(given.get("message", ""))
    if answer.status == 400 and "routing_key" in said:
        return Outcome("retry", "the routing key is not accepted", blame="setting")
    if 200 <= answer.status < 300 and given.get("status") != "success":
        return Outcome("retry", "this is no answer of PagerDuty", blame="setting")
    return usual(answer, said, context.now)


DESTINATION = Destination("pagerduty", "notify", PagerDutySettings, exchange, "PagerDuty (Events API v2)")
