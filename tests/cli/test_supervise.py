"""`spawngate supervise`: words, exit code, and what is refused without a daemon."""

import os
import subprocess
import sys
from pathlib import Path

from tests.endpoint.supervise.conftest import needs_seccomp


def supervise(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "supervise", *words],
        env={**os.environ, "SPAWNGATE_STATE_DIR": str(state)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@needs_seccomp
def test_options_of_the_program_are_its_own(tmp_path: Path) -> None:
    done = supervise(tmp_path, "sh", "-c", 'echo "$0"; exit 3', "--run")
    assert (done.stdout, done.returncode) == ("--run\n", 3)


@needs_seccomp
def test_without_a_daemon_nothing_is_executed(tmp_path: Path) -> None:
    done = supervise(tmp_path, "--", "sh", "-c", "/bin/echo ran; true")
    assert (done.stdout, done.returncode) == ("", 0)
    assert "spawngate: echo is not executed: there is no daemon" in done.stderr


@needs_seccomp
def test_monitor(tmp_path: Path) -> None:
    done = supervise(tmp_path, "--monitor", "--", "sh", "-c", "/bin/echo ran; true")
    assert done.stdout == "ran\n"


def test_no_program(tmp_path: Path) -> None:
    done = supervise(tmp_path, "spawngate-no-such-program")
    assert (done.stderr, done.returncode) == ("spawngate: spawngate-no-such-program: there is no such program\n", 2)
