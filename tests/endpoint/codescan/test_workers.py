"""Files are lowered by processes that the kernel ends: one bad file costs itself, and nothing else."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import pytest

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import Module, dump
from spawngate.endpoint.codescan import workers
from spawngate.endpoint.codescan.workers import GIVEN_UP, Workers

FILES = {f"m{number}.py": f"x{number} = {number}\n".encode() for number in range(40)}
BAD = {"bad.py": b"bad\n", **FILES}
linux = pytest.mark.skipif(sys.platform != "linux", reason="only where a process shares our memory")


def later() -> float:
    return time.monotonic() + 60


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that other tests left are none of a scan's."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def lowering(monkeypatch: pytest.MonkeyPatch, bad: Callable[[], object]) -> None:
    """Lowering that does something bad with one file."""

    def lowered(path: str, source: bytes) -> Module:
        if source == BAD["bad.py"]:
            bad()
        return lower(path, source)

    monkeypatch.setattr(workers, "lower", lowered)


def spin() -> None:
    """Processor time without end, in C as a parser takes it: no exception reaches it."""
    while True:
        sum(range(100_000_000))


def eat() -> None:
    held = []
    while True:
        held.append(bytearray(64 << 20))


@linux
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("bad", "seconds", "memory"),
    [
        (spin, 0.3, workers.MEMORY),
        (eat, 20.0, 256 << 20),
        (os.abort, 20.0, workers.MEMORY),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), 20.0, workers.MEMORY),
    ],
    ids=["time", "memory", "abort", "kill"],
)
def test_a_bad_file_is_given_up_and_the_others_survive(
    monkeypatch: pytest.MonkeyPatch, bad: Callable[[], object], seconds: float, memory: int, jobs: int
) -> None:
    lowering(monkeypatch, bad)
    with Workers(jobs=jobs, seconds=seconds, memory=memory) as work:
        work.ahead(sorted(BAD.items()))
        found = {path: work.lower(path, source, later()) for path, source in BAD.items()}
    given_up = found.pop("bad.py")
    assert given_up is not None
    assert (given_up.path, given_up.language, given_up.body, given_up.incomplete) == ("bad.py", "python", (), True)
    assert [trouble.what for trouble in given_up.troubles] == [GIVEN_UP]
    told = {path: (module.path, dump(module.body)) for path, module in found.items() if module is not None}
    assert told == {path: (path, dump(lower(path, source).body)) for path, source in FILES.items()}


@linux
def test_every_process_may_die_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST_DEATHS", 3)
    sources = {f"bad{number}.py": BAD["bad.py"] for number in range(8)}
    lowering(monkeypatch, os.abort)
    with Workers(jobs=2) as work:
        found = [work.lower(path, source, later()) for path, source in sources.items()]
        assert work._deaths == 4
        work.begin()
        after = work.lower("m0.py", FILES["m0.py"], later())
    assert [module is not None and module.troubles[0].what for module in found] == [GIVEN_UP] * 8
    assert after is not None  # what one tree cost is no other's
    assert after.troubles == ()


@linux
def test_what_is_asked_for_comes_before_what_will_be() -> None:
    with Workers() as work:
        work.ahead(FILES.items())
        module = work.lower("m39.py", FILES["m39.py"], later())
        assert module is not None
        assert dump(module.body) == dump(lower("m39.py", FILES["m39.py"]).body)
        rest = {path for path, _ in work.rest()}
        assert len(rest) < len(FILES) - 1
        for path in set(FILES) - {"m39.py"} - rest:
            assert work.lower(path, FILES[path], later()) is not None
        assert list(work.rest()) == []


@linux
def test_as_many_processes_are_started_as_are_needed() -> None:
    with Workers() as work:
        assert work._workers == []
        assert work.lower("m1.py", FILES["m1.py"], later()) is not None
        assert len(work._workers) == 1
        work.ahead(FILES.items())
        assert len(work._workers) == 2


@linux
def test_the_processes_are_kept_from_one_tree_to_the_next() -> None:
    with Workers(jobs=1) as work:
        work.ahead(FILES.items())
        first = work.lower("m1.py", FILES["m1.py"], later())
        pids = [worker.process.pid for worker in work._workers]
        work.begin()
        second = work.lower("m1.py", b"y = 2\n", later())
        assert list(work.rest()) == []
        assert [worker.process.pid for worker in work._workers] == pids
    assert first is not None
    assert second is not None
    assert (dump(first.body), dump(second.body)) == (
        dump(lower("m1.py", FILES["m1.py"]).body),
        dump(lower("m1.py", b"y = 2\n").body),
    )


@linux
def test_a_file_of_the_tree_before_that_kills_its_process_later(monkeypatch: pytest.MonkeyPatch) -> None:
    lowering(monkeypatch, os.abort)
    with Workers(jobs=1) as work:
        work.ahead([("bad.py", BAD["bad.py"]), ("m0.py", FILES["m0.py"])])
        work.begin()
        module = work.lower("m0.py", FILES["m0.py"], later())
        assert work._deaths == 0
    assert module is not None
    assert module.troubles == ()


@linux
def test_a_process_that_writes_what_none_of_ours_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def lied(_path: str, _source: bytes) -> bytes:
        return b"\xc1 is no message"

    monkeypatch.setattr(workers, "_lowered", lied)
    with Workers(jobs=1) as work:
        module = work.lower("m0.py", FILES["m0.py"], later())
    assert module is not None
    assert [trouble.what for trouble in module.troubles] == [GIVEN_UP]


@linux
def test_large_files_go_through_in_both_directions_at_once() -> None:
    source = b"".join(b"x%d = 'a long text that makes the file larger' + y%d\n" % (n, n) for n in range(12_000))
    files = {f"large{number}.py": source for number in range(8)}
    with Workers(jobs=2) as work:
        work.ahead(files.items())
        found = [work.lower(path, source, later()) for path in files]
    assert [module is not None and len(module.body) for module in found] == [12_000] * 8


@linux
def test_the_processes_end_with_the_scan() -> None:
    with Workers() as work:
        work.ahead(FILES.items())
        pids = [worker.process.pid for worker in work._workers]
        files = [each for worker in work._workers for each in (worker.sending, worker.receiving)]
    assert len(pids) == 2
    for pid in pids:
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    for descriptor in files:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


@linux
def test_the_time_of_the_scan_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    lowering(monkeypatch, spin)
    with Workers(jobs=1) as work:
        before = time.monotonic()
        assert work.lower("bad.py", BAD["bad.py"], before + 0.3) is None
        assert time.monotonic() - before < 5
        assert work.lower("m0.py", FILES["m0.py"], before) is None


@linux
def test_a_name_that_is_no_text() -> None:
    with Workers() as work:
        module = work.lower("odd\udcff.py", b"x = 1\n", later())
    assert module is not None
    assert (module.path, dump(module.body)) == ("odd\udcff.py", dump(lower("a.py", b"x = 1\n").body))


@linux
def test_a_text_that_cannot_be_written_down() -> None:
    """Half a pair of surrogates in a literal: Python takes it, UTF-8 does not."""
    source = b'NAME = "oc\\ud800t"\n'
    with Workers() as work:
        module = work.lower("a.py", source, later())
        assert list(work.rest()) == []
    assert module is not None
    assert (dump(module.body), module.troubles) == (dump(lower("a.py", source).body), ())


@linux
def test_no_process_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr("multiprocessing.context.ForkProcess.start", refuse)
    with Workers() as work:
        module = work.lower("m0.py", FILES["m0.py"], later())
    assert module is not None
    assert module.troubles == ()


def test_beside_other_threads_files_are_lowered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    with Workers() as work:
        work.ahead(FILES.items())
        module = work.lower("m0.py", FILES["m0.py"], later())
        assert work._workers == []
        assert work.lower("m0.py", FILES["m0.py"], 0.0) is None
    assert module is not None
    assert dump(module.body) == dump(lower("m0.py", FILES["m0.py"]).body)
