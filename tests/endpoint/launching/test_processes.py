"""Processes of agents."""

import os
import re
import subprocess
import sys

import pytest

from spawngate.endpoint.launching.processes import alive, named


def test_alive() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert (alive(os.getpid()), alive(1), alive(process.pid), alive(1 << 70)) == (True, True, False, False)
    assert named(process.pid) == str(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_named() -> None:
    assert re.fullmatch(rf"{os.getpid()}\.\d+", named(os.getpid()))
    assert named(os.getpid()) == named(os.getpid())
    assert (named(0), named(-1)) == ("", "")
