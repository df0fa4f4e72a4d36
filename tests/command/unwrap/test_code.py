"""The one entry for code of all languages: bounds, and that foreign code never harms."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.command.unwrap import code_calls, code_lines
from spawngate.command.unwrap.code import MAX_FOUND, plain_of_base64, shell_outs
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.starts import MAX_CODE

LANGUAGES = ("python", "ipython", *code_calls.LANGUAGES, *code_lines.LANGUAGES, *code_lines.HOSTS)
PIECES = (
    "system(",
    "exec ",
    "execSync(",
    '"rm x"',
    "'rm x'",
    "`rm`",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "\n",
    ";",
    "|",
    "!",
    "qx{",
    "%x(",
    "$(shell ",
    "s/.*/x/e",
    "1e x",
    "#",
    "//",
    "/*",
    "--",
    "[[",
    "<<EOF\n",
    "EOF",
    "base64",
    "eval(",
    " ",
    "os.",
    "import os;",
    "f'{x}'",
    "+",
    "..",
    ".",
    ",",
    "=",
    "do shell script ",
    "* * * * * ",
    "\t",
    "&",
    '"',
    "'",
    "0",
    "open(",
    "x",
    "\x00",
    "é",
    "getline",
    "$",
    "@",
    "%",
    "~",
    "=~ m/",
    "tr/",
    "q",
    "\\write18{",
    "COPY t TO PROGRAM ",
)


def test_language_that_is_not_known_starts_nothing() -> None:
    assert shell_outs('system("rm x")', "klingon") == ()


def test_the_same_start_counts_once() -> None:
    assert shell_outs("import os; os.system('rm x'); os.system('rm x')", "python") == (Inner(text="rm x"),)


def test_starts_are_bounded() -> None:
    code = "import os\n" + "\n".join(f"os.system('rm {number}')" for number in range(MAX_FOUND + 10))
    assert len(shell_outs(code, "python")) == MAX_FOUND


@pytest.mark.parametrize(
    ("text", "plain"),
    [("cm0geA==", "rm x"), ("cm0g eA", "rm x"), ("!!!", None), ("", None), ("AAAA", None), ("//8=", None)],
)
def test_base64_of_a_text(text: str, plain: str | None) -> None:
    assert plain_of_base64(text) == plain


@pytest.mark.parametrize("language", LANGUAGES)
@given(parts=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=40))
@settings(max_examples=25)
def test_any_code_is_read(language: str, parts: list[str]) -> None:
    code = "".join(parts)
    found = shell_outs(code, language)
    assert all(inner.words or inner.text or inner.opaque for inner in found)
    assert shell_outs(code, language) == found


RUNS = (
    "(",
    "[",
    '"',
    "'",
    "`",
    "\\",
    "a.",
    "a,",
    "1+",
    "{",
    "s/a",
    "/",
    "x=",
    "$(shell ",
    "!",
    " ",
    "|",
    "\n",
    "/[",
    "$a[",
    "exec(",
    "a.exec.",
    "exec {",
    "TO PROGRAM '",
    "<<E\n",
    "${",
    ":",
    "-ignorestderr ",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_runs_take_no_time(language: str) -> None:
    """No pattern may take a hostile text for a reason to search for ever."""
    for piece in RUNS:
        begin = time.process_time()
        shell_outs(piece * (MAX_CODE // len(piece)), language)
        # Some pieces are quadratic: about a second on a busy machine. Backtracking without end would be hours.
        assert time.process_time() - begin < 10, piece
