"""The engine: findings are whole, sorted and free of order; loading is strict; matching is total and fast."""

import random
import statistics
import time
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.understand import understand
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.engine import RuleSet, load_rules, shipped, shown
from spawngate.rules.inventory_words import LAUNCH
from spawngate.rules.rule import RuleError
from spawngate.rules.vocabulary import Type, vocabulary_for
from tests.rules.mutations import cases


def text_of(identifier: str, match: str, severity: str = "high", message: str = "Saw {program}.") -> str:
    """A rule's text."""
    return f"""\
id = "{identifier}"
title = "Title of {identifier}"
severity = "{severity}"
confidence = "low"
lifecycle = "stable"
message = "{message}"
rationale = "R"
remediation = "Do."
references = ["CWE-78"]
[match]
{match}
[[example]]
name = "a"
matches = true
facts = {{ shell = true }}
[[example]]
name = "b"
matches = false
facts = {{ shell = false }}
"""


TWO = {
    "launch/b-rule.toml": text_of("b-rule", "shell = true", "low"),
    "launch/a-rule.toml": text_of("a-rule", "wrappers_any = ['sudo', 'doas']"),
}


def test_whole_finding() -> None:
    facts = LaunchFacts(shell=True, program="env", wrappers=("env", "sudo"))
    found = load_rules(TWO).launch(facts, artifact="id-1")
    assert found == (
        Finding(
            rule="a-rule",
            title="Title of a-rule",
            severity=Severity.HIGH,
            confidence=Confidence.LOW,
            message="Saw env.",
            remediation="Do.",
            references=("CWE-78",),
            artifact="id-1",
            evidence=("wrappers=sudo",),
            fingerprint=found[0].fingerprint,
        ),
        Finding(
            rule="b-rule",
            title="Title of b-rule",
            severity=Severity.LOW,
            confidence=Confidence.LOW,
            message="Saw env.",
            remediation="Do.",
            references=("CWE-78",),
            artifact="id-1",
            evidence=("shell=true",),
            fingerprint=found[1].fingerprint,
        ),
    )
    assert all(len(finding.fingerprint) == 32 for finding in found)
    assert found[0].fingerprint != found[1].fingerprint


def test_sentence_has_commands_in_order_and_no_gaps() -> None:
    text = text_of("c-rule", "shell = true", message="{program} {inner_program} runs {inner_argv} with {wrappers}.")
    facts = LaunchFacts(shell=True, inner_argv=("sh", "-c", "a"), wrappers=("sudo", "env"))
    found = load_rules({"launch/c-rule.toml": text}).launch(facts)
    assert found[0].message == "runs sh -c a with env, sudo."


def test_fingerprint_survives_what_does_not_matter() -> None:
    rules = load_rules(TWO)
    before = rules.launch(LaunchFacts(wrappers=("sudo",), program="a"), "x")[0]
    assert rules.launch(LaunchFacts(wrappers=("env", "sudo"), program="b"), "x")[0].fingerprint == before.fingerprint
    assert rules.launch(LaunchFacts(wrappers=("doas",), program="a"), "x")[0].fingerprint != before.fingerprint
    assert rules.launch(LaunchFacts(wrappers=("sudo",), program="a"), "y")[0].fingerprint != before.fingerprint


def test_definition_that_few_clients_start_is_a_question() -> None:
    rules = load_rules(TWO)
    found = rules.launch(LaunchFacts(shell=True, wrappers=("sudo",), key_case=True))
    assert [(each.rule, each.severity) for each in found] == [("a-rule", Severity.MEDIUM), ("b-rule", Severity.LOW)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("a\nb\x1b[2K", "a<U+000A>b<U+001B>[2K"),
        ("n\u200bp\u202ex", "n<U+200B>p<U+202E>x"),
        ("Grüße 日本", "Grüße 日本"),
        ("\U000e0041", "<U+E0041>"),
        ("x" * 200, "x" * 160 + "..."),
        (("b", "a", "b"), "a, b"),
        (tuple("abcdefgh"), "a, b, c, d, e, f and 2 more"),
        (7, "7"),
    ],
)
def test_values_are_shown_on_one_safe_line(value: Any, expected: str) -> None:
    assert shown(value) == expected


def test_rules_of_ones_own_stand_beside_the_shipped() -> None:
    both = load_rules({"my/launch/own-rule.toml": text_of("own-rule", "shell = true")}, beside=shipped())
    assert len(both.rules) == len(shipped().rules) + 1
    assert both["own-rule"].title == "Title of own-rule"
    with pytest.raises(KeyError):
        both["no-such-rule"]


def test_clashing_ids_are_refused() -> None:
    with pytest.raises(RuleError, match=r"^x/launch/shell-text.toml: id: 'shell-text' is taken by the shipped rules"):
        load_rules({"x/launch/shell-text.toml": text_of("shell-text", "shell = true")}, beside=shipped())
    twice = {"a/launch/one.toml": text_of("one", "shell = true"), "b/launch/one.toml": text_of("one", "shell = true")}
    with pytest.raises(RuleError, match=r"^b/launch/one.toml: id: 'one' is taken by a/launch/one.toml"):
        load_rules(twice)


def test_nothing_to_load() -> None:
    assert load_rules({}).launch(LaunchFacts(shell=True)) == ()


# -- properties ---------------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        "",
        "npx",
        "sudo",
        "host",
        "./npx",
        "NODE_OPTIONS",
        "npm_config_registry",
        "/tmp/x",
        "file:x",
        "a\nb",
        "\ud800",
        "$X",
    ]
) | st.text(max_size=12)
_VALUES = {
    Type.FLAG: st.booleans(),
    Type.TEXT: _WORDS,
    Type.COUNT: st.integers(0, 50),
    Type.TEXTS: st.lists(_WORDS, max_size=4).map(tuple),
}


def any_facts(subject: str, kind: type) -> st.SearchStrategy[Any]:
    """Facts of that subject with arbitrary values of the right types, closed lists included."""
    vocabulary = vocabulary_for(subject)
    parts = {}
    for name, type_ in vocabulary.types.items():
        words = vocabulary.words.get(name)
        values = _VALUES[type_]
        if words is not None:
            known = st.sampled_from(sorted(words))
            values = st.lists(known, max_size=3).map(tuple) if type_ is Type.TEXTS else known | values
        parts[name] = st.just(vocabulary.defaults[name]) | values
    return st.fixed_dictionaries(parts).map(lambda found: kind(**found))


@settings(max_examples=60, deadline=None)
@given(any_facts("launch", LaunchFacts), any_facts("artifact", ArtifactFacts), any_facts("endpoint", EndpointFacts))
def test_matching_is_total_and_sorted(launch: LaunchFacts, artifact: ArtifactFacts, endpoint: EndpointFacts) -> None:
    rules = shipped()
    for found in (rules.launch(launch), rules.artifact(artifact), rules.endpoint(endpoint)):
        assert list(found) == sorted(found, key=lambda each: (-each.severity.rank, each.rule))
        assert all(each.message and each.evidence and "\n" not in each.message for each in found)


@settings(max_examples=60, deadline=None)
@given(any_facts("launch", LaunchFacts), st.randoms(use_true_random=False))
def test_order_of_rules_and_facts_does_not_matter(facts: LaunchFacts, chance: random.Random) -> None:
    rules = list(shipped().rules)
    chance.shuffle(rules)
    shuffled: dict[str, Any] = {}
    for field in fields(LaunchFacts):
        value = getattr(facts, field.name)
        # A command's words have an order of their own; all other lists are sets.
        if isinstance(value, tuple) and field.name not in ("inner_argv", "server_args"):
            items = list(value)
            chance.shuffle(items)
            shuffled[field.name] = tuple(items)
    assert RuleSet(rules).launch(replace(facts, **shuffled)) == shipped().launch(facts)


@settings(max_examples=60, deadline=None)
@given(any_facts("launch", LaunchFacts))
def test_index_leaves_nothing_out(facts: LaunchFacts) -> None:
    alone = {rule.id for rule in shipped().rules if rule.subject == "launch" and rule.matcher.test(facts)}
    assert {finding.rule for finding in shipped().launch(facts)} == alone


def test_facts_of_closed_lists_stay_in_them() -> None:
    """What the analysis says of the whole mutated set is in the lists that rules are checked against."""
    strange = set()
    for case in cases():
        facts = understand(from_mapping(case.definition, case.platform))
        for name, words in LAUNCH.words.items():
            value = getattr(facts, name)
            strange |= {(name, item) for item in ((value,) if isinstance(value, str) else value) if item not in words}
    assert strange == set()


def test_a_launch_is_judged_in_microseconds() -> None:
    """The budget is 50 microseconds at the median; the bound here leaves room for a busy machine."""
    facts = [understand(from_mapping(case.definition, case.platform)) for case in cases()[::4]]
    rules = shipped()
    times = []
    for each in facts:
        started = time.perf_counter()
        rules.launch(each)
        times.append(time.perf_counter() - started)
    assert statistics.median(times) < 150e-6


def test_a_subject_that_was_not_loaded_is_an_error_and_not_silence() -> None:
    only = shipped(frozenset({"launch"}))
    assert {rule.subject for rule in only.rules} == {"launch"}
    with pytest.raises(KeyError):
        only.endpoint(EndpointFacts())
