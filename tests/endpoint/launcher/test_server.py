"""A server's process, with and without the program that confines."""

import json
import os
import shutil
from pathlib import Path

import pytest

from spawngate.endpoint.launcher import server
from spawngate.endpoint.launcher.place import packaged
from tests.endpoint.launcher.harness import PYTHON

LOOK = (
    "import os,sys,json,signal,time;"
    "print(json.dumps({'argv':sys.argv,'env':sorted(os.environ),'fds':sorted(map(int,os.listdir('/proc/self/fd')))[:-1],"
    "'leader':os.getsid(0)==os.getpid(),'line':sys.stdin.readline(),"
    "'mask':sorted(map(int,signal.pthread_sigmask(signal.SIG_BLOCK,[])))}))"
)


@pytest.fixture(params=["confine", "fork"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A launcher's folder with or without the confining program."""
    if request.param == "confine":
        program = packaged("spawngate-confine")
        if program is None:
            pytest.skip("built without a C compiler")
        shutil.copy(program, tmp_path / "spawngate-confine")
    return tmp_path


def read_all(descriptor: int) -> bytes:
    os.set_blocking(descriptor, True)
    data = b""
    while block := os.read(descriptor, 1 << 16):
        data += block
    os.close(descriptor)
    return data


def test_a_process(folder: Path) -> None:
    spare = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(spare, True)
    one = server.start(str(folder), [], PYTHON, ["python", "-c", LOOK, "ä"], {b"A": b"1", b"LC_ALL": b"C.UTF-8"})
    os.close(spare)
    os.write(one.stdin, b"line\n")
    found = json.loads(read_all(one.stdout))
    assert found == {
        "argv": ["-c", "ä"],
        "env": ["A", "LC_ALL"],
        "fds": [0, 1, 2],
        "leader": True,
        "line": "line\n",
        "mask": [],
    }
    assert read_all(one.status) == b"open\n"
    os.close(one.stdin)
    assert os.waitpid(one.process, 0) == (one.process, 0)


def test_a_signal_reaches_the_group(folder: Path) -> None:
    one = server.start(str(folder), [], "/bin/sh", ["sh", "-c", "sleep 60 & wait"], {})
    one.signal(15)
    _, status = os.waitpid(one.process, 0)
    assert os.waitstatus_to_exitcode(status) == -15
    one.ended = status
    one.signal(15)
    for descriptor in (one.stdin, one.stdout, one.status):
        os.close(descriptor)


def test_a_program_that_cannot_be_executed(folder: Path) -> None:
    one = server.start(str(folder), [], str(folder), ["x"], {})
    assert read_all(one.status) == b"open\nfailed 13\n"
    _, status = os.waitpid(one.process, 0)
    assert os.waitstatus_to_exitcode(status) == 126
    os.close(one.stdin)
    os.close(one.stdout)


def test_quiet_ones_write_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one = server.start(str(folder), [], "/bin/sh", ["sh", "-c", "echo loud >&2"], {}, quiet=True)
    os.waitpid(one.process, 0)
    for descriptor in (one.stdin, one.stdout, one.status):
        os.close(descriptor)
    assert capfd.readouterr() == ("", "")


def test_without_walls_nothing_is_confined(tmp_path: Path) -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    with pytest.raises(server.NotStarted, match="there is no confining program"):
        server.start(str(tmp_path), ["--jail"], "/bin/sh", ["sh"], {})
    assert sorted(os.listdir("/proc/self/fd")) == before
