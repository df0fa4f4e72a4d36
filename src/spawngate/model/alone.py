"""What hook clients note in their spool when they decide alone: one line of JSON each. docs/hook-protocol.md.

Belongs here: a line's text to a value. Must not be here: files (`endpoint.client.spool`), events (`trail`).
"""

import json
from dataclasses import dataclass

from spawngate.model.hookconf import Failure, is_name

MAX_LINE = 1024
_TEXTS = ("time", "agent", "event", "failure", "verdict", "sha256")


@dataclass(frozen=True, slots=True)
class DecidedAlone:
    """One decision that a client took without the daemon."""

    time: str
    """RFC 3339 UTC, seconds."""
    agent: str
    event: str
    """The second registered argument; empty where there was none."""
    failure: Failure
    closed: bool
    """The call was refused; else it went on unseen."""
    size: int
    """Bytes of the event that were read."""
    digest: str
    """SHA-256 of those bytes in hexadecimal digits; empty where the client could not tell."""


def parse_line(line: bytes) -> DecidedAlone | None:
    """One line without its end; None where it is not one that a client writes."""
    if len(line) > MAX_LINE:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in _TEXTS):
        return None
    time, agent, event, failure, verdict, digest = (str(found[name]) for name in _TEXTS)
    size = found.get("bytes")
    if not is_name(agent) or not (event == "" or is_name(event)) or verdict not in ("open", "closed"):
        return None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0 or len(time) > 32 or not time.isascii():
        return None
    if failure not in {str(known) for known in Failure} or not (digest == "" or _is_digest(digest)):
        return None
    return DecidedAlone(time, agent, event, Failure(failure), verdict == "closed", size, digest)


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def parse_spool(data: bytes) -> tuple[tuple[DecidedAlone, ...], int]:
    """All decisions of a spool, oldest first, and how many lines were none (one cut off at the end included)."""
    lines = data.split(b"\n")
    found = [parse_line(line) for line in lines if line]
    good = tuple(one for one in found if one is not None)
    return good, len(found) - len(good)
