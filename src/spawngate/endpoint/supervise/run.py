"""SHELL. Starting a program under supervision, and answering for it until it ends.

Must not be here: what it may execute (`supervisor`), output and options (`cli.supervise`).
"""

import contextlib
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

from spawngate.endpoint.supervise import seccomp
from spawngate.endpoint.supervise.supervisor import Decide, Supervisor
from spawngate.model.errors import UsageError

WORKERS = 8
"""Processes that are decided about at once."""
PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
NOT_STARTED = 126


def supervise(
    words: Sequence[str],
    decide: Decide,
    tell: Callable[[str], None],
    *,
    launcher: Sequence[str],
    run: Collection[str] = (),
) -> int:
    """Run a program until it ends; its exit code, or 128 and the signal that ended it.

    Raises UsageError where there is no such program or the system cannot supervise.
    """
    program = shutil.which(words[0])
    if program is None:
        raise UsageError(f"{words[0]}: there is no such program")
    try:
        seccomp.machine()
    except seccomp.UnsupportedError as error:
        raise UsageError(str(error)) from None
    ours, theirs = socket.socketpair()
    root = os.fork()
    if root == 0:
        _become(program, words, ours, theirs)
    theirs.close()
    listener = _listener(ours, root)
    before = {number: signal.signal(number, _to(root)) for number in PASSED_ON}
    try:
        supervisor = Supervisor(listener, root, decide, tell, launcher=launcher, run=run)
        return _until_end(listener, root, supervisor)
    finally:
        os.close(listener)
        for number, handler in before.items():
            signal.signal(number, handler)


def _become(program: str, words: Sequence[str], ours: socket.socket, theirs: socket.socket) -> None:
    """The child's side. Never returns."""
    try:
        ours.close()
        try:
            listener = seccomp.install()
        except seccomp.UnsupportedError as error:
            theirs.sendall(str(error).encode())
            os._exit(NOT_STARTED)
        socket.send_fds(theirs, [b"\0"], [listener])
        os.close(listener)
        theirs.close()
        os.execv(program, list(words))  # noqa: S606  # the program that the person named
    except BaseException as error:  # noqa: BLE001  # a copy of our parent must not live on
        os.write(2, f"spawngate: {words[0]} cannot be executed ({error})\n".encode())
    finally:
        os._exit(NOT_STARTED)


def _listener(ours: socket.socket, root: int) -> int:
    with ours:
        told, found, _, _ = socket.recv_fds(ours, 1_024, 1)
    if found:
        return found[0]
    os.waitpid(root, 0)
    raise UsageError(told.decode("utf-8", "replace") or "the program ended before it was supervised")


def _to(root: int) -> Callable[[int, FrameType | None], None]:
    def pass_on(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(root, number)

    return pass_on


def _until_end(listener: int, root: int, supervisor: Supervisor) -> int:
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    ended = os.pidfd_open(root)
    poll.register(ended, select.POLLIN)
    code: int | None = None
    with ThreadPoolExecutor(WORKERS) as workers:
        try:
            while code is None:
                for descriptor, happened in poll.poll():
                    if descriptor == ended:
                        code = os.waitstatus_to_exitcode(os.waitpid(root, 0)[1])
                    elif happened & select.POLLIN:
                        asked = seccomp.receive(listener)
                        if asked is not None:
                            workers.submit(supervisor.answer, asked)
                    else:
                        poll.unregister(listener)
        finally:
            os.close(ended)
    sys.stderr.flush()
    return code if code >= 0 else 128 - code
