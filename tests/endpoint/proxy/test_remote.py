"""The start of a remote server: asked once, asked again when it is old or was refused a while ago."""

import asyncio
from collections.abc import Mapping

import pytest

from spawngate.endpoint.proxy import remote
from spawngate.endpoint.proxy.ask import NoAnswerError
from spawngate.endpoint.proxy.remote import Remote
from spawngate.endpoint.proxy.upstream import Address

ALLOW = {"verdict": "allow", "launch": "l1"}


class Daemon:
    def __init__(self, *answers: Mapping[str, object] | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, object]]] = []

    async def __call__(self, verb: str, payload: Mapping[str, object]) -> Mapping[str, object]:
        self.asked.append((verb, payload))
        answer = self.answers.pop(0) if verb == "start" else {}
        if answer is None:
            raise NoAnswerError("the daemon is not there")
        return answer


def made(open_: bool = False) -> Remote:
    return Remote(Address("x", 443, True, "/mcp"), "e1", "https://x/mcp", ("X-A",), open_)


def refusals(one: Remote, daemon: Daemon, times: int) -> list[str]:
    async def run() -> list[str]:
        return [await one.refused(daemon) for _ in range(times)]

    return asyncio.run(run())


def test_a_start_is_asked_once() -> None:
    one, daemon = made(), Daemon(ALLOW)
    assert (refusals(one, daemon, 3), one.launch) == (["", "", ""], "l1")
    assert daemon.asked == [
        ("start", {"schema_version": 1, "id": "e1", "url": "https://x/mcp", "header_names": ["X-A"]})
    ]


def test_many_requests_at_once_are_one_start() -> None:
    one, daemon = made(), Daemon(ALLOW)

    async def run() -> list[str]:
        return await asyncio.gather(*(one.refused(daemon) for _ in range(20)))

    assert asyncio.run(run()) == [""] * 20
    assert len(daemon.asked) == 1


def test_an_old_start_is_decided_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "AGAIN_SECONDS", 0.0)
    one, daemon = made(), Daemon(ALLOW, {"verdict": "allow", "launch": "l2"}, {"verdict": "deny", "message": "revoked"})
    assert (refusals(one, daemon, 3), one.launch) == (["", "", "revoked"], "")
    assert [payload.get("launch") for verb, payload in daemon.asked if verb == "end"] == ["l1", "l2"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"verdict": "deny"},
        {"verdict": "allow"},
        {"verdict": "allow", "launch": 1},
        {"verdict": "ask", "launch": "l"},
    ],
)
def test_everything_else_refuses(answer: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    one = made()
    assert (refusals(one, Daemon(answer), 2), one.launch) == ([remote.REFUSED] * 2, "")
    monkeypatch.setattr(remote, "DENIED_SECONDS", 0.0)
    one = made()
    assert refusals(one, Daemon(answer, ALLOW), 2) == [remote.REFUSED, ""]


def test_a_daemon_that_is_away() -> None:
    told = remote.UNANSWERED.format(problem="the daemon is not there")
    assert refusals(made(), Daemon(None), 2) == [told, told]
    assert refusals(made(open_=True), Daemon(None), 2) == ["", ""]


def test_the_end_is_told_once() -> None:
    one, daemon = made(), Daemon(ALLOW)

    async def run() -> None:
        await one.refused(daemon)
        await one.end(daemon, "the proxy ends")
        await one.end(daemon, "the proxy ends")

    asyncio.run(run())
    assert daemon.asked[1:] == [("end", {"launch": "l1", "reason": "the proxy ends"})]
