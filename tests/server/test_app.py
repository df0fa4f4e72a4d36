"""`server.app`: routes, and a server that really runs."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from spawngate.model.errors import StateError, UsageError
from spawngate.report.csv import render_csv
from spawngate.report.json import render_json
from spawngate.server.app import address_of, bind, make_app
from spawngate.server.inventory_page import PageState
from spawngate.server.loopback import HEADERS
from tests.report.samples import CHANGES, SNAPSHOT, hostile

READY = PageState(SNAPSHOT, CHANGES)
WAITING = PageState(None, scanning=True)
ROOT = Path(__file__).parents[2]


def client(state: Callable[[], PageState]) -> TestClient:
    app = make_app(state, owner=None)
    return TestClient(app, base_url="http://127.0.0.1:7337", raise_server_exceptions=False)


def broken() -> PageState:
    raise RuntimeError("a value that must not be shown")


@pytest.mark.parametrize(
    ("state", "path", "status", "kind"),
    [
        (READY, "/", 200, "text/html; charset=utf-8"),
        (READY, "/?kind=cli&q=<script>", 200, "text/html; charset=utf-8"),
        (READY, "/inventory.json", 200, "application/json"),
        (READY, "/inventory.csv", 200, "text/csv; charset=utf-8"),
        (READY, "/healthz", 200, "application/json"),
        (READY, "/static/page.css", 200, "text/css; charset=utf-8"),
        (READY, "/static/icon.svg", 200, "image/svg+xml"),
        (READY, "/static/../app.py", 404, "text/plain; charset=utf-8"),
        (READY, "/static/..%2fapp.py", 404, "text/plain; charset=utf-8"),
        (READY, "/static/", 404, "text/plain; charset=utf-8"),
        (READY, "/docs", 404, "text/plain; charset=utf-8"),
        (WAITING, "/", 200, "text/html; charset=utf-8"),
        (WAITING, "/inventory.json", 503, "text/plain; charset=utf-8"),
        (WAITING, "/inventory.csv", 503, "text/plain; charset=utf-8"),
    ],
)
def test_routes(state: PageState, path: str, status: int, kind: str) -> None:
    response = client(lambda: state).get(path)
    assert (response.status_code, response.headers["content-type"]) == (status, kind)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_downloads_are_the_documents() -> None:
    with_state = client(lambda: READY)
    assert with_state.get("/inventory.json").content == render_json(SNAPSHOT, CHANGES)
    assert with_state.get("/inventory.csv").content == render_csv(SNAPSHOT)


def test_hostile_downloads_do_not_fail() -> None:
    snapshot, changes = hostile()
    with_state = client(lambda: PageState(snapshot, changes))
    assert [with_state.get(path).status_code for path in ("/", "/inventory.json", "/inventory.csv")] == [200, 200, 200]


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (READY, {"status": "ok", "scanning": False, "taken_at": "2026-11-20T09:30:12Z"}),
        (WAITING, {"status": "ok", "scanning": True, "taken_at": None}),
    ],
)
def test_health(state: PageState, answer: object) -> None:
    assert client(lambda: state).get("/healthz").json() == answer


def test_head_has_no_body() -> None:
    response = client(lambda: READY).head("/")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_fault_of_ours_shows_no_value_and_keeps_the_headers() -> None:
    response = client(broken).get("/")
    assert (response.status_code, response.text) == (500, "Spawngate failed to show this page; please report it.\n")
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_the_page_loads_nothing_from_elsewhere() -> None:
    style = client(lambda: READY).get("/static/page.css").text
    assert "url(" not in style
    assert "@import" not in style


# -- binding and serving ----------------------------------------------------------------------------------------


def test_bind_takes_a_free_port() -> None:
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address_of(listener) == f"http://127.0.0.1:{port}/"
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_a_busy_port_is_an_error_or_the_next_one_is_taken() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(StateError, match=f"^port {port} is in use or not permitted on 127.0.0.1; choose another"):
            bind("127.0.0.1", port)
        with bind("127.0.0.1", port, attempts=20) as second:
            assert port < second.getsockname()[1] < port + 20


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(UsageError, match="served on 127"):
        bind(host, 0)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_does_not_exist(port: int) -> None:
    with pytest.raises(UsageError, match=f"^there is no port {port}$"):
        bind("127.0.0.1", port)


PROGRAM = textwrap.dedent(
    """
    from spawngate.server.app import make_app, serve
    from spawngate.server.inventory_page import PageState
    from tests.report.samples import CHANGES, SNAPSHOT

    state = PageState(SNAPSHOT, CHANGES)
    serve(make_app(lambda: state), "127.0.0.1", 0, announce=lambda address: print(address, flush=True))
    print("stopped", flush=True)
    """
)


ASK = textwrap.dedent(
    """
    import sys, urllib.error, urllib.request
    try:
        urllib.request.urlopen(sys.argv[1])
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode(), end="")
    """
)


@contextmanager
def running() -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server in a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "FORWARDED_ALLOW_IPS": "*"},
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.communicate()


def status_of(address: str, **headers: str) -> int:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            response.read()
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serving_until_a_signal(number: signal.Signals) -> None:
    with running() as (address, process):
        assert status_of(address) == 200
        assert status_of(address, Host="evil.test") == 403
        # A forwarded address must not stand in for the connection's own, whatever the environment says.
        assert status_of(address, **{"X-Forwarded-For": "10.0.0.1"}) == 200
        process.send_signal(number)
        output, errors = process.communicate(timeout=20)
        assert (output, errors, process.returncode) == ("stopped\n", "", 0)


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="needs Linux and root to become another user")
def test_another_user_is_refused() -> None:
    with running() as (address, _):
        # -I and the system's own Python: another user may be unable to read this environment.
        python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
        done = subprocess.run(
            [python, "-I", "-c", ASK, address],
            user=65534,
            group=65534,
            capture_output=True,
            text=True,
            timeout=30,
            cwd="/",
        )
        assert (done.stdout, done.stderr) == ("403 This page answers only to the user who started Spawngate.\n", "")
