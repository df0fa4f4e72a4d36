"""Expressions match the very text that sed matches, or are refused."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.configuration.expressions import NotUnderstood, translated

LINES = ('"ok": "$HOME/a^b"', "ok", "oka|b", "a*b+c?", "[x\\y]", "", "aab", "a  b", "k{1}", "(ok)")


def by_sed(pattern: str, *, extended: bool) -> list[str] | None:
    """Every line with the matched text between signs; None where sed refuses."""
    given = "\n".join(LINES) + "\n"
    words = ["sed", *(["-E"] if extended else []), f"s\x01{pattern}\x01<&>\x01"]
    answer = subprocess.run(words, input=given, capture_output=True, text=True, check=False, timeout=10)
    return answer.stdout.split("\n")[:-1] if answer.returncode == 0 else None


def here(pattern: str, *, extended: bool) -> list[str]:
    compiled = re.compile(translated(pattern, extended=extended))
    return [compiled.sub(lambda match: f"<{match[0]}>", line, count=1) for line in LINES]


@pytest.mark.skipif(shutil.which("sed") is None, reason="sed is not installed")
@pytest.mark.parametrize(
    ("pattern", "extended"),
    [
        ("$HOME", False),
        ("a^b", False),
        ("^^", False),
        ("^ok$", False),
        (r"\(^ok\|a\)", False),
        (r"o\(k$\)", False),
        ("*b", False),
        (r"\(*b\)", False),
        ("b+c?", False),
        (r"a\{1,2\}b", False),
        (r"[x\]", False),
        (r"[\]", False),
        ("[]x]", False),
        ("[^]x]", False),
        ("[[:alpha:]]*", False),
        ("[&&|~~]", False),
        (r"a\*b", True),
        ("(ok|ab)", True),
        ("(npx|npm|ok)", True),
        ("k{1}", True),
        (r"k\{1\}", True),
        ("a^b", True),
        ("(^|a)b", True),
    ],
)
def test_agrees_with_sed(pattern: str, extended: bool) -> None:
    if pattern == "(^|a)b":
        with pytest.raises(NotUnderstood):
            translated(pattern, extended=extended)
        return
    assert here(pattern, extended=extended) == by_sed(pattern, extended=extended)


@pytest.mark.parametrize(
    ("pattern", "extended"),
    [
        ("", False),
        (r"ok\>", False),
        (r"\<ok", False),
        (r"\`o", False),
        (r"k\'", False),
        (r"\bok", False),
        (r"\x6fk", False),
        (r"[[:punct:]]ok", False),
        ("[[.o.]]k", False),
        ("[[=o=]]k", False),
        (r"[\d]", False),
        (r"o\|ok", False),
        ("o|ok", True),
        ("o*?k", True),
        ("o+?", True),
        ("o*+", True),
        ("o**", False),
        ("(o)?(ok)?", True),
        ("(o)*", True),
        (r"\(\?:o\)", False),
        ("(?:o)", True),
        ("^*o", True),
        ("k{,}", True),
        ("k{1", True),
        ("(o", True),
        ("o)", True),
        ("o\\", False),
        ("[o", False),
    ],
)
def test_refused(pattern: str, extended: bool) -> None:
    with pytest.raises(NotUnderstood):
        translated(pattern, extended=extended)


@pytest.mark.skipif(shutil.which("sed") is None, reason="sed is not installed")
@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="oka$^*+?.|()[]{}\\1,b", min_size=1, max_size=8), st.booleans())
def test_what_is_read_is_what_sed_reads(pattern: str, extended: bool) -> None:
    try:
        found = here(pattern, extended=extended)
    except (NotUnderstood, re.error):
        return
    said = by_sed(pattern, extended=extended)
    assert said is None or said == found
