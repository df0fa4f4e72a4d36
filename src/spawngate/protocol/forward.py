"""How a client asks a forward proxy for a connection: HTTP CONNECT, HTTP with a whole address, SOCKS 5. Sans-IO.

Belongs here: the bytes until it is known where to, the answers, and what goes on to the other side.
Must not be here: who may be reached (`launch.hosts`), sockets (`endpoint.launcher.egress`).
One connection carries one request: with a whole address the other side is told to close after it, so that what follows
cannot be meant for another host. RFC 9110 9.3.6 (CONNECT), RFC 9112 3.2 (forms of a target), RFC 1928 and 1929 (SOCKS).
Imports nothing: the relay loads it.
"""

MAX_HEAD = 64 << 10
"""Bytes of a request's head."""
_END = b"\r\n\r\n"
_DROPPED = frozenset(
    (b"host", b"connection", b"proxy-connection", b"proxy-authorization", b"proxy-authenticate", b"keep-alive", b"te")
)
_TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_REASONS = {
    400: b"Bad Request",
    403: b"Forbidden",
    431: b"Request Header Fields Too Large",
    501: b"Not Implemented",
    502: b"Bad Gateway",
    503: b"Service Unavailable",
    504: b"Gateway Timeout",
}
_SOCKS = {403: 2, 502: 5, 503: 1, 504: 4, 501: 7}
"""Replies of RFC 1928: not allowed, refused, failure, unreachable, command not supported."""


class Misasked(Exception):
    """It is none of the requests. `status` is what HTTP calls that; 0: close without a word."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Opening:
    """One client, from its first byte to the moment when it is known where it wants to go.

    `receive(data)` gives bytes to answer at once and sets `host`, `port` when they are known; raises Misasked.
    Then either `accepted()` or `refused(...)`.
    """

    def __init__(self) -> None:
        self._data = b""
        self._kind = ""
        self._greeted = False
        self._method = b""
        self._fields = b""
        self._target = b""
        self.host = ""
        """A name in lower case or an address; empty until it is known."""
        self.port = 0
        self.kind = ""
        """connect, http, socks, route; empty until the target is known."""

    def receive(self, data: bytes) -> bytes:
        """See the class."""
        self._data += data
        if not self._kind:
            self._kind = {b"\x05": "socks", b"\x04": "other", b"": ""}.get(self._data[:1], "text")
        if self._kind == "socks":
            return self._socks()
        if self._kind == "text":
            self._text()
        elif self._kind == "other":
            raise Misasked(0, "SOCKS 4")
        return b""

    # HTTP -----------------------------------------------------------------------------------------------------------

    def _text(self) -> None:
        if self._data[:1] not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
            raise Misasked(0, "no request")
        head, end, rest = self._data.partition(_END)
        if not end:
            if len(self._data) > MAX_HEAD:
                raise Misasked(431, "the head is too long")
            return
        if len(head) > MAX_HEAD:
            raise Misasked(431, "the head is too long")
        line, _, fields = head.partition(b"\r\n")
        words = line.split(b" ")
        if len(words) != 3 or words[2] not in (b"HTTP/1.1", b"HTTP/1.0") or not _TOKEN.issuperset(words[0]):
            raise Misasked(400, "no request line")
        if _has_control(line):
            # A proxy behind this one may take a tab for a space, and a line feed for the end of the line.
            raise Misasked(400, "a control character in the request line")
        method, target, _version = words
        if method == b"CONNECT":
            self.host, self.port = authority(target, 0)
            self.kind = "connect"
        else:
            scheme, mark, after = target.partition(b"://")
            if not mark:
                raise Misasked(400, "the target is no whole address")
            if scheme.lower() != b"http":
                raise Misasked(501, "this proxy carries other schemes by CONNECT only")
            where = min((at for at in map(after.find, (b"/", b"?", b"#")) if at >= 0), default=len(after))
            self.host, self.port = authority(after[:where].rpartition(b"@")[2], 80)
            path = after[where:].partition(b"#")[0]
            self._target = path if path.startswith(b"/") else b"/" + path
            self._method, self._fields = method, self._passed_on(fields)
            self.kind = "http"
        self._data = rest

    def _passed_on(self, fields: bytes) -> bytes:
        kept = [b"Host: " + _spelled(self.host, self.port, 80), b"Connection: close"]
        dropped = set(_DROPPED)
        lines = fields.split(b"\r\n") if fields else []
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon or not name or not _TOKEN.issuperset(name) or _has_control(value.replace(b"\t", b"")):
                raise Misasked(400, "a header is none")
            if name.lower() == b"connection":
                dropped.update(each.strip().lower() for each in value.split(b","))
        dropped -= {b"content-length", b"transfer-encoding"}
        if sum(line.partition(b":")[0].lower() in (b"content-length", b"transfer-encoding") for line in lines) > 1:
            # RFC 9112 6.3: where one reader's body ends, another's next request may begin.
            raise Misasked(400, "two lengths")
        kept += [line for line in lines if line.partition(b":")[0].lower() not in dropped]
        return b"\r\n".join(kept) + _END

    # SOCKS ----------------------------------------------------------------------------------------------------------

    def _socks(self) -> bytes:
        said = b""
        if not self._greeted:
            if len(self._data) < 2 or len(self._data) < 2 + self._data[1]:
                return b""
            methods = self._data[2 : 2 + self._data[1]]
            self._data = self._data[2 + len(methods) :]
            if 0 not in methods:
                raise Misasked(-1, "this proxy asks for no password")
            self._greeted = True
            said = b"\x05\x00"
        data = self._data
        if len(data) < 5:
            return said
        if data[0] != 5 or data[2] != 0:
            raise Misasked(0, "no request")
        kind = data[3]
        size = {1: 4, 4: 16, 3: 1 + data[4]}.get(kind)
        if size is None:
            raise Misasked(501, "an address of another kind")
        if len(data) < 6 + size:
            return said
        where = data[4 : 4 + size]
        if kind == 1:
            host = ".".join(str(part) for part in where)
        elif kind == 4:
            host = ":".join(f"{where[at] << 8 | where[at + 1]:x}" for at in range(0, 16, 2))
        else:
            host = _host(where[1:])
        if data[1] != 1:
            raise Misasked(501, "this proxy only connects")
        self.port = int.from_bytes(data[4 + size : 6 + size], "big")
        if not self.port:
            raise Misasked(403, "there is no port 0")
        self.host, self.kind = host, "socks"
        self._data = data[6 + size :]
        return said

    def routed(self, host: str, port: int) -> None:
        """It is known already where the client wants to go, and it says no word of a proxy's protocol."""
        self.host, self.port, self.kind = host, port, "route"

    # answers --------------------------------------------------------------------------------------------------------

    def accepted(self) -> tuple[bytes, bytes]:
        """What the client is told, and what the other side gets first."""
        if self.kind == "connect":
            return b"HTTP/1.1 200 Connection established\r\n\r\n", self._data
        if self.kind == "route":
            return b"", b""
        if self.kind == "socks":
            return b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", self._data
        return b"", self._request(self._target) + self._fields + self._data

    def _request(self, target: bytes) -> bytes:
        return self._method + b" " + target + b" HTTP/1.1\r\n"

    def through(self, credentials: bytes) -> tuple[bytes, bytes]:
        """Of a plain request: what another proxy gets in place of the host itself. `credentials`: see `connecting`."""
        whole = b"http://" + _spelled(self.host, self.port, 80) + self._target
        head = self._request(whole)
        if credentials:
            head += b"Proxy-Authorization: Basic " + credentials + b"\r\n"
        return b"", head + self._fields + self._data

    def refused(self, status: int, message: str) -> bytes:
        """The answer that says it does not go on. `message` is plain text."""
        if self._kind == "socks":
            if status < 0:
                return b"\x05\xff"
            return bytes((5, _SOCKS.get(status, 1))) + b"\x00\x01\x00\x00\x00\x00\x00\x00" if status else b""
        if not status or self.kind == "route":
            return b""
        text = f"Spawngate: {message}\n".encode("ascii", "replace")
        return (
            b"HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Length: %d\r\n"
            b"Connection: close\r\n\r\n%s" % (status, _REASONS.get(status, b"Refused"), len(text), text)
        )


class Last:
    """The answer to a plain request, told to the client as the last one of its connection.

    `receive(data)` gives what goes on; an empty `data` is the end. What is no HTTP goes on as it is.
    """

    def __init__(self) -> None:
        self._data = b""
        self._done = False

    def receive(self, data: bytes) -> bytes:
        """See the class."""
        if self._done:
            return data
        self._data += data
        said = b""
        while not self._done:
            head, end, rest = self._data.partition(_END)
            if not end and data and len(self._data) <= MAX_HEAD:
                break
            line, _, fields = head.partition(b"\r\n")
            if not end or not line.startswith(b"HTTP/1."):
                self._done = True
                said, self._data = said + self._data, b""
                break
            interim = line.split(b" ")[1:2] != [b"101"] and line[8:10] == b" 1"
            kept = [
                each for each in fields.split(b"\r\n") if each and _name(each) not in (b"connection", b"keep-alive")
            ]
            said += b"\r\n".join([line, *kept, *(() if interim else (b"Connection: close",))]) + _END
            self._data = rest
            if not interim:
                self._done = True
                said, self._data = said + rest, b""
        return said


def _has_control(text: bytes) -> bool:
    return any(byte < 0x20 or byte == 0x7F for byte in text)


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()


def connecting(host: str, port: int, credentials: bytes) -> bytes:
    """The head that asks another proxy for a connection. `credentials`: user and password in base64, or empty."""
    spelled = _spelled(host, port, 0)
    words = b"CONNECT %s HTTP/1.1\r\nHost: %s\r\n" % (spelled, spelled)
    return words + (b"Proxy-Authorization: Basic %s\r\n" % credentials if credentials else b"") + b"\r\n"


def connected(head: bytes) -> bool:
    """Whether another proxy's answer, up to its empty line, says that the connection is there."""
    words = head.split(b"\r\n", 1)[0].split(b" ", 2)
    return len(words) > 1 and words[0].startswith(b"HTTP/1.") and len(words[1]) == 3 and words[1].startswith(b"2")


def authority(text: bytes, default: int) -> tuple[str, int]:
    """Host and port of `HOST[:PORT]`. Raises Misasked. `default` 0: the port has to be there."""
    host, colon, port = text, b"", b""
    if text.startswith(b"["):
        host, bracket, rest = text[1:].partition(b"]")
        if not bracket or (rest and not rest.startswith(b":")):
            raise Misasked(400, "no host")
        colon, port = rest[:1], rest[1:]
    elif b":" in text:
        host, colon, port = text.rpartition(b":")
        if b":" in host:
            raise Misasked(400, "no host")
    if (not colon and default) or (colon and not port and default):
        number = default
    elif port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536:
        number = int(port)
    else:
        raise Misasked(400, "no port")
    return _host(host), number


def _host(text: bytes) -> str:
    if not text or len(text) > 255 or any(byte <= 0x20 or byte >= 0x7F or byte in b"/\\@?#%" for byte in text):
        raise Misasked(400, "no host")
    host = text.decode("ascii").lower()
    return host[:-1] if host.endswith(".") and len(host) > 1 else host


def _spelled(host: str, port: int, default: int) -> bytes:
    text = f"[{host}]" if ":" in host else host
    return (text if port == default else f"{text}:{port}").encode("ascii")
