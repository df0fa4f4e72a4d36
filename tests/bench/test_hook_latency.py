"""The latency benchmark counts right, and notices a client that did not ask the daemon."""

from pathlib import Path

import pytest
from bench.hook_latency import ALONE, Program, alone, clients, configure, event, main, once, p99, stub_daemon, table

from bench import hook_latency


@pytest.mark.parametrize(
    ("times", "expected"),
    [([1.0], 1.0), ([float(n) for n in range(1, 101)], 99.0), ([float(n) for n in range(1, 201)], 198.0)],
)
def test_p99(times: list[float], expected: float) -> None:
    assert p99(times) == expected
    assert p99(list(reversed(times))) == expected


def test_table() -> None:
    assert table({"true": [0.001, 0.002, 0.003], "x": [0.004, 0.004, 0.009]}).splitlines()[2:] == [
        "| true | 3 | 1.00 | 2.00 | 3.00 | 1.00 | 1.5 | 1.00 |",
        "| x | 3 | 4.00 | 4.00 | 9.00 | 2.00 | 4.5 | 3.00 |",
    ]


def test_one_call(tmp_path: Path) -> None:
    source = tmp_path / "event"
    source.write_bytes(event("git status"))
    words = ("/bin/sh", "-c", "cat; echo $X; echo error >&2; exit 3")
    seconds, output, code = once(Program("x", words, {"X": "1", "PATH": "/usr/bin:/bin"}), str(source))
    assert 0 < seconds < 10
    assert (output, code) == (event("git status") + b"1\nerror\n", 3)


def test_clients_are_answered_by_the_daemon_or_say_so(tmp_path: Path) -> None:
    source = tmp_path / "event"
    source.write_bytes(event("git status"))
    programs = clients(tmp_path)
    with stub_daemon(tmp_path) as socket:
        spool = configure(tmp_path, socket)
        assert [once(program, str(source))[1:] for program in programs] == [(b"", 0)] * len(programs)
        assert {name: len(times) for name, times in alone(programs, str(source), 3).items()} == {
            program.name: 3 for program in programs
        }
        assert not spool.exists()
    assert [once(program, str(source))[1:] for program in programs] == [(ALONE, 2)] * len(programs)
    assert len(spool.read_bytes().splitlines()) == len(programs)


def test_a_whole_run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")  # the run sets it: put back afterwards
    status = main(["--stub", "--no-peer", "--rounds", "8", "--sessions", "2"])
    out = capsys.readouterr().out
    assert status in (0, 1), "whether the budgets are kept is this machine's matter"
    assert "daemon: a stub with one fixed answer\n" in out
    assert "| true | 8 |" in out
    assert "| true | 16 |" in out
    assert "| client in Python | 16 |" in out


def test_a_daemon_that_does_not_start_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(state: Path) -> None:
        raise ImportError("half written")

    monkeypatch.setattr(hook_latency, "real_daemon", broken)
    with hook_latency.daemon(tmp_path, stub=False) as socket:
        assert Path(socket).is_socket()
    assert "stub with one fixed answer, because the real one does not start (half written)" in capsys.readouterr().out
