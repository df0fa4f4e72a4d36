"""OCSF 1.8: spawns as Process Activity (1007), MCP and other tool calls as API Activity (6003), inventory, policy and
administration changes as Entity Management (3004), findings and alerts as Detection Finding (2004), start and end of
the daemon as Application Lifecycle (6002), our own faults as Application Error (6008), the rest as Base Event (0).

Source: the schema of github.com/ocsf/ocsf-schema at tag 1.8.0. A refused spawn is a Launch that was Denied and Blocked,
with status Failure and no Terminate. OCSF has no class for MCP yet: the call is `api.operation` `tools/call`, the
server `api.service`; what has no place stands under `unmapped.spawngate`.
Must not be here: files and requests (`routing.destinations`), numbers of verdicts (`trail.mappings.ocsf_words`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from spawngate import __version__
from spawngate.model.json import Json
from spawngate.trail.event import ArtifactRecord, CallRecord, Event, EventType, plain
from spawngate.trail.mappings import ocsf_words as words
from spawngate.trail.mappings.source import (
    PRODUCT,
    VENDOR,
    Source,
    command_line,
    is_alert,
    outcome,
    sentence,
    severity,
)

VERSION = "1.8.0"
_SERVERS = "mcp_server"
_SPAWNS = ("shell", "launch")
"""Kinds of a call whose commands become processes."""


def ocsf(source: Source) -> dict[str, Json]:
    """One event as one OCSF document. Total."""
    event = source.event
    kind = class_of(event)
    activity, body = _BODIES[kind](source)
    profiles = ["host"] if kind in (words.PROCESS, words.FINDING) else []
    document: dict[str, Json] = {
        **_frame(source, kind, activity),
        **body,
        **_control(event, kind, profiles),
        "unmapped": {"spawngate": _rest(source)},
    }
    document["metadata"] = _metadata(source, sorted({"host", *profiles}))
    document["device"] = _device(event)
    return document


def class_of(event: Event) -> int:
    """The class that an event belongs to, by its number."""
    call = event.call
    if event.type == EventType.DECISION:
        spawns = call is not None and (call.kind in _SPAWNS or bool(call.commands)) and not call.server_tool
        return words.PROCESS if spawns else words.API
    if event.type == EventType.LAUNCH:
        return words.PROCESS
    if event.type in _FINDINGS:
        return words.FINDING
    if event.artifact is not None or event.type in _MANAGED:
        return words.ENTITY
    if event.type in (EventType.DAEMON_STARTED, EventType.DAEMON_STOPPED):
        return words.LIFECYCLE
    return words.ERROR if event.type in _ERRORS else words.BASE


_FINDINGS = (
    EventType.FINDING_OPENED,
    EventType.FINDING_CLOSED,
    EventType.SELF_PROTECTION,
    EventType.CONFIGURATION,
    EventType.TOOLS,
)
_MANAGED = (EventType.POLICY_CHANGED, EventType.POLICY_REFUSED, EventType.APPROVAL, EventType.ADMINISTRATION)
_ERRORS = (EventType.FAULT, EventType.UNWRITTEN, EventType.RECOVERED)


# What every class has ---------------------------------------------------------------------------------------------


def _frame(source: Source, kind: int, activity: int) -> dict[str, Json]:
    event = source.event
    class_name, category, category_name, activities = words.CLASSES[kind]
    level = severity(event)
    status = words.STATUS[outcome(event)] if kind != words.FINDING else words.finding_status(event)
    return {
        "class_uid": kind,
        "class_name": class_name,
        "category_uid": category,
        "category_name": category_name,
        "activity_id": activity,
        "activity_name": words.activity_name(event, kind, activity),
        "type_uid": kind * 100 + activity,
        "type_name": f"{class_name}: {activities[activity]}",
        "severity_id": words.SEVERITIES[level],
        "severity": level.value.capitalize() if level != "info" else "Informational",
        "status_id": status[0],
        "status": status[1],
        "time": source.milliseconds,
        "message": sentence(event),
    }


def _metadata(source: Source, profiles: Sequence[str]) -> dict[str, Json]:
    event = source.event
    return _set(
        {
            "version": VERSION,
            "product": {"name": PRODUCT, "vendor_name": VENDOR, "version": __version__},
            "profiles": list(profiles),
            "uid": source.key,
            "event_code": event.type,
            "sequence": event.sequence,
            "original_time": event.at,
            "log_name": event.stream,
            "correlation_uid": event.actor.session,
        }
    )


def _device(event: Event) -> dict[str, Json]:
    # The endpoint's random id is all that a record says of its machine.
    return {"uid": event.endpoint or "unknown", "type_id": 0, "type": "Unknown"}


def _actor(event: Event) -> dict[str, Json]:
    who = event.actor
    return _set(
        {
            "user": {"name": who.user} if who.user else None,
            "app_name": who.agent or (PRODUCT if not who.user else ""),
            "session": {"uid": who.session} if who.session else None,
        }
    )


def _control(event: Event, kind: int, profiles: list[str]) -> dict[str, Json]:
    """The security_control profile: what the decision did."""
    decision = event.decision
    if decision is None:
        return {"is_alert": True} if kind == words.FINDING and is_alert(event) else {}
    profiles.append("security_control")
    action, disposition = words.control(decision.verdict, decision.mode)
    found: dict[str, Json] = {
        "action_id": action[0],
        "action": action[1],
        "disposition_id": disposition[0],
        "disposition": disposition[1],
        "is_alert": is_alert(event),
    }
    if decision.policy or decision.reasons:
        found["policy"] = _set(
            {
                "name": ", ".join(decision.reasons),
                "uid": decision.policy or "none",
                "is_applied": decision.mode != "monitor",
            }
        )
    if decision.message and kind != words.FINDING:
        found["status_detail"] = decision.message
    return found


def _rest(source: Source) -> dict[str, Json]:
    """What the classes have no place for: the record without what stands elsewhere whole."""
    kept = ("call", "decision", "artifact", "finding", "delivery", "subject", "counts", "detail", "actor", "channel")
    found = {key: plain(source.record[key]) for key in kept if key in source.record}
    found |= {key: plain(value) for key, value in source.record.items() if key not in Event.__struct_fields__}
    return _set({"type": source.event.type, "stream": source.event.stream, **found})


# The classes ------------------------------------------------------------------------------------------------------


def _process(source: Source) -> tuple[int, dict[str, Json]]:
    event = source.event
    call = event.call or CallRecord()
    ended = event.type == EventType.LAUNCH and event.detail.get("what") == "ended"
    code = event.detail.get("code")
    process = _set(
        {
            # Nothing runs yet when a spawn is decided, so there is no pid: the call's own id stands for it.
            "uid": call.id or source.key,
            "name": call.programs[0] if call.programs else call.server,
            "cmd_line": command_line(event),
            "working_directory": call.cwd,
        }
    )
    body: dict[str, Json] = {"actor": _actor(event), "process": process}
    if ended and isinstance(code, int) and not isinstance(code, bool) and -(1 << 31) <= code < 1 << 31:
        body["exit_code"] = code
    return (2 if ended else 1), body


def _api(source: Source) -> tuple[int, dict[str, Json]]:
    event = source.event
    call = event.call or CallRecord()
    is_mcp = bool(call.server or call.server_tool or call.kind == "mcp")
    request: dict[str, Json] = {"uid": call.id or source.key}
    api: dict[str, Json] = {
        "operation": "tools/call" if is_mcp else call.tool or call.moment or "unknown",
        "request": request,
        "service": {"name": (call.server if is_mcp else "") or event.actor.agent or "unknown"},
    }
    resources: list[Json] = [{"name": path, "type": "file"} for path in call.paths if path]
    resources += [{"name": url, "type": "url"} for url in call.urls if url]
    if call.server_tool:
        resources.insert(0, {"name": call.server_tool, "type": "tool"})
    body: dict[str, Json] = {"actor": _actor(event), "api": api, "src_endpoint": _endpoint(event)}
    if resources:
        body["resources"] = resources
    return words.API_ACTIVITIES.get(call.kind, 99) if not is_mcp else 99, body


def _entity(source: Source) -> tuple[int, dict[str, Json]]:
    event, artifact, subject = source.event, source.event.artifact, source.event.subject
    entity: dict[str, Json]
    activity = 99
    if artifact is not None:
        activity = words.ENTITY_ACTIVITIES.get(event.type.removeprefix("artifact-"), 99)
        entity = _artifact_entity(artifact)
    elif subject is not None:
        activity = words.ENTITY_ACTIVITIES.get(subject.action, 99)
        policy = subject.kind == "policy"
        entity = _set(
            {
                "name": subject.name or subject.id or subject.kind or "subject",
                "uid": subject.id,
                "type_id": 5 if policy else 99,
                "type": "Policy" if policy else subject.kind or "Other",
                "policy": _set({"uid": subject.id or "unknown", "name": subject.name}) if policy else None,
                "data": {"differences": plain(msgspec.to_builtins(subject.differences))}
                if subject.differences
                else None,
            }
        )
    elif event.type in (EventType.POLICY_CHANGED, EventType.POLICY_REFUSED):
        activity = 3
        uid = str(event.detail.get("revision") or event.detail.get("kept") or "unknown")
        entity = {"name": "policy", "uid": uid, "type_id": 5, "type": "Policy", "policy": {"uid": uid, "name": uid}}
    else:
        what = str(event.detail.get("what", ""))
        activity = words.ENTITY_ACTIVITIES.get(what, 99)
        server = "" if event.call is None else event.call.server
        uid = str(event.detail.get("fingerprint") or event.detail.get("entry") or source.key)
        entity = {"name": server or event.type, "uid": uid, "type_id": 99, "type": event.type}
    body: dict[str, Json] = {"actor": _actor(event), "entity": entity}
    if activity == 3 and artifact is not None:
        body["entity_result"] = entity
    reason = event.detail.get("reason")
    if isinstance(reason, str) and reason:
        body["comment"] = reason
    return activity, body


def _finding(source: Source) -> tuple[int, dict[str, Json]]:
    event, finding, artifact = source.event, source.event.finding, source.event.artifact
    closed = event.type == EventType.FINDING_CLOSED
    title = sentence(event)
    info: dict[str, Json] = {
        "uid": source.key,
        "title": title,
        "types": [event.type],
        "analytic": {"name": event.type, "uid": event.type, "type_id": 1, "type": "Rule"},
    }
    body: dict[str, Json] = {"finding_info": info}
    if finding is not None:
        info["uid"] = f"{event.endpoint}:{'' if artifact is None else artifact.id}:{finding.rule}:{finding.fingerprint}"
        info["title"] = finding.title or title
        info["desc"] = finding.message or title
        info["types"] = [finding.pack] if finding.pack else [event.type]
        rule = finding.rule or "unknown"
        info["analytic"] = {"name": finding.title or rule, "uid": rule, "type_id": 1, "type": "Rule"}
        attacks = words.attacks(finding.references)
        if attacks:
            info["attacks"] = attacks
        if finding.confidence in words.CONFIDENCES:
            body["confidence_id"] = words.CONFIDENCES[finding.confidence]
            body["confidence"] = finding.confidence.capitalize()
        if finding.remediation:
            links: list[Json] = [each for each in finding.references if each.startswith("https://")]
            body["remediation"] = {"desc": finding.remediation, **({"references": links} if links else {})}
        if finding.evidence:
            body["evidences"] = [{"data": {"facts": list(finding.evidence)}}]
    if artifact is not None:
        body["resources"] = [_set({"uid": artifact.id or source.key, "name": artifact.name, "type": artifact.kind})]
    return (3 if closed else 1), body


def _lifecycle(source: Source) -> tuple[int, dict[str, Json]]:
    app: dict[str, Json] = {"name": "spawngate daemon", "vendor_name": VENDOR, "version": __version__}
    return (3 if source.event.type == EventType.DAEMON_STARTED else 4), {"app": app}


def _error(source: Source) -> tuple[int, dict[str, Json]]:
    return (2 if source.event.type == EventType.RECOVERED else 1), {}


def _base(source: Source) -> tuple[int, dict[str, Json]]:
    return 99, {}


_BODIES: Mapping[int, Callable[[Source], tuple[int, dict[str, Json]]]] = {
    words.PROCESS: _process,
    words.API: _api,
    words.ENTITY: _entity,
    words.FINDING: _finding,
    words.LIFECYCLE: _lifecycle,
    words.ERROR: _error,
    words.BASE: _base,
}


def _artifact_entity(artifact: ArtifactRecord) -> dict[str, Json]:
    data = {
        "agent": artifact.agent,
        "scope": artifact.scope,
        "path": artifact.path,
        "status": artifact.status,
        "launch": plain(artifact.launch),
        "differences": plain(msgspec.to_builtins(artifact.differences)),
    }
    return _set(
        {
            "name": artifact.name or artifact.id or "unknown",
            "uid": artifact.id or "unknown",
            "type_id": 99,
            "type": artifact.kind or "Other",
            "version": artifact.fingerprint,
            "data": _set(data),
        }
    )


def _endpoint(event: Event) -> dict[str, Json]:
    return {"uid": event.endpoint or "unknown"}


def _set(given: Mapping[str, Any]) -> dict[str, Json]:
    """Without what says nothing."""
    return {key: value for key, value in given.items() if value not in (None, "", [], {}, ())}
