"""A lock file: one at a time, waited for, and never followed through a link."""

import threading
from pathlib import Path

import pytest

from spawngate.endpoint.lock import locked
from spawngate.model.errors import StateError


def test_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path, 0.0, "taken"):
        assert path.stat().st_mode & 0o777 == 0o600
        with pytest.raises(StateError, match=r"^taken$"), locked(path, 0.05, "taken"):
            pass
    with locked(path, 0.0, "taken"):
        pass


def test_it_is_waited_for(tmp_path: Path) -> None:
    done: list[str] = []
    taken = threading.Event()

    def other() -> None:
        with locked(tmp_path / "lock", 0.0, "taken"):
            taken.set()
            done.append("first")

    with locked(tmp_path / "other", 0.0, "taken"):
        thread = threading.Thread(target=other)
        thread.start()
        assert taken.wait(10)
    with locked(tmp_path / "lock", 10.0, "taken"):
        done.append("second")
    thread.join()
    assert done == ["first", "second"]


def test_a_body_that_fails_lets_go(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock", 0.0, "taken"):
        raise ZeroDivisionError
    with locked(tmp_path / "lock", 0.0, "taken"):
        pass


def test_a_file_that_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be opened"), locked(tmp_path / "none" / "lock", 0.0, "taken"):
        pass
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(StateError, match="cannot be opened"), locked(tmp_path / "link", 0.0, "taken"):
        pass
    assert not (tmp_path / "target").exists()
