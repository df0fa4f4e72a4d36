"""The way out of a jail: declared hosts are reached and nothing else is. With real jails, clients and servers."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.launcher.egress import KINDS, Egress
from spawngate.endpoint.launcher.lookup import Lookups
from spawngate.endpoint.launcher.loop import Loop
from spawngate.launch.hosts import declared, loopback_ports, routes
from tests.endpoint.launcher.harness import AT_ONCE, PYTHON
from tests.native.test_confine import INTERPRETER, UNSHARE, WALLS, confine, needs_walls, without_calls

PORTS_ONLY = (UNSHARE,)
"""System calls that fail: no namespaces, so that Landlock tells ports apart."""
jails = pytest.mark.parametrize("without", [(), PORTS_ONLY], ids=["namespaces", "ports"])
own_network = pytest.mark.skipif("net" not in WALLS, reason="this system gives users no network namespace")


@contextlib.contextmanager
def running(hosts: Sequence[str], variables: dict[str, str] | None = None) -> Iterator[tuple[socket.socket, Egress]]:
    """An egress on a loop of its own, and the end of its channel that listening sockets are handed over on."""
    ours, theirs = socket.socketpair()
    loop = Loop()
    egress = Egress(loop, _plain(ours), [declared(each) for each in hosts], variables or {}, lambda: None)
    over = threading.Event()

    def turn() -> None:
        while not over.is_set():
            loop.once(0.02)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield theirs, egress
    finally:
        over.set()
        thread.join()
        egress.close()
        theirs.close()


def _plain(given: socket.socket) -> Any:
    import _socket

    return _socket.socket(fileno=given.detach())


@contextlib.contextmanager
def proxy(hosts: Sequence[str], variables: dict[str, str] | None = None) -> Iterator[tuple[int, Egress]]:
    """An egress that listens here; its port."""
    with running(hosts, variables) as (channel, egress), socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        socket.send_fds(channel, [b"P" + port.to_bytes(2, "big")], [listener.fileno()])
        yield port, egress


def jailed(
    hosts: Sequence[str], *command: str, without: Sequence[int] = (), **settings: Any
) -> tuple[str, "subprocess.CompletedProcess[str]", list[dict[str, object]]]:
    """What the walls are, how a jailed program ended, and what it was refused."""
    with running(hosts) as (channel, egress):
        reader, writer = os.pipe()
        forwards = [word for port in loopback_ports(egress.hosts) for word in ("--forward", str(port))]
        forwards += [word for name, port in routes(egress.hosts) for word in ("--route", name, str(port))]
        words = [confine(), "--status", str(writer), "--jail", "--home", "/nonexistent/home", "--read", INTERPRETER]
        words += ["--egress", str(channel.fileno()), *forwards, "--", command[0], *command]
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            pass_fds=(writer, channel.fileno()),
            preexec_fn=(lambda: without_calls(without)) if without else None,
            env={"PATH": os.environ["PATH"], "NO_PROXY": "*", "https_proxy": "http://elsewhere.invalid:1"},
            **settings,
        )
        os.close(writer)
        report = os.read(reader, 4096).decode()
        os.close(reader)
        return report, done, egress.refusals()[0]


FETCH = """
import json, sys, urllib.error, urllib.request
for url in sys.argv[1:]:
    try:
        print(urllib.request.urlopen(url, timeout=20).read().decode())
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode().strip())
    except OSError as error:
        print(type(error).__name__)
"""


@needs_walls
@own_network
@jails
def test_a_jailed_python_reaches_what_is_declared(web: int, without: tuple[int, ...]) -> None:
    # By its address the variables send it here directly, to the port that is forwarded; by the name, to the proxy.
    urls = [
        f"http://127.0.0.1:{web}/a",
        f"http://localhost:{web}/b",
        "http://127.0.0.1:9/",
        "http://elsewhere.example/",
    ]
    report, done, refused = jailed([f"localhost:{web}"], PYTHON, "-c", FETCH, *urls, without=without)
    assert report.startswith("held"), report
    assert "egress" in report.split()
    assert ("net" in report.split(), "ports" in report.split()) == ((False, True) if without else (True, False))
    lines = done.stdout.splitlines()
    assert [json.loads(line)[:3] for line in lines[:2]] == [
        ["GET", "/a", f"127.0.0.1:{web}"],
        ["GET", "/b", f"localhost:{web}"],
    ], done
    assert lines[2:] == [
        "URLError",
        "403 Spawngate: elsewhere.example:80 is none of the hosts that this server may reach",
    ]
    assert refused == [{"host": "elsewhere.example", "port": 80, "why": "not-declared", "times": 1}]


@needs_walls
@own_network
@jails
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_as_a_user_without_rights(web: int, tmp_path: Path, without: tuple[int, ...]) -> None:
    program = tmp_path / "spawngate-confine"
    shutil.copy(confine(), program)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    code = (
        "exec 3<&0; p=${HTTP_PROXY#http://}; exec 4<>/dev/tcp/${p%:*}/${p#*:}; "
        f"printf 'GET http://127.0.0.1:{web}/x HTTP/1.1\\r\\n\\r\\n' >&4; head -1 <&4; id -u; "
        f"(exec 5<>/dev/tcp/192.0.2.1/80) 2>/dev/null || echo cut"
    )
    with running([f"127.0.0.1:{web}"]) as (channel, _):
        words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", str(program), "--jail"]
        words += ["--home", "/nonexistent", "--egress", str(channel.fileno()), "--", "/bin/bash", "bash", "-c", code]
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            pass_fds=(channel.fileno(),),
            preexec_fn=(lambda: without_calls(without)) if without else None,
        )
    assert done.stdout.split("\n") == ["HTTP/1.1 200 OK", "65534", "cut", ""], done


ROUTED = """
import json, socket, sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def tried(host):
    try:
        return json.loads(opener.open(f"http://{host}:{sys.argv[1]}/x", timeout=20).read())[2]
    except OSError as error:
        return type(error).__name__
print(json.dumps([tried(host) for host in sys.argv[2:]] + [open("/etc/hosts").read()]))
"""


@needs_walls
@own_network
@pytest.mark.skipif("mount" not in WALLS, reason="this system gives users no root of their own")
def test_a_program_that_knows_of_no_proxy(web: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that are declared with their ports lead to the relay by themselves, checked as any other way."""
    addresses = {"one.example": "127.0.0.1", "two.example": "127.0.0.1", "inner.example": "169.254.169.254"}

    def resolve(_lookups: Lookups, host: str, port: int, done: Any) -> None:
        done([(socket.AF_INET, addresses[host], port)])

    monkeypatch.setattr(Lookups, "ask", resolve)
    names = ["one.example", "two.example", "inner.example", "other.example"]
    hosts = [f"127.0.0.1:{web}", *(f"{name}:{web}" for name in names[:3]), "one.example:1"]
    _, done, refused = jailed(hosts, PYTHON, "-c", ROUTED, str(web), *names)
    first, second, inner, other, text = json.loads(done.stdout)
    assert (first, second) == (f"one.example:{web}", f"two.example:{web}")
    assert (inner, other) == ("RemoteDisconnected", "URLError")
    assert refused == [{"host": "inner.example", "port": web, "why": "not-public", "times": 1}]
    assert text.split("\n") == [
        "127.0.0.1 localhost",
        "::1 localhost",
        "127.1.0.1 one.example",
        "127.1.0.2 two.example",
        "127.1.0.3 inner.example",
        "127.1.0.1 one.example",
        "",
    ]


RAW = """
import json, os, socket, sys
def tried(what):
    try:
        return what()
    except OSError as error:
        return type(error).__name__
web = int(sys.argv[1])
proxy = int(os.environ["HTTP_PROXY"].rpartition(":")[2])
def tcp(address, family=socket.AF_INET):
    with socket.socket(family) as one:
        one.settimeout(5)
        one.connect(address)
        return "connected"
def udp(address, family=socket.AF_INET):
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", address)
        one.settimeout(1)
        return one.recv(10).decode()
def fast():
    with socket.socket() as one:
        one.sendto(b"GET / HTTP/1.0\\r\\n\\r\\n", 0x20000000, ("127.0.0.1", web))
        return "connected"
print(json.dumps({
    "proxy": tried(lambda: tcp(("127.0.0.1", proxy))),
    "tcp": tried(lambda: tcp(("127.0.0.1", web))),
    "fast": tried(fast),
    "tcp6": tried(lambda: tcp(("::1", web), socket.AF_INET6)),
    "far": tried(lambda: tcp(("192.0.2.1", 443))),
    "udp": tried(lambda: udp(("127.0.0.1", int(sys.argv[2])))),
    "names": tried(lambda: socket.getaddrinfo("spawngate.test", 80) and "found"),
    "abstract": tried(lambda: socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[3]) or "connected"),
}))
"""


@needs_walls
@own_network
@jails
def test_raw_ways_are_cut(web: int, without: tuple[int, ...]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, socket.socket(socket.AF_UNIX) as local:
        datagrams.bind(("127.0.0.1", 0))
        local.bind(f"\0spawngate-test-{os.getpid()}")
        local.listen()
        words = (str(web), str(datagrams.getsockname()[1]), f"spawngate-test-{os.getpid()}")
        report, done, refused = jailed(["api.example"], PYTHON, "-c", RAW, *words, without=without)
    assert report.startswith("held"), report
    found = json.loads(done.stdout)
    assert found.pop("proxy") == "connected"
    assert not {"connected", "found"}.intersection(found.values()), found
    if without:
        assert found == {
            "tcp": "PermissionError",
            "fast": "OSError",
            "tcp6": "PermissionError",
            "far": "PermissionError",
            "udp": "PermissionError",
            "names": "gaierror",
            "abstract": "OSError",
        }
    assert refused == []


@needs_walls
@own_network
@jails
@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_a_jailed_curl(web: int, without: tuple[int, ...]) -> None:
    # curl takes `--noproxy ''` as leave to ask the proxy for this machine too.
    curl = shutil.which("curl") or ""
    options = ("-sS", "--noproxy", "", "--max-time", "20")
    hosts = [f"127.0.0.1:{web}"]
    ways: dict[str, tuple[str, ...]] = {"http": (), "connect": ("--proxytunnel",)}
    for name, more in ways.items():
        _, done, refused = jailed(hosts, curl, *options, *more, f"http://127.0.0.1:{web}/{name}", without=without)
        assert json.loads(done.stdout)[:3] == ["GET", f"/{name}", f"127.0.0.1:{web}"], done
        assert refused == []
    _, done, _ = jailed(
        hosts,
        "/bin/sh",
        "-c",
        f'{curl} -sS --max-time 20 --noproxy "" --proxy "socks5h${{HTTP_PROXY#http}}" http://127.0.0.1:{web}/socks',
        without=without,
    )
    assert json.loads(done.stdout)[1] == "/socks", done
    for target in (f"http://127.0.0.1:{web}/", "https://elsewhere.example/"):
        _, done, refused = jailed([f"api.example:{web}"], curl, *options, target, without=without)
        assert done.returncode != 0 or "Spawngate" in done.stdout, done
        assert len(refused) == 1


@needs_walls
@own_network
@jails
@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_a_jailed_node(web: int, without: tuple[int, ...]) -> None:
    code = """
        const http = require("http");
        const ask = (options) => new Promise((done) => {
            const request = http.request(options, (answer) => {
                let text = ""; answer.on("data", (part) => text += part);
                answer.on("end", () => done([answer.statusCode, text]));
            });
            request.on("error", (error) => done([0, error.code])); request.end();
        });
        const [host, port] = process.env.HTTP_PROXY.slice(7).split(":");
        (async () => {
            const web = process.argv[1];
            const one = await ask({host, port, path: `http://127.0.0.1:${web}/node`});
            const two = await ask({host, port, path: "http://elsewhere.example/"});
            const three = await ask({host: "192.0.2.1", port: 80, path: "/"});
            console.log(JSON.stringify([one[0], JSON.parse(one[1])[1], two[0], three[0] === 0]));
        })();
    """
    node = os.path.realpath(shutil.which("node") or "")
    report, done, refused = jailed([f"127.0.0.1:{web}"], node, "-e", code, str(web), without=without)
    assert json.loads(done.stdout) == [200, "/node", 403, True], (report, done)
    assert refused == [{"host": "elsewhere.example", "port": 80, "why": "not-declared", "times": 1}]


def ask(port: int, data: bytes) -> bytes:
    """All that the proxy says to `data`."""
    with socket.create_connection(("127.0.0.1", port), AT_ONCE) as one:
        one.sendall(data)
        found = b""
        while part := one.recv(65536):
            found += part
        return found


def test_a_request_goes_to_one_host_and_the_connection_ends(web: int) -> None:
    with proxy([f"127.0.0.1:{web}"]) as (port, _):
        line = f"GET http://127.0.0.1:{web}/x?y=1 HTTP/1.1\r\nHost: elsewhere\r\nProxy-Authorization: Basic x\r\n\r\n"
        second = "GET http://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n"
        head, _, body = ask(port, (line + second).encode()).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert json.loads(body) == ["GET", "/x?y=1", f"127.0.0.1:{web}", "close"]


def test_bodies_both_ways(web: int) -> None:
    body = os.urandom(3 << 20)
    with proxy([f"localhost:{web}"]) as (port, _):
        head = f"POST http://localhost:{web}/ HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        assert ask(port, head + body).partition(b"\r\n\r\n")[2] == body[::-1]
        with socket.create_connection(("127.0.0.1", port), AT_ONCE) as one:
            one.sendall(f"CONNECT localhost:{web} HTTP/1.1\r\n\r\n".encode())
            assert one.recv(1024) == b"HTTP/1.1 200 Connection established\r\n\r\n"
            one.sendall(b"GET / HTTP/1.0\r\n\r\n")
            one.shutdown(socket.SHUT_WR)
            assert one.recv(1024).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("hosts", "target", "why"),
    [
        (["api.example"], "api.example.evil.example:443", "not-declared"),
        (["api.example"], "api.example:22", "not-declared"),
        (["*.api.example"], "api.example:443", "not-declared"),
        (["api.example"], "127.0.0.1:443", "not-declared"),
        (["api.example"], "[::ffff:127.0.0.1]:443", "not-declared"),
        (["api.example"], "169.254.169.254:80", "not-declared"),
        (["10.0.0.0/8:443"], "11.0.0.1:443", "not-declared"),
    ],
)
def test_what_is_refused_is_told(hosts: list[str], target: str, why: str) -> None:
    with proxy(hosts) as (port, egress):
        answer = ask(port, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n"), answer
        host, _, number = target.rpartition(":")
        assert egress.refusals() == (
            [{"host": host.strip("[]"), "port": int(number), "why": why, "times": 1}],
            0,
        )
        assert egress.refusals() == ([], 0)


@pytest.mark.parametrize(
    ("declaration", "address", "status"),
    [
        ("api.example", "127.0.0.1", 403),
        ("api.example", "::1", 403),
        ("api.example", "::ffff:127.0.0.1", 403),
        ("api.example", "10.0.0.1", 403),
        ("api.example", "169.254.169.254", 403),
        ("api.example", "0.0.0.0", 403),
        ("api.example+private", "127.0.0.1", 403),
        ("api.example+private", "169.254.169.254", 403),
        ("api.example+private", "fe80::1%1", 403),
    ],
)
def test_a_name_that_leads_elsewhere(
    web: int, monkeypatch: pytest.MonkeyPatch, declaration: str, address: str, status: int
) -> None:
    """What a name server may answer at will (DNS rebinding): the address counts, not the name."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    asked: list[str] = []

    def resolve(self: Lookups, host: str, port: int, done: Any) -> None:
        asked.append(host)
        done([(family, address, port)])

    monkeypatch.setattr(Lookups, "ask", resolve)
    name, plus, private = declaration.partition("+")
    with proxy([f"{name}:{web}{plus}{private}"]) as (port, egress):
        answer = ask(port, f"CONNECT api.example:{web} HTTP/1.1\r\n\r\n".encode())
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
        assert egress.refusals()[0] == [{"host": "api.example", "port": web, "why": "not-public", "times": 1}]
    assert asked == ["api.example"]


def test_what_is_connected_to_is_what_was_checked(web: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several addresses only those that may be reached are tried, and the name is looked up once."""
    monkeypatch.setattr(
        Lookups,
        "ask",
        lambda _self, _host, port, done: done(
            [(socket.AF_INET, "10.255.255.1", port), (socket.AF_INET, "127.0.0.1", port)]
        ),
    )
    with proxy([f"api.example:{web}", f"127.0.0.1:{web}"]) as (port, _):
        assert ask(port, f"GET http://api.example:{web}/ HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 200")


def test_many_refusals_are_counted() -> None:
    with proxy(["api.example"]) as (port, egress):
        for number in range(KINDS + 3):
            for _ in range(2):
                ask(port, f"CONNECT host{number}.example:443 HTTP/1.1\r\n\r\n".encode())
        refused, more = egress.refusals()
        assert [each["times"] for each in refused] == [2] * KINDS
        assert more == 6


@pytest.mark.parametrize(
    "data", [b"\x16\x03\x01\x00\x05hello", b"GET / HTTP/1.1\r\n\r\n", b"x\r\n\r\n", b"\x04\x01\x00\x50"]
)
def test_what_is_no_request_is_closed(data: bytes) -> None:
    with proxy(["api.example"]) as (port, egress):
        answer = ask(port, data)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
        assert egress.refusals() == ([], 0)


def test_through_the_machines_own_proxy(web: int) -> None:
    """Of the outer proxy only what was declared is asked, and it looks the names up."""
    hosts = ["far.example", f"127.0.0.1:{web}"]
    with proxy([f"127.0.0.1:{web}", "far.example"]) as (outer, refusing):
        variables = {"http_proxy": f"http://user:pass@127.0.0.1:{outer}", "https_proxy": f"127.0.0.1:{outer}"}
        with proxy(hosts, variables) as (port, egress):
            # The machine's own loopback is reached directly.
            assert ask(port, f"GET http://127.0.0.1:{web}/ HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 200")
            answer = ask(port, b"CONNECT far.example:443 HTTP/1.1\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 502 Bad Gateway")
            assert b"the proxy of this machine does not connect to far.example" in answer
            answer = ask(port, b"CONNECT other.example:443 HTTP/1.1\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 403")
            assert [each["host"] for each in egress.refusals()[0]] == ["other.example"]
        assert refusing.refusals() == ([], 0)


def test_a_client_that_says_nothing_holds_nobody_up(web: int) -> None:
    with proxy([f"127.0.0.1:{web}"]) as (port, _):
        silent = [socket.create_connection(("127.0.0.1", port), AT_ONCE) for _ in range(20)]
        assert ask(port, f"GET http://127.0.0.1:{web}/ HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 200")
        for one in silent:
            one.close()


def test_files_of_a_place_are_not_left_open(tmp_path: Path) -> None:
    before = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()
    with proxy(["api.example"]) as (port, _):
        ask(port, b"CONNECT x.example:1 HTTP/1.1\r\n\r\n")
    assert (set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()) <= before
