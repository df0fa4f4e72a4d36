"""SHELL. The proxy as a process: one remote server on one address of loopback, until it is told to end.

Must not be here: the command line (`cli.proxy`), what is let through.
"""

import asyncio
import hashlib
import hmac
import signal
from collections.abc import Callable, Sequence

from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.proxy.ask import daemon
from spawngate.endpoint.proxy.listener import HOST, Proxy
from spawngate.endpoint.proxy.remote import Remote
from spawngate.endpoint.proxy.upstream import address_of
from spawngate.endpoint.state import State
from spawngate.model.errors import StateError


def token_of(key: bytes, entry: str, url: str) -> str:
    """The path by which an agent reaches a server: the same after a restart, and known to nobody without the key."""
    return hmac.new(key, f"proxy\0{entry}\0{url}".encode(), hashlib.sha256).hexdigest()[:40]


def serve(
    state: State,
    url: str,
    entry: str,
    *,
    port: int = 0,
    header_names: Sequence[str] = (),
    ready: Callable[[str], None],
) -> None:
    """Serves until SIGTERM or SIGINT; `ready` gets the address for the agent. Raises UsageError and StateError."""
    remote = Remote(address_of(url), entry, url, tuple(header_names))
    token = token_of(state.key(), entry, url)
    proxy = Proxy({token: remote}, daemon(place(state.folder).socket))

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stop.set)
        try:
            listening = await proxy.start(port)
        except OSError as error:
            raise StateError(f"port {port} cannot be listened on ({error.strerror}); give another --port") from None
        ready(f"http://{HOST}:{listening}/{token}")
        await stop.wait()
        await proxy.close()

    asyncio.run(main())
