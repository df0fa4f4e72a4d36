"""Digests: taken once, never of what is no plain file, and with a reason where there is none."""

import hashlib
import os
import time
from pathlib import Path

import pytest

from spawngate.endpoint.files import Mounts
from spawngate.endpoint.launching import digests
from spawngate.endpoint.launching.digests import Digests

NONE = Mounts()


def later() -> float:
    return time.monotonic() + 10


def test_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    held = Digests()
    first = held.take(str(path), NONE, later())
    assert first == (hashlib.sha256(b"one").hexdigest(), "")
    monkeypatch.setattr(digests, "_digest", lambda *_: pytest.fail("read again"))
    assert held.take(str(path), NONE, later()) == first


def test_taken_again_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    held = Digests()
    held.take(str(path), NONE, later())
    status = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # the change time tells all the same
    assert held.take(str(path), NONE, later())[0] == hashlib.sha256(b"two").hexdigest()


def test_why_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fifo, folder, path, link = tmp_path / "fifo", tmp_path / "d", tmp_path / "a", tmp_path / "l"
    os.mkfifo(fifo)
    folder.mkdir()
    path.write_bytes(b"x" * 100)
    link.symlink_to(link)
    held = Digests()
    assert [held.take(str(each), NONE, later()) for each in (fifo, folder, link)] == [
        ("", "is a named pipe, not a regular file"),
        ("", "is a folder, not a regular file"),
        ("", "is a loop of symbolic links"),
    ]
    assert held.take(str(tmp_path / "a\0b"), NONE, later())[0] == ""
    assert held.take(str(path), NONE, 0) == ("", "could not be read in time")
    monkeypatch.setattr(digests, "MAX_BYTES", 99)
    assert held.take(str(path), NONE, later()) == ("", "has 100 bytes, more than the 99 that are read")


def test_kept_over_a_new_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, file = tmp_path / "a", tmp_path / "digests.json"
    path.write_bytes(b"one")
    held = Digests(file)
    first = held.take(str(path), NONE, later())
    held.keep()
    held.keep()
    assert file.stat().st_mode & 0o777 == 0o600
    with monkeypatch.context() as patched:
        patched.setattr(digests, "_digest", lambda *_: pytest.fail("read again"))
        assert Digests(file).take(str(path), NONE, later()) == first
    for damaged in (b"{", b"[[1,2]]", b'[[[1,2,3,4,"x"],"y"]]'):
        file.write_bytes(damaged)
        assert Digests(file).take(str(path), NONE, later()) == first


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "KEPT", 2)
    held = Digests()
    for number in range(4):
        path = tmp_path / str(number)
        path.write_bytes(b"%d" % number)
        held.take(str(path), NONE, later())
    assert list(held._known.values()) == [hashlib.sha256(b"%d" % number).hexdigest() for number in (2, 3)]
