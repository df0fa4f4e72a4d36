"""`server.deliver.files`: whole lines, rotation, and what is no file."""

import os
from pathlib import Path

import pytest

from spawngate.routing.destination import Done, Failed, FileLines
from spawngate.server.deliver.files import carry

LINES = (b"one\n", b"two\n")


def test_lines_are_appended_and_the_file_is_private(tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    assert carry(FileLines(str(path), LINES)) == Done()
    assert carry(FileLines(str(path), LINES)) == Done()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one\ntwo\none\ntwo\n", 0o600)


def test_rotation_keeps_as_many_as_wanted(tmp_path: Path) -> None:
    path = tmp_path / "e"
    for number in range(6):
        assert carry(FileLines(str(path), (f"{number}{'x' * 8}\n".encode(),), rotate_bytes=15, keep=2)) == Done()
    assert {each.name: each.read_bytes()[:1] for each in tmp_path.iterdir()} == {"e": b"5", "e.1": b"4", "e.2": b"3"}


def test_what_is_larger_than_a_file_may_be_is_written_nevertheless(tmp_path: Path) -> None:
    path = tmp_path / "e"
    assert carry(FileLines(str(path), (b"x" * 100 + b"\n",), rotate_bytes=15)) == Done()
    assert path.stat().st_size == 101


@pytest.mark.parametrize("kind", ["fifo", "link", "folder", "relative", "missing folder"])
def test_what_is_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
    elif kind == "folder":
        path.mkdir()
    named = "x" if kind == "relative" else str(path / "y") if kind == "missing folder" else str(path)
    failed = carry(FileLines(named, LINES))
    assert isinstance(failed, Failed)
    assert failed.cause in ("write", "setting")
    assert not (tmp_path / "elsewhere").exists()


def test_a_full_disk_leaves_no_torn_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "e"
    carry(FileLines(str(path), LINES))
    write, calls = os.write, [0]

    def full(descriptor: int, data: bytes) -> int:
        calls[0] += 1
        if calls[0] == 1:
            return write(descriptor, bytes(data)[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    assert carry(FileLines(str(path), LINES)) == Failed("write", "No space left on device")
    assert path.read_bytes() == b"one\ntwo\n"


def test_the_folder_of_the_trail_is_no_place_to_write(tmp_path: Path) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    (state / "store").mkdir(parents=True)
    elsewhere.symlink_to(state / "store")
    refused = Failed("setting", "the path lies in the folder that holds the trail itself")
    for path in (state / "store" / "x", state / "x", elsewhere / "x", state / "store" / ".." / "x"):
        assert carry(FileLines(str(path), LINES), state) == refused
    assert carry(FileLines(str(tmp_path / "state2"), LINES), state) == Done()
