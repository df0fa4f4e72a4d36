"""The rule engine: a set of checked rules, and what they say about launches, artifacts, agents, spawns and calls.

Belongs here: loading many rules, finding those that could match, and making findings.
Must not be here: the form of one rule (`rules.rule`), facts and their meaning, and what follows from a finding.

Matching is total: for facts of the right types nothing is raised, whatever the rules. Findings depend on the set of
rules and on the facts, never on an order.
"""

import hashlib
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import compress
from typing import Any

from spawngate.command.call_facts import CallFacts
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.launch.facts import LaunchFacts
from spawngate.model.finding import Finding, Severity
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.rule import Rule, RuleError, parse_rule
from spawngate.rules.tool_facts import ToolFacts
from spawngate.rules.vocabulary import SUBJECTS, vocabulary_for

_LONGEST_VALUE = 160
_MOST_VALUES = 6
_UNSAFE = re.compile(
    r"[^\x20-\x7e\u00a1-\u00ac\u00ae-\u034e\u0370-\u061b\u0620-\u115e\u1161-\u17b3\u2010-\u2027\u3001-\ud7ff]"
)


@dataclass(frozen=True, slots=True)
class _Index:
    """Rules of one subject, by the facts that must not be neutral for them to match, or by items that a list must
    hold."""

    always: tuple[Rule, ...]
    triggers: tuple[tuple[Any, tuple[Rule, ...], Mapping[str, tuple[Rule, ...]]], ...]
    """Neutral value of each trigger fact, the rules that need any other, and those that need one of some items."""
    neutral: tuple[Any, ...]
    """The neutral values alone."""
    read: Callable[[Any], tuple[Any, ...]]

    def candidates(self, facts: Any) -> Iterable[Rule]:
        found = {rule.id: rule for rule in self.always}
        values = self.read(facts)
        # Most facts of most calls are neutral.
        for (_, rules, by_item), value in compress(
            zip(self.triggers, values, strict=True), map(operator.ne, values, self.neutral)
        ):
            for rule in rules:
                found[rule.id] = rule
            if by_item:
                for item in value if isinstance(value, tuple) else (value,):
                    for rule in by_item.get(item, ()):
                        found[rule.id] = rule
        return found.values()


def _index(rules: Iterable[Rule], subject: str) -> _Index:
    always: list[Rule] = []
    by_fact: dict[str, list[Rule]] = {}
    by_item: dict[str, dict[str, list[Rule]]] = {}
    for rule in rules:
        matcher = rule.matcher
        if matcher.needs is not None:
            fact, items = matcher.needs
            for item in sorted(items):
                by_item.setdefault(fact, {}).setdefault(item, []).append(rule)
        elif matcher.triggers is None:
            always.append(rule)
        else:
            for fact in sorted(matcher.triggers):
                by_fact.setdefault(fact, []).append(rule)
    names = sorted({*by_fact, *by_item})
    getter = operator.attrgetter(*names) if names else None

    def read(facts: Any) -> tuple[Any, ...]:
        if getter is None:
            return ()
        return getter(facts) if len(names) > 1 else (getter(facts),)

    neutral = vocabulary_for(subject).defaults if names else {}
    triggers = tuple(
        (
            neutral[name],
            tuple(by_fact.get(name, ())),
            {item: tuple(found) for item, found in by_item.get(name, {}).items()},
        )
        for name in names
    )
    return _Index(tuple(always), triggers, tuple(each for each, _, _ in triggers), read)


class RuleSet:
    """Rules that were checked together. Immutable; matching is safe from any thread."""

    __slots__ = ("_by_subject", "rules")

    rules: tuple[Rule, ...]
    """Sorted by id."""

    def __init__(self, rules: Iterable[Rule], subjects: Iterable[str] = SUBJECTS) -> None:
        """`subjects` are all that will be asked about. A question about another raises KeyError: rules that were not
        loaded must not look like rules that found nothing."""
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._by_subject = {
            subject: _index((rule for rule in self.rules if rule.subject == subject), subject) for subject in subjects
        }

    def launch(self, facts: LaunchFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about a launch; `artifact` is the id of the server or hook, if it has one."""
        found = self._findings("launch", facts, artifact)
        if not facts.key_case:
            return found
        # Most clients do not start such a definition at all: what it would do is a question for a person.
        milder = [replace(each, severity=min(each.severity, Severity.MEDIUM, key=_rank)) for each in found]
        return tuple(sorted(milder, key=lambda each: (-_rank(each.severity), each.rule)))

    def artifact(self, subject: ArtifactFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about an artifact; `artifact` is its id."""
        return self._findings("artifact", subject, artifact)

    def endpoint(self, subject: EndpointFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about the servers of one agent together; `artifact` is the agent's id."""
        return self._findings("endpoint", subject, artifact)

    def spawn(self, facts: SpawnFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about one spawn of a command."""
        return self._findings("spawn", facts, artifact)

    def call(self, facts: CallFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about a tool call as a whole; `artifact` is the id of the MCP server that it calls, if
        any."""
        return self._findings("call", facts, artifact)

    def change(self, facts: ChangeFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about one change of an agent's configuration."""
        return self._findings("change", facts, artifact)

    def tool(self, facts: ToolFacts, artifact: str = "") -> tuple[Finding, ...]:
        """What the rules say about a tool that a server offers, or its instructions; `artifact` is the server's id."""
        return self._findings("tool", facts, artifact)

    def __getitem__(self, identifier: str) -> Rule:
        """The rule of that id. Raises KeyError."""
        for rule in self.rules:
            if rule.id == identifier:
                return rule
        raise KeyError(identifier)

    def _findings(self, subject: str, facts: Any, artifact: str) -> tuple[Finding, ...]:
        matched = [rule for rule in self._by_subject[subject].candidates(facts) if rule.matcher.test(facts)]
        matched.sort(key=_order)
        return tuple([_finding(rule, facts, artifact) for rule in matched])


_RANK = {severity: severity.rank for severity in Severity}


def _rank(severity: Severity) -> int:
    return _RANK[severity]


def _order(rule: Rule) -> tuple[int, str]:
    return -_RANK[rule.severity], rule.id


def _finding(rule: Rule, facts: Any, artifact: str) -> Finding:
    pairs = sorted({(name, value) for name, values in rule.matcher.explain(facts) for value in values})
    # The whole values, not what is shown of them: two long commands that begin alike are two findings.
    told = "\0".join([rule.id, artifact, *(f"{name}={value}" for name, value in pairs)])
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=rule.severity,
        confidence=rule.confidence,
        message=_sentence(rule, facts),
        remediation=rule.remediation,
        references=rule.references,
        artifact=artifact,
        evidence=tuple([f"{name}={shown(value)}" for name, value in pairs]),
        fingerprint=hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32],
    )


def _sentence(rule: Rule, facts: Any) -> str:
    said: list[str] = []
    for text, name in rule.message:
        value = getattr(facts, name) if name else ""
        said += (text, shown(" ".join(value) if name in _COMMANDS else value))
    # A fact that says nothing leaves a gap in the sentence.
    return " ".join("".join(said).split())


_COMMANDS = frozenset({"inner_argv", "server_args", "words"})
"""Lists whose order means something."""


def shown(value: bool | int | str | tuple[str, ...]) -> str:
    """A fact's value as it is shown: short, on one line, with characters that could mislead spelled out."""
    if isinstance(value, tuple):
        items = sorted(set(value))
        more = f" and {len(items) - _MOST_VALUES} more" if len(items) > _MOST_VALUES else ""
        return ", ".join([shown(item) for item in items[:_MOST_VALUES]]) + more
    text = str(value)
    if len(text) > _LONGEST_VALUE:
        text = f"{text[:_LONGEST_VALUE]}..."
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(lambda m: f"<U+{ord(m[0]):04X}>", text)


def load_rules(texts: Mapping[str, str], beside: RuleSet | None = None) -> RuleSet:
    """The rules in `texts` (path `<subject>/<id>.toml` to content), together with those of `beside`.

    Raises RuleError for the first file that is wrong, in the order of paths; ids must be unique over both.
    """
    found: dict[str, tuple[str, Rule]] = (
        {rule.id: ("the shipped rules", rule) for rule in beside.rules} if beside else {}
    )
    for path in sorted(texts):
        rule = parse_rule(path, texts[path])
        if rule.id in found:
            raise RuleError(path, "id", f"{rule.id!r} is taken by {found[rule.id][0]}; choose another id and file name")
        found[rule.id] = (path, rule)
    return RuleSet(rule for _, rule in found.values())


def shipped(subjects: frozenset[str] = SUBJECTS) -> RuleSet:
    """The rules in the wheel about these subjects, loaded once."""
    return _shipped(subjects)


@cache
def _shipped(subjects: frozenset[str]) -> RuleSet:
    root = files("spawngate.rules")
    texts = {
        f"{subject}/{item.name}": item.read_text(encoding="utf-8")
        for subject in sorted(subjects)
        for item in root.joinpath(subject).iterdir()
        if item.name.endswith(".toml")
    }
    return RuleSet(load_rules(texts).rules, subjects)
