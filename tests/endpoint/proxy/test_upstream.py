"""One request to a remote server: whole, in pieces, and when it goes wrong."""

import asyncio
import contextlib
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from spawngate.endpoint.proxy import upstream
from spawngate.endpoint.proxy.upstream import Address, Idle, UpstreamError, address_of, send
from spawngate.model.errors import UsageError
from tests.endpoint.proxy.servers import fake, ok


@pytest.mark.parametrize(
    ("url", "address", "authority"),
    [
        ("https://example.com/mcp", Address("example.com", 443, True, "/mcp"), "example.com"),
        ("http://localhost:8080", Address("localhost", 8080, False, "/"), "localhost:8080"),
        ("https://[::1]:443/a?b=c#d", Address("::1", 443, True, "/a?b=c"), "[::1]"),
        ("HTTP://Example.com:80/%20", Address("example.com", 80, False, "/%20"), "example.com"),
    ],
)
def test_addresses(url: str, address: Address, authority: str) -> None:
    assert (address_of(url), address_of(url).authority) == (address, authority)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://user:pw@example.com/",
        "https://@example.com/",
        "https://",
        "https://example.com:99999/",
        "http://[::1",
        "https://ex\u00e4mple.com/",
        "https://example.com/a b",
        "https://example.com/\r\nX: y",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="the server's address"):
        address_of(url)


def ask(*pieces: bytes, method: str = "POST", body: bytes = b"{}") -> tuple[object, list[bytes]]:
    """Status, headers and body of the response, or what was raised; and what the server got."""

    async def run() -> tuple[object, list[bytes]]:
        async with fake(*pieces) as server:
            address = Address("127.0.0.1", server.port, False, "/mcp?x=1")
            try:
                response = await send(address, method, [("X-A", "1")], body)
            except UpstreamError as error:
                return str(error), server.got
            try:
                pieces_of_body = [piece async for piece in response.body()]
                return (response.status, response.headers, b"".join(pieces_of_body)), server.got
            except UpstreamError as error:
                return str(error), server.got
            finally:
                response.close()
                await asyncio.sleep(0.01)

    found, got = asyncio.run(run())
    return found, [each.replace(each.split(b"Host: ")[1].split(b"\r\n")[0], b"HOST") for each in got]


def test_a_request_and_its_response() -> None:
    response, got = ask(b"HTTP/1.1 100 Continue\r\n\r\n" + ok(b"[1]")[:20], ok(b"[1]")[20:])
    assert response == (200, [("content-type", "application/json"), ("content-length", "3")], b"[1]")
    assert got == [
        b"POST /mcp?x=1 HTTP/1.1\r\nHost: HOST\r\nX-A: 1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    ]


def test_a_stream_in_chunks_and_one_without_a_length() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert ask(chunked, method="GET", body=b"")[0] == (200, [("transfer-encoding", "chunked")], b"abc")
    assert ask(b"HTTP/1.1 200 OK\r\n\r\nabc", method="GET", body=b"")[0] == (200, [], b"abc")


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        ([b""], "the server closed the connection without an answer"),
        ([b"SSH-2.0-x\r\n\r\n"], "the server's answer is no HTTP, or breaks off"),
        ([ok(b"[1]")[:-1]], "the server's answer is no HTTP, or breaks off"),
        (
            [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
            "the server's answer is no HTTP, or breaks off",
        ),
    ],
)
def test_what_goes_wrong(pieces: list[bytes], problem: str) -> None:
    found = ask(*pieces)[0]
    assert found in (problem, "the server's answer is no HTTP, or breaks off")


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(UpstreamError, match="the server cannot be reached"):
        asyncio.run(send(Address("127.0.0.1", 1, False, "/"), "GET", [], b""))


def test_a_server_without_tls() -> None:
    def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        try:
            await send(Address("127.0.0.1", server.sockets[0].getsockname()[1], True, "/"), "GET", [], b"")
        finally:
            server.close()

    with pytest.raises(UpstreamError, match="it speaks no TLS"):
        asyncio.run(run())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
@pytest.mark.parametrize("trusted", [True, False])
def test_certificates(tmp_path: Path, trusted: bool) -> None:
    key, certificate = str(tmp_path / "key"), str(tmp_path / "certificate")
    subprocess.run(
        (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
            f"-addext subjectAltName=DNS:localhost -keyout {key} -out {certificate}"
        ).split(),
        check=True,
        capture_output=True,
    )
    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(certificate, key)
    trust = ssl.create_default_context(cafile=certificate)

    async def run() -> object:
        async with fake(ok(b"[1]"), tls=own) as server:
            address = Address("localhost", server.port, True, "/")
            try:
                response = await send(address, "POST", [], b"{}", trust if trusted else None)
            except UpstreamError as error:
                return str(error)
            found = b"".join([piece async for piece in response.body()])
            response.close()
            await asyncio.sleep(0.05)
            return found

    expected = b"[1]" if trusted else "the server's certificate is not trusted, or it speaks no TLS"
    assert asyncio.run(run()) == expected


@pytest.mark.parametrize("header", [("X", "a\r\nY: b"), ("X Y", "a"), ("X", "\u20ac")])
def test_a_header_that_cannot_be_written(header: tuple[str, str]) -> None:
    async def run() -> None:
        async with fake(ok(b"")) as server:
            await send(Address("127.0.0.1", server.port, False, "/"), "GET", [header], b"")

    with pytest.raises(UpstreamError, match="the request cannot be written as HTTP"):
        asyncio.run(run())


def kept(
    requests: int, *, close_after: int = 99, read_all: bool = True, extra: bytes = b""
) -> tuple[int, list[object]]:
    """Connections that a server saw for some requests, and what came of each. It ends each after `close_after`."""
    connections = 0

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            for _ in range(close_after):
                await reader.readuntil(b"\r\n\r\n{}")
                writer.write(ok(b"[1]") + extra)
        writer.close()

    async def run() -> list[object]:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        address, idle = Address("127.0.0.1", server.sockets[0].getsockname()[1], False, "/"), Idle()
        found: list[object] = []
        for _ in range(requests):
            try:
                response = await send(address, "POST", [], b"{}", idle=idle)
            except UpstreamError as error:
                found.append(str(error))
                continue
            found.append(b"".join([piece async for piece in response.body()]) if read_all else response.status)
            response.close()
            await asyncio.sleep(0.02)
        idle.close()
        server.close()
        await asyncio.sleep(0.02)
        return found

    found = asyncio.run(run())
    return connections, found


def test_a_connection_serves_many_requests() -> None:
    assert kept(5) == (1, [b"[1]"] * 5)


def test_a_connection_that_the_server_has_ended_is_not_used() -> None:
    assert kept(4, close_after=2) == (2, [b"[1]"] * 4)


def test_a_response_that_was_not_read_ends_the_connection() -> None:
    assert kept(3, read_all=False) == (3, [200] * 3)


def test_a_server_that_says_more_than_it_was_asked_gets_a_new_connection() -> None:
    assert kept(3, extra=b"HTTP/1.1 200 OK\r\n") == (3, [b"[1]"] * 3)


def test_idle_connections_are_few_and_short_lived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "IDLE_SECONDS", 0.0)
    assert kept(3) == (3, [b"[1]"] * 3)
    monkeypatch.setattr(upstream, "IDLE_SECONDS", 20.0)
    monkeypatch.setattr(upstream, "MOST_IDLE", 0)
    assert kept(3) == (3, [b"[1]"] * 3)
