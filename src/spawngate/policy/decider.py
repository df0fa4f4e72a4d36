"""From a call or a launch to a decision: facts, rules, redaction, policy, in that order and nothing else.

Belongs here: which part is asked for what, and what of it a policy and the trail may see.
Must not be here: facts, rules and policies themselves; files, clocks and records (`endpoint`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.launch.capabilities import capabilities_of
from spawngate.launch.definition import Definition
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import Knowledge
from spawngate.launch.knowledge import shipped as shipped_knowledge
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.tier import judge_tier
from spawngate.launch.trust import TrustPolicy
from spawngate.launch.understand import understand
from spawngate.model.decision import Decision, Mode
from spawngate.model.finding import Finding
from spawngate.policy.evaluate import evaluate
from spawngate.policy.policies import PolicySet
from spawngate.policy.policies import shipped as shipped_policies
from spawngate.policy.question import Question
from spawngate.redact.redactor import Redactor
from spawngate.rules.engine import RuleSet
from spawngate.rules.engine import shipped as shipped_rules


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and the question that it answers; both hold redacted text only."""

    decision: Decision
    question: Question


@dataclass(frozen=True, slots=True)
class Decider:
    """Everything that a decision depends on besides the call. Immutable: a change makes another one."""

    redactor: Redactor
    rules: RuleSet = field(default_factory=shipped_rules)
    policies: PolicySet = field(default_factory=shipped_policies)
    mode: Mode = Mode.ENFORCE
    modes: Mapping[str, Mode] = field(default_factory=dict)
    """Modes of single agents."""
    approvals: bool = False
    """Launches need an approval."""
    trust: TrustPolicy = field(default_factory=TrustPolicy)
    knowledge: Knowledge = field(default_factory=shipped_knowledge)

    def mode_of(self, agent: str) -> Mode:
        """The mode for one agent."""
        return self.modes.get(agent, self.mode)

    def launch(
        self, definition: Definition, surroundings: Surroundings | None = None, *, approved: bool = False
    ) -> Decided:
        """The decision about a launch that starts or connects to an MCP server."""
        facts = understand(definition, surroundings) if surroundings else understand(definition)
        findings = [self.redacted(finding) for finding in self.rules.launch(facts)]
        question = replace(self._launch_question(facts, definition.agent), approved=approved)
        errors = ("a field that starts something has a type that cannot be read",) if definition.malformed else ()
        return self.answer(question, findings, errors)

    def answer(self, question: Question, findings: Sequence[Finding], errors: Sequence[str] = ()) -> Decided:
        """What the policies say to a question that is ready."""
        return Decided(
            evaluate(question, findings, self.policies, self.mode_of(question.agent), errors),
            question,
        )

    def redacted(self, finding: Finding) -> Finding:
        """The finding with secrets taken out of what it quotes."""
        evidence = []
        for pair in finding.evidence:
            name, _, value = pair.partition("=")
            evidence.append(f"{name}={self.redactor.command_line(value).text}")
        return replace(finding, message=self.redactor.command_line(finding.message).text, evidence=tuple(evidence))

    def _launch_question(self, facts: LaunchFacts, agent: str) -> Question:
        names = self.policies.main.names
        tier = ""
        if "tier" in names:
            tier = judge_tier(facts, self.trust, self.knowledge).tier.value
        capabilities: tuple[str, ...] = ()
        if "capabilities" in names:
            found = capabilities_of(facts, self.knowledge, ())
            capabilities = tuple(sorted({each.kind.value for each in found}))
        package = self.redactor.text(facts.package).text if facts.package else ""
        return Question(
            agent=agent,
            action="launch",
            programs=tuple([self.redactor.name(name).text for name in facts.programs]),
            wrappers=facts.wrappers,
            hosts=(facts.host,) if facts.host else (),
            packages=(package,) if package else (),
            transport=facts.transport,
            launcher=facts.launcher,
            package=package,
            pin=facts.pin,
            source=facts.source,
            opaque=facts.unknown,
            tier=tier,
            capabilities=capabilities,
            approvals=self.approvals,
        )
