"""STUB of a Splunk HTTP Event Collector, after Splunk's documentation ("Format events for HTTP Event Collector",
"Troubleshoot HTTP Event Collector", "About HTTP Event Collector Indexer Acknowledgment"). It is not Splunk.

Enforced: token and its state, index, channel where acknowledgement is on, event field, size of a request, codes and
statuses of the documentation, an acknowledgement that is told once.
"""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from spawngate.routing.destination import HttpAnswer, HttpRequest
from tests.stubs.http_stub import header

LARGEST = 1_000_000
_TEXTS = {
    0: (200, "Success"),
    1: (403, "Token disabled"),
    2: (401, "Token is required"),
    3: (401, "Invalid authorization"),
    4: (403, "Invalid token"),
    5: (400, "No data"),
    6: (400, "Invalid data format"),
    7: (400, "Incorrect index"),
    9: (503, "Server is busy"),
    10: (400, "Data channel is missing"),
    12: (400, "Event field is required"),
    13: (400, "Event field cannot be blank"),
    14: (400, "ACK is disabled"),
}


class Collector:
    """`indexed` has the events in the order in which they were accepted."""

    def __init__(self, token: str, *, acks: bool = False, polls: int = 1, indexes: tuple[str, ...] = ("main",)) -> None:
        self.indexed: list[dict[str, Any]] = []
        self.requests: list[HttpRequest] = []
        self.busy = 0
        """So many requests are told that the server is busy."""
        self.token, self.acks, self.polls, self.indexes = token, acks, polls, indexes
        self._waiting: dict[str, dict[int, int]] = {}

    def answer(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        scheme, _, token = header(request, "Authorization").partition(" ")
        if not scheme:
            return _told(2)
        if scheme != "Splunk":
            return _told(3)
        if token != self.token:
            return _told(4)
        url = urlsplit(request.url)
        channel = header(request, "X-Splunk-Request-Channel") or parse_qs(url.query).get("channel", [""])[0]
        if url.path == "/services/collector/ack":
            return self._ack(request, channel)
        if url.path != "/services/collector/event" or request.method != "POST":
            return HttpAnswer(404, (), b'{"text":"The requested URL was not found on this server.","code":404}')
        if len(request.body) > LARGEST:
            return HttpAnswer(413, (), b'{"text":"Content-Length exceeds maximum","code":27}')
        if self.acks and not channel:
            return _told(10)
        if self.busy:
            self.busy -= 1
            return _told(9)
        return self._events(request.body.decode(), channel)

    def _events(self, text: str, channel: str) -> HttpAnswer:
        found: list[dict[str, Any]] = []
        at, decoder = 0, json.JSONDecoder()
        while text[at:].strip():
            at += len(text[at:]) - len(text[at:].lstrip())
            try:
                event, at = decoder.raw_decode(text, at)
            except ValueError:
                return _told(6, **{"invalid-event-number": len(found)})
            if not isinstance(event, dict) or "event" not in event:
                return _told(12, **{"invalid-event-number": len(found)})
            if event["event"] in ("", None, {}):
                return _told(13, **{"invalid-event-number": len(found)})
            if event.get("index", "main") not in self.indexes:
                return _told(7, **{"invalid-event-number": len(found)})
            if "poison" in json.dumps(event["event"]):
                return _told(6, **{"invalid-event-number": len(found)})
            found.append(event)
        if not found:
            return _told(5)
        self.indexed += found
        if not self.acks:
            return _told(0)
        waiting = self._waiting.setdefault(channel, {})
        number = len(waiting)
        waiting[number] = self.polls
        return _told(0, ackId=number)

    def _ack(self, request: HttpRequest, channel: str) -> HttpAnswer:
        if not self.acks:
            return _told(14)
        if not channel:
            return _told(10)
        waiting = self._waiting.get(channel, {})
        found = {}
        for number in json.loads(request.body)["acks"]:
            left = waiting.get(number, -1)
            if left > 0:
                waiting[number] = left - 1
            found[str(number)] = left == 0
        return HttpAnswer(200, (), json.dumps({"acks": found}).encode())


def _told(code: int, **more: object) -> HttpAnswer:
    status, text = _TEXTS[code]
    return HttpAnswer(
        status, (("content-type", "application/json"),), json.dumps({"text": text, "code": code, **more}).encode()
    )
