"""Names of the store's files, and what SQLite's errors say of them."""

import errno
import sqlite3
from pathlib import Path

import pytest

from spawngate.server.store.port import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from spawngate.server.store.sqlite import files


def test_days_and_parts(tmp_path: Path) -> None:
    assert files.day_files(tmp_path) == []
    (tmp_path / files.EVENTS).mkdir()
    for name in (
        "2026-11-21.sqlite",
        "2026-11-20.01.sqlite",
        "2026-11-20.sqlite",
        "new.sqlite",
        "2026-11-21.sqlite-wal",
    ):
        (tmp_path / files.EVENTS / name).touch()
    assert [name for name, _ in files.day_files(tmp_path)] == ["2026-11-20", "2026-11-20.01", "2026-11-21"]
    assert files.part_after("2026-11-20") == "2026-11-20.01"
    assert files.part_after("2026-11-20.09") == "2026-11-20.10"
    assert files.day_path(tmp_path, "2026-11-20") == tmp_path / "events" / "2026-11-20.sqlite"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StoreFullError),
        (errno.EDQUOT, StoreFullError),
        (errno.EROFS, StoreReadOnlyError),
        (errno.EACCES, StoreReadOnlyError),
        (errno.EIO, StoreError),
    ],
)
def test_errors_of_the_system(number: int, kind: type[StoreError]) -> None:
    assert type(files.meaning(OSError(number, "x"), Path("f"))) is kind


def test_errors_of_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    with pytest.raises(StoreDamagedError, match=r"a\.sqlite: it is damaged"):
        files.open_to_read(path)
    with pytest.raises(StoreDamagedError):
        files.open_to_write(path)
    with pytest.raises(StoreError):
        files.open_to_read(tmp_path / "none.sqlite")
    good = files.open_to_write(tmp_path / "b.sqlite")
    other = sqlite3.connect(tmp_path / "b.sqlite", timeout=0, isolation_level=None)
    try:
        good.execute("CREATE TABLE t(a)")
        good.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="another process"), files.understood(path):
            other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreDamagedError), files.understood(path):
            other.execute("SELECT * FROM missing")
    finally:
        other.close()
        good.close()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "real")
    with pytest.raises(StoreError):
        files.open_to_write(tmp_path / "link.sqlite")
    with pytest.raises(StoreError):
        files.open_to_read(tmp_path / "link.sqlite")


def test_files_are_private_and_sizes_are_those_of_file_and_log(tmp_path: Path) -> None:
    files.private_folder(tmp_path / "s")
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700
    path = tmp_path / "s" / "x?#%.sqlite"
    connection = files.open_to_write(path)
    try:
        connection.execute("CREATE TABLE t(a)")
        assert path.stat().st_mode & 0o777 == 0o600
        wal = Path(f"{path}-wal")
        assert files.size_of(path) == path.stat().st_size + wal.stat().st_size
        reader = files.open_to_read(path)
        with pytest.raises(StoreReadOnlyError), files.understood(path):
            reader.execute("INSERT INTO t VALUES(1)")
        reader.close()
    finally:
        connection.close()
