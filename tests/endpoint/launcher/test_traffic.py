"""Lines between an agent and a server: order, back-pressure, long lines, ends."""

import json
import os
import random
import subprocess
import threading
import time
from pathlib import Path

import pytest

from spawngate.endpoint.launcher.place import packaged
from tests.endpoint.launcher.harness import AT_ONCE, PYTHON, Place, place_in, serving

MIRROR = (
    "import sys\n"
    "while True:\n"
    "    data = sys.stdin.buffer.read1(65536)\n"
    "    if not data: break\n"
    "    sys.stdout.buffer.write(data); sys.stdout.buffer.flush()\n"
)


@pytest.fixture
def native(tmp_path: Path) -> Place:
    """The launcher of this machine."""
    return place_in(tmp_path / "state", "native" if packaged("spawngate-launch") else "python")


def through(place: Place, data: bytes, *words: str, chunk: int = 1 << 16, slow: float = 0) -> bytes:
    """What comes back of `data` from a server that says what it hears."""
    with serving(place.socket_folder, place.daemon), place.start(*(words or (PYTHON, "-c", MIRROR))) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin = process.stdin

        def write() -> None:
            for at in range(0, len(data), chunk):
                stdin.write(data[at : at + chunk])
                stdin.flush()
            stdin.close()

        thread = threading.Thread(target=write)
        thread.start()
        found = []
        while block := os.read(process.stdout.fileno(), 1 << 16):
            found.append(block)
            if slow:
                time.sleep(slow)
        thread.join()
        process.wait(timeout=AT_ONCE)
        assert process.returncode == 0
    return b"".join(found)


def note(size: int, number: int = 0) -> bytes:
    return json.dumps(
        {"jsonrpc": "2.0", "method": "notifications/x", "params": {"n": number, "x": "y" * size}}
    ).encode()


def test_every_line_comes_back_as_it_was(native: Place) -> None:
    chance = random.Random(5)
    lines = [note(chance.choice((0, 10, 1000, 70_000)), number) for number in range(300)]
    data = b"\n".join(lines) + b"\r\n\n  \n" + note(3)  # the last one has no end
    assert through(native, data, chunk=7777) == data


def test_a_line_of_sixty_megabytes(native: Place) -> None:
    data = note(60 << 20) + b"\n" + note(1) + b"\n"
    assert through(native, data) == data


def test_a_line_that_is_too_long_ends_it(native: Place) -> None:
    with serving(native.socket_folder, native.daemon), native.start(PYTHON, "-c", MIRROR) as process:
        out, err = process.communicate(note(3) + b"\n" + b"x" * (65 << 20), timeout=60)
    assert out == note(3) + b"\n"
    assert err == b"spawngate: a line is longer than 67108864 bytes (agent); the server is ended\n"
    assert process.returncode == -9
    assert native.daemon.wait("end")["reason"] == "line too long"


def test_an_agent_that_does_not_read_makes_nothing_grow(native: Place) -> None:
    """Both pipes full and bounded buffers between: the launcher stops reading, and its memory stays what it was."""
    with serving(native.socket_folder, native.daemon), native.start(PYTHON, "-c", MIRROR) as process:
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        data, sent, idle = note(100_000) + b"\n", 0, 0
        while idle < 20:
            try:
                sent += os.write(process.stdin.fileno(), data[sent % len(data) :])
                idle = 0
            except BlockingIOError:
                idle += 1
                time.sleep(0.05)
        relay = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
        status = Path(f"/proc/{relay}/status").read_text()
        process.kill()
        process.wait()
    peak = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    assert sent < 16 << 20
    assert peak < 40_000


def test_a_slow_agent_gets_everything(native: Place) -> None:
    data = b"".join(note(30_000, number) + b"\n" for number in range(100))
    assert through(native, data, slow=0.002) == data


def test_a_server_that_stops_reading_does_not_stop_its_own_words(native: Place) -> None:
    deaf = (
        "import sys,os,time\n"
        "os.close(0)\n"
        "for n in range(50):\n"
        '    print(\'{"jsonrpc":"2.0","method":"n","params":\' + str(n) + \'}\', flush=True)\n'
        "    time.sleep(0.002)\n"
    )
    with serving(native.socket_folder, native.daemon), native.start(PYTHON, "-c", deaf) as process:
        out, _ = process.communicate((note(10_000) + b"\n") * 300, timeout=AT_ONCE)
    assert [json.loads(line)["params"] for line in out.splitlines()] == list(range(50))
    assert process.returncode == 0


def test_last_words_after_the_end_of_input(native: Place) -> None:
    late = 'import sys,time; sys.stdin.read(); time.sleep(0.5); print(\'{"jsonrpc":"2.0","method":"late"}\')'
    with serving(native.socket_folder, native.daemon), native.start(PYTHON, "-c", late) as process:
        out, _ = process.communicate(timeout=AT_ONCE)
    assert json.loads(out)["method"] == "late"
    assert process.returncode == 0


def test_a_server_that_closes_its_output_and_stays(native: Place) -> None:
    quiet = "import os,sys; os.close(1); sys.stdin.read(); os._exit(5)"
    with serving(native.socket_folder, native.daemon), native.start(PYTHON, "-c", quiet) as process:
        assert process.stdout is not None
        assert process.stdout.read() == b""
        assert process.poll() is None
        process.communicate(timeout=AT_ONCE)
    assert process.returncode == 5


def test_an_agent_that_takes_no_more(native: Place) -> None:
    """Standard output closed by the agent is its end: the server is told by the end of its input."""
    with serving(native.socket_folder, native.daemon), native.start(PYTHON, "-c", MIRROR) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(note(10) + b"\n")
        process.stdin.flush()
        process.wait(timeout=AT_ONCE)
    assert process.returncode == 0


def test_as_pipes_sockets_and_files(native: Place, tmp_path: Path) -> None:
    """Agents of Node give socket pairs; shells give files."""
    import socket

    data = note(200_000) + b"\n"
    (tmp_path / "in").write_bytes(data)
    with serving(native.socket_folder, native.daemon):
        with (tmp_path / "in").open("rb") as source, (tmp_path / "out").open("wb") as target:
            done = subprocess.run(
                native.words(PYTHON, "-c", MIRROR), stdin=source, stdout=target, timeout=AT_ONCE, check=False
            )
        assert (done.returncode, (tmp_path / "out").read_bytes()) == (0, data)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = native.start(PYTHON, "-c", MIRROR, stdin=theirs, stdout=theirs)
            theirs.close()
            ours.sendall(data)
            ours.shutdown(socket.SHUT_WR)
            found = b""
            while block := ours.recv(1 << 16):
                found += block
            with process:
                process.communicate(timeout=AT_ONCE)
        assert (process.returncode, found) == (0, data)
