"""Trees of long texts are given up, and always in the same place."""

import gc
import time
import tracemalloc

import pytest
import tree_sitter_bash
import tree_sitter_powershell
from tree_sitter import Language

from spawngate.command.parse import read
from spawngate.command.trees import SHORT, plain, root

BASH = Language(tree_sitter_bash.language())


def test_short_text_is_read_whatever_it_is() -> None:
    node = root(BASH, b"| |", 0)
    assert node is not None
    assert node.has_error


def test_long_text_is_read() -> None:
    data = b"ls -la\n" * 1000
    node = root(BASH, data, 1000)
    assert node is not None
    assert (node.has_error, node.end_byte) == (False, len(data))


def test_long_text_with_an_error_is_given_up() -> None:
    assert root(BASH, b"|" * (SHORT + 1), 1000) is None


def test_long_text_is_given_up_when_patience_ends() -> None:
    data = b"ls -la\n" * 1000
    assert [root(BASH, data, 2) for _ in range(3)] == [None, None, None]


def test_statements_that_nothing_parts_were_mended() -> None:
    """Each is a whole statement to the parser, which had to begin anew in front of it: 20,000 letters took 0.6 s."""
    powershell = Language(tree_sitter_powershell.language())
    assert root(powershell, b"2>&1 xargs *" * 400, 1000) is None
    assert root(powershell, b"&aInvoke-Expression " * 400, 1000) is None
    block = b"function f {\n" + b"Get-Item a; Get-Item b\n" * 200 + b"}\n"
    read_whole = root(powershell, block, 1000)
    assert read_whole is not None
    assert not read_whole.has_error


def test_memory_stays_flat() -> None:
    """py-tree-sitter never frees what its read callback returns."""
    data = b"f() " * (SHORT // 4 + 100)  # goes back often
    root(BASH, data, 1000)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(10):
            root(BASH, data, 1000)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 50_000


def test_letters_that_end_the_process_are_not_shown_to_the_grammars() -> None:
    """`{` in front of such a letter made the scanner of tree-sitter-bash 0.25 read outside of a table."""
    assert plain("{\U00060476$M\ud800\0é") == b"{_$M___"
    for letter in ("\U00060476", "\U0010ffff", "\ud800"):
        assert read("{" + letter + "$M" + letter * 9) == read("{" + letter + "$M" + letter * 9)


def test_places_are_places_in_the_text() -> None:
    assert [word.text for word in read("é ü 'ß' \U0001f600").spawns[0].argv] == ["é", "ü", "ß", "\U0001f600"]


@pytest.mark.parametrize("piece", ["x@", "Bash(*)", "a@b@"])
def test_a_lexer_that_goes_back_without_end_is_given_up(piece: str) -> None:
    """One word of 20,000 letters took seconds, between two reports of progress."""
    data = (piece * 10_000)[:20_000].encode()
    began = time.thread_time()
    assert root(BASH, data, 1_200) is None
    assert time.thread_time() - began < 1.0


@pytest.mark.parametrize(
    ("language", "begin", "piece"),
    [
        (Language(tree_sitter_powershell.language()), "", "!/"),
        (Language(tree_sitter_powershell.language()), "", "$x&"),
        (Language(tree_sitter_powershell.language()), "Get-Item a\n" * 400, "!/"),
        (BASH, "[[ ", "~&&"),
        (BASH, "x=", "$)"),
        (BASH, "ls -la\n" * 700, "f)"),
        (BASH, "", "2>&1 `"),
    ],
)
@pytest.mark.parametrize("length", [2_000, 20_000])
def test_errors_that_stand_close_end_the_reading_early(language: Language, begin: str, piece: str, length: int) -> None:
    """2,000 letters took up to 0.3 s, and 20,000 many seconds, with few reports of progress or none."""
    data = (begin + piece * length).encode()[: len(begin) + length]
    began = time.thread_time()
    assert [root(language, data, 10_000) for _ in range(2)] == [None, None]
    assert time.thread_time() - began < 0.6


def test_some_errors_of_a_middling_text_are_read_over() -> None:
    data = b"ls -la /tmp\n" * 60 + b"f() )\n" + b"ls -la /tmp\n" * 60
    node = root(BASH, data, 1_000)
    assert node is not None
    assert (node.has_error, node.end_byte) == (True, len(data))


def test_a_quotation_that_looks_broken_by_itself_is_none() -> None:
    data = b"cat <<'E'\n" + b"ls -la\n" * 100 + b"[[ ~&&)(\n" * 300 + b"E\n" + b"ls -la\n" * 300
    node = root(BASH, data, 10_000)
    assert node is not None
    assert (node.has_error, node.end_byte) == (False, len(data))


def test_long_scripts_are_read_in_few_chunks() -> None:
    lines = "".join(
        f"for name in one two {n}; do tool --flag{n} \"$name\" | grep '{n}' > out{n}.txt 2>&1; done\n"
        for n in range(300)
    )
    node = root(BASH, lines.encode(), 100_000)
    assert node is not None
    assert (node.has_error, node.end_byte) == (False, len(lines))


POWERSHELL = Language(tree_sitter_powershell.language())


@pytest.mark.parametrize(
    ("language", "piece"),
    [(POWERSHELL, "1 "), (POWERSHELL, "$x= a "), (POWERSHELL, "& a "), (POWERSHELL, "echo &x\n"), (BASH, "@( a ")],
)
def test_a_long_text_that_would_be_mended_everywhere_is_given_up(language: Language, piece: str) -> None:
    """20,000 letters of `1 1 1` took 0.35 s of mending, of which no report of progress tells."""
    data = (piece * 10_000)[:20_000].encode()
    began = time.thread_time()
    assert [root(language, data, 10_000) for _ in range(2)] == [None, None]
    assert time.thread_time() - began < 0.3
    # Also where the text begins as it should.
    assert root(language, b"ls -la\n" * 1_000 + data, 10_000) is None


@pytest.mark.parametrize(
    ("language", "begin", "line", "end"),
    [
        (BASH, "f() {\n", "  if [ -d /a ]; then for x in 1 2; do ((i++)); done; else rm -f /tmp/a; fi\n", "}\nf\n"),
        (BASH, "cat > a.js <<'EOF'\n", "const a = [1, 2, 3, {b: 4}];\n", "EOF\n"),
        (BASH, "x='\n", "a b c ( d { 1 2\n", "'\n"),
        (POWERSHELL, "function Get-Thing {\n", "  if ($a -eq 'b') { $i++ } else { $b = 1 + 2 }\n", "}\n"),
        (POWERSHELL, "$s = @'\n", "It's 1 2 3 4 (a) {b\n", "'@\n"),
    ],
)
def test_a_long_text_that_is_cut_open_is_no_error(language: Language, begin: str, line: str, end: str) -> None:
    data = (begin + line * (18_000 // len(line)) + end).encode()
    node = root(language, data, 10_000)
    assert node is not None
    assert (node.has_error, node.end_byte) == (False, len(data))
