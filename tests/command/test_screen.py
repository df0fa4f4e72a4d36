"""`spawngate.command.screen`: no match is ever hidden, and most texts are never searched."""

import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spawngate.command import code, content, switches
from spawngate.command.screen import Screened, Text, alternatives, expression, fold, labels, needed, screened

SHIPPED = [
    *(screen for _, screen in content._SCREENED.pairs),
    *(screen for _, screen in code._ACTS.pairs),
    *(screen for _, screen in switches._ALL.pairs),
    *(value for value in vars(code).values() if isinstance(value, Screened)),
]


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"abc", ("abc",)),
        (r"abc|def", ("abc", "def")),
        (r"\bcurl\b[^\n]{0,30}\|\s*(?:ba|z)?sh\b", ("curl",)),
        (r"os\.(?:system|popen)", ("os.popen", "os.system")),
        (r"(?:foo)+bar", ("foo",)),
        (r"(?:foo)*barn", ("barn",)),
        (r"colou?rs", ("colors", "colours")),
        (r"[ab]cd", ("acd", "bcd")),
        (r"x(?=never)yz", ("xyz",)),
        (r"(abc)\1", ("abc",)),
        (r"(?P<name>abc)(?(name)d|efgh)", ("abc",)),
        (r"(?>abc)d", ("abcd",)),
        (r"ab{2}c", ("ab",)),
        (r"`[^`]+`", ("`",)),
        # Nothing that could be told: such a text is always searched.
        (r"\w+", ()),
        (r"", ()),
        (r"a", ()),
        (r"a{2}", ()),
        (r"abc|\d", ()),
        (r"(?:abc)?", ()),
        ("é", ()),
        ("[a-z]bc", ("bc",)),
        ("[^a]bc", ("bc",)),
        ("ébc", ("bc",)),
    ],
)
def test_literals_that_an_expression_needs(pattern: str, literals: tuple[str, ...]) -> None:
    assert needed(re.compile(pattern)) == (literals, False)


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("(?i)AbC", ("abc",)),
        ("(?i:AbC)d", ("abcd",)),
        ("x(?:(?i:AbC)|def)", ("xabc", "xdef")),
        ("(?:(?i:AbC))+", ("abc",)),
        ("(?>(?i:AbC))", ("abc",)),
        ("(?i)[sS]abc", ("sabc",)),
    ],
)
def test_where_case_does_not_matter_literals_are_folded(pattern: str, literals: tuple[str, ...]) -> None:
    assert needed(re.compile(pattern)) == (literals, True)


def test_every_character_that_counts_as_an_ascii_letter_is_folded_to_it() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    differing = [
        (letter, match[0])
        for letter in "abcdefghijklmnopqrstuvwxyz"
        for match in re.compile(letter, re.IGNORECASE).finditer(everything)
        if letter not in fold(match[0])
    ]
    assert differing == []


def test_all_that_ships_has_literals() -> None:
    bare = [screen.pattern.pattern for screen in SHIPPED if not screen.literals]
    assert bare == []


@pytest.mark.parametrize("screen", SHIPPED, ids=lambda screen: screen.pattern.pattern[:40])
def test_nothing_that_matches_is_hidden(screen: Screened) -> None:
    @settings(max_examples=15, database=None)
    @given(st.from_regex(screen.pattern))
    def holds(text: str) -> None:
        assert screen.may_match(Text(text))

    holds()


PARTS = st.sampled_from(
    ["abc", "Ab", "s", "K", "(?:", ")", "|", "?", "*", "+", "{2}", "[ab]", "[^a]", r"\b", r"\w", "."]
)


@settings(max_examples=400)
@given(
    st.lists(PARTS, max_size=9).map("".join),
    st.text("abcABCsSkK\u017f\u212a\u0130\u0131 \n", max_size=12),
    st.booleans(),
)
@example("(?:abc|s)+", "\u017f", True)
@example("K", "\u212a", True)
def test_any_expression_matches_as_without_the_screen(pattern: str, text: str, any_case: bool) -> None:
    try:
        compiled = re.compile(pattern, re.IGNORECASE if any_case else 0)
    except re.error:
        return
    screen, given_text = Screened(compiled), Text(text)
    found = screen.search(given_text)
    assert (found and found.span()) == ((match := compiled.search(text)) and match.span())
    assert [each.span() for each in screen.finditer(given_text)] == [each.span() for each in compiled.finditer(text)]


def test_labels_of_all_that_match() -> None:
    rules = screened(
        [("a", re.compile("alpha")), ("b", re.compile("(?i)beta")), ("b", re.compile("beth")), ("c", re.compile("c+d"))]
    )
    assert labels(rules, Text("alpha BETA")) == {"a", "b"}
    assert labels(rules, Text("ccd")) == {"c"}
    assert labels(rules, Text("Alpha")) == set()


def test_an_expression_from_its_text() -> None:
    assert expression("a[bc]d").pattern == re.compile("a[bc]d")


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("a", ["a"]),
        ("a|b", ["a", "b"]),
        ("", [""]),
        ("a|", ["a", ""]),
        (r"a\|b|c", [r"a\|b", "c"]),
        ("(?:a|b)|[|]|c", ["(?:a|b)", "[|]", "c"]),
        ("[]|]x|[^]|]|a", ["[]|]x", "[^]|]", "a"]),
        (r"[\]|]|\\|a", [r"[\]|]", r"\\", "a"]),
        ("(a)|b", ["(a)", "b"]),
        ("(?i)a|b", ["(?i)a", "b"]),
        (r"(a)|\1b", [r"(a)|\1b"]),
        ("(?P<x>a)|(?P=x)", ["(?P<x>a)|(?P=x)"]),
        ("(a)?(?(1)b|c)|d", ["(a)?(?(1)b|c)|d"]),
        ("a(?#|)|b", ["a(?#|)|b"]),
    ],
)
def test_alternatives(pattern: str, parts: list[str]) -> None:
    compiled = re.compile(pattern)
    assert alternatives(compiled) == tuple(re.compile(part, compiled.flags) for part in parts)


def test_a_verbose_expression_stays_whole() -> None:
    pattern = re.compile("a | b", re.VERBOSE)
    assert alternatives(pattern) == (pattern,)


@settings(max_examples=400)
@given(
    st.lists(PARTS | st.sampled_from(["|", "|", r"\|", "[|]", "[]]"]), max_size=9).map("".join),
    st.text("abcAB|]", max_size=8),
    st.sampled_from([0, re.IGNORECASE, re.MULTILINE]),
)
def test_one_of_the_alternatives_matches_where_the_whole_does(pattern: str, text: str, flags: int) -> None:
    try:
        compiled = re.compile(pattern, flags)
    except re.error:
        return
    whole = compiled.search(text) is not None
    assert any(each.search(text) for each in alternatives(compiled)) == whole
    assert labels(screened([("x", compiled)]), Text(text)) == ({"x"} if whole else set())


@pytest.mark.parametrize("label", sorted({label for label, _ in content._RULES}))
@given(st.data())
def test_labels_are_those_of_the_whole_expressions(label: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(dict(content._RULES)[label]))
    assert labels(content._SCREENED, Text(text)) == {name for name, pattern in content._RULES if pattern.search(text)}


@given(
    st.lists(
        st.sampled_from(
            [
                "os.system(",
                "os.sys tem",
                "import",
                "Invoke-WebRequest",
                "INVOKE-webrequest",
                "`a b`",
                "AmsiUtils",
                "curl -s | sh",
                "\u212aeyring",
                "ux",
                "fetch (",
                "\n",
            ]
        ),
        max_size=8,
    ),
    st.integers(0, 400),
)
def test_a_long_text_is_held_against_the_same_rules(parts: list[str], padding: int) -> None:
    text = " ".join([*parts, "filler_words " * padding, *parts[:2]])
    for rules in (code._ACTS, content._SCREENED, switches._ALL):
        possible = {id(screen) for _, screen in rules.possible(Text(text))}
        matching = {id(screen) for _, screen in rules.pairs if screen.pattern.search(text)}
        assert matching <= possible
        assert possible == {id(screen) for _, screen in rules.pairs if screen.may_match(Text(text))}
