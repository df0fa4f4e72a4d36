"""From a call or a launch to a decision: facts, rules, redaction, policy, in that order and nothing else.

Belongs here: which part is asked for what, and what of it a policy and the trail may see.
Must not be here: facts, rules and policies themselves; files, clocks and records (`endpoint`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Protocol, cast

from msgspec import Struct, structs

from spawngate.agents.document import Platform
from spawngate.command.calls import Understood, understand_call
from spawngate.command.context import CallContext, context_of
from spawngate.command.inventory import InventoryView, ServerView
from spawngate.command.parse import Second, read
from spawngate.command.spawn import Program
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.configuration.files import Content, Present, Resolve, nothing_read, unresolved
from spawngate.configuration.outcome import Outcome, outcome_of
from spawngate.configuration.reduced import reduced_call, reduced_spawns
from spawngate.launch.capabilities import capabilities_of
from spawngate.launch.definition import Definition
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.knowledge import Knowledge
from spawngate.launch.knowledge import shipped as shipped_knowledge
from spawngate.launch.surroundings import Surroundings
from spawngate.launch.tier import judge_tier
from spawngate.launch.trust import TrustPolicy
from spawngate.launch.understand import understand
from spawngate.model.call import Dialect, ToolCall
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.finding import Finding
from spawngate.policy.changes import judge_outcome
from spawngate.policy.evaluate import UNDECIDED, evaluate
from spawngate.policy.policies import PolicySet
from spawngate.policy.policies import shipped as shipped_policies
from spawngate.policy.question import Question
from spawngate.policy.repeated import Repeated, key_of, may_keep
from spawngate.policy.words import asked_instead, from_elsewhere
from spawngate.provenance.tracker import NOTHING_KNOWN, Known
from spawngate.redact.redactor import Redactor
from spawngate.rules.engine import RuleSet
from spawngate.rules.engine import shipped as shipped_rules

_UNKNOWN = InventoryView()


class Decided(Struct, frozen=True):
    """A decision and the question that it answers; both hold redacted text only."""

    decision: Decision
    question: Question


class Provenance(Protocol):
    """What is known of the sessions that calls belong to (`provenance.tracker`)."""

    def known(self, call: ToolCall, understood: Understood, launches: Sequence[LaunchFacts] = ()) -> Known:
        """What a decision about a call must know; `launches` are those that it would configure."""

    def known_of_launch(self, agent: str, launch: LaunchFacts) -> Known:
        """What a decision about a launch must know that no call makes."""

    def decided(self, call: ToolCall, understood: Understood, server: ServerView | None, *, refused: bool) -> None:
        """The call was decided."""

    def observe(
        self, call: ToolCall, understand: Callable[[], Understood], servers: Callable[[str], ServerView | None]
    ) -> None:
        """Something happened that is not decided."""


class Looked(Struct, frozen=True):
    """What a call is found to be, before anything is asked about its session. Can be pickled."""

    understood: Understood
    question: Question
    """Without what the session has read."""
    findings: tuple[Finding, ...]
    """As the rules say them: what they quote is not redacted."""
    launches: tuple[Definition, ...]
    """That it would configure."""
    contents: Mapping[str, tuple[str, ...]]
    """Digests of what it would write, by path."""


class _Asked:
    """The ports to files, and whether one of them was asked."""

    __slots__ = ("_present", "_resolve", "asked")

    def __init__(self, present: Present, resolve: Resolve) -> None:
        self.asked = False
        self._present, self._resolve = present, resolve

    def present(self, path: str) -> Content:
        self.asked = True
        return self._present(path)

    def resolve(self, path: str) -> str:
        self.asked = True
        return self._resolve(path)


@dataclass(frozen=True, slots=True)
class Decider:
    """Everything that a decision depends on besides the call. Immutable: a change makes another one."""

    redactor: Redactor
    rules: RuleSet = field(default_factory=shipped_rules)
    policies: PolicySet = field(default_factory=shipped_policies)
    mode: Mode = Mode.ENFORCE
    modes: Mapping[str, Mode] = field(default_factory=dict)
    """Modes of single agents."""
    refusals: Verdict = Verdict.DENY
    """ASK: a person is asked where policy denies."""
    approvals: bool = False
    """Launches need an approval."""
    home: str = ""
    """Home of the user whose agents are decided about."""
    platform: Platform = "linux"
    views: Mapping[str, InventoryView] = field(default_factory=dict)
    """By agent: the servers that it may call."""
    second: Second | None = None
    """Reads a shell text that the first parser cannot read."""
    trust: TrustPolicy = field(default_factory=TrustPolicy)
    knowledge: Knowledge = field(default_factory=shipped_knowledge)
    present: Present = nothing_read
    """Reads an agent's file as it is, to compute what a call makes of it."""
    resolve: Resolve = unresolved
    """Follows links, to see that a file which a call writes is an agent's."""
    expects: Callable[[Mapping[str, tuple[str, ...]]], None] | None = None
    """Told the contents (digests, by path) that a call which is not refused would give agents' files."""
    launches: Collection[str] = frozenset()
    """Identities (`configuration.identity`) of launches that are configured or approved: adding one is no news."""
    provenance: Provenance | None = None
    """What sessions have read; None where calls are judged by themselves."""
    quotes: bool = True
    """Findings tell what they saw of calls that go on, too. Where not, only those of what is asked or refused do, and
    nobody need redact for a record that does not hold it."""
    repeated: Repeated[Looked] = field(init=False, repr=False, compare=False, default_factory=Repeated)
    """Looks at calls that come again. A changed decider begins with none."""

    def mode_of(self, agent: str) -> Mode:
        """The mode for one agent."""
        return self.modes.get(agent, self.mode)

    def launch(
        self,
        definition: Definition,
        surroundings: Surroundings | None = None,
        *,
        approved: bool = False,
        server: str = "",
        fingerprint: str = "",
        further: Sequence[Finding] = (),
    ) -> Decided:
        """The decision about a launch that starts or connects to an MCP server.

        `server` and `fingerprint` are told by the launcher, which knows them; `further` findings count like the rules'.
        """
        facts = understand(definition, surroundings) if surroundings else understand(definition)
        findings = [self.redacted(finding) for finding in (*self.rules.launch(facts), *further)]
        question = structs.replace(
            self._launch_question(facts, definition.agent), approved=approved, server=server, fingerprint=fingerprint
        )
        if self.provenance is not None and not approved:
            known = self.provenance.known_of_launch(definition.agent, facts)
            question = structs.replace(
                question, labels=known.labels, tainted=known.tainted, taint_sources=known.sources
            )
        errors = ("a field that starts something has a type that cannot be read",) if definition.malformed else ()
        return self.answer(question, findings, errors)

    def decide(self, call: ToolCall) -> Decided:
        """The decision about one tool call. What only tells (a prompt, a result) is allowed and not judged."""
        return self.conclude(call, self.look(call))

    def look(self, call: ToolCall) -> Looked | None:
        """The first and longer part of a decision. None for what only tells.

        Depends on nothing that other calls change, and changes nothing that they see: it may be given up, done again,
        or done in another process.
        """
        if not call.event.decided:
            return None
        key = key_of(call)
        if key is not None and (known := self.repeated.get(key)) is not None:
            return known
        inventory = self.views.get(call.agent, _UNKNOWN)
        context = context_of(call, home=self.home, platform=self.platform, inventory=inventory)
        understood = understand_call(call, context, self._read)
        files = _Asked(self.present, self.resolve)
        outcome = outcome_of(call, understood, context, files.present, files.resolve)
        found = list(self.rules.call(reduced_call(understood.call, outcome, context)))
        for facts in reduced_spawns(understood, outcome, context):
            found += self.rules.spawn(facts)
        judged = judge_outcome(outcome, self.rules, self.redactor, context, self.launches, self._read)
        found += judged.findings
        for launch in understood.launches:
            found += self.rules.launch(launch)
        # A loop starts one thing many times: it is found once.
        findings = {each.fingerprint: each for each in found}
        question = self._call_question(call, understood, inventory.server(call.server) if call.server else None)
        looked = Looked(understood, question, tuple(findings.values()), tuple(judged.launches), outcome.contents)
        if key is not None and not files.asked and may_keep(call, understood, question):
            self.repeated.keep(key, looked)
        return looked

    def conclude(self, call: ToolCall, looked: Looked | None) -> Decided:
        """The second part of a decision: with what is known of the session now, and noting what the call does."""
        inventory = self.views.get(call.agent, _UNKNOWN)
        if looked is None:
            if self.provenance is not None:
                self.provenance.observe(call, lambda: self._understood(call, inventory), inventory.server)
            decision = Decision(Verdict.ALLOW, mode=self.mode_of(call.agent), policy=self.policies.revision)
            return Decided(decision, Question(call.agent, "other", tool=call.tool))
        understood, question = looked.understood, looked.question
        if self.provenance is not None:
            known = self.provenance.known(call, understood, [understand(each) for each in looked.launches])
            if known is not NOTHING_KNOWN:
                question = structs.replace(
                    question,
                    labels=known.labels,
                    tainted=known.tainted,
                    taint_sources=known.sources,
                    starts=known.starts,
                )
        decided = self._with_launches(self._judged(question, looked, call.problems), looked.launches)
        refused = decided.decision.verdict is Verdict.DENY and decided.decision.mode is Mode.ENFORCE
        if self.provenance is not None:
            server = inventory.server(call.server) if call.server else None
            self.provenance.decided(call, understood, server, refused=refused)
        if self.expects is not None and looked.contents and not refused:
            self.expects(looked.contents)
        return decided

    def _judged(self, question: Question, looked: Looked, errors: Sequence[str]) -> Decided:
        if not self.quotes and looked.findings and not looked.launches:
            decided = self.answer(question, [_unquoted(each) for each in looked.findings], errors)
            if decided.decision.verdict not in (Verdict.ASK, Verdict.DENY):
                return decided
        return self.answer(question, [self.redacted(each) for each in looked.findings], errors)

    def rehearse(self, call: ToolCall) -> Decided:
        """The decision about a call that nobody makes: no session learns of it."""
        return replace(self, provenance=None).decide(call)

    def _understood(self, call: ToolCall, inventory: InventoryView) -> Understood:
        context = context_of(call, home=self.home, platform=self.platform, inventory=inventory)
        return understand_call(call, context, self._read)

    def changed(self, agent: str, path: str, outcome: Outcome, known: Collection[str]) -> Decided:
        """The decision about a change of an agent's file that somebody made outside of any call. `known` are the
        launches that were configured before."""
        context = CallContext(self.home, platform=self.platform, agent=agent)
        judged = judge_outcome(outcome, self.rules, self.redactor, context, known, self._read)
        findings = {each.fingerprint: self.redacted(each) for each in judged.findings}
        where = self.redactor.path(path).text
        question = Question(agent, "write", tool="outside", path=where, paths=(where,), approvals=self.approvals)
        return self._with_launches(self.answer(question, tuple(findings.values())), judged.launches)

    def _with_launches(self, decided: Decided, launches: Sequence[Definition]) -> Decided:
        """The decision, and no looser than that about any launch that the call would configure."""
        for definition in launches:
            # Of whose words the launch is made was judged with the call.
            verdict = replace(self, provenance=None).launch(definition).decision
            if verdict.verdict.rank > decided.decision.verdict.rank:
                joined = replace(decided.decision, verdict=verdict.verdict, reasons=verdict.reasons, silent=False)
                if "not-approved" in " ".join(verdict.reasons) or not joined.findings:
                    joined = replace(joined, message=verdict.message)
                decided = structs.replace(decided, decision=joined)
        return decided

    def answer(self, question: Question, findings: Sequence[Finding], errors: Sequence[str] = ()) -> Decided:
        """What the policies say to a question that is ready."""
        decision = evaluate(question, findings, self.policies, self.mode_of(question.agent), errors)
        if self.refusals is Verdict.ASK and decision.verdict is Verdict.DENY and UNDECIDED not in decision.reasons:
            decision = replace(decision, verdict=Verdict.ASK, message=asked_instead(decision.message))
        if question.tainted and decision.verdict in (Verdict.ASK, Verdict.DENY):
            decision = replace(decision, message=f"{decision.message} {from_elsewhere(question.taint_sources)}")
        return Decided(decision, question)

    def redacted(self, finding: Finding) -> Finding:
        """The finding with secrets taken out of what it quotes."""
        evidence = []
        for pair in finding.evidence:
            name, _, value = pair.partition("=")
            evidence.append(f"{name}={self.redactor.command_line(value).text}")
        return replace(finding, message=self.redactor.command_line(finding.message).text, evidence=tuple(evidence))

    def _read(self, text: str, dialect: str) -> Program:
        return read(text, cast(Dialect, dialect), second=self.second)

    def _call_question(self, call: ToolCall, understood: Understood, server: ServerView | None) -> Question:
        whole, spawns = understood.call, understood.spawns
        redact = self.redactor
        command = "\n".join([*call.commands, *(" ".join(argv) for argv in call.argvs)])
        paths = tuple([redact.path(path).text for path in call.paths])
        return Question(
            agent=call.agent,
            action=call.kind.value,
            tool=call.tool,
            permission_mode=call.permission_mode,
            subagent=call.subagent,
            cwd=redact.path(call.cwd).text if call.cwd else "",
            path=paths[0] if paths else "",
            paths=paths,
            command=redact.command_line(command).text if command else "",
            programs=tuple([redact.name(name).text for name in whole.programs]),
            wrappers=_once((), spawns, _WRAPPERS),
            packages=tuple([redact.name(name).text for name in _once((), spawns, _PACKAGES)]),
            hosts=tuple([redact.name(host).text for host in _once(whole.hosts, spawns, _HOSTS)]),
            host_classes=_once(whole.host_kinds, spawns, _HOST_KINDS),
            reads=_once(whole.read_places, spawns, _READ_PLACES),
            writes=_once(whole.write_places, spawns, _WRITE_PLACES),
            deletes=_once(whole.delete_places, spawns, _DELETE_PLACES),
            opaque=_once(whole.opaque, spawns, _OPAQUE),
            privileged=any(facts.privileged for facts in spawns),
            remote=any(facts.remote for facts in spawns),
            server=call.server,
            server_tool=call.server_tool,
            server_known=server is not None,
            tier=server.tier if server else "",
            capabilities=server.capabilities if server else (),
            transport=server.transport if server else "",
            fingerprint=server.fingerprint if server else "",
            approvals=self.approvals,
            approved=server.approved if server else False,
        )

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


_Values = Callable[[SpawnFacts], tuple[str, ...]]
_WRAPPERS: _Values = attrgetter("wrappers")
_PACKAGES: _Values = attrgetter("packages")
_HOSTS: _Values = attrgetter("hosts")
_HOST_KINDS: _Values = attrgetter("host_kinds")
_READ_PLACES: _Values = attrgetter("read_places")
_WRITE_PLACES: _Values = attrgetter("write_places")
_DELETE_PLACES: _Values = attrgetter("delete_places")
_OPAQUE: _Values = attrgetter("opaque")


def _once(first: tuple[str, ...], spawns: Sequence[SpawnFacts], values: _Values) -> tuple[str, ...]:
    """What the call and its spawns say, each once, in order; empty texts say nothing."""
    if not spawns and not first:
        return ()
    found = dict.fromkeys(first)
    for facts in spawns:
        more = values(facts)
        if more:
            found.update(dict.fromkeys(more))
    found.pop("", None)
    return tuple(found)


def _unquoted(finding: Finding) -> Finding:
    """The finding with what its rule says of every call that it matches."""
    return Finding(
        rule=finding.rule,
        title=finding.title,
        severity=finding.severity,
        confidence=finding.confidence,
        message=finding.title,
        remediation=finding.remediation,
        references=finding.references,
        artifact=finding.artifact,
        fingerprint=finding.fingerprint,
        pack=finding.pack,
    )
