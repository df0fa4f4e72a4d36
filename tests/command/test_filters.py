"""Output of filters, compared with the machine's own programs where they are there."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.filters import FILTERS, output, with_files

CASES: list[tuple[list[str], str | None, str | None]] = [
    (["echo", "a", "b"], None, "a b\n"),
    (["echo", "-n", "a"], None, "a"),
    (["printf", "%s-%s\\n", "a", "b", "c"], None, "a-b\nc-\n"),
    (["printf", "\\x72\\155"], None, "rm"),
    (["printf", "%b", "a\\tb"], None, "a\tb"),
    (["printf", "%x %o %d", "255", "8", "0x10"], None, "ff 10 16"),
    (["printf", "%5s|%-3s|%03d", "a", "b", "7"], None, "    a|b  |007"),
    (["printf", "%%"], None, "%"),
    (["cat"], "x\n", "x\n"),
    (["cat", "-"], "x", "x"),
    (["base64", "-d"], "cm0gLXJmIC8=\n", "rm -rf /"),
    (["base64"], "rm", "cm0=\n"),
    (["base32", "-d"], "OJWQ====", "rm"),
    (["xxd", "-r", "-p"], "726d", "rm"),
    (["rev"], "mr\n", "rm\n"),
    (["tac"], "a\nb\n", "b\na\n"),
    (["tr", "a-y", "b-z"], "ql", "rm"),
    (["tr", "-d", "x"], "xrxm", "rm"),
    (["tr", "A-Z", "a-z"], "RM", "rm"),
    (["tr", "[:upper:]", "[:lower:]"], "RM", "rm"),
    (["cut", "-c1-2"], "rmx\n", "rm\n"),
    (["cut", "-d:", "-f2"], "a:b:c\n", "b\n"),
    (["cut", "-d", " ", "-f", "1,3"], "a b c\n", "a c\n"),
    (["head", "-n1"], "a\nb\n", "a\n"),
    (["head", "-c", "2"], "rmx", "rm"),
    (["tail", "-1"], "a\nb\n", "b\n"),
    (["sed", "s/x//g"], "xrxm\n", "rm\n"),
    (["sed", "s|a|/|"], "a a\n", "/ a\n"),
    (["seq", "3"], None, "1\n2\n3\n"),
    (["seq", "2", "2", "6"], None, "2\n4\n6\n"),
    (["basename", "/a/b.c"], None, "b.c\n"),
    (["dirname", "/a/b.c"], None, "/a\n"),
    (["true"], None, ""),
]


@pytest.mark.parametrize(("argv", "stdin", "text"), CASES, ids=[" ".join(argv) for argv, _, _ in CASES])
def test_output(argv: list[str], stdin: str | None, text: str | None) -> None:
    assert output(argv, stdin) == text


@pytest.mark.parametrize(("argv", "stdin", "text"), CASES, ids=[" ".join(argv) for argv, _, _ in CASES])
def test_as_the_machine_says(argv: list[str], stdin: str | None, text: str | None) -> None:
    if shutil.which(argv[0]) is None:
        pytest.skip(f"no {argv[0]} on this machine")
    ran = subprocess.run(argv, input=(stdin or "").encode(), capture_output=True, timeout=10, check=True)
    assert ran.stdout.decode() == text


@pytest.mark.parametrize(
    ("argv", "stdin"),
    [
        (["cat", "f"], "x"),
        (["base64", "-d"], None),
        (["base64", "-d", "f"], "cm0="),
        (["printf", "-v", "x"], None),
        (["printf", "%f", "1"], None),
        (["printf", "%99999s", "a"], None),
        (["sed", "s/a*/b/"], "a"),
        (["sed", "-n", "p"], "a"),
        (["tr", "-s", "a"], "aa"),
        (["seq", "1000000"], None),
        (["seq"], None),
        (["unknown"], "x"),
        (["xxd"], "x"),
        (["head", "-x"], "a"),
    ],
)
def test_not_sure(argv: list[str], stdin: str | None) -> None:
    assert output(argv, stdin) is None


@given(
    st.sampled_from(sorted(FILTERS)),
    st.lists(st.text(alphabet="-abcdfnprsx%\\/019 =:,[]{}*", max_size=8), max_size=4),
    st.none() | st.text(max_size=30),
)
def test_any_arguments(name: str, words: list[str], stdin: str | None) -> None:
    first = output([name, *words], stdin)
    assert first == output([name, *words], stdin)


def test_compressed_text() -> None:
    packed = output(["base64", "-d"], "H4sIAAAAAAACAyvKVdAtSlPQBwBcTPLsCAAAAA==")
    assert packed is not None
    assert [output(argv, packed) for argv in (["gunzip"], ["gzip", "-dc"], ["zcat"], ["gzip"])] == [
        "rm -rf /",
        "rm -rf /",
        "rm -rf /",
        None,
    ]
    assert output(["gunzip"], "no gzip") is None


def test_files_of_known_content() -> None:
    files = {"a": "1\n", "b": "2\n"}
    assert [
        with_files(argv, files) for argv in (["cat", "a", "./b"], ["head", "-n1", "a"], ["cat", "c"], ["rm", "a"])
    ] == [
        "1\n2\n",
        "1\n",
        None,
        None,
    ]
