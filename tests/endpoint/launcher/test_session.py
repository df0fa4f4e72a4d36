"""One launch from its start to its end, as an agent sees it and as the daemon is told."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.endpoint.launcher.harness import (
    ALLOW,
    AT_ONCE,
    PYTHON,
    SERVER,
    Daemon,
    Place,
    alive,
    gone,
    place_in,
    request,
    serving,
)

REFUSED = {"verdict": "deny", "message": "not approved; `spawngate approve abc`"}


def line(process: "subprocess.Popen[bytes]", sent: bytes = b"") -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    if sent:
        process.stdin.write(sent)
        process.stdin.flush()
    return json.loads(process.stdout.readline())


def text_of(answer: Any) -> str:
    return str(answer["result"]["content"][0]["text"])


def call(number: int, tool: str, **arguments: object) -> bytes:
    return request(number, "tools/call", name=tool, arguments=arguments)


def test_an_approved_server_runs_as_if_there_were_no_launcher(place: Place) -> None:
    env = {"ONLY_THE_ENTRY": "value", "ANTHROPIC_API_KEY": "key", "npm_config_registry": "r", "NOT_UTF8": "x"}
    place.daemon.answers["start"] = {**ALLOW, "drop": ["ANTHROPIC_API_KEY"]}
    with place.start(PYTHON, SERVER, "serve", env=env) as process:
        assert line(process, request(1, "initialize"))["result"]["serverInfo"] == {"name": "tests", "version": "1"}
        assert text_of(line(process, call(2, "echo", text="hé\u2028"))) == "hé\u2028"
        seen = json.loads(text_of(line(process, call(3, "environment"))))
        out, err = process.communicate(timeout=AT_ONCE)
    assert (out, err, process.returncode) == (b"", b"server's own words\n", 0)
    seen.pop("LC_CTYPE", None)  # the server is a Python too, and adds it to its own (PEP 538)
    assert seen == {
        "PATH": os.environ["PATH"],
        "HOME": str(place.state),
        "ONLY_THE_ENTRY": "value",
        "npm_config_registry": "r",
        "NOT_UTF8": "x",
    }
    started = place.daemon.wait("start")
    assert started == {
        "schema_version": 1,
        "id": "entry-1",
        "command": PYTHON,
        "args": [SERVER, "serve"],
        "cwd": str(place.state),
        "env": {"PATH": os.environ["PATH"], "HOME": str(place.state), "npm_config_registry": "r"},
        "env_names": ["ONLY_THE_ENTRY", "ANTHROPIC_API_KEY", "NOT_UTF8"],
        "parent": os.getpid(),
    }
    assert place.daemon.verbs() == ["start", "call", "call", "end"]
    assert place.daemon.asked[1][1] == {"launch": "launch-1", "tool": "echo", "arguments": {"text": "hé\u2028"}}
    assert place.daemon.asked[3][1] == {
        "launch": "launch-1",
        "exit": 0,
        "signal": None,
        "killed": 0,
        "reason": "exited",
        "messages": 6,
    }


def test_a_refused_one_is_answered_and_nothing_is_started(place: Place, tmp_path: Path) -> None:
    place.daemon.answers["start"] = REFUSED
    mark = tmp_path / "mark"
    with place.start(PYTHON, SERVER, "mark", str(mark)) as process:
        out, _ = process.communicate(request(7, "initialize"), timeout=AT_ONCE)
    assert json.loads(out) == {"jsonrpc": "2.0", "id": 7, "error": {"code": -32001, "message": REFUSED["message"]}}
    assert process.returncode == 1
    assert not mark.exists()
    assert place.daemon.verbs() == ["start"]


def test_a_refused_one_waits_for_no_agent_that_left(place: Place) -> None:
    place.daemon.answers["start"] = REFUSED
    with place.start(PYTHON, SERVER) as process:
        out, err = process.communicate(b"", timeout=AT_ONCE)
    assert (out, process.returncode) == (b"", 1)
    assert err == b"spawngate: not approved; `spawngate approve abc`\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no frame at all",
        {},
        {"verdict": "allow"},
        {**ALLOW, "verdict": "perhaps"},
        {**ALLOW, "program": "relative"},
        {**ALLOW, "relay": None},
        {**ALLOW, "probe": {}},
        {**ALLOW, "probe": {"seconds": -1, "network": False}},
        {**ALLOW, "drop": "PATH"},
        {**ALLOW, "confine": {"network": False, "read": ["relative"]}},
    ],
)
def test_an_answer_that_is_none_refuses(place: Place, answer: Any) -> None:
    place.daemon.answers["start"] = answer
    with place.start(PYTHON, SERVER) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert json.loads(out)["error"]["message"] == (
        "Spawngate could not decide, because its daemon gave no answer (its answer was none). "
        "`spawngate status` tells more."
    )
    assert process.returncode == 1


def test_no_daemon_closed(alone: Place) -> None:
    with alone.start(PYTHON, SERVER) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert "it does not run" in json.loads(out)["error"]["message"]
    assert process.returncode == 1
    assert not alone.spool.exists()


def test_no_daemon_open(tmp_path: Path) -> None:
    place = place_in(tmp_path / "state", closed=False)
    with place.start("python3", SERVER, env={"PATH": f"/nonexistent:{Path(PYTHON).parent}"}) as process:
        assert line(process, request(1, "initialize"))["result"]["serverInfo"]["name"] == "tests"
        assert text_of(line(process, call(2, "echo", text="x"))) == "x"
        process.communicate(timeout=AT_ONCE)
    noted = [json.loads(one) for one in place.spool.read_text().splitlines()]
    assert [(one["agent"], one["event"], one["failure"], one["verdict"]) for one in noted] == [
        ("launcher", "start", "absent", "open"),
        ("launcher", "call", "absent", "open"),
    ]


def test_open_but_unrecorded_is_closed(tmp_path: Path) -> None:
    place = place_in(tmp_path / "state", closed=False)
    place.spool.mkdir()
    with place.start(PYTHON, SERVER) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert (json.loads(out)["error"]["code"], process.returncode) == (-32001, 1)


def test_a_daemon_that_says_nothing_is_waited_for_once(tmp_path: Path) -> None:
    place = place_in(tmp_path / "state", deadline_ms=300)
    place.daemon.answers["start"] = None
    with serving(place.socket_folder, place.daemon), place.start(PYTHON, SERVER) as process:
        begun = time.monotonic()
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
        assert "it took too long" in json.loads(out)["error"]["message"]
        assert 0.25 < time.monotonic() - begun < 5


def test_a_socket_that_others_could_have_made_is_not_asked(place: Place) -> None:
    place.socket_folder.chmod(0o755)
    with place.start(PYTHON, SERVER) as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert "not to be trusted" in json.loads(out)["error"]["message"]
    assert place.daemon.asked == []


def test_a_denied_call_is_answered_and_does_not_arrive(place: Place) -> None:
    def judge(question: Any) -> Any:
        if question["tool"] == "exit":
            return {"verdict": "deny", "message": "no exits"}
        return {"verdict": "allow", "message": ""}

    place.daemon.answers["call"] = judge
    with place.start(PYTHON, SERVER) as process:
        assert line(process, call(1, "exit", code=3))["result"] == {
            "content": [{"type": "text", "text": "no exits"}],
            "isError": True,
        }
        assert text_of(line(process, call(2, "echo", text="still here"))) == "still here"
        process.communicate(timeout=AT_ONCE)
    assert process.returncode == 0


def test_withheld_tools_are_not_listed(place: Place) -> None:
    place.daemon.answers["tools"] = {"verdict": "allow", "message": "", "withhold": ["exit", "raise"]}
    with place.start(PYTHON, SERVER) as process:
        listed = line(process, request(1, "tools/list"))["result"]["tools"]
        process.communicate(timeout=AT_ONCE)
    assert [tool["name"] for tool in listed] == ["echo", "environment", "detach", "pid"]
    asked = place.daemon.wait("tools")
    assert (asked["launch"], asked["instructions"], asked["more"], len(asked["tools"])) == ("launch-1", None, False, 6)


def test_a_call_without_the_daemon_is_denied(tmp_path: Path) -> None:
    place = place_in(tmp_path / "state")
    with place.start(PYTHON, SERVER) as process:
        with serving(place.socket_folder, place.daemon):
            line(process, request(1, "initialize"))
        answer = line(process, call(2, "echo", text="x"))
        assert answer["result"]["isError"] is True
        assert "it does not run" in text_of(answer)
        process.communicate(timeout=AT_ONCE)


@pytest.mark.parametrize("code", [0, 3, 255])
def test_the_exit_code_is_the_servers(place: Place, code: int) -> None:
    with place.start(PYTHON, SERVER) as process:
        process.communicate(call(1, "exit", code=code), timeout=AT_ONCE)
    assert process.returncode == code
    assert place.daemon.wait("end")["exit"] == code


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGABRT])
def test_the_signal_is_the_servers(place: Place, number: signal.Signals) -> None:
    with place.start(PYTHON, SERVER) as process:
        process.communicate(call(1, "raise", signal=int(number)), timeout=AT_ONCE)
    assert process.returncode == -number
    assert place.daemon.wait("end")["signal"] == number


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2])
def test_signals_reach_the_server(place: Place, number: signal.Signals) -> None:
    with place.start(PYTHON, SERVER) as process:
        line(process, request(1, "initialize"))
        process.send_signal(number)
        process.wait(timeout=AT_ONCE)
        _, err = process.communicate(timeout=AT_ONCE)
    assert process.returncode == -number
    assert (b"KeyboardInterrupt" in err) == (number == signal.SIGINT)
    assert place.daemon.wait("end")["signal"] == number


def test_a_server_that_is_not_there(place: Place) -> None:
    place.daemon.answers["start"] = {**ALLOW, "program": ""}
    with place.start("no-such-program-anywhere") as process:
        out, _ = process.communicate(request(1, "initialize"), timeout=AT_ONCE)
    assert json.loads(out)["error"]["message"] == "no-such-program-anywhere was not found."
    assert process.returncode == 1


def test_a_program_that_cannot_be_executed(place: Place) -> None:
    place.daemon.answers["start"] = {**ALLOW, "program": str(place.state)}
    with place.start("x") as process:
        _, err = process.communicate(timeout=AT_ONCE)
    assert process.returncode == 126
    assert b"Permission denied" in err


@pytest.mark.parametrize("words", [(), ("--id",), ("--id", "x"), ("--id", "x", "--"), ("--id", "", "--", "x"), ("x",)])
def test_other_words_are_misuse(place: Place, words: tuple[str, ...]) -> None:
    done = subprocess.run([*place.launcher.argv, *words], capture_output=True, timeout=AT_ONCE, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"usage: spawngate-launch --id ENTRY -- COMMAND [ARGUMENT...]\n"
    assert place.daemon.asked == []


def test_without_its_configuration_nothing_is_started(place: Place) -> None:
    (place.state / "launcher" / "launch.conf").write_text("spawngate-launch 1\nend\n")
    with place.start(PYTHON, SERVER) as process:
        out, err = process.communicate(timeout=AT_ONCE)
    assert (out, process.returncode) == (b"", 1)
    assert b"launch.conf beside the launcher is missing or not usable" in err


def test_a_configuration_that_others_can_write_is_none(place: Place) -> None:
    (place.state / "launcher" / "launch.conf").chmod(0o622)
    with place.start(PYTHON, SERVER) as process:
        process.communicate(timeout=AT_ONCE)
    assert process.returncode == 1
    assert place.daemon.asked == []


def test_the_agent_closes_its_end(place: Place) -> None:
    """End of input first, then SIGTERM after two seconds: a server that ends by itself is not hurried."""
    with place.start(PYTHON, SERVER, "linger") as process:
        line(process, request(1, "initialize"))
        begun = time.monotonic()
        process.communicate(timeout=AT_ONCE)
    assert 1.9 < time.monotonic() - begun < 3.9
    assert process.returncode == -signal.SIGTERM


def test_the_agent_closes_its_end_and_the_server_does_not_listen(place: Place) -> None:
    with place.start(PYTHON, SERVER, "stubborn") as process:
        line(process, request(1, "initialize"))
        begun = time.monotonic()
        process.communicate(timeout=AT_ONCE)
    assert 3.9 < time.monotonic() - begun < 8
    assert process.returncode == -signal.SIGKILL


def detached(process: "subprocess.Popen[bytes]", path: Path) -> tuple[int, int]:
    """The server's process and that of a child that has left its group and session."""
    server = int(text_of(line(process, call(1, "pid"))))
    line(process, call(2, "detach", path=str(path)))
    until = time.monotonic() + AT_ONCE
    while not path.exists() or not path.read_text():
        assert time.monotonic() < until
        time.sleep(0.005)
    return server, int(path.read_text())


def test_nothing_outlives_the_server(place: Place, tmp_path: Path) -> None:
    with place.start(PYTHON, SERVER) as process:
        _, child = detached(process, tmp_path / "child")
        assert alive(child)
        process.communicate(timeout=AT_ONCE)
    assert not alive(child)
    assert place.daemon.wait("end")["killed"] == 1


def test_nothing_outlives_a_killed_launcher(place: Place, tmp_path: Path) -> None:
    with place.start(PYTHON, SERVER) as process:
        server, child = detached(process, tmp_path / "child")
        process.kill()
        assert gone(server)
        assert gone(child)
    assert place.daemon.wait("end")["reason"] == "launcher killed"


def test_nothing_outlives_a_killed_relay(place: Place, tmp_path: Path) -> None:
    with place.start(PYTHON, SERVER) as process:
        server, child = detached(process, tmp_path / "child")
        relay = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
        os.kill(relay, signal.SIGKILL)
        out, _ = process.communicate(timeout=AT_ONCE)
        assert (out, process.returncode) == (b"", 1)
        assert not alive(server)
        assert not alive(child)


def test_two_of_the_same_entry(place: Place) -> None:
    with place.start(PYTHON, SERVER) as one, place.start(PYTHON, SERVER) as other:
        first, second = text_of(line(one, call(1, "pid"))), text_of(line(other, call(1, "pid")))
        one.communicate(timeout=AT_ONCE)
        assert text_of(line(other, call(2, "pid"))) == second
        other.communicate(timeout=AT_ONCE)
    assert first != second
    assert (one.returncode, other.returncode) == (0, 0)


def test_closed_descriptors(place: Place) -> None:
    """An agent that closes all three gets no crash, and the server no descriptor that is something else."""
    script = f"exec 0<&- 1>&- 2>&-; exec {' '.join(place.words(PYTHON, SERVER))}"
    done = subprocess.run(["/bin/sh", "-c", script], timeout=AT_ONCE, check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0
    assert place.daemon.wait("end")["exit"] == 0


def test_ignored_and_blocked_signals(place: Place) -> None:
    """What the agent set aside does not keep its own SIGTERM from the server."""

    def odd() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))

    with place.start(PYTHON, SERVER, preexec_fn=odd) as process:
        line(process, request(1, "initialize"))
        process.terminate()
        process.wait(timeout=AT_ONCE)
    assert process.returncode == -signal.SIGTERM


def test_descriptors_of_the_agent_do_not_reach_the_server(place: Place, tmp_path: Path) -> None:
    secret = os.open(tmp_path / "secret", os.O_RDWR | os.O_CREAT)
    lister = (
        "import os,json;found=sorted(map(int,os.listdir('/proc/self/fd')))[:-1];"
        "print(json.dumps({'jsonrpc':'2.0','method':'fds','params':found}))"
    )
    try:
        with place.start(PYTHON, "-c", lister, pass_fds=(secret,)) as process:
            out, _ = process.communicate(timeout=AT_ONCE)
    finally:
        os.close(secret)
    assert json.loads(out)["params"] == [0, 1, 2]


def test_the_server_is_started_where_and_as_the_entry_says(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    script = (
        "import os,sys,json;found=[os.getcwd(),sys.argv,os.getsid(0)==os.getpid()];"
        "print(json.dumps({'jsonrpc':'2.0','method':'m','params':found}))"
    )
    with place.start(PYTHON, "-c", script, "", "--id", "-- ", "ü", cwd=folder) as process:
        out, _ = process.communicate(timeout=AT_ONCE)
    assert json.loads(out)["params"] == [str(folder), ["-c", "", "--id", "-- ", "ü"], True]


def test_daemon_is_only_a_value() -> None:
    """The tests' daemon answers what a test did not say itself."""
    assert Daemon().reply("other", {}) is not None
