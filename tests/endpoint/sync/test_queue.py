"""Requests that wait for the server."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.sync import queue
from spawngate.model.errors import StateError, UsageError
from spawngate.sync.messages import Ask


def ask(number: int, reason: str = "work") -> Ask:
    return Ask(f"{number:064x}", {"command": "npx"}, "files", "ada", reason)


def test_kept_once_each_and_forgotten(tmp_path: Path) -> None:
    assert queue.waiting(tmp_path) == []
    for each in (ask(2), ask(1), ask(2, "newer")):
        queue.put(tmp_path, each)
    assert queue.waiting(tmp_path) == [ask(1), ask(2, "newer")]
    queue.forget(tmp_path, ask(2))  # the server took the one before
    assert queue.waiting(tmp_path) == [ask(1), ask(2, "newer")]
    queue.forget(tmp_path, ask(2, "newer"))
    assert queue.waiting(tmp_path) == [ask(1)]
    assert (tmp_path / "sync" / "requests" / f"{1:064x}.json").stat().st_mode & 0o777 == 0o600
    queue.clear(tmp_path)
    assert queue.waiting(tmp_path) == []


def test_bounded(tmp_path: Path) -> None:
    for number in range(queue.MOST):
        queue.put(tmp_path, ask(number))
    with pytest.raises(UsageError, match="50 requests wait"):
        queue.put(tmp_path, ask(99))
    queue.put(tmp_path, ask(3, "again"))
    assert len(queue.waiting(tmp_path)) == queue.MOST


def test_what_is_none_is_deleted(tmp_path: Path) -> None:
    queue.put(tmp_path, ask(1))
    folder = tmp_path / "sync" / "requests"
    (folder / "rubbish").write_bytes(b"{")
    (folder / f"{2:064x}.json").write_bytes((folder / f"{1:064x}.json").read_bytes())
    assert queue.waiting(tmp_path) == [ask(1)]
    assert [each.name for each in folder.iterdir()] == [f"{1:064x}.json"]


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("state")
    (folder / "sync" / "requests").mkdir(parents=True)
    (folder / "sync" / "requests" / "x.json").write_bytes(data)
    assert queue.waiting(folder) == []


def test_where_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "sync").mkdir()
    (tmp_path / "sync" / "requests").write_bytes(b"")
    with pytest.raises(StateError, match="cannot be used"):
        queue.put(tmp_path, ask(1))
