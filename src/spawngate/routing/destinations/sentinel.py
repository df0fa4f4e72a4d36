"""Microsoft Sentinel: the Logs Ingestion API of Azure Monitor, into a custom table through a data collection rule.

Source: Microsoft Learn, "Logs Ingestion API in Azure Monitor" and "Azure Monitor service limits": JSON array, at most
1 MB for one call whether compressed or not, fields of at most 64 KB, 12,000 calls a minute for a rule, 429 with
Retry-After; "OAuth 2.0 client credentials flow". Columns of the stream: docs/events.md.
Must not be here: the token's dance (`routing.oauth`), sending.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

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
from spawngate.routing.oauth import authorized, client_credentials
from spawngate.routing.settings import Secret, url_problem
from spawngate.routing.stream import StreamSettings, fitting, in_parts, said
from spawngate.trail.mappings.source import Source, command_line, outcome, sentence, severity

LARGEST = 1_000_000
"""Bytes of one call, brackets and commas included."""
LONGEST_FIELD = 32_000
"""Characters; two bytes each stay below 64 KB."""
SCOPE = "https://monitor.azure.com/.default"
API = "2023-01-01"
_WORD = re.compile(r"[A-Za-z0-9._-]{1,200}")


class SentinelSettings(StreamSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A data collection rule and who may write to it."""

    endpoint: str
    """Of the data collection endpoint or rule: `https://name-abcd.westeurope-1.ingest.monitor.azure.com`."""
    rule: str
    """Immutable id of the rule: `dcr-0123...`."""
    stream: str = "Custom-Spawngate_CL"
    tenant: str
    client: str
    secret: Secret
    authority: str = "https://login.microsoftonline.com"
    scope: str = SCOPE

    def problems(self) -> Mapping[str, str]:
        """Wrong settings by name."""
        found = dict(super().problems())
        for name in ("endpoint", "authority"):
            problem = url_problem(getattr(self, name))
            if problem:
                found[name] = problem
        for name in ("rule", "stream", "tenant", "client"):
            if not _WORD.fullmatch(getattr(self, name)):
                found[name] = "must be letters, digits, dots, dashes and underscores"
        if not self.secret:
            found["secret"] = "must be the client's secret"
        return found


def exchange(settings: SentinelSettings, batch: Batch, context: Context) -> Exchange:
    """A token where none is held, then the batch in parts of at most 1 MB."""
    rule, stream = quote(settings.rule, safe=""), quote(settings.stream, safe="")
    url = f"{settings.endpoint.rstrip('/')}/dataCollectionRules/{rule}/streams/{stream}?api-version={API}"
    # A comma for every row but the last, and two brackets.
    pieces = [fitting(item, row, LARGEST // 2) + b"," for item in batch.items]

    def sent(token: str) -> Exchange:
        headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))

        def request(some: Sequence[bytes]) -> HttpRequest:
            return HttpRequest("POST", url, headers, b"[" + b"".join(some)[:-1] + b"]")

        return (yield from in_parts(pieces, len(pieces), LARGEST - 2, request, read))

    asked = client_credentials(
        f"{settings.authority.rstrip('/')}/{quote(settings.tenant, safe='')}/oauth2/v2.0/token",
        settings.client,
        settings.secret,
        settings.scope,
    )
    return (yield from authorized(asked, sent, context))


def row(source: Source) -> bytes:
    """One row of the table."""
    event = source.event
    call, decision, artifact, finding = event.call, event.decision, event.artifact, event.finding
    told: dict[str, Json] = {
        "TimeGenerated": event.at if source.microseconds else "1970-01-01T00:00:00Z",
        "EventType": event.type,
        "EventKey": source.key,
        "RecordHash": source.hash,
        "EndpointId": event.endpoint,
        "Stream": event.stream,
        "SequenceNumber": event.sequence,
        "Severity": severity(event).value,
        "Outcome": outcome(event),
        "UserName": event.actor.user,
        "Agent": event.actor.agent,
        "SessionId": event.actor.session,
        "Verdict": "" if decision is None else decision.verdict,
        "Mode": "" if decision is None else decision.mode,
        "Policies": "" if decision is None else " ".join(decision.reasons),
        "Rules": finding.rule if finding else " ".join(hit.rule for hit in decision.hits) if decision else "",
        "Tool": "" if call is None else call.tool,
        "McpServer": "" if call is None else call.server,
        "McpTool": "" if call is None else call.server_tool,
        "CommandLine": command_line(event),
        "ArtifactKind": "" if artifact is None else artifact.kind,
        "ArtifactName": "" if artifact is None else artifact.name,
        "Message": sentence(event),
        "Record": msgspec.json.encode(source.record).decode(),
    }
    return msgspec.json.encode(
        {key: value[:LONGEST_FIELD] if isinstance(value, str) else value for key, value in told.items()}
    )


def read(answer: Answer, count: int) -> Outcome:
    """What became of a call."""
    return interface_outcome(answer, said(answer, "error", "message") or said(answer, "error", "code"))


DESTINATION = Destination("sentinel", "stream", SentinelSettings, exchange, "Microsoft Sentinel (Logs Ingestion API)")
