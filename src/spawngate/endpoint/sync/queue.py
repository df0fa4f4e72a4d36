"""SHELL. Requests for approvals that were made while the server was away: kept until it takes or refuses them.

One file of each fingerprint, so that who asks twice has one request. Must not be here: sending them (`run`).
"""

import contextlib
import os
import shutil
from pathlib import Path

import msgspec

from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.sync.enrolment import FOLDER, QUEUE, folder
from spawngate.model.errors import StateError, UsageError
from spawngate.sync import messages
from spawngate.sync.messages import LARGEST_MESSAGE, Ask, MessageError

MOST = 50
"""Requests that wait."""


def put(state: Path, message: Ask) -> None:
    """Keep a request. Raises UsageError where too many wait, StateError where it cannot be written."""
    where = folder(state) / QUEUE
    try:
        where.mkdir(mode=0o700, exist_ok=True)
        names = set(os.listdir(where))
    except OSError as error:
        raise StateError(f"{where} cannot be used ({error.strerror})") from None
    name = f"{message.fingerprint}.json"
    if name not in names and len(names) >= MOST:
        raise UsageError(f"{MOST} requests wait for the server already")
    replace(where / name, msgspec.json.encode(message) + b"\n", 0o600)


def waiting(state: Path) -> list[Ask]:
    """The requests that wait, in the order of their fingerprints. What is none is deleted."""
    where = state / FOLDER / QUEUE
    found: list[Ask] = []
    with contextlib.suppress(OSError):
        for name in sorted(os.listdir(where)):
            try:
                message = messages.read(Ask, read(os.fspath(where / name), LARGEST_MESSAGE))
            except (Unreadable, MessageError):
                _delete(where / name)
                continue
            if name == f"{message.fingerprint}.json":
                found.append(message)
            else:
                _delete(where / name)
    return found


def forget(state: Path, message: Ask) -> None:
    """The server took this one, or refused it. A newer one of the same fingerprint stays."""
    if message in waiting(state):
        _delete(state / FOLDER / QUEUE / f"{message.fingerprint}.json")


def clear(state: Path) -> None:
    """Forget them all: they were for another server."""
    shutil.rmtree(state / FOLDER / QUEUE, ignore_errors=True)


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
