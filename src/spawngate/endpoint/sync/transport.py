"""SHELL. HTTPS to the server: through a proxy, with a private CA, with a client certificate. Redirects are not
followed.

Everything that keeps an answer from coming is `AwayError`; what the server says is an `Answer`, whatever its status.
Sources: RFC 9110, 9112; CONNECT through a proxy as http.client does it.
Must not be here: what is said (`sync.messages`), when (`run`).
"""

import base64
import gzip
import http.client
import ssl
import urllib.request
import zlib
from collections.abc import Mapping
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
PACKED_FROM = 512
"""Bytes from which a body is packed."""
WINDOW = 8 << 20


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
        """Seconds that it wants to be left alone; 0 where it says nothing."""
        text = self.headers.get("retry-after", "")
        return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0


class RefusedError(Exception):
    """The server said no. `problem` is what it says."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        try:
            self.problem = messages.read(Problem, answer.body)
        except MessageError:
            self.problem = Problem(f"it answers with status {answer.status}")
        super().__init__(self.problem.error)


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

    def __init__(self, reach: Reach, *, timeout: float = TIMEOUT) -> None:
        """Raises UsageError where certificates cannot be used."""
        self._reach, self._timeout = reach, timeout
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
            try:
                return self._once(method, path, body, headers)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
                # The server let a connection go that nobody used for a while.
                self.close()
                if not again:
                    raise AwayError(_told(error)) from None
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                raise AwayError(_told(error)) from None
        raise AssertionError  # pragma: no cover

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request(method, path, body or None, dict(headers))
        response = self._connection.getresponse()
        data = response.read(LARGEST + 1)
        if len(data) > LARGEST:
            self.close()
            raise AwayError("the answer is too long")
        named = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(response.status, named, _unpacked(data, named.get("content-encoding", "")))

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
    try:
        context = ssl.create_default_context(cafile=reach.ca or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if reach.certificate:
            context.load_cert_chain(reach.certificate, reach.key or None)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"the certificates cannot be used ({_told(error)})") from None
    return context


def _unpacked(data: bytes, encoding: str) -> bytes:
    """Raises AwayError."""
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
        return "the server does not answer in time"
    if isinstance(error, OSError):
        return str(error.strerror or error) or type(error).__name__
    return type(error).__name__
