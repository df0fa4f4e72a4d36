"""What a server offers, judged as a whole: pins, what changed, and the findings about each tool and the instructions.

Belongs here: putting together pins, look-alikes, facts and rules for one offer. Must not be here: what follows (policy,
the daemon), where pins are kept.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spawngate.model.finding import Finding, Severity
from spawngate.protocol.lookalikes import look_alikes
from spawngate.protocol.pins import Difference, Pins, difference, pins_of
from spawngate.rules.engine import RuleSet
from spawngate.rules.tool_facts import instruction_facts, tool_facts

MOST_TOOLS = 2000
"""Tools of one offer that are looked at; those beyond count as unread."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer of a server, judged."""

    pins: Pins
    difference: Difference
    """Against what was approved; empty where nothing was."""
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    """By tool; the empty name stands for the instructions. Tools without a finding are left out."""
    unread: tuple[str, ...] = ()
    """Tools that were too many to be looked at."""

    def withheld(self, at_least: Severity) -> tuple[str, ...]:
        """Names with a finding of that severity or a higher one, or that were not looked at; sorted."""
        found = {
            name for name, all_of in self.findings.items() if any(f.severity.rank >= at_least.rank for f in all_of)
        }
        return tuple(sorted(found | set(self.unread)))


def judge_offer(
    rules: RuleSet,
    server: str,
    instructions: str | None,
    tools: Sequence[Mapping[str, object]] | None,
    *,
    before: Pins | None = None,
    others: Mapping[str, Collection[str]] | None = None,
    more: bool = False,
    artifact: str = "",
) -> Offer:
    """What the rules say about an offer.

    `tools` is None where only the instructions are known; `more` says that pages are missing. `before`: pins of what
    was approved; `others`: the tools of the agent's other servers, by server; `artifact`: the server's id. Total.
    """
    listed = [tool for tool in tools or () if isinstance(tool, Mapping) and isinstance(tool.get("name"), str)]
    pins = pins_of(instructions, listed)
    changed = difference(before, pins, more=more, tools_known=tools is not None) if before is not None else None
    names = [str(tool["name"]) for tool in listed]
    others = {name: offered for name, offered in (others or {}).items() if name != server}
    alike = look_alikes({**others, server: names[:MOST_TOOLS]}) if names else ()
    twice = _repeated(names)
    found: dict[str, list[Finding]] = {}
    for tool, name in zip(listed[:MOST_TOOLS], names, strict=False):
        facts = tool_facts(server, tool, difference=changed, alike=alike, others=others, repeated=name in twice)
        found.setdefault(name, []).extend(rules.tool(facts, artifact))
    if instructions:
        facts = instruction_facts(server, instructions, difference=changed, others=others)
        found.setdefault("", []).extend(rules.tool(facts, artifact))
    return Offer(
        pins,
        changed or Difference(),
        {name: tuple(dict.fromkeys(all_of)) for name, all_of in sorted(found.items()) if all_of},
        tuple(sorted(set(names[MOST_TOOLS:]))),
    )


def _repeated(names: Iterable[str]) -> set[str]:
    counts = Counter(names)
    return {name for name, count in counts.items() if count > 1}
