"""`server.deliver.carry`: every kind of thing finds its shell; exchanges end."""

import contextlib
import socket
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from spawngate.routing.destination import (
    Answer,
    Context,
    Destination,
    Done,
    Exchange,
    Failed,
    FileLines,
    HttpAnswer,
    HttpRequest,
    ItemOutcome,
    Mail,
    Outcome,
    Outgoing,
    TcpLines,
)
from spawngate.routing.settings import Secret, Settings
from spawngate.server.deliver.carry import MOST_STEPS, Carrier, exchange
from tests.routing.samples import NOW
from tests.stubs.http import Reply, Stub, serving

CONTEXT = Context(NOW)


def test_every_kind_is_carried(tmp_path: Path) -> None:
    carrier, settings = Carrier(), Settings(timeout_seconds=2)
    assert carrier.carry(FileLines(str(tmp_path / "x"), (b"a\n",)), settings) == Done()
    for outgoing in (
        HttpRequest("GET", "http://127.0.0.1:9/"),
        TcpLines("127.0.0.1", 9, (b"x",)),
        Mail("127.0.0.1", 9, "plain", "a@b.example", ("c@d.example",), b""),
    ):
        failed = carrier.carry(outgoing, settings)
        assert isinstance(failed, Failed)
        assert failed.cause == "address"


def destination(exchange_: Any) -> Destination:
    return Destination("x", "notify", Settings, exchange_)


def test_an_exchange_over_the_network() -> None:
    def steps(settings: Settings, load: str, context: Context) -> Exchange:
        first = yield HttpRequest("GET", f"{load}/1")
        second = yield HttpRequest("GET", f"{load}/2")
        assert isinstance(first, HttpAnswer)
        assert isinstance(second, HttpAnswer)
        return Outcome("delivered", f"{first.status} {second.status}")

    with serving(Stub(lambda asked: Reply(200 if asked.path == "/1" else 204))) as stub:
        outcome = exchange(Carrier(), destination(steps), Settings(allow_internal=("127.0.0.1",)), stub.url, CONTEXT)
    assert outcome == Outcome("delivered", "200 204")


class Nothing(Carrier):
    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        return Done()


def test_an_exchange_that_does_not_end_is_ended() -> None:
    def steps(settings: Settings, load: str, context: Context) -> Exchange:
        while True:
            yield HttpRequest("GET", "x")

    assert exchange(Nothing(), destination(steps), Settings(), "", CONTEXT) == Outcome(
        "retry", f"more than {MOST_STEPS} requests for one delivery", blame="destination"
    )


def test_a_fault_of_ours_is_an_outcome_without_values() -> None:
    def steps(settings: Settings, load: str, context: Context) -> Exchange:
        yield HttpRequest("GET", "x")
        raise ValueError("s3cret")

    outcome = exchange(Nothing(), destination(steps), Settings(), "", CONTEXT)
    assert (outcome.state, outcome.blame) == ("refused", "content")
    assert outcome.reason.startswith("internal error: ValueError in steps:")
    assert "s3cret" not in outcome.reason


class Guarded(Settings, frozen=True, kw_only=True):
    url: Secret
    token: Secret = ""
    keys: tuple[Secret, ...] = ()
    headers: Mapping[str, Secret] = {}


def test_what_a_server_repeats_of_our_secrets_is_told_nobody() -> None:
    settings = Guarded(
        url="https://hooks.example/services/T0/hidden?sig=signature",
        token="token-1",
        keys=("key-one", "key-one-longer", "k"),
        headers={"X-Key": "header-1"},
    )

    def steps(settings: Guarded, load: str, context: Context) -> Exchange:
        yield HttpRequest("GET", settings.url)
        said = "no k token-1: key-one-longer, key-one, header-1, /services/T0/hidden?sig=signature, sig=signature"
        return Outcome("retry", f"HTTP 400: {said}", items=(ItemOutcome(0, "refused", "bad token-1"),))

    outcome = exchange(Nothing(), destination(steps), settings, "", CONTEXT)
    told = "HTTP 400: no k (secret): (secret), (secret), (secret), (secret), (secret)"
    assert outcome == Outcome("retry", told, items=(ItemOutcome(0, "refused", "bad (secret)"),))


def full() -> socket.socket:
    """A listener whose queue is full: who connects waits."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    return listener


@pytest.mark.parametrize("where", ["look-up", "connection", "proxy", "tls", "answer"])
def test_the_end_waits_for_nobody(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()
    settings: dict[str, object] = {"timeout_seconds": 60.0, "allow_internal": ("127.0.0.1", "a.example")}
    with full() as listener, contextlib.ExitStack() as stack:
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        if where == "look-up":
            stack.callback(gone.set)
            monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: [gone.wait(60)][:0])
            url = f"http://a.example:{port}/"
        elif where == "connection":
            for _ in range(4):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(listener.getsockname())
        elif where == "proxy":
            settings["proxy"] = f"http://127.0.0.1:{port}"
        elif where == "tls":
            url = f"https://127.0.0.1:{port}/"
        carrier, answers = Carrier(), list[object]()
        thread = threading.Thread(
            target=lambda: answers.append(carrier.carry(HttpRequest("POST", url, (), b"x"), Settings(**settings)))  # type: ignore[arg-type]  # as they are named
        )
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive()
        began = time.monotonic()
        carrier.end()
        thread.join(10)
        assert time.monotonic() - began < 3
    assert isinstance(answers[0], Failed)
    assert answers[0].cause in ("timeout", "connect", "tls", "protocol")
