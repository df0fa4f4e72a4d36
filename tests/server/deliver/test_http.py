"""`server.deliver.http`: one request, one answer, one time limit, nothing followed."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.routing.destination import Failed, HttpAnswer, HttpRequest
from spawngate.routing.settings import Settings
from spawngate.server.deliver.http import AGENT, carry
from tests.server.deliver.authority import Authority
from tests.stubs.http import Asked, Reply, Stub, serving

INSIDE = Settings(allow_internal=("127.0.0.1", "localhost"), timeout_seconds=3)


def post(url: str, body: bytes = b"{}", **values: object) -> HttpRequest:
    return HttpRequest("POST", url, (("content-type", "application/json"), ("x-a", "b")), body, **values)  # type: ignore[arg-type]  # `largest` alone


def test_a_request_and_its_answer() -> None:
    with serving(Stub(lambda asked: Reply(201, "done", {"Retry-After": "5"}))) as stub:
        answer = carry(post(f"{stub.url}/a/b?c=d"), INSIDE)
    assert isinstance(answer, HttpAnswer)
    assert (answer.status, answer.body, answer.cut, answer.header("retry-after")) == (201, b"done", False, "5")
    assert stub.asked == [
        Asked(
            "POST",
            "/a/b?c=d",
            {
                "host": f"127.0.0.1:{stub.port}",
                "user-agent": AGENT,
                "accept-encoding": "identity",
                "connection": "close",
                "content-type": "application/json",
                "x-a": "b",
                "content-length": "2",
            },
            b"{}",
        )
    ]


def test_over_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with serving(Stub(lambda asked: Reply(200, "ok")), authority.server("127.0.0.1")) as stub:
        trusting = Settings(allow_internal=("127.0.0.1",), ca_file=authority.ca_file, timeout_seconds=3)
        assert carry(post(stub.url), trusting) == HttpAnswer(200, _headers(carry(post(stub.url), trusting)), b"ok")
        untrusting = carry(post(stub.url), INSIDE)
    assert untrusting == Failed("tls", "127.0.0.1: unable to get local issuer certificate")


def _headers(answer: HttpAnswer | Failed) -> tuple[tuple[str, str], ...]:
    assert isinstance(answer, HttpAnswer)
    return answer.headers


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with serving(Stub(lambda asked: Reply(200))) as target:
        with serving(Stub(lambda asked: Reply(307, b"", {"Location": target.url}))) as stub:
            answer = carry(post(stub.url), INSIDE)
        assert isinstance(answer, HttpAnswer)
        assert (answer.status, target.asked) == (307, [])


def test_the_environment_chooses_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(Stub(lambda asked: Reply(200))) as stub:
        assert isinstance(carry(post(stub.url), INSIDE), HttpAnswer)


def test_inside_is_refused_before_anything_is_sent() -> None:
    with serving(Stub(lambda asked: Reply(200))) as stub:
        assert carry(post(stub.url), Settings()) == Failed(
            "address", "127.0.0.1: 127.0.0.1 is not a public address; allow_internal lets it be reached"
        )
    assert stub.asked == []


def test_a_long_answer_is_cut_and_an_endless_one_ends() -> None:
    with serving(Stub(lambda asked: Reply(200, b"x" * 500_000))) as stub:
        answer = carry(post(stub.url, largest=1000), INSIDE)
    assert isinstance(answer, HttpAnswer)
    assert (answer.body, answer.cut) == (b"x" * 1000, True)


@contextmanager
def raw(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does as it likes with its one connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(5)

        def run() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(5)
                    serve(connection)
            except OSError:
                return

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


def drip(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(40):
        connection.sendall(b"x")
        time.sleep(0.05)


def test_the_time_is_of_the_whole_and_not_of_each_read() -> None:
    started = time.monotonic()
    with raw(drip) as url:
        answer = carry(post(url), Settings(allow_internal=("127.0.0.1",), timeout_seconds=0.5))
        assert time.monotonic() - started < 1.5
    assert answer == Failed("timeout", "not done within 0.5 s", sent=True)


def answers(data: bytes) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(data)

    return serve


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "protocol"),
        (b"SSH-2.0-OpenSSH\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol"),
    ],
)
def test_what_is_no_answer(data: bytes, cause: str) -> None:
    with raw(answers(data)) as url:
        answer = carry(post(url), INSIDE)
    assert isinstance(answer, Failed)
    assert (answer.cause, answer.sent) == (cause, True)


def test_an_interim_answer_is_waited_through() -> None:
    with raw(answers(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")) as url:
        answer = carry(post(url), INSIDE)
    assert answer == HttpAnswer(204)


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("POST", "http://127.0.0.1:9/", (("x", "a\r\nb: c"),)),
        HttpRequest("POST", "http://127.0.0.1:9/a b\r\nX: y"),
        HttpRequest("POST", "nonsense"),
        HttpRequest("POST", "http://127.0.0.1:99999/"),
    ],
)
def test_a_request_that_cannot_be_written_shows_no_value(request_: HttpRequest) -> None:
    answer = carry(request_, INSIDE)
    assert isinstance(answer, Failed)
    assert answer.cause in ("setting", "connect")
    assert "b: c" not in answer.reason
    assert not answer.sent


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_failure(data: bytes) -> None:
    with raw(answers(data)) as url:
        answer = carry(post(url), INSIDE)
    assert isinstance(answer, HttpAnswer | Failed)
