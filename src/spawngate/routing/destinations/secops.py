"""Google SecOps: raw records into the Chronicle API (`logs.import`), authorised by a service account.

Source: cloud.google.com, Chronicle API v1alpha, "Method: projects.locations.instances.logTypes.logs.import" (`Log`,
`LogsInlineSource`), IAM permission chronicle.logs.import; "Using OAuth 2.0 for Server to Server Applications": a JWT
signed with RS256 in exchange for a token. The records are JSON as Spawngate writes them; a parser for the log type
makes UDM of them. An answer is for the whole request: it names no single log.
Must not be here: the token's dance (`routing.oauth`), sending.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spawngate.model.json import Json
from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Exchange,
    HttpRequest,
    Outcome,
    interface_outcome,
)
from spawngate.routing.oauth import KeyProblem, authorized, jwt_bearer, signing_key
from spawngate.routing.settings import Secret, url_problem
from spawngate.routing.stream import StreamSettings, fitting, in_parts, said
from spawngate.trail.mappings.source import Source

LARGEST = 900_000
"""Bytes of the logs of one request; the documented limit is 1 MB for one log and 4 MB for one request."""
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_WORD = re.compile(r"[A-Za-z0-9._-]{1,200}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class SecopsSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instance, a log type, and the service account that may write."""

    endpoint: str
    """Of the region: `https://chronicle.eu.rep.googleapis.com`."""
    project: str
    location: str
    instance: str
    log_type: str = "SPAWNGATE"
    forwarder: str = ""
    """Id of the forwarder that the logs are filed under; empty: none is named."""
    namespace: str = ""
    service_account: Secret
    """The account's key file, its whole JSON text."""

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        problem = url_problem(self.endpoint)
        if problem:
            found["endpoint"] = problem
        for name in ("project", "location", "instance", "log_type"):
            if not _WORD.fullmatch(getattr(self, name)):
                found[name] = "must be letters, digits, dots, dashes and underscores"
        if self.forwarder and not _WORD.fullmatch(self.forwarder):
            found["forwarder"] = "must be letters, digits, dots, dashes and underscores"
        try:
            signing_key(self.service_account)
        except KeyProblem as error:
            found["service_account"] = str(error)
        return found


def exchange(settings: SecopsSettings, batch: Batch, context: Context) -> Exchange:
    """A token where none is held, then the batch in parts."""
    parent = f"projects/{settings.project}/locations/{settings.location}/instances/{settings.instance}"
    url = f"{settings.endpoint.rstrip('/')}/v1alpha/{parent}/logTypes/{settings.log_type}/logs:import"
    pieces = [fitting(item, lambda source: _log(settings, source, context.now), LARGEST // 2) for item in batch.items]

    def sent(token: str) -> Exchange:
        headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))

        def request(some: Sequence[bytes]) -> HttpRequest:
            inline: dict[str, Any] = {"logs": [msgspec.Raw(each) for each in some]}
            if settings.forwarder:
                inline["forwarder"] = f"{parent}/forwarders/{settings.forwarder}"
            return HttpRequest("POST", url, headers, msgspec.json.encode({"inlineSource": inline}))

        return (yield from in_parts(pieces, len(pieces), LARGEST, request, read))

    asked = jwt_bearer(settings.service_account, SCOPE, context.now)
    return (yield from authorized(asked, sent, context))


def _log(settings: SecopsSettings, source: Source, now: str) -> bytes:
    data = base64.b64encode(msgspec.json.encode(source.record)).decode()
    told: dict[str, Json] = {"data": data, "collectionTime": now, "labels": {"key": {"value": source.key}}}
    if _TIME.fullmatch(source.event.at):
        told["logEntryTime"] = source.event.at
    if settings.namespace:
        told["environmentNamespace"] = settings.namespace
    return msgspec.json.encode(told)


def read(answer: Answer, count: int) -> Outcome:
    """What became of a request."""
    return interface_outcome(answer, said(answer, "error", "message") or said(answer, "error", "status"))


DESTINATION = Destination("secops", "stream", SecopsSettings, exchange, "Google SecOps (Chronicle)")
