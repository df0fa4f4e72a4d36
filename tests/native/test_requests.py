"""What the clients ask the daemon, and how its answer comes through, when nothing is wrong."""

import os
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.model.call import HookReply
from spawngate.model.wire import MAX_ANSWER, MAX_HEADER, Request, encode_answer, encode_request
from tests.native.harness import ALLOWED, AT_ONCE, EVENT, Place, Script, answering, listening, receive


def noting(seen: list[Request], reply: HookReply = ALLOWED) -> Script:
    """Keeps every request and answers it."""

    def script(connection: socket.socket) -> None:
        seen.append(receive(connection))
        connection.sendall(encode_answer(reply))

    return script


def client_name(place: Place) -> str:
    return place.client.kind


def test_the_whole_request(place: Place, tmp_path: Path) -> None:
    seen: list[Request] = []
    folder = tmp_path / "pro ject \u00e9"
    folder.mkdir()
    environment = {"CLAUDE_PROJECT_DIR": "/p q\u00e9=1", "CLAUDECODE": "", "SECRET": "not to be sent"}
    with listening(place.socket_folder, noting(seen)):
        process = place.start("claude-code", "PreToolUse", env=environment, cwd=folder)
        out, err = process.communicate(EVENT, timeout=10)
    assert HookReply(out, err, process.returncode) == ALLOWED
    assert seen == [
        Request(
            agent="claude-code",
            event="PreToolUse",
            pid=process.pid,
            parent=os.getpid(),
            cwd=str(folder),
            environment={"CLAUDE_PROJECT_DIR": "/p q\u00e9=1", "CLAUDECODE": ""},
            client=client_name(place),
            payload=EVENT,
        )
    ]


def test_without_an_agent_it_is_claude_code(place: Place) -> None:
    """Others run its hook files and may leave out the arguments beside the command."""
    seen: list[Request] = []
    with listening(place.socket_folder, noting(seen)), place.start() as process:
        out, err = process.communicate(EVENT, timeout=10)
    assert HookReply(out, err, process.returncode) == ALLOWED
    assert [(request.agent, request.event, request.payload) for request in seen] == [("claude-code", "", EVENT)]


def test_bytes_that_are_no_text(place: Place) -> None:
    seen: list[Request] = []
    event = bytes(range(256)) * 3
    environment = {b"CLAUDECODE": b"\xff\xfe\n"}
    with (
        listening(place.socket_folder, noting(seen, HookReply(event, event, 255))),
        place.start("claude-code", env=environment) as process,  # type: ignore[arg-type]  # names may be bytes
    ):
        out, err = process.communicate(event, timeout=10)
    assert HookReply(out, err, process.returncode) == HookReply(event, event, 255)
    assert seen[0].payload == event
    assert seen[0].environment == {"CLAUDECODE": "\udcff\udcfe\n"}


def test_long_values_are_left_out_and_named(place: Place) -> None:
    seen: list[Request] = []
    names = tuple(f"V{number:03}" for number in range(40))
    place.configure(environment=names)
    environment = dict.fromkeys(names, "x" * 4096) | {"V000": "x" * 4097, "V001": ""}
    with listening(place.socket_folder, noting(seen)):
        assert place.run(env=environment).reply == ALLOWED
    (request,) = seen
    sent = tuple(name for name in names if name in request.environment)
    assert sorted((*sent, *request.omitted)) == list(names)
    assert request.omitted[0] == "V000"
    assert sent[0] == "V001"
    assert len(sent) in (15, 16), "as many as 64 KiB hold"
    assert len(encode_request(request)) - len(request.payload) - 12 <= MAX_HEADER


def test_a_working_folder_that_is_gone(place: Place, tmp_path: Path) -> None:
    seen: list[Request] = []
    folder = tmp_path / "gone"
    folder.mkdir()
    with listening(place.socket_folder, noting(seen)):
        assert place.run(cwd=folder, preexec_fn=folder.rmdir).reply == ALLOWED
    assert seen[0].cwd == ""


def test_the_largest_answer(place: Place) -> None:
    reply = HookReply(os.urandom(MAX_ANSWER - 1000), os.urandom(1000), 9)
    with listening(place.socket_folder, answering(reply)):
        assert place.run().reply == reply


def test_an_answer_in_many_pieces(place: Place) -> None:
    def script(connection: socket.socket) -> None:
        receive(connection)
        for byte in encode_answer(ALLOWED):
            connection.sendall(bytes([byte]))
            time.sleep(0.001)

    with listening(place.socket_folder, script):
        assert place.run().reply == ALLOWED


@pytest.mark.parametrize("more", [b"rubbish", b"SGA1" + bytes(100), bytes(2 << 20)])
def test_what_follows_an_answer_is_not_looked_at(place: Place, more: bytes) -> None:
    def script(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(encode_answer(ALLOWED) + more)

    with listening(place.socket_folder, script):
        assert place.run().reply == ALLOWED


def test_a_daemon_that_keeps_the_connection_is_not_waited_for(place: Place) -> None:
    def script(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(encode_answer(ALLOWED))
        connection.recv(1)

    with listening(place.socket_folder, script):
        ended = place.run()
    assert ended.reply == ALLOWED
    assert ended.seconds < AT_ONCE


def test_an_answer_before_the_request_is_read(place: Place) -> None:
    """As a daemon gives it that finds the announced payload too long."""

    def script(connection: socket.socket) -> None:
        connection.recv(12)
        connection.sendall(encode_answer(ALLOWED))

    with listening(place.socket_folder, script):
        assert place.run(event=bytes(8_000_000)).reply == ALLOWED


def test_an_event_that_comes_slowly(place: Place) -> None:
    seen: list[Request] = []
    with listening(place.socket_folder, noting(seen)), place.start("claude-code") as process:
        assert process.stdin is not None
        for byte in EVENT:
            process.stdin.write(bytes([byte]))
            process.stdin.flush()
            time.sleep(0.002)
        out, err = process.communicate(timeout=10)
    assert HookReply(out, err, process.returncode) == ALLOWED
    assert seen[0].payload == EVENT


def test_an_event_from_a_file(place: Place, tmp_path: Path) -> None:
    seen: list[Request] = []
    (tmp_path / "event").write_bytes(EVENT)
    with listening(place.socket_folder, noting(seen)), (tmp_path / "event").open("rb") as source:
        assert place.run(stdin=source, event=b"").reply == ALLOWED
    assert seen[0].payload == EVENT


def test_sockets_for_pipes(place: Place) -> None:
    """Some agents' runtimes give their children sockets."""
    event, reply = os.urandom(300_000), HookReply(os.urandom(300_000), b"", 0)
    ours, theirs = socket.socketpair()
    with ours, listening(place.socket_folder, answering(reply)):
        with theirs:
            process = place.start("claude-code", stdin=theirs, stdout=theirs, stderr=theirs)
        ours.sendall(event)
        ours.shutdown(socket.SHUT_WR)
        data = b""
        while block := ours.recv(65536):
            data += block
        process.wait(timeout=10)
    assert (data == reply.stdout, process.returncode) == (True, 0)


def test_pipes_that_do_not_block(place: Place) -> None:
    """An event that is not there yet and a reader that is late are no failures."""
    reply = HookReply(os.urandom(500_000), b"", 0)
    event_out, event_in = os.pipe()
    answer_out, answer_in = os.pipe()
    os.set_blocking(event_out, False)
    os.set_blocking(answer_in, False)
    got: list[bytes] = []

    def read() -> None:
        time.sleep(0.2)
        while block := os.read(answer_out, 65536):
            got.append(block)

    reader = threading.Thread(target=read)
    with listening(place.socket_folder, answering(reply)):
        process = place.start("claude-code", stdin=event_out, stdout=answer_in)
        os.close(event_out)
        os.close(answer_in)
        reader.start()
        time.sleep(0.1)
        os.write(event_in, EVENT)
        os.close(event_in)
        _, err = process.communicate(timeout=10)
        reader.join()
    os.close(answer_out)
    assert (b"".join(got) == reply.stdout, err, process.returncode) == (True, b"", 0)


def test_a_link_to_the_client(place: Place, tmp_path: Path) -> None:
    """The configuration is the one beside the program, wherever a link to it lies."""
    if place.client.kind == "python":
        pytest.skip("the registered command names the file itself; a link to it has no hook.conf beside it and refuses")
    link = tmp_path / "link"
    link.symlink_to(place.client.program)
    place.client = replace(place.client, argv=(str(link),))
    with listening(place.socket_folder, answering()):
        assert place.run().reply == ALLOWED


def test_an_update_between_its_start_and_its_first_step(place: Place) -> None:
    """The kernel then calls the program's path deleted; its folder is still where hook.conf lies."""
    if place.client.kind == "python":
        pytest.skip("a script is read whole by its path")
    opened = os.open(place.client.program, os.O_RDONLY)
    try:
        place.client.program.unlink()
        place.client = replace(place.client, argv=(f"/proc/self/fd/{opened}",))
        with listening(place.socket_folder, answering()):
            assert place.run(pass_fds=[opened]).reply == ALLOWED
    finally:
        os.close(opened)
