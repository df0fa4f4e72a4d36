"""The remembering redactor answers as the plain one does, and keeps no raw text."""

import gc
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.redact import memo, names
from spawngate.redact.memo import RememberingRedactor
from spawngate.redact.redactor import Redacted, Redactor

KEY = b"k" * 32
PLAIN, MEMO = Redactor(KEY), RememberingRedactor(KEY)
METHODS = ("text", "name", "path", "url", "command_line")


@given(st.text(max_size=40), st.sampled_from(METHODS))
def test_same_answers_each_time(value: str, method: str) -> None:
    expected = getattr(PLAIN, method)(value)
    assert getattr(MEMO, method)(value) == expected
    assert getattr(MEMO, method)(value) == expected


@given(st.from_regex(memo._PLAIN, fullmatch=True), st.sampled_from([each for each in METHODS if each != "url"]))
def test_plain_words_are_what_the_redactor_does_not_change(value: str, method: str) -> None:
    assert getattr(PLAIN, method)(value) == Redacted(value)


def test_plain_words_that_mean_something_to_the_redactor_are_not_changed_either() -> None:
    words = [
        word
        for value in vars(names).values()
        if isinstance(value, frozenset)
        for word in value
        if isinstance(word, str) and re.fullmatch("[a-z]{1,7}", word)
    ]
    forms = {form for word in words for form in (word, f"{word}-abc", f"abc_{word}", f"{word}.tgz", f"my.{word}")}
    changed = {
        (method, form)
        for form in forms
        for method in METHODS
        if method != "url" and memo._PLAIN.fullmatch(form) and getattr(PLAIN, method)(form) != Redacted(form)
    }
    assert len(forms) > 1_000
    assert changed == set()
    assert memo._PLAIN.fullmatch("scott/imp") is None


@given(st.none() | st.text(max_size=10), st.lists(st.text(max_size=10), max_size=4))
def test_same_argv(command: str | None, args: list[str]) -> None:
    expected = PLAIN.argv(command, args)
    assert MEMO.argv(command, args) == expected
    assert MEMO.argv(command, args) == expected


def test_questions_are_kept_apart() -> None:
    questions = [("a", "b"), ("ab", ""), ("", "ab"), (None, "ab"), ("ab", None), ("ab",)]
    assert len({MEMO._question(*parts) for parts in questions}) == len(questions)
    redactor = RememberingRedactor(KEY)
    for method in METHODS:
        getattr(redactor, method)("no plain word")
    assert len(redactor._texts) == len(METHODS)


def test_no_raw_text_is_kept() -> None:
    redactor = RememberingRedactor(KEY)
    secret = "ghp_" + "u8I9o0P1a2S3" * 3
    redactor.argv("npx", ["--token", secret])
    redactor.text(f"uses {secret}")
    kept = [item for item in gc.get_referents(redactor._texts, redactor._argvs) if secret in repr(item)]
    assert kept == []


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = RememberingRedactor(KEY)
    monkeypatch.setattr(memo, "MAX_KEPT", 10)
    for number in range(100):
        redactor.text(f"word {number}")
        redactor.argv(None, [str(number)])
    assert len(redactor._texts) <= 10
    assert len(redactor._argvs) <= 10


def test_long_questions_are_not_kept() -> None:
    redactor = RememberingRedactor(KEY, kept=5)
    long = "word " * (memo.LONGEST_KEPT // 4)
    assert redactor.text(long) == PLAIN.text(long)
    assert redactor.argv("x", [long]) == PLAIN.argv("x", [long])
    assert (redactor._texts, redactor._argvs) == ({}, {})
    for number in range(20):
        redactor.text(f"word {number}")
    assert len(redactor._texts) <= 5
