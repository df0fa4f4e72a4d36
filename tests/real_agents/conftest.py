"""One protected throw-away machine for each test: an agent, its home, a daemon, policies that decide by file name."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bench.headless import Headless, Played, Stage

PREFIX = Path(os.environ.get("SPAWNGATE_AGENTS", "/nonexistent"))
"""npm prefix with the agents; `make test-agents` sets it."""

POLICIES = """
@id("test-deny") @verdict("deny") @reason("The file must not be.")
forbid (principal, action, resource) when { context.command like "*ran-deny*" };
@id("test-ask") @verdict("ask") @reason("A person decides about the file.")
forbid (principal, action, resource) when { context.command like "*ran-ask*" };
@id("test-log") @verdict("log") @reason("The file is noted.")
forbid (principal, action, resource) when { context.command like "*ran-log*" };
"""


@dataclass(slots=True)
class Machine:
    """One throw-away machine."""

    agent: Headless
    stage: Stage
    state: Path = field(init=False)

    def __post_init__(self) -> None:
        self.state = self.stage.work / "state"

    @property
    def environment(self) -> dict[str, str]:
        """What Spawngate's own commands are run with. The agent's programs are on PATH as an installation puts them."""
        return {
            "HOME": str(self.stage.home),
            "PATH": f"{PREFIX / 'node_modules/.bin'}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "SPAWNGATE_STATE_DIR": str(self.state),
        }

    def spawngate(self, *words: str, check: bool = True) -> str:
        """Standard output of one of our commands."""
        done = subprocess.run(
            [sys.executable, "-m", "spawngate", *words],
            env=self.environment,
            cwd=self.stage.project,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def protect(self, mode: str = "enforce") -> None:
        """Put the hook in place, as a user does."""
        self.agent.prepare(self.stage, 9)
        (self.state / "policy").mkdir(parents=True, mode=0o700, exist_ok=True)
        (self.state / "policy/test.cedar").write_text(POLICIES)
        self.spawngate("protect", self.agent.id, "--yes", "--mode", mode)

    def try_to(self, verdict: str) -> Played:
        """Let the agent try to make the file `ran-<verdict>`."""
        return self.agent.play(self.stage, [self.agent.call(f"touch ran-{verdict}")])

    def ran(self, verdict: str) -> bool:
        """Whether the tool call had its effect."""
        return (self.stage.project / f"ran-{verdict}").exists()

    def decisions(self) -> list[dict[str, Any]]:
        """Decisions of the trail about shell calls, oldest first; what a call gave back is told and not decided."""
        text = self.spawngate("audit", "query", "type:decision", "--format", "json", check=False)
        events = [json.loads(line) for line in text.splitlines() if line.strip()]
        return sorted(
            (
                event
                for event in events
                if event.get("call", {}).get("kind") == "shell" and event["call"].get("moment") != "after-tool"
            ),
            key=lambda event: int(event["sequence"]),
        )

    def daemon(self) -> int:
        """Process id of the running daemon."""
        return int(json.loads(self.spawngate("daemon", "status", "--format", "json"))["pid"])

    def stop(self) -> None:
        """Undo everything that outlives a test."""
        self.spawngate("daemon", "stop", check=False)


@pytest.fixture
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """A machine whose agent is the test's parameter, not protected yet."""
    held = Machine(request.param, Stage(tmp_path, PREFIX))
    yield held
    held.stop()


class Impostor:
    """A socket in the daemon's place that answers every request with the same bytes."""

    def __init__(self, path: Path, answer: bytes) -> None:
        path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen(16)
        self.answer, self.asked = answer, 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                client.settimeout(5)
                self.asked += 1
                client.recv(1 << 20)
                client.sendall(self.answer)

    def close(self) -> None:
        """Stop answering."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def kill_clients(until: threading.Event, state: Path, killed: list[int]) -> None:
    """SIGKILL to every hook client of that state folder, again and again."""
    while not until.is_set():
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
                if (
                    words.startswith(os.fsencode(state / "hook"))
                    or os.fsencode(state / "hook") in words.split(b"\0")[:5]
                ):
                    os.kill(int(entry.name), signal.SIGKILL)
                    killed.append(int(entry.name))
            except (OSError, ValueError):
                continue
        time.sleep(0.002)
