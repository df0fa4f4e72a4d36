"""Lowering in a second process: it saves time, and nothing else depends on it."""

import os
import signal
import sys
import threading
import time

import pytest

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump
from spawngate.endpoint.codescan.ahead import LEAST, Ahead

FILES = [(f"m{number}.py", f"x{number} = {number}\n".encode()) for number in range(LEAST)]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only where a process shares our memory")


def waited(work: Ahead, path: str) -> bool:
    """Whether a file is ready within some seconds; it stays to be taken."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if path in work._ready:
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that other tests left are none of a scan's."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@linux
def test_files_are_lowered_from_the_last_on() -> None:
    with Ahead(FILES) as work:
        assert waited(work, FILES[0][0])
        module = work.take(FILES[0][0])
        assert module is not None
        assert dump(module.body) == dump(lower(*FILES[0]).body)
        assert work.take(FILES[0][0]) is None
        assert sorted(path for path, _ in work.rest()) == sorted(path for path, _ in FILES[1:])
        assert list(work.rest()) == []


@linux
def test_the_process_ends_with_the_scan() -> None:
    with Ahead([(path, source * 20_000) for path, source in FILES]) as work:
        assert work._process is not None
        pid = work._process.pid
        assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@linux
def test_a_process_that_dies_is_no_harm() -> None:
    with Ahead([(path, source * 20_000) for path, source in FILES]) as work:
        assert work._process is not None
        assert work._process.pid is not None
        os.kill(work._process.pid, signal.SIGKILL)
        work._process.join()
        assert work.take("m0.py") is None


@linux
def test_a_file_that_cannot_be_lowered_or_named_is_left_to_the_first_process() -> None:
    odd = [*FILES, ("odd.txt", b""), ("odd\udcff.py", b"x = 1\n")]
    with Ahead(odd) as work:
        assert waited(work, "m0.py")
        assert work.take("odd.txt") is None


@pytest.mark.parametrize(("files", "jobs"), [(FILES, 1), (FILES[:-1], 2), ([], 2)])
def test_it_is_left_out_where_it_saves_nothing(files: list[tuple[str, bytes]], jobs: int) -> None:
    with Ahead(files, jobs=jobs) as work:
        assert work._process is None
        assert work.take("m0.py") is None


def test_it_is_left_out_beside_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.endpoint.codescan.ahead.threading.active_count", lambda: 2)
    with Ahead(FILES) as work:
        assert work._process is None
