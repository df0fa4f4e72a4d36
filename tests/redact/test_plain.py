"""`spawngate.redact.plain`: whatever is called plain there, the redactor itself leaves as it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.redact import names, plain
from spawngate.redact.arguments import argument
from spawngate.redact.lines import Line
from spawngate.redact.marks import Marker
from spawngate.redact.patterns import PATTERNS, find, within
from spawngate.redact.plain import LETTERS, is_plain_path
from spawngate.redact.redactor import Redacted, Redactor

REDACTOR = Redactor(b"k" * 32)
METHODS = ("text", "name", "path", "command_line")
_PIECE = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=11) | st.from_regex(r"[0-9]{1,6}", fullmatch=True)
_WORD = st.sampled_from(["token", "pass", "secret", "root", "sk", "glpat", "hunter", "admin", "xoxb", "1", "2024"])
_SEGMENT = st.lists(st.tuples(_PIECE | _WORD, st.sampled_from("-_.")), min_size=1, max_size=4).map(
    lambda pieces: "".join(part for pair in pieces for part in pair)[:-1]
)
PATHS = st.tuples(st.sampled_from(["", "/", "./", "../"]), st.lists(_SEGMENT, min_size=1, max_size=8)).map(
    lambda path: path[0] + "/".join(path[1])
)
ENDED = st.tuples(PATHS, st.sampled_from(["", ".", ","])).map("".join)


def _changed(text: str) -> list[str]:
    return [method for method in METHODS if getattr(REDACTOR, method)(text) != Redacted(text)]


@given(ENDED)
def test_no_method_changes_a_plain_path(text: str) -> None:
    if is_plain_path(text):
        assert _changed(text) == []


@given(ENDED, st.sampled_from(["", "--ref", "project_ref", "commit", "-p"]))
def test_a_plain_path_is_no_secret_as_an_argument(text: str, parent: str) -> None:
    if is_plain_path(text):
        marker = Marker(b"k" * 32)
        line = Line(marker)
        line._nesting = 1
        assert (argument(line, text, "argument", False, parent), argument(line, text, "text", True, parent)) == (
            text,
            text,
        )
        assert marker.noted == 0


def test_words_that_mean_something_stay_plain_and_unchanged() -> None:
    words = {
        word
        for value in vars(names).values()
        if isinstance(value, frozenset)
        for word in value
        if isinstance(word, str) and re.fullmatch("[a-z-]+", word)
    }
    forms = {
        form
        for word in words
        for form in (f"/{word}", f"a/{word}", f"{word}/abc", f"/home/dev/{word}/test_12.py", f"./{word}/{word}-1.txt")
        if is_plain_path(form)
    }
    assert len(forms) > 1_500
    assert [form for form in forms if _changed(form)] == []


def test_what_vendors_formats_cover_is_not_plain() -> None:
    written = [text for pattern in PATTERNS for text in (*pattern.match, *pattern.find)]
    assert [text for text in written if is_plain_path(text)] == []
    assert not is_plain_path("/glpat-abcdef-abcdef/glpat-abcdefghij-abcdefghij")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/dev/token/src/fetch_4821.ts", True),
        ("src/engine/page_12.py", True),
        ("../a.py", True),
        ("./docs/index.md", True),
        ("/etc", True),
        ("scott/imp", False),
        ("word", False),
        ("", False),
        ("/", False),
        ("/etc/hosts.", True),
        ("/etc/hosts..", False),
        ("a/", False),
        ("a//b", False),
        ("a/b\n", False),
        ("/123456/123456/123456/123456/123456", False),
        ("src/Main.java", False),
        ("a/b=c", False),
        ("https://a.example/b", False),
        ("a/correcthorsebatterystaple", False),
        ("a/" + "abc-" * 5 + "d", False),
        ("a/b1c2d3", False),
    ],
)
def test_shapes(text: str, expected: bool) -> None:
    assert is_plain_path(text) is expected


@given(ENDED)
def test_no_format_covers_a_part_of_a_plain_path(text: str) -> None:
    if is_plain_path(text):
        assert list(find(text)) == []


def test_formats_that_fit_no_plain_path_need_other_letters_or_longer_names() -> None:
    fitting = within(LETTERS, 20)
    written = [form for each in PATTERNS if each not in fitting for form in (*each.match, *each.find)]
    plain = re.compile(r"(?:[a-z0-9._,-]{0,20}/)*[a-z0-9._,-]{0,20}")
    assert [form for form in written if plain.fullmatch(form)] == []
    assert 0 < len(fitting) < len(PATTERNS) / 4


def test_what_was_plain_stays_plain_however_many_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "_MOST", 2)
    monkeypatch.setattr(plain, "_known", set())
    paths = ["a/b/c", "/d/e", "./f", "a/b/c", "not plain", "/glpat-abcdef-abcdef/glpat-abcdefghij-abcdefghij"]
    assert [is_plain_path(path) for path in paths] == [True, True, True, True, False, False]
    assert len(plain._known) <= 2
