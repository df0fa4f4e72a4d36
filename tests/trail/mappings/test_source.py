"""Reading of stored records for the mappings, and the words they share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.finding import Severity
from spawngate.trail.mappings.source import UNREADABLE, Source, is_alert, is_stopped, outcome, read, sentence, severity
from tests.trail.mappings.samples import ANY_SOURCE, AT, ENDPOINT, EVENTS, RECORDS, SOURCES


def test_read() -> None:
    source = read(RECORDS["added"])
    assert source.event.artifact == EVENTS["added"].artifact
    assert (source.key, source.milliseconds) == (f"{ENDPOINT}:stream-1:8", 1795255200123)
    assert source.hash == source.record["hash"]
    told = read(RECORDS["added"], endpoint="other", stream="s", sequence=3, at="x")
    assert (told.key, told.event.at) == ("other:s:3", AT)


@given(st.binary(max_size=60) | st.sampled_from([b"[" * 5000, b'{"at":1}', b"null", b"1e999", b'{"type":"a"}']))
def test_anything_is_read(data: bytes) -> None:
    source = read(data, endpoint="e", stream="s", sequence=1, at=AT)
    assert source.event.type == UNREADABLE
    assert (source.key, source.event.at, source.record["type"]) == ("e:s:1", AT, UNREADABLE)


@given(ANY_SOURCE)
def test_words_are_total(source: Source) -> None:
    event = source.event
    assert isinstance(severity(event), Severity)
    assert outcome(event) in ("success", "failure", "unknown")
    assert "\n" not in sentence(event)
    assert sentence(event) == sentence(event).strip()
    assert is_alert(event) in (True, False)
    assert source.milliseconds >= 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("deny-shell", ("critical", "failure", True, True)),
        ("deny-monitor", ("critical", "success", True, False)),
        ("ask-mcp", ("high", "unknown", False, False)),
        ("log-read", ("info", "success", False, False)),
        ("not-understood", ("medium", "failure", True, True)),
        ("opened", ("high", "success", True, False)),
        ("closed", ("info", "success", False, False)),
        ("self-protection", ("high", "success", True, False)),
        ("installed", ("low", "success", False, False)),
        ("configuration", ("critical", "failure", True, True)),
        ("tools", ("medium", "success", True, False)),
        ("policy-refused", ("high", "failure", False, False)),
        ("unwritten", ("high", "failure", False, False)),
        ("delivered", ("info", "success", False, False)),
        ("dead", ("high", "failure", False, False)),
        ("of-later", ("info", "success", False, False)),
    ],
)
def test_words(name: str, expected: tuple[str, str, bool, bool]) -> None:
    event = SOURCES[name].event
    assert (severity(event), outcome(event), is_alert(event), is_stopped(event)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("deny-monitor", "deny (monitor): claude-code Bash: curl -s"),
        ("ask-mcp", "ask: claude-code files/read_file: /etc/passwd: refused"),
        ("changed", "artifact changed: mcp_server files: launch.args, status"),
        ("opened", "finding opened: inline-shell: mcp_server files: files is started by bash -c"),
        ("dead", "delivery dead: ops (slack): no such channel"),
        ("administration", "administration: route siem created"),
        ("checkpoint", "checkpoint: checkpoint of days/2026-11-20"),
        ("of-later", "something-new: a type of a later version"),
    ],
)
def test_sentences(name: str, expected: str) -> None:
    assert sentence(SOURCES[name].event).startswith(expected)
