"""Which processes stand above one: real ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import processes as module
from spawngate.endpoint.daemon.processes import ASKING, above, asking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="told by /proc")
SLEEPS = "import sys; sys.stdout.write('x'); sys.stdout.flush(); sys.stdin.read()"


def test_shells_between_are_passed_over() -> None:
    inner = f'{sys.executable} -c "{SLEEPS}"; true'
    with subprocess.Popen(["/bin/sh", "-c", inner], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None
        assert shell.stdout.read(1) == b"x"
        children = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()
        found = above(int(children[0]))
        assert above(shell.pid) == found[1:]
        assert (found[0].split(".")[0], found[1].split(".")[0]) == (children[0], str(os.getpid()))
        shell.stdin.close()


def test_the_one_that_asks() -> None:
    ASKING.set(os.getpid())
    assert asking() == above(os.getpid())
    assert asking()[0].startswith(f"{os.getpid()}.")
    ASKING.set(0)
    assert asking() == ()


@pytest.mark.parametrize("process", [0, 1, -5, 1 << 40])
def test_what_tells_nothing(process: int) -> None:
    assert above(process) == ()


def test_a_terminal_and_its_shell_end_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        40: ("hook.sh", 30, "4", False),
        30: ("sh", 20, "3", False),
        20: ("claude", 10, "2", False),
        10: ("bash", 5, "1", True),
        5: ("node", 1, "0", False),
        21: ("claude", 6, "2", False),
        6: ("tmux: server", 5, "1", False),
    }
    monkeypatch.setattr(module, "_stat", told.get)
    assert (above(40), above(21)) == (("40.4", "20.2"), ("21.2",))


def test_a_cycle_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_stat", lambda process: ("node", process, "1", False))
    assert above(7) == ("7.1",) * module.HIGHEST
