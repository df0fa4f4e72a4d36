"""The rules in the wheel: every example holds, every file is loaded, every expression is bounded."""

import re
import time
from importlib.resources import files

import pytest

from spawngate.launch.facts import LaunchFacts
from spawngate.model.finding import Severity
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.engine import shipped
from spawngate.rules.examples import facts_of, wrong_examples
from spawngate.rules.rule import Rule

RULES = shipped().rules


def test_every_file_is_a_rule() -> None:
    root = files("spawngate.rules")
    stems = {
        (subject, item.name.removesuffix(".toml"))
        for subject in ("launch", "artifact", "endpoint")
        for item in root.joinpath(subject).iterdir()
    }
    assert {(rule.subject, rule.id) for rule in RULES} == stems


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_hold(rule: Rule) -> None:
    assert wrong_examples(rule) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_shows_enough(rule: Rule) -> None:
    """Two examples of each kind, so that a rule that means one spelling only is seen."""
    assert min(sum(example.matches is kind for example in rule.examples) for kind in (True, False)) >= 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_match_is_found_through_the_index(rule: Rule) -> None:
    """What a rule matches by itself, the whole set finds: no trigger leaves it out."""
    for example in rule.examples:
        facts = facts_of(rule.subject, example)
        if isinstance(facts, LaunchFacts):
            found = shipped().launch(facts)
        elif isinstance(facts, ArtifactFacts):
            found = shipped().artifact(facts)
        else:
            found = shipped().endpoint(facts)
        assert (rule.id in [finding.rule for finding in found]) is example.matches


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_finding_says_what_was_seen(rule: Rule) -> None:
    """The sentence is filled in and has no hole, and there is evidence."""
    for example in rule.examples:
        if not example.matches:
            continue
        facts = facts_of(rule.subject, example)
        evidence = [(name, value) for name, values in rule.matcher.explain(facts) for value in values]
        assert evidence
        assert all(name in type(facts).__dataclass_fields__ for name, _ in evidence)


def test_neutral_facts_have_no_finding() -> None:
    rules = shipped()
    assert rules.launch(LaunchFacts()) == ()
    assert rules.artifact(ArtifactFacts()) == ()
    assert rules.endpoint(EndpointFacts()) == ()


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
                kind = {"launch": LaunchFacts, "artifact": ArtifactFacts, "endpoint": EndpointFacts}[rule.subject]
                value = (text,) if isinstance(getattr(kind(), fact), tuple) else text
                if not isinstance(getattr(kind(), fact), tuple | str):
                    continue
                facts = kind(**{fact: value})
                started = time.perf_counter()
                rule.matcher.test(facts)
                if time.perf_counter() - started > 0.25:
                    slow.append((rule.id, fact, seed))
    assert slow == []
