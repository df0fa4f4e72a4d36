"""Suppressions: what counts, what does not, and what is said of those that have ended."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.suppress import Suppression, answer, inline, of_file
from tests.codescan.findings import finding

TODAY = date(2026, 11, 22)
LINE = "    p = StdioServerParameters(command=c)  "


def test_a_comment_on_the_line_of_the_launch() -> None:
    found, trouble = inline("a.py", b"x = 1\n" + LINE.encode() + b"# spawngate: ignore[mcp-launch-http] admins only\n")
    assert found == (Suppression(("mcp-launch-http",), "admins only", None, "a.py", 2, "a.py", (2,)),)
    assert trouble == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("// spawngate: ignore[a, b-*] seen by ann until=2027-03-31", "seen by ann"),
        ("  /* spawngate: ignore[a,b-*] until=2027-03-31 seen by ann */", "seen by ann"),
        ("{/* spawngate:ignore[a,b-*]: seen by ann until=2027-03-31. */}", "seen by ann"),
        ("\t# spawngate: ignore [a,b-*] - seen by ann until=2027-03-31", "seen by ann"),
    ],
)
def test_a_comment_alone_covers_its_own_and_the_next_line(line: str, reason: str) -> None:
    found, trouble = inline("a.ts", f"\n{line}\nstart();\n".encode())
    assert found == (Suppression(("a", "b-*"), reason, date(2027, 3, 31), "a.ts", 2, "a.ts", (2, 3)),)
    assert trouble == ()


def test_a_whole_file() -> None:
    found, trouble = inline(
        "a.rs", b"// spawngate: ignore-file[*] an example\n" + b"\n" * 60 + b"// spawngate: ignore-file[*] late\n"
    )
    assert found == (Suppression(("*",), "an example", None, "a.rs", 1, "a.rs", ()),)
    assert [item.message for item in trouble] == [
        "line 62: the suppression does not count: stands after line 40: ignore-file counts at the head of a file only"
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("# spawngate: ignore because", "it names no rule, as in ignore[mcp-launch-http]"),
        ("# spawngate: ignore[] because", "it names no rule, as in ignore[mcp-launch-http]"),
        ("# spawngate: ignore[*]", "it gives no reason"),
        ("# spawngate: ignore[*] until=2027-01-01", "it gives no reason"),
        ("# spawngate: ignore[*] because until=soon", "its end is no date, as in until=2027-03-31"),
        ("# spawngate: ignore[*] because until=", "its end is no date, as in until=2027-03-31"),
    ],
)
def test_what_is_written_half_does_not_count(text: str, wrong: str) -> None:
    found, trouble = inline("a.py", text.encode())
    assert found == ()
    assert [(item.path, item.reason, item.message) for item in trouble] == [
        ("a.py", "suppression", f"line 1: the suppression does not count: {wrong}")
    ]


def test_words_outside_of_a_comment_are_none() -> None:
    assert inline("a.py", b'x = "spawngate: ignore[*] because"\nspawngate: ignore\n') == ((), ())


def test_the_file_of_the_project() -> None:
    text = """
[[suppress]]
rule = "mcp-launch-*"
path = "examples/**"
reason = "examples of the manual"
until = 2027-03-31
[[suppress]]
rule = ["a", "b"]
fingerprint = "00ff"
reason = "known"
"""
    found, trouble = of_file(text)
    assert found == (
        Suppression(
            ("mcp-launch-*",), "examples of the manual", date(2027, 3, 31), ".spawngate/code.toml", 2, "examples/**"
        ),
        Suppression(("a", "b"), "known", None, ".spawngate/code.toml", 7, "**", (), "00ff"),
    )
    assert trouble == ()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ('rule = "a"\npath = "b"', "it gives no reason"),
        ('reason = "a"\npath = "b"', "it names no rule, as in ignore[mcp-launch-http]"),
        ('rule = "a"\nreason = "b"', "it needs a `path` or a `fingerprint`, as text"),
        ('rule = "a"\nreason = "b"\npath = "c"\nuntil = "soon"', "its end is no date, as in until=2027-03-31"),
        ('rule = "a"\nreason = "b"\npath = "c"\nuntil = 3', "its end is no date, as in until = 2027-03-31"),
        ('rule = "a"\nreason = "b"\npath = "c"\nutil = 2027-01-01',
         "it has keys that are not known; there are rule, path, fingerprint, reason and until"),
    ],
)  # fmt: skip
def test_tables_that_do_not_count(body: str, wrong: str) -> None:
    found, trouble = of_file(f"[[suppress]]\n{body}\n")
    assert found == ()
    assert [item.message for item in trouble] == [f"line 1: the suppression does not count: {wrong}"]


def test_a_file_that_is_no_toml_or_no_list() -> None:
    assert [item.reason for item in of_file("[[suppress]\n")[1]] == ["malformed"]
    assert [item.reason for item in of_file("suppress = 3\n")[1]] == ["unknown-shape"]


def inline_of(text: str, path: str = "src/tools.py") -> tuple[Suppression, ...]:
    return inline(path, text.encode())[0]


def test_a_covered_finding_is_kept_and_marked() -> None:
    held = inline_of("\n" * 10 + "# spawngate: ignore[mcp-launch-*] admins only until=2026-11-22\n")
    found = answer([finding(), finding(line=30)], held, TODAY)
    assert [item.suppressed for item in found.findings] == ["admins only (until 2026-11-22)", ""]
    assert found.notes == ()


def test_one_that_has_ended_counts_no_more_and_says_so() -> None:
    held = inline_of("\n" * 10 + "# spawngate: ignore[*] admins only until=2026-11-21\n")
    found = answer([finding()], held, TODAY)
    assert [item.suppressed for item in found.findings] == [""]
    assert [(item.reason, item.message) for item in found.notes] == [
        ("suppression-ended", "line 11: ended on 2026-11-21: 1 finding count again")
    ]


def test_one_that_covers_nothing_says_so() -> None:
    held = inline_of("# spawngate: ignore[mcp-launch-http] admins only\n")
    found = answer([finding()], held, TODAY)
    assert [(item.path, item.reason, item.message) for item in found.notes] == [
        ("src/tools.py", "suppression-unused", "line 1: covers no finding")
    ]


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        ("src/**", True),
        ("src/*.py", True),
        ("*.py", False),
        ("**/tools.py", True),
        ("src", False),
        ("src/tools.p?", True),
    ],
)
def test_paths(path: str, covered: bool) -> None:
    held = Suppression(("*",), "x", None, "f", 1, path)
    assert bool(answer([finding()], [held], TODAY).findings[0].suppressed) is covered


def test_a_single_finding() -> None:
    held = Suppression(("*",), "x", None, "f", 1, "**", (), finding().fingerprint)
    other = replace(finding(), fingerprint="other")
    assert [item.suppressed for item in answer([other, finding()], [held], TODAY).findings] == ["", "x"]


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    inline("a", b"# spawngate: ignore[" + data)
    of_file("[[suppress]]\n" + data.decode("utf-8", "replace"))
