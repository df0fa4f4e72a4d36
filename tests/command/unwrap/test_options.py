"""Options read as getopt reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.spawn import Word
from spawngate.command.unwrap.options import NOTHING, Options, Syntax, cut, read

PLAIN = Syntax("ab:c::", "alpha/a beta=/b gamma?/c delta= delay=")


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text) for text in texts)


def seen(options: Options) -> tuple[list[tuple[str, str]], list[str], list[str], bool]:
    """An answer in plain types."""
    return (
        [(key, value.text) for key, value in options.found],
        [word.text for word in options.rest],
        list(options.unknown),
        options.dashed,
    )


@pytest.mark.parametrize(
    ("given_words", "expected"),
    [
        ([], ([], [], [], False)),
        (["x", "-a"], ([], ["x", "-a"], [], False)),
        (["-a", "x"], ([("a", "")], ["x"], [], False)),
        (["-b", "1", "x"], ([("b", "1")], ["x"], [], False)),
        (["-b1", "x"], ([("b", "1")], ["x"], [], False)),
        (["-ab1", "x"], ([("a", ""), ("b", "1")], ["x"], [], False)),
        (["-ab", "1", "x"], ([("a", ""), ("b", "1")], ["x"], [], False)),
        (["-b=1"], ([("b", "=1")], [], [], False)),
        (["-b"], ([("b", "")], [], [], False)),
        (["-c", "x"], ([("c", "")], ["x"], [], False)),
        (["-cx", "y"], ([("c", "x")], ["y"], [], False)),
        (["--alpha", "x"], ([("a", "")], ["x"], [], False)),
        (["--beta", "1", "x"], ([("b", "1")], ["x"], [], False)),
        (["--beta=1", "x"], ([("b", "1")], ["x"], [], False)),
        (["--beta=", "x"], ([("b", "")], ["x"], [], False)),
        (["--gamma", "x"], ([("c", "")], ["x"], [], False)),
        (["--gamma=1", "x"], ([("c", "1")], ["x"], [], False)),
        (["--al", "x"], ([("a", "")], ["x"], [], False)),
        (["--delt", "1", "x"], ([("delta", "1")], ["x"], [], False)),
        (["--del", "1", "x"], ([], ["1", "x"], ["--del"], False)),
        (["--", "-a"], ([], ["-a"], [], True)),
        (["-a", "--", "-b"], ([("a", "")], ["-b"], [], True)),
        (["-", "-a"], ([], ["-", "-a"], [], False)),
        (["-z", "x"], ([], ["x"], ["-z"], False)),
        (["-az", "x"], ([("a", "")], ["x"], ["-z"], False)),
        (["--zeta=1", "x"], ([], ["x"], ["--zeta"], False)),
        (["+a", "x"], ([], ["+a", "x"], [], False)),
        (["-5"], ([], [], ["-5"], False)),
    ],
)
def test_getopt(given_words: list[str], expected: object) -> None:
    assert seen(read(words(*given_words), PLAIN)) == expected


@pytest.mark.parametrize(
    ("syntax", "given_words", "expected"),
    [
        (Syntax("a", permutes=True), ["x", "-a", "y"], ([("a", "")], ["x", "y"], [], False)),
        (Syntax("a", permutes=True), ["x", "--", "-a"], ([], ["x", "-a"], [], True)),
        (Syntax("o", plus=True), ["+o", "-o", "x"], ([("+o", ""), ("o", "")], ["x"], [], False)),
        (
            Syntax("", "ex=", single=True),
            ["-ex", "1", "-ex=2", "--ex", "3"],
            ([("ex", "1"), ("ex", "2"), ("ex", "3")], [], [], False),
        ),
        (Syntax("", "exec=", single=True), ["-e", "1"], ([("exec", "1")], [], [], False)),
        (Syntax("n:", digits=True), ["-5", "-n5", "x"], ([("0", "5"), ("n", "5")], ["x"], [], False)),
        (Syntax("", "alpha", fuzzy=False), ["--al", "x"], ([], ["x"], ["--al"], False)),
        (Syntax("", "nb/n nonblock/n"), ["--n", "x"], ([("n", "")], ["x"], [], False)),
    ],
)
def test_other_ways(syntax: Syntax, given_words: list[str], expected: object) -> None:
    assert seen(read(words(*given_words), syntax)) == expected


def test_value_keeps_what_is_known_of_its_word() -> None:
    glued = Word("-b$X", opaque=True, glob=True, spawns=(3,))
    assert read((glued,), PLAIN).found == (("b", Word("$X", True, True, (3,))),)
    assert cut(glued, 0) is glued


def test_questions() -> None:
    options = read(words("-b1", "-a", "--beta=2"), PLAIN)
    assert [options.has("a"), options.has("z", "b"), options.has("c")] == [True, True, False]
    assert options.values("b") == (Word("1"), Word("2"))
    assert (options.last("b"), options.last("c"), options.text("b"), options.text("c")) == (Word("2"), None, "2", "")
    assert options.values("a") == (NOTHING,)


@given(st.lists(st.text(alphabet="-=abcz+ x5", max_size=5), max_size=8), st.booleans(), st.booleans(), st.booleans())
def test_every_word_is_an_option_a_value_or_an_operand(
    texts: list[str], permutes: bool, single: bool, plus: bool
) -> None:
    syntax = Syntax("ab:c::", "alpha/a beta=/b abc?", permutes=permutes, single=single, plus=plus)
    given_words = words(*texts)
    options = read(given_words, syntax)
    rest = [word.text for word in options.rest]
    left = list(texts)
    for text in rest:
        left.remove(text)
    assert all(text.startswith(("-", "+")) or any(value.text == text for _, value in options.found) for text in left)
