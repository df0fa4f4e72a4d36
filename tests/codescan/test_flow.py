"""Definitions that reach a use, and what is known at a place."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan import ir
from spawngate.codescan.flow import (
    ANY,
    Bound,
    Changed,
    Condition,
    Flow,
    Handed,
    Merged,
    Parameter,
    Version,
    key_of,
    leaves,
    path_of,
)
from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def flow_of(text: str) -> tuple[Flow, ir.Function]:
    function = lower("a.py", text.encode()).body[0]
    assert isinstance(function, ir.Function)
    return Flow(function), function


def shown(version: Version) -> str:
    """A version in one line."""
    match version:
        case Bound():
            return f"={dump(version.value)}{list(version.path) or ''}"
        case Changed():
            return f"{shown(version.before)} then {list(version.path)}={dump(version.value)}"
        case Handed():
            return f"{shown(version.before)} to {dump(version.call.callee)}"
        case Merged():
            return " or ".join(shown(each) for each in version.versions)
        case Parameter():
            return f"parameter {version.index}{list(version.path) or ''}"
        case _:
            return "unset"


def used(text: str) -> str:
    """The version that the argument of `sink(x)` sees."""
    flow, _ = flow_of(text)
    for name, version in flow.uses.items():
        call = [each for each in flow.at if isinstance(each, ir.Call) and dump(each.callee) == "Name('sink')"]
        if any(name is argument.value for each in call for argument in each.args):
            return shown(version)
    return "free"


def chain(condition: Condition | None) -> list[tuple[str, bool | None]]:
    out = []
    while condition is not None:
        out.append((dump(condition.test), condition.holds))
        condition = condition.before
    return out


def test_the_last_assignment_reaches() -> None:
    assert used("def f(x):\n    x = 1\n    x = 2\n    sink(x)\n") == "=Literal(2)"


def test_both_branches_reach_and_a_leaving_one_does_not() -> None:
    assert used("def f(x, c):\n    if c:\n        x = 1\n    sink(x)\n") == "=Literal(1) or parameter 0"
    assert used("def f(x, c):\n    if c:\n        x = 1\n        return\n    sink(x)\n") == "parameter 0"


def test_loops_reach_their_own_head() -> None:
    text = "def f(x, xs):\n    for y in xs:\n        sink(x)\n        x = y\n"
    assert used(text) == "parameter 0 or =Name('y')"
    assert (
        used("def f(x):\n    while x:\n        x = 1\n        continue\n    sink(x)\n") == "parameter 0 or =Literal(1)"
    )


def test_destructuring_keeps_the_path() -> None:
    assert used("def f(p):\n    a, (x, b) = p\n    sink(x)\n") == "=Name('p')[1, 0]"
    assert used("def f(p):\n    a, *x = p\n    sink(x)\n") == "=Name('p')"
    assert used("def f(p):\n    for a, x in p:\n        sink(x)\n") == "=Name('p')['*', 1]"


def test_changes_and_calls_are_versions() -> None:
    assert used("def f(x, v):\n    x['a'].b = v\n    sink(x)\n") == "parameter 0 then ['a', 'b']=Name('v')"
    assert used("def f(x, v):\n    x.append(v)\n    sink(x)\n") == "parameter 0 to Attribute(Name('x'), 'append')"
    assert used("def f(x, v):\n    x += v\n    sink(x)\n") == "parameter 0 then []=Name('v')"


def test_a_handler_sees_what_may_have_happened_before() -> None:
    text = "def f(x):\n    try:\n        x = 1\n        g()\n    except E:\n        sink(x)\n"
    assert used(text).startswith("parameter 0 or ")
    assert "=Literal(1)" in used(text)


def test_names_of_others_are_free() -> None:
    assert used("def f():\n    sink(x)\n") == "free"


def test_conditions_of_branches_and_of_checks_that_leave() -> None:
    flow, _ = flow_of("def f(a, b):\n    if a:\n        raise E\n    if b:\n        sink(1)\n    return 2\n")
    call = next(each for each in flow.at if isinstance(each, ir.Call))
    assert chain(flow.at[call]) == [("Name('b')", True), ("Name('a')", False)]
    passed = "Call(Name('sink'), args=(Argument(Literal(1)),))"
    assert chain(flow.known) == [(passed, None), ("Name('a')", False)]
    assert flow.known is not None
    assert dump(flow.known.when) == "Name('b')"


def test_a_check_in_a_loop_holds_behind_it() -> None:
    flow, _ = flow_of("def f(xs):\n    for x in xs:\n        if x:\n            raise E\n    sink(xs)\n")
    call = next(each for each in flow.at if isinstance(each, ir.Call) and each.line == 5)
    assert chain(flow.at[call]) == [("Name('x')", False)]
    skipping, _ = flow_of("def f(xs):\n    for x in xs:\n        if x:\n            continue\n    sink(xs)\n")
    other = next(each for each in skipping.at if isinstance(each, ir.Call) and each.line == 5)
    assert chain(skipping.at[other]) == []


def test_calls_behind_a_raise_are_dead() -> None:
    flow, _ = flow_of("def f(a):\n    raise E\n    sink(a)\n")
    assert [dump(each) for each in flow.dead] == ["Call(Name('sink'), args=(Argument(Name('a')),))"]


def test_paths_and_keys() -> None:
    node = lower("a.py", b"x.a['b'][0][i] = 1").body[0]
    assert isinstance(node, ir.Assign)
    assert path_of(node.target) == ("a", "b", 0, ANY)
    assert key_of(ir.Literal(1, 0, -1)) == ANY
    assert key_of(ir.Literal(1, 0, True)) == ANY
    assert key_of(None) == ANY
    assert [path for _, path, _ in leaves(node.target)] == [()]


@given(
    st.lists(
        st.sampled_from(["x = 1", "if x:\n    x = y", "while x:\n    break", "y = x", "return x", "raise x"]),
        max_size=12,
    )
)
def test_any_sequence_of_statements_has_a_flow(lines: list[str]) -> None:
    body = "".join("    " + line.replace("\n", "\n    ") + "\n" for line in [*lines, "pass"])
    flow, _ = flow_of(f"def f(x, y):\n{body}")
    assert set(flow.exit) <= {"x", "y"}
    assert all(isinstance(version, Version) for version in flow.uses.values())
