"""Running a program from outside: its answer, seconds and peak memory, and what it started or contacted.

Belongs here: the measuring child and the reading of strace's log. Must not be here: what the figures mean.

Memory is taken by a small child in between: Linux hands the peak of the process that forks on to the child it
executes, so a parent that has just generated a home would be counted in. Floor of the method: about 10 MB.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHILD = """
import json, os, resource, signal, sys, time
out, err, report, limit, *command = sys.argv[1:]
begun = time.perf_counter()
pid = os.fork()
if pid == 0:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.execv(command[0], command)
late = []
def stop(*_):
    late.append(True)
    os.killpg(pid, signal.SIGKILL)
signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, float(limit))
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - begun
result = {"seconds": seconds, "kilobytes": usage.ru_maxrss, "late": bool(late), "cpu": usage.ru_utime + usage.ru_stime}
with open(report, "w") as file:
    json.dump({**result, "status": os.waitstatus_to_exitcode(status)}, file)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run. `status` is negative for a signal."""

    status: int
    seconds: float
    megabytes: float
    stdout: bytes
    stderr: bytes
    late: bool
    """The time limit was reached and the run was ended."""
    cpu: float = 0.0
    """Seconds of all its processes together, which a busy machine lengthens less."""


def without_network() -> list[str]:
    """Words before a command that give it a network of its own with nothing but a loopback device in it."""
    namespace = ["/usr/bin/unshare", "--net"] if os.geteuid() == 0 else ["/usr/bin/unshare", "--net", "--map-root-user"]
    return [*namespace, "--", "/bin/sh", "-c", 'ip link set lo up 2>/dev/null || true; exec "$@"', "offline"]


def run(command: Sequence[str], env: Mapping[str, str], *, cwd: Path, limit: float = 120) -> Run:
    """Run `command` (its first word an absolute path) with exactly `env`, its input empty."""
    with tempfile.TemporaryDirectory(prefix="bench-run-") as name:
        folder = Path(name)
        files = [str(folder / part) for part in ("out", "err", "report")]
        child = [sys.executable, "-I", "-S", "-c", CHILD, *files, str(limit), *command]
        subprocess.run(child, env=dict(env), cwd=cwd, check=True)
        report = json.loads((folder / "report").read_text())
        stdout, stderr = (folder / "out").read_bytes(), (folder / "err").read_bytes()
    return Run(
        report["status"], report["seconds"], report["kilobytes"] / 1024, stdout, stderr, report["late"], report["cpu"]
    )


@dataclass(slots=True)
class Trace:
    """What a program did beyond its own start, as strace saw it."""

    programs: list[str] = field(default_factory=list)
    """Programs executed after the first, by path; failed attempts included."""
    processes: int = 0
    """Processes (not threads) that it forked."""
    network: list[str] = field(default_factory=list)
    """Calls that made or connected an internet socket."""
    local_sockets: list[str] = field(default_factory=list)
    """Connections to unix sockets."""


CALLS = "execve,execveat,connect,socket,clone,clone3,fork,vfork"


def traced(
    command: Sequence[str], env: Mapping[str, str], *, cwd: Path, limit: float = 600, before: Sequence[str] = ()
) -> tuple[Run, Trace]:
    """Run `command` under strace, and strace behind the words `before`. FileNotFoundError where strace is missing."""
    with tempfile.TemporaryDirectory(prefix="bench-trace-") as name:
        log = Path(name) / "log"
        strace = ["/usr/bin/strace", "-f", "-qq", "-s", "200", "-e", f"trace={CALLS}", "-o", str(log)]
        if not Path(strace[0]).exists():
            raise FileNotFoundError(strace[0])
        result = run([*before, *strace, *command], env, cwd=cwd, limit=limit)
        return result, read_trace(log.read_text(errors="replace"))


def read_trace(text: str) -> Trace:
    """Read strace's log. The first execve is the program's own start."""
    trace = Trace()
    own = True
    for line in text.splitlines():
        call = re.sub(r"^\d+\s+", "", line)
        if call.startswith(("execve(", "execveat(")):
            if own:
                own = False
                continue
            path = re.search(r'"((?:[^"\\]|\\.)*)"', call)
            trace.programs.append(path[1] if path else call)
        elif call.startswith(("fork(", "vfork(")) or (
            call.startswith(("clone(", "clone3(")) and "CLONE_THREAD" not in call
        ):
            trace.processes += 1
        elif call.startswith(("socket(AF_INET", "connect(")):
            (trace.local_sockets if "AF_UNIX" in call else trace.network).append(call[:160])
    return trace
