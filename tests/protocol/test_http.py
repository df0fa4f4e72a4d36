"""Streamable HTTP without a socket: what passes, what is held, what is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.http import Exchange, Session, Step, admitted
from tests.protocol.readers import calls_seen
from tests.protocol.strategies import CALLS, OTHERS, chunks, dumped
from tests.protocol.test_message import METHODS

JSON = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
IDENTITY = ("Accept-Encoding", "identity")
CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"p":1}}}'
LIST = b'{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
TOOLS = b'{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a"},{"name":"b"}]}}'
SSE = [("Content-Type", "text/event-stream; charset=utf-8")]


def answer(status: int, body: bytes) -> list[Step]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return [("head", status, headers), ("write", body), ("done",)]


def refused(status: int, code: int, why: str, identifier: str = "null") -> list[Step]:
    message = f"Spawngate refused this request: {why}."
    return answer(
        status, f'{{"jsonrpc":"2.0","id":{identifier},"error":{{"code":{code},"message":"{message}"}}}}'.encode()
    )


def post(body: bytes, *headers: tuple[str, str], session: Session | None = None) -> tuple[Exchange, list[Step]]:
    exchange = Exchange(session or Session())
    return exchange, exchange.request("POST", [*JSON, *headers], body)


def forwarded(body: bytes, *headers: tuple[str, str]) -> Step:
    return ("forward", "POST", [*JSON, *headers, IDENTITY], body)


def body_of(steps: list[Step]) -> bytes:
    """The body of an answer that is given at once."""
    head, written, done = steps
    assert written[0] == "write"
    assert (head[0], done) == ("head", ("done",))
    return written[1]


def test_a_request_goes_on_as_it_came() -> None:
    body = b'{\r\n  "jsonrpc": "2.0",\n  "id": 1, "method": "ping"\n}\n'
    _, steps = post(body, ("Mcp-Session-Id", "s"), ("Authorization", "Bearer x"))
    assert steps == [forwarded(body, ("Mcp-Session-Id", "s"), ("Authorization", "Bearer x"))]


def test_headers_between_the_agent_and_the_proxy_stay_there() -> None:
    own = [
        ("Host", "127.0.0.1:1"),
        ("Origin", "http://127.0.0.1:1"),
        ("Connection", "X-A, Mcp-Session-Id"),
        ("X-A", "1"),
    ]
    _, steps = post(
        LIST, *own, ("Content-Length", "9"), ("Accept-Encoding", "br"), ("Mcp-Session-Id", "s"), ("X-B", "2")
    )
    assert steps == [forwarded(LIST, ("Mcp-Session-Id", "s"), ("X-B", "2"))]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_streams_and_ends_of_sessions_go_on(method: str) -> None:
    headers = [("Accept", "text/event-stream"), ("Last-Event-ID", "7"), ("Mcp-Session-Id", "s")]
    assert Exchange(Session()).request(method, headers, b"") == [("forward", method, [*headers, IDENTITY], b"")]


def test_an_allowed_call() -> None:
    exchange, steps = post(CALL)
    assert steps == [("call", 1, "read", {"p": 1})]
    assert exchange.resolve(1, "allow", "") == [forwarded(CALL)]


def test_a_denied_call() -> None:
    exchange, _ = post(CALL)
    text = b'{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"no"}],"isError":true}}'
    assert exchange.resolve(1, "deny", "no") == answer(200, text)


def test_a_denied_call_without_an_id() -> None:
    exchange, steps = post(b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read"}}')
    assert steps == [("call", 1, "read", {})]
    assert exchange.resolve(1, "deny", "no") == answer(202, b"")


def test_a_batch_goes_on_whole_or_not_at_all() -> None:
    body = b"[" + CALL + b',{"jsonrpc":"2.0","id":3,"method":"ping"}]'
    exchange, _ = post(body)
    assert exchange.resolve(1, "allow", "") == [forwarded(body)]
    exchange, _ = post(body)
    text = body_of(exchange.resolve(1, "deny", "no"))
    texts = {each["id"]: each.get("result") or each["error"]["message"] for each in json.loads(text)}
    assert texts == {
        1: {"content": [{"type": "text", "text": "no"}], "isError": True},
        3: "Not sent: Spawngate refused a tools/call of the same batch.",
    }


def test_a_batch_in_which_nobody_waits_for_an_answer() -> None:
    note = b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"read"}}'
    exchange, _ = post(b"[" + note + b',{"jsonrpc":"2.0","method":"x"}]')
    assert exchange.resolve(1, "deny", "no") == answer(202, b"")


@pytest.mark.parametrize(
    ("headers", "body", "steps"),
    [
        ([("Content-Type", "text/plain")], CALL, refused(415, -32600, "the body is not application/json")),
        ([], CALL, refused(415, -32600, "the body is not application/json")),
        ([("Content-Type", "application/json; charset=utf-16")], CALL, refused(415, -32600, "the body is not UTF-8")),
        ([*JSON, ("Content-Encoding", "gzip")], CALL, refused(415, -32600, "the body is encoded")),
        ([*JSON, *JSON], CALL, refused(415, -32600, "the header content-type stands twice")),
        ([*JSON, ("Mcp-Name", "a"), ("mcp-name", "b")], CALL, refused(415, -32600, "the header mcp-name stands twice")),
        ([*JSON, ("Mcp-Method", "ping")], CALL, refused(400, -32020, "Mcp-Method is not the method of the body", "1")),
        ([*JSON, ("Mcp-Name", "write")], CALL, refused(400, -32020, "Mcp-Name is not the name in the body", "1")),
        (
            [*JSON, ("Mcp-Name", "write")],
            b"[" + CALL + b"]",
            refused(400, -32020, "a batch has no Mcp-Method and no Mcp-Name"),
        ),
        (
            JSON,
            b"{} {}",
            refused(400, -32700, "servers could read it in different ways: something follows the message"),
        ),
        (JSON, b"", refused(400, -32700, "servers could read it in different ways: it is no object")),
        (JSON, b"\xff", refused(400, -32700, "servers could read it in different ways: it is not UTF-8")),
    ],
)
def test_what_is_refused(headers: list[tuple[str, str]], body: bytes, steps: list[Step]) -> None:
    assert Exchange(Session()).request("POST", headers, body) == steps


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "post"])
def test_other_methods_are_refused(method: str) -> None:
    assert Exchange(Session()).request(method, JSON, CALL) == refused(405, -32600, "the method is not one of MCP")


def test_a_body_of_get_is_refused() -> None:
    assert Exchange(Session()).request("GET", JSON, CALL) == refused(405, -32600, "the method is not one of MCP")


@pytest.mark.parametrize("name", ["read", "=?base64?" + base64.b64encode(b"read").decode() + "?="])
def test_headers_that_agree_with_the_body(name: str) -> None:
    _, steps = post(CALL, ("Mcp-Method", "tools/call"), ("Mcp-Name", name))
    assert steps == [("call", 1, "read", {"p": 1})]


class TestJson:
    def test_an_answer_comes_back_as_it_was(self) -> None:
        exchange, _ = post(b'{"jsonrpc":"2.0","id":1,"method":"ping"}')
        head = [("Content-Type", "application/json"), ("Mcp-Session-Id", "s"), ("Transfer-Encoding", "chunked")]
        head += [("Set-Cookie", "a=b"), ("Alt-Svc", "h3=x"), ("Refresh", "0; https://evil.example/")]
        assert exchange.response(200, head) == [
            ("head", 200, [("Content-Type", "application/json"), ("Mcp-Session-Id", "s")])
        ]
        assert exchange.data(b'{\r\n"jsonrpc":"2.0",') == []
        assert exchange.data(b'"id":1,"result":{}}\n') == []
        assert exchange.end() == [("write", b'{\r\n"jsonrpc":"2.0","id":1,"result":{}}\n'), ("done",)]

    def test_a_list_is_asked_about(self) -> None:
        exchange, _ = post(LIST)
        exchange.response(200, JSON)
        exchange.data(TOOLS)
        assert exchange.end() == [("tools", 1, None, [{"name": "a"}, {"name": "b"}], False)]
        assert exchange.resolve(1, "allow", "", ["a"]) == [
            ("write", b'{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"b"}]}}'),
            ("done",),
        ]

    def test_a_list_is_asked_about_whatever_its_type(self) -> None:
        exchange, _ = post(LIST)
        exchange.response(200, [("Content-Type", "text/plain")])
        exchange.data(TOOLS)
        assert [step[0] for step in exchange.end()] == ["tools"]

    def test_nothing_is_nothing(self) -> None:
        exchange, _ = post(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        assert exchange.response(202, []) == [("head", 202, [])]
        assert exchange.end() == [("done",)]

    def test_a_page_of_an_error_passes_where_it_holds_no_tools(self) -> None:
        exchange, _ = post(LIST)
        exchange.response(401, [("WWW-Authenticate", "Bearer"), ("Content-Type", "text/html")])
        exchange.data(b"<h1>Unauthorized</h1>")
        assert exchange.end() == [("write", b"<h1>Unauthorized</h1>"), ("done",)]

    def test_what_is_no_message_and_could_be_a_list_is_dropped(self) -> None:
        exchange, _ = post(LIST)
        exchange.response(200, JSON)
        exchange.data(TOOLS + b"{}")
        assert (exchange.end(), exchange.dropped) == ([("done",)], 1)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_redirects_are_not_passed(self, status: int) -> None:
        exchange, _ = post(CALL.replace(b"tools/call", b"other/call"))
        head, *_ = exchange.response(status, [("Location", "https://example.com/mcp")])
        assert head[:2] == ("head", 502)
        assert (exchange.data(b"x"), exchange.end()) == ([], [])

    def test_a_compressed_answer_is_not_passed(self) -> None:
        exchange, _ = post(LIST)
        head, *_ = exchange.response(200, [*JSON, ("Content-Encoding", "gzip")])
        assert head[:2] == ("head", 502)


class TestEvents:
    def start(self, body: bytes = LIST) -> Exchange:
        exchange, _ = post(body)
        assert exchange.response(200, SSE) == [("head", 200, SSE)]
        return exchange

    def test_events_pass_at_once_and_as_they_are(self) -> None:
        exchange = self.start()
        first = b'id: 1\r\ndata: {"jsonrpc":"2.0",\r\ndata: "method":"x"}\r\n\r\n'
        assert exchange.data(first[:20]) == []
        assert exchange.data(first[20:]) == [("write", first)]
        assert exchange.data(b": ping\n\n") == [("write", b": ping\n\n")]
        assert exchange.end() == [("done",)]

    def test_events_behind_a_list_wait(self) -> None:
        exchange = self.start()
        note = b'data: {"jsonrpc":"2.0","method":"x"}\n\n'
        listed = b"event: message\nid: 9\ndata: " + TOOLS + b"\n\n"
        assert exchange.data(note + listed + b": ping\n\n" + note) == [
            ("write", note),
            ("tools", 1, None, [{"name": "a"}, {"name": "b"}], False),
        ]
        assert exchange.end() == []
        assert exchange.resolve(1, "allow", "", ["a"]) == [
            ("write", b'event: message\nid: 9\ndata: {"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"b"}]}}\n\n'),
            ("write", b": ping\n\n"),
            ("write", note),
            ("done",),
        ]

    def test_an_allowed_list_is_the_same_event(self) -> None:
        exchange = self.start()
        listed = b"data:" + TOOLS.replace(b",", b",\ndata:") + b"\n\n"
        assert [step[0] for step in exchange.data(listed)] == ["tools"]
        assert exchange.resolve(1, "allow", "") == [("write", listed)]

    def test_an_event_without_an_end_is_judged_too(self) -> None:
        exchange = self.start()
        assert exchange.data(b"data: " + TOOLS) == []
        assert [step[0] for step in exchange.end()] == ["tools"]
        assert exchange.resolve(1, "deny", "")[-1] == ("done",)

    def test_the_older_transport_does_not_lead_away(self) -> None:
        exchange = self.start()
        assert exchange.data(b"event: endpoint\ndata: https://example.com/messages\n\n") == []
        assert exchange.dropped == 1

    def test_text_that_could_be_a_list_is_dropped(self) -> None:
        exchange = self.start()
        note = b"data: hello\n\n"
        assert exchange.data(b"data: 'tools'\n\n" + note) == [("write", note)]
        assert exchange.dropped == 1


@pytest.mark.parametrize("headers", [SSE, JSON])
def test_text_that_could_be_a_list_is_dropped_where_nobody_asked(headers: list[tuple[str, str]]) -> None:
    """What was asked on another connection, or before a restart of the proxy, is answered here."""
    exchange = Exchange(Session())
    exchange.request("GET", [], b"")
    exchange.response(200, headers)
    prefix, end = (b"data: ", b"\n\n") if headers is SSE else (b"", b"")
    assert exchange.data(prefix + TOOLS + b"{}" + end) + exchange.end() == [("done",)]


def test_pages_of_a_list_on_several_connections_add_up() -> None:
    session = Session()
    first, _ = post(LIST, session=session)
    first.response(200, JSON)
    first.data(b'{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a"}],"nextCursor":"n"}}')
    assert first.end() == [("tools", 1, None, [{"name": "a"}], True)]
    second, _ = post(b'{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"cursor":"n"}}', session=session)
    second.response(200, SSE)
    (step,) = second.data(b'data: {"jsonrpc":"2.0","id":3,"result":{"tools":[{"name":"b"}]}}\n\n')
    assert step == ("tools", 1, None, [{"name": "a"}, {"name": "b"}], False)


@pytest.mark.parametrize(
    ("target", "headers", "why"),
    [
        ("/t", [("Host", "127.0.0.1:9")], ""),
        ("/t?x=1", [("host", "LOCALHOST:9"), ("origin", "http://localhost:9")], ""),
        ("/t", [("Host", "[::1]:9"), ("Sec-Fetch-Site", "none")], ""),
        ("/x", [("Host", "127.0.0.1:9")], "the path is not known"),
        ("/t/", [("Host", "127.0.0.1:9")], "the path is not known"),
        ("", [("Host", "127.0.0.1:9")], "the path is not known"),
        ("/\u20ac", [("Host", "127.0.0.1:9")], "the path is not known"),
        ("/t", [], "the Host header names another machine"),
        ("/t", [("Host", "127.0.0.1:9"), ("Host", "127.0.0.1:9")], "the Host header names another machine"),
        ("/t", [("Host", "127.0.0.1")], "the Host header names another machine"),
        ("/t", [("Host", "evil.example:9")], "the Host header names another machine"),
        ("/t", [("Host", "127.0.0.1:9"), ("Origin", "https://evil.example")], "the Origin header names a page"),
        ("/t", [("Host", "127.0.0.1:9"), ("Origin", "null")], "the Origin header names a page"),
        ("/t", [("Host", "127.0.0.1:9"), ("Sec-Fetch-Site", "cross-site")], "a page of a browser asks"),
    ],
)
def test_who_is_admitted(target: str, headers: list[tuple[str, str]], why: str) -> None:
    assert admitted(target, headers, "t", 9) == why


BODIES = st.one_of(
    st.sampled_from(METHODS).map(lambda m: b'{"jsonrpc":"2.0","id":1,"method":' + m + b',"params":{"name":"evil"}}'),
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(
            [b"{", b"}", b"[", b"]", b",", b"\r", b"\n", b'"x":', b'"id":1', b'"params":{"name":"evil"}']
            + [b'"method":' + m for m in METHODS]
            + [CALL]
        ),
        max_size=8,
    ).map(b"".join),
)


@given(BODIES, st.sampled_from(["", "utf-16-le", "utf-16", "utf-32"]))
def test_no_reader_of_a_server_sees_a_call_that_nobody_allowed(body: bytes, encoding: str) -> None:
    body = body.decode("latin-1").encode(encoding) if encoding else body
    exchange, steps = post(body)
    for step in steps:
        if step[0] == "call":
            steps += exchange.resolve(step[1], "deny", "no")
    assert calls_seen(b"".join(step[3] for step in steps if step[0] == "forward")) == []
    assert steps[-1] == ("done",) or steps[-1][0] == "forward"


@given(st.data(), st.lists(CALLS | OTHERS, max_size=4), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_a_stream_comes_back_byte_for_byte(data: st.DataObject, values: list[dict[str, object]], end: bytes) -> None:
    stream = b"".join(
        data.draw(st.sampled_from([b"", b"id: 1" + end, b": x" + end]))
        + b"data: "
        + data.draw(dumped(value))
        + end
        + end
        for value in values
    )
    exchange = Exchange(Session())
    exchange.request("GET", [], b"")
    exchange.response(200, SSE)
    steps = [step for piece in data.draw(chunks(stream)) for step in exchange.data(piece)] + exchange.end()
    assert b"".join(step[1] for step in steps if step[0] == "write") == stream
    assert steps[-1] == ("done",)


@given(st.binary(max_size=120), st.sampled_from([SSE, JSON, []]))
def test_any_answer_is_survived(body: bytes, headers: list[tuple[str, str]]) -> None:
    exchange, _ = post(LIST)
    exchange.response(200, headers)
    steps = exchange.data(body) + exchange.end()
    for step in list(steps):
        if step[0] == "tools":
            steps += exchange.resolve(step[1], "allow", "")
    assert steps[-1] == ("done",)
