"""Agents' files are read with bounds, and nothing that could block is opened."""

import os
from pathlib import Path

import pytest

from spawngate.configuration.files import LARGEST, MISSING, Unknown
from spawngate.endpoint.agent_files import MOUNTS_SECONDS, AgentFiles
from spawngate.endpoint.files import Mounts


def test_a_file_a_link_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    (tmp_path / "l").symlink_to("f")
    (tmp_path / "gone").symlink_to("nowhere")
    read = AgentFiles()
    assert [read(str(tmp_path / name)) for name in ("f", "l", "none", "f/below", "gone")] == [
        b"x",
        b"x",
        MISSING,
        MISSING,
        Unknown("unreadable"),
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    read = AgentFiles()
    assert {read(str(tmp_path / name)) for name in ("pipe", "folder")} == {Unknown("not-a-file")}
    assert read("/dev/zero") == Unknown("not-a-file")


def test_bounds(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGEST + 1)
    read = AgentFiles()
    assert read(str(tmp_path / "large")) == Unknown("oversized")
    assert [read(path) for path in ("relative", "/a\0b", "")] == [Unknown("unreadable")] * 3
    assert read("/" + "x" * 5_000) == Unknown("unreadable")


def test_nothing_on_a_network_is_touched(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "f")
    read = AgentFiles(lambda: Mounts((str(tmp_path),)))
    assert read(str(tmp_path / "f")) == Unknown("network")
    assert read.resolve(str(tmp_path / "link")) == str(tmp_path / "link")


def test_where_a_path_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    read = AgentFiles()
    assert read.resolve(str(tmp_path / "alias" / "new.json")) == str((tmp_path / "real" / "new.json").resolve())
    assert [read.resolve(path) for path in ("x", "/a\0b")] == ["x", "/a\0b"]


def test_mounts_are_looked_up_again_later() -> None:
    asked: list[float] = []
    now = [0.0]

    def mounts() -> Mounts:
        asked.append(now[0])
        return Mounts()

    read = AgentFiles(mounts, lambda: now[0])
    for at in (0.0, MOUNTS_SECONDS - 1, MOUNTS_SECONDS):
        now[0] = at
        read("/nonexistent")
    assert asked == [0.0, MOUNTS_SECONDS]
