"""SHELL. The process of a server: bound, announced, served until it is told to end, and ended without losing anything.

SIGTERM or SIGINT: /readyz says no for `drain` seconds while requests are still served, then no connection is taken any
more, what is under way is finished, and the stores are closed. Must not be here: the application, the settings.
"""

import logging
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import msgspec
import uvicorn

from spawngate.model.errors import StateError
from spawngate.server.access.oidc import Provider
from spawngate.server.access.welcoming import first_run_link
from spawngate.server.application import make_application
from spawngate.server.descriptors import raise_limit
from spawngate.server.log import Forward, Log
from spawngate.server.opening import serving
from spawngate.server.patience import Patient
from spawngate.server.services import Services
from spawngate.server.settings import Settings

SECONDS_TO_FINISH = 15
BACKLOG = 2048
KEEP_ALIVE = 75
"""Longer than the interval of endpoints, so that most keep their connection."""


def run(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    log: Log,
    announce: Callable[[str, str], None] = lambda address, link: None,
) -> None:
    """Serve until SIGINT or SIGTERM. `announce` hears the address, and the link of the first run or an empty text.

    Raises StateError where the port or the stores cannot be had, UsageError for settings that are wrong.
    """
    with listening(settings) as listener:
        settings = at_port(settings, listener.getsockname()[1])
        with serving(settings, environment, log) as services:
            provider = None
            given = settings.provider()
            if given is not None:
                provider = Provider(given)
            try:
                serve(services, provider, settings, listener, log, announce)
            finally:
                if provider is not None:
                    provider.close()
    log.info("ended")


def serve(
    services: Services,
    provider: Provider | None,
    settings: Settings,
    listener: socket.socket,
    log: Log,
    announce: Callable[[str, str], None],
) -> None:
    """Serve on a bound socket."""
    draining = threading.Event()
    application = make_application(
        services,
        provider=provider,
        log=log,
        is_draining=draining.is_set,
        registry_is_public=settings.server.public_registry,
    )
    proxies = list(settings.server.trusted_proxies)
    config = uvicorn.Config(
        application,
        http=Patient,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # INVARIANT: a forwarded address is believed from the proxies named and from nobody else.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
        timeout_keep_alive=KEEP_ALIVE,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=64 << 10,
        **tls_of(settings),
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    link = first_run_link(services.database, services.now(), services.base) if provider is None else ""
    log.info("serving", address=services.base, descriptors=raise_limit())
    announce(services.base, link)
    with _logged(log):
        _Server(config, draining, settings.server.drain, log).run(sockets=[listener])


def at_port(settings: Settings, port: int) -> Settings:
    """The settings with the port that was really given, where any free one was asked for."""
    if settings.server.port:
        return settings
    return msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, port=port))


def tls_of(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told of TLS."""
    tls = settings.tls
    if not tls.certificate:
        return {}
    found: dict[str, Any] = {"ssl_certfile": tls.certificate, "ssl_keyfile": tls.key}
    if tls.client_ca:
        found["ssl_ca_certs"] = tls.client_ca
        found["ssl_cert_reqs"] = ssl.CERT_REQUIRED if tls.client == "required" else ssl.CERT_OPTIONAL
    return found


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The bound socket. Raises StateError."""
    host, port = settings.server.host, settings.server.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise StateError(f"cannot listen on {host}: {error.strerror}") from None
    with listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError as error:
            raise StateError(f"cannot listen on {host} port {port}: {error.strerror}") from None
        listener.set_inheritable(True)
        yield listener


class _Server(uvicorn.Server):
    """uvicorn's, that says it ends before it does."""

    def __init__(self, config: uvicorn.Config, draining: threading.Event, drain: float, log: Log) -> None:
        super().__init__(config)
        self._draining, self._drain, self._log = draining, drain, log

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins to drain, the second ends at once."""
        if self._drain and not self._draining.is_set():
            self._draining.set()
            self._log.info("draining", seconds=self._drain)
            timer = threading.Timer(self._drain, super().handle_exit, (sig, frame))
            timer.daemon = True
            timer.start()
            return
        self._draining.set()
        super().handle_exit(sig, frame)


@contextmanager
def _logged(log: Log) -> Iterator[None]:
    """uvicorn's own words come as our lines; and the signal that ended it, which it raises once more, ends nothing."""
    logger, handler = logging.getLogger("uvicorn.error"), Forward(log)
    logger.addHandler(handler)
    before = {}
    is_main = threading.current_thread() is threading.main_thread()
    if is_main:
        before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        logger.removeHandler(handler)
        for number, held in before.items():
            signal.signal(number, held)
