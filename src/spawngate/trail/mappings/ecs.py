"""Elastic Common Schema 9: one nested document per event, for a data stream of type `logs`.

Source: github.com/elastic/ecs at v9.4.0: field reference, allowed values of `event.kind`, `event.category` and
`event.type`, and which types go with which category. What ECS has no field for stands under `spawngate`.
Must not be here: the bulk request around it (`routing.destinations.elastic`).
"""

from collections.abc import Mapping
from typing import Any

from spawngate import __version__
from spawngate.model.json import Json
from spawngate.trail.event import Event, EventType, plain
from spawngate.trail.mappings.source import (
    PRODUCT,
    VENDOR,
    Source,
    command_line,
    is_alert,
    is_stopped,
    outcome,
    sentence,
    severity,
)

VERSION = "9.4.0"
DATASET = "spawngate.events"
_SPAWNS = ("shell", "launch")
_TYPES = {
    EventType.ARTIFACT_ADDED: "creation",
    EventType.ARTIFACT_CHANGED: "change",
    EventType.ARTIFACT_REMOVED: "deletion",
    EventType.POLICY_CHANGED: "change",
    EventType.APPROVAL: "change",
    EventType.ADMINISTRATION: "change",
    EventType.CONFIGURATION: "change",
}


def ecs(source: Source) -> dict[str, Json]:
    """One event as one ECS document. Total."""
    event = source.event
    category, types = _kinds(event)
    level = severity(event)
    document: dict[str, Any] = {
        "@timestamp": event.at,
        "ecs": {"version": VERSION},
        "message": sentence(event),
        "event": {
            "kind": "alert" if is_alert(event) else "event",
            "category": category,
            "type": types,
            "action": event.type,
            "outcome": outcome(event),
            "severity": level.rank,
            "id": source.key,
            "sequence": event.sequence,
            "hash": source.hash,
            "module": "spawngate",
            "dataset": DATASET,
            "provider": event.channel,
            "reason": event.decision.message if event.decision is not None else event.message,
        },
        "log": {"level": level.value},
        "observer": {"vendor": VENDOR, "product": PRODUCT, "type": "ids", "version": __version__},
        "host": {"id": event.endpoint},
        "user": {"name": event.actor.user},
        "labels": {"agent": event.actor.agent, "session": event.actor.session},
        "spawngate": _own(source),
    }
    _call(event, document)
    _subjects(event, document)
    return _trimmed(document)


def _kinds(event: Event) -> tuple[list[str], list[str]]:
    if event.type == EventType.DECISION:
        call = event.call
        spawns = call is not None and (call.kind in _SPAWNS or bool(call.commands))
        effect = "denied" if is_stopped(event) else "allowed" if outcome(event) == "success" else "info"
        category = "process" if spawns else "api"
        # `denied` goes with intrusion_detection and not with process.
        return [category, "intrusion_detection"], ["start" if spawns else "access", effect]
    if event.type == EventType.LAUNCH:
        return ["process"], ["end" if event.detail.get("what") == "ended" else "start"]
    if event.type in (EventType.FINDING_OPENED, EventType.FINDING_CLOSED):
        return ["vulnerability"], ["info"]
    if event.type == EventType.MOMENT:
        return ["api"], ["info"]
    if event.type in (EventType.SELF_PROTECTION, EventType.TOOLS):
        return ["intrusion_detection"], ["info"]
    if event.type in _TYPES:
        return ["configuration"], [_TYPES[EventType(event.type)]]
    if event.type in (EventType.DAEMON_STARTED, EventType.DAEMON_STOPPED):
        return ["process"], ["start" if event.type == EventType.DAEMON_STARTED else "end"]
    return ["configuration"], ["info"]


def _call(event: Event, document: dict[str, Any]) -> None:
    call = event.call
    if call is None:
        return
    line = command_line(event)
    document["process"] = {
        "command_line": line,
        "name": call.programs[0] if call.programs and line else "",
        "working_directory": call.cwd if line else "",
    }
    document["file"] = {"path": call.paths[0] if call.paths else ""}
    document["url"] = {"original": call.urls[0] if call.urls else ""}
    document["service"] = {"name": call.server}
    document["labels"] |= {"tool": call.tool, "mcp_tool": call.server_tool}
    document["gen_ai"] = {"tool": {"name": call.server_tool or call.tool, "call": {"id": call.id}}}


def _subjects(event: Event, document: dict[str, Any]) -> None:
    decision, finding, artifact = event.decision, event.finding, event.artifact
    if decision is not None:
        document["rule"] = {
            # A field of one value: the first of those that matched. All of them stand under `spawngate.decision`.
            "id": decision.hits[0].rule if decision.hits else "",
            "category": decision.hits[0].pack if decision.hits else "",
            "ruleset": decision.reasons[0] if decision.reasons else "",
            "version": decision.policy,
        }
        document["labels"] |= {"verdict": decision.verdict, "mode": decision.mode}
    if finding is not None:
        document["rule"] = {
            "id": finding.rule,
            "name": finding.title,
            "category": finding.pack,
            "description": finding.message,
            "reference": next((each for each in finding.references if each.startswith("https://")), ""),
        }
    if artifact is not None:
        document["file"] = {"path": artifact.path}
        document["labels"] |= {"artifact_kind": artifact.kind, "artifact": artifact.name}
    if event.delivery is not None:
        document["labels"] |= {"destination": event.delivery.destination, "route": event.delivery.route}


def _own(source: Source) -> dict[str, Json]:
    """Everything that a record says, in its own words, without its place in the chain; for a `flattened` field."""
    left_out = ("hash", "previous", "at", "question")
    return {key: plain(value) for key, value in source.record.items() if key not in left_out}


def _trimmed(value: Mapping[str, Any]) -> dict[str, Json]:
    """Without what says nothing. The record's own part stays as it is."""
    found: dict[str, Json] = {}
    for key, item in value.items():
        kept = _trimmed(item) if isinstance(item, Mapping) and key != "spawngate" else item
        if kept not in ("", None, [], {}):
            found[key] = kept
    return found
