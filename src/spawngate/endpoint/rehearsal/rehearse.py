"""SHELL. One rehearsal: an installed agent is started twice, with our hook before it, and told to run two commands.

One command policy refuses, nothing speaks against the other; each would leave a file. Home, project, state and daemon
are made for the rehearsal and thrown away: nothing of the user's is read or written, none of the user's MCP servers
starts, and nothing leaves the machine where the system gives a network namespace.
Must not be here: what an agent needs (`headless`), the hooks as they are installed for the user (`protect.trial`).
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from spawngate.agents.hooks.canary import ALLOWED, DENIED
from spawngate.endpoint.protect.trial import TOKEN_BYTES
from spawngate.endpoint.rehearsal.headless import HEADLESS, Headless
from spawngate.endpoint.rehearsal.model import Model, Script

LIMIT = 120.0
"""Seconds for one run of an agent."""
OWN = 60.0
"""Seconds for one of our commands."""
ALONE = "SPAWNGATE_REHEARSAL_ALONE"
"""Set where the rehearsal has a network namespace of its own, whose loopback device it has to switch on."""
_SPAWNGATE = (sys.executable, "-E", "-P", "-m", "spawngate")
_UP = 0x1 | 0x40  # IFF_UP | IFF_RUNNING, linux/if.h
_SET_FLAGS = 0x8914  # SIOCSIFFLAGS, linux/sockios.h
_LAST_WORDS = 300


class Rehearsal(msgspec.Struct, frozen=True):
    """What an agent did."""

    agent: str
    program: str
    """What was started; empty where none is on PATH."""
    denied: str
    """`stopped`: the refused command left no file and the model was told of our refusal. `ran`: it left its file.
    `not tried`: the agent did not get so far, or the model heard nothing of a refusal."""
    allowed: str
    """`ran`, `stopped` or `not tried`, for the command that nothing speaks against."""
    network: str
    """`none`: loopback only. `machine`: no namespace was to be had, and proxies that lead nowhere were set."""
    milliseconds: int
    """Both runs."""
    works: bool
    """Stopped and ran."""
    problems: list[str]


def candidates(agents: Sequence[str]) -> list[Headless]:
    """Those of `agents` (none: all) that can be started without a vendor, by Spawngate's ids."""
    return [each for each in HEADLESS if not agents or each.id in agents]


def rehearse(agent: Headless, path: str) -> Rehearsal:
    """Start the agent in a process, and a network, of its own. `path`: the user's PATH. Raises nothing."""
    program = shutil.which(agent.program, path=path)
    if program is None:
        return _failed(agent, "", f"{agent.program} is not on PATH")
    words = [sys.executable, "-E", "-P", "-m", "spawngate.endpoint.rehearsal", agent.id, program]
    alone = _namespace()
    environment = {"PATH": path, "LANG": "C.UTF-8", **({ALONE: "1"} if alone else {})}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            [*alone, *words], env=environment, capture_output=True, timeout=3 * LIMIT + 2 * OWN, check=False
        )
        return msgspec.json.decode(done.stdout, type=Rehearsal)
    except (OSError, subprocess.TimeoutExpired, msgspec.MsgspecError) as error:
        return _failed(agent, program, f"the rehearsal itself failed ({type(error).__name__})")


def perform(agent: Headless, program: str) -> Rehearsal:
    """Both runs, in this process and its network. Raises nothing."""
    network = "none" if os.environ.get(ALONE) else "machine"
    if network == "none":
        _loopback_up()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="spawngate-rehearsal-", ignore_cleanup_errors=True) as folder:
        stage = _Stage(agent, program, Path(folder))
        try:
            denied, allowed, problems = stage.run()
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            denied, allowed, problems = "not tried", "not tried", [str(error)[:_LAST_WORDS]]
        finally:
            stage.spawngate("daemon", "stop", check=False)
    works = denied == "stopped" and allowed == "ran"
    took = round((time.monotonic() - begun) * 1000)
    return Rehearsal(agent.id, program, denied, allowed, network, took, works, problems)


class _Stage:
    """The throw-away machine."""

    def __init__(self, agent: Headless, program: str, folder: Path) -> None:
        self.agent, self.program = agent, program
        self.home, self.state = folder / "home", folder / "state"
        self.project = self.home / "src/project"
        self.project.mkdir(parents=True)

    @property
    def environment(self) -> Mapping[str, str]:
        """Of the agent and of our commands."""
        dead = "http://127.0.0.1:9"  # the discard port: nobody listens
        return {
            "HOME": str(self.home),
            "PATH": os.environ.get("PATH", os.defpath),
            "TERM": "dumb",
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), dead),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost"),
        }

    def spawngate(self, *words: str, check: bool = True) -> None:
        """One of our commands in the throw-away home. Raises RuntimeError with its message."""
        done = subprocess.run(  # noqa: S603  # our own interpreter and module
            [*_SPAWNGATE, *words],
            env={**self.environment, "SPAWNGATE_STATE_DIR": str(self.state)},
            cwd=self.project,
            capture_output=True,
            timeout=OWN,
            check=False,
        )
        if check and done.returncode != 0:
            raise RuntimeError((done.stderr or done.stdout).decode("utf-8", "replace").strip())

    def run(self) -> tuple[str, str, list[str]]:
        """What became of the refused command and of the other one, and what went wrong."""
        self.agent.prepare(self.home, self.project, 9)
        self.spawngate("protect", self.agent.id, "--yes", "--mode", "enforce")
        problems: list[str] = []
        denied, told, last = self.attempt(DENIED)
        if denied == "ran":
            problems.append("the command that policy refuses was run")
        elif "spawngate" not in told.lower():
            denied = "not tried"
            problems.append(last or "the agent did not tell the model of a refusal")
        allowed, told, last = self.attempt(ALLOWED)
        if allowed != "ran":
            allowed = "stopped" if told else "not tried"
            problems.append(f"the command that nothing speaks against did not run: {told or last}"[:_LAST_WORDS])
        return denied, allowed, problems

    def attempt(self, text: str) -> tuple[str, str, str]:
        """`ran` or `stopped`, what the model was told of it, and the last words of an agent that asked for nothing."""
        token = secrets.token_hex(TOKEN_BYTES)
        trace = self.project / f"ran-{token}"
        script = Script([self.agent.call(f"touch {trace.name} && {text}-{token}")])
        with Model(script) as model, tempfile.TemporaryFile() as said:
            self.agent.prepare(self.home, self.project, model.port)
            environment = {**self.environment, **self.agent.env(model.port)}
            with _started([self.program, *self.agent.words], environment, self.project, said.fileno()) as process:
                process.wait(LIMIT)
            said.seek(max(0, said.seek(0, os.SEEK_END) - _LAST_WORDS))
            last = " ".join(said.read().decode("utf-8", "replace").split())
        told = script.results[0] if script.results else ""
        return ("ran" if trace.exists() else "stopped"), told, "" if told else last


@contextlib.contextmanager
def _started(
    words: Sequence[str], environment: Mapping[str, str], cwd: Path, said: int
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process in a group of its own, which is ended with the block."""
    process = subprocess.Popen(  # noqa: S603  # the agent that the user asked us to try
        list(words), env=dict(environment), cwd=cwd, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"the agent does not end within {LIMIT:.0f} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _namespace() -> list[str]:
    """Words that give a command a network of its own; none where the system does not let us."""
    unshare = shutil.which("unshare", path="/usr/bin:/bin")
    if unshare is None:
        return []
    words = [unshare, "--net", *(() if os.geteuid() == 0 else ("--map-root-user",)), "--"]
    try:
        tried = subprocess.run(  # noqa: S603  # unshare of the system
            [*words, "/bin/true"], capture_output=True, timeout=OWN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return words if tried.returncode == 0 else []


def _loopback_up() -> None:
    """Switch the loopback device of this network namespace on: netdevice(7)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        fcntl.ioctl(device, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def _failed(agent: Headless, program: str, problem: str) -> Rehearsal:
    return Rehearsal(agent.id, program, "not tried", "not tried", "none", 0, False, [problem])
