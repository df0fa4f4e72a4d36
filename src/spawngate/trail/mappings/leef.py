"""Log Event Extended Format 2.0 of IBM QRadar: `LEEF:2.0|vendor|product|version|event id|x09|key=value<tab>...`.

Source: IBM "QRadar Log Event Extended Format (LEEF) version 2" guide: header fields, the delimiter as a hexadecimal
value, predefined attributes (`devTime`, `sev` 1 to 10, `cat`, `usrName`, `identHostName`, `resource`, `policy`, `url`).
The format has no escapes: what would end a value or a header field is replaced by what can be seen.
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

DELIMITER = "\t"
DELIMITER_NAME = "x09"
LONGEST = 4000
"""Characters of one value."""
SEVERITIES = {Severity.INFO: 1, Severity.LOW: 3, Severity.MEDIUM: 5, Severity.HIGH: 8, Severity.CRITICAL: 10}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def leef(source: Source) -> str:
    """One event as one line of LEEF, without any line end."""
    header = (VENDOR, PRODUCT, __version__, source.event.type)
    pairs = DELIMITER.join(f"{key}={value_text(value)}" for key, value in attributes(source).items())
    return "LEEF:2.0|" + "|".join(header_text(value) for value in header) + f"|{DELIMITER_NAME}|{pairs}"


def attributes(source: Source) -> dict[str, str]:
    """The attributes before they are made fit, in bounds, in a fixed order and without empty values."""
    event = source.event
    call, decision, artifact, finding = event.call, event.decision, event.artifact, event.finding
    told: dict[str, str] = {
        "devTime": str(source.milliseconds),
        "sev": str(SEVERITIES[severity(event)]),
        "cat": event.type,
        "identHostName": event.endpoint,
        "usrName": event.actor.user,
        "agent": event.actor.agent,
        "sessionId": event.actor.session,
        "outcome": outcome(event),
        "eventKey": source.key,
        "recordHash": source.hash,
    }
    if decision is not None:
        told["action"] = "blocked" if is_stopped(event) else decision.verdict
        told["mode"] = decision.mode
        told["policy"] = " ".join(decision.reasons)
        told["rules"] = " ".join(hit.rule for hit in decision.hits)
        told["reason"] = decision.message
    if call is not None:
        told["tool"] = call.tool
        told["mcpServer"] = call.server
        told["mcpTool"] = call.server_tool
        told["command"] = command_line(event)
        told["programs"] = " ".join(call.programs)
        told["url"] = call.urls[0] if call.urls else ""
        told["resource"] = call.paths[0] if call.paths else ""
    if artifact is not None:
        told["resource"] = artifact.path
        told["artifactName"] = artifact.name
        told["artifactKind"] = artifact.kind
        told["fingerprint"] = artifact.fingerprint
        told["changed"] = " ".join(item.path for item in artifact.differences)
    if finding is not None:
        told["rules"] = finding.rule
        told["reason"] = finding.message
    if event.delivery is not None:
        told["action"] = event.delivery.state
        told["destination"] = event.delivery.destination
        told["reason"] = event.delivery.reason
    if event.subject is not None:
        told["action"] = event.subject.action
        told["subject"] = f"{event.subject.kind} {event.subject.name or event.subject.id}"
        told["changed"] = " ".join(item.path for item in event.subject.differences)
    told["msg"] = event.message or sentence(event)
    return {key: value[:LONGEST] for key, value in told.items() if value}


def header_text(text: str) -> str:
    """A value for the header: no pipe, one line."""
    return _CONTROL.sub(" ", text).replace("|", "/")


def value_text(text: str) -> str:
    """A value for an attribute: line ends as \\n, other control characters, the delimiter among them, as blanks."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n"))
