"""Short names of fields, where they stand in a record, how their values compare, and what free text looks through.

Must not be here: the language, records.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "time", "severity", "verdict"]
SCALES: Mapping[Kind, tuple[str, ...]] = {
    "severity": ("info", "low", "medium", "high", "critical"),
    "verdict": ("allow", "log", "ask", "deny"),
}
"""Kinds whose values are words in an order, lowest first."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    paths: tuple[str, ...]
    """Dotted paths into the record; a value at any of them counts."""
    kind: Kind = "text"


FIELDS: Mapping[str, Field] = {
    "action": Field(("subject.action",)),
    "agent": Field(("actor.agent", "artifact.agent", "detail.agent")),
    "at": Field(("at",), "time"),
    "call": Field(("call.id",)),
    "channel": Field(("channel",)),
    "command": Field(("call.commands",)),
    "cwd": Field(("call.cwd",)),
    "destination": Field(("delivery.destination",)),
    "edits": Field(("call.edits",), "number"),
    "endpoint": Field(("endpoint",)),
    "fingerprint": Field(("artifact.fingerprint", "detail.fingerprint", "question.fingerprint")),
    "hash": Field(("hash",)),
    "kind": Field(("call.kind", "artifact.kind", "subject.kind")),
    "latency": Field(("decision.latency_us",), "number"),
    "message": Field(("message",)),
    "mode": Field(("decision.mode",)),
    "moment": Field(("call.moment",)),
    "name": Field(("artifact.name", "subject.name")),
    "package": Field(("question.package", "question.packages", "artifact.launch.package")),
    "path": Field(("call.paths", "artifact.path", "detail.path")),
    "policy": Field(("decision.policy", "detail.policy")),
    "program": Field(("call.programs",)),
    "reason": Field(("decision.reasons",)),
    "route": Field(("delivery.route",)),
    "rule": Field(("decision.hits.rule", "finding.rule")),
    "sequence": Field(("sequence",), "number"),
    "server": Field(("call.server",)),
    "session": Field(("actor.session",)),
    "severity": Field(("decision.severity", "finding.severity"), "severity"),
    "state": Field(("delivery.state",)),
    "stream": Field(("stream",)),
    "tool": Field(("call.tool", "call.server_tool")),
    "type": Field(("type",)),
    "url": Field(("call.urls",)),
    "user": Field(("actor.user",)),
    "verdict": Field(("decision.verdict",), "verdict"),
}

UNSEARCHED = frozenset(("at", "schema_version", "stream", "sequence", "previous", "hash", "call.id"))
"""Paths whose texts are names of places and moments: nobody means them by a word, and they have fields of their own."""
OWN = frozenset(("actor", "call", "decision", "decision.hits", "artifact", "artifact.differences", "finding"))
"""Paths of maps whose keys are those of our schema and no texts; the keys of every other map are texts."""


def field_of(name: str) -> Field | None:
    """The field of a short name or of a dotted path; None where there is none."""
    known = FIELDS.get(name)
    if known is not None:
        return known
    return Field((name,)) if "." in name.strip(".") else None
