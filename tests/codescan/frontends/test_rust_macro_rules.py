"""Rules of `macro_rules!` as functions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.frontends.rust_macro_rules import MAX_RULE

BUDGET = 1_000_000


def functions(text: str) -> list[str]:
    module = lower("a.rs", text.encode(), BUDGET)
    return [ir.dump(each) for each in module.body if isinstance(each, ir.Function) and each.name.endswith("!")]


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        (
            "($a:expr) => { start($a) };",
            ["Function('go!', (Param('_a', type=Type('_')),), "
            "(Return(Call(Name('start'), args=(Argument(Name('_a')),))),), "
            "static=True, exported=True)"],
        ),
        (
            "[$a:expr, $($b:expr),* $(,)?] => ($crate::run(&[$($b),*]));",
            ["Function('go!', (Param('_a', type=Type('_')), Param('_b', type=Type('_'), spread='*')), "
            "(Return(Call(Attribute("
            "Name('crate'), 'run'), args=(Argument(Sequence((Name('_b'),))),))),), static=True, exported=True)"],
        ),
        ("() => { start() };", []),
        ("(nothing) => {};", []),
    ],
)  # fmt: skip
def test_rules(rules: str, wanted: list[str]) -> None:
    assert functions(f"macro_rules! go {{ {rules} }}") == wanted


def test_each_rule_stands_where_it_is_written() -> None:
    rules = "    ($a:expr) => {\n        start($a)\n    };\n    ($a:expr, $b:expr) => { $b };\n"
    text = f"\n\nmacro_rules! go {{\n{rules}}}\n"
    body = [each for each in lower("a.rs", text.encode(), BUDGET).body if isinstance(each, ir.Function)]
    assert [len(each.params) for each in body] == [1, 2]
    (returned,) = body[0].body
    assert isinstance(returned, ir.Return)
    assert (returned.line, returned.column) == (5, 8)


def test_a_rule_that_is_too_large_is_none() -> None:
    assert functions(f'macro_rules! go {{ ($a:expr) => {{ start($a, "{"x" * MAX_RULE}") }}; }}') == []


def test_macros_within_macros_end() -> None:
    text = "x($a)"
    for _ in range(40):
        text = f"macro_rules! go {{ ($a:expr) => {{ {text} }}; }}"
    assert len(functions(text)) == 1


@given(st.text(alphabet="${}()[]:=>;,*+?a\n ", max_size=60))
def test_any_tokens(tokens: str) -> None:
    lower("a.rs", f"macro_rules! go {{ {tokens} }} fn f() {{ go!(a) }}".encode(), BUDGET)
