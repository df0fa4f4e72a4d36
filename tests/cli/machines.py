"""A machine with a real daemon, for tests of what the fleet's server does to it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.endpoint.launcher.harness import SERVER, request


class Machine:
    """A home, a state folder, and the commands that its user gives."""

    def __init__(self, folder: Path) -> None:
        self.home, self.state = folder / "home", folder / "state"
        self.home.mkdir(parents=True)

    def run(
        self, *args: str, give: bytes = b"", cwd: Path | None = None, **more: str
    ) -> "subprocess.CompletedProcess[bytes]":
        """One command. `more`: variables of its environment."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.fspath(self.home),
            "SPAWNGATE_STATE_DIR": os.fspath(self.state),
            **more,
        }
        return subprocess.run(
            [sys.executable, "-m", "spawngate", *args],
            capture_output=True,
            env=environment,
            cwd=cwd or self.home,
            input=give,
            timeout=60,
            check=False,
        )

    def said(self, *args: str) -> str:
        """What a command that succeeds says."""
        done = self.run(*args)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    def launch(self) -> dict[str, Any]:
        """What an agent hears that starts its server, and asks it who it is."""
        words = ("launch", "--id", "entry-1", "--", sys.executable, SERVER, "serve")
        # In no temporary folder: what lies there is refused for good.
        done = self.run(*words, give=request(1, "initialize"), cwd=Path(SERVER).parent)
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[0])
        return found


def until(condition: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait until something is so; the seconds that it took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "nothing happened"
        time.sleep(0.05)
    return time.monotonic() - begun
