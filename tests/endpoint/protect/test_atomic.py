"""Files in one step: attributes, links, folders that were made, and what others changed meanwhile."""

import os
import stat
from pathlib import Path

import pytest

from spawngate.endpoint.protect.atomic import (
    MAX_FILE,
    TEMPORARY,
    Held,
    WriteError,
    digest,
    hold,
    missing_folders,
    put,
    remove,
    remove_folders,
    sweep,
    sync_folder,
)


def test_new_file_gets_its_folders_and_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.json"
    held = hold(str(path))
    assert held == Held(str(path), str(path), None)
    assert held.digest == ""
    assert missing_folders(held) == (str(tmp_path / "a"), str(tmp_path / "a/b"))
    assert put(held, b"x", mode=0o640, folder_mode=0o750) == (str(tmp_path / "a"), str(tmp_path / "a/b"))
    assert path.read_bytes() == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750
    remove(hold(str(path)))
    remove_folders((str(tmp_path / "a"), str(tmp_path / "a/b")))
    assert list(tmp_path.iterdir()) == []


def test_old_file_keeps_mode_and_attributes(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    path.chmod(0o604)
    try:
        os.setxattr(path, "user.note", b"kept")
        attributes = True
    except OSError:
        attributes = False
    put(hold(str(path)), b"new", mode=0o777)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    if attributes:
        assert os.getxattr(path, "user.note") == b"kept"
    assert [item.name for item in tmp_path.iterdir()] == ["f"]


@pytest.mark.parametrize("since", [b"other", None])
def test_file_of_somebody_else_is_not_touched(tmp_path: Path, since: bytes | None) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    held = hold(str(path))
    path.unlink()
    if since is not None:
        path.write_bytes(since)
    with pytest.raises(WriteError, match="changed by somebody else"):
        put(held, b"new")
    with pytest.raises(WriteError, match="changed by somebody else"):
        remove(held)
    assert [item.name for item in tmp_path.iterdir()] == (["f"] if since is not None else [])


def test_file_that_came_meanwhile_is_not_touched(tmp_path: Path) -> None:
    held = hold(str(tmp_path / "f"))
    (tmp_path / "f").write_bytes(b"theirs")
    with pytest.raises(WriteError, match="changed by somebody else"):
        put(held, b"new")
    assert (tmp_path / "f").read_bytes() == b"theirs"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", MAX_FILE + 1)
    for name, words in (("pipe", "no regular file"), ("loop", "no regular file"), ("large", "more than the")):
        with pytest.raises(WriteError, match=words):
            hold(str(tmp_path / name))
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="cannot be read"):
        hold(str(tmp_path / "file/below"))


def test_link_to_nothing_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    put(hold(str(tmp_path / "link")), b"x")
    assert (tmp_path / "real").read_bytes() == b"x"
    assert (tmp_path / "link").is_symlink()


def test_digest_is_sha256() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_folder_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    sync_folder(str(tmp_path / "none"))
    remove_folders((str(tmp_path / "none"),))
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_is_swept_away(tmp_path: Path) -> None:
    for name in (f"{TEMPORARY}abc", "mine", ".spawngate-other"):
        (tmp_path / name).touch()
    sweep([str(tmp_path), str(tmp_path / "none")])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".spawngate-other", "mine"]
