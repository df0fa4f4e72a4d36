"""Every vendor format covers its own examples, and nothing of its counterexamples."""

import random
import re
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawngate.redact import patterns
from spawngate.redact.patterns import PATTERNS, Pattern, classify, find, find_blocks
from tests.redact.generators import fill

# What re's own compiler uses; typeshed leaves it out.
_constants: Any = import_module("re._constants")
_parser: Any = import_module("re._parser")

IDS = [f"{pattern.type}-{number}" for number, pattern in enumerate(PATTERNS)]


def test_there_are_enough_types() -> None:
    assert len(patterns.TYPES) >= 45


@pytest.mark.parametrize("pattern", PATTERNS, ids=IDS)
def test_pattern_has_both_kinds_of_examples(pattern: Pattern) -> None:
    assert pattern.match or pattern.find
    assert pattern.no_match


@pytest.mark.parametrize("pattern", PATTERNS, ids=IDS)
def test_examples_match_whole(pattern: Pattern) -> None:
    rng = random.Random(7)
    for template in pattern.match:
        for _ in range(20):
            example = fill(template, rng)
            assert pattern.keyword in example
            match = pattern.regex.match(example)
            assert match is not None, template
            assert match.end() == len(example), template


@pytest.mark.parametrize("pattern", [pattern for pattern in PATTERNS if pattern.find], ids=lambda p: p.type)
def test_examples_hold_a_match(pattern: Pattern) -> None:
    rng = random.Random(7)
    for template in pattern.find:
        assert pattern.regex.search(fill(template, rng)) is not None


@pytest.mark.parametrize("pattern", PATTERNS, ids=IDS)
def test_counterexamples_do_not_match(pattern: Pattern) -> None:
    assert [text for text in pattern.no_match if pattern.regex.search(text)] == []


def test_find_gives_positions_and_never_overlaps() -> None:
    token = "ghp_" + "a1B2" * 9
    text = f"x {token} y AKIAIOSFODNN7EXAMPLE."
    assert list(find(text)) == [(2, 42, "github-token"), (45, 65, "aws-access-key")]


@pytest.mark.parametrize("before", ["", "=", ":", ",", '"', "%3D", "\\n", "/", "(", " "])
def test_match_may_follow_what_is_no_letter(before: str) -> None:
    key = "hvs." + "a1B2" * 9
    assert [hit[2] for hit in find(before + key)] == ["vault-token"]


def test_match_may_not_follow_a_letter() -> None:
    assert list(find("disk-proj-" + "a1B2" * 9)) == []


def test_classify_wants_the_whole_text() -> None:
    token = "ghp_" + "a1B2" * 9
    assert classify(token) == "github-token"
    assert classify(token + "\n") == "github-token"
    assert classify("user:" + token) is None
    assert classify("hunter2") is None


def test_private_key_without_end_reaches_to_the_end() -> None:
    text = "key: -----BEGIN EC PRIVATE KEY-----\nabc\ndef"
    assert list(find_blocks(text)) == [(5, len(text), "private-key")]


def consumed(parsed: Any) -> set[str]:
    """The characters below 256 that an expression, as `re` has parsed it, may take."""
    every = set(map(chr, range(256)))
    found: set[str] = set()
    for what, given_ in parsed:
        match what:
            case _constants.LITERAL:
                found.add(chr(given_))
            case _constants.NOT_LITERAL:
                found |= every - {chr(given_)}
            case _constants.ANY:
                found |= every
            case _constants.IN:
                text = "".join(char for char in every if _holds(given_, char))
                found |= every - set(text) if given_[0][0] is _constants.NEGATE else set(text)
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
                found |= consumed(given_[2])
            case _constants.SUBPATTERN:
                found |= consumed(given_[3])
            case _constants.ATOMIC_GROUP:
                found |= consumed(given_)
            case _constants.BRANCH:
                found = found.union(*map(consumed, given_[1]))
            case _constants.ASSERT | _constants.ASSERT_NOT | _constants.AT:
                pass
            case _:
                raise AssertionError(f"a test that does not know {what}")
    return found


def _holds(members: Any, char: str) -> bool:
    for what, given_ in members:
        match what:
            case _constants.NEGATE:
                pass
            case _constants.LITERAL if chr(given_) == char:
                return True
            case _constants.RANGE if given_[0] <= ord(char) <= given_[1]:
                return True
            case _constants.CATEGORY:
                # Anything unknown counts as holding every character: then the test fails and says so.
                known = {
                    _constants.CATEGORY_DIGIT: char.isdigit(),
                    _constants.CATEGORY_WORD: char.isalnum() or char == "_",
                    _constants.CATEGORY_NOT_SPACE: not char.isspace(),
                }
                if known.get(given_, True):
                    return True
    return False


@pytest.mark.parametrize("pattern", PATTERNS, ids=IDS)
def test_a_format_lies_within_one_long_word_or_is_said_to_span_words(pattern: Pattern) -> None:
    parsed = _parser.parse(pattern.regex.pattern)
    parting = {char for char in map(chr, range(256)) if not patterns._WORD.fullmatch(char * 15)}
    spans = bool(consumed(parsed) & parting) or parsed.getwidth()[0] < 15
    assert spans is (pattern.type in patterns._SPANNING)
    assert " " in parting


# Long expressions take hypothesis a while.
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
@pytest.mark.parametrize("pattern", PATTERNS, ids=IDS)
def test_the_keyword_of_a_format_stands_in_the_same_long_word(pattern: Pattern, data: st.DataObject) -> None:
    expression = re.compile(pattern.regex.pattern.removeprefix(patterns._START), pattern.regex.flags)
    text = data.draw(st.from_regex(expression))
    searched = text if pattern.type in patterns._SPANNING else "\n".join(patterns._WORD.findall(text))
    assert pattern.keyword in searched or not pattern.regex.search(text)


EXAMPLES = tuple(
    fill(template, random.Random(3)) for pattern in PATTERNS for template in (*pattern.match, *pattern.find)
)
PIECE = st.sampled_from([*EXAMPLES, *(text for pattern in PATTERNS for text in pattern.no_match)])


@settings(max_examples=150)
@given(st.lists(PIECE | st.text(max_size=8) | st.sampled_from(list(" \n\"'`(){}[]<>,;|=:/&$\\%")), max_size=12))
def test_searching_long_words_only_finds_what_searching_everything_finds(pieces: list[str]) -> None:
    text = "".join(pieces)
    hits = [
        (match.start(), -match.end(), order, pattern.type)
        for order, pattern in enumerate(PATTERNS)
        for match in pattern.regex.finditer(text)
    ]
    assert list(find(text)) == (list(patterns._apart(hits)) if len(text) >= patterns.SHORTEST else [])
