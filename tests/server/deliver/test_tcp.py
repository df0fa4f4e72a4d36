"""`server.deliver.tcp`: frames arrive as they were sent, and what cannot be is said."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spawngate.routing.destination import Done, Failed, TcpLines
from spawngate.routing.settings import Settings
from spawngate.server.deliver.network import Deadline, connect
from spawngate.server.deliver.tcp import carry
from tests.server.deliver.authority import Authority

FRAMES = tuple(f"{number} frame\n".encode() for number in range(20_000))


@contextmanager
def receiver(authority: Authority | None) -> Iterator[tuple[int, bytearray]]:
    heard = bytearray()
    context = authority.server("localhost") if authority else None
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(5)

        def run() -> None:
            connection, _ = listener.accept()
            with connection if context is None else context.wrap_socket(connection, server_side=True) as peer:
                while data := peer.recv(65_536):
                    heard.extend(data)

        thread = threading.Thread(target=run)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join()


@pytest.mark.parametrize("tls", [True, False])
def test_every_frame_arrives_in_order(tmp_path: Path, tls: bool) -> None:
    authority = Authority(tmp_path) if tls else None
    settings = Settings(
        allow_internal=("localhost",), ca_file=authority.ca_file if authority else "", timeout_seconds=5
    )
    with receiver(authority) as (port, heard):
        assert carry(TcpLines("localhost", port, FRAMES, tls=tls), settings) == Done()
    assert bytes(heard) == b"".join(FRAMES)


def test_a_receiver_that_dies_with_unread_frames_is_a_doubt() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)

        def run() -> None:
            connection, _ = listener.accept()
            connection.recv(10)
            # Closing with unread bytes resets the connection, as the system does it for a process that was killed.
            connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        frames = TcpLines("127.0.0.1", listener.getsockname()[1], FRAMES, tls=False)
        failed = carry(frames, Settings(allow_internal=("127.0.0.1",), timeout_seconds=5))
        thread.join()
    assert isinstance(failed, Failed)
    assert (failed.cause, failed.sent) == ("connect", True)


def test_a_receiver_that_does_not_end_is_a_doubt() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        frames = TcpLines("127.0.0.1", listener.getsockname()[1], FRAMES[:1], tls=False)
        failed = carry(frames, Settings(allow_internal=("127.0.0.1",), timeout_seconds=0.3))
    assert failed == Failed("timeout", "not done within 0.3 s", sent=True)


def test_nobody_listens_and_inside_is_refused() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    frames = TcpLines("127.0.0.1", port, FRAMES[:1], tls=False)
    assert carry(frames, Settings(allow_internal=("127.0.0.1",))) == Failed(
        "connect", "127.0.0.1: 127.0.0.1: Connection refused"
    )
    failed = carry(frames, Settings())
    assert isinstance(failed, Failed)
    assert (failed.cause, failed.sent) == ("address", False)


def test_a_receiver_that_reads_nothing_ends_with_the_time() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        frames = TcpLines("127.0.0.1", listener.getsockname()[1], (b"x" * 50_000_000,), tls=False)
        failed = carry(frames, Settings(allow_internal=("127.0.0.1",), timeout_seconds=0.5))
    assert failed == Failed("timeout", "not done within 0.5 s", sent=True)


@pytest.mark.parametrize("delay", [0.0, 0.1])
def test_a_receiver_that_ended_before_it_was_sent_anything_has_taken_nothing(delay: float) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        thread = threading.Thread(target=lambda: listener.accept()[0].close())
        thread.start()

        def later(host: str, port: int, settings: Settings, deadline: Deadline) -> socket.socket:
            found = connect(host, port, settings, deadline)
            time.sleep(delay)
            return found

        settings = Settings(allow_internal=("localhost",), timeout_seconds=5)
        lines = TcpLines("localhost", listener.getsockname()[1], FRAMES[:3], tls=False)
        answer = carry(lines, settings, later)
        thread.join()
    assert isinstance(answer, Failed)
    assert (answer.cause, answer.sent) == ("connect", True)


@pytest.mark.parametrize("attempt", range(10))
def test_a_receiver_that_refuses_our_certificate_has_taken_nothing(tmp_path: Path, attempt: int) -> None:
    """In TLS 1.3 the client has sent before it can know."""
    authority = Authority(tmp_path)
    context = authority.server("localhost")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.ca_file)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)

        def run() -> None:
            connection, _ = listener.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except ssl.SSLError:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        settings = Settings(allow_internal=("localhost",), ca_file=authority.ca_file, timeout_seconds=5)
        answer = carry(TcpLines("localhost", listener.getsockname()[1], FRAMES[:3]), settings)
        thread.join()
    assert isinstance(answer, Failed)
