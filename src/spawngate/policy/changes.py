"""Findings about what a call would change in agents' configuration: each added launch as if it were started, each hook
as if it were run, each setting for what it amounts to.

Belongs here: which rules are asked about which part of a difference, and how their words name the change.
Must not be here: computing the difference (`configuration`), rules themselves, the verdict (`policy.evaluate`).
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from msgspec import Struct

from spawngate.command.calls import understand_call
from spawngate.command.context import CallContext
from spawngate.command.spawn import Program
from spawngate.configuration.change import Difference
from spawngate.configuration.identity import identity_of
from spawngate.configuration.outcome import Outcome
from spawngate.launch.definition import Definition
from spawngate.launch.understand import understand
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.finding import Finding
from spawngate.redact.redactor import Redactor
from spawngate.rules.engine import RuleSet

_VERBS = {"added": "Adds", "changed": "Changes", "removed": "Removes"}
MOST_COMMANDS = 16
"""Commands of hooks and helpers of one call that are parsed."""


class Judged(Struct, frozen=True):
    """What the rules say about an outcome."""

    findings: tuple[Finding, ...] = ()
    launches: tuple[Definition, ...] = ()
    """Definitions that would be started from then on and that are neither known nor switched off."""


def judge_outcome(
    outcome: Outcome,
    rules: RuleSet,
    redactor: Redactor,
    context: CallContext,
    known: Collection[str] = frozenset(),
    read: Callable[[str, str], Program] | None = None,
) -> Judged:
    """The findings, not redacted yet. `known` are identities of launches that are configured or approved already."""
    findings: list[Finding] = []
    launches: list[Definition] = []
    commands = 0
    for one in outcome.differences:
        is_known = _is_known(one, redactor, context, known)
        facts = replace(one.facts, known=is_known)
        findings.extend(rules.change(facts))
        if is_known:
            continue
        # Agents differ in whether they heed a field that switches off: what is off is judged, but needs no approval.
        if one.definition is not None:
            if not one.facts.off:
                launches.append(one.definition)
            launched = rules.launch(understand(one.definition))
            findings.extend(_told(finding, one) for finding in launched)
        for command in one.commands:
            commands += 1
            if commands <= MOST_COMMANDS:
                findings.extend(_told(finding, one) for finding in _of_command(command, rules, context, read))
    findings.extend(finding for facts in outcome.unknown for finding in rules.change(facts))
    return Judged(tuple(findings), tuple(launches))


def _is_known(one: Difference, redactor: Redactor, context: CallContext, known: Collection[str]) -> bool:
    if one.observed is None or not known or one.facts.labels:
        return False
    if one.definition is not None and one.definition.auto_approve:
        return False
    return identity_of(one.observed, redactor, context.home) in known


def _of_command(
    command: str, rules: RuleSet, context: CallContext, read: Callable[[str, str], Program] | None
) -> Iterator[Finding]:
    """What the rules about spawns say about a command that the agent would run by itself."""
    call = ToolCall(context.agent, "hook", ToolKind.SHELL, commands=(command,), cwd=context.cwd)
    understood = understand_call(call, context, read)
    for facts in understood.spawns:
        yield from rules.spawn(facts)


def _told(finding: Finding, one: Difference) -> Finding:
    """The finding with the change that it is about in front."""
    facts = one.facts
    if facts.what == "server":
        head = f"{_VERBS.get(facts.change, 'Changes')} MCP server `{_short(facts.name)}` of {facts.agent}"
        head += f" that would run `{_short(facts.line)}`" if one.definition and one.definition.command else ""
    else:
        head = f"{_VERBS.get(facts.change, 'Changes')} {facts.what} `{_short(facts.name)}` of {facts.agent}"
        head += f" that would run `{_short(facts.line)}`" if one.commands else ""
    return replace(finding, message=f"{head}: {finding.message}")


def _short(text: str) -> str:
    plain = "".join(character if character.isprintable() else " " for character in text[:200])
    return plain if len(text) <= 200 else f"{plain}..."
