"""Who may speak to the local page: this user's own programs on this machine, and nobody else.

A port on the loopback address is open to every user of the machine and, through DNS rebinding, to every web page
that a browser shows. Belongs here: the three checks that close it (Host header, method, owner of the connection) and
the response headers that bind the page.
Must not be here: what is served (`server.app`).

Source of the socket table: https://docs.kernel.org/networking/proc_net_tcp.html. Only Linux says there who owns the
other end of a connection. On macOS and Windows that check is skipped: every user of such a machine can read the page
while it is served.
"""

import ipaddress
import os
import sys
from collections.abc import Callable, Iterable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Address = tuple[str, int]
"""Numeric IP address and port."""

Owner = Callable[[Address, Address], int | None]
"""Client's and our address of one connection to the uid that owns the client's end; None where it is not known."""

HOSTS = ("127.0.0.1", "localhost", "[::1]")

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""Sent with every response, errors included; a response may bring a content security policy of its own."""

_ESTABLISHED = "01"
_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")


def owner_of(table: str, client: Address, server: Address) -> int | None:
    """The uid that owns the client's end of a connection, from the text of `/proc/net/tcp` or `/proc/net/tcp6`.

    None where no open connection fits. Only an established socket that a process still holds counts: the kernel
    shows a closed one as owned by uid 0, and nobody may become root by hanging up.
    """
    try:
        wanted = _plain(client), _plain(server)
    except ValueError:
        return None
    ends = f":{client[1]:04X}", f":{server[1]:04X}"
    for line in table.splitlines():
        fields = line.split()
        if len(fields) < 10 or fields[3] != _ESTABLISHED or fields[9] == "0":
            continue
        if not fields[1].endswith(ends[0]) or not fields[2].endswith(ends[1]):
            continue
        try:
            if (_decoded(fields[1]), _decoded(fields[2])) == wanted:
                return int(fields[7])
        except ValueError:
            continue
    return None


def _plain(address: Address) -> Address:
    return _unmapped(ipaddress.ip_address(address[0].partition("%")[0])), address[1]


def _decoded(entry: str) -> Address:
    """`0100007F:1CA9`: 32-bit words in the byte order of the machine, and the port."""
    host, _, port = entry.partition(":")
    words = [int(host[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(host), 8)]
    return _unmapped(ipaddress.ip_address(b"".join(words))), int(port, 16)


def _unmapped(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """An IPv4 address inside IPv6 as plain IPv4: the two ends of one connection may see it differently."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def system_owner(client: Address, server: Address) -> int | None:
    """`Owner` that asks the kernel. Linux only."""
    for name in _TABLES:
        try:
            with open(name, encoding="ascii", errors="replace") as file:
                table = file.read()
        except OSError:
            continue
        uid = owner_of(table, client, server)
        if uid is not None:
            return uid
    return None


SYSTEM_OWNER: Owner | None = system_owner if sys.platform == "linux" else None
"""How this system tells the owner of a connection; None where it does not."""


def own_uids() -> frozenset[int]:
    """The uids that may read the page: ours, and root, which can read everything anyway."""
    return frozenset({0, os.getuid()}) if hasattr(os, "getuid") else frozenset()


class Headers:
    """Adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class Loopback:
    """Refuses what does not come from this user on this machine, or wants anything but `methods`: to read."""

    def __init__(
        self, app: ASGIApp, owner: Owner | None, uids: Iterable[int], methods: Iterable[str] = ("GET", "HEAD")
    ) -> None:
        self._app = app
        self._methods = tuple(methods)
        self._owner = owner
        self._uids = frozenset(uids)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refuse_host(scope) or self._refuse_method(scope) or await self._refuse_peer(scope)
        await (refusal or self._app)(scope, receive, send)

    def _refuse_host(self, scope: Scope) -> PlainTextResponse | None:
        port = scope["server"][1]
        allowed = {f"{host}:{port}" for host in HOSTS} | (set(HOSTS) if port == 80 else set())
        given = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        if len(given) == 1 and given[0] in allowed:
            return None
        return PlainTextResponse(f"This page answers only at http://127.0.0.1:{port}/\n", 403)

    def _refuse_method(self, scope: Scope) -> PlainTextResponse | None:
        if scope["method"] in self._methods:
            return None
        return PlainTextResponse("This page can only be read.\n", 405, headers={"allow": ", ".join(self._methods)})

    async def _refuse_peer(self, scope: Scope) -> PlainTextResponse | None:
        if self._owner is None:
            return None
        client, server = scope["client"], scope["server"]
        uid = await run_in_threadpool(self._owner, tuple(client), tuple(server)) if client and server else None
        if uid in self._uids:
            return None
        return PlainTextResponse("This page answers only to the user who started Spawngate.\n", 403)
