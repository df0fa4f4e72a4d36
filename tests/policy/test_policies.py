"""Policies are read, checked and refused with a message that names file, policy and remedy."""

from datetime import UTC, datetime

import pytest

from spawngate.model.decision import Verdict
from spawngate.model.errors import UsageError
from spawngate.model.finding import Severity
from spawngate.policy.policies import SETS, Policy, PolicyError, load_policies, shipped, shipped_text
from spawngate.policy.question import FIELDS

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = '@id("no-rm") @reason("No.") @verdict("ask") @severity("low") @owner("ops") @expires("2027-01-31")\n'


@pytest.mark.parametrize("name", SETS)
def test_shipped_sets_load(name: str) -> None:
    policies = shipped(name)
    assert policies.policies
    assert policies.ended == ()
    assert all(policy.id.startswith(f"{name}-") for policy in policies.policies)
    assert load_policies({f"{name}.cedar": shipped_text(name)}, NOW).revision == policies.revision


def test_no_such_set() -> None:
    with pytest.raises(UsageError, match="'x' is no policy set; there are baseline, strict, observe"):
        shipped_text("x")


def test_annotations() -> None:
    text = GOOD + 'forbid (principal, action, resource) when { context.programs.contains("rm") };'
    policies = load_policies({"a.cedar": text}, NOW)
    end = datetime(2027, 1, 31, tzinfo=UTC)
    looks = frozenset({"programs"})
    assert policies.policies == (
        Policy("no-rm", "a.cedar", True, Verdict.ASK, "No.", Severity.LOW, "ops", end, looks_at=looks),
    )
    assert (policies.until, policies.main.names) == (end, looks)
    assert policies["no-rm"].owner == "ops"
    with pytest.raises(KeyError):
        policies["other"]


def test_a_policy_that_is_over_is_not_there() -> None:
    text = GOOD + "forbid (principal, action, resource);"
    policies = load_policies({"a.cedar": text}, datetime(2027, 1, 31, tzinfo=UTC))
    assert (policies.policies, policies.ended, policies.until) == ((), ("no-rm",), None)


def test_the_revision_tells_what_decides_and_nothing_else() -> None:
    one = '@id("a") @reason("r") permit (principal, action, resource);'
    two = '@id("b") @reason("r") forbid (principal, action, resource) when { context.severity > 2 };'
    base = load_policies({"x.cedar": one, "y.cedar": two}, NOW).revision
    assert load_policies({"z.cedar": two + "\n// a remark\n" + one}, NOW).revision == base
    assert load_policies({"x.cedar": one, "y.cedar": two.replace("2", "3")}, NOW).revision != base


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("context.severity > 1", {"severity"}),
        ('context["cwd"] like "/srv/*"', {"cwd"}),
        ('context has path && context.path == "x"', {"path"}),
        ('context["severity"] == 1 || context.cwd == "severity"', {"severity", "cwd"}),
        ("context == context", set(FIELDS)),
    ],
)
def test_only_fields_that_are_looked_at_are_sent(text: str, names: set[str]) -> None:
    policy = f'@id("a") @reason("r") forbid (principal, action, resource) when {{ {text} }};'
    assert load_policies({"a.cedar": policy}, NOW).main.names == frozenset(names)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("forbid (", "a.cedar: is no Cedar (unexpected end of input"),
        ("permit (principal, action, resource);", 'a.cedar: a policy: needs @id("...") in kebab-case'),
        ('@id("A b") permit (principal, action, resource);', 'a.cedar: A b: needs @id("...") in kebab-case'),
        ('@id("a") permit (principal, action, resource);', 'a.cedar: a: needs @reason("...")'),
        (
            '@id("a") @reason("r") @color("red") permit (principal, action, resource);',
            "a.cedar: a: @color means nothing",
        ),
        (
            '@id("a") @reason("r") @verdict("deny") permit (principal, action, resource);',
            "a.cedar: a: @verdict belongs to a forbid",
        ),
        (
            '@id("a") @reason("r") @silent forbid (principal, action, resource);',
            "a.cedar: a: @silent belongs to a permit",
        ),
        (
            '@id("a") @reason("r") @verdict("no") forbid (principal, action, resource);',
            "a.cedar: a: @verdict is 'no' and must be",
        ),
        (
            '@id("a") @reason("r") @severity("bad") forbid (principal, action, resource);',
            "a.cedar: a: @severity is 'bad' and must be one of",
        ),
        (
            '@id("a") @reason("r") @expires("soon") forbid (principal, action, resource);',
            "a.cedar: a: @expires is 'soon' and must be a date",
        ),
        (
            '@id("a") @reason("r") @expires("2027-01-01T00:00:00") forbid (principal, action, resource);',
            "and needs a zone",
        ),
        ('@id("a") @reason("r") @excepts(" ") permit (principal, action, resource);', "@excepts names no rule"),
        (
            '@id("a") @reason("r") forbid (principal, action, resource) when { context.sevrity > 1 };',
            "a.cedar: a: attribute `sevrity` in context",
        ),
        (
            '@id("a") @reason("r") forbid (principal, action, resource) when { context.severity == "high" };',
            "a.cedar: a: ",
        ),
        (
            '@id("a") @reason("r") forbid (principal, action == Action::"fly", resource);',
            "a.cedar: a: ",
        ),
        (
            '@id("a") @reason("r") forbid (principal == ?principal, action, resource);',
            "a.cedar: holds a template",
        ),
    ],
)
def test_a_wrong_policy_is_refused(text: str, problem: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policies({"a.cedar": text}, NOW)
    assert problem in str(caught.value)


def test_the_second_policy_of_a_file_is_named() -> None:
    text = (
        '@id("good") @reason("r") permit (principal, action, resource);\n'
        '@id("bad") @reason("r") forbid (principal, action, resource) when { context.nothing };'
    )
    with pytest.raises(PolicyError) as caught:
        load_policies({"a.cedar": text}, NOW)
    assert (caught.value.path, caught.value.policy) == ("a.cedar", "bad")


def test_ids_are_unique_over_files() -> None:
    text = '@id("a") @reason("r") permit (principal, action, resource);'
    with pytest.raises(PolicyError, match=r"b.cedar: a: the id is taken by a policy in a.cedar; choose another"):
        load_policies({"b.cedar": text, "a.cedar": text}, NOW)
