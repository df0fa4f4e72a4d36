"""The rules in the wheel: every example holds, every file is loaded, every expression is bounded."""

import re
import time
from collections.abc import Callable
from importlib.resources import files

import pytest

from spawngate.command.call_facts import CallFacts
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.launch.facts import LaunchFacts
from spawngate.model.finding import Finding, Severity
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.engine import shipped
from spawngate.rules.examples import Facts, facts_of, wrong_examples
from spawngate.rules.rule import Rule
from spawngate.rules.tool_facts import ToolFacts

RULES = shipped().rules
KINDS: dict[str, Callable[..., Facts]] = {
    "launch": LaunchFacts,
    "artifact": ArtifactFacts,
    "endpoint": EndpointFacts,
    "spawn": SpawnFacts,
    "call": CallFacts,
    "change": ChangeFacts,
    "tool": ToolFacts,
}


def test_every_file_is_a_rule() -> None:
    root = files("spawngate.rules")
    stems = {
        (subject, item.name.removesuffix(".toml")) for subject in KINDS for item in root.joinpath(subject).iterdir()
    }
    assert {(rule.subject, rule.id) for rule in RULES} == stems


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_hold(rule: Rule) -> None:
    assert wrong_examples(rule) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_shows_enough(rule: Rule) -> None:
    """Two examples of each kind, so that a rule that means one spelling only is seen."""
    assert min(sum(example.matches is kind for example in rule.examples) for kind in (True, False)) >= 2


def _ask(facts: Facts) -> tuple[Finding, ...]:
    match facts:
        case LaunchFacts():
            return shipped().launch(facts)
        case ArtifactFacts():
            return shipped().artifact(facts)
        case SpawnFacts():
            return shipped().spawn(facts)
        case CallFacts():
            return shipped().call(facts)
        case ChangeFacts():
            return shipped().change(facts)
        case EndpointFacts():
            return shipped().endpoint(facts)
        case ToolFacts():
            return shipped().tool(facts)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_match_is_found_through_the_index(rule: Rule) -> None:
    """What a rule matches by itself, the whole set finds: no trigger leaves it out."""
    for example in rule.examples:
        found = [finding.rule for facts in facts_of(rule.subject, example) for finding in _ask(facts)]
        assert (rule.id in found) is example.matches


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_finding_says_what_was_seen(rule: Rule) -> None:
    """The sentence is filled in and has no hole, and there is evidence."""
    for example in rule.examples:
        if not example.matches:
            continue
        for facts in facts_of(rule.subject, example):
            if rule.matcher.test(facts):
                evidence = [(name, value) for name, values in rule.matcher.explain(facts) for value in values]
                assert evidence
                assert all(hasattr(facts, name) for name, _ in evidence)


def test_neutral_facts_have_no_finding() -> None:
    rules = shipped()
    assert rules.launch(LaunchFacts()) == ()
    assert rules.artifact(ArtifactFacts()) == ()
    assert rules.endpoint(EndpointFacts()) == ()
    assert rules.tool(ToolFacts()) == ()
    assert rules.spawn(SpawnFacts()) == ()
    assert rules.call(CallFacts()) == ()
    assert rules.change(ChangeFacts()) == ()


def test_high_rules_name_a_weakness_or_technique() -> None:
    serious = [rule for rule in RULES if rule.severity in (Severity.HIGH, Severity.CRITICAL)]
    bare = [rule.id for rule in serious if not any(re.match(r"CWE-|T\d|AML", item) for item in rule.references)]
    assert bare == []


def test_expressions_are_bounded() -> None:
    """A hostile text costs no shipped expression more than a few milliseconds."""
    seeds = ["/", "\\", "a", "--package=", "${", "sys_", "npx", ".tgz", " ", "file:", "registry", "x/"]
    slow = []
    for rule in RULES:
        for fact in rule.matcher.facts:
            for seed in seeds:
                text = (seed * 20_000)[:16_384]
                kind = KINDS[rule.subject]
                value = (text,) if isinstance(getattr(kind(), fact), tuple) else text
                if not isinstance(getattr(kind(), fact), tuple | str):
                    continue
                facts = kind(**{fact: value})
                started = time.perf_counter()
                rule.matcher.test(facts)
                if time.perf_counter() - started > 0.25:
                    slow.append((rule.id, fact, seed))
    assert slow == []
