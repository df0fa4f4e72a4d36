"""OpenTelemetry logs: one LogRecord per event, as values of the OTLP data model.

Source: opentelemetry-proto v1 (`logs.proto`, `common.proto`), "OTLP/HTTP JSON": 64-bit integers as decimal text, enums
as numbers; the logs data model (severity numbers, event name); semantic conventions `gen_ai.*`, `mcp.*`, `process.*`,
`user.*`, `url.*`, `file.*` where they have a name (`gen_ai` and `mcp` are of status Development).
Must not be here: requests (`routing.destinations.otlp`), protobuf (`trail.mappings.protobuf`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from spawngate import __version__
from spawngate.model.finding import Severity
from spawngate.model.json import Json
from spawngate.trail.event import EventType
from spawngate.trail.mappings.source import Source, command_line, outcome, sentence, severity

SCOPE = "spawngate.trail"
SEVERITIES = {
    Severity.INFO: (9, "INFO"),
    Severity.LOW: (10, "INFO2"),
    Severity.MEDIUM: (13, "WARN"),
    Severity.HIGH: (17, "ERROR"),
    Severity.CRITICAL: (21, "FATAL"),
}


def log_record(source: Source, observed: int) -> dict[str, Json]:
    """One LogRecord in the form of OTLP JSON. `observed`: microseconds since 1970 at which we had it."""
    event = source.event
    number, text = SEVERITIES[severity(event)]
    return {
        "timeUnixNano": str(source.microseconds * 1000),
        "observedTimeUnixNano": str(observed * 1000),
        "severityNumber": number,
        "severityText": text,
        "body": {"stringValue": sentence(event)},
        "attributes": pairs(attributes(source)),
        "eventName": f"spawngate.{event.type}",
    }


def attributes(source: Source) -> dict[str, Any]:
    """Attributes of a LogRecord: texts, integers, booleans and lists of texts; none of them empty."""
    event = source.event
    call, decision, artifact, finding = event.call, event.decision, event.artifact, event.finding
    told: dict[str, Any] = {
        "log.record.uid": source.key,
        "host.id": event.endpoint,
        "user.name": event.actor.user,
        "gen_ai.agent.name": event.actor.agent,
        "gen_ai.conversation.id": event.actor.session,
        "spawngate.outcome": outcome(event),
        "spawngate.channel": event.channel,
        "spawngate.stream": event.stream,
        "spawngate.sequence": event.sequence,
        "spawngate.hash": source.hash,
        "spawngate.message": event.message,
    }
    if call is not None:
        is_mcp = bool(call.server or call.server_tool)
        told |= {
            "gen_ai.operation.name": "execute_tool" if event.type == EventType.DECISION else "",
            "gen_ai.tool.name": call.server_tool or call.tool,
            "gen_ai.tool.call.id": call.id,
            "mcp.method.name": "tools/call" if is_mcp and event.type == EventType.DECISION else "",
            "mcp.server.name": call.server,
            "process.command_line": command_line(event),
            "process.working_directory": call.cwd,
            "spawngate.programs": list(call.programs),
            "url.full": call.urls[0] if call.urls else "",
            "file.path": call.paths[0] if call.paths else "",
        }
    if decision is not None:
        told |= {
            "spawngate.verdict": decision.verdict,
            "spawngate.mode": decision.mode,
            "spawngate.policies": list(decision.reasons),
            "spawngate.rules": [hit.rule for hit in decision.hits],
            "spawngate.policy.revision": decision.policy,
            "spawngate.reason": decision.message,
        }
    if artifact is not None:
        told |= {
            "spawngate.artifact.id": artifact.id,
            "spawngate.artifact.kind": artifact.kind,
            "spawngate.artifact.name": artifact.name,
            "spawngate.artifact.fingerprint": artifact.fingerprint,
            "spawngate.artifact.changed": [item.path for item in artifact.differences],
            "file.path": artifact.path,
        }
    if finding is not None:
        told |= {
            "security_rule.uuid": finding.rule,
            "security_rule.name": finding.title,
            "security_rule.category": finding.pack,
            "security_rule.description": finding.message,
            "spawngate.finding.severity": finding.severity,
            "spawngate.finding.fingerprint": finding.fingerprint,
        }
    if event.delivery is not None:
        told |= {
            "spawngate.delivery.state": event.delivery.state,
            "spawngate.delivery.destination": event.delivery.destination,
            "spawngate.delivery.attempts": event.delivery.attempts,
            "spawngate.delivery.events": event.delivery.events,
        }
    if event.subject is not None:
        told |= {
            "spawngate.subject.kind": event.subject.kind,
            "spawngate.subject.id": event.subject.id,
            "spawngate.subject.action": event.subject.action,
            "spawngate.subject.changed": [item.path for item in event.subject.differences],
        }
    return {key: value for key, value in told.items() if value not in ("", [], 0)}


def pairs(given: Mapping[str, Any]) -> list[Json]:
    """Attributes as the KeyValue list of OTLP JSON."""
    return [{"key": key, "value": any_value(value)} for key, value in given.items()]


def any_value(value: Any) -> dict[str, Json]:
    """A value as AnyValue of OTLP JSON."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"arrayValue": {"values": [any_value(item) for item in value]}}
    return {"stringValue": str(value)}


def export(records: Sequence[Mapping[str, Json]], resource: Mapping[str, str]) -> dict[str, Json]:
    """An ExportLogsServiceRequest in OTLP JSON."""
    told = {"service.name": "spawngate", "service.version": __version__, **resource}
    return {
        "resourceLogs": [
            {
                "resource": {"attributes": pairs(told)},
                "scopeLogs": [{"scope": {"name": SCOPE, "version": __version__}, "logRecords": list(records)}],
            }
        ]
    }
