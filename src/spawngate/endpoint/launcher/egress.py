"""SHELL. The way out of a jail: what a confined server asks for at its proxy is connected, where it was declared.

Belongs here: listening sockets that come out of the jail, one connection after the other, and what was refused.
Must not be here: what a declaration means (`launch.hosts`), how a client asks (`protocol.forward`), walls.
The name is looked up here, once, and what is connected to is the address that was checked. Loaded only where hosts are
declared. TLS is carried, not opened: which of the names on one address a client means is its own word.
"""

from __future__ import annotations

import _socket
import os
import sys

from spawngate.endpoint.launcher.lookup import Lookups
from spawngate.endpoint.launcher.loop import READ, WRITE, Loop
from spawngate.endpoint.launcher.splice import End, join
from spawngate.launch.hosts import asked, reached, routes
from spawngate.launch.upstream_proxy import upstream_of
from spawngate.protocol.forward import Last, Misasked, Opening, connected, connecting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spawngate.endpoint.launcher.lookup import Found
    from spawngate.launch.hosts import Declared
    from spawngate.launch.upstream_proxy import Upstream

    Refused = dict[str, object]
    Target = tuple[str, int]

MOST = 128
"""Connections at the same time; more wait in the queue of the socket."""
ASKING = 30.0
"""Seconds that a client has to say where to."""
CONNECTING = 15.0
"""Seconds for one address."""
ANSWERING = 30.0
"""Seconds for another proxy's answer."""
LINGERING = 2.0
"""Seconds that a client has to read a refusal; what it still says is thrown away."""
MAX_ANSWER = 16 << 10
KINDS = 32
"""Different refusals that one report names."""
FIRST, LATER, LATEST = 0.5, 10.0, 600.0
"""Seconds until a refusal is reported: the first, the next, and at most; each wait is twice the one before."""
NOT_DECLARED, NOT_PUBLIC = "not-declared", "not-public"
LOOPBACKS = (("127.0.0.1", _socket.AF_INET), ("::1", _socket.AF_INET6))


class Egress:
    """All of one jail. `tell()` is called now and then when there are `refusals`."""

    def __init__(
        self,
        loop: Loop,
        channel: _socket.socket,
        hosts: list[Declared],
        variables: Mapping[str, str],
        tell: Callable[[], None],
    ) -> None:
        self.loop = loop
        self.hosts = hosts
        self.variables = variables
        """Where the machine's own proxy is said; empty where it is not to be used."""
        self.routes = routes(hosts)
        self.lookups = Lookups(loop)
        self._tell = tell
        self._channel = channel
        self._listeners: dict[int, tuple[_socket.socket, Target]] = {}
        self._open: set[Way] = set()
        self._refused: dict[tuple[str, int, str], int] = {}
        self._more = 0
        self._pause = FIRST
        self._reporting = False
        self.closed = False
        channel.setblocking(False)
        loop.watch(channel.fileno(), READ, self._handed)

    def _handed(self, _happened: int) -> None:
        """One listening socket (native/egress.h): the first is the proxy's, the others are ports and routes."""
        try:
            data, extra, _flags, _from = self._channel.recvmsg(3, _socket.CMSG_LEN(4))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data, extra = b"", []
        descriptors = [
            int.from_bytes(found[:4], sys.byteorder)
            for level, kind, found in extra
            if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS and len(found) >= 4
        ]
        if not data:
            self.loop.forget(self._channel.fileno())
            self._channel.close()
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
            listener = _socket.socket(fileno=descriptor)
            listener.setblocking(False)
            number = int.from_bytes(data[1:3], "big")
            target: Target = ("", number) if self._listeners else ("", 0)
            if data[:1] == b"R":
                target = self.routes[number] if number < len(self.routes) else ("", 0)
            self._listeners[listener.fileno()] = (listener, target)
            self._listen(listener, target)

    def _listen(self, listener: _socket.socket, target: Target) -> None:
        self.loop.watch(listener.fileno(), READ, lambda _happened: self._accept(listener, target))

    def _accept(self, listener: _socket.socket, target: Target) -> None:
        if len(self._open) >= MOST:
            for each, _target in self._listeners.values():
                self.loop.forget(each.fileno())
            return
        try:
            descriptor, _address = listener._accept()  # type: ignore[attr-defined]  # what `socket` itself calls
        except OSError:
            return
        way = Way(self, _socket.socket(fileno=descriptor), target)
        self._open.add(way)
        way.begin()

    def over(self, way: Way) -> None:
        """A connection has ended."""
        full = len(self._open) >= MOST
        self._open.discard(way)
        if full and not self.closed:
            for listener, target in self._listeners.values():
                self._listen(listener, target)

    def refuse(self, host: str, port: int, why: str) -> None:
        """Note that `host` was asked for and not reached."""
        key = (host[:253], port, why)
        if key not in self._refused and len(self._refused) >= KINDS:
            self._more += 1
        else:
            self._refused[key] = self._refused.get(key, 0) + 1
        if not self._reporting:
            self._reporting = True
            self.loop.after(self._pause, self._due)
            self._pause = min(max(2 * self._pause, LATER), LATEST)

    def _due(self) -> None:
        self._reporting = False
        if not self.closed:
            self._tell()

    def refusals(self) -> tuple[list[Refused], int]:
        """What was refused since the last time: host, port, why, times; and how many others."""
        refused: list[Refused] = [
            {"host": host, "port": port, "why": why, "times": times}
            for (host, port, why), times in self._refused.items()
        ]
        more, self._more = self._more, 0
        self._refused.clear()
        return refused, more

    def close(self) -> None:
        """No way out any more."""
        self.closed = True
        if self._channel.fileno() != -1:
            self.loop.forget(self._channel.fileno())
            self._channel.close()
        for listener, _target in self._listeners.values():
            self.loop.forget(listener.fileno())
            listener.close()
        for way in tuple(self._open):
            way.close()
        self.lookups.close()


class Way:
    """One connection. `target`: a host and a port; without a host a port of the machine's loopback; without both the
    client says where to."""

    def __init__(self, egress: Egress, client: _socket.socket, target: Target) -> None:
        self._egress = egress
        self._loop = egress.loop
        self._opening = Opening()
        self._client = End(self._loop, client, self._said, self.close)
        self._server: End | None = None
        self._trying: _socket.socket | None = None
        self._addresses: list[tuple[int, str, int]] = []
        self._upstream: Upstream | None = None
        self._answer = b""
        self._over = False
        self._route = target if target[0] else None
        self._forward = 0 if target[0] else target[1]
        self._limit = self._loop.after(ASKING, self.close)

    def begin(self) -> None:
        """Connect, or hear where to."""
        if self._forward:
            self._addresses = [(family, host, self._forward) for host, family in LOOPBACKS]
            self._next()
        elif self._route:
            self._opening.routed(*self._route)
            self._ask()
        else:
            self._client.pause(False)

    def close(self) -> None:
        """The end of it, now."""
        if not self._over:
            self._over = True
            self._limit.cancelled = True
            self._client.close()
            self._stop_trying()
            if self._server is not None:
                self._server.close()
            self._egress.over(self)

    def _stop_trying(self) -> None:
        if self._trying is not None:
            self._loop.forget(self._trying.fileno())
            self._trying.close()
            self._trying = None

    def _within(self, seconds: float, act: Callable[[], None]) -> None:
        self._limit.cancelled = True
        self._limit = self._loop.after(seconds, act)

    def _said(self, data: bytes) -> None:
        if not data:
            return self.close()
        opening = self._opening
        try:
            self._client.write(opening.receive(data))
        except Misasked as error:
            return self._refuse(error.status, str(error))
        if not opening.kind:
            return None
        self._client.pause(True)
        return self._ask()

    def _ask(self) -> None:
        opening = self._opening
        host, port = opening.host, opening.port
        if not asked(self._egress.hosts, host, port):
            self._egress.refuse(host, port, NOT_DECLARED)
            return self._refuse(403, f"{host}:{port} is none of the hosts that this server may reach")
        self._upstream = upstream_of(self._egress.variables, host, secure=opening.kind != "http")
        if self._upstream is not None:
            host, port = self._upstream.host, self._upstream.port
        self._limit.cancelled = True
        self._egress.lookups.ask(host, port, self._found)
        return None

    def _found(self, found: Found) -> None:
        if self._over:
            return None
        opening = self._opening
        if not found:
            return self._refuse(502, f"{opening.host} has no address")
        if self._upstream is None:
            host = opening.host
            allowed = [each for each in found if reached(self._egress.hosts, host, each[1], opening.port)]
            if not allowed:
                self._egress.refuse(opening.host, opening.port, NOT_PUBLIC)
                return self._refuse(
                    403,
                    f"{opening.host} leads to an address that is not public; declare it with +private, or the address",
                )
            found = allowed
        self._addresses = found[:4]
        self._next()
        return None

    def _next(self) -> None:
        """Try the next address."""
        if self._over:
            return None
        if not self._addresses:
            return self._refuse(502, f"{self._opening.host or 'it'} cannot be reached")
        family, host, port = self._addresses.pop(0)
        try:
            socket = _socket.socket(family, _socket.SOCK_STREAM)
        except OSError:
            return self._next()
        socket.setblocking(False)
        try:
            socket.connect((host, port))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            socket.close()
            return self._next()

        self._trying = socket
        self._within(CONNECTING, self._give_up)
        self._loop.watch(socket.fileno(), WRITE, self._tried)
        return None

    def _give_up(self) -> None:
        self._stop_trying()
        self._next()

    def _tried(self, _happened: int) -> None:
        socket = self._trying
        assert socket is not None
        self._limit.cancelled = True
        if socket.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR):
            return self._give_up()
        self._loop.forget(socket.fileno())
        self._trying = None
        return self._reached(socket)

    def _reached(self, socket: _socket.socket) -> None:
        self._server = End(self._loop, socket, self._answered, self.close)
        upstream, opening = self._upstream, self._opening
        if self._forward:
            return self._join(b"", b"")
        if upstream is None:
            return self._join(*opening.accepted())
        if opening.kind == "http":
            return self._join(*opening.through(upstream.credentials))
        self._server.write(connecting(opening.host, opening.port, upstream.credentials))
        self._server.pause(False)
        self._within(ANSWERING, lambda: self._refuse(504, "the proxy of this machine gave no answer"))
        return None

    def _answered(self, data: bytes) -> None:
        """The machine's own proxy says whether the connection is there."""
        server = self._server
        assert server is not None
        self._answer += data
        head, end, rest = self._answer.partition(b"\r\n\r\n")
        if end and connected(head):
            server.pause(True)
            to_client, to_server = self._opening.accepted()
            self._join(to_client + rest, to_server)
        elif end or not data or len(self._answer) > MAX_ANSWER:
            self._refuse(502, f"the proxy of this machine does not connect to {self._opening.host}")

    def _join(self, to_client: bytes, to_server: bytes) -> None:
        server = self._server
        assert server is not None
        self._limit.cancelled = True
        self._client.write(to_client)
        server.write(to_server)
        if self._opening.kind == "http":
            join(self._client, server, self.close, Last().receive)
        else:
            join(self._client, server, self.close)

    def _refuse(self, status: int, message: str) -> None:
        if self._over:
            return None
        if self._forward:
            return self.close()
        if self._server is not None:
            self._server.close()
        # Closed at once, with words of the client unread, the answer would be lost on its way.
        self._client.take = lambda data: None if data else self.close()
        self._client.write(self._opening.refused(status, message))
        self._client.finish()
        self._client.pause(False)
        self._within(LINGERING, self.close)
        return None
