"""Common Event Format: `CEF:0|vendor|product|version|class|name|severity|key=value ...`, on one line.

Source: Micro Focus (OpenText) ArcSight "Common Event Format" version 26, header, extension dictionary and "character
encoding": a backslash escapes itself and the pipe in the header, itself and the equals sign in the extension, where
line ends stand as \\n and \\r; the header has none. Lengths are those of the extension dictionary.
Must not be here: the syslog frame around it (`trail.mappings.syslog`).
"""

import re

from spawngate import __version__
from spawngate.model.finding import Severity
from spawngate.trail.mappings.source import (
    PRODUCT,
    VENDOR,
    Source,
    command_line,
    is_stopped,
    outcome,
    sentence,
    severity,
)

SEVERITIES = {
    Severity.INFO: 1,
    Severity.LOW: 3,
    Severity.MEDIUM: 5,
    Severity.HIGH: 8,
    Severity.CRITICAL: 10,
}
"""0 to 10: 0-3 low, 4-6 medium, 7-8 high, 9-10 very high."""
LONGEST_NAME = 512
_LENGTHS = {
    "act": 63,
    "app": 31,
    "cat": 1023,
    "cs1": 4000,
    "cs2": 4000,
    "cs3": 4000,
    "cs4": 4000,
    "cs5": 4000,
    "cs6": 4000,
    "deviceExternalId": 255,
    "dproc": 1023,
    "dvchost": 100,
    "externalId": 40,
    "filePath": 1023,
    "fileHash": 255,
    "fname": 1023,
    "msg": 1023,
    "outcome": 63,
    "reason": 1023,
    "request": 1023,
    "requestMethod": 1023,
    "sproc": 1023,
    "sourceServiceName": 1023,
    "destinationServiceName": 1023,
    "suser": 1023,
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
_HEADER_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def cef(source: Source) -> str:
    """One event as one line of CEF, without any line end."""
    event = source.event
    header = (
        VENDOR,
        PRODUCT,
        __version__,
        _class(source),
        sentence(event)[:LONGEST_NAME] or event.type,
        str(SEVERITIES[severity(event)]),
    )
    pairs = " ".join(f"{key}={extension_value(value)}" for key, value in extension(source).items())
    return "CEF:0|" + "|".join(header_value(value) for value in header) + "|" + pairs


def extension(source: Source) -> dict[str, str]:
    """The extension before it is escaped, in bounds, in a fixed order and without empty values."""
    event = source.event
    call, decision, artifact, finding = event.call, event.decision, event.artifact, event.finding
    told: dict[str, str] = {
        "rt": str(source.milliseconds),
        "dvchost": event.endpoint,
        "deviceExternalId": event.endpoint,
        "externalId": source.hash[:40],
        "cat": event.type,
        "outcome": outcome(event),
        "suser": event.actor.user,
        "sproc": event.actor.agent,
    }
    if decision is not None:
        told["act"] = "blocked" if is_stopped(event) else decision.verdict
        told |= _label(1, "policies", " ".join(decision.reasons))
        told |= _label(2, "rules", " ".join(hit.rule for hit in decision.hits))
        told["reason"] = decision.message
    if call is not None:
        told["app"] = "mcp" if call.server else ""
        told["destinationServiceName"] = call.server
        told["requestMethod"] = call.server_tool or call.tool
        told["dproc"] = call.programs[0] if call.programs else ""
        told["request"] = call.urls[0] if call.urls else ""
        told["filePath"] = call.paths[0] if call.paths else ""
        told |= _label(3, "commandLine", command_line(event))
    if artifact is not None:
        told["fname"] = artifact.name
        told["filePath"] = artifact.path
        told["fileHash"] = artifact.fingerprint
        told |= _label(4, "artifactKind", artifact.kind)
        told |= _label(5, "changed", " ".join(item.path for item in artifact.differences))
    if finding is not None:
        told |= _label(2, "rules", finding.rule)
        told["reason"] = finding.message
    if event.delivery is not None:
        told["act"] = event.delivery.state
        told["destinationServiceName"] = event.delivery.destination
        told["reason"] = event.delivery.reason
    if event.subject is not None:
        told["act"] = event.subject.action
        told |= _label(4, "subject", f"{event.subject.kind} {event.subject.name or event.subject.id}")
        told |= _label(5, "changed", " ".join(item.path for item in event.subject.differences))
    told |= _label(6, "eventKey", source.key)
    told["msg"] = event.message or (decision.message if decision is not None else "") or sentence(event)
    return {key: value[: _LENGTHS.get(key, 1023)] for key, value in told.items() if value}


def header_value(text: str) -> str:
    """A value for the header: escaped, on one line."""
    return _HEADER_CONTROL.sub(" ", text).replace("\\", "\\\\").replace("|", "\\|")


def extension_value(text: str) -> str:
    """A value for the extension: escaped, on one line. A blank at its end would be taken for what divides two keys."""
    told = _CONTROL.sub(" ", text).rstrip(" ").replace("\\", "\\\\").replace("=", "\\=")
    return told.replace("\r", "\\r").replace("\n", "\\n")


def _label(number: int, name: str, value: str) -> dict[str, str]:
    return {f"cs{number}Label": name, f"cs{number}": value} if value else {}


def _class(source: Source) -> str:
    event = source.event
    if event.decision is not None:
        return f"{event.type}:{event.decision.verdict}"
    if event.finding is not None:
        return f"{event.type}:{event.finding.rule}"
    return event.type
