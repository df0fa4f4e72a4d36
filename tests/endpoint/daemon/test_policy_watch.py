"""The policy in force follows its files, and stays where they are wrong."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.daemon import run as run_module
from spawngate.endpoint.daemon.ask import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.run import Daemon, Options
from spawngate.endpoint.state import State
from tests.endpoint.daemon.running import policy, told, with_daemon


def test_policy_is_exchanged_when_its_files_change(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    folder = place(state.folder).policy

    async def until(daemon: Daemon, wanted: Callable[[], bool]) -> None:
        for _ in range(300):
            if wanted():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(daemon.status())

    async def what(daemon: Daemon) -> None:
        def revision() -> Any:
            return daemon.status()["policy"]["revision"]  # type: ignore[index,call-overload]  # a document of ours

        first = revision()
        policy(folder, "monitor", "bash")
        await until(daemon, lambda: revision() != first)
        second = revision()
        (folder / "own.cedar").write_text("forbid everything", encoding="utf-8")
        await until(daemon, lambda: bool(daemon.policy.problem))
        assert revision() == second
        policy(folder, "enforce", "bash", "write")
        await until(daemon, lambda: revision() not in (first, second))
        assert daemon.policy.problem == ""

    with_daemon(state, what)
    events = [event for event in told(state) if event["type"].startswith("policy-")]
    assert [event["type"] for event in events] == ["policy-changed", "policy-refused", "policy-changed"]
    assert [event["detail"]["mode"] for event in events if "mode" in event["detail"]] == ["monitor", "enforce"]
    assert "own.cedar" in events[1]["detail"]["problem"]
    assert events[2]["detail"]["before"] == events[0]["detail"]["revision"] == events[1]["detail"]["kept"]


def test_reload_on_request_tells_the_problem(state: State, tmp_path: Path) -> None:
    folder = tmp_path / "named"
    policy(folder, "enforce", "bash")

    async def what(daemon: Daemon) -> None:
        where = place(state.folder).socket
        assert (await asyncio.to_thread(control, where, "reload")).exit_code == 0
        (folder / "policy.toml").write_text("mode = 5\n", encoding="utf-8")
        for _ in range(2):
            reply = await asyncio.to_thread(control, where, "reload")
            assert (reply.exit_code, b"mode" in reply.stderr) == (1, True)

    with_daemon(state, what, Options(policy=folder, inventory=False))
    assert [event["type"] for event in told(state)].count("policy-refused") == 1


def test_policy_that_cannot_be_used_at_the_start(state: State, tmp_path: Path) -> None:
    folder = tmp_path / "named"
    folder.mkdir()
    (folder / "own.cedar").write_text("rubbish", encoding="utf-8")

    async def what(daemon: Daemon) -> None:
        found = daemon.status()["policy"]
        assert isinstance(found, dict)
        assert found["mode"] == "enforce"
        assert "own.cedar" in found["problem"]

    with_daemon(state, what, Options(policy=folder, inventory=False))
    assert [event["type"] for event in told(state)][:2] == ["daemon-started", "policy-refused"]


def test_broken_policy_at_a_later_start_leaves_the_last_one_in_force(state: State, tmp_path: Path) -> None:
    folder = tmp_path / "named"
    policy(folder, "enforce", "bash")
    revisions = []

    async def what(daemon: Daemon) -> None:
        revisions.append(daemon.policy.describe()["revision"])

    with_daemon(state, what, Options(policy=folder, inventory=False))
    (folder / "own.cedar").write_text("rubbish", encoding="utf-8")
    with_daemon(state, what, Options(policy=folder, inventory=False))
    assert revisions[0] == revisions[1]
    (refused,) = [event for event in told(state) if event["type"] == "policy-refused"]
    assert refused["detail"]["kept"] == revisions[0]
