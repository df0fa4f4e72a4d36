"""A machine of its own for launches that must not run: every program is a stub that leaves canaries.

Belongs here: namespaces without network, the stubs in the place of programs, a state folder with a real daemon, an
agent's configuration put behind the launcher by `spawngate protect`, the start of an entry as the agent starts it, and
where canaries are looked for. Must not be here: which launches, and what is expected of them (`launch_canaries`).

The stage is a set of mounts in a user namespace; nothing of the machine is written. `enter` runs the command in it.
"""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.daemon import Daemon

ROOT = Path(__file__).parents[1]
INSIDE = "SPAWNGATE_BENCH_STAGE"
HOME = Path("/home/dev")
WORK = HOME / "work"
BIN = HOME / "bin"
CANARIES = HOME / "canaries"
STATE = HOME / "state"
DOOR = HOME / "door"
"""A socket of the machine that no server is meant to reach."""
CONFIGURATION = HOME / ".gemini/settings.json"
"""Gemini CLI's: its entries have variables and a working folder."""
COVERED = ("/home", "/opt", "/usr/local/bin", "/dev/shm", "/var/tmp", "/tmp", "/srv")
NAME = ".canary-of-a-launch"
KEPT = (CANARIES / NAME, HOME / "second", Path("/tmp") / NAME, WORK / NAME)
POLICY = 'base = "baseline"\nmode = "enforce"\napprovals = true\n'
SECONDS = 30.0
AT_ONCE = 4
"""Launches at the same time."""
_INITIALIZE = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}},
    }
).encode()


def enter(module: str, arguments: Sequence[str]) -> int | None:
    """The exit code of the same benchmark inside the namespaces; None where this is inside already. 2 without them."""
    if os.environ.get(INSIDE):
        return None
    spaces = ["unshare", "-rmn", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    if subprocess.run([*spaces, "true"], capture_output=True, check=False).returncode:
        print("this system allows no namespaces; nothing was run", file=sys.stderr)
        return 2
    mounted = [*spaces, "--mount-proc"]
    if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode == 0:
        spaces = mounted
    words = [*spaces, sys.executable, "-m", "bench", module, *arguments]
    return subprocess.run(words, cwd=ROOT, env={**os.environ, INSIDE: "1"}, check=False).returncode


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def cover() -> None:
    """Empty folders in memory in the place of those that launches name, with our own code shown in them again."""
    needed = {os.path.realpath(path) for path in (ROOT, sys.prefix, sys.base_prefix)}
    for folder in COVERED:
        if not os.path.isdir(folder) or os.path.islink(folder):
            continue
        inside = sorted(path for path in needed if path.startswith(f"{folder}/"))
        held = [os.open(path, os.O_PATH) for path in inside]
        _mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", folder)
        for path, descriptor in zip(inside, held, strict=True):
            os.makedirs(path)
            subprocess.run(
                ["mount", "--rbind", f"/proc/self/fd/{descriptor}", path], check=True, pass_fds=(descriptor,)
            )
            os.close(descriptor)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False, capture_output=True)


def compile_stub(output: Path, port: int) -> None:
    """The stub, as a static program. Raises CalledProcessError."""
    names = {"NAME": NAME, "DOOR": DOOR, "FOLDER": CANARIES, "SECOND": KEPT[1], "TEMPORARY": KEPT[2]}
    defines = [f'-D{name}="{path}"' for name, path in names.items()]
    source = ROOT / "bench/launch_stub.c"
    subprocess.run(["cc", "-O1", "-static", f"-DPORT={port}", *defines, "-o", output, source], check=True)


def _in_memory(path: Path) -> bool:
    """Whether what is made there goes with the namespace: not on the file system that the machine itself lies on."""
    near = next(folder for folder in (path, *path.parents) if folder.exists())
    return os.stat(near).st_dev != os.stat("/").st_dev


def put_stubs(stub: Path, names: Iterable[str]) -> tuple[int, list[str]]:
    """The stub in the place of every program of these names; how many, and which could not be replaced.

    A bare name is put on the PATH, a relative one into the working folder, an absolute one where it stands.
    """
    done, left = 0, []
    for name in dict.fromkeys(names):
        where = BIN / name if "/" not in name else Path(os.path.normpath(WORK / name))
        try:
            if where.exists() and os.fspath(where).startswith(("/usr/", "/bin/", "/sbin/", "/lib")):
                real = os.path.realpath(where)
                if real in (os.path.realpath(sys.executable), "/usr/bin/mount"):
                    raise OSError("needed")
                _mount("--bind", os.fspath(stub), real)
            elif not _in_memory(where):
                raise OSError("it would outlast the run")
            else:
                where.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(stub, where)
                where.chmod(0o755)
        except (OSError, ValueError, subprocess.CalledProcessError):
            left.append(name)
            continue
        done += 1
    return done, left


@dataclass(frozen=True, slots=True)
class Started:
    """How one start went."""

    message: str
    """The refusal that the agent read; empty where there was none."""
    code: int | None
    """Exit code; None where it did not end by itself."""
    seconds: float
    output: bytes = b""
    error: bytes = b""

    @property
    def refused(self) -> bool:
        """The agent's first request was answered with a refusal."""
        return bool(self.message)


class Listener:
    """A port of loopback, a socket in the home and an abstract one, which note who comes."""

    def __init__(self) -> None:
        self.tcp = 0
        self.unix = 0
        server = socket.create_server(("127.0.0.1", 0))
        self.port: int = server.getsockname()[1]
        doors = [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        DOOR.parent.mkdir(parents=True, exist_ok=True)
        doors[0].bind(os.fspath(DOOR))
        doors[1].bind(f"\0{NAME}")
        for door in doors:
            door.listen(64)
        for each in (server, *doors):
            threading.Thread(target=self._accept, args=(each,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        while True:
            connection, _ = server.accept()
            connection.close()
            if server.family == socket.AF_UNIX:
                self.unix += 1
            else:
                self.tcp += 1


@contextlib.contextmanager
def playing() -> Iterator[Daemon]:
    """A daemon with the shipped baseline and approvals in force."""
    (STATE / "policy").mkdir(parents=True, mode=0o700)
    STATE.chmod(0o700)
    (STATE / "policy/policy.toml").write_text(POLICY)
    os.environ["HOME"] = os.fspath(HOME)
    daemon = Daemon(STATE)
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.stop()


def spawngate(*words: str, code: Sequence[int] = (0,), given: str = "") -> str:
    """The output of one command. Raises RuntimeError where its exit code is none of `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "spawngate", *words],
        env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(STATE)},
        cwd=WORK,
        capture_output=True,
        text=True,
        input=given,
        check=False,
    )
    if done.returncode not in code:
        raise RuntimeError(f"spawngate {words[0]}: {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def configure(entries: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries as they stand in the agent's file after `spawngate protect --launches`, nothing approved."""
    CONFIGURATION.parent.mkdir(parents=True, exist_ok=True)
    CONFIGURATION.write_text(json.dumps({"mcpServers": entries}, indent=1))
    words = ("--launches", "--no-approve", "--yes", "--no-daemon")
    spawngate("protect", *words, "gemini-cli", code=(0, 1))
    found = json.loads(CONFIGURATION.read_text())["mcpServers"]
    assert isinstance(found, dict)
    return found


def launch(entry: Mapping[str, Any], more: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Started:
    """Start an entry as the agent does, ask it to initialize, and wait for its first line or its end.

    `more`: variables of the agent's own environment.
    """
    base = {"PATH": os.fspath(BIN), "HOME": os.fspath(HOME), "LANG": "C.UTF-8"}
    folder = os.path.normpath(WORK / str(entry.get("cwd") or "."))
    begun = time.monotonic()
    process = subprocess.Popen(
        [entry["command"], *entry.get("args", ())],
        env={**base, **(more or {}), **entry.get("env", {})},
        cwd=folder if os.path.isdir(folder) else WORK,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(_INITIALIZE + b"\n")
        process.stdin.flush()
    line = b""
    until = begun + seconds
    while b"\n" not in line and time.monotonic() < until:
        if select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            block = os.read(process.stdout.fileno(), 1 << 16)
            if not block:
                break
            line += block
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.stdin = None
    try:
        rest, error = process.communicate(timeout=max(10.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        rest, error = process.communicate()
        return Started(_refusal(line), None, time.monotonic() - begun, line + rest, error)
    return Started(_refusal(line), process.returncode, time.monotonic() - begun, line + rest, error)


def _refusal(line: bytes) -> str:
    try:
        value = json.loads(line.split(b"\n", 1)[0])
    except ValueError:
        return ""
    error = value.get("error") if isinstance(value, dict) else None
    return str(error.get("message")) if isinstance(error, dict) else ""


def launch_all(entries: Mapping[str, Mapping[str, Any]], more: Mapping[str, str] | None = None) -> dict[str, Started]:
    """All of them, some at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(entries, pool.map(lambda entry: launch(entry, more), entries.values()), strict=True))


def canaries() -> list[str]:
    """What the stubs left outside of every jail, and everything else that says one ran; it is taken away."""
    found = []
    for path in (*KEPT, *(each for each in HOME.rglob(NAME) if each not in KEPT)):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found += [f"{path}: {line}" for line in path.read_text(errors="replace").splitlines()]
            path.unlink()
    return found


def left_over(own: Collection[int] = ()) -> list[str]:
    """Command lines of processes in this namespace that are none of ours."""
    known, found = {os.getpid(), 1, *own}, []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in known:
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{name}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if words:
                    found.append(words)
    return found
