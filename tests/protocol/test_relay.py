"""The relay between agent and server: order, bytes, and what is held."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.framing import Lines
from spawngate.protocol.message import is_call, parse
from spawngate.protocol.relay import Relay
from tests.protocol.readers import calls_seen
from tests.protocol.strategies import CALLS, OTHERS, chunks, dumped
from tests.protocol.test_message import METHODS

if TYPE_CHECKING:
    from spawngate.protocol.relay import Step


def call(identifier: str, tool: str = "read", arguments: str = '{"path":"/x"}', meta: str = "") -> bytes:
    return (
        f'{{"jsonrpc":"2.0","id":{identifier},"method":"tools/call",'
        f'"params":{{"name":"{tool}","arguments":{arguments}{meta}}}}}\n'
    ).encode()


def denied(identifier: str, text: str, more: str = "") -> bytes:
    return (
        f'{{"jsonrpc":"2.0","id":{identifier},"result":{{"content":[{{"type":"text","text":"{text}"}}],'
        f'"isError":true{more}}}}}\n'
    ).encode()


PING = b'{"jsonrpc":"2.0","id":7,"method":"ping"}\n'
MODERN = ',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}'


def cancelled(identifier: str) -> bytes:
    return f'{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{identifier}}}}}\n'.encode()


def test_an_allowed_call_goes_on_as_it_was_written() -> None:
    relay = Relay()
    line = b' {"id" : 1.0, "method":"tools\\/call","params":{"name":"read"},"jsonrpc":"2.0"}\r\n'
    assert relay.from_agent(line) == [("call", 1, "read", {})]
    assert (relay.waiting, relay.held) == (1, len(line))
    assert relay.resolve(1, "allow", "") == [("server", line)]
    assert (relay.waiting, relay.held) == (0, 0)


@pytest.mark.parametrize("verdict", ["deny", "ask", "log", "", "ALLOW"])
def test_everything_but_allow_denies(verdict: str) -> None:
    relay = Relay()
    relay.from_agent(call("1"))
    assert relay.resolve(1, verdict, "no") == [("agent", denied("1", "no"))]


def test_a_denial_in_the_modern_era_is_complete() -> None:
    relay = Relay()
    relay.from_agent(call('"a"', meta=MODERN))
    assert relay.resolve(1, "deny", "no") == [("agent", denied('"a"', "no", ',"resultType":"complete"'))]


def test_lines_behind_a_call_keep_their_order() -> None:
    relay = Relay()
    assert relay.from_agent(call("1")) == [("call", 1, "read", {"path": "/x"})]
    assert relay.from_agent(PING) == []
    assert relay.from_agent(call("2", "write")) == [("call", 2, "write", {"path": "/x"})]
    assert relay.from_agent(b"text\n") == []
    assert relay.from_server(b"log\n") == [("agent", b"log\n")]
    assert relay.resolve(2, "deny", "no") == []
    assert relay.resolve(1, "allow", "") == [
        ("server", call("1")),
        ("server", PING),
        ("agent", denied("2", "no")),
        ("server", b"text\n"),
    ]


def test_an_answer_is_taken_once() -> None:
    relay = Relay()
    relay.from_agent(call("1"))
    assert relay.resolve(2, "allow", "") == []
    assert len(relay.resolve(1, "deny", "no")) == 1
    assert relay.resolve(1, "allow", "") == []


def test_a_call_without_an_id_is_decided_and_not_answered() -> None:
    relay = Relay()
    line = b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read"}}\n'
    assert relay.from_agent(line) == [("call", 1, "read", {})]
    assert relay.resolve(1, "deny", "no") == []
    assert relay.from_agent(line) == [("call", 2, "read", {})]
    assert relay.resolve(2, "allow", "") == [("server", line)]


def test_a_repeated_call_with_input_responses_is_decided_again() -> None:
    relay = Relay()
    relay.from_agent(call("1", meta=MODERN))
    relay.resolve(1, "allow", "")
    answer = (
        b'{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{},"requestState":"s"}}\n'
    )
    assert relay.from_server(answer) == [("agent", answer)]
    again = call("2", meta=MODERN + ',"inputResponses":{},"requestState":"s"')
    assert relay.from_agent(again) == [("call", 2, "read", {"path": "/x"})]


class TestCancellation:
    def test_a_waiting_call_and_its_cancellation_are_as_if_never_sent(self) -> None:
        relay = Relay()
        relay.from_agent(call("1"))
        relay.from_agent(PING)
        assert relay.from_agent(cancelled("1")) == [("server", PING)]
        assert (relay.waiting, relay.held) == (0, 0)
        assert relay.resolve(1, "allow", "") == []

    def test_a_call_behind_another_is_taken_back(self) -> None:
        relay = Relay()
        relay.from_agent(call("1"))
        relay.from_agent(call('"1"'))
        assert relay.resolve(2, "allow", "") == []
        assert relay.from_agent(cancelled('"1"')) == []
        assert relay.resolve(1, "allow", "") == [("server", call("1"))]

    def test_a_call_that_the_server_has_is_cancelled_there(self) -> None:
        relay = Relay()
        relay.from_agent(call("1"))
        relay.resolve(1, "allow", "")
        assert relay.from_agent(cancelled("1")) == [("server", cancelled("1"))]

    @pytest.mark.parametrize("identifier", ["2", '"1"', "true", "null", "[1]"])
    def test_another_id_cancels_nothing(self, identifier: str) -> None:
        relay = Relay()
        relay.from_agent(call("1"))
        assert relay.from_agent(cancelled(identifier)) == []
        assert relay.resolve(1, "allow", "") == [("server", call("1")), ("server", cancelled(identifier))]


class TestBatches:
    BATCH = b"[" + call("1").strip() + b" ," + PING.strip() + b",\t" + call('"b"', "write").strip() + b"]\r\n"

    def ask(self) -> Relay:
        relay = Relay()
        assert relay.from_agent(self.BATCH) == [
            ("call", 1, "read", {"path": "/x"}),
            ("call", 2, "write", {"path": "/x"}),
        ]
        return relay

    def test_allowed(self) -> None:
        relay = self.ask()
        assert relay.resolve(2, "allow", "") == []
        assert relay.resolve(1, "allow", "") == [("server", self.BATCH)]

    def test_partly_denied(self) -> None:
        relay = self.ask()
        relay.resolve(1, "allow", "")
        assert relay.resolve(2, "deny", "no") == [
            ("server", b"[" + call("1").strip() + b"," + PING.strip() + b"]\r\n"),
            ("agent", b"[" + denied('"b"', "no").strip() + b"]\n"),
        ]

    def test_denied_to_the_last(self) -> None:
        relay = Relay()
        relay.from_agent(b"[" + call("1").strip() + b"]\n")
        assert relay.resolve(1, "deny", "no") == [("agent", b"[" + denied("1", "no").strip() + b"]\n")]

    def test_one_bad_call_leaves_its_neighbours(self) -> None:
        relay = Relay()
        bad = b'{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":1}}'
        assert relay.from_agent(b"[" + bad + b"," + PING.strip() + b"]\n") == [
            ("server", b"[" + PING.strip() + b"]\n"),
            (
                "agent",
                b'[{"jsonrpc":"2.0","id":9,"error":{"code":-32600,"message":"Spawngate refused this tools/call, '
                b'because it is not clear what it calls: name is no text."}}]\n',
            ),
        ]


def refused(identifier: str, code: int, why: str) -> list[Step]:
    text = f"Spawngate refused this line, because servers could read it in different ways: {why}."
    return [
        ("agent", f'{{"jsonrpc":"2.0","id":{identifier},"error":{{"code":{code},"message":"{text}"}}}}\n'.encode()),
    ]


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        (b'{"id":1,"method":"ping","method":"tools/call"}\n', refused("1", -32600, "a key stands twice")),
        (b'{"id":1,"id":2,"method":"tools/call"}\n', refused("null", -32600, "a key stands twice")),
        (b'{"id":1,"Method":"tools/call"}\n', refused("1", -32600, "a key is spelt like another")),
        (b'{"id":1,"Method":"tools/list"}\n', refused("1", -32600, "a key is spelt like another")),
        (b'[{"id":1,"Method":"tools/call"}]\n', refused("null", -32600, "a key is spelt like another")),
        (
            b'{"id":1,"method":"ping","params":\r{"method":"tools/call"}\r}\n',
            refused("1", -32600, "a carriage return stands in the line"),
        ),
        (b'{"id":1,"method":"tools/call"\n', refused("null", -32700, "a comma is missing")),
        (b"'tools/call'\n", refused("null", -32700, "it is no object")),
        (b'{"id":1,"method":"tools\xff/call"}\n', refused("null", -32700, "it is not UTF-8")),
        ('{"method":"tools/call"}\n'.encode("utf-16-le"), refused("null", -32700, "a key is missing")),
    ],
)
def test_lines_that_servers_could_read_as_a_call_are_refused(line: bytes, steps: list[Step]) -> None:
    assert Relay().from_agent(line) == steps


TRICKY = st.one_of(
    st.sampled_from(METHODS).map(lambda m: b'{"jsonrpc":"2.0","id":1,"method":' + m + b',"params":{"name":"evil"}}'),
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"[",
                b"]",
                b",",
                b"\r",
                b"\xef\xbb\xbf",
                b'"x":',
                b'"id":1',
                b'"method":"ping"',
                b'"a"',
                b"\xe2\x80\xa8",
            ]
            + [b'"method":' + method for method in METHODS]
            + [b'"Method":"tools/call"', b'"params":{"name":"evil"}', b'"metho\\u0064":"ping"']
            + [b'{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"evil"}}']
        ),
        max_size=10,
    ).map(b"".join),
)


@given(st.lists(TRICKY, max_size=4), st.data())
def test_no_reader_of_a_server_sees_a_call_that_nobody_allowed(lines: list[bytes], data: st.DataObject) -> None:
    relay = Relay()
    written = b""
    for line in lines:
        encoding = data.draw(st.sampled_from(["", "", "", "utf-16-le", "utf-16", "utf-32-be"]))
        line = line.decode("latin-1").encode(encoding) if encoding else line
        for piece in Lines().feed(line + b"\n"):
            steps = relay.from_agent(piece)
            for step in steps:
                if step[0] == "call":
                    steps += relay.resolve(step[1], "deny", "no")
            written += b"".join(step[1] for step in steps if step[0] == "server")
    assert calls_seen(written) == []
    assert (relay.waiting, relay.held) == (0, 0)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_of_either_side_are_survived(stream: bytes, asked: bool) -> None:
    relay = Relay()
    if asked:
        relay.from_agent(b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n')
    lines = Lines()
    for line in [*lines.feed(stream), lines.pending]:
        for step in [*relay.from_agent(line), *relay.from_server(line)]:
            assert step[0] in ("server", "agent", "call", "tools")


def run(lines: Sequence[bytes], verdicts: Sequence[str], order: Sequence[int]) -> tuple[list[bytes], list[bytes]]:
    """What server and agent got when questions are answered in some order, as soon as `order` says."""
    relay, server, agent, tokens = Relay(), list[bytes](), list[bytes](), list[int]()

    def take(steps: list[Step]) -> None:
        for step in steps:
            if step[0] == "server":
                server.append(step[1])
            elif step[0] == "agent":
                agent.append(step[1])
            else:
                tokens.append(step[1])

    for number, line in enumerate(lines):
        take(relay.from_agent(line))
        for _ in range(order[number % len(order)] if order else 0):
            if tokens:
                token = tokens.pop((number * 7) % len(tokens))
                take(relay.resolve(token, verdicts[token % len(verdicts)], "no"))
    while tokens:
        token = tokens.pop()
        take(relay.resolve(token, verdicts[token % len(verdicts)], "no"))
    assert (relay.waiting, relay.held) == (0, 0)
    return server, agent


@given(
    st.data(),
    st.lists(CALLS | OTHERS, max_size=8),
    st.lists(st.sampled_from(["allow", "deny"]), min_size=1, max_size=5),
)
def test_order_is_kept_and_allowed_bytes_are_the_same(
    data: st.DataObject, values: list[dict[str, object]], verdicts: list[str]
) -> None:
    lines = [data.draw(dumped(value)) + data.draw(st.sampled_from([b"\n", b"\r\n"])) for value in values]
    order = data.draw(st.lists(st.integers(0, 3), max_size=5))
    server, agent = run(lines, verdicts, order)
    number, expected, answered = 0, [], []
    for line, value in zip(lines, values, strict=True):
        if value.get("method") == "tools/call":
            number += 1
            if verdicts[number % len(verdicts)] == "deny":
                answered.append(value["id"])
                continue
        expected.append(line)
    assert server == expected
    assert [json.loads(line)["id"] for line in agent] == answered


@given(st.data(), st.lists(CALLS | OTHERS, max_size=5), st.sampled_from([b"\n", b"\r\n"]))
def test_pieces_of_a_stream_give_the_same_steps(
    data: st.DataObject, values: list[dict[str, object]], end: bytes
) -> None:
    stream = b"".join(data.draw(dumped(value)) + end for value in values)

    def steps(pieces: list[bytes]) -> list[Step]:
        relay, lines = Relay(), Lines()
        found: list[Step] = []
        for piece in pieces:
            for line in lines.feed(piece):
                found += relay.from_agent(line)
        return found

    assert steps(data.draw(chunks(stream))) == steps([stream])


def test_a_relay_that_decides_nothing_passes_calls() -> None:
    relay = Relay(decide_tools=False, pins=False)
    for line in (call("1"), b'{"id":1,"method":"tools/list"}\n'):
        assert relay.from_agent(line) == [("server", line)]
    line = b'{"id":1,"result":{"tools":[{"name":"a"}]}}\n'
    assert relay.from_server(line) == [("agent", line)]


def test_a_line_of_64_mib_passes() -> None:
    relay = Relay()
    line = call("1", arguments=json.dumps({"text": "x" * (63 << 20)}))
    start = time.process_time()
    (step,) = relay.from_agent(line)
    assert step[0] == "call"
    assert relay.resolve(1, "allow", "") == [("server", line)]
    assert time.process_time() - start < 5
    (message,), _ = parse(line)
    assert is_call(message)
