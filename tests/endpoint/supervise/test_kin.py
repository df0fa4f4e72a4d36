"""Descent, as /proc tells."""

import os
import subprocess
import sys

from spawngate.endpoint.supervise import kin


def test_line() -> None:
    code = (
        "from spawngate.endpoint.supervise import kin; import os; print([each.pid for each in kin.line(os.getpid())])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = [int(word) for word in done.stdout.strip("[]\n").split(",")]
    assert found[1:3] == [os.getpid(), os.getppid()]


def test_a_name_of_parentheses() -> None:
    with open("/proc/self/comm", "r+") as file:
        before = file.read()
        file.seek(0)
        file.write(") R 1 (x")
    try:
        found = kin.of(os.getpid())
        assert found is not None
        assert (found[0].pid, found[1]) == (os.getpid(), os.getppid())
    finally:
        with open("/proc/self/comm", "w") as file:
            file.write(before)


def test_nobody() -> None:
    assert kin.of(2**22 + 1) is None
    assert kin.line(2**22 + 1) == []
