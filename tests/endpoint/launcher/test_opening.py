"""The question that is asked before anybody is there for the answer."""

import time
from pathlib import Path

from spawngate.endpoint.launcher.entry import Entry
from spawngate.endpoint.launcher.opening import Opening
from spawngate.model.launchconf import LaunchConf
from tests.endpoint.launcher.harness import ALLOW, AT_ONCE, Daemon, serving

WORDS = ["--id", "e1", "--", "server", "a"]


def opening(folder: Path, deadline_ms: int = 20_000) -> Opening:
    """As a relay begins."""
    conf = LaunchConf("/p", "/r", str(folder / "daemon.sock"), str(folder / "spool"), deadline_ms)
    return Opening(conf, Entry(WORDS, {b"HOME": b"/h"}, "/w", 7))


def answered(one: Opening) -> list[tuple[bytes | None, str]]:
    """What `then` gets, and how often, within the time of an answer and a little after."""
    found: list[tuple[bytes | None, str]] = []
    one.then(lambda data, failure: found.append((data, failure)))
    assert found == []
    until = time.monotonic() + AT_ONCE
    while not found and time.monotonic() < until:
        one.loop.once(0.1)
    one.loop.once(0.05)
    return found


def test_it_is_sent_at_once_and_answered_later(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    daemon = Daemon()
    with serving(tmp_path, daemon):
        one = opening(tmp_path)
        assert daemon.wait("start") == {
            "schema_version": 1,
            "id": "e1",
            "command": "server",
            "args": ["a"],
            "cwd": "/w",
            "env": {"HOME": "/h"},
            "env_names": [],
            "parent": 7,
        }
        ((data, failure),) = answered(one)
    assert failure == ""
    assert data is not None
    assert data.startswith(b'{"verdict": "%s"' % str(ALLOW["verdict"]).encode())


def test_nobody_there(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert answered(opening(tmp_path)) == [(None, "absent")]


def test_the_deadline_begins_with_the_question(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with serving(tmp_path, Daemon(answers={"start": None})):
        one = opening(tmp_path, deadline_ms=50)
        time.sleep(0.1)
        assert answered(one) == [(None, "slow")]
