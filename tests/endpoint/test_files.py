"""Opening what may be anything."""

import hashlib
import os
import socket
import sqlite3
import zipfile
from pathlib import Path

import pytest

from spawngate.endpoint import files
from spawngate.endpoint.files import Mounts, Unreadable


def reason(path: Path, mounts: Mounts | None = None) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        files.look(str(path), mounts or Mounts())
    return caught.value.reason, caught.value.message


def test_regular_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"hello")
    status = files.look(str(path), Mounts())
    assert files.signature(status)[2] == 5
    assert files.read(str(path)) == b"hello"
    assert files.digest_of(str(path)) == hashlib.sha256(b"hello").hexdigest()


def test_special_files_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "sock"))
        (tmp_path / "device").symlink_to("/dev/zero")
        (tmp_path / "loop").symlink_to("loop")
        (tmp_path / "dangling").symlink_to("nowhere")
        assert reason(tmp_path / "fifo") == ("not-a-file", "is a named pipe, not a regular file")
        assert reason(tmp_path / "folder") == ("not-a-file", "is a folder, not a regular file")
        assert reason(tmp_path / "sock") == ("not-a-file", "is a socket, not a regular file")
        assert reason(tmp_path / "device") == ("not-a-file", "is a character device, not a regular file")
        assert reason(tmp_path / "loop") == ("symlink-loop", "is a loop of symbolic links")
        assert reason(tmp_path / "dangling") == ("unreadable", "is a symbolic link to nothing")


def test_fifo_that_takes_the_place_of_a_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    with pytest.raises(Unreadable) as caught:
        files.read(str(path))
    assert caught.value.reason == "not-a-file"


def test_name_with_nul() -> None:
    with pytest.raises(Unreadable) as caught:
        files.look("/tmp/a\0b", Mounts())
    assert caught.value.reason == "unreadable"


def test_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as file:
        file.truncate(1000)
    with pytest.raises(Unreadable) as caught:
        files.read(str(path), 999)
    assert (caught.value.reason, caught.value.message) == (
        "oversized",
        "has 1000 bytes, more than the 999 that are read",
    )
    assert files.digest_of(str(path), 999) == ""


def test_link_to_a_network_mount_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/net/share/config.json")
    assert reason(tmp_path / "link", Mounts(("/net/share",))) == (
        "network-mount",
        "lies on a network mount; pass --network to read it",
    )


def test_mountinfo() -> None:
    text = (
        "36 35 98:0 / / rw,noatime master:1 - ext4 /dev/root rw\n"
        "40 35 0:40 / /home/a\\040b rw - nfs4 server:/export rw\n"
        "41 35 0:41 / /mnt rw shared:2 - cifs //server/x rw\n"
        "42 35 0:42 / /mnt/c rw - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000\n"
        "broken line\n"
    )
    assert files.parse_mountinfo(text) == ("/home/a b", "/mnt")
    mounts = Mounts(files.parse_mountinfo(text))
    assert mounts.covers("/home/a b/x") == "/home/a b"
    assert mounts.covers("/mnt2") is None
    assert Mounts(("/mnt",), allowed=True).covers("/mnt/x") is None


def test_mapped_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b'{"a": 1}')
    assert bytes(files.read_mapped(str(path))) == b'{"a": 1}'
    path.write_bytes(b"")
    assert files.read_mapped(str(path)) == b""


def test_rows(tmp_path: Path) -> None:
    path = tmp_path / "state?#%.vscdb"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE ItemTable (key TEXT UNIQUE, value BLOB)")
    connection.executemany("INSERT INTO ItemTable VALUES (?, ?)", [("a.b", b"{}"), ("a.c", "text"), ("z", b"no")])
    connection.commit()
    connection.close()
    before = sorted(tmp_path.iterdir())
    assert files.read_rows(str(path), ("a.*",)) == {"a.b": b"{}", "a.c": b"text"}
    assert sorted(tmp_path.iterdir()) == before
    (tmp_path / "no.vscdb").write_bytes(b"not a database at all")
    with pytest.raises(Unreadable) as caught:
        files.read_rows(str(tmp_path / "no.vscdb"), ("a",))
    assert caught.value.reason == "malformed"


def test_members(tmp_path: Path) -> None:
    path = tmp_path / "x.mcpb"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr("../evil.json", "{}")
        archive.writestr("big.bin", b"\0" * (files.MAX_MEMBER + 1))
    assert files.read_members(str(path), ("manifest.json",)) == {"manifest.json": b"{}"}
    with pytest.raises(Unreadable) as caught:
        files.read_members(str(path), ("*.bin",))
    assert caught.value.reason == "oversized"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Unreadable) as caught:
        files.read_members(str(path), ("manifest.json",))
    assert caught.value.reason == "malformed"
