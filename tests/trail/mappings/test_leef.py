"""LEEF 2.0: lines that a reader takes apart into what was put in."""

import re

from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.mappings.leef import attributes, header_text, leef, value_text
from spawngate.trail.mappings.source import Source, read
from tests.trail.mappings.samples import ANY_SOURCE, SOURCES


def parsed(line: str) -> tuple[list[str], dict[str, str]]:
    """A line as QRadar reads it: five fields, the delimiter by its number, then keys up to their first equals sign."""
    *header, rest = line.split("|", 6)[:7]
    delimiter = chr(int(header[5][1:], 16))
    pairs = [part.split("=", 1) for part in rest.split(delimiter)]
    assert len({key for key, _ in pairs}) == len(pairs)
    return header, {key: value for key, value in pairs}  # noqa: C416  # lists of two are no items for `dict` to mypy


@given(ANY_SOURCE)
def test_any_record_is_one_line_that_reads_back(source: Source) -> None:
    line = leef(source)
    assert line.splitlines() == [line]
    header, found = parsed(line)
    assert header == ["LEEF:2.0", "Spawngate", "Spawngate", "0.1.0", header_text(source.event.type), "x09"]
    assert found == {key: value_text(value) for key, value in attributes(source).items()}
    assert 1 <= int(found["sev"]) <= 10


@given(st.text())
def test_texts(text: str) -> None:
    assert re.fullmatch(r"[^|\x00-\x1f\x7f\x85\u2028\u2029]*", header_text(text))
    assert re.fullmatch(r"[^\x00-\x1f\x7f\x85\u2028\u2029]*", value_text(text))


def test_what_would_end_a_value() -> None:
    assert value_text("a\tb\r\nc\nd\re|f=g\x00") == "a b\\nc\\nd\\ne|f=g "
    assert header_text("a|b\tc") == "a/b c"


def test_whole_line() -> None:
    source = SOURCES["ask-mcp"]
    expected = [
        "LEEF:2.0|Spawngate|Spawngate|0.1.0|decision|x09|devTime=1795255200123",
        "sev=8",
        "cat=decision",
        "identHostName=e0f1a2b3c4d5e6f7",
        "usrName=ann",
        "agent=claude-code",
        "sessionId=3f2b8c1e",
        "outcome=unknown",
        "eventKey=e0f1a2b3c4d5e6f7:stream-1:3",
        f"recordHash={source.hash}",
        "action=ask",
        "mode=enforce",
        "policy=deny-destructive",
        "rules=spawn-pipe-to-shell",
        "reason=refused: a download is run by a shell",
        "tool=mcp__files__read_file",
        "mcpServer=files",
        "mcpTool=read_file",
        "resource=/etc/passwd",
        "msg=ask: claude-code files/read_file: /etc/passwd: refused: a download is run by a shell",
    ]
    assert leef(source).split("\t") == expected


def test_values_are_in_bounds() -> None:
    found = attributes(read(b'{"type":"x","at":"","schema_version":1,"message":"%b"}' % (b"m" * 9000)))
    assert len(found["msg"]) == 4000
