"""Frames: whole ones are read as they were written, and nothing else is read at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.call import HookReply
from spawngate.model.wire import (
    ANSWER_PREFIX,
    MAX_ANSWER,
    MAX_HEADER,
    REQUEST_PREFIX,
    Request,
    WireError,
    answer_length,
    decode_answer,
    decode_request,
    encode_answer,
    encode_request,
    request_length,
)

REQUEST = Request(
    agent="claude-code",
    event="PreToolUse",
    pid=12,
    parent=11,
    cwd="/home/a/\udcff",
    environment={"CLAUDECODE": "1", "EMPTY": ""},
    client="native",
    omitted=("LONG",),
    payload=b'{"a":1}\0\n',
)
HEADER = (
    b"agent=claude-code\0event=PreToolUse\0pid=12\0parent=11\0client=native\0cwd=/home/a/\xff\0"
    b"env.CLAUDECODE=1\0env.EMPTY=\0omitted=LONG\0"
)
FRAME = b"SGQ1" + len(HEADER).to_bytes(4, "big") + b"\0\0\0\x09" + HEADER + b'{"a":1}\0\n'
REPLY = HookReply(stdout=b"{}\n", stderr=b"no", exit_code=2)
ANSWER = b"SGA1\0\0\0\x02\0\0\0\x03\0\0\0\x02{}\nno1AGS"

names = st.text("abcdefghijklmnopqrstuvwxyz-_0123456789", min_size=1, max_size=12)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
requests = st.builds(
    Request,
    agent=names,
    event=texts,
    pid=st.integers(0, 2**31),
    parent=st.integers(0, 2**31),
    cwd=texts,
    environment=st.dictionaries(names, texts, max_size=4),
    client=st.sampled_from(["", "native", "python"]),
    omitted=st.lists(names, max_size=2).map(tuple),
    payload=st.binary(max_size=200),
)
replies = st.builds(
    HookReply, stdout=st.binary(max_size=200), stderr=st.binary(max_size=50), exit_code=st.integers(0, 255)
)


def test_a_request_as_bytes() -> None:
    assert encode_request(REQUEST) == FRAME
    assert decode_request(FRAME) == REQUEST


def test_the_smallest_request() -> None:
    assert encode_request(Request("a")) == b"SGQ1\0\0\0\x08\0\0\0\0agent=a\0"
    assert decode_request(b"SGQ1\0\0\0\x08\0\0\0\0agent=a\0") == Request("a")


def test_an_answer_as_bytes() -> None:
    assert encode_answer(REPLY) == ANSWER
    assert decode_answer(ANSWER) == REPLY


@given(requests)
def test_requests_survive(request: Request) -> None:
    frame = encode_request(request)
    assert decode_request(frame) == request
    assert request_length(frame[:REQUEST_PREFIX]) == len(frame)


@given(replies)
def test_answers_survive(reply: HookReply) -> None:
    frame = encode_answer(reply)
    assert decode_answer(frame) == reply
    assert answer_length(frame[:ANSWER_PREFIX]) == len(frame)


@pytest.mark.parametrize("frame", [FRAME, ANSWER], ids=["request", "answer"])
def test_a_part_is_no_frame_and_neither_is_more(frame: bytes) -> None:
    decode, length = (decode_request, request_length) if frame == FRAME else (decode_answer, answer_length)
    for end in range(len(frame)):
        with pytest.raises(WireError):
            decode(frame[:end])
        assert length(frame[:end]) == (None if end < (12 if frame == FRAME else 16) else len(frame))
    with pytest.raises(WireError):
        decode(frame + b"\0")


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda rest: b"SGQ1\0\0\0\x08\0\0\0\x01" + rest))
def test_any_bytes_are_a_request_or_an_error(data: bytes) -> None:
    try:
        request = decode_request(data)
    except WireError:
        return
    assert decode_request(encode_request(request)) == request


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda rest: b"SGA1\0\0\0\0\0\0\0\x02\0\0\0\0" + rest))
def test_any_bytes_are_an_answer_or_an_error(data: bytes) -> None:
    try:
        reply = decode_answer(data)
    except WireError:
        return
    assert encode_answer(reply) == data


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"agent=a", "the header's last entry has no end"),
        (b"", "the header names no agent"),
        (b"agent=\0", "the header names no agent"),
        (b"event=x\0", "the header names no agent"),
        (b"agent=a\0nothing\0", "an entry of the header has no name"),
        (b"agent=a\0=x\0", "an entry of the header has no name"),
        (b"agent=a\0\0", "an entry of the header has no name"),
    ],
)
def test_bad_headers(header: bytes, words: str) -> None:
    with pytest.raises(WireError, match=words):
        decode_request(b"SGQ1" + len(header).to_bytes(4, "big") + b"\0\0\0\0" + header)


def test_unknown_entries_are_passed_over_and_the_first_of_equals_counts() -> None:
    header = b"agent=a\0future=1\0agent=b\0pid=x\0parent=99999999999\0env.=x\0env.A=1\0env.A=2\0"
    frame = b"SGQ1" + len(header).to_bytes(4, "big") + b"\0\0\0\0" + header
    assert decode_request(frame) == Request("a", environment={"A": "1"})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"X", "not a request"),
        (b"SGQ2", "not a request"),
        (b"SGQ1\0\x01\0\x01\0\0\0\0", "the header is too long"),
        (b"SGQ1\0\0\0\x08\x01\0\0\x01", "the payload is too long"),
    ],
)
def test_requests_refused_early(data: bytes, words: str) -> None:
    with pytest.raises(WireError, match=words):
        request_length(data)


def test_the_payloads_limit_can_be_set() -> None:
    frame = encode_request(Request("a", payload=b"12345"))
    assert decode_request(frame, 5) == Request("a", payload=b"12345")
    with pytest.raises(WireError, match="the payload is too long"):
        decode_request(frame, 4)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"SGQ1", "not an answer"),
        (b"SGA1\0\0\x01\0\0\0\0\0\0\0\0\0", "no such exit code"),
        (b"SGA1\0\0\0\0\0\x10\0\0\0\0\0\x01", "the answer is too long"),
        (b"SGA1\0\0\0\0\xff\xff\xff\xff\0\0\0\x01", "the answer is too long"),
    ],
)
def test_answers_refused_early(data: bytes, words: str) -> None:
    with pytest.raises(WireError, match=words):
        answer_length(data)


def test_another_end() -> None:
    with pytest.raises(WireError, match="the answer does not end as it must"):
        decode_answer(ANSWER[:-1] + b"X")


@pytest.mark.parametrize("request_", [Request("a\0b"), Request("a", environment={"A=B": ""}), Request("a", cwd="\0")])
def test_what_would_break_a_header_is_not_written(request_: Request) -> None:
    with pytest.raises(WireError, match="an entry of the header holds a byte that ends it"):
        encode_request(request_)


def test_what_is_too_long_is_not_written() -> None:
    with pytest.raises(WireError, match="the header is too long"):
        encode_request(Request("a", cwd="x" * MAX_HEADER))
    with pytest.raises(WireError, match="the answer is too long"):
        encode_answer(HookReply(stdout=bytes(MAX_ANSWER), stderr=b"x"))
    with pytest.raises(WireError, match="no such exit code"):
        encode_answer(HookReply(exit_code=256))
    with pytest.raises(WireError, match="no such exit code"):
        encode_answer(HookReply(exit_code=-9))
