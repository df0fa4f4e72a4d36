"""Events out of a stream, and back to the same bytes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.sse import Event, Events, EventTooLong
from tests.protocol.strategies import chunks

STREAMS = st.lists(
    st.sampled_from(
        [
            b"\n",
            b"\r\n",
            b"\r",
            b"data: a",
            b"data:b",
            b"data",
            b"event: x",
            b"id: 1",
            b": note",
            b"\xef\xbb\xbf",
            b"Data: c",
            b"z",
        ]
    ),
    max_size=30,
).map(b"".join)


def read(pieces: list[bytes]) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    events = Events()
    found = [event for piece in pieces for event in events.feed(piece)] + events.end()
    return b"".join(event.raw for event in found), [(e.name, e.data) for e in found if e.data is not None]


@given(st.data(), STREAMS | st.binary(max_size=60))
def test_pieces_of_a_stream_make_the_same_events(data: st.DataObject, stream: bytes) -> None:
    pieces = data.draw(chunks(stream))
    raw, said = read(pieces)
    assert (raw, said) == (stream, read([stream])[1])


@given(
    st.lists(st.lists(st.sampled_from([b"a", b"", b" x", b"{}"]), min_size=1, max_size=3), max_size=4),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
def test_events_are_read_as_they_were_written(events: list[list[bytes]], end: bytes) -> None:
    stream = b"".join(b"".join(b"data: " + line + end for line in lines) + end for lines in events)
    assert read([stream]) == (stream, [(b"", b"\n".join(lines)) for lines in events])


def test_fields() -> None:
    (event,) = Events().feed(b"\xef\xbb\xbfid: 7\nevent:message\n: note\nretry\ndata:  {\ndata: }\nData: x\n\n")
    assert (event.name, event.data, event.fields) == (
        b"message",
        b" {\n}",
        [(b"id", b"7"), (b"event", b"message"), (b"", b"note"), (b"retry", b"")],
    )
    assert event.with_data(b'{"a":1}') == b'id: 7\nevent: message\n: note\nretry: \ndata: {"a":1}\n\n'


def test_a_comment_has_no_data() -> None:
    assert Event(b": keep alive\n\n").data is None
    assert Event(b"data\n\n").data == b""


def test_a_long_event_is_refused() -> None:
    events = Events(limit=10)
    assert [event.data for event in events.feed(b"data: ab\n\n")] == [b"ab"]
    with pytest.raises(EventTooLong, match="an event is longer than 10 bytes"):
        events.feed(b"data: abcdef")


def test_many_events_and_long_ones_cost_linear_time() -> None:
    start = time.process_time()
    events = Events()
    for _ in range(20):
        assert len(events.feed(b"data: x\n\n" * 5000)) == 5000
    for _ in range(5000):
        assert events.feed(b"data: " + b"x" * 4000 + b"\n") == []
    assert len(events.feed(b"\n")) == 1
    assert time.process_time() - start < 5
