"""What clients of a forward proxy ask, and what goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.forward import Last, Misasked, Opening, authority, connected, connecting


def opened(data: bytes, *, size: int = 0) -> Opening:
    """The opening after these bytes, in pieces of `size`."""
    one = Opening()
    for at in range(0, len(data), size or len(data)):
        one.receive(data[at : at + (size or len(data))])
    return one


@pytest.mark.parametrize("size", [0, 1, 7])
@pytest.mark.parametrize(
    ("data", "kind", "host", "port", "first"),
    [
        (b"CONNECT Api.Example.:443 HTTP/1.1\r\nHost: x\r\n\r\n", "connect", "api.example", 443, b""),
        (b"CONNECT [::1]:80 HTTP/1.0\r\n\r\n", "connect", "::1", 80, b""),
        (
            b"GET http://api.example/a?b=http://c#d HTTP/1.1\r\nHost: other\r\nAccept: */*\r\n"
            b"Connection: keep-alive, X-A\r\nX-A: 1\r\nProxy-Connection: x\r\n\r\n",
            "http",
            "api.example",
            80,
            b"GET /a?b=http://c HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\nAccept: */*\r\n\r\n",
        ),
        (
            b"POST HTTP://user:pass@api.example:8080 HTTP/1.0\r\nContent-Length: 2\r\n\r\n",
            "http",
            "api.example",
            8080,
            b"POST / HTTP/1.1\r\nHost: api.example:8080\r\nConnection: close\r\nContent-Length: 2\r\n\r\n",
        ),
        (
            b"GET http://[2001:db8::1]?x HTTP/1.1\r\n\r\n",
            "http",
            "2001:db8::1",
            80,
            b"GET /?x HTTP/1.1\r\nHost: [2001:db8::1]\r\nConnection: close\r\n\r\n",
        ),
        (b"\x05\x01\x00\x05\x01\x00\x03\x0bApi.Example\x01\xbb", "socks", "api.example", 443, b""),
        (b"\x05\x02\x02\x00\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x50", "socks", "127.0.0.1", 80, b""),
        (b"\x05\x01\x00\x05\x01\x00\x04" + bytes(15) + b"\x01\x00\x50", "socks", "0:0:0:0:0:0:0:1", 80, b""),
    ],
)
def test_where_to(size: int, data: bytes, kind: str, host: str, port: int, first: bytes) -> None:
    one = opened(data, size=size)
    assert (one.kind, one.host, one.port) == (kind, host, port)
    assert one.accepted()[1] == first


def test_what_follows_goes_on() -> None:
    assert opened(b"CONNECT a.example:1 HTTP/1.1\r\n\r\nhello").accepted() == (
        b"HTTP/1.1 200 Connection established\r\n\r\n",
        b"hello",
    )
    assert opened(b"\x05\x01\x00\x05\x01\x00\x03\x01a\x00\x01hello").accepted() == (
        b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00",
        b"hello",
    )
    assert opened(b"PUT http://a.example/ HTTP/1.1\r\n\r\nhello").accepted()[1].endswith(b"\r\n\r\nhello")


def test_a_method_is_carried_as_it_is() -> None:
    one = opened(b"A%s http://a.example/%s HTTP/1.1\r\n\r\n")
    assert one.accepted()[1].startswith(b"A%s /%s HTTP/1.1\r\n")


def test_a_client_that_speaks_to_no_proxy() -> None:
    one = Opening()
    one.routed("a.example", 5432)
    assert (one.kind, one.host, one.port, one.accepted(), one.refused(403, "x")) == (
        "route", "a.example", 5432, (b"", b""), b"",
    )  # fmt: skip


def test_through_another_proxy() -> None:
    one = opened(b"GET http://a.example:81/x HTTP/1.1\r\nProxy-Authorization: Basic old\r\n\r\n")
    assert one.through(b"bmV3") == (
        b"",
        b"GET http://a.example:81/x HTTP/1.1\r\nProxy-Authorization: Basic bmV3\r\nHost: a.example:81\r\n"
        b"Connection: close\r\n\r\n",
    )
    assert connecting("::1", 443, b"") == b"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n"
    assert connecting("a", 443, b"x").endswith(b"\r\nProxy-Authorization: Basic x\r\n\r\n")


@pytest.mark.parametrize(
    ("head", "yes"),
    [
        (b"HTTP/1.1 200 OK\r\nx: y", True),
        (b"HTTP/1.0 204", True),
        (b"HTTP/1.1 407 Proxy Authentication Required", False),
        (b"HTTP/2 200", False),
        (b"200 OK", False),
        (b"", False),
    ],
)
def test_another_proxys_answer(head: bytes, yes: bool) -> None:
    assert connected(head) is yes


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET https://a.example/ HTTP/1.1\r\n\r\n", 501),
        (b"GET http:///x HTTP/1.1\r\n\r\n", 400),
        (b"GET http://a.example/ HTTP/1.1 x\r\n\r\n", 400),
        (b"GET http://a.example/ HTTP/2\r\n\r\n", 400),
        (b"GET http://a.example/ HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET http://a.example/ HTTP/1.1\r\nA: b\nHost: c\r\n\r\n", 400),
        (b"GET http://a.example/ HTTP/1.1\r\n A: folded\r\n\r\n", 400),
        (b"G\xffT http://a.example/ HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT a.example HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT a.example:0 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT a.example:x HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT ::1:80 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT a@b:80 HTTP/1.1\r\n\r\n", 400),
        (b"CONNECT a%00b:80 HTTP/1.1\r\n\r\n", 400),
        (b"GET " + b"x" * 70_000, 431),
        (b"\x16\x03\x01", 0),
        (b"\x04\x01", 0),
        (b"\x05\x01\x02", -1),
        (b"\x05\x01\x00\x05\x02\x00\x03\x01a\x00\x01", 501),
        (b"\x05\x01\x00\x05\x01\x00\x09\x01a\x00\x01", 501),
        (b"\x05\x01\x00\x05\x01\x00\x03\x01a\x00\x00", 403),
        (b"\x05\x01\x00\x06\x01\x00\x03\x01a\x00\x01", 0),
        (b"\x05\x01\x00\x05\x01\x00\x03\x00\x00\x01", 400),
        (b"GET http://a.example/\tHTTP/1.1\n\nGET\thttp://b.example/\tHTTP/1.1\nX: HTTP/1.1\r\n\r\n", 400),
        (b"GET http://a.example/\tx HTTP/1.1\r\n\r\n", 400),
        (b"GET http://a.example/\nx HTTP/1.1\r\n\r\n", 400),
        (b"GET http://a.example/ HTTP/1.1\r\nA: \x00\r\n\r\n", 400),
        (b"POST http://a.example/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST http://a.example/ HTTP/1.1\r\nContent-Length: 1\r\nContent-length: 9\r\n\r\n", 400),
    ],
)
def test_what_is_none(data: bytes, status: int) -> None:
    with pytest.raises(Misasked) as caught:
        opened(data)
    assert caught.value.status == status


def test_refusals() -> None:
    one = opened(b"CONNECT a.example:1 HTTP/1.1\r\n\r\n")
    assert one.refused(403, "n\u00f6") == (
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Length: 14\r\n"
        b"Connection: close\r\n\r\nSpawngate: n?\n"
    )
    socks = opened(b"\x05\x01\x00")
    assert [socks.refused(status, "x")[:2] for status in (403, 502, -1, 0)] == [
        b"\x05\x02",
        b"\x05\x05",
        b"\x05\xff",
        b"",
    ]


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\nKeep-Alive: x\r\n\r\nhi",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
        ),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi\r\n\r\nhi",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi\r\n\r\nhi",
        ),
        (b"no HTTP at all\r\n\r\nhi", b"no HTTP at all\r\n\r\nhi"),
        (b"HTTP/1.1 200 OK\r\nends", b"HTTP/1.1 200 OK\r\nends"),
    ],
)
def test_an_answer_is_the_last_one(size: int, said: bytes, told: bytes) -> None:
    last = Last()
    found = b"".join(last.receive(said[at : at + size]) for at in range(0, len(said), size))
    assert found + last.receive(b"") == told


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes(pieces: list[bytes]) -> None:
    one = Opening()
    try:
        for piece in filter(None, pieces):
            one.receive(piece)
            if one.kind:
                break
    except Misasked as error:
        said = one.refused(error.status, str(error))
        if said[:1] not in (b"", b"\x05", b"H"):
            raise
    assert bool(one.kind) == bool(one.host)


@given(st.binary(max_size=30))
def test_any_authority(text: bytes) -> None:
    try:
        host, port = authority(text, 80)
    except Misasked:
        return
    assert host
    assert 0 < port < 65536


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_answer_is_carried(pieces: list[bytes]) -> None:
    last = Last()
    whole = b"".join(pieces)
    found = b"".join(last.receive(piece) for piece in pieces if piece) + last.receive(b"")
    if not whole.startswith(b"HTTP/1."):
        assert found == whole
