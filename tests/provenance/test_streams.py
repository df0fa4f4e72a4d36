"""Which sessions may have read what a server said."""

from collections.abc import Sequence

from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.memory import MOST_BYTES, Sessions
from spawngate.provenance.session import Session
from spawngate.provenance.streams import MOST, Streams, is_stream


def made(recent: Sequence[str] = ()) -> tuple[Sessions, Streams]:
    sessions = Sessions(Fingerprinter(b"k"), lambda name: b"", lambda name, data, whole: None, MOST_BYTES)
    return sessions, Streams(sessions, lambda agent: [name for name in recent if name.startswith(agent)])


def session(sessions: Sessions, name: str, *processes: int) -> Session:
    found = sessions.load(name)
    found.processes = frozenset(processes)
    return found


def test_of_its_process_and_of_those_that_are_not_known() -> None:
    sessions, streams = made()
    own, other = session(sessions, "claude-code.1", 7, 8), session(sessions, "claude-code.2", 9)
    unknown = session(sessions, "claude-code.3")
    _, stream, news = streams.open("claude-code", 1, frozenset({7}))
    assert news
    assert streams.read_by("claude-code", own) == [stream]
    assert streams.read_by("claude-code", unknown) == [stream]
    assert streams.read_by("claude-code", other) == []
    assert streams.read_by("cursor", own) == []


def test_of_all_while_nobody_is_known_to_be_in_its_process() -> None:
    sessions, streams = made()
    other = session(sessions, "claude-code.2", 9)
    session(sessions, "cursor.1", 7)
    _, stream, _ = streams.open("claude-code", 1, frozenset({7}))
    assert streams.read_by("claude-code", other) == [stream]
    session(sessions, "claude-code.1", 7)
    assert streams.read_by("claude-code", other) == []


def test_of_all_agents_where_the_agent_is_not_known() -> None:
    sessions, streams = made()
    own = session(sessions, "claude-code.1", 7)
    name, stream, _ = streams.open("", 1, frozenset())
    assert (name, is_stream(name)) == ("any.relay-0000000000000001", True)
    assert streams.read_by("claude-code", own) == [stream]


def test_those_of_before_a_restart() -> None:
    sessions, streams = made(["claude-code.relay-0000000000000005", "claude-code.1"])
    own = session(sessions, "claude-code.1")
    assert streams.names("claude-code") == ["claude-code.relay-0000000000000005"]
    assert len(streams.read_by("claude-code", own)) == 1


def test_the_last_ones() -> None:
    _, streams = made()
    for number in range(MOST + 3):
        streams.open("a", number, frozenset())
    streams.open("a", 5, frozenset())
    assert [int(name[-2:], 16) for name in streams.names("a")] == [5, *range(MOST + 2, 5, -1), 4, 3][:MOST]
