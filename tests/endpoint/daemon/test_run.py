"""The daemon as a process and inside a loop: one instance, its policy, its events, its end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawngate.endpoint.daemon import run as run_module
from spawngate.endpoint.daemon.ask import NoAnswerError, ask, control
from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.listener import bind
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.run import (
    Daemon,
    Options,
)
from spawngate.endpoint.protect import guard
from spawngate.endpoint.protect.guard import Tampered, What
from spawngate.endpoint.state import State
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model import wire
from spawngate.trail.filter import Filter

FORBID = '@id("no-{0}")\n@reason("test")\nforbid (principal, action, resource) when {{ context.tool == "{0}" }};\n'


def told(state: State) -> list[dict[str, Any]]:
    return [dict(value) for value, _ in reader.oldest(place(state.folder).trail, Filter())]


def with_daemon(state: State, what: Callable[[Daemon], Awaitable[None]], options: Options | None = None) -> None:
    """A daemon in this process; `what` runs beside it."""

    async def main() -> None:
        where = place(state.folder)
        listener = bind(where.socket)
        made = options or Options(inventory=False)
        daemon = Daemon(state, made, assemble(state, where, made.policy), [listener], activated=False)
        serving = asyncio.ensure_future(daemon.serve())
        try:
            await what(daemon)
        finally:
            daemon.stop()
            await serving
            listener.close()

    asyncio.run(asyncio.wait_for(main(), 60))


def policy(folder: Path, mode: str, *tools: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "policy.toml").write_text(f'mode = "{mode}"\n', encoding="utf-8")
    (folder / "own.cedar").write_text("".join(FORBID.format(tool) for tool in tools), encoding="utf-8")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state")


def test_events_of_its_life(state: State) -> None:
    async def what(daemon: Daemon) -> None:
        await asyncio.sleep(0.05)

    with_daemon(state, what)
    started, stopped = told(state)
    assert (started["type"], started["endpoint"]) == ("daemon-started", state.endpoint())
    assert started["detail"]["pid"] == os.getpid()
    assert started["detail"]["policy"]["base"] == "baseline"
    assert (stopped["type"], stopped["detail"]) == ("daemon-stopped", {"counts": {}, "reason": "request"})


def test_status(state: State) -> None:
    async def what(daemon: Daemon) -> None:
        reply = await asyncio.to_thread(control, place(state.folder).socket, "status")
        found = msgspec.json.decode(reply.stdout)
        assert found["pid"] == os.getpid()
        assert found["trail"]["sequence"] == 1
        assert found["policy"]["mode"] == "enforce"
        assert found["resident_bytes"] > 1 << 20
        assert (await asyncio.to_thread(control, place(state.folder).socket, "nothing")).exit_code == 2

    with_daemon(state, what)


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
        await until(daemon, lambda: bool(daemon._policy_problem))
        assert revision() == second
        policy(folder, "enforce", "bash", "write")
        await until(daemon, lambda: revision() not in (first, second))
        assert daemon._policy_problem == ""

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


def test_trail_that_cannot_be_opened_is_retried(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    blocker = place(state.folder).trail
    blocker.touch()

    async def what(daemon: Daemon) -> None:
        reply = await asyncio.to_thread(ask, place(state.folder).socket, wire.Request("nobody", payload=b"{}"), 5.0)
        assert reply.exit_code == 2
        assert "cannot be used" in daemon.recording.problem
        blocker.unlink()
        for _ in range(300):
            if not daemon.recording.problem:
                break
            await asyncio.sleep(0.02)
        assert daemon.recording.problem == ""

    with_daemon(state, what)
    assert [event["type"] for event in told(state)] == ["unwritten", "daemon-started", "daemon-stopped"]
    assert told(state)[0]["counts"] == {"decision:deny": 1}


ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.environ["LISTEN_FDS"] = "1"
os.execv(sys.executable, [sys.executable, "-m", "spawngate", "daemon", "run", "--no-inventory"])
"""


def test_socket_activation(tmp_path: Path) -> None:
    """The first client waits in the socket's queue until the daemon that it starts is there."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    path = place(state).socket
    ready = tmp_path / "ready"
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
    ):
        listener.bind(os.fspath(path))
        listener.listen(8)
        manager.bind(os.fspath(ready))
        manager.settimeout(20)
        with subprocess.Popen(
            [sys.executable, "-c", ACTIVATED, str(listener.fileno())],
            pass_fds=[listener.fileno()],
            env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state), "NOTIFY_SOCKET": os.fspath(ready)},
        ) as process:
            reply = control(path, "status", 20.0)
            found = msgspec.json.decode(reply.stdout)
            assert (found["pid"], found["activated"]) == (process.pid, True)
            assert manager.recv(100) == b"READY=1"
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
            assert manager.recv(100) == b"STOPPING=1"
        assert path.exists()  # systemd goes on listening
    assert told(State(state))[-1]["detail"]["reason"] == "SIGTERM"


def test_killed_daemon_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    environment = {**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state.folder)}
    pids = []
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-m", "spawngate", "daemon", "run", "--no-inventory"], env=environment
        ) as process:
            until = time.monotonic() + 20
            while time.monotonic() < until:
                try:
                    reply = control(place(state.folder).socket, "status", 1.0)
                    break
                except NoAnswerError:
                    time.sleep(0.05)
            pids.append(msgspec.json.decode(reply.stdout)["pid"])
            assert ask(place(state.folder).socket, wire.Request("nobody", payload=b"{}")).exit_code == 2
            process.kill()
            process.wait(20)
    assert len(set(pids)) == 2
    with TrailStore(place(state.folder).trail):
        pass
    assert [event["type"] for event in told(state)] == ["daemon-started", "decision"] * 2
    assert reader.verify(place(state.folder).trail).fault is None


def test_what_happens_to_our_entries_is_told_once(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)
    monkeypatch.setattr(run_module, "GUARD", 0.02)
    gone = Tampered(What.REMOVED, "/home/ann/.claude/settings.json", "claude-code", "hooks.PreToolUse")
    looks = iter([[gone], [gone], [], []])
    monkeypatch.setattr(guard, "check", lambda state: next(looks, []))

    async def what(daemon: Daemon) -> None:
        for _ in range(300):
            if len(told(state)) == 3:
                break
            await asyncio.sleep(0.02)

    with_daemon(state, what)
    events = [event for event in told(state) if event["type"] == "self-protection"]
    entry = {"path": gone.path, "agent": "claude-code", "pointer": "hooks.PreToolUse", "problem": ""}
    assert [event["detail"] for event in events] == [{"what": "removed", **entry}, {"what": "restored", **entry}]
    assert events[0]["message"] == gone.message


def test_regular_work_that_fails_is_told_once_and_ends_nothing(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ROUND", 0.02)

    async def what(daemon: Daemon) -> None:
        def broken() -> None:
            raise ValueError("a value")

        daemon._round = broken  # type: ignore[method-assign]  # regular work that fails
        await asyncio.sleep(0.2)
        assert (await asyncio.to_thread(control, place(state.folder).socket, "status")).exit_code == 0

    with_daemon(state, what)
    assert [event["type"] for event in told(state)] == ["daemon-started", "fault", "daemon-stopped"]
    assert "a value" not in str(told(state))
