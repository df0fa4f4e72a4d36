"""hook.conf in the state folder."""

import os
import threading
from pathlib import Path

import pytest

from spawngate.endpoint.client.settings import hook_folder, read_settings, replace, write_settings
from spawngate.model.call import HookReply
from spawngate.model.errors import StateError
from spawngate.model.hookconf import Fallback, HookConf

CONF = HookConf("/s/daemon.sock", "/s/spool", (Fallback("claude-code", HookReply(exit_code=2), closed=True),))


def test_written_and_read_back(tmp_path: Path) -> None:
    path = write_settings(tmp_path / "state", CONF)
    assert path == tmp_path / "state" / "hook" / "hook.conf"
    assert read_settings(tmp_path / "state") == CONF
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(path.parent) == ["hook.conf"]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o000])
def test_written_for_every_user(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        path = write_settings(tmp_path / "lib", CONF, shared=True)
    finally:
        os.umask(before)
    assert [one.stat().st_mode & 0o777 for one in (path, path.parent, path.parent.parent)] == [0o644, 0o755, 0o755]
    assert read_settings(tmp_path / "lib") == CONF


def test_none_yet(tmp_path: Path) -> None:
    assert read_settings(tmp_path) is None


def test_a_damaged_file_is_an_error_and_the_next_write_mends_it(tmp_path: Path) -> None:
    path = write_settings(tmp_path, CONF)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(StateError, match="is damaged"):
        read_settings(tmp_path)
    write_settings(tmp_path, CONF)
    assert read_settings(tmp_path) == CONF


def test_a_bad_value_leaves_the_old_file(tmp_path: Path) -> None:
    write_settings(tmp_path, CONF)
    with pytest.raises(ValueError, match="absolute"):
        write_settings(tmp_path, HookConf("relative", "/s"))
    assert read_settings(tmp_path) == CONF


def test_an_open_folder_is_closed(tmp_path: Path) -> None:
    folder = hook_folder(tmp_path)
    folder.chmod(0o777)
    assert hook_folder(tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "hook").write_text("")
    with pytest.raises(StateError, match="cannot be used"):
        write_settings(tmp_path, CONF)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "x").write_text("")
    with pytest.raises(StateError, match="cannot write"):
        replace(tmp_path / "target", b"new", 0o600)
    assert os.listdir(tmp_path) == ["target"]


def test_readers_see_the_old_or_the_new_one(tmp_path: Path) -> None:
    others = [HookConf("/s", "/p", deadline_ms=number) for number in range(1, 60)]
    write_settings(tmp_path, others[0])
    done = threading.Event()
    seen: list[HookConf | None] = []

    def read() -> None:
        while not done.is_set():
            seen.append(read_settings(tmp_path))

    reader = threading.Thread(target=read)
    reader.start()
    for conf in others:
        write_settings(tmp_path, conf)
    done.set()
    reader.join()
    assert seen
    assert set(seen) <= set(others)
