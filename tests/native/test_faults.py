"""Whatever goes wrong, both clients answer as hook.conf says: whole, once, in time, and with nothing left behind."""

import contextlib
import hashlib
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spawngate.endpoint.client.settings import CONF_NAME, HOOK_FOLDER
from spawngate.model.call import HookReply
from spawngate.model.hookconf import Failure, Fallback
from spawngate.model.wire import MAX_ANSWER, WireError, answer_length, decode_answer, encode_answer
from tests.native.harness import (
    ALLOWED,
    AT_ONCE,
    EVENT,
    Place,
    Script,
    answering,
    closed_reply,
    listening,
    open_reply,
    receive,
    sending,
)

WHOLE = encode_answer(ALLOWED)
REFUSED = HookReply(
    stderr=b"spawngate: refused, because hook.conf beside the hook program is missing or not usable. "
    b"`spawngate status` tells more; `spawngate protect` writes it anew.\n",
    exit_code=2,
)
TEN_FRIENDS = 10
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


def frame(code: int, out: int, err: int, rest: bytes) -> bytes:
    """An answer whose numbers may be lies."""
    return b"SGA1" + b"".join(number.to_bytes(4, "big") for number in (code, out, err)) + rest


def trickle(connection: socket.socket) -> None:
    """One byte of a good answer every 50 ms."""
    receive(connection)
    for byte in WHOLE + bytes(100):
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def close_unread(connection: socket.socket) -> None:
    """Ends before the request is read."""


def slow_reader(connection: socket.socket) -> None:
    """Takes nothing of a request that fills every buffer."""
    time.sleep(1)


ANSWERS: dict[str, tuple[Script, Failure]] = {
    "closed without reading": (close_unread, Failure.BROKEN),
    "closed without answering": (sending(b""), Failure.BROKEN),
    "no answer ever": (sending(b"", then_wait=True), Failure.SLOW),
    "half a magic": (sending(b"SG"), Failure.BROKEN),
    "half a prefix": (sending(WHOLE[:10]), Failure.BROKEN),
    "a prefix and then nothing": (sending(WHOLE[:16], then_wait=True), Failure.SLOW),
    "half an answer": (sending(WHOLE[: len(WHOLE) // 2]), Failure.BROKEN),
    "half an answer, then a hang": (sending(WHOLE[: len(WHOLE) // 2], then_wait=True), Failure.SLOW),
    "all but the last byte": (sending(WHOLE[:-1]), Failure.BROKEN),
    "another magic": (sending(b"HTTP/1.1 200 OK\r\n\r\n", then_wait=True), Failure.BROKEN),
    "our request magic": (sending(b"SGQ1" + WHOLE[4:], then_wait=True), Failure.BROKEN),
    "the answer without its frame": (sending(b'{"permission":"allow"}'), Failure.BROKEN),
    "another end": (sending(WHOLE[:-4] + b"1AGX"), Failure.BROKEN),
    "stdout longer than it is": (sending(frame(0, 100, 0, b"{}1AGS")), Failure.BROKEN),
    "stdout longer than it is, then a hang": (sending(frame(0, 100, 0, b"{}1AGS"), then_wait=True), Failure.SLOW),
    "stdout shorter than it is": (sending(frame(0, 1, 0, b"{}1AGS")), Failure.BROKEN),
    "stderr shorter than it is": (sending(frame(0, 2, 0, b"{}word1AGS")), Failure.BROKEN),
    "lengths that add up to a small number": (sending(frame(0, 0xFFFFFFFF, 3, b"{}1AGS")), Failure.BROKEN),
    "more than an answer may hold": (
        sending(frame(0, MAX_ANSWER, 1, bytes(MAX_ANSWER + 1) + b"1AGS")),
        Failure.BROKEN,
    ),
    "no such exit code": (sending(frame(256, 2, 0, b"{}1AGS")), Failure.BROKEN),
    "a negative exit code": (sending(frame(0xFFFFFFFF, 2, 0, b"{}1AGS")), Failure.BROKEN),
    "one byte every 50 ms": (trickle, Failure.SLOW),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_bad_answer_has_the_configured_one_in_its_place(place: Place, name: str) -> None:
    script, failure = ANSWERS[name]
    place.configure(deadline_ms=400)
    with listening(place.socket_folder, script):
        ended = place.run()
    assert ended.reply == closed_reply(failure)
    assert ended.seconds < AT_ONCE
    if failure == Failure.SLOW:
        assert ended.seconds > 0.35, "it gave up before its deadline"
    assert [json.loads(line) for line in place.spool.read_text().splitlines()] == [
        {
            "time": json.loads(place.spool.read_text())["time"],
            "agent": "claude-code",
            "event": "",
            "failure": str(failure),
            "verdict": "closed",
            "bytes": len(EVENT),
            "sha256": hashlib.sha256(EVENT).hexdigest(),
        }
    ]


def no_folder(place: Place) -> None:
    """Nothing has been set up."""


def no_socket(place: Place) -> None:
    place.socket_folder.mkdir(mode=0o700)


def refused(place: Place) -> None:
    """A socket whose daemon died."""
    place.socket_folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(place.conf.socket)


def a_file_for_a_socket(place: Place) -> None:
    place.socket_folder.mkdir(mode=0o700)
    Path(place.conf.socket).write_bytes(WHOLE)


def a_file_for_the_folder(place: Place) -> None:
    place.socket_folder.write_bytes(WHOLE)


def a_datagram_socket(place: Place) -> None:
    place.socket_folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(place.conf.socket)


@pytest.mark.parametrize(
    "prepare", [no_folder, no_socket, refused, a_file_for_a_socket, a_file_for_the_folder, a_datagram_socket]
)
def test_no_daemon_is_answered_at_once(place: Place, prepare: Callable[[Place], None]) -> None:
    prepare(place)
    ended = place.run()
    assert ended.reply == closed_reply(Failure.ABSENT)
    assert ended.seconds < AT_ONCE, "the deadline was waited for"


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701, 0o777, 0o1777, 0o500])
def test_a_folder_that_others_can_enter_is_not_trusted(place: Place, mode: int) -> None:
    with listening(place.socket_folder, answering()):
        place.socket_folder.chmod(mode)
        reply = place.run().reply
        place.socket_folder.chmod(0o700)
        assert place.run().reply == ALLOWED
    assert reply == closed_reply(Failure.UNTRUSTED)


@as_root
def test_a_folder_of_another_user_is_not_trusted(place: Place) -> None:
    with listening(place.socket_folder, answering()):
        os.chown(place.socket_folder, 65534, 65534)
        reply = place.run().reply
    assert reply == closed_reply(Failure.UNTRUSTED)


@as_root
def test_a_daemon_of_another_user_is_not_trusted(place: Place) -> None:
    place.socket_folder.mkdir(mode=0o700)
    impostor = textwrap.dedent("""
        import os, socket, sys
        server = socket.socket(socket.AF_UNIX)
        server.bind(sys.argv[1])
        os.setresuid(65534, 65534, 65534)
        server.listen()
        print("ready", flush=True)
        connection, _ = server.accept()
        connection.sendall(bytes.fromhex(sys.argv[2]))
        connection.recv(1 << 20)
        """)
    with subprocess.Popen(
        [sys.executable, "-c", impostor, place.conf.socket, WHOLE.hex()], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        reply = place.run().reply
        process.kill()
    assert reply == closed_reply(Failure.UNTRUSTED)


def test_a_daemon_that_accepts_nobody_is_slow(place: Place) -> None:
    place.configure(deadline_ms=300)
    place.socket_folder.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server, contextlib.ExitStack() as waiting:
        server.bind(place.conf.socket)
        server.listen(0)
        for _ in range(TEN_FRIENDS):
            friend = waiting.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            friend.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                friend.connect(place.conf.socket)
        ended = place.run()
    assert ended.reply == closed_reply(Failure.SLOW)
    assert ended.seconds < AT_ONCE


def test_a_daemon_that_does_not_read_is_slow(place: Place) -> None:
    place.configure(deadline_ms=300)
    with listening(place.socket_folder, slow_reader):
        ended = place.run(event=bytes(8_000_000))
    assert ended.reply == closed_reply(Failure.SLOW)


def test_an_event_of_8_mb_gets_through(place: Place) -> None:
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        seen.append(receive(connection).payload)
        connection.sendall(WHOLE)

    event = os.urandom(1000) * 8000
    with listening(place.socket_folder, script):
        reply = place.run(event=event).reply
    assert (reply, seen == [event]) == (ALLOWED, True)


@pytest.mark.parametrize("size", [20_000_000, (16 << 20) + 1])
def test_an_oversized_event_is_read_to_its_end_and_refused(place: Place, size: int) -> None:
    with listening(place.socket_folder, answering()), place.start("claude-code") as process:
        assert process.stdin is not None
        process.stdin.write(bytes(size))  # raises BrokenPipeError where the client stops reading
        process.stdin.flush()
        out, err = process.communicate(timeout=10)
    assert HookReply(out, err, process.returncode) == closed_reply(Failure.OVERSIZED)


def test_an_event_of_exactly_the_limit_gets_through(place: Place) -> None:
    place.configure(request_limit=1000)
    with listening(place.socket_folder, answering()):
        assert place.run(event=bytes(1000)).reply == ALLOWED
        assert place.run(event=bytes(1001)).reply == closed_reply(Failure.OVERSIZED)


def test_an_event_that_never_ends_is_slow(place: Place) -> None:
    place.configure(deadline_ms=300)
    with listening(place.socket_folder, answering()), place.start("claude-code") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(EVENT)
        process.stdin.flush()
        process.wait(timeout=AT_ONCE)
        reply = HookReply(process.stdout.read(), process.stderr.read(), process.returncode)
    assert reply == closed_reply(Failure.SLOW)


def test_an_empty_event_is_refused(place: Place) -> None:
    with listening(place.socket_folder, answering()):
        assert place.run(event=b"").reply == closed_reply(Failure.EMPTY)


def closing(*numbers: int) -> Callable[[], None]:
    """Closes standard descriptors in the child, as a careless agent would."""

    def close() -> None:
        for number in numbers:
            os.close(number)

    return close


def test_a_closed_stdin_is_refused(place: Place) -> None:
    with listening(place.socket_folder, answering()):
        assert place.run(preexec_fn=closing(0)).reply == closed_reply(Failure.EMPTY)


def test_a_folder_for_stdin_is_refused(place: Place, tmp_path: Path) -> None:
    if place.client.kind == "python":
        pytest.skip("the interpreter itself ends with 1 before any program of ours runs")
    opened = os.open(tmp_path, os.O_RDONLY)
    try:
        with listening(place.socket_folder, answering()):
            assert place.run(stdin=opened, event=b"").reply == closed_reply(Failure.EMPTY)
    finally:
        os.close(opened)


def test_closed_outputs_are_no_allow(place: Place) -> None:
    """What cannot be said must not look like consent, and must not go into the daemon's connection instead."""
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(WHOLE)
        seen.append(connection.recv(100))

    with listening(place.socket_folder, script):
        assert place.run(preexec_fn=closing(1)).reply == HookReply(b"", ALLOWED.stderr, 2)
        assert place.run(preexec_fn=closing(2)).reply == HookReply(ALLOWED.stdout, b"", 0)
        assert place.run(preexec_fn=closing(0, 1, 2)).reply == HookReply(b"", b"", 2)
        assert place.run(preexec_fn=closing(1, 2)).reply == HookReply(b"", b"", 2)
    assert seen == [b"", b"", b""], "the third never got to the daemon"


def test_a_silent_answer_needs_no_output(place: Place) -> None:
    with listening(place.socket_folder, answering(HookReply())):
        assert place.run(preexec_fn=closing(1, 2)).reply == HookReply()


def test_a_reader_that_is_gone_gets_no_allow(place: Place) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        with listening(place.socket_folder, answering()):
            assert place.run(stdout=writing).reply == HookReply(b"", ALLOWED.stderr, 2)
    finally:
        os.close(writing)


def test_a_reader_that_does_not_read_is_not_waited_for(place: Place) -> None:
    place.configure(deadline_ms=200)
    reading, writing = os.pipe()
    try:
        with listening(place.socket_folder, answering(HookReply(bytes(MAX_ANSWER), b"", 0))):
            ended = place.run(stdout=writing)
    finally:
        os.close(reading)
        os.close(writing)
    assert ended.reply.exit_code == 2
    assert ended.seconds < AT_ONCE


SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGXCPU"]


@pytest.mark.parametrize("name", SIGNALS)
def test_a_signal_brings_the_answer_forward(place: Place, name: str) -> None:
    if name == "SIGALRM" and place.client.kind == "python":
        pytest.skip("the client in Python has its deadline by SIGALRM: it counts as slow, below")
    asked = threading.Event()

    def script(connection: socket.socket) -> None:
        receive(connection)
        asked.set()
        connection.recv(1)

    def default() -> None:
        signal.signal(getattr(signal, name), signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_BLOCK, [getattr(signal, name)])  # as a careless agent may hand it on

    with (
        listening(place.socket_folder, script),
        place.start("claude-code", preexec_fn=default) as process,
    ):
        assert process.stdin is not None
        process.stdin.write(EVENT)
        process.stdin.close()
        process.stdin = None
        assert asked.wait(5)
        time.sleep(0.05)
        begun = time.monotonic()
        process.send_signal(getattr(signal, name))
        out, err = process.communicate(timeout=20)
        seconds = time.monotonic() - begun
    assert HookReply(out, err, process.returncode) == closed_reply(Failure.INTERRUPTED)
    assert seconds < AT_ONCE


def wait_for_handler(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Until the client has taken the signal over: before that, nobody can."""
    until = time.monotonic() + AT_ONCE
    while time.monotonic() < until:
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)", Path(f"/proc/{process.pid}/status").read_text(), re.M)
        if caught is not None and int(caught[1], 16) >> (number - 1) & 1:
            return
        time.sleep(0.01)
    raise AssertionError("the client did not take the signal over")


def test_a_signal_before_the_event_is_whole(place: Place) -> None:
    with place.start("claude-code", preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL)) as process:
        assert process.stdin is not None
        process.stdin.write(EVENT)
        process.stdin.flush()
        wait_for_handler(process, signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=AT_ONCE)
        out, err = process.communicate()
    assert HookReply(out, err, process.returncode) == closed_reply(Failure.INTERRUPTED)


def test_many_signals_are_one(place: Place) -> None:
    with place.start("claude-code", preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL)) as process:
        wait_for_handler(process, signal.SIGTERM)
        for _ in range(50):
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=AT_ONCE)
        out, err = process.communicate()
    assert HookReply(out, err, process.returncode) == closed_reply(Failure.INTERRUPTED)


def test_a_crash_is_an_answer(place: Place) -> None:
    if place.client.kind == "python":
        pytest.skip("an interpreter that crashes has no word left")
    with place.start("claude-code") as process:
        wait_for_handler(process, signal.SIGSEGV)
        process.send_signal(signal.SIGSEGV)
        process.wait(timeout=AT_ONCE)
        out, err = process.communicate()
    assert HookReply(out, err, process.returncode) == closed_reply(Failure.INTERNAL)


def test_no_memory_is_an_answer(place: Place) -> None:
    def poor() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20))

    place.configure(request_limit=64 << 20)
    with listening(place.socket_folder, answering()):
        reply = place.run(event=bytes(60_000_000), preexec_fn=poor).reply
    assert reply == closed_reply(Failure.INTERNAL)


def broken_confs() -> dict[str, Callable[[Path], None]]:
    """Ways in which hook.conf can be unusable."""

    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-5])

    def for_all(path: Path) -> None:
        path.chmod(0o666)

    def pipe(path: Path) -> None:
        path.unlink()
        os.mkfifo(path, 0o600)

    def folder(path: Path) -> None:
        path.unlink()
        path.mkdir()

    def link(path: Path) -> None:
        path.rename(path.with_name("other"))
        path.symlink_to("other")

    def unknown(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"\nend\n", b"\nfuture 1\nend\n"))

    def later(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"hook 1", b"hook 2"))

    def long(path: Path) -> None:
        path.write_bytes(path.read_bytes().replace(b"\nend\n", b"\n#" + b"x" * (256 << 10) + b"\nend\n"))

    def empty(path: Path) -> None:
        path.write_bytes(b"")

    def binary(path: Path) -> None:
        path.write_bytes(bytes(5000))

    return {
        "missing": Path.unlink,
        "empty": empty,
        "cut": cut,
        "writable for all": for_all,
        "a pipe": pipe,
        "a folder": folder,
        "a link": link,
        "of a later version": later,
        "a word that is not known": unknown,
        "too long": long,
        "not text": binary,
    }


@pytest.mark.parametrize("name", broken_confs())
def test_without_a_usable_configuration_the_answer_is_no(place: Place, name: str) -> None:
    broken_confs()[name](place.state / HOOK_FOLDER / CONF_NAME)
    with listening(place.socket_folder, answering()):
        ended = place.run()
    assert ended.reply == REFUSED
    assert ended.seconds < AT_ONCE


@as_root
def test_a_configuration_of_another_user_is_not_used(place: Place) -> None:
    os.chown(place.state / HOOK_FOLDER / CONF_NAME, 65534, 65534)
    with listening(place.socket_folder, answering()):
        assert place.run().reply == REFUSED


@pytest.mark.parametrize("words", [("-x",), ("a b",), ("",), ("a", "b", "c"), ("a", "../b"), ("é",), ("a" * 65,)])
def test_words_that_name_no_agent_are_refused(place: Place, words: tuple[str, ...]) -> None:
    with listening(place.socket_folder, answering()), place.start(*words) as process:
        out, err = process.communicate(EVENT, timeout=10)
    assert HookReply(out, err, process.returncode) == HookReply(b"", b"usage: spawngate-hook AGENT [EVENT]\n", 2)


def test_an_agent_without_a_line_is_refused(place: Place) -> None:
    assert place.run("codex-cli").reply == REFUSED


def test_an_event_can_have_a_line_of_its_own(place: Place) -> None:
    after = HookReply(b"{}", b"", 0)
    place.configure(
        fallbacks=(*place.conf.fallbacks, Fallback("claude-code", after, closed=False, event="PostToolUse"))
    )
    assert place.run("claude-code", "PostToolUse").reply == after
    assert place.run("claude-code", "PreToolUse").reply == closed_reply(Failure.ABSENT)


def test_an_open_decision_leaves_a_line_without_content(place: Place) -> None:
    assert place.run("gemini-cli", "BeforeTool").reply == open_reply(Failure.ABSENT)
    text = place.spool.read_text()
    line = json.loads(text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line.pop("time"))
    assert line == {
        "agent": "gemini-cli",
        "event": "BeforeTool",
        "failure": "absent",
        "verdict": "open",
        "bytes": len(EVENT),
        "sha256": hashlib.sha256(EVENT).hexdigest(),
    }
    assert place.spool.stat().st_mode & 0o777 == 0o600
    assert "true" not in text


def test_the_spool_is_bounded_and_counts_what_it_drops(place: Place) -> None:
    place.run("gemini-cli")
    size = place.spool.stat().st_size
    place.configure(spool_limit=2 * size)
    replies = [place.run("gemini-cli").reply for _ in range(4)]
    assert replies == [open_reply(Failure.ABSENT)] * 4
    assert place.spool.stat().st_size == 2 * size
    assert Path(f"{place.spool}.dropped").read_bytes() == b"..."


def not_a_folder(spool: Path) -> None:
    spool.parent.chmod(0o700)
    spool.mkdir()


def a_link(spool: Path) -> None:
    spool.symlink_to(spool.parent / "elsewhere")


def a_pipe(spool: Path) -> None:
    os.mkfifo(spool)


@pytest.mark.parametrize("spoil", [not_a_folder, a_link, a_pipe])
def test_an_open_decision_that_cannot_be_recorded_is_another_one(place: Place, spoil: Callable[[Path], None]) -> None:
    spoil(place.spool)
    assert place.run("gemini-cli").reply == open_reply(Failure.UNRECORDED)
    assert place.run("claude-code").reply == closed_reply(Failure.ABSENT), "a closed one stays what it is"
    assert not (place.spool.parent / "elsewhere").exists()


def test_a_full_disk_is_no_way_through(place: Place) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    assert place.run("gemini-cli", preexec_fn=full).reply == open_reply(Failure.UNRECORDED)


HOSTILE = {
    "PATH": "/nonexistent",
    "LD_PRELOAD": "/nonexistent/libevil.so",
    "LD_LIBRARY_PATH": "/nonexistent",
    "LD_AUDIT": "/nonexistent/libaudit.so",
    "PYTHONPATH": "/nonexistent",
    "PYTHONHOME": "/nonexistent",
    "PYTHONSTARTUP": "/nonexistent",
    "PYTHONINSPECT": "1",
    "PYTHONVERBOSE": "1",
    "PYTHONDEVMODE": "1",
    "PYTHONWARNINGS": "error",
    "GLIBC_TUNABLES": "glibc.malloc.check=3",
    "MALLOC_PERTURB_": "1",
    "BASH_ENV": "/nonexistent",
    "HOME": "/nonexistent",
    "TMPDIR": "/nonexistent",
    "LC_ALL": "xx_YY.UTF-99",
    "TZ": "/nonexistent",
}


def test_the_environment_changes_nothing(place: Place, tmp_path: Path) -> None:
    """The loader itself says on stderr that it cannot preload into a dynamic program, so that word is left out."""
    for name in ("sitecustomize.py", "usercustomize.py", "time.py", "_socket.py", "site.py"):
        (tmp_path / name).write_text("raise SystemExit(0)")
    environment = {**HOSTILE, "PYTHONPATH": str(tmp_path)}
    with listening(place.socket_folder, answering()):
        reply = place.run(env=environment, cwd=tmp_path).reply
    assert (reply.stdout, reply.exit_code) == (ALLOWED.stdout, ALLOWED.exit_code)
    if not place.client.preloadable:
        assert reply.stderr == ALLOWED.stderr


def test_a_preloaded_library_reaches_only_a_dynamic_program(place: Place, tmp_path: Path) -> None:
    source = tmp_path / "evil.c"
    source.write_text("#include <unistd.h>\n__attribute__((constructor)) static void evil(void) { _exit(0); }\n")
    built = subprocess.run(["cc", "-shared", "-fPIC", source, "-o", tmp_path / "evil.so"], check=False)
    if built.returncode != 0:
        pytest.skip("no C compiler here")
    with listening(place.socket_folder, answering()):
        reply = place.run(env={"LD_PRELOAD": str(tmp_path / "evil.so")}).reply
    assert reply == (HookReply() if place.client.preloadable else ALLOWED)


def test_a_path_longer_than_a_sockets_address(place: Place) -> None:
    folder = place.state / ("a" * 200) / ("b" * 200)
    place.configure(socket=str(folder / "daemon.sock"))
    with listening(folder, answering()):
        folder.parent.chmod(0o755)  # only the last folder has to be closed to others
        assert place.run().reply == ALLOWED


def test_odd_bytes_in_paths(place: Place) -> None:
    folder = place.state / "a b%20{c}#\n\u00e9-"
    place.configure(socket=str(folder / "daemon.sock"), spool=str(folder / "{uid} spool\t"))
    with listening(folder, answering()):
        assert place.run().reply == ALLOWED
    assert place.run().reply == closed_reply(Failure.ABSENT)
    assert (folder / f"{os.geteuid()} spool\t").is_file()


def test_32_at_once(place: Place) -> None:
    """Each gets the answer to its own event."""

    def script(connection: socket.socket) -> None:
        connection.sendall(encode_answer(HookReply(receive(connection).payload * 2, b"", 7)))

    with listening(place.socket_folder, script):
        events = [f"event {number} ".encode() * 100 for number in range(32)]
        processes = [place.start("claude-code") for _ in events]
        for process, event in zip(processes, events, strict=True):
            assert process.stdin is not None
            process.stdin.write(event)
            process.stdin.close()
            process.stdin = None
        replies = [process.communicate(timeout=30)[0] for process in processes]
    assert replies == [event * 2 for event in events]
    assert [process.returncode for process in processes] == [7] * 32


def test_nothing_inherited_is_kept_and_nothing_is_left_behind(place: Place) -> None:
    """While it waits it holds three descriptors and a socket; afterwards its process group is empty."""
    seen: list[list[str]] = []

    def script(connection: socket.socket) -> None:
        request = receive(connection)
        folder = f"/proc/{request.pid}/fd"
        seen.append(sorted(re.sub(r"\d+", "N", os.readlink(f"{folder}/{name}")) for name in os.listdir(folder)))
        connection.sendall(WHOLE)

    extra = [os.dup(0) for _ in range(20)]
    far = os.dup2(0, 900)
    try:
        with listening(place.socket_folder, script):
            process = place.start("claude-code", pass_fds=[*extra, far], start_new_session=True)
            process.communicate(EVENT, timeout=10)
    finally:
        for number in [*extra, far]:
            os.close(number)
    assert process.returncode == 0
    kept = [name for name in seen[0] if not name.startswith(("pipe:", "socket:"))]
    assert len(seen[0]) <= 5, "0, 1, 2, the daemon, and in Python the folder"
    assert kept in ([], [re.sub(r"\d+", "N", str(place.socket_folder))])
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_outputs_keep_their_flags(place: Place) -> None:
    """The agent's own end may share them: a client that made them non-blocking would break the agent."""
    import fcntl

    ours, theirs = socket.socketpair()
    with ours, theirs, listening(place.socket_folder, answering()):
        before = fcntl.fcntl(theirs, fcntl.F_GETFL)
        place.run(stdout=theirs.fileno())
        assert fcntl.fcntl(theirs, fcntl.F_GETFL) == before
        assert ours.recv(1000) == ALLOWED.stdout


def expected(stream: bytes) -> HookReply:
    """What a client has to print when the daemon sends these bytes and closes: by `model.wire`."""
    try:
        length = answer_length(stream)
        return decode_answer(stream[:length]) if length is not None else closed_reply(Failure.BROKEN)
    except WireError:
        return closed_reply(Failure.BROKEN)


def test_any_stream_is_an_answer_or_a_failure(place: Place) -> None:
    """Frames with bytes changed, lost, doubled or added, in pieces of any size; the same ones on every run."""
    chance = random.Random(7)
    streams: list[bytes] = []
    for _ in range(60):
        reply = HookReply(chance.randbytes(chance.randrange(40)), chance.randbytes(chance.randrange(9)), 0)
        data = bytearray(encode_answer(reply))
        for _ in range(chance.randrange(3)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(3)] = chance.choice([b"", b"\0", b"1AGS", chance.randbytes(1)])
        streams.append(bytes(data[: chance.choice([len(data), len(data), chance.randrange(len(data) + 1)])]))
    waiting = iter(streams)

    def script(connection: socket.socket) -> None:
        receive(connection)
        stream = next(waiting)
        while stream:
            size = 1 + chance.randrange(len(stream))
            connection.sendall(stream[:size])
            stream = stream[size:]

    with listening(place.socket_folder, script):
        replies = [place.run().reply for _ in streams]
    assert replies == [expected(stream) for stream in streams]
    assert 5 < sum(reply.exit_code == 0 for reply in replies) < 55, "all good or all bad proves little"
