"""The local page as a web application, and the helper that serves it.

Belongs here: routes, binding of the port and the life of the server process.
Must not be here: who may ask (`server.loopback`), what the page says (`server.inventory_page`).
"""

import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from spawngate.model.errors import StateError, UsageError
from spawngate.model.snapshot import Snapshot
from spawngate.report.csv import render_csv
from spawngate.report.html import render_html, style_policy
from spawngate.report.json import render_json
from spawngate.server import api
from spawngate.server.inventory_page import PageState, Query, render_page
from spawngate.server.loopback import HEADERS, SYSTEM_OWNER, Headers, Loopback, Owner, own_uids
from spawngate.server.store.embedded import EmbeddedStore

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
_STATIC = {"page.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_SECONDS_TO_FINISH = 3


def make_app(
    get_state: Callable[[], PageState],
    *,
    owner: Owner | None = SYSTEM_OWNER,
    store: Callable[[], EmbeddedStore | None] = lambda: None,
) -> Starlette:
    """The application. `get_state` is called once for each request and must be quick: it hands out what is known.

    `owner` tells which user owns a connection; None switches that check off. `store`: what the API reads.
    """
    static = {name: files("spawngate.server").joinpath("static", name).read_bytes() for name in _STATIC}

    def page(request: Request) -> Response:
        return HTMLResponse(render_page(get_state(), Query.of(request.query_params)))

    def inventory_json(request: Request) -> Response:
        state = get_state()
        return Response(render_json(_ready(state), state.changes, state.judgement), media_type="application/json")

    def inventory_csv(request: Request) -> Response:
        disposition = {"content-disposition": 'attachment; filename="spawngate-inventory.csv"'}
        return Response(render_csv(_ready(get_state())), media_type="text/csv", headers=disposition)

    def report(request: Request) -> Response:
        state = get_state()
        # Its one style sheet stands in the page and is allowed by its hash.
        policy = f"{style_policy()}; frame-ancestors 'none'"
        document = render_html(_ready(state), state.judgement, state.changes)
        return Response(document, media_type="text/html", headers={"content-security-policy": policy})

    def health(request: Request) -> Response:
        state = get_state()
        taken_at = state.snapshot.taken_at if state.snapshot is not None else None
        return JSONResponse({"status": "ok", "scanning": state.scanning, "taken_at": taken_at})

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in static:
            raise HTTPException(404)
        return Response(static[name], media_type=_STATIC[name])

    return Starlette(
        routes=[
            Route("/", page),
            Route("/inventory.json", inventory_json),
            Route("/inventory.csv", inventory_csv),
            Route("/report.html", report),
            Route("/healthz", health),
            Route("/static/{name}", asset),
            *api.routes(store),
        ],
        middleware=[Middleware(Headers), Middleware(Loopback, owner=owner, uids=own_uids())],
        exception_handlers={Exception: _failed},
    )


def _ready(state: PageState) -> Snapshot:
    if state.snapshot is None:
        raise HTTPException(503, "The first scan is still running.", headers={"retry-after": "1"})
    return state.snapshot


def _failed(request: Request, error: Exception) -> Response:
    """A bug in us. This response is made outside of all middleware, so it carries the headers itself."""
    return PlainTextResponse("Spawngate failed to show this page; please report it.\n", 500, headers=HEADERS)


def bind(host: str, port: int, attempts: int = 1) -> socket.socket:
    """A socket that listens on a loopback address at `port` or, with more attempts, at one of the ports after it.

    Port 0 takes any free one. Raises UsageError for an address that is not loopback or a port that does not exist,
    StateError where no port of those tried is free.
    """
    if host not in LOOPBACK_HOSTS:
        raise UsageError(f"the page is served on {', '.join(LOOPBACK_HOSTS)} only, not on {host!r}")
    if not 0 <= port <= 65535:
        raise UsageError(f"there is no port {port}")
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    address = "127.0.0.1" if host == "localhost" else host
    last = min(port + attempts - 1, 65535) if port else 0
    for number in range(port, last + 1):
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform == "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                # Lets a restart take the port at once; on POSIX it cannot take one that is listened on.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, number))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise StateError(f"cannot listen on {host} port {number}: {error.strerror}") from error
        else:
            return listener
    tried = f"port {port} is" if last == port else f"ports {port} to {last} are"
    raise StateError(f"{tried} in use or not permitted on {host}; choose another with --port")


def address_of(listener: socket.socket) -> str:
    """The address of the page that a bound socket serves."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 7337,
    *,
    attempts: int = 1,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, finish what is under way, and return.

    The port is bound first, so `announce` hears the true address, at which a browser may ask from then on.
    Raises what `bind` raises.
    """
    with bind(host, port, attempts) as listener:
        if announce is not None:
            announce(address_of(listener))
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            # INVARIANT: the client's address is the connection's. A forwarded one would get round the check of owners.
            proxy_headers=False,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
        with _signals_absorbed():
            uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def _signals_absorbed() -> Iterator[None]:
    """uvicorn raises the signal that stopped it once more when it is done, which would end us before our caller."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def absorb(number: int, frame: FrameType | None) -> None:
        """Nothing is left to do: the server has stopped."""

    before = {number: signal.signal(number, absorb) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
