"""SHELL. Frames over one connection, TCP or TLS, ended in order.

Who needs a connection that stays (syslog) keeps it with `network.connect`. A protocol without an acknowledgement cannot
say what arrived: frames count as taken when the other side has ended after our end, or when the time for it is over.
Must not be here: framing (the destination's).
"""

import contextlib
import socket

from spawngate.routing.destination import Done, Failed, TcpLines
from spawngate.routing.settings import Settings
from spawngate.server.deliver.http import Connect
from spawngate.server.deliver.network import Deadline, NotCarriedError, connect, secured

_GOODBYE = 2.0
"""Seconds for the other side to end after we did."""


def carry(lines: TcpLines, settings: Settings, connect: Connect = connect) -> Done | Failed:
    """Send every frame. Raises nothing for what the other side does."""
    deadline = Deadline(settings.timeout_seconds)
    sent = False
    try:
        connection = connect(lines.host, lines.port, settings, deadline)
        if lines.tls:
            connection = secured(connection, lines.host, settings, deadline)
        with contextlib.closing(connection):
            view = memoryview(b"".join(lines.frames))
            while view:
                connection.settimeout(deadline.left())
                sent = True
                view = view[connection.send(view[:65_536]) :]
            _end(connection, min(_GOODBYE, deadline.left()))
        return Done()
    except NotCarriedError as error:
        return Failed(error.failed.cause, error.failed.reason, sent=sent)
    except TimeoutError:
        return Failed("timeout", f"not done within {settings.timeout_seconds:g} s", sent=sent)
    except OSError as error:
        return Failed("connect", error.strerror or type(error).__name__, sent=sent)


def _end(connection: socket.socket, seconds: float) -> None:
    """Say that nothing follows and wait for the other side. A reset here means that it threw something away."""
    connection.settimeout(seconds)
    with contextlib.suppress(TimeoutError):
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
