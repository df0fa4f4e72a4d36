"""SHELL. HTTPS to the server: through a proxy, with a private CA, with a client certificate. Redirects are not
followed, and no variable of the environment says whom we trust or where we go: the enrolment does.

Everything that keeps an answer from coming is `AwayError`; what the server says is an `Answer`, whatever its status.
Sources: RFC 9110, 9112; CONNECT through a proxy as http.client does it.
Must not be here: what is said (`sync.messages`), when (`run`).
"""

import base64
import contextlib
import email.utils
import gzip
import http.client
import os
import socket
import ssl
import sys
import threading
import urllib.request
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import zstandard

from spawngate import __version__
from spawngate.endpoint.sync.enrolment import Reach
from spawngate.model.errors import UsageError
from spawngate.sync import messages
from spawngate.sync.bundle import LARGEST
from spawngate.sync.messages import MessageError, Problem

TIMEOUT = 30.0
"""Seconds for each step of a connection."""
WHOLE = 180.0
"""Seconds for a request and its whole answer: one that comes byte by byte keeps everything else waiting."""
PACKED_FROM = 512
"""Bytes from which a body is packed."""
WINDOW = 8 << 20
_LATE = "the server does not answer in time"


class AwayError(Exception):
    """There is no answer. The message says why, and holds no token."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def after(self) -> float:
        """Seconds that it wants to be left alone; 0 where it says nothing. A date counts from the server's own."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text) if len(text) < 6 else 0.0
        try:
            until, at = (email.utils.parsedate_to_datetime(each) for each in (text, self.headers.get("date", "")))
            return min(max((until - at).total_seconds(), 0.0), 99_999.0)
        except (ValueError, TypeError, OverflowError):
            return 0.0


class RefusedError(Exception):
    """The server said no. `problem` is what it says."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        try:
            self.problem = messages.read(Problem, answer.body)
        except MessageError:
            self.problem = Problem(f"it answers with status {answer.status}")
        super().__init__(self.problem.error)

    @property
    def is_of_itself(self) -> bool:
        """Whether this very thing was refused, and to try it again, or something else, is no use for that reason."""
        return 400 <= self.answer.status < 500 and self.answer.status not in (401, 408, 429)


def proxy_for(server: str, environment: Mapping[str, str]) -> str:
    """The proxy that the environment names for a server: HTTPS_PROXY unless NO_PROXY excepts it; empty for none."""
    parts = urlsplit(server)
    named = {name.lower(): value for name, value in environment.items() if name.lower().endswith("_proxy")}
    proxy = named.get(f"{parts.scheme}_proxy", "") or named.get("all_proxy", "")
    excepted = urllib.request.proxy_bypass_environment(  # type: ignore[attr-defined]  # no stub names it; documented nowhere else either
        parts.hostname or "", {"no": named.get("no_proxy", "")}
    )
    return "" if excepted or not proxy else proxy


class Transport:
    """One connection to a server, kept open. For one thread."""

    def __init__(self, reach: Reach, *, timeout: float = TIMEOUT, whole: float = WHOLE) -> None:
        """Raises UsageError where certificates cannot be used."""
        self._reach, self._timeout, self._whole = reach, timeout, whole
        self._parts = urlsplit(reach.server)
        self._context = _context(reach) if self._parts.scheme == "https" else None
        self._connection: http.client.HTTPConnection | None = None
        self._packing = "zstd"

    def send(
        self, method: str, path: str, token: str = "", body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to one request. Raises AwayError."""
        packed, packing = self._packed(body)
        given = {"User-Agent": f"spawngate/{__version__}", "Accept-Encoding": "zstd, gzip", **(headers or {})}
        if token:
            given["Authorization"] = f"Bearer {token}"
        if packing:
            given["Content-Encoding"] = packing
        answer = self._asked(method, self._parts.path + path, packed, given)
        if answer.status == 415 and packing == "zstd":
            self._packing = "gzip"
            return self.send(method, path, token, body, headers)
        return answer

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _packed(self, body: bytes) -> tuple[bytes, str]:
        if len(body) < PACKED_FROM:
            return body, ""
        if self._packing == "gzip":
            return gzip.compress(body, 5), "gzip"
        return zstandard.ZstdCompressor(level=3).compress(body), "zstd"

    def _asked(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        for again in (self._connection is not None, False):
            late = threading.Event()
            try:
                with self._bounded(late):
                    found = self._once(method, path, body, headers)
                if late.is_set():
                    raise TimeoutError  # http.client takes what was cut off for whole
                return found
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                gone = isinstance(error, http.client.RemoteDisconnected | BrokenPipeError | ConnectionResetError)
                # The server let a connection go that nobody used for a while.
                if not (again and gone) or late.is_set():
                    raise AwayError(_LATE if late.is_set() else _told(error)) from None
        raise AssertionError  # pragma: no cover

    @contextlib.contextmanager
    def _bounded(self, late: threading.Event) -> Iterator[None]:
        """Cut the connection where the whole takes too long: the timeout of a socket is that of each byte."""
        done = threading.Event()

        def watch() -> None:
            if done.wait(self._whole):
                return
            late.set()
            while not done.wait(0.05):
                sock = getattr(self._connection, "sock", None)
                if sock is not None:
                    with contextlib.suppress(OSError):
                        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # past TLS, which another thread is using

        watcher = threading.Thread(target=watch, name="deadline", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request(method, path, body or None, dict(headers))
        response = self._connection.getresponse()
        data = response.read(LARGEST + 1)
        if len(data) > LARGEST:
            self.close()
            raise AwayError("the answer is too long")
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)  # with a limit, read does not say so
        named = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(response.status, named, unpacked(data, named.get("content-encoding", "")))

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._context is None:
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        if not self._reach.proxy:
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=self._context)
        proxy = urlsplit(self._reach.proxy)
        connection = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port or 8080, timeout=self._timeout, context=self._context
        )
        credentials = {}
        if proxy.username is not None:
            pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
            credentials["Proxy-Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        connection.set_tunnel(host, port or 443, credentials)
        return connection


def _context(reach: Reach) -> ssl.SSLContext:
    # Not ssl.create_default_context: it obeys SSL_CERT_FILE, SSL_CERT_DIR and SSLKEYLOGFILE.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if reach.ca:
            context.load_verify_locations(cafile=reach.ca)
        else:
            _trust_the_system(context)
        if reach.certificate:
            context.load_cert_chain(reach.certificate, reach.key or None)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"the certificates cannot be used ({_told(error)})") from None
    return context


def _trust_the_system(context: ssl.SSLContext) -> None:
    """The authorities of the system, wherever the environment says that they are. Raises OSError."""
    if sys.platform == "win32":
        context.load_default_certs()
        return
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if os.path.isfile(paths.openssl_cafile) else None
    folder = paths.openssl_capath if os.path.isdir(paths.openssl_capath) else None
    if file or folder:
        context.load_verify_locations(file, folder)


def unpacked(data: bytes, encoding: str) -> bytes:
    """What an answer, or a part of one, holds. Raises AwayError."""
    try:
        if encoding == "zstd":
            found = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(data).read(LARGEST + 1)
        elif encoding == "gzip":
            found = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, LARGEST + 1)
        else:
            found = data
    except (zstandard.ZstdError, zlib.error):
        raise AwayError("the answer cannot be unpacked") from None
    if len(found) > LARGEST:
        raise AwayError("the answer is too long")
    return found


def _told(error: BaseException) -> str:
    """Why, for a person, without what was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return _LATE
    if isinstance(error, http.client.IncompleteRead):
        return "the answer ends before its time"
    if isinstance(error, OSError):
        return str(error.strerror or error) or type(error).__name__
    return type(error).__name__
