"""The process of a server: one command to a console, TLS, proxies, and an end that loses nothing."""

import json
import os
import re
import resource
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from spawngate.model.errors import StateError
from spawngate.server.run import at_port, listening, tls_of
from spawngate.server.settings import Settings, load

COMMAND = [sys.executable, "-m", "spawngate", "server"]


class Process:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process, self._folder = process, folder
        for _ in range(300):
            found = re.search(r"serves (https?://\S+)/ ", self.out)
            if found:
                break
            if process.poll() is not None:
                raise AssertionError(self.err)
            time.sleep(0.1)
        else:
            raise AssertionError(self.err)
        self.address = found[1]

    @property
    def out(self) -> str:
        return (self._folder / "out").read_text()

    @property
    def err(self) -> str:
        return (self._folder / "err").read_text()

    @property
    def link(self) -> str:
        found = re.search(r"\S+/first-run\?word=\S+", self.out)
        return found[0] if found else ""

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def running(folder: Path, *arguments: str, **environment: str) -> Iterator[Process]:
    """`spawngate server run` on a free port, its state in `folder`."""
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [*COMMAND, "run", "--port", "0", *arguments],
            stdout=out,
            stderr=err,
            env=_environment(folder, environment),
        )
        try:
            yield Process(process, folder)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(30)


def _environment(folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "SPAWNGATE_STATE_DIR": str(folder / "state"), "PYTHONUNBUFFERED": "1", **more}


def test_one_command_gives_a_console_and_its_end_loses_nothing(tmp_path: Path) -> None:
    password = "correct horse battery"
    with running(tmp_path) as server:
        assert server.link.startswith(f"{server.address}/first-run?word=")
        with httpx2.Client(base_url=server.address, headers={"origin": server.address}) as client:
            word = server.link.partition("word=")[2]
            form = {"word": word, "name": "Ann", "password": password, "again": password}
            assert client.post("/first-run", data=form).status_code == 303
            assert client.get("/api/v1/me").json()["item"]["roles"] == {"0": "owner"}
            assert client.get("/endpoints").status_code == 200
            assert client.get("/readyz").json() == {"status": "ok"}
        assert server.end() == 0
        lines = [json.loads(line) for line in server.err.splitlines()]
    assert [line["message"] for line in lines if line["message"] != "request"] == ["serving", "ended"]
    assert word not in server.err
    assert password not in server.err
    with running(tmp_path) as server:
        assert server.link == "", "somebody owns it"
        with httpx2.Client(base_url=server.address, headers={"origin": server.address}) as client:
            assert client.post("/login", data={"name": "ann", "password": password}).status_code == 303
            events = client.get("/api/v1/me").json()["item"]["name"]
        assert events == "Ann"
        assert server.end() == 0


def test_it_holds_as_many_connections_as_the_system_gives(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1_024, hard), hard))  # as a shell gives it
        with running(tmp_path) as server:
            wanted = min(hard, 200_000) if hard != resource.RLIM_INFINITY else 200_000
            assert resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE) == (max(wanted, min(1_024, hard)), hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_it_drains_before_it_ends(tmp_path: Path) -> None:
    with running(tmp_path, SPAWNGATE_SERVER_DRAIN="2") as server:
        server.process.send_signal(signal.SIGTERM)
        for _ in range(50):
            answer = httpx2.get(f"{server.address}/readyz")
            if answer.status_code == 503:
                break
            time.sleep(0.05)
        assert (answer.status_code, answer.json()) == (503, {"status": "draining"})
        assert httpx2.get(f"{server.address}/healthz").status_code == 200, "requests are still served"
        assert server.process.wait(30) == 0


def test_a_second_server_of_the_same_folder_is_refused(tmp_path: Path) -> None:
    with running(tmp_path):
        done = subprocess.run(
            [*COMMAND, "run", "--port", "0"], capture_output=True, timeout=60, env=_environment(tmp_path, {})
        )
        assert done.returncode == 3
        assert b"another process" in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_forwarded_address_is_believed_from_the_proxy_alone(tmp_path: Path) -> None:
    forwarded = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}
    for proxies, expected in (("127.0.0.1", "203.0.113.9"), ("10.0.0.1", "127.0.0.1"), ("", "127.0.0.1")):
        folder = tmp_path / (proxies or "none")
        folder.mkdir()
        with running(folder, SPAWNGATE_SERVER_TRUSTED_PROXIES=proxies) as server:
            httpx2.get(f"{server.address}/healthz", headers=forwarded)
            assert server.end() == 0
            told = [json.loads(line) for line in server.err.splitlines()]
        assert [line["client"] for line in told if line["message"] == "request"] == [expected]


def certificates(folder: Path) -> None:
    """A CA, a server's certificate and a client's, in PEM."""
    now = datetime.now(UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    authority = ec.generate_private_key(ec.SECP256R1())

    def made(text: str, key: ec.EllipticCurvePrivateKey, is_authority: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(name(text))
            .issuer_name(name("ca"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        return builder.sign(authority, hashes.SHA256())

    for text in ("ca", "server", "client"):
        key = authority if text == "ca" else ec.generate_private_key(ec.SECP256R1())
        (folder / f"{text}.pem").write_bytes(made(text, key, text == "ca").public_bytes(serialization.Encoding.PEM))
        (folder / f"{text}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


def test_tls_and_certificates_of_clients(tmp_path: Path) -> None:
    certificates(tmp_path)
    given = {
        "SPAWNGATE_SERVER_TLS_CERTIFICATE": str(tmp_path / "server.pem"),
        "SPAWNGATE_SERVER_TLS_KEY": str(tmp_path / "server.key"),
        "SPAWNGATE_SERVER_TLS_CLIENT_CA": str(tmp_path / "ca.pem"),
        "SPAWNGATE_SERVER_HOST": "localhost",
    }
    config = tmp_path / "server.toml"
    config.write_text('[tls]\nclient = "required"\n')
    trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    with_own = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    with_own.load_cert_chain(tmp_path / "client.pem", tmp_path / "client.key")
    with running(tmp_path, "--config", str(config), **given) as server:
        assert server.address.startswith("https://localhost:")
        with pytest.raises(httpx2.HTTPError):
            httpx2.get(f"{server.address}/healthz", verify=trusting)
        answer = httpx2.get(f"{server.address}/healthz", verify=with_own)
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert server.link.startswith("https://localhost:")
        assert server.end() == 0


def test_a_port_that_is_taken_is_told() -> None:
    with listening(load(None, {}, port=0)) as listener:
        port = listener.getsockname()[1]
        with (
            pytest.raises(StateError, match=f"cannot listen on 127.0.0.1 port {port}"),
            listening(load(None, {}, port=port)),
        ):
            pass
        assert at_port(load(None, {}, port=0), port).base == f"http://127.0.0.1:{port}"
    with pytest.raises(StateError, match=r"cannot listen on host\.invalid"), listening(_nowhere()):
        pass


def _nowhere() -> Settings:
    return load(
        None,
        {"SPAWNGATE_SERVER_TLS_CERTIFICATE": "c", "SPAWNGATE_SERVER_TLS_KEY": "k"},
        host="host.invalid",
        base="https://x.example",
    )


def test_what_uvicorn_is_told_of_tls() -> None:
    plain = load(None, {})
    assert tls_of(plain) == {}
    given = {
        "SPAWNGATE_SERVER_TLS_CERTIFICATE": "c",
        "SPAWNGATE_SERVER_TLS_KEY": "k",
        "SPAWNGATE_SERVER_TLS_CLIENT_CA": "a",
    }
    assert tls_of(load(None, given)) == {
        "ssl_certfile": "c",
        "ssl_keyfile": "k",
        "ssl_ca_certs": "a",
        "ssl_cert_reqs": ssl.CERT_OPTIONAL,
    }
