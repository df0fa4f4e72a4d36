"""`spawngate.command.quoted`: the same literals as an expression finds, and no longer for escaped quotes."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spawngate.command import code, embedded
from spawngate.command.quoted import FEW, quoted

SIGNS = st.lists(st.sampled_from(['"', "'", "\\", "\n", "a", "b", "`", '\\"', "\\'", "\\\n"]), max_size=24).map("".join)


@settings(max_examples=600)
@given(SIGNS, st.integers(0, 2), st.integers(2, 6), st.booleans())
@example('\\"a\\"b\'', 1, 4, False)
@example('"a\\', 0, 4, True)
def test_the_same_literals_as_an_expression_finds(text: str, least: int, most: int, joined: bool) -> None:
    expression = re.compile(
        rf"'((?:[^'\\\n]|\\.){{{least},{most}}})'|\"((?:[^\"\\\n]|\\.){{{least},{most}}})\"", re.DOTALL if joined else 0
    )
    expected = [match.span(1) if match[1] is not None else match.span(2) for match in expression.finditer(text)]
    assert list(quoted(text, least, most, joined=joined)) == expected


@settings(max_examples=400)
@given(SIGNS)
def test_texts_full_of_escapes_hold_the_same_literals(text: str) -> None:
    # What stands in front makes the text take the other way.
    full = "\\\\" * FEW + "\n" + text
    assert code._literals(full) == code._literals(text)
    assert list(embedded._literals(full)) == list(embedded._literals(text))


@pytest.mark.parametrize("unit", ['\\"', "'\\", "\\'\"", '\\\\"', '"\\'])
def test_escaped_quotes_take_no_longer_than_others(unit: str) -> None:
    text = (unit * 16_000)[:32_000]
    began = time.process_time()
    code._literals(text)
    list(embedded._pieces(text[:16_384]))
    assert time.process_time() - began < 0.5
