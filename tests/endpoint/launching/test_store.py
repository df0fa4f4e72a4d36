"""Small files: whole or not at all, bounded, and locked."""

import os
from pathlib import Path

import pytest

from spawngate.endpoint.launching import store
from spawngate.model.errors import StateError


def test_written_and_read(tmp_path: Path) -> None:
    path = store.folder_of(tmp_path) / "a.json"
    assert store.stamp(path) is None
    assert store.load(path, dict[str, int], {"none": 0}) == {"none": 0}
    store.save(path, {"b": 1, "a": 2})
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b'{"a":2,"b":1}\n', 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert store.load(path, dict[str, int], {}) == {"a": 2, "b": 1}
    before = store.stamp(path)
    store.save(path, {"a": 2})
    assert store.stamp(path) != before


def test_text_that_is_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    store.save(path, {"a": "\udc80"})
    assert store.load(path, dict[str, str], {}) == {"a": "\ufffd"}


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": "x"}', b"\xff", b"[" * 100_000])
def test_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(StateError, match="is damaged"):
        store.load(path, dict[str, int], {})


def test_special_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    (tmp_path / "b.json").symlink_to(tmp_path / "nowhere")
    for name in ("a.json", "b.json"):
        with pytest.raises(StateError):
            store.load(tmp_path / name, dict[str, int], {})


def test_lock(tmp_path: Path) -> None:
    with store.locked(tmp_path), pytest.raises(StateError, match="held by another"), store.locked(tmp_path, 0.05):
        pass
    with store.locked(tmp_path, 0.05):
        pass


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "launching").touch()
    with pytest.raises(StateError):
        store.folder_of(tmp_path)
    with pytest.raises(StateError), store.locked(tmp_path):
        pass


def test_what_only_saves_work(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    store.save(path, [1], durable=False)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"[1]\n", 0o600)
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    with pytest.raises(StateError):
        store.save(tmp_path / "none" / "a.json", [1], durable=False)
