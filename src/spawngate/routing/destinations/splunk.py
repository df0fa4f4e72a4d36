"""Splunk HTTP Event Collector, with indexer acknowledgement where the token has it.

Source: Splunk "Getting Data In": HEC event format, response codes (`code`, `invalid-event-number`), "About HTTP Event
Collector Indexer Acknowledgment": 200 means accepted and not indexed; with acknowledgement every request names a
channel, its answer an `ackId`, and `/services/collector/ack` tells later whether it is indexed. The id of a batch that
waits is remembered with the route, so that it is asked for and not sent again; after `ack_seconds` it is sent again.
Must not be here: sending.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from spawngate.model.json import Json
from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Exchange,
    HttpAnswer,
    HttpRequest,
    ItemOutcome,
    Outcome,
    interface_outcome,
)
from spawngate.routing.settings import Secret, url_problem
from spawngate.routing.stream import StreamSettings, decoded, in_parts, said, source
from spawngate.trail.mappings.source import Source

LARGEST = 800_000
"""Bytes of one request: `max_content_length` was 1 MB before 6.6 and on managed services."""
_CHANNEL = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_INVALID = (6, 12, 13)
"""Codes that blame one event: invalid data format, event field required, event field blank."""
_SETTING = (1, 2, 3, 4, 7, 10, 11, 14)
"""Codes that blame token, index or channel."""


class SplunkSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collector."""

    url: str
    """`https://splunk.example.com:8088`."""
    token: Secret
    index: str = ""
    """Empty: the token's default."""
    sourcetype: str = "spawngate:event"
    channel: str = ""
    """A GUID of your own; switches acknowledgement on, which the token must have too."""
    ack_seconds: int = 300
    """Without an acknowledgement for so long a batch is sent again."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        problem = url_problem(self.url)
        if problem:
            found["url"] = problem
        if not self.token or not self.token.isprintable() or not self.token.isascii():
            found["token"] = "must be the collector's token"
        if self.channel and not _CHANNEL.fullmatch(self.channel):
            found["channel"] = "must be a GUID"
        if not 5 <= self.ack_seconds <= 86_400:
            found["ack_seconds"] = "must be between 5 and 86400"
        return found


def exchange(settings: SplunkSettings, batch: Batch, context: Context) -> Exchange:
    """Ask for the acknowledgement of a batch that was sent, or send it."""
    remembered = context.remembered
    waits = bool(settings.channel) and remembered.get("batch") == batch.id
    if waits and _age(remembered, context.now) < settings.ack_seconds:
        return (yield from _asked(settings, remembered))
    pieces = [_event(settings, source(item)) for item in batch.items]
    ids: list[str] = []

    def answered(answer: Answer, count: int) -> Outcome:
        outcome, ack = _read(answer, count)
        if ack:
            ids.append(ack)
        return outcome

    outcome = yield from in_parts(pieces, len(pieces), LARGEST, lambda some: _post(settings, some), answered)
    if not settings.channel or outcome.state != "delivered":
        return outcome
    if not ids:
        return Outcome("retry", "the collector gave no ackId: its token has no acknowledgement", blame="setting")
    told = {"batch": batch.id, "acks": ",".join(ids), "since": context.now}
    refused = ";".join(f"{item.index}:{item.reason}" for item in outcome.items)
    told["refused"] = refused[:10_000]
    return Outcome("retry", "sent, not acknowledged yet", 1.0, "", remember=told)


def _asked(settings: SplunkSettings, remembered: Mapping[str, str]) -> Exchange:
    ids = [int(each) for each in remembered.get("acks", "").split(",") if each.isdecimal()]
    answer = yield HttpRequest(
        "POST",
        f"{settings.url.rstrip('/')}/services/collector/ack?channel={settings.channel}",
        _headers(settings),
        msgspec.json.encode({"acks": ids}),
    )
    outcome = interface_outcome(answer, said(answer, "text"))
    if outcome.state != "delivered":
        # A refused question must not refuse the batch.
        return Outcome("retry", outcome.reason, outcome.after, outcome.blame or "destination")
    value = decoded(answer) if isinstance(answer, HttpAnswer) else None
    acks = value.get("acks") if isinstance(value, Mapping) else None
    if not ids or not isinstance(acks, Mapping) or not all(acks.get(str(each)) is True for each in ids):
        return Outcome("retry", "not acknowledged yet", 2.0, "")
    items = []
    for part in filter(None, remembered.get("refused", "").split(";")):
        index, _, reason = part.partition(":")
        if index.isdecimal():
            items.append(ItemOutcome(int(index), "refused", reason))
    return Outcome("delivered", items=tuple(items), remember={"batch": "", "acks": "", "since": "", "refused": ""})


def _event(settings: SplunkSettings, told: Source) -> bytes:
    event: dict[str, Json] = {
        "time": told.microseconds / 1_000_000 if told.microseconds else 0,
        "host": told.event.endpoint or "unknown",
        "source": "spawngate",
        "sourcetype": settings.sourcetype,
        "event": {**told.record, "key": told.key},
    }
    if settings.index:
        event["index"] = settings.index
    return msgspec.json.encode(event)


def _post(settings: SplunkSettings, pieces: Sequence[bytes]) -> HttpRequest:
    # The format is objects one behind the other; a line end between them is for people.
    url = f"{settings.url.rstrip('/')}/services/collector/event"
    return HttpRequest("POST", url, _headers(settings), b"\n".join(pieces))


def _headers(settings: SplunkSettings) -> tuple[tuple[str, str], ...]:
    given = (("Authorization", f"Splunk {settings.token}"), ("Content-Type", "application/json"))
    return (*given, ("X-Splunk-Request-Channel", settings.channel)) if settings.channel else given


def _read(answer: Answer, count: int) -> tuple[Outcome, str]:
    outcome = interface_outcome(answer, said(answer, "text"))
    value: Any = decoded(answer) if isinstance(answer, HttpAnswer) else None
    if outcome.state == "delivered" and not (isinstance(value, Mapping) and value.get("code", 0) == 0):
        return Outcome("retry", "this is no answer of a collector", blame="setting"), ""
    if not isinstance(value, Mapping):
        return outcome, ""
    if outcome.state == "delivered":
        ack = value.get("ackId")
        known = isinstance(ack, int) and not isinstance(ack, bool)
        return outcome, str(ack) if known else ""
    code = value.get("code")
    if code in _SETTING:
        return Outcome("retry", outcome.reason, outcome.after, "setting"), ""
    number = value.get("invalid-event-number")
    if code in _INVALID and isinstance(number, int) and 0 <= number < count and count > 1:
        # The rest goes out again without it: halving finds the same event.
        return Outcome("refused", outcome.reason, blame="content"), ""
    return outcome, ""


def _age(remembered: Mapping[str, str], now: str) -> float:
    try:
        return (datetime.fromisoformat(now) - datetime.fromisoformat(remembered.get("since", ""))).total_seconds()
    except (ValueError, TypeError):
        return float("inf")


DESTINATION = Destination("splunk", "stream", SplunkSettings, exchange, "Splunk HTTP Event Collector")
