"""What routing sees of an event: labels to group by, how bad it is, one line that says it, and what it opens or closes.

Everything here comes from endpoints and is hostile text: hidden characters are made visible and lengths bounded at this
one place; the quoting of each format is each destination's own.
Must not be here: the schema (`trail.event`), routes, formats.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from spawngate.report.terminal import escape
from spawngate.trail.query.fields import SCALES, field_of
from spawngate.trail.query.match import values_at
from spawngate.trail.severity import severity_of

LONGEST_LABEL = 200
LONGEST_LINE = 400
LONGEST_WORD = 60
"""Of a type, which a later version may have invented."""
SEVERITIES = SCALES["severity"]
VERDICTS = SCALES["verdict"]
DEEPEST = 64
"""Nesting of a record; `trail.event.DEEPEST` and what stands around it."""
EACH = "..."
"""As in Alertmanager: stands for every field at once, so that each event is a group by itself."""
OPENED, CLOSED = "finding-opened", "finding-closed"


@dataclass(frozen=True, slots=True)
class Facts:
    """One event."""

    type: str
    time: str
    endpoint: str
    agent: str
    user: str
    verdict: str
    severity: str
    line: str
    """What happened, in one line."""
    finding: str = ""
    """Id of a finding that this event opens or closes."""
    closes: bool = False


def decode(record: bytes) -> Mapping[str, Any]:
    """The record as a mapping; an empty one where it is none. What an endpoint sent is never an error here."""
    try:
        found = msgspec.json.decode(record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) and not _deep(record, found) else {}


def _deep(record: bytes, found: object) -> bool:
    """Whether it is nested deeper than anything of ours, so that going through it could exhaust the stack."""
    if record.count(b"[") + record.count(b"{") <= DEEPEST:
        return False
    level: list[object] = [found]
    for _ in range(DEEPEST):
        deeper: list[object] = []
        for value in level:
            if isinstance(value, dict):
                deeper.extend(value.values())
            elif isinstance(value, list):
                deeper.extend(value)
        if not deeper:
            return False
        level = deeper
    return True


def facts(record: Mapping[str, Any]) -> Facts:
    """What routing sees. Total: any value may stand anywhere in the record."""
    kind = _text(record, "type")
    return Facts(
        type=kind[:LONGEST_WORD],
        time=_text(record, "at")[:40],
        endpoint=_text(record, "endpoint"),
        agent=_first(record, "actor.agent", "artifact.agent", "detail.agent"),
        user=_text(record, "actor.user"),
        verdict=_verdict(record),
        severity=severity(record),
        line=_line(record, kind),
        finding=_finding(record) if kind in (OPENED, CLOSED) else "",
        closes=kind == CLOSED,
    )


def severity(record: Mapping[str, Any]) -> str:
    """One of info, low, medium, high, critical; a finding's closing has that of its opening, to go the same way."""
    kind = _text(record, "type")
    if kind == CLOSED:
        kind = OPENED
    holds_decision = isinstance(record.get("decision"), Mapping)
    return severity_of(
        kind,
        said=_text(record, "decision.severity" if holds_decision else "finding.severity"),
        verdict=_text(record, "decision.verdict"),
        delivery=_text(record, "delivery.state"),
        what=_text(record, "detail.what"),
        is_decision=holds_decision,
    ).value


def _verdict(record: Mapping[str, Any]) -> str:
    """One of the verdicts, `other` for a word that is none: verdicts are counted by name in every notice."""
    found = _text(record, "decision.verdict")
    return found if found in VERDICTS or not found else "other"


def labels(record: Mapping[str, Any], by: tuple[str, ...]) -> dict[str, str]:
    """The values by which a route groups, by name; several values of one field as one text, sorted.

    `rule` falls back to the policies that decided, because a deny without a finding has no rule.
    """
    if EACH in by:
        return {name: _text(record, name) for name in ("endpoint", "stream", "sequence")}
    return {name: _label(record, name) for name in by}


def _label(record: Mapping[str, Any], name: str) -> str:
    kind = _text(record, "type")
    if kind in (OPENED, CLOSED):
        # Opening and closing are one matter, so they need one label each: the artifact's own fingerprint may have
        # changed in between.
        if name == "type":
            return "finding"
        if name == "fingerprint":
            return _text(record, "finding.fingerprint")
    found = _values(record, name)
    if not found and name == "rule":
        found = _values(record, "finding.rule") or _values(record, "detail.rule") or _values(record, "reason")
    return _bounded(", ".join(sorted(found)), LONGEST_LABEL)


def _values(record: Mapping[str, Any], name: str) -> set[str]:
    field = field_of(name)
    if field is None:
        return set()
    found: set[str] = set()
    for path in field.paths:
        for value in values_at(record, path):
            if value:
                found.add(value)
            if len(found) >= 20:
                return found
    return found


def _line(record: Mapping[str, Any], kind: str) -> str:
    command = " ; ".join(values_at(record, "call.commands"))
    server, tool = _first(record, "call.server"), _first(record, "call.server_tool", "call.tool")
    if command:
        said = f"{tool}: {command}" if tool else command
    elif server or tool:
        paths = ", ".join(values_at(record, "call.paths"))
        urls = ", ".join(values_at(record, "call.urls"))
        said = " ".join(part for part in (" / ".join(filter(None, (server, tool))), paths, urls) if part)
    elif _first(record, "artifact.name"):
        said = f"{_first(record, 'artifact.kind')} {_first(record, 'artifact.name')}".strip()
        if kind.startswith("artifact-"):
            said += f" {kind.removeprefix('artifact-')}"
        launch = " ".join((_first(record, "artifact.launch.command"), *values_at(record, "artifact.launch.args")))
        said += f": {launch}" if launch.strip() else ""
    else:
        said = ""
    message = _first(record, "message", "finding.message", "finding.title", "detail.message")
    parts = [part for part in (said, message) if part]
    return _bounded(": ".join(parts) or kind or "an event that cannot be read", LONGEST_LINE)


def _finding(record: Mapping[str, Any]) -> str:
    names = ("endpoint", "artifact.id", "finding.rule", "finding.fingerprint")
    return "|".join(_text(record, name) for name in names)


def _first(record: Mapping[str, Any], *paths: str) -> str:
    return next(filter(None, (_text(record, path) for path in paths)), "")


def _text(record: Mapping[str, Any], path: str) -> str:
    return _bounded(next(values_at(record, path), ""), LONGEST_LINE)


def _bounded(text: str, longest: int) -> str:
    """Safe to read, and not longer. Cut before it is escaped, so that a megabyte costs nothing."""
    shown = escape(text[: longest + 1])
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
