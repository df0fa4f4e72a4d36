"""Syslog messages after RFC 5424, and the octet counting of RFC 6587 3.4.1 and RFC 5425 4.3 around them.

No byte order mark before the message: rsyslog keeps it in the text, where readers of JSON choke on it.
Must not be here: what a message says (other mappings), connections (`server.deliver`).
"""

import re

from spawngate.model.finding import Severity
from spawngate.trail.mappings.source import Source, severity

APP_NAME = "spawngate"
FACILITIES = {
    "user": 1,
    "daemon": 3,
    "auth": 4,
    "authpriv": 10,
    "audit": 13,
    "alert": 14,
    **{f"local{n}": 16 + n for n in range(8)},
}
SEVERITIES = {Severity.INFO: 6, Severity.LOW: 5, Severity.MEDIUM: 4, Severity.HIGH: 3, Severity.CRITICAL: 2}
ENTERPRISE = "32473"
"""Private enterprise number of RFC 5612, for examples: we have none of our own."""
_NOT_PRINTABLE = re.compile(r"[^\x21-\x7e]")
_NUL = re.compile(r"[\x00]")


def message(source: Source, text: str, *, facility: str = "local0", structured: bool = True) -> bytes:
    """One message. `text` is put in as UTF-8; a NUL, which receivers cut at, becomes U+FFFD."""
    event = source.event
    priority = FACILITIES[facility] * 8 + SEVERITIES[severity(event)]
    at = event.at if source.microseconds else ""
    head = " ".join(
        (
            f"<{priority}>1",
            _timestamp(at),
            name(event.endpoint, 255),
            APP_NAME,
            "-",
            name(event.type, 32),
            structured_data(source) if structured else "-",
        )
    )
    return f"{head} {_NUL.sub(chr(0xFFFD), text)}".encode("utf-8", "replace")


def structured_data(source: Source) -> str:
    """The element that names the event, so that a receiver finds repetitions without reading the message."""
    event = source.event
    values = {
        "endpoint": event.endpoint,
        "stream": event.stream,
        "sequence": str(event.sequence),
        "type": event.type,
        "hash": source.hash,
    }
    told = "".join(f' {key}="{parameter(value)}"' for key, value in values.items() if value)
    return f"[spawngate@{ENTERPRISE}{told}]"


def parameter(text: str) -> str:
    """A value of structured data: `\\`, `"` and `]` escaped, control characters replaced."""
    told = re.sub(r"[\x00-\x1f\x7f]", " ", text)
    return told.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def name(text: str, longest: int) -> str:
    """A header field: printable US-ASCII without blanks, or `-`."""
    return _NOT_PRINTABLE.sub("_", text)[:longest] or "-"


def framed(message: bytes) -> bytes:
    """A message with its length in front: `MSG-LEN SP SYSLOG-MSG`."""
    return b"%d " % len(message) + message


def _timestamp(at: str) -> str:
    """RFC 5424 6.2.3: at most six digits of a second, upper case T and Z."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*([Zz]|[+-]\d\d:\d\d)", at)
    if found is None:
        return "-"
    day, clock, fraction, zone = found.groups()
    return f"{day}T{clock}{fraction or ''}{zone.upper()}"
