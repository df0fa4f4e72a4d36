"""Real processes: a small agent that the test starts, with servers below it in several shapes."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psutil
import pytest

from spawngate.endpoint.processes import running
from spawngate.launch.running import Process, Running, match_running
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport

LOOP = "import time\nwhile True: time.sleep(0.2)"
SECRET = "sk-test-000011112222"

AGENT = """
import subprocess, sys, time
python, loop, script, wrapper = sys.argv[1:5]
children = [
    subprocess.Popen([python, "-c", loop, "--flag", "a b"]),
    subprocess.Popen([script, "--key", "sk-test-000011112222"]),
    subprocess.Popen(["/bin/sh", "-c", python + " " + script + " --wrapped; true"]),
    subprocess.Popen([wrapper, "--stdio"]),
    subprocess.Popen(["/bin/sh", "-c", "sleep 30; true"]),
]
print("ready", flush=True)
sys.stdin.read()
for child in children:
    child.kill()
for child in children:
    child.wait()
"""


def hide(command: str | None, args: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    return command, tuple("[secret:argument:0]" if word == SECRET else word for word in args)


def server(id_: str, command: str, *args: str) -> Artifact:
    launch = Launch(Transport.STDIO, *hide(command, args))
    return Artifact(Kind.MCP_SERVER, id_, "f", "claude-code", Scope.USER, id_, "/x", Status.ENABLED, launch=launch)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process called `claude`, with its servers running."""
    for name in ("my-server", "stranger-mcp"):
        script = tmp_path / name
        script.write_text(f"#!{sys.executable}\n{LOOP}\n")
        script.chmod(0o755)
    claude = tmp_path / "claude"
    claude.write_text(f"#!{sys.executable}\n{AGENT}")
    claude.chmod(0o755)
    words = [str(claude), sys.executable, LOOP, str(tmp_path / "my-server"), str(tmp_path / "stranger-mcp")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == "ready\n"
            yield started
        finally:
            below = psutil.Process(started.pid).children(recursive=True)
            for child in below:
                child.kill()
            started.kill()


def settled(
    agent: subprocess.Popen[str], configured: Sequence[Artifact], want: int
) -> tuple[Running, Mapping[int, Process]]:
    """Matches among the processes of this test's own agent, once every script has been started."""
    deadline = time.monotonic() + 15
    while True:
        known = {agent.pid, *(child.pid for child in psutil.Process(agent.pid).children(recursive=True))}
        mine = {process.pid: process for process in running() if process.pid in known}
        found = match_running(list(mine.values()), configured, hide, {"claude": "claude-code"})
        # A shell is there before what it starts: processes are counted, not matches.
        if sum(len(match.pids) for match in found.matches) + len(found.unconfigured) >= want:
            return found, mine
        if time.monotonic() > deadline:
            return found, mine
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="scripts with a first line that names the interpreter")
def test_servers_of_a_real_agent(agent: subprocess.Popen[str], tmp_path: Path) -> None:
    script = str(tmp_path / "my-server")
    configured = [
        server("inline", sys.executable, "-c", LOOP, "--flag", "a b"),
        server("script", script, "--key", SECRET),
        server("wrapped", "/bin/sh", "-c", f"{sys.executable} {script} --wrapped; true"),
        server("not-running", "sleep", "31"),
    ]
    found, mine = settled(agent, configured, want=5)
    assert [(match.artifact_id, len(match.pids)) for match in found.matches] == [
        ("inline", 1),
        ("script", 1),
        ("wrapped", 2),
    ]
    outer, inner = (mine[pid] for pid in found.matches[2].pids)
    assert (inner.ppid, inner.argv[1:]) == (outer.pid, (script, "--wrapped"))
    assert [(one.agent, one.process.argv[1:]) for one in found.unconfigured] == [
        ("claude-code", (str(tmp_path / "stranger-mcp"), "--stdio"))
    ]


def test_one_process_in_full(tmp_path: Path) -> None:
    before = time.time()
    with subprocess.Popen([sys.executable, "-c", LOOP, "a b", ""], cwd=tmp_path) as child:
        try:
            found = next(process for process in running() if process.pid == child.pid)
        finally:
            child.kill()
    assert found.argv == (sys.executable, "-c", LOOP, "a b", "")
    assert (found.ppid, found.username) == (os.getpid(), psutil.Process().username())
    assert found.cwd == os.path.realpath(tmp_path)
    assert found.exe is not None
    assert os.path.samefile(found.exe, os.path.realpath(sys.executable))
    assert before - 60 < found.create_time < time.time() + 60


def test_own_process_and_zombies_are_left_out() -> None:
    true = shutil.which("true")
    assert true is not None
    with subprocess.Popen([true]) as child:
        deadline = time.monotonic() + 10
        while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.01)
        assert psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE
        pids = {process.pid for process in running()}
    assert pids & {child.pid, os.getpid()} == set()
    assert os.getpid() in {process.pid for process in running(own=())}


def test_time_is_limited() -> None:
    ticks = iter([0.0, 0.5, 2.0])
    asked = [os.getppid(), os.getpid(), 1]
    found = running(1.0, own=(), clock=lambda: next(ticks), pids=lambda: asked)
    assert [process.pid for process in found] == sorted(asked)[:1]


@pytest.mark.parametrize(
    "error",
    [psutil.NoSuchProcess(1), psutil.AccessDenied(1), psutil.ZombieProcess(1), OSError(5, "x"), KeyError("uid")],
)
def test_a_process_that_cannot_be_asked(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> dict[str, object]:
        raise error

    monkeypatch.setattr(psutil.Process, "as_dict", refuse)
    assert running(own=(), pids=lambda: [os.getpid()]) == []


def test_no_list_at_all() -> None:
    def refuse() -> list[int]:
        raise psutil.AccessDenied(0)

    assert running(pids=refuse) == []


def test_a_process_that_went_away() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert running(pids=lambda: [child.pid]) == []
