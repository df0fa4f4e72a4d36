"""Words in folded case: found where they are, in one piece or in many, kept within bounds."""

import json

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.store.coded.folded import MOST_PARTS, Folded, Run, Texts
from spawngate.trail.query.match import holds_text

ALPHABET = 'aAbß\n\x1f\x02"\\,[İ '
WORD = st.lists(st.text(ALPHABET, max_size=5), max_size=3).map(tuple)
WORDS = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(1, 30)), WORD, max_size=25)
Given = dict[tuple[int, int], tuple[str, ...]]


def rows(words: Given) -> list[tuple[int, int, str]]:
    return [(column, code, json.dumps(word)) for (column, code), word in sorted(words.items())]


def made(words: Given) -> Texts:
    texts = Texts()
    texts.add(rows(words))
    return texts


def wanted(words: Given, small: str, column: int | None = None) -> set[tuple[int, int]]:
    return {key for key, word in words.items() if holds_text(small, word) and column in (None, key[0])}


@given(WORDS, st.text('abß, [\\"', min_size=1, max_size=3), st.none() | st.integers(0, 5))
def test_words_that_hold_a_text(words: Given, text: str, column: int | None) -> None:
    texts, small = made(words), text.casefold()
    expected = sorted(wanted(words, small, column))
    assert sorted(texts.holding(small, column)) == expected
    packed = texts.packed()
    assert packed is not None
    assert sorted(Texts.unpacked(packed).holding(small, column)) == expected


@given(WORDS, st.text("a\n\x1f\x02", max_size=3))
def test_of_control_characters_and_of_nothing_more_may_be_said(words: Given, text: str) -> None:
    found = list(made(words).holding(text.casefold()))
    assert set(found) >= wanted(words, text.casefold())
    assert len(found) == len(set(found)) <= len(words)


@given(st.lists(WORDS, max_size=MOST_PARTS + 3), st.text("ab", min_size=1, max_size=2))
def test_words_that_come_one_by_one(parts: list[Given], text: str) -> None:
    texts, every = Texts(), dict[tuple[int, int], tuple[str, ...]]()
    for part in parts:
        known = texts.codes()
        new = {(column, code + known.get(column, 0)): word for (column, code), word in part.items()}
        texts.add(rows(new))
        every |= new
    assert texts.codes() == {column: max(code for place, code in every if place == column) for column, _ in every}
    assert sorted(texts.holding(text)) == sorted(wanted(every, text))
    packed = texts.packed()
    assert packed is not None
    assert sorted(Texts.unpacked(packed).holding(text)) == sorted(wanted(every, text))


def test_a_text_that_nobody_can_have_written_is_in_none() -> None:
    assert list(made({(0, 1): ("a",)}).holding("\udc80")) == []


@pytest.mark.parametrize("word", ["", "1", '["a"', '["a"],["b"]', '{"a":1}', '["\\ud800"]', "[1]"])
def test_what_is_no_word(word: str) -> None:
    with pytest.raises(ValueError, match=r"word|surrogates"):
        Texts().add([(0, 1, word)])


def packed_of(runs: list[Run], text: bytes, size: int | None = None) -> bytes:
    head = msgspec.json.encode([runs, len(text) if size is None else size])
    return head + b"\n" + zstandard.ZstdCompressor().compress(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[[],0]",
        b"x\n" + zstandard.ZstdCompressor().compress(b"a\n"),
        packed_of([Run(0, 1, 1, 0)], b"a\n", 3),
        packed_of([Run(0, 1, 1, 0)], b"a\n", 1 << 40),
        packed_of([Run(0, 1, 1, 0)], b"a\n", -1),
        packed_of([Run(0, 1, 1, 0)], b"a\n") + b"x",
        packed_of([Run(0, 1, 1, 1)], b"a\n"),
        packed_of([Run(0, 1, 1, 0), Run(0, 2, 1, 3)], b"a\n"),
        packed_of([Run(0, 1, 1, 0), Run(0, 2, 1, 2), Run(0, 3, 1, 1)], b"a\nb\nc\n"),
        packed_of([Run(99, 1, 1, 0)], b"a\n"),
        packed_of([Run(-1, 1, 1, 0)], b"a\n"),
    ],
)
def test_what_are_no_texts(data: bytes) -> None:
    with pytest.raises(ValueError, match="texts"):
        Texts.unpacked(data)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with pytest.raises(ValueError, match="texts"):
        Texts.unpacked(data)


def sized(size: int) -> Texts:
    return Texts([(b"x" * size, ())])


def test_the_longest_unused_make_room() -> None:
    folded = Folded(10)
    kept = {name: sized(size) for name, size in (("a", 5), ("b", 4), ("c", 3))}
    folded.put("a", kept["a"])
    folded.put("b", kept["b"])
    assert folded.get("a") is kept["a"]
    folded.put("c", kept["c"])
    assert [folded.get(day) for day in "abc"] == [kept["a"], None, kept["c"]]
    folded.put("a", sized(1))
    folded.put("b", sized(6))
    assert [len(folded.get(day) or ()) for day in "abc"] == [1, 6, 3]
    folded.put("d", sized(11))
    assert folded.get("d") is None
    folded.forget("b")
    folded.forget("b")
    folded.put("d", sized(6))
    assert [len(folded.get(day) or ()) for day in "abcd"] == [1, 0, 3, 6]
