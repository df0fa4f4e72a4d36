"""What a supervised program may execute, seen from outside."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from spawngate.endpoint.supervise.run import supervise
from spawngate.endpoint.supervise.supervisor import Answer
from spawngate.model.errors import UsageError
from tests.endpoint.supervise.conftest import SUPERVISE, needs_seccomp

pytestmark = needs_seccomp


def command(
    words: Sequence[str], launcher: Path | str = "/nowhere", refused: Sequence[str] = (), run: Sequence[str] = ()
) -> list[str]:
    code = SUPERVISE.replace("{launcher!r}", repr(str(launcher)))
    return [sys.executable, "-c", code, json.dumps([refused, run, words])]


def supervised(
    *words: str, launcher: Path | str = "/nowhere", refused: Sequence[str] = (), run: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(words, launcher, refused, run), capture_output=True, text=True, timeout=60, check=False
    )


def decided(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if line.startswith("decided")]


def test_the_program_itself_is_not_decided_about_and_its_exit_code_passes() -> None:
    done = supervised("sh", "-c", "exec sh -c 'exit 7'")
    assert (done.returncode, decided(done)) == (7, [])


def test_every_program_that_it_starts_is() -> None:
    done = supervised("sh", "-c", "/bin/echo a; /bin/echo b >&2 & wait")
    assert (done.returncode, done.stdout) == (0, "a\n")
    assert decided(done) == ["decided ('/bin/echo', 'a')", "decided ('/bin/echo', 'b')"]


def test_what_is_refused_does_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    done = supervised("sh", "-c", f"touch {marker}; echo $?", refused=["touch"])
    assert (done.stdout, marker.exists()) == ("126\n", False)
    # Some shells look in the next folder of PATH whatever the reason was, and ask again.
    assert set(decided(done)) == {f"decided ('touch', '{marker}')"}
    assert "told refused: touch" in done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "os.posix_spawn(sys.argv[1], sys.argv[1:], {})",
        "subprocess.run(sys.argv[1:], close_fds=False)",
        "subprocess.run(sys.argv[1:], start_new_session=True)",
        "os.system(' '.join(sys.argv[1:]))",
        "os.fork() or os.execv(sys.argv[1], sys.argv[1:])",
        "os.fork() or os.execve(os.open(sys.argv[1], os.O_RDONLY), sys.argv[1:], {})",
        "t = threading.Thread(target=subprocess.run, args=(sys.argv[1:],)); t.start(); t.join()",
        "os.fork() or os.fork() or (os.setsid(), os.execv(sys.argv[1], sys.argv[1:]))",
    ],
    ids=["posix_spawn", "vfork", "session", "shell", "fork", "execveat", "thread", "daemon"],
)
def test_no_way_to_start_a_program_gets_by(tmp_path: Path, code: str) -> None:
    marker = tmp_path / "marker"
    touch = shutil.which("touch")
    assert touch is not None
    before = "import os, subprocess, sys, threading, time\ntry:\n    "
    done = supervised(
        sys.executable, "-c", before + code + "\nfinally:\n    time.sleep(0.2)", touch, str(marker), refused=["touch"]
    )
    assert decided(done), done.stderr
    assert not marker.exists()


def test_the_launcher_and_all_below_it_need_no_further_decision(launcher: Path) -> None:
    done = supervised(
        "sh", "-c", f"{launcher} sh -c '/bin/echo in; sh -c \"/bin/echo deeper; true\"'; true", launcher=launcher
    )
    assert (done.stdout, decided(done)) == ("in\ndeeper\n", [])


def test_a_program_that_was_let_in_may_go_on() -> None:
    done = supervised("sh", "-c", "sh -c '/bin/echo a; sh -c \"/bin/echo b\"; true'; true")
    assert done.stdout == "a\nb\n"
    assert len(decided(done)) == 1


def test_programs_that_belong_to_it() -> None:
    done = supervised("sh", "-c", "/bin/echo a; ls /dev/null; true", run=["echo"])
    assert done.stdout == "a\n/dev/null\n"
    assert decided(done) == ["decided ('ls', '/dev/null')"]


def test_a_script_is_known_by_its_words(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f'#!{shutil.which("sh")}\nsleep 0.3\necho "$@"\n')
    script.chmod(0o700)
    done = supervised("sh", "-c", f"{script} a b; true")
    assert (done.stdout, "killed" in done.stderr) == ("a b\n", False)


def test_a_missing_program_is_missing() -> None:
    done = supervised("sh", "-c", "/nowhere/at-all; echo $?")
    assert (done.stdout, decided(done)) == ("127\n", [])


def test_signals_reach_the_program() -> None:
    process = subprocess.Popen(
        command(["sh", "-c", "trap 'echo got it; exit 5' TERM; echo up; while :; do :; done"]),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        assert (process.stdout.read(), process.wait(20)) == ("got it\n", 5)


def test_without_a_supervisor_nothing_more_is_executed(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    process = subprocess.Popen(
        command(["sh", "-c", f"echo up; read line; touch {marker}; echo $?"]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "up\n"
    process.kill()
    process.wait()
    time.sleep(0.1)
    with process.stdin, process.stdout:
        process.stdin.write("\n")
        process.stdin.close()
        assert process.stdout.read().strip() != "0"
    assert not marker.exists()


def test_no_program() -> None:
    with pytest.raises(UsageError, match="there is no such program"):
        supervise(["spawngate-no-such-program"], lambda what: Answer(allowed=True), print, launcher=())
