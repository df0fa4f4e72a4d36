"""Selectors: their texts, what is refused, and that writing is the inverse of reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.models.model import Flow, Rest, Root, Selector
from spawngate.codescan.models.selector import parse_flow, parse_path, parse_selector, write_path, write_selector

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
PATHS = st.lists(
    st.one_of(NAMES, st.just("*"), st.integers(0, 99), st.builds(Rest, st.integers(0, 99))), max_size=4
).map(tuple)
SELECTORS = st.one_of(
    st.builds(Selector, st.sampled_from([Root.RECEIVER, Root.RESULT, Root.KEYWORDS]), path=PATHS),
    st.builds(Selector, st.just(Root.ARG), st.integers(-9, 99), st.one_of(st.just(""), NAMES), path=PATHS),
    st.builds(Selector, st.just(Root.ARG), st.integers(0, 99), rest=st.just(True), path=PATHS),
    st.builds(Selector, st.just(Root.ARG), st.none(), NAMES, path=PATHS),
)


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("arg(0)", Selector(Root.ARG, 0)),
        ("arg(0, command)", Selector(Root.ARG, 0, "command")),
        ("arg(env)", Selector(Root.ARG, None, "env")),
        ("arg(1:)", Selector(Root.ARG, 1, rest=True)),
        ("arg(-1)", Selector(Root.ARG, -1)),
        ("arg(0).mcpServers.*.args[1:]", Selector(Root.ARG, 0, path=("mcpServers", "*", "args", Rest(1)))),
        ("arg(0)[*].x", Selector(Root.ARG, 0, path=("*", "x"))),
        ("receiver.args[2]", Selector(Root.RECEIVER, path=("args", 2))),
        ("result", Selector(Root.RESULT)),
        ("keywords", Selector(Root.KEYWORDS)),
    ],
)
def test_read(text: str, selector: Selector) -> None:
    assert parse_selector(text) == selector


@pytest.mark.parametrize(
    "text", ["", "arg", "arg()", "arg(0", "arg(1:, name)", "self", "result.", "arg(0)x", "arg(0)[x]", "arg(0)..a"]
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"begins with none|is no step|names a keyword"):
        parse_selector(text)


def test_flow() -> None:
    assert parse_flow("arg(0)[0] -> receiver.command") == Flow(
        Selector(Root.ARG, 0, path=(0,)), Selector(Root.RECEIVER, path=("command",))
    )
    with pytest.raises(ValueError, match="is no flow"):
        parse_flow("arg(0)")


@given(SELECTORS)
def test_writing_is_the_inverse(selector: Selector) -> None:
    assert parse_selector(write_selector(selector)) == selector
    assert parse_path(write_path(selector.path)) == selector.path


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        selector = parse_selector(text)
    except ValueError:
        return
    assert parse_selector(write_selector(selector)) == selector
