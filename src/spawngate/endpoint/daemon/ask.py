"""SHELL. Asking a running daemon from Python: for `spawngate hook`, `daemon status`, tests and benchmarks.

The hook clients that agents start are programs of their own (`native/`, `endpoint.client`).
Must not be here: what to do when nobody answers, and anything that loads the evaluation: asking must stay quick.
"""

import os
import socket
import time
from pathlib import Path

from spawngate.model import wire
from spawngate.model.call import HookReply

CONTROL = ".control"
"""What stands for the agent in a request to the daemon itself; no agent's id begins with a dot."""
DEADLINE = 1.5
"""Seconds for everything."""


class NoAnswerError(Exception):
    """There is no daemon, or none that answers. The message says which."""


def ask(path: Path, request: wire.Request, deadline: float = DEADLINE) -> HookReply:
    """The daemon's reply to one request. Raises NoAnswerError within `deadline` seconds."""
    until = time.monotonic() + deadline
    try:
        frame = wire.encode_request(request)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as client:
            client.settimeout(deadline)
            client.connect(os.fspath(path))
            client.sendall(frame)
            data = b""
            while True:
                left = until - time.monotonic()
                if left <= 0:
                    raise NoAnswerError("the daemon does not answer in time")
                client.settimeout(left)
                block = client.recv(64 << 10)
                if not block:
                    raise NoAnswerError("the daemon closed without an answer")
                data += block
                length = wire.answer_length(data)
                if length is not None and len(data) >= length:
                    return wire.decode_answer(data)
    except TimeoutError:
        raise NoAnswerError("the daemon does not answer in time") from None
    except wire.WireError as error:
        raise NoAnswerError(f"the daemon's answer is none ({error})") from None
    except OSError as error:
        raise NoAnswerError(f"there is no daemon ({error.strerror or error})") from None


def control(path: Path, verb: str, deadline: float = DEADLINE) -> HookReply:
    """The daemon's reply to a request to itself: status, reload, stop. Raises NoAnswerError."""
    return ask(path, wire.Request(agent=CONTROL, event=verb), deadline)
