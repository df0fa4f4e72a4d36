"""`server.deliver.network`: one look-up, every address judged, only that connected to; proxies; TLS."""

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from spawngate.routing.destination import Failed
from spawngate.routing.settings import Settings
from spawngate.server.deliver.network import Deadline, NotCarriedError, connect, looked_up, resolve, secured, trust
from tests.server.deliver.authority import Authority

INSIDE = Settings(allow_internal=("127.0.0.0/8", "::1"), timeout_seconds=5)


@contextmanager
def listening(host: str = "127.0.0.1") -> Iterator[tuple[int, socket.socket]]:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.bind((host, 0))
        listener.listen(8)
        listener.settimeout(5)
        yield listener.getsockname()[1], listener


def refused(host: str, port: int, settings: Settings, addresses: Sequence[str] = (), seconds: float = 5.0) -> Failed:
    with pytest.raises(NotCarriedError) as error:
        connect(host, port, settings, Deadline(seconds), (lambda host, port: addresses) if addresses else resolve)
    return error.value.failed


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0", "::1", "::ffff:127.0.0.1"],
)
def test_every_way_to_write_this_machine_is_refused(host: str) -> None:
    with listening() as (port, listener):
        failed = refused(host, port, Settings())
        assert failed.cause == "address"
        assert "is not a public address; allow_internal lets it be reached" in failed.reason
        listener.settimeout(0.05)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_what_is_allowed_is_reached() -> None:
    with listening() as (port, _):
        for settings in (INSIDE, Settings(allow_internal=("localhost",))):
            connect("localhost", port, settings, Deadline(5)).close()


def test_a_name_is_looked_up_once_and_its_judged_address_is_connected_to() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with listening() as (port, _):
        connect("a.example", port, INSIDE, Deadline(5), rebinding).close()
    assert asked == ["a.example"]


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    assert refused("a.example", 443, Settings(), ["1.1.1.1", "10.0.0.1"]) == Failed(
        "address", "a.example: 10.0.0.1 is not a public address; allow_internal lets it be reached"
    )


def test_the_next_address_is_tried() -> None:
    with listening() as (port, _):
        connect("a.example", port, INSIDE, Deadline(5), lambda host, port: ["127.0.0.2", "127.0.0.1"]).close()


def test_nobody_listens() -> None:
    with listening() as (port, _):
        pass
    assert refused("127.0.0.1", port, INSIDE) == Failed("connect", "127.0.0.1: 127.0.0.1: Connection refused")


def test_a_look_up_that_hangs_ends_with_the_time() -> None:
    started = time.monotonic()
    gone = threading.Event()

    def hangs(host: str, port: int) -> Sequence[str]:
        gone.wait(10)
        return []

    with pytest.raises(NotCarriedError) as error:
        looked_up("a.example", 1, Deadline(0.1), hangs)
    gone.set()
    assert error.value.failed == Failed("timeout", "a.example: the name was not looked up in time")
    assert time.monotonic() - started < 2


def test_a_name_that_is_none_is_no_crash() -> None:
    for host in ("a." * 200, "\udc80", "nonexistent.invalid"):
        with pytest.raises(NotCarriedError) as error:
            looked_up(host, 1, Deadline(5))
        assert error.value.failed.cause in ("connect", "timeout")


@contextmanager
def proxy(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    heard: list[bytes] = []
    with listening() as (port, listener):

        def serve() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                data = b""
                while b"\r\n\r\n" not in data:
                    data += connection.recv(4096)
                heard.append(data)
                if not answer:
                    return
                connection.sendall(answer)
                connection.settimeout(5)
                while more := connection.recv(4096):
                    heard.append(more)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{port}", heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_proxy_tunnels_to_the_name() -> None:
    with proxy(b"HTTP/1.1 200 Connection established\r\n\r\n") as (url, heard):
        connection = connect("a.example", 443, Settings(proxy=url), Deadline(5), names)
        connection.sendall(b"hello")
        connection.close()
    assert heard[0] == b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n".replace(b"Host", b"host")
    assert heard[1:] == [b"hello"]


def names(host: str, port: int) -> Sequence[str]:
    """Public names are unknown here, as behind many proxies."""
    if host == "127.0.0.1":
        return ["127.0.0.1"]
    if host == "inner.example":
        return ["10.0.0.1"]
    raise OSError(-2, "Name or service not known")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", b"rubbish\r\n\r\n", b""])
def test_a_proxy_that_does_not_want_to(answer: bytes) -> None:
    with proxy(answer) as (url, _):
        with pytest.raises(NotCarriedError) as error:
            connect("a.example", 443, Settings(proxy=url), Deadline(5), names)
        assert error.value.failed.cause in ("connect", "protocol")


def test_a_proxy_is_no_way_inside() -> None:
    with proxy(b"HTTP/1.1 200 OK\r\n\r\n") as (url, heard):
        for host in ("inner.example", "10.0.0.1", "169.254.169.254"):
            with pytest.raises(NotCarriedError) as error:
                connect(host, 443, Settings(proxy=url), Deadline(5), names if host == "inner.example" else resolve)
            assert error.value.failed.cause == "address"
        assert heard == []


@pytest.mark.parametrize(
    ("names_", "days", "trusted", "reason"),
    [
        (("localhost",), 1, True, ""),
        (("other.example",), 1, True, "localhost: Hostname mismatch, certificate is not valid for 'localhost'."),
        (("localhost",), -1, True, "localhost: certificate has expired"),
        (("localhost",), 1, False, "localhost: unable to get local issuer certificate"),
    ],
)
def test_tls_is_verified(tmp_path: Path, names_: tuple[str, ...], days: int, trusted: bool, reason: str) -> None:
    authority = Authority(tmp_path)
    context = authority.server(*names_, days=days)
    settings = Settings(allow_internal=("localhost",), ca_file=authority.ca_file if trusted else "")
    with listening() as (port, listener):

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        plain = connect("localhost", port, settings, Deadline(5))
        if reason:
            with pytest.raises(NotCarriedError) as error:
                secured(plain, "localhost", settings, Deadline(5))
            assert error.value.failed == Failed("tls", reason)
        else:
            secured(plain, "localhost", settings, Deadline(5)).close()
        thread.join()


def test_a_connection_that_is_gone_before_tls_begins_is_closed() -> None:
    plain = socket.socket()  # a ResourceWarning of a socket left open would fail the test
    with pytest.raises(NotCarriedError) as error:
        secured(plain, "siem", Settings(), Deadline(5))
    assert error.value.failed == Failed("connect", "siem: Transport endpoint is not connected")
    assert plain.fileno() == -1


def test_an_authority_that_is_none_is_a_setting(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no certificate")
    for name, reason in (("gone.pem", "No such file or directory"), ("bad.pem", "")):
        with listening() as (port, _):
            plain = connect("127.0.0.1", port, INSIDE, Deadline(5))
            with pytest.raises(NotCarriedError) as error:
                secured(plain, "x", Settings(ca_file=str(tmp_path / name)), Deadline(5))
        assert error.value.failed.cause == "setting"
        assert error.value.failed.reason.startswith(f"ca_file cannot be used: {reason}")


@pytest.mark.parametrize("wrong", ["missing", "nonsense", "other key", "encrypted"])
def test_a_client_certificate_that_cannot_be_used(wrong: str, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority = Authority(tmp_path)
    certificate, key = authority.files("client")
    if wrong == "missing":
        certificate = str(tmp_path / "none.pem")
    elif wrong == "nonsense":
        Path(certificate).write_text("nonsense")
    elif wrong == "other key":
        _, key = authority.files("other")
    else:
        Path(key).write_bytes(
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.BestAvailableEncryption(b"p"),
            )
        )
    left, right = socket.socketpair()
    settings = Settings(ca_file=authority.ca_file, certificate_file=certificate, key_file=key)
    with right, pytest.raises(NotCarriedError) as error:
        secured(left, "x", settings, Deadline(5))
    assert error.value.failed.cause == "setting"
    assert error.value.failed.reason.startswith("certificate_file cannot be used: ")


def test_an_authority_that_is_renewed_is_read_again(tmp_path: Path) -> None:
    first = Authority(tmp_path)
    assert trust(first.ca_file) is trust(first.ca_file)
    before = trust(first.ca_file)
    os.utime(first.ca_file, ns=(1, 1))
    assert trust(first.ca_file) is not before
