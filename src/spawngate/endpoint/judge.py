"""SHELL. Judgement of a whole snapshot: facts, rules, tiers, capabilities and advisories put together.

Belongs here: which part is asked about which artifact, and looking at a launch's surroundings.
Must not be here: any judgement of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from spawngate.advisories.document import MALICIOUS, to_model
from spawngate.advisories.match import match
from spawngate.advisories.subjects import of_artifacts
from spawngate.endpoint.advisories import load
from spawngate.endpoint.collect import Plan
from spawngate.endpoint.projects import survey
from spawngate.endpoint.state import State
from spawngate.endpoint.surroundings import surroundings_of
from spawngate.launch.capabilities import Capability, capabilities_of
from spawngate.launch.definition import from_artifact
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import Knowledge
from spawngate.launch.knowledge import shipped as shipped_knowledge
from spawngate.launch.tier import judge_tier
from spawngate.launch.trust import TrustPolicy
from spawngate.launch.understand import understand
from spawngate.model.advisory import AdvisoryMatch
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.finding import Finding
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Snapshot
from spawngate.report.judgement import Judgement, RuleText, TierView
from spawngate.rules.agent_settings import is_any_command
from spawngate.rules.artifact_facts import artifact_facts
from spawngate.rules.endpoint_facts import endpoint_facts
from spawngate.rules.engine import RuleSet
from spawngate.rules.engine import shipped as shipped_rules
from spawngate.rules.vocabulary import INVENTORY

SURVEY_SECONDS = 10.0
"""Seconds for looking through installed packages and lock files; what was not reached is a diagnostic."""

_IN_FORCE = (Status.ENABLED, Status.APPROVED)
_UNATTENDED = frozenset({"bypassPermissions", "yolo", "auto", "never", "full-auto", "dangerouslyAllowAll", "allow-all"})


@dataclass(frozen=True, slots=True)
class Judge:
    """What a snapshot is judged by. The defaults are what the wheel ships."""

    rules: RuleSet = field(default_factory=lambda: shipped_rules(INVENTORY))
    trust: TrustPolicy = field(default_factory=TrustPolicy)
    knowledge: Knowledge = field(default_factory=shipped_knowledge)

    def judge(self, snapshot: Snapshot, matches: Sequence[AdvisoryMatch] = ()) -> Judgement:
        """Everything the rules, the trust policy and the advisories say about a snapshot."""
        findings: list[Finding] = []
        tiers: dict[str, TierView] = {}
        capabilities: dict[str, tuple[str, ...]] = {}
        powers: dict[str, dict[str, Sequence[Capability]]] = defaultdict(dict)
        judged: dict[tuple[Json, ...], _Judged] = {}
        malicious = {found.artifact for found in matches if _is_malware(found)}
        for artifact in snapshot.artifacts:
            findings.extend(self.rules.artifact(artifact_facts(artifact), artifact.id))
            if artifact.kind is not Kind.MCP_SERVER or artifact.launch is None:
                continue
            # One definition stands in the inventory once for every agent that reads its file.
            key = _question(artifact, artifact.id in malicious)
            if key not in judged:
                judged[key] = self._launch(artifact, snapshot, malicious=artifact.id in malicious)
            one = judged[key]
            findings.extend(replace(finding, artifact=artifact.id) for finding in one.findings)
            tiers[artifact.id] = one.tier
            capabilities[artifact.id] = one.capabilities
            found = one.powers
            if artifact.status in _IN_FORCE and artifact.scope is not Scope.PROCESS:
                powers[artifact.agent].setdefault(artifact.name, found)
        findings.extend(self._together(snapshot, powers))
        return Judgement(
            findings=tuple(findings),
            matches=tuple(matches),
            tiers=tiers,
            capabilities=capabilities,
            rules={
                rule.id: RuleText(
                    rule.title, rule.rationale, rule.remediation, rule.references, rule.severity, rule.confidence
                )
                for rule in self.rules.rules
            },
        )

    def _launch(self, artifact: Artifact, snapshot: Snapshot, *, malicious: bool) -> "_Judged":
        facts = self.facts(artifact, snapshot)
        days = _days(artifact, snapshot.taken_at) if artifact.status is Status.APPROVED else None
        tier = judge_tier(facts, self.trust, self.knowledge, malicious=malicious, approved_days=days)
        powers = capabilities_of(facts, self.knowledge, _tools(artifact))
        return _Judged(
            findings=self.rules.launch(facts, artifact.id),
            tier=TierView(tier.tier.value, tuple(signal.explanation for signal in tier.signals)),
            capabilities=tuple(dict.fromkeys(_capability(each) for each in powers)),
            powers=powers,
        )

    def facts(self, artifact: Artifact, snapshot: Snapshot) -> LaunchFacts:
        """Facts of a server's launch, with what lies around it on this machine."""
        definition = from_artifact(artifact, snapshot.platform)
        return understand(definition, surroundings_of(definition))

    def _together(self, snapshot: Snapshot, powers: Mapping[str, Mapping[str, Sequence[Capability]]]) -> list[Finding]:
        """What the servers of each agent make possible together."""
        findings: list[Finding] = []
        for artifact in snapshot.artifacts:
            if artifact.kind is not Kind.AGENT or artifact.agent not in powers:
                continue
            grants = [item for item in _maps(artifact.detail.get("permissions")) if item.get("verdict") == "allow"]
            approvals = {str(item.get("name")) for item in _maps(artifact.detail.get("auto_approvals"))}
            facts = endpoint_facts(
                artifact.agent,
                powers[artifact.agent],
                agent_shell=any(is_any_command(str(item.get("rule"))) for item in grants),
                unattended=bool(approvals & _UNATTENDED),
                unattended_servers=[
                    server.name
                    for server in snapshot.artifacts
                    if server.kind is Kind.MCP_SERVER and server.agent == artifact.agent and _asks_never(server)
                ],
            )
            findings.extend(self.rules.endpoint(facts, artifact.id))
        return findings


def advisory_matches(
    state: State, plan: Plan, snapshot: Snapshot, *, seconds: float = SURVEY_SECONDS
) -> tuple[tuple[AdvisoryMatch, ...], tuple[Diagnostic, ...]]:
    """What the advisories say about the snapshot and about what is installed or locked in the plan's places."""
    database, trouble = load(state.folder)
    looked = survey(
        database.wants,
        homes=plan.homes,
        roots=plan.roots,
        system_root=plan.system_root,
        platform=plan.platform,
        artifacts=snapshot.artifacts,
        network=plan.network,
        seconds=seconds,
    )
    subjects = [*of_artifacts(snapshot.artifacts, plan.platform), *looked.subjects]
    matches = tuple(to_model(one) for one in match(subjects, database) if one.hits)
    return matches, (*trouble, *looked.diagnostics)


def _is_malware(found: AdvisoryMatch) -> bool:
    return found.summary.startswith(MALICIOUS) and found.answer != "uncertain"


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was judged about one definition."""

    findings: tuple[Finding, ...]
    tier: TierView
    capabilities: tuple[str, ...]
    powers: tuple[Capability, ...]


def _question(artifact: Artifact, malicious: bool) -> tuple[Json, ...]:
    """Everything about an artifact that its judgement depends on; the fingerprint covers what would run."""
    approvals = ",".join(_tools(artifact)) + str(artifact.detail.get("trust"))
    place = artifact.detail.get("project")
    return (
        artifact.fingerprint,
        artifact.detail.get("since"),
        artifact.status.value,
        approvals,
        _asks_never(artifact),
        place,
        artifact.path,
        malicious,
    )


def _days(artifact: Artifact, now: str) -> int | None:
    """Days since the approved definition was first seen; an approval is never older than what it approves."""
    since = artifact.detail.get("since")
    if not isinstance(since, str):
        return None
    try:
        return max(0, (datetime.fromisoformat(now) - datetime.fromisoformat(since)).days)
    except ValueError:
        return None


def _asks_never(server: Artifact) -> bool:
    approved = server.detail.get("auto_approve")
    return server.detail.get("trust") is True or (isinstance(approved, Sequence) and "*" in approved)


def _tools(artifact: Artifact) -> tuple[str, ...]:
    """Tools of the server that files on disk name: a bundle's declared list, approved and included ones."""
    names: list[str] = []
    for key in ("tools", "auto_approve", "include_tools"):
        value = artifact.detail.get(key)
        if isinstance(value, Sequence) and not isinstance(value, str):
            names.extend(item for item in value if isinstance(item, str) and item != "*")
    return tuple(names)


def _capability(capability: Capability) -> str:
    what = " ".join(part for part in (capability.label, capability.detail) if part)
    return f"{capability.kind.value}: {what}" if what else capability.kind.value


def _maps(value: Json) -> list[Mapping[str, Json]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]
