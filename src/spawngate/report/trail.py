"""Records of the trail as lines for people, and as NDJSON.

Every text comes from agents and files: control characters are escaped. Must not be here: reading and filtering.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from spawngate.model.decision import Mode, Verdict
from spawngate.model.finding import Severity
from spawngate.model.json import Json
from spawngate.report.terminal import escape
from spawngate.trail.chain import Verified
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType

SCHEMA_ID = f"urn:spawngate:schema:event:{SCHEMA_VERSION}"
HASH = "SHA-256 of the record without this member, as JSON with sorted keys and without blanks (RFC 8785)."
LONGEST = 300
"""Characters of one line's subject."""
_SIGNS = {
    "artifact-added": "+",
    "artifact-changed": "~",
    "artifact-removed": "-",
    "finding-opened": "+",
    "finding-closed": "-",
}
_PAINT = {"deny": "31", "ask": "33", "log": "36"}


_HOLDS = {
    EventType.DECISION: ["decision"],
    EventType.ARTIFACT_ADDED: ["artifact"],
    EventType.ARTIFACT_CHANGED: ["artifact"],
    EventType.ARTIFACT_REMOVED: ["artifact"],
    EventType.FINDING_OPENED: ["finding"],
    EventType.FINDING_CLOSED: ["finding"],
    EventType.DELIVERY: ["delivery"],
    EventType.UNWRITTEN: ["counts"],
    EventType.REFUSED: ["counts"],
    EventType.CHECKPOINT: ["detail"],
    EventType.CODE_SCANNED: ["subject"],
}
"""What a record of a type has in any case."""
_LEVELS: list[Json] = [each.value for each in Severity]
_WORDS: dict[tuple[str, str], list[Json]] = {
    ("DecisionRecord", "verdict"): [each.value for each in Verdict],
    ("DecisionRecord", "mode"): [each.value for each in Mode],
    ("DecisionRecord", "severity"): ["", *_LEVELS],
    ("Hit", "severity"): _LEVELS,
    ("FindingRecord", "severity"): _LEVELS,
    ("FindingRecord", "reason"): ["", "gone", "removed", "suppressed"],
}
"""Lists that are closed."""
_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"


def schema() -> dict[str, Json]:
    """The published JSON Schema (2020-12) of a record of the trail. A newer release may add fields and types."""
    (reference,), components = msgspec.json.schema_components([Event], ref_template="#/$defs/{name}")
    del reference
    event = components.pop("Event")
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    properties = {**event["properties"], "previous": digest, "hash": {**digest, "description": HASH}}
    properties["sequence"] = {"type": "integer", "minimum": 1}
    properties["at"] = {**event["properties"]["at"], "pattern": _TIME}
    for (name, field), words in _WORDS.items():
        components[name]["properties"][field]["enum"] = words
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **event,
        "title": "Spawngate trail record",
        "properties": properties,
        "required": ["at", "hash", "previous", "schema_version", "sequence", "stream", "type"],
        "allOf": [
            {"if": {"properties": {"type": {"const": type_.value}}}, "then": {"required": holds}}
            for type_, holds in _HOLDS.items()
        ],
        "$defs": components,
    }


def render_json(value: Mapping[str, Any]) -> bytes:
    """One record on one line."""
    return msgspec.json.encode(value) + b"\n"


def render_line(value: Mapping[str, Any], *, color: bool = False) -> str:
    """One record on one line: when, what, who, and about what."""
    at = _text(value.get("at"))[:19].replace("T", " ")
    type_ = _text(value.get("type"))
    if type_ in (EventType.DECISION, EventType.MOMENT):
        return _call(at, value, color)
    artifact, finding = _map(value.get("artifact")), _map(value.get("finding"))
    if finding:
        about = f"{_text(artifact.get('kind'))} {_text(artifact.get('name'))}".strip()
        sign = _SIGNS.get(type_, "?")
        subject = f"{sign} {_text(finding.get('severity'))} {_text(finding.get('rule'))} {about}".rstrip() + ":"
        return _line(at, "finding", subject, _text(finding.get("message")) or _text(finding.get("title")))
    if artifact:
        who = f" ({_text(artifact.get('agent'))})" if artifact.get("agent") else ""
        changed = ", ".join(_text(_map(each).get("path")) for each in _list(artifact.get("differences")))
        sign = _SIGNS.get(type_, "?")
        subject = f"{sign} {_text(artifact.get('kind'))} {_text(artifact.get('name'))}{who}"
        return _line(at, "inventory", subject, changed or _text(artifact.get("path")))
    delivery, changed_thing = _map(value.get("delivery")), _map(value.get("subject"))
    if delivery:
        state, target, kind, route = (_text(delivery.get(key)) for key in ("state", "destination", "kind", "route"))
        return _line(at, type_, f"{state} {target} ({kind}, route {route})", _text(delivery.get("reason")))
    if type_ == EventType.ADMINISTRATION and changed_thing:
        words = (_text(changed_thing.get(key)) for key in ("kind", "name", "action"))
        paths = ", ".join(_text(_map(each).get("path")) for each in _list(changed_thing.get("differences")))
        return _line(at, type_, " ".join(words), paths)
    if type_ == EventType.CHECKPOINT:
        # Its note is for machines; size and root are what people compare.
        _, size, root, *_ = [*_text(_map(value.get("detail")).get("note")).split("\n"), "", "", ""]
        return _line(at, type_, _text(value.get("message")), f"size {size}, root {root}" if size and root else "")
    detail = {**_map(value.get("detail")), **_map(value.get("counts"))}
    told = ", ".join(f"{key} {_short(item)}" for key, item in detail.items())
    return _line(at, type_, _text(value.get("message")), told)


def render_verified(found: Verified) -> str:
    """What verification found, in sentences."""
    lines = []
    if found.records:
        lines.append(f"{found.records} records are as they were written, from record {found.first} on")
    if found.expired:
        lines.append(f"records 1 to {found.expired} were deleted by retention, which a record says")
    if found.head is not None:
        lines.append(f"end: record {found.head.sequence} of stream {found.head.stream}, hash {found.head.hash}")
    if found.fault is not None:
        lines.append(f"{found.fault.kind}: {found.fault.message}")
    elif not found.records:
        lines.append("there is no record")
    return "".join(escape(line) + "\n" for line in lines)


def _call(at: str, value: Mapping[str, Any], color: bool) -> str:
    call, actor, decision = _map(value.get("call")), _map(value.get("actor")), _map(value.get("decision"))
    verdict = _text(decision.get("verdict"))
    mark = f"{verdict}*" if decision.get("mode") == "monitor" and verdict in ("deny", "ask") else verdict
    shown = f"{mark or _text(call.get('moment')):<5}"
    shown = f"\x1b[{_PAINT[verdict]}m{escape(shown)}\x1b[0m" if color and verdict in _PAINT else escape(shown)
    server = _text(call.get("server"))
    tool = f"{server}/{_text(call.get('server_tool'))}" if server else _text(call.get("tool"))
    subject = next(
        (" ; ".join(map(_text, _list(call.get(key)))) for key in ("commands", "urls", "paths") if _list(call.get(key))),
        "",
    )
    why = ",".join(map(_text, _list(decision.get("reasons"))))
    who = f"{_text(actor.get('agent'))} {tool}".strip()
    tail = f"  [{why}]" if why and verdict != "allow" else ""
    return f"{escape(at)}  {shown}  {escape(who)}: {escape(subject[:LONGEST])}{escape(tail)}\n"


def _line(at: str, what: str, subject: str, told: str) -> str:
    rest = " ".join(part for part in (subject, told) if part)
    return f"{escape(at)}  {escape(what)}: {escape(rest[:LONGEST])}\n"


def _short(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()
