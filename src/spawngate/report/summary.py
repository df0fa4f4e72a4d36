"""Counts of a snapshot, the same for every output.

Belongs here: how many of what. Must not be here: which of them matter (`rules`), and words and layout of one
output (`report.table`, `report.json`, `server.inventory_page`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spawngate.model.artifact import Artifact, Kind, Status, Transport
from spawngate.model.json import Json
from spawngate.model.snapshot import Snapshot
from spawngate.report.view import AgentFacts, running, words

RUNNING_STATES = ("running", "not_seen", "running_unconfigured", "unknown")
"""States of `detail.running` of a server; `unknown` where the scan could not tell (addresses, built-in servers)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what one snapshot holds. Every mapping is sorted by its key, except that known words come first."""

    artifacts: int
    by_kind: Mapping[str, int]
    """Every known kind, zero included, then kinds this release does not know."""
    by_agent: Mapping[str, Mapping[str, int]]
    """Agent id to kind to count. The empty id stands for artifacts that no agent owns."""
    servers_by_transport: Mapping[str, int]
    servers_by_status: Mapping[str, int]
    servers_by_running: Mapping[str, int]
    secrets_by_type: Mapping[str, int]
    diagnostics_by_reason: Mapping[str, int]
    blanket_by_agent: Mapping[str, int]
    """Rules that allow everything a tool can do, by agent id; agents without one are left out."""

    @property
    def servers(self) -> int:
        return self.by_kind[Kind.MCP_SERVER.value]

    @property
    def secrets(self) -> int:
        return self.by_kind[Kind.SECRET.value]

    @property
    def diagnostics(self) -> int:
        return sum(self.diagnostics_by_reason.values())

    @property
    def blanket_permissions(self) -> int:
        return sum(self.blanket_by_agent.values())


def count(snapshot: Snapshot) -> Counts:
    """Count a snapshot's artifacts and diagnostics."""
    artifacts = snapshot.artifacts
    servers = [artifact for artifact in artifacts if artifact.kind == Kind.MCP_SERVER]
    blanket: Counter[str] = Counter()
    for artifact in artifacts:
        if artifact.kind == Kind.AGENT:
            blanket[artifact.agent] += len(AgentFacts.of(artifact).blanket)
    return Counts(
        artifacts=len(artifacts),
        by_kind=_tally((artifact.kind for artifact in artifacts), Kind, keep_zero=True),
        by_agent={
            agent: _tally((artifact.kind for artifact in artifacts if artifact.agent == agent), Kind)
            for agent in sorted({artifact.agent for artifact in artifacts})
        },
        servers_by_transport=_tally((_transport(server) for server in servers), Transport),
        servers_by_status=_tally((server.status for server in servers), Status),
        servers_by_running=_tally((running(server) or "unknown" for server in servers), RUNNING_STATES),
        secrets_by_type=_tally(
            words(artifact.detail.get("type")) or "unknown" for artifact in artifacts if artifact.kind == Kind.SECRET
        ),
        diagnostics_by_reason=_tally(diagnostic.reason for diagnostic in snapshot.diagnostics),
        blanket_by_agent={agent: number for agent, number in sorted(blanket.items()) if number},
    )


def summary(snapshot: Snapshot) -> dict[str, Json]:
    """The counts as the `summary` of the JSON document."""
    counts = count(snapshot)
    return {
        "artifacts": counts.artifacts,
        "by_kind": counts.by_kind,
        "by_agent": counts.by_agent,
        "servers": {
            "total": counts.servers,
            "by_transport": counts.servers_by_transport,
            "by_status": counts.servers_by_status,
            "by_running": counts.servers_by_running,
        },
        "secrets": {"total": counts.secrets, "by_type": counts.secrets_by_type},
        "blanket_permissions": {"total": counts.blanket_permissions, "by_agent": counts.blanket_by_agent},
        "diagnostics": {"total": counts.diagnostics, "by_reason": counts.diagnostics_by_reason},
    }


def _transport(server: Artifact) -> str:
    return (server.launch.transport if server.launch is not None else Transport.UNKNOWN).value


def _tally(found: Iterable[str], known: Iterable[str] = (), *, keep_zero: bool = False) -> dict[str, int]:
    """Word to count: known words in their written order, then the others sorted."""
    counter = Counter(str(word) for word in found)
    order = [str(word) for word in known]
    first = {word: counter[word] for word in order if keep_zero or counter[word]}
    return first | {word: counter[word] for word in sorted(counter) if word not in first}
