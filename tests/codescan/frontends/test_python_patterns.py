"""What the cases of a `match` test and bind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends.python import lower
from spawngate.codescan.ir import dump

SOME = "Unknown('pattern', parts=(Name('a'),))"


def case(pattern: str) -> str:
    module = lower("m.py", f"match a:\n    case {pattern}:\n        f()\n".encode(), 10_000)
    assert not module.troubles
    return dump(module.body)


def chosen(test: str, *captures: str) -> str:
    body = "".join(f"{each}, " for each in captures)
    end = "Evaluate(Call(Name('f')))"
    return f"(If({test}, ({body}{end}{',' if not captures else ''})),)"


def bound(name: str, value: str) -> str:
    return f"Assign(Name('{name}'), {value})"


X = "Index(Name('a'), Literal('x'))"
FIRST = "Index(Name('a'), Literal(0))"


@pytest.mark.parametrize(
    ("pattern", "lowered"),
    [
        ("{'x': {'y': y}}", chosen(SOME.replace("Name('a')", X), bound("y", f"Index({X}, Literal('y'))"))),
        ("{'x': 'k', 'y': y}", chosen(f"Operation('==', ({X}, Literal('k')))", bound("y", X.replace("'x'", "'y'")))),
        ("{'x': ('k' | 'l')}", chosen(f"Operation('in', ({X}, Sequence((Literal('k'), Literal('l')))))")),
        ("{'x': str(x), **rest}", chosen(
            f"Operation('instanceof', ({X}, Name('str')))", bound("x", X), bound("rest", "Name('a')"))),
        ("{'x': int(x)}", chosen(
            f"Operation('instanceof', ({X}, Name('int')))", bound("x", f"Cast({X}, Type('int'))"))),
        ("['k', *others, z]", chosen(
            f"Operation('==', ({FIRST}, Literal('k')))", bound("others", "Index(Name('a'), None)"),
            bound("z", "Index(Name('a'), Literal(-1))"))),
        ("'k', y", chosen(f"Operation('==', ({FIRST}, Literal('k')))", bound("y", "Index(Name('a'), Literal(1))"))),
        ("Server(program=p)", chosen(
            "Operation('instanceof', (Name('a'), Name('Server')))",
            bound("p", "Attribute(Cast(Name('a'), Type('Server')), 'program')"))),
        ("m.Server(p)", chosen(
            "Operation('instanceof', (Name('a'), Attribute(Name('m'), 'Server')))",
            bound("p", "Index(Cast(Name('a'), Type('m.Server')), Literal(0))"))),
        ("Server(kind='k')", chosen(
            "Operation('and', (Operation('instanceof', (Name('a'), Name('Server'))), "
            "Operation('==', (Attribute(Cast(Name('a'), Type('Server')), 'kind'), Literal('k')))))")),
        ("{'x': x} | {'y': x}", chosen(SOME, bound("x", f"Join(({X}, Index(Name('a'), Literal('y'))))"))),
        ("{'x': 'k'} as whole", chosen(f"Operation('==', ({X}, Literal('k')))", bound("whole", "Name('a')"))),
        ("K.value", chosen("Operation('==', (Name('a'), Attribute(Name('K'), 'value')))")),
        ("_", "(Evaluate(Call(Name('f'))),)"),
        ("x", f"({bound('x', 'Name(' + repr('a') + ')')}, Evaluate(Call(Name('f'))))"),
    ],
)  # fmt: skip
def test_a_case_tests_and_binds_parts_of_its_subject(pattern: str, lowered: str) -> None:
    assert case(pattern) == lowered


def test_the_subject_may_be_several_values() -> None:
    module = lower("m.py", b"match a, b:\n    case 'k', y:\n        f()\n", 10_000)
    assert dump(module.body) == (
        "(If(Operation('==', (Name('a'), Literal('k'))), (Assign(Name('y'), Name('b')), Evaluate(Call(Name('f'))))),)"
    )


PATTERNS = st.recursive(
    st.sampled_from(["_", "x", "'k'", "None", "-1", "K.v", "str(y)", "f'{z}'", "*q", "", "1+2j"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.lists(inner, max_size=3).map(lambda each: f"({', '.join(each)})"),
        st.lists(inner, max_size=3).map(" | ".join),
        st.lists(inner, max_size=3).map(lambda each: "{" + ", ".join(f"'k{n}': {p}" for n, p in enumerate(each)) + "}"),
        st.lists(inner, max_size=3).map(lambda each: f"C({', '.join(f'k={p}' for p in each)})"),
        inner.map(lambda each: f"{each} as w"),
    ),
    max_leaves=12,
)


@given(PATTERNS)
def test_any_pattern_is_read(pattern: str) -> None:
    module = lower("m.py", f"match a:\n    case {pattern}:\n        f()\n".encode(), 10_000)
    assert not module.incomplete


def test_deep_patterns_end() -> None:
    assert dump(lower("m.py", f"match a:\n    case {'[' * 400}x{']' * 400}:\n        f()\n".encode(), 100_000).body)
