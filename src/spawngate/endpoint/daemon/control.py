"""SHELL. Starting, stopping and asking the daemon of a state folder, as the command line and `protect` do.

Must not be here: being the daemon (`run`).
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec

from spawngate.endpoint.daemon.ask import NoAnswerError, control
from spawngate.endpoint.daemon.place import place, private_folder
from spawngate.model.errors import StateError
from spawngate.model.json import Json

LOG_FILE = "daemon.log"
START_SECONDS = 15.0
STOP_SECONDS = 10.0


def status(state: Path, deadline: float = 1.5) -> dict[str, Json] | None:
    """What the running daemon says about itself; None where there is none that answers."""
    try:
        reply = control(place(state).socket, "status", deadline)
        found = msgspec.json.decode(reply.stdout)
    except (NoAnswerError, msgspec.DecodeError):
        return None
    return found if isinstance(found, dict) else None


def start(state: Path, arguments: tuple[str, ...] = ()) -> dict[str, Json]:
    """Start a daemon that outlives us and holds none of our descriptors; its status, or that of the one that runs.

    Raises StateError with the daemon's own last words where it does not come up.
    """
    running = status(state)
    if running is not None:
        return running
    private_folder(state)
    log = state / LOG_FILE
    try:
        errors = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(f"{log} cannot be written ({error.strerror})") from None
    try:
        # -E -P: neither variables nor the working folder may choose what is imported.
        process = subprocess.Popen(  # noqa: S603  # our own interpreter with our own module
            [sys.executable, "-E", "-P", "-m", "spawngate", "daemon", "run", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd="/",
            env={**_environment(), "SPAWNGATE_STATE_DIR": os.fspath(state)},
            start_new_session=True,
            close_fds=True,
        )
    except OSError as error:
        raise StateError(f"the daemon cannot be started ({error.strerror})") from None
    finally:
        os.close(errors)
    # Where we live on longer than the daemon, somebody has to take note of its end.
    threading.Thread(target=process.wait, name="daemon", daemon=True).start()
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        found = status(state, 0.5)
        if found is not None:
            return found
        if process.poll() is not None:
            # Another one may have been faster.
            found = status(state, 0.5)
            if found is not None:
                return found
            raise StateError(f"the daemon ended at once: {_last_words(log)}")
        time.sleep(0.02)
    raise StateError(f"the daemon does not answer after {START_SECONDS:.0f} s; see {log}")


def runs(state: Path) -> bool:
    """Whether a daemon of this state folder runs, answering or not. Asks nobody: who runs holds the lock."""
    return _pid(place(state).lock) != 0


def stop(state: Path) -> bool:
    """End the daemon, and wait until it has ended. False where none runs. Raises StateError where it does not end."""
    where = place(state)
    pid = _pid(where.lock)
    try:
        control(where.socket, "stop")
    except NoAnswerError:
        if pid == 0:
            return False
        try:
            os.kill(pid, signal.SIGTERM)
        except OSError:
            return False
    until = time.monotonic() + STOP_SECONDS
    while time.monotonic() < until:
        if _pid(where.lock) == 0:
            return True
        time.sleep(0.02)
    raise StateError(f"the daemon (process {_pid(where.lock)}) does not end")


def _pid(lock: Path) -> int:
    """Process that holds the lock of the daemon; 0 for none."""
    import fcntl

    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        text = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        return int(text) if text.isdigit() else -1
    finally:
        os.close(descriptor)
    return 0


def _environment() -> dict[str, str]:
    """The few variables that the daemon needs: nothing that loads code, and no secrets of the shell that starts it."""
    wanted = ("HOME", "USER", "LOGNAME", "PATH", "LANG", "LC_ALL", "TZ", "TMPDIR")
    return {name: value for name, value in os.environ.items() if name in wanted or name.startswith("XDG_")}


def _last_words(log: Path) -> str:
    try:
        words = log.read_bytes()[-2000:].decode("utf-8", "replace").strip().splitlines()
    except OSError:
        words = []
    return words[-1].removeprefix("spawngate: ") if words else f"see {log}"
