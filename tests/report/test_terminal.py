"""`report.terminal`: hostile text becomes visible, ordinary text stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.report.terminal import escape, is_hidden
from tests.report.samples import HOSTILE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain text", "plain text"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x1b]8;;http://evil.test\x07link", "\\x1b]8;;http://evil.test\\x07link"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("nul\x00 del\x7f c1\x9b", "nul\\x00 del\\x7f c1\\x9b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066isolate\u2069", "\\u2066isolate\\u2069"),
        ("zero\u200bwidth\u200c\u200d\ufeff", "zero\\u200bwidth\\u200c\\u200d\\ufeff"),
        ("line\u2028para\u2029nel\x85", "line\\u2028para\\u2029nel\\x85"),
        ("soft\xadhyphen", "soft\\xadhyphen"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("selector\U000e0101\ufe00", "selector\\U000e0101\\ufe00"),
        ("filler\u3164\u115f\uffa0\u2800", "filler\\u3164\\u115f\\uffa0\\u2800"),
        ("private\ue000", "private\\ue000"),
        ("half\udc80", "half\\udc80"),
        ("C:\\Users\\ana", "C:\\Users\\ana"),
        (
            "Grüße, Ελλάδα, Привет, 日本語, 한국어, العربية, हिन्दी",
            "Grüße, Ελλάδα, Привет, 日本語, 한국어, العربية, हिन्दी",
        ),
        ("🚀 ❤️ 🇵🇹", "🚀 ❤️ 🇵🇹"),
        ("a\ufe0f", "a\\ufe0f"),
        ("e\u0301", "e\u0301"),
        ("z" + "\u0301" * 6, "z" + "\u0301" * 4 + "\\u0301\\u0301"),
    ],
)
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_nothing_hidden_is_left_and_escaping_twice_changes_nothing(text: str) -> None:
    shown = escape(text)
    assert [character for character in shown if is_hidden(character)] == []
    assert len(shown.splitlines()) <= 1
    assert escape(shown) == shown
    shown.encode()


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lt", "Nd", "Pd", "Ps", "Pe", "Po", "Sc", "Sm"))))
def test_ordinary_text_stays(text: str) -> None:
    assert escape(text) == text


def test_no_hostile_sample_keeps_a_control_or_format_character() -> None:
    categories = {unicodedata.category(character) for text in HOSTILE for character in escape(text)}
    assert categories & {"Cc", "Cf", "Zl", "Zp"} == set()
