"""What would break Cedar's parser, or keep TOML's busy, is refused before either reads it."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.policy.bounds import DEEPEST, LONGEST_CHAIN, MOST_PARTS, cedar_problem, toml_problem
from spawngate.policy.cases import parse_cases
from spawngate.policy.policies import SETS, PolicyError, load_policies, shipped_cases, shipped_text
from spawngate.policy.settings import parse_settings
from tests.policy.test_policies import NOW

DEEP = f"has more than {DEEPEST} brackets within each other"
LONG = f"has a policy of more than {LONGEST_CHAIN} operators; write several, or a set of values"
HEAD = '@id("x") @reason("No.")\nforbid (principal, action, resource) when { '
FORMS: dict[str, tuple[Callable[[int], str], str]] = {
    "brackets": (lambda n: "(" * n + "true" + ")" * n, DEEP),
    "brackets behind ones too many": (lambda n: ")" * n + "(" * n, DEEP),
    "sets": (lambda n: "[" * n + "]" * n + " == []", DEEP),
    "records": (lambda n: "{a:" * n + "1" + "}" * n + " == 1", DEEP),
    "and within brackets": (lambda n: "(true && " * n + "true" + ")" * n, DEEP),
    "calls within calls": (lambda n: "ip(" * n + '"1.1.1.1"' + ")" * n, DEEP),
    "and": (lambda n: " && ".join(["true"] * n), LONG),
    "or": (lambda n: " || ".join(["true"] * n), LONG),
    "plus": (lambda n: " + ".join(["1"] * n) + " == 1", LONG),
    "if": (lambda n: "if true then true else " * n + "true", LONG),
    "if within if": (lambda n: "if " * n + "true" + " then true else true" * n, LONG),
    "members": (lambda n: "context" + ".a" * n, LONG),
    "calls": (lambda n: "context" + ".contains(1)" * n, LONG),
    "indexes": (lambda n: "context" + '["a"]' * n, LONG),
    "paths": (lambda n: "::".join(["A"] * n) + '::"x" == 1', LONG),
    "clauses": (lambda n: "true } when { " * n + "true", LONG),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_overflows_the_stack_of_cedar_is_refused(form: str) -> None:
    made, problem = FORMS[form]
    for count in (700, 20_000):
        with pytest.raises(PolicyError) as caught:
            load_policies({"a.cedar": HEAD + made(count) + " };"}, NOW)
        assert str(caught.value) == f"a.cedar: {problem}"


def test_what_people_write_passes() -> None:
    for name in SETS:
        assert cedar_problem(shipped_text(name)) == ""
        assert toml_problem(shipped_cases(name)) == ""
    words = ", ".join(f'"w{number}"' for number in range(5_000))
    hostile = '"' + "(" * 900 + '\\"' + "[" * 900 + '"'
    text = HEAD + f"[{words}].containsAny(context.programs) || {hostile} == {hostile} }}; // {'(' * 900}\n"
    many = "".join(text.replace('"x"', f'"x-{number}"') for number in range(3))
    assert cedar_problem(many) == ""
    assert [each.id for each in load_policies({"a.cedar": many}, NOW).policies] == ["x-0", "x-1", "x-2"]


@pytest.mark.parametrize(("count", "fine"), [(LONGEST_CHAIN - 2, True), (LONGEST_CHAIN + 1, False)])
def test_a_chain_is_counted_in_each_policy(count: int, fine: bool) -> None:
    one = HEAD + "true" + " && true" * count + " };"
    assert (cedar_problem(one) == "") is fine
    assert (cedar_problem(one * 3) == "") is fine


KEY = "has a key of more than 32 parts"
STRANGE = '""" " """'


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 200_000) + " = 1",
        "[" + ".".join(["a"] * 200_000) + "]",
        "x = {" + " . ".join(['"a"'] * 100_000) + " = 1}",
        "x = { y = " + STRANGE + ", " + ".".join(["'a'"] * 100_000) + " = 1 }",
    ],
)
def test_a_key_of_very_many_parts_costs_no_time(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(UsageError, match=KEY):
        parse_settings("policy.toml", text)
    with pytest.raises(UsageError, match=KEY):
        parse_cases("a.cases.toml", text)
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "text",
    [
        "a." * (MOST_PARTS - 1) + "a = 1",
        'hosts = ["' + '", "'.join(["a.b.example.com"] * 100) + '"]',
        'reason = """\n' + "One. Two words. " * 100 + '\n"""\n',
        "reason = '" + "." * 100 + "'  # " + "a." * 100,
    ],
)
def test_other_dots_are_none_of_a_key(text: str) -> None:
    assert toml_problem(text) == ""


@given(st.text(alphabet="([{}])\"\\/;&|.! \n'#a", max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert cedar_problem(text) in ("", DEEP, LONG)
    assert toml_problem(text) in ("", KEY)
