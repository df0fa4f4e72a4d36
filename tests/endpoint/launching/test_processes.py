"""Processes of agents."""

import os
import re
import subprocess
import sys

import pytest

from spawngate.endpoint.launching.processes import alive, lives, named


def test_alive() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert (alive(os.getpid()), alive(1), alive(process.pid), alive(1 << 70)) == (True, True, False, False)
    assert named(process.pid) == str(process.pid)
    assert (lives(named(os.getpid())), lives(str(os.getpid())), lives(str(process.pid))) == (True, True, False)
    assert (lives(""), lives("x"), lives("-1"), lives("1.x"), lives("²")) == (False, False, False, False, False)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_named() -> None:
    assert re.fullmatch(rf"{os.getpid()}\.\d+", named(os.getpid()))
    assert named(os.getpid()) == named(os.getpid())
    assert (named(0), named(-1)) == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_that_nobody_waited_for_and_a_later_one_of_its_number() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = named(process.pid)
        assert lives(name)
        assert not lives(f"{name}0")
        assert process.stdin is not None
        process.stdin.close()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert alive(process.pid)
        assert not lives(name)
