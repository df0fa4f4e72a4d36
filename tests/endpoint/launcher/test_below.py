"""Ending what runs below this process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spawngate.endpoint.launcher import below
from tests.endpoint.launcher.harness import gone

TREE = """
import ctypes, os, sys, time
sys.path.insert(0, sys.argv[1])
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
from spawngate.endpoint.launcher import below
if sys.argv[2] == "scan":
    below.children = lambda: [one for one in below._processes() if below._parent(one) == os.getpid()]
reader, writer = os.pipe()
for number in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            os.write(writer, b"%d\\n" % os.getpid())
            time.sleep(60)
        if number:
            os._exit(0)
        time.sleep(60)
found = b""
while found.count(b"\\n") < 3:
    found += os.read(reader, 100)
time.sleep(0.1)
print(below.end_below(0, 10), below.children(), found.decode().split())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="subreapers are Linux's")
@pytest.mark.parametrize("how", ["list", "scan"])
def test_detached_ones_are_ended(how: str) -> None:
    source = str(Path(below.__file__).parents[3])
    done = subprocess.run([sys.executable, "-c", TREE, source, how], capture_output=True, timeout=60, check=True)
    count, rest = done.stdout.decode().split(" ", 1)
    assert int(count) == 4  # three grandchildren, and the one child that had not ended by itself
    assert rest.startswith("[]")
    processes = [int(word.strip("[]',")) for word in rest.split()[1:]]
    assert len(processes) == 3
    assert all(gone(process) for process in processes)


def test_nothing_below_is_nothing_killed() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(Path(below.__file__).parents[3])!r})\n"
        "from spawngate.endpoint.launcher import below\n"
        "print(below.end_below(0, 1), below.children(), below.send(2 ** 22, 0))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=True)
    assert done.stdout == b"0 [] False\n"


def test_parents_of_processes_with_odd_names(tmp_path: Path) -> None:
    odd = tmp_path / "a) S 1 ("
    odd.symlink_to("/bin/sleep")
    with subprocess.Popen([odd, "60"]) as process:
        assert below._parent(process.pid) == os.getpid()
        assert process.pid in below.children()
        process.kill()
    assert below._parent(process.pid) == 0
