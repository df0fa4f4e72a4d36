"""The decision: what a policy set says to a question. Pure, total, and independent of any order.

Deny beats ask beats log beats allow. A forbid that errors counts as matched; a permit that errors does not. Where
nothing permits, the answer is deny. In monitor mode the verdict is computed the same way: who answers the agent
looks at `Decision.mode`.
Must not be here: the reading of policies (`policy.policies`), rules, and the agent's words.
Source: https://docs.cedarpolicy.com/auth/authorization.html, read 2026-11.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from cedarpy import _internal

from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.finding import Confidence, Finding
from spawngate.policy.policies import Compiled, Matched, Policy, PolicySet, Told
from spawngate.policy.question import NOTHING, Question
from spawngate.policy.words import message

NOTHING_PERMITS = "nothing-permits"
"""Reason where no policy permits."""
UNDECIDED = "undecided"
"""Reason where Cedar could not answer at all: counted as a deny."""
_ERRING = re.compile(r"policy `(policy\d+)`")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_NO_ENTITIES = _internal.Entities.from_json_str("[]", None)
_NO_SCHEMA = None
"""Questions are built by us with every field of the right type (a test compares them with the schema), so that Cedar
need not check each again: that would double the time."""
_MOST_KEPT = 1_024
"""Answers that are kept for each compiled set; when there are more, all are forgotten."""
_LONGEST_KEPT = 1_024
"""Bytes of a question's context that is kept: longer ones hold texts that seldom come again."""


def evaluate(
    question: Question,
    findings: Sequence[Finding],
    policies: PolicySet,
    mode: Mode = Mode.ENFORCE,
    errors: Sequence[str] = (),
) -> Decision:
    """The decision about one call or launch.

    `question` holds all but what comes from the findings and errors; that is filled in here. Never raises.
    """
    ordered = tuple(findings)
    if len(ordered) > 1:
        ordered = tuple(
            sorted(ordered, key=lambda each: (-each.severity.rank, each.rule, each.artifact, each.evidence))
        )
    counted = ordered
    said = {**_said(counted), "understood": question.understood and not errors}
    excused: tuple[Policy, ...] = ()
    if policies.exceptions is not None and ordered:
        excused = _matched(question, policies.exceptions, said)[0]
        spared = frozenset().union(*(policy.excepts for policy in excused)) if excused else frozenset()
        if spared:
            counted = tuple(each for each in ordered if each.rule not in spared)
            said |= _said(counted)
    matched, troubles, answered = _matched(question, policies.main, said)
    forbids = [policy for policy in matched if policy.forbids]
    permits = [policy for policy in matched if not policy.forbids]
    silent = False
    reasons: tuple[str, ...]
    if not answered:
        verdict, reasons = Verdict.DENY, (UNDECIDED,)
    elif forbids:
        verdict = max((policy.verdict for policy in forbids), key=_rank)
        reasons = tuple(sorted(policy.id for policy in forbids if policy.verdict is verdict))
    elif permits:
        verdict, reasons = Verdict.ALLOW, ()
        silent = any(policy.silent for policy in permits)
        if silent or excused:
            reasons = tuple(sorted({policy.id for policy in permits if policy.silent} | {p.id for p in excused}))
    else:
        verdict, reasons = Verdict.DENY, (NOTHING_PERMITS,)
    decided = [policy for policy in forbids if policy.verdict is verdict]
    decided.sort(key=lambda policy: policy.id)
    return Decision(
        verdict=verdict,
        reasons=reasons,
        findings=ordered,
        severity=ordered[0].severity if ordered else None,
        errors=(*errors, *troubles),
        message=message(verdict, decided, counted, (*errors, *troubles)),
        mode=mode,
        policy=policies.revision,
        silent=silent,
    )


def matched_policies(question: Question, policies: PolicySet) -> tuple[Policy, ...]:
    """Every policy that matches a whole question, sorted by id; for explanations.

    Cedar names permits only where nothing forbids.
    """
    return tuple(sorted(_matched(question, policies.main)[0], key=lambda policy: policy.id))


def with_findings(question: Question, findings: Sequence[Finding]) -> Question:
    """The question with what these findings say filled in."""
    return msgspec.structs.replace(question, **_said(findings))


def _said(findings: Sequence[Finding]) -> dict[str, Any]:
    """The fields of a question that findings fill in."""
    if not findings:
        return dict(_NOTHING_SAID)
    sure = [each for each in findings if each.confidence is not Confidence.LOW]
    return {
        "findings": tuple(sorted({each.rule for each in findings})),
        "packs": tuple(sorted({each.pack for each in findings if each.pack})),
        "severity": max((each.severity.rank for each in findings), default=NOTHING),
        "sure_severity": max((each.severity.rank for each in sure), default=NOTHING),
    }


_NOTHING_SAID: Mapping[str, Any] = {"findings": (), "packs": (), "severity": NOTHING, "sure_severity": NOTHING}


def _matched(question: Question, compiled: Compiled, said: Mapping[str, Any] | None = None) -> Matched:
    """What the policies say to a question, with the fields in `said` in place of its own."""
    try:
        context = _encode(question.context(compiled.names, said))
    except ValueError:
        return (), ("the question cannot be written",), False
    kind, name = question.resource
    # Everything that Cedar is told; it answers the same to the same. It takes 100 us, most questions differ in nothing
    # that a policy looks at.
    told = (question.agent, question.action, kind, name, context)
    if len(context) > _LONGEST_KEPT:
        return _asked(told, compiled)
    known = compiled.answers.get(told)
    if known is None:
        known = _asked(told, compiled)
        if known[2]:
            if len(compiled.answers) >= _MOST_KEPT:
                compiled.answers.clear()
            compiled.answers[told] = known
    return known


def _asked(told: Told, compiled: Compiled) -> Matched:
    agent, action, kind, name, context = told
    request = {
        "principal": {"type": "Agent", "id": agent},
        "action": {"type": "Action", "id": action},
        "resource": {"type": kind, "id": name},
        "context": context.decode(),
    }
    try:
        answers = _internal.is_authorized_batch([request], compiled.handle, _NO_ENTITIES, _NO_SCHEMA, False)
        answer = _decode(answers[0])
    except (ValueError, TypeError, KeyError) as error:
        return (), (f"the policies could not be asked ({type(error).__name__})",), False
    diagnosed = answer.get("diagnostics", {})
    if answer.get("decision") not in ("Allow", "Deny"):
        return (), ("the policies could not be asked",), False
    found = {each: compiled.policies[each] for each in diagnosed.get("reason", ())}
    troubles = []
    for problem in diagnosed.get("errors", ()):
        place = _ERRING.search(problem)
        policy = compiled.policies.get(place.group(1)) if place else None
        if policy is None:
            return tuple(found.values()), ("a policy that cannot be named could not be evaluated",), False
        troubles.append(f"policy {policy.id} could not be evaluated")
        if policy.forbids and place is not None:
            found[place.group(1)] = policy
    return tuple(found.values()), tuple(sorted(troubles)), True


def _rank(verdict: Verdict) -> int:
    return verdict.rank
