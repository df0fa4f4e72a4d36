"""A launcher in a state folder of its own, a daemon that does as it is told, and servers to start.

Must not be here: expectations.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from spawngate.endpoint.launcher.place import InstalledLauncher, install_launcher, packaged
from spawngate.model.call import HookReply
from spawngate.model.wire import encode_answer
from tests.native.harness import listening, receive

PYTHON = os.path.realpath(sys.executable)
AT_ONCE = 20.0
"""Seconds within which something happens that does not wait for anything, on a machine however busy."""
SERVER = str(Path(__file__).with_name("server_program.py"))
Answer = dict[str, Any]
ALLOW: Answer = {
    "verdict": "allow",
    "launch": "launch-1",
    "fingerprint": "f",
    "message": "",
    "program": PYTHON,
    "probe": None,
    "confine": None,
    "drop": [],
    "relay": {"tools": True, "pins": True},
}
PROBE: Answer = {"seconds": 20, "network": False, "read": [str(Path(SERVER).parent)], "write": []}


@dataclass(slots=True)
class Daemon:
    """Answers by verb; notes what it was asked."""

    answers: dict[str, Answer | Callable[[Answer], Answer] | bytes | None] = field(default_factory=dict)
    asked: list[tuple[str, Answer]] = field(default_factory=list)
    told: bytes = b""
    """What servers said, as it was told."""

    def reply(self, verb: str, question: Answer) -> bytes | None:
        """The frame to send; None to say nothing."""
        self.asked.append((verb, question))
        default: dict[str, Answer] = {
            "start": ALLOW,
            "probed": {"verdict": "allow", "message": ""},
            "call": {"verdict": "allow", "message": ""},
            "tools": {"verdict": "allow", "message": "", "withhold": []},
            "end": {},
        }
        found = self.answers.get(verb, default.get(verb, {}))
        if callable(found):
            found = found(question)
        if found is None or isinstance(found, bytes):
            return found
        return encode_answer(HookReply(stdout=json.dumps(found).encode(), exit_code=0))

    def verbs(self) -> list[str]:
        """What it was asked, in order."""
        return [verb for verb, _ in self.asked]

    def wait(self, verb: str) -> Answer:
        """The first question of this kind."""
        until = time.monotonic() + AT_ONCE
        while time.monotonic() < until:
            for one, question in list(self.asked):
                if one == verb:
                    return question
            time.sleep(0.005)
        raise AssertionError(f"nobody asked {verb}: {self.verbs()}")


@contextlib.contextmanager
def serving(folder: Path, daemon: Daemon) -> Iterator[None]:
    """The daemon at `folder/daemon.sock`."""
    over = threading.Event()

    def script(connection: socket.socket) -> None:
        try:
            request = receive(connection)
        except AssertionError:
            return  # a launcher that was killed says nothing more
        head, _, lines = request.payload.partition(b"\n")
        if request.event == "told":
            daemon.told += lines
        reply = daemon.reply(request.event, json.loads(head if request.event == "told" else request.payload))
        if reply is None:
            over.wait(30)
        else:
            connection.sendall(reply)

    with listening(folder, script):
        try:
            yield
        finally:
            over.set()


@dataclass(slots=True)
class Place:
    """A state folder with a launcher in it."""

    launcher: InstalledLauncher
    state: Path
    daemon: Daemon

    @property
    def spool(self) -> Path:
        """The file for decisions taken alone."""
        return self.state / "fallback.ndjson"

    @property
    def socket_folder(self) -> Path:
        """Folder of the daemon's socket."""
        return self.state / "run"

    def words(self, *command: str) -> list[str]:
        """The configuration entry for a command."""
        return [*self.launcher.argv, "--id", "entry-1", "--", *command]

    def start(self, *command: str, env: Mapping[str, str] | None = None, **options: Any) -> "subprocess.Popen[bytes]":
        """The launcher as an agent starts it."""
        settings: dict[str, Any] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "env": {"PATH": os.environ["PATH"], "HOME": str(self.state), **(env or {})},
            "cwd": self.state,
            **options,
        }
        return subprocess.Popen(self.words(*command), **settings)


def place_in(
    state: Path, kind: Literal["native", "python"] | None = None, *, closed: bool = True, deadline_ms: int = 20_000
) -> Place:
    """A launcher without a daemon."""
    state.mkdir(mode=0o700, exist_ok=True)
    launcher = install_launcher(
        state,
        closed=closed,
        socket=str(state / "run" / "daemon.sock"),
        spool=str(state / "fallback.ndjson"),
        deadline_ms=deadline_ms,
        kind=kind,
    )
    return Place(launcher, state, Daemon())


def walls() -> frozenset[str]:
    """The walls that hold around a probe on this machine; none without the confining program."""
    program = packaged("spawngate-confine")
    if program is None:
        return frozenset()
    reader, writer = os.pipe()
    words = [str(program), "--status", str(writer), "--jail", "--", "/bin/true", "true"]
    subprocess.run(words, pass_fds=(writer,), capture_output=True, timeout=AT_ONCE, check=False)
    os.close(writer)
    word, *found = os.read(reader, 4096).decode().split() or [""]
    os.close(reader)
    return frozenset(found) if word == "held" else frozenset()


def request(number: int, method: str, **params: Any) -> bytes:
    """One request line."""
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


def alive(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def gone(process: int, seconds: float = AT_ONCE) -> bool:
    """Whether it is gone within `seconds`."""
    until = time.monotonic() + seconds
    while alive(process):
        if time.monotonic() > until:
            return False
        time.sleep(0.002)
    return True
