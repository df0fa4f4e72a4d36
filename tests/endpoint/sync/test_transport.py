"""How the server is reached: TLS with a private CA and a client certificate, proxies, packing, and what goes wrong."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from spawngate.endpoint.sync.enrolment import Reach
from spawngate.endpoint.sync.transport import Answer, AwayError, RefusedError, Transport, proxy_for
from spawngate.model.errors import UsageError
from spawngate.sync.bundle import LARGEST

Handler = Callable[[BaseHTTPRequestHandler, bytes], tuple[int, dict[str, str], bytes]]


@contextmanager
def server(answer: Handler, context: ssl.SSLContext | None = None) -> Iterator[int]:
    class Handling(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, headers, data = answer(self, body)
            self.send_response(status)
            for name, value in {"content-length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Serving(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    made = Serving(("127.0.0.1", 0), Handling)
    if context is not None:
        made.socket = context.wrap_socket(made.socket, server_side=True)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made.server_address[1]
    finally:
        made.shutdown()
        made.server_close()
        thread.join()


def echo(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
    return 200, {"x-was": request.headers.get("content-encoding", "")}, body


def ask(reach: Reach, body: bytes = b"", **more: str) -> Answer:
    made = Transport(reach, timeout=5)
    try:
        return made.send("POST", "/x", "token", body, more)
    finally:
        made.close()


class Authority:
    """A private CA, and certificates of it in files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ca")])
        own = self._built(self.name, self.key.public_key(), True).sign(self.key, hashes.SHA256())
        (folder / "ca.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def _built(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, ca: bool) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )

    def issue(self, name: str) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = self._built(subject, key.public_key(), False)
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        made = built.sign(self.key, hashes.SHA256())
        path = self.folder / f"{name}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        return path


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def context(authority: Authority, *, client: bool = False) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(authority.issue("server"))
    if client:
        made.load_verify_locations(authority.folder / "ca.pem")
        made.verify_mode = ssl.CERT_REQUIRED
    return made


def test_a_private_authority_is_trusted_where_it_is_named(authority: Authority) -> None:
    with server(echo, context(authority)) as port:
        reach = Reach(f"https://localhost:{port}", ca=str(authority.folder / "ca.pem"))
        assert ask(reach, b"hello").body == b"hello"
        with pytest.raises(AwayError, match="certificate is not trusted"):
            ask(Reach(f"https://localhost:{port}"), b"hello")
        with pytest.raises(AwayError, match="certificate is not trusted"):
            ask(Reach(f"https://127.0.0.1:{port}", ca=str(authority.folder / "ca.pem")))


def test_a_client_certificate_is_shown_where_it_is_wanted(authority: Authority) -> None:
    with server(echo, context(authority, client=True)) as port:
        reach = Reach(f"https://localhost:{port}", ca=str(authority.folder / "ca.pem"))
        with pytest.raises(AwayError):
            ask(reach, b"hello")
        own = Reach(reach.server, reach.ca, str(authority.issue("client")))
        assert ask(own, b"hello").body == b"hello"


def test_certificates_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("rubbish")
    for reach in (Reach("https://a", ca="/nowhere"), Reach("https://a", certificate=str(tmp_path / "bad"))):
        with pytest.raises(UsageError, match="certificates cannot be used"):
            Transport(reach)


def proxy(seen: list[bytes], refuse: bool = False) -> socket.socket:
    """A proxy that tunnels one connection after the other."""
    listener = socket.create_server(("127.0.0.1", 0))

    def copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4_096)
            seen.append(head)
            if refuse:
                client.sendall(b"HTTP/1.1 407 no\r\ncontent-length: 0\r\n\r\n")
                client.close()
                continue
            host, _, port = head.split()[1].decode().rpartition(":")
            upstream = socket.create_connection((host, int(port)))
            client.sendall(b"HTTP/1.1 200 ok\r\n\r\n")
            threading.Thread(target=copy, args=(client, upstream), daemon=True).start()
            threading.Thread(target=copy, args=(upstream, client), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return listener


def test_a_proxy_is_gone_through_with_its_credentials(authority: Authority) -> None:
    seen: list[bytes] = []
    with server(echo, context(authority)) as port, proxy(seen) as listener:
        at = f"http://me:p%40ss@127.0.0.1:{listener.getsockname()[1]}"
        reach = Reach(f"https://localhost:{port}", ca=str(authority.folder / "ca.pem"), proxy=at)
        assert ask(reach, b"hello").body == b"hello"
    head = seen[0].decode()
    assert head.startswith(f"CONNECT localhost:{port} HTTP/1.")
    assert "Proxy-Authorization: Basic bWU6cEBzcw==" in head
    assert "token" not in head


def test_a_proxy_that_refuses_is_told(authority: Authority) -> None:
    with proxy([], refuse=True) as listener:
        reach = Reach("https://localhost:9", proxy=f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(AwayError, match="407"):
            ask(reach)


@pytest.mark.parametrize(
    ("server_", "environment", "expected"),
    [
        ("https://a.example", {}, ""),
        ("https://a.example", {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ("https://a.example", {"https_proxy": "http://p:1"}, "http://p:1"),
        ("https://a.example", {"ALL_PROXY": "http://p:1"}, "http://p:1"),
        ("https://a.example", {"HTTP_PROXY": "http://p:1"}, ""),
        ("https://a.example", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example,other"}, ""),
        ("https://a.example", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "b.example"}, "http://p:1"),
        ("https://a.example", {"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, ""),
    ],
)
def test_the_environment_names_the_proxy(server_: str, environment: dict[str, str], expected: str) -> None:
    assert proxy_for(server_, environment) == expected


def test_large_bodies_travel_packed_and_a_server_may_not_know_zstd() -> None:
    text = b"a line\n" * 1_000
    with server(echo) as port:
        answer = ask(Reach(f"http://127.0.0.1:{port}"), text)
        assert (answer.headers["x-was"], zstandard.ZstdDecompressor().decompress(answer.body)) == ("zstd", text)
        assert ask(Reach(f"http://127.0.0.1:{port}"), b"short").headers["x-was"] == ""

    def old(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        packing = request.headers.get("content-encoding")
        return (415, {}, b"") if packing == "zstd" else (200, {}, gzip.decompress(body))

    with server(old) as port:
        made = Transport(Reach(f"http://127.0.0.1:{port}"))
        assert [made.send("POST", "/x", "", text).body for _ in range(2)] == [text, text]
        made.close()


@pytest.mark.parametrize(("pack", "encoding"), [(gzip.compress, "gzip"), (zstandard.ZstdCompressor().compress, "zstd")])
def test_answers_are_unpacked_in_bounds(pack: Callable[[bytes], bytes], encoding: str) -> None:
    with server(lambda request, body: (200, {"content-encoding": encoding}, pack(body))) as port:
        assert ask(Reach(f"http://127.0.0.1:{port}"), b"hello").body == b"hello"
    rubbish = server(lambda request, body: (200, {"content-encoding": encoding}, b"rubbish"))
    with rubbish as port, pytest.raises(AwayError, match="cannot be unpacked"):
        ask(Reach(f"http://127.0.0.1:{port}"))
    bomb = pack(b"\0" * (LARGEST + 1))
    large = server(lambda request, body: (200, {"content-encoding": encoding}, bomb))
    with large as port, pytest.raises(AwayError, match="too long"):
        ask(Reach(f"http://127.0.0.1:{port}"))


def test_a_redirect_is_an_answer_and_the_token_goes_nowhere_else() -> None:
    with server(lambda request, body: (302, {"location": "http://127.0.0.1:9/"}, b"")) as port:
        assert ask(Reach(f"http://127.0.0.1:{port}")).status == 302


def test_a_connection_that_was_let_go_is_made_anew() -> None:
    counts: list[int] = []

    def closing(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        counts.append(1)
        request.close_connection = True  # without saying so
        return 200, {}, b"x"

    with server(closing) as port:
        made = Transport(Reach(f"http://127.0.0.1:{port}"))
        assert [made.send("GET", "/").body for _ in range(3)] == [b"x"] * 3
        made.close()
    assert len(counts) == 3


def test_nobody_there_and_nobody_who_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        made = Transport(Reach(f"http://127.0.0.1:{port}"), timeout=0.2)
        with pytest.raises(AwayError, match="does not answer in time"):
            made.send("GET", "/")
    with pytest.raises(AwayError, match="refused"):
        ask(Reach(f"http://127.0.0.1:{port}"))


def test_what_is_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                try:
                    client, _ = listener.accept()
                except OSError:  # the test has ended
                    return
                client.recv(4_096)
                client.sendall(b"SSH-2.0-OpenSSH\r\n")
                client.close()

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(AwayError) as error:
            ask(Reach(f"http://127.0.0.1:{listener.getsockname()[1]}"))
    assert "token" not in str(error.value)


def test_refusals_in_words() -> None:
    said = RefusedError(Answer(429, {"retry-after": "30"}, b'{"error":"slow down","code":"slow"}'))
    assert (str(said), said.problem.code, said.answer.after) == ("slow down", "slow", 30.0)
    passing = (401, 408, 429, 500, 503, 302)
    assert [RefusedError(Answer(status, {}, b"")).is_of_itself for status in passing] == [False] * 6
    assert [RefusedError(Answer(status, {}, b"")).is_of_itself for status in (400, 404, 410, 422)] == [True] * 4
    page = RefusedError(Answer(502, {"retry-after": "Wed, 21 Oct"}, b"<html>"))
    assert (str(page), page.answer.after) == ("it answers with status 502", 0.0)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"retry-after": "Sat, 21 Nov 2026 12:02:00 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 120.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2099 11:00:00 GMT", "date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 99_999.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:02:00 GMT"}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:02:00 -0000", "date": "Sat, 21 Nov 2026 12:00:00 GMT"}, 0.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "-7"}, 0.0),
        ({"retry-after": "1e9"}, 0.0),
        ({"retry-after": "999999999999"}, 0.0),
        ({"retry-after": "\u0663"}, 0.0),
        ({"retry-after": ""}, 0.0),
    ],
)
def test_when_to_come_again(headers: dict[str, str], after: float) -> None:
    assert Answer(503, headers, b"").after == after


@contextmanager
def raw(*parts: bytes, pause: float = 0.05) -> Iterator[int]:
    """A server that says these, the last one for ever."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65_536)
                try:
                    for part in parts:
                        client.sendall(part)
                    while not ended.wait(pause):
                        client.sendall(parts[-1])
                except OSError:  # cut off, as it should be
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            thread.join(5)


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nx-", b"a"),
        (b"HTTP/1.1 ", b"2"),
        (b"HTTP/1.1 100 Continue\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_an_answer_that_comes_byte_by_byte_is_cut_off(parts: tuple[bytes, ...]) -> None:
    with raw(*parts) as port:
        transport = Transport(Reach(f"http://127.0.0.1:{port}"), timeout=5, whole=0.4)
        started = time.monotonic()
        with pytest.raises(AwayError, match="does not answer in time"):
            transport.send("GET", "/x")
        assert time.monotonic() - started < 3
        transport.close()


def test_a_proxy_that_never_comes_to_an_end_is_cut_off(authority: Authority) -> None:
    with raw(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n") as port:
        reach = Reach("https://localhost:9", str(authority.folder / "ca.pem"), proxy=f"http://127.0.0.1:{port}")
        transport = Transport(reach, timeout=5, whole=0.4)
        with pytest.raises(AwayError, match="does not answer in time"):
            transport.send("GET", "/x")
        transport.close()


def test_the_environment_does_not_say_whom_we_trust(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project's variables make nobody our server, and write our keys nowhere."""
    authority.issue("server")
    keys = authority.folder / "keys"
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(authority.folder / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(authority.folder))
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with server(echo, context(authority)) as port:
        with pytest.raises(AwayError, match="not trusted"):
            ask(Reach(f"https://localhost:{port}"))
        assert ask(Reach(f"https://localhost:{port}", str(authority.folder / "ca.pem"))).status == 200
    assert not keys.exists()


def test_half_an_answer_is_none() -> None:
    def short(request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        request.close_connection = True
        return 200, {"content-length": "10"}, b"12345"

    with server(short) as port, pytest.raises(AwayError, match="ends before its time"):
        ask(Reach(f"http://127.0.0.1:{port}"))
