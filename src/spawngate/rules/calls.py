"""What the rules say about a tool call: about the call as a whole, each process that it starts, and each MCP server
among them.

Belongs here: asking the rules of the three subjects and joining what they say.
Must not be here: facts (`command.calls`), and what follows from a finding (`policy`).
"""

from collections.abc import Iterable
from dataclasses import replace

from spawngate.command.calls import Understood
from spawngate.launch.argv import word_set
from spawngate.launch.facts import LaunchFacts
from spawngate.model.finding import Finding
from spawngate.rules.engine import RuleSet

NOT_OF_SPAWNS = word_set("""
    shell-text inline-code utility-as-server unknown-program install-at-start repository-script container-exec
    local-package local-package-installed search-in-working-folder shadowed-by-working-folder elevated-launch
    credentials-in-environment command-from-variable
    """)
"""Rules about launches that mean something only in a definition: in a shell, rules about spawns say the same better."""


def call_findings(rules: RuleSet, understood: Understood, artifact: str = "") -> tuple[Finding, ...]:
    """All findings about a call, each once, the gravest first. `artifact` is the id of the MCP server that is
    called."""
    found = [*rules.call(understood.call, artifact)]
    for facts in understood.spawns:
        found.extend(rules.spawn(facts))
    for launch in understood.launches:
        found.extend(launch_findings(rules, launch))
    return once(found)


def launch_findings(rules: RuleSet, launch: LaunchFacts) -> tuple[Finding, ...]:
    """What the rules about launches say about an MCP server that a shell starts."""
    return tuple(finding for finding in rules.launch(launch) if finding.rule not in NOT_OF_SPAWNS)


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings without repetition, the gravest first."""
    by_fingerprint: dict[str, Finding] = {}
    for finding in findings:
        by_fingerprint.setdefault(finding.fingerprint, replace(finding))
    return tuple(sorted(by_fingerprint.values(), key=lambda each: (-each.severity.rank, each.rule, each.fingerprint)))
