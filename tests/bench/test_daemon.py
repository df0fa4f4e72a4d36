"""The daemon's benchmarks in small: they keep their promises, and they notice what breaks one."""

import os
import socket
import threading
from pathlib import Path

import pytest
from bench.daemon import Daemon, ask

from bench import daemon_kill, daemon_soak, decision


def test_soak(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon_soak, "ALLOWED", 10.0)  # so few calls say nothing about memory
    assert daemon_soak.main(["--calls", "40"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("40 answers in ")
    assert "failed 0, missing 0, doubled 0; verify 0" in said


def test_kills(capsys: pytest.CaptureFixture[str]) -> None:
    assert daemon_kill.main(["--kills", "2"]) == 0
    assert "lost 0, doubled 0; verify 0" in capsys.readouterr().out


def test_lost_record_is_noticed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon_soak, "ALLOWED", 10.0)
    real = Daemon.records
    monkeypatch.setattr(Daemon, "records", lambda self: list(real(self))[:-3])
    assert daemon_soak.main(["--calls", "20"]) == 1
    assert "missing 2, " in capsys.readouterr().out  # the third is the daemon's own end


def test_stages(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision, "MEDIAN_MS", 1e6)
    monkeypatch.setattr(decision, "P99_MS", 1e6)
    assert decision.main(["--calls", "30"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[3:17]] == [*decision.STAGES, "cpu", "disk", "whole"]
    monkeypatch.setattr(decision, "MEDIAN_MS", 0.0)
    assert decision.main(["--calls", "30"]) == 1


def test_half_an_answer_is_none(tmp_path: Path) -> None:
    path = os.fspath(tmp_path / "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen(1)

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(1 << 16)
                client.sendall(b"SGA1" + b"\0" * 12)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ConnectionError):
            ask(path, b"agent=x\0", b"{}")
        thread.join()
