"""SHELL. Frames over one connection, TCP or TLS, ended in order.

A protocol without an acknowledgement says in one way only that everything was read: we end our half, and the other side
ends its own in order. Whoever dies with unread bytes resets the connection instead, and that, like silence, is a doubt
(`Failed` with `sent`). Must not be here: framing (the destination's).
"""

import contextlib
import fcntl
import os
import socket
import ssl
import termios
import time

from spawngate.routing.destination import Done, Failed, TcpLines
from spawngate.routing.settings import Settings
from spawngate.server.deliver.http import Connect
from spawngate.server.deliver.network import Deadline, NotCarriedError, connect, secured

_LOOK = 0.005
"""Seconds between two looks at what the other side has not confirmed."""


def carry(lines: TcpLines, settings: Settings, connect: Connect = connect) -> Done | Failed:
    """Send every frame and hear the other side end. Raises nothing for what the other side does."""
    deadline = Deadline(settings.timeout_seconds)
    sent = False
    try:
        connection = connect(lines.host, lines.port, settings, deadline)
        if lines.tls:
            connection = secured(connection, lines.host, settings, deadline)
        # What `unwrap` leaves is another socket, so that closing is by name and not by variable.
        with contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            view = memoryview(b"".join(lines.frames))
            while view:
                connection.settimeout(deadline.left())
                sent = True
                view = view[connection.send(view[:65_536]) :]
            if isinstance(connection, ssl.SSLSocket):
                plain = _unwrapped(connection, deadline)
                if plain is None:
                    _taken(connection, deadline)
                    return Done()
                stack.callback(plain.close)
                connection = plain
            _end(connection, deadline)
            _taken(connection, deadline)
        return Done()
    except NotCarriedError as error:
        return Failed(error.failed.cause, error.failed.reason, sent=sent)
    except TimeoutError:
        return Failed("timeout", f"not done within {settings.timeout_seconds:g} s", sent=sent)
    except OSError as error:
        return Failed("connect", error.strerror or type(error).__name__, sent=sent)


def _unwrapped(connection: ssl.SSLSocket, deadline: Deadline) -> socket.socket | None:
    """The connection after both sides have ended TLS; None where the other side ended everything at once, in order."""
    connection.settimeout(deadline.left())
    try:
        return connection.unwrap()
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return None


def _end(connection: socket.socket, deadline: Deadline) -> None:
    """Say that nothing follows, and wait for the other side's end."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    while True:
        connection.settimeout(deadline.left())
        if not connection.recv(4096):
            return


def _taken(connection: socket.socket, deadline: Deadline) -> None:
    """Raises OSError where the other side's end came before our data reached it.

    Who closes first and is sent something then answers with a reset, which reading does not show behind the end: a
    server that refuses a certificate of ours does so in TLS 1.3, where the client believes the handshake done.
    """
    while True:
        error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        waiting = fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4)
        if not any(waiting):
            return
        time.sleep(min(_LOOK, deadline.left()))
