"""Every vendor format covers its own examples, and nothing of its counterexamples."""

import random

import pytest

from spawngate.redact import patterns
from spawngate.redact.patterns import PATTERNS, Pattern, classify, find, find_blocks
from tests.redact.generators import fill

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
